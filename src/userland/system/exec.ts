// execvp(3): execve with a search of PATH, for commands that run another command.

import type { Errno } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';

/** Replaces the process by `argv`; returns only when that failed, with the errno execvp would set. */
export function* execSearch(argv: readonly string[], env: readonly string[]): Program<Errno> {
  const [name = ''] = argv;
  if (name.includes('/')) {
    const direct: SysResult<never> = yield* sys.execve(name, argv, env);
    return direct.ok ? 'ENOENT' : direct.errno;
  }
  const path = env.find((one) => one.startsWith('PATH='))?.slice(5) ?? '/bin:/usr/bin';
  let errno: Errno = 'ENOENT';
  for (const folder of path.split(':')) {
    const tried: SysResult<never> = yield* sys.execve(`${folder === '' ? '.' : folder}/${name}`, argv, env);
    if (!tried.ok && tried.errno !== 'ENOENT' && tried.errno !== 'ENOTDIR') errno = tried.errno;
    if (!tried.ok && !['ENOENT', 'ENOTDIR', 'EACCES'].includes(tried.errno)) return tried.errno;
  }
  return errno;
}
