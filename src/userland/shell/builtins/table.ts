// All builtins.

import type { Dialect } from '../dialect.ts';
import { control } from './control.ts';
import { files } from './files.ts';
import { jobBuiltins } from './jobs.ts';
import { lookups } from './lookups.ts';
import { isBuiltin } from './names.ts';
import { output } from './output.ts';
import { reading } from './reading.ts';
import { settings } from './settings.ts';
import { shopt } from './shopt.ts';
import type { Builtin } from './types.ts';
import { variables } from './variables.ts';

const TABLE: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...control,
    ...files,
    ...jobBuiltins,
    ...output,
    ...lookups,
    ...reading,
    ...settings,
    shopt: { run: shopt },
    ...variables,
  }),
);

/** The builtin of that name in a dialect. */
export const builtinFor = (d: Dialect, name: string): Builtin | undefined => (isBuiltin(d, name) ? TABLE.get(name) : undefined);
