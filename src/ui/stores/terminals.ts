// The terminals: what each shows, and the lines waiting to be typed.

import { create } from 'zustand';
import type { Fragment } from '#session/protocol.ts';
import { type Screen, ScreenBuffer } from '../terminal/screen.ts';

export type TerminalStatus = 'idle' | 'busy' | 'closed';

export interface TerminalView {
  readonly id: string;
  readonly screen: Screen;
  readonly status: TerminalStatus;
  readonly echo: boolean;
}

interface TerminalsState {
  readonly terminals: readonly TerminalView[];
  readonly active: string;
}

export const useTerminals = create<TerminalsState>(() => ({ terminals: [], active: '' }));

interface Behind {
  readonly buffer: ScreenBuffer;
  pending: Fragment[];
}
const behind = new Map<string, Behind>();

const update = (id: string, change: Partial<TerminalView>): void =>
  useTerminals.setState((state) => ({
    terminals: state.terminals.map((terminal) => (terminal.id === id ? { ...terminal, ...change } : terminal)),
  }));

export function addTerminal(id: string): void {
  const buffer = new ScreenBuffer();
  behind.set(id, { buffer, pending: [] });
  useTerminals.setState((state) => ({
    terminals: [...state.terminals, { id, screen: buffer.snapshot(), status: 'busy', echo: true }],
    active: id,
  }));
}

export function removeTerminal(id: string): void {
  behind.delete(id);
  useTerminals.setState((state) => {
    const terminals = state.terminals.filter((terminal) => terminal.id !== id);
    return { terminals, active: state.active === id ? (terminals.at(-1)?.id ?? '') : state.active };
  });
}

export function removeAllTerminals(): void {
  behind.clear();
  useTerminals.setState({ terminals: [], active: '' });
}

/** How wide a terminal is. */
export function setTerminalWidth(id: string, cols: number): void {
  const terminal = behind.get(id);
  if (terminal) terminal.buffer.cols = cols;
}

export function setTerminalStatus(id: string, status: TerminalStatus, echo: boolean): void {
  update(id, { status, echo });
}

export function clearTerminal(id: string): void {
  const entry = behind.get(id);
  if (!entry) return;
  entry.buffer.clear();
  update(id, { screen: entry.buffer.snapshot() });
}

let frame = 0;
let shown: (characters: number) => void = () => {};

/** Says who is told how much output has been shown. */
export function onShown(listener: (characters: number) => void): void {
  shown = listener;
}

/** Output arrives here and is shown with the next frame; a hidden page has no frames, so a timer stands in. */
export function receiveOutput(id: string, fragments: readonly Fragment[]): void {
  const entry = behind.get(id);
  if (!entry) {
    shown(lengthOf(fragments));
    return;
  }
  for (const fragment of fragments) entry.pending.push(fragment);
  if (frame !== 0) return;
  frame = document.hidden ? window.setTimeout(show, 50) : requestAnimationFrame(show);
}

function show(): void {
  frame = 0;
  let characters = 0;
  for (const [id, entry] of behind) {
    if (entry.pending.length === 0) continue;
    characters += lengthOf(entry.pending);
    entry.buffer.write(entry.pending);
    entry.pending = [];
    update(id, { screen: entry.buffer.snapshot() });
  }
  shown(characters);
}

const lengthOf = (fragments: readonly Fragment[]): number => fragments.reduce((sum, fragment) => sum + fragment.text.length, 0);
