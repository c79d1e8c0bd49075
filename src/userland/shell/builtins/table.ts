// Which builtins exist in which shell.

import type { Dialect } from '../dialect.ts';
import { control } from './control.ts';
import { files } from './files.ts';
import { jobBuiltins } from './jobs.ts';
import { output } from './output.ts';
import { lookups } from './lookups.ts';
import { reading } from './reading.ts';
import { settings } from './settings.ts';
import type { Builtin } from './types.ts';
import { variables } from './variables.ts';

let table: ReadonlyMap<string, Builtin> | undefined;

/** The builtin of that name in whichever dialect. The table is made late, because builtins and executor know each other. */
export function anyBuiltin(name: string): Builtin | undefined {
  table ??= new Map(Object.entries({ ...control, ...files, ...jobBuiltins, ...output, ...lookups, ...reading, ...settings, ...variables }));
  return table.get(name);
}

const COMMON = '. : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait';
const NAMES: Readonly<Record<Dialect['name'], ReadonlySet<string>>> = {
  ash: new Set([...COMMON.split(' '), '[[', 'chdir', 'help', 'history', 'let', 'source']),
  dash: new Set([...COMMON.split(' '), 'chdir']),
  bash: new Set([...COMMON.split(' '), '[[', 'let', 'source', 'declare', 'typeset', 'builtin', 'shopt', 'help', 'history', 'disown']),
};
const SPECIAL = new Set(['.', ':', 'break', 'continue', 'eval', 'exec', 'exit', 'export', 'readonly', 'return', 'set', 'shift', 'times', 'trap', 'unset', 'source', 'local']);

/** POSIX special builtins: their errors end the shell and their assignments stay. */
export const isSpecial = (name: string): boolean => SPECIAL.has(name);

/** The builtin of that name in a dialect. */
export const builtinFor = (d: Dialect, name: string): Builtin | undefined => (NAMES[d.name].has(name) ? anyBuiltin(name) : undefined);

/** Names of a dialect's builtins. */
export const builtinNames = (d: Dialect): string[] => [...NAMES[d.name]].sort();
