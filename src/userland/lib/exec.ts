// Running another program.

import type { Errno } from '#abi/errno.ts';
import type { Program, SysResult, WaitStatus } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Replaces the caller by a program found along PATH; returns only to say why not. Counterpart: execvp(3) */
export function* execvp(argv: readonly string[], env: readonly string[]): Program<Errno> {
  const name = argv[0] ?? '';
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? DEFAULT_PATH;
  const tries = name.includes('/') ? [name] : path.split(':').map((folder) => `${folder === '' ? '.' : folder}/${name}`);
  let errno: Errno = 'ENOENT';
  if (name === '') return errno;
  for (const file of tries) {
    const failed: SysResult<never> = yield* sys.execve(file, argv, env);
    if (failed.ok) break;
    if (failed.errno === 'ENOEXEC') {
      const shell: SysResult<never> = yield* sys.execve('/bin/sh', ['/bin/sh', file, ...argv.slice(1)], env);
      return shell.ok ? 'ENOEXEC' : shell.errno;
    }
    if (failed.errno === 'EACCES') errno = 'EACCES';
    else if (failed.errno !== 'ENOENT' && failed.errno !== 'ENOTDIR') return failed.errno;
  }
  return errno;
}

/** Waits for one child, again after interruptions. */
export function* waitFor(pid: number): Program<WaitStatus | undefined> {
  for (;;) {
    const got: SysResult<{ pid: number; status: WaitStatus | null }> = yield* sys.wait4(pid, 0);
    if (got.ok) return got.value.status ?? undefined;
    if (got.errno !== 'EINTR') return undefined;
  }
}

/** Exit status as a shell counts it. */
export const statusCode = (status: WaitStatus | undefined): number =>
  status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + status.signal : 1;
