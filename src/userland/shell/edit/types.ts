// A line editor as the shells see it.

import type { Program } from '#kernel/uapi/index.ts';
import type { Shell } from '../state.ts';
import type { History } from './history.ts';

/** What became of a line: its text, the end of input, or ^C. */
export type Read = { readonly line: string } | 'end' | 'interrupt';

export interface Editor {
  readonly history: History;
  /** Keeps what has not been written to the history's file; at the end of the shell. */
  save?(shell: Shell): Program<void>;
  /** Reads a line behind a prompt; undefined when the terminal does not ask for an editor. */
  read(shell: Shell, prompt: string, continued: boolean): Program<Read | undefined>;
}
