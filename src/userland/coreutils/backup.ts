// The old version that cp, mv and ln keep with -b.

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { baseName, dirName, lstat, readDir } from '../lib/tree.ts';

const CONTROLS = [
  ['none', 'off'],
  ['simple', 'never'],
  ['existing', 'nil'],
  ['numbered', 't'],
] as const;

/** Which kind of backup is asked for, undefined for none; a number is the status after a complaint. Counterpart: backupfile of gnulib */
export function* backupControl(cli: Cli, options: Options): Program<string | number | undefined> {
  if (!cli.gnu || (!options.has('b') && !options.has('S'))) return undefined;
  const word = options.get('b') || cli.getenv('VERSION_CONTROL') || 'existing';
  const kind = yield* argmatch(cli, options.get('b') ? 'backup type' : '$VERSION_CONTROL', word, CONTROLS);
  return kind === undefined ? 1 : kind === 'none' ? undefined : kind;
}

/** Moves what is there out of the way when -b or -S asks for it. */
export function* keepOld(cli: Cli, options: Options, path: string): Program<void> {
  if (!options.has('b') && !options.has('S')) return;
  if (!(yield* lstat(path)).ok) return;
  const kind = cli.gnu ? yield* backupControl(cli, options) : 'simple';
  if (typeof kind !== 'string') return;
  const taken = (yield* readDir(dirName(path))) as SysResult<readonly { readonly name: string }[]>;
  const numbers = (taken.ok ? taken.value : []).flatMap(({ name }) => {
    const [, number] = name.startsWith(`${baseName(path)}.~`) ? (/\.~(\d+)~$/.exec(name) ?? []) : [];
    return number === undefined ? [] : [Number(number)];
  });
  const numbered = kind === 'numbered' || (kind === 'existing' && numbers.length > 0);
  const suffix = numbered ? `.~${Math.max(0, ...numbers) + 1}~` : (options.get('S') ?? cli.getenv('SIMPLE_BACKUP_SUFFIX') ?? '~');
  yield* sys.renameat2(AT_FDCWD, path, AT_FDCWD, `${path}${suffix}`, 0);
}
