// What a builtin is.

import type { Program } from '#kernel/uapi/index.ts';
import type { SimpleRunner } from '../simple.ts';
import type { Shell } from '../state.ts';

export interface BuiltinCall {
  readonly shell: Shell;
  readonly executor: SimpleRunner;
  readonly args: readonly string[];
  /** The process ends after this command. */
  readonly last: boolean;
  /** What messages named before this builtin began. */
  readonly outer: string | undefined;
}

export interface Builtin {
  readonly run: (call: BuiltinCall) => Program<number>;
  /** The same without system calls; undefined when it needs some. */
  readonly quick?: (shell: Shell, args: readonly string[]) => number | undefined;
}
