// What of bash no prompt needs comes later, with the commands of images (bashlate.ts). Who asks before waits.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { compileRegex } from '../lib/regex.ts';
import type { declaration } from './builtins/declare.ts';
import type { Builtin } from './builtins/types.ts';
import type { ask } from './select.ts';
import type { transform, whole } from './transforms.ts';

/** The later part of bash. */
export interface BashParts {
  readonly ask: typeof ask;
  readonly builtins: { readonly declare: Builtin['run']; readonly mapfile: Builtin['run']; readonly shopt: Builtin['run'] };
  readonly compileRegex: typeof compileRegex;
  readonly declaration: typeof declaration;
  readonly transform: typeof transform;
  readonly whole: typeof whole;
}

let parts: BashParts | undefined;

/** The later part is there. */
export const provideBashParts = (arrived: BashParts): void => {
  parts = arrived;
};

/** Simulated nanoseconds from one look for the later part to the next. */
const PAUSE = 10_000_000n;

/** The later part of bash, once it is there. */
export function* bashParts(): Program<BashParts> {
  while (parts === undefined) yield* sys.nanosleep(PAUSE);
  return parts;
}

/** A builtin of the later part. */
export const lateBuiltin = (name: keyof BashParts['builtins']): Builtin => ({
  *run(call) {
    return yield* (yield* bashParts()).builtins[name](call);
  },
});
