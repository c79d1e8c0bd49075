// What the user chose about the page itself.

import { create } from 'zustand';
import { recall, remember } from './storage.ts';

export type Theme = 'auto' | 'light' | 'dark' | 'contrast';
export type Language = 'en' | 'ja';
export type Mode = 'kubectl' | 'live';
export type InspectorTab = 'capabilities' | 'identity' | 'why' | 'pipeline' | 'events' | 'watched';
export type Part = 'editor' | 'terminal' | 'inspect';

export const THEMES: readonly Theme[] = ['auto', 'light', 'dark', 'contrast'];
export const SCALES = [75, 87.5, 100, 112.5, 125, 150, 175, 200] as const;

interface Kept {
  readonly theme: Theme;
  readonly language: Language;
  readonly mode: Mode;
  readonly scale: number;
  readonly lesson: string;
  readonly tab: InspectorTab;
  readonly part: Part;
  readonly pinned: readonly string[];
  readonly columns: number; // width of the left column in percent
  readonly rows: number; // height of the terminal in percent
}

interface Settings extends Kept {
  set(change: Partial<Kept>): void;
}

const DEFAULTS: Kept = {
  theme: 'auto',
  language: navigator.language.startsWith('ja') ? 'ja' : 'en',
  mode: 'kubectl',
  scale: 100,
  lesson: '1',
  tab: 'capabilities',
  part: 'editor',
  pinned: [],
  columns: 42,
  rows: 50,
};

function kept(): Kept {
  try {
    const value: unknown = JSON.parse(recall('settings') ?? '{}');
    if (typeof value !== 'object' || value === null) return DEFAULTS;
    const known = Object.entries(value).filter(([key, v]) => key in DEFAULTS && typeof v === typeof DEFAULTS[key as keyof Kept]);
    return { ...DEFAULTS, ...Object.fromEntries(known) };
  } catch {
    return DEFAULTS;
  }
}

export const useSettings = create<Settings>((set) => ({
  ...kept(),
  set: (change) => set(change),
}));

useSettings.subscribe((state) => {
  const value = Object.fromEntries(Object.keys(DEFAULTS).map((key) => [key, state[key as keyof Kept]]));
  remember('settings', JSON.stringify(value));
});
