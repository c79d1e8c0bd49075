// Names of the builtins: which exist in which shell, which are special.

import type { Dialect } from '../dialect.ts';

const COMMON =
  '. : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait';
/** Builtins of bash that say that they are not simulated. */
export const UNSIMULATED = 'bind caller compgen complete compopt coproc dirs enable logout popd pushd suspend'.split(' ');
const NAMES: Readonly<Record<Dialect['name'], ReadonlySet<string>>> = {
  ash: new Set([...COMMON.split(' '), '[[', 'chdir', 'help', 'history', 'let', 'source']),
  dash: new Set([...COMMON.split(' '), 'chdir']),
  bash: new Set([
    ...COMMON.split(' '),
    '[[',
    'let',
    'source',
    'declare',
    'typeset',
    'builtin',
    'shopt',
    'help',
    'history',
    'disown',
    'mapfile',
    'readarray',
    ...UNSIMULATED,
  ]),
};
const SPECIAL = new Set([
  '.',
  ':',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
  'source',
  'local',
]);

/** POSIX special builtins: their errors end the shell and their assignments stay. */
export const isSpecial = (name: string): boolean => SPECIAL.has(name);

/** Whether a dialect has a builtin of that name. */
export const isBuiltin = (d: Dialect, name: string): boolean => NAMES[d.name].has(name);

/** Names of a dialect's builtins. */
export const builtinNames = (d: Dialect): string[] => [...NAMES[d.name]].sort();

/** Builtins whose words may be assignments. */
export const ASSIGNING: ReadonlySet<string> = new Set(['alias', 'export', 'local', 'readonly', 'declare', 'typeset']);
