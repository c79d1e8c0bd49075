// Tab completion for the terminal: commands in PATH, builtins, file names. Deviates: real shells complete themselves.

import { AT_FDCWD } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { builtinNames } from './builtins/names.ts';
import type { Dialect } from './dialect.ts';
import { namesIn } from './glob.ts';

export interface Completion {
  /** Where the word begins that the candidates replace. */
  readonly start: number;
  readonly candidates: readonly string[];
}

/** Completes the word before the cursor, seen by the calling task. `path` is its PATH. */
export function* complete(line: string, cursor: number, dialect: Dialect, path = dialect.path): Program<Completion> {
  const before = line.slice(0, cursor);
  const word = /(?:\\.|[^\s;&|<>()'"=])*$/.exec(before)?.[0] ?? '';
  const start = cursor - word.length;
  const first = /(?:^|[;&|(])\s*$/.test(before.slice(0, start));
  const found = new Set<string>();
  if (first && !word.includes('/')) {
    for (const name of builtinNames(dialect)) if (name.startsWith(word)) found.add(`${name} `);
    for (const dir of path.split(':'))
      for (const name of yield* namesIn(dir === '' ? '.' : dir))
        if (name.startsWith(word) && !/^\.{1,2}$/.test(name)) found.add(`${name} `);
    return { start, candidates: [...found].sort() };
  }
  const slash = word.lastIndexOf('/') + 1;
  const [dir, prefix] = [word.slice(0, slash), word.slice(slash).replace(/\\(.)/g, '$1')];
  for (const name of yield* namesIn(dir === '' ? '.' : dir)) {
    if (!name.startsWith(prefix) || name === '.' || name === '..' || (name.startsWith('.') && !prefix.startsWith('.'))) continue;
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, dir + name, 0);
    found.add(`${dir}${name.replace(/[\s;&|<>()'"\\$*?[]/g, '\\$&')}${stat.ok && isDir(stat.value.mode) ? '/' : ' '}`);
  }
  return { start, candidates: [...found].sort() };
}
