// An engine driven as the page does, for tests: everything it sends is kept, and time passes when it is asked to settle.

import { createEngine } from './engine.ts';
import type { Late } from './late.ts';
import { ALL } from './open.ts';
import type { Engine, Event, Fragment } from './protocol.ts';

/** What was printed. */
export const fragmentsOf = (events: readonly Event[]): Fragment[] =>
  events.flatMap((event) => (event.type === 'output' ? event.fragments : []));
export const textOf = (events: readonly Event[]): string =>
  fragmentsOf(events)
    .map(({ text }) => text)
    .join('');

export interface Harness {
  readonly engine: Engine;
  readonly events: Event[];
  /** Lets work and simulated time pass, in rounds of 20 ms. */
  settle(rounds?: number): void;
  /** Keys for the terminal t; what came until the engine had settled. */
  type(data: string): readonly Event[];
}

/** A started session with one terminal, t. `late`: what has been loaded, everything unless told. */
export function startedEngine(files: Readonly<Record<string, string>> = {}, late: Late = ALL): Harness {
  const events: Event[] = [];
  const engine = createEngine(
    (event) => events.push(event),
    () => undefined,
    late,
  );
  const settle = (rounds = 200): void => {
    for (let round = 0; round < rounds; round++) {
      engine.advance(20);
      while (engine.pump(20_000)) {}
    }
  };
  const type = (data: string): readonly Event[] => {
    const from = events.length;
    engine.send({ type: 'input', terminal: 't', data });
    settle();
    return events.slice(from);
  };
  engine.send({ type: 'start', id: 1, scenario: { files }, language: 'en' });
  engine.send({ type: 'openTerminal', terminal: 't', rows: 24, cols: 80 });
  return { engine, events, settle, type };
}
