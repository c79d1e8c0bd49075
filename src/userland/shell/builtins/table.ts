// All builtins.

import { lateBuiltin } from '../bashparts.ts';
import type { Dialect } from '../dialect.ts';
import { ShellFault } from '../faults.ts';
import { control } from './control.ts';
import { files } from './files.ts';
import { jobBuiltins } from './jobs.ts';
import { lookups } from './lookups.ts';
import { isBuiltin, UNSIMULATED } from './names.ts';
import { output } from './output.ts';
import { reading } from './reading.ts';
import { settings } from './settings.ts';
import type { Builtin } from './types.ts';
import { variables } from './variables.ts';

const unsimulated: Builtin = {
  *run() {
    throw new ShellFault('not simulated here', 1);
  },
};

const TABLE: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...control,
    ...files,
    ...jobBuiltins,
    ...output,
    ...lookups,
    ...reading,
    ...settings,
    shopt: lateBuiltin('shopt'),
    ...variables,
    ...Object.fromEntries(UNSIMULATED.map((name) => [name, unsimulated])),
  }),
);

/** The builtin of that name in a dialect. */
export const builtinFor = (d: Dialect, name: string): Builtin | undefined => (isBuiltin(d, name) ? TABLE.get(name) : undefined);
