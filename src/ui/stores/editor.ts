// The manifests as the user left them, one per lesson, and what the engine says about the one on screen.

import { create } from 'zustand';
import { TUTORIAL_PODS, type TutorialPod } from '#content/pods.ts';
import type { Diagnostic } from '#session/protocol.ts';
import { recall, remember } from './storage.ts';

/** A place to show in the editor; a new object each time, so that asking twice works. */
export interface Reveal {
  readonly start: number;
  readonly end: number;
}

/** A file that a program at a terminal has opened, e.g. `kubectl edit`; it stands in the editor until the reader is done. */
export interface Guest {
  readonly id: number;
  readonly file: string;
  readonly text: string;
}

interface EditorState {
  readonly texts: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly reveal: Reveal | null;
  readonly guests: readonly Guest[]; // the last one is on screen
  setText(lesson: string, text: string): void;
}

export function lessonById(id: string): TutorialPod {
  return TUTORIAL_PODS.find((pod) => pod.id === id) ?? (TUTORIAL_PODS[0] as TutorialPod);
}

export const useEditor = create<EditorState>((set) => ({
  texts: Object.fromEntries(TUTORIAL_PODS.map((pod) => [pod.id, recall(`text.${pod.id}`) ?? pod.yaml])),
  diagnostics: [],
  reveal: null,
  guests: [],
  setText(lesson, text) {
    remember(`text.${lesson}`, text === lessonById(lesson).yaml ? null : text);
    set((state) => ({ texts: { ...state.texts, [lesson]: text } }));
  },
}));

/** The manifest of a lesson as the user left it, now. */
export const textOf = (lesson: string): string => useEditor.getState().texts[lesson] ?? lessonById(lesson).yaml;

export const openGuest = (guest: Guest): void => useEditor.setState(({ guests }) => ({ guests: [...guests, guest] }));

export const closeGuest = (id: number): void => useEditor.setState(({ guests }) => ({ guests: guests.filter((one) => one.id !== id) }));
