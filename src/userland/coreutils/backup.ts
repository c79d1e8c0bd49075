// The old version that cp, mv and ln keep with -b.

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { lstat } from '../lib/tree.ts';

/** Moves what is there out of the way when -b or -S asks for it. Deviates: only simple backups, whatever VERSION_CONTROL says. */
export function* keepOld(cli: Cli, options: Options, path: string): Program<void> {
  if (!options.has('b') && !options.has('S')) return;
  if (!(yield* lstat(path)).ok) return;
  const suffix = options.get('S') ?? cli.getenv('SIMPLE_BACKUP_SUFFIX') ?? '~';
  yield* sys.renameat2(AT_FDCWD, path, AT_FDCWD, `${path}${suffix}`, 0);
}
