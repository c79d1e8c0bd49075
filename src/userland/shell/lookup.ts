// Finding a program in PATH and executing it, with the words each shell has for not being able to.

import { strerror } from '#abi/errno.ts';
import { AT_EACCESS, AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { isDir, isReg, MAY_EXEC } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Shell } from './state.ts';

export type Found =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string; readonly status: number };

/** The file a command name means. A name with a slash is taken as it is. */
export function* findProgram(shell: Shell, name: string, pathVariable?: string): Program<Found> {
  if (name.includes('/')) return { ok: true, path: name };
  const hashed = pathVariable === undefined ? shell.hashed.get(name) : undefined;
  if (hashed !== undefined) return { ok: true, path: hashed };
  let denied: string | undefined;
  if (name === '' && !shell.d.bash) return { ok: false, message: `: ${strerror('EACCES')}`, status: 127 };
  if (name !== '') {
    for (const dir of (pathVariable ?? shell.get('PATH') ?? '').split(':')) {
      const path = dir === '' ? name : `${dir}/${name}`;
      const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
      if (!stat.ok) {
        if (stat.errno === 'EACCES' && !shell.d.bash) denied ??= path;
        continue;
      }
      if (!isReg(stat.value.mode)) continue;
      if (shell.d.name !== 'ash') {
        const access: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, path, MAY_EXEC, AT_EACCESS);
        if (!access.ok) {
          denied ??= path;
          continue;
        }
      }
      if (pathVariable === undefined) shell.hashed.set(name, path);
      return { ok: true, path: dir === '' ? `./${name}` : path };
    }
  }
  if (denied !== undefined && shell.d.bash) return { ok: false, message: `${denied}: ${strerror('EACCES')}`, status: 126 };
  if (denied !== undefined) return { ok: false, message: `${name}: ${strerror('EACCES')}`, status: 127 };
  return { ok: false, message: `${name}: ${shell.d.notFound}`, status: 127 };
}

/** Replaces the process by a program; returns only when that failed, after the message. */
export function* runProgram(shell: Shell, path: string, args: readonly string[]): Program<number> {
  const env = shell.environment();
  const name = args[0] as string;
  let result: SysResult<never> = yield* sys.execve(path, args, env);
  if (!result.ok && result.errno === 'ENOEXEC') {
    if (!shell.d.extended && (yield* isElf(path))) {
      yield* shell.warn(`${name}: ${strerror('ENOEXEC')}`);
      return 126;
    }
    if (shell.d.bash && (yield* isElf(path))) {
      yield* shell.warn(`${name}: cannot execute binary file: ${strerror('ENOEXEC')}`);
      return 126;
    }
    // A text without #! is a script of this shell; busybox starts itself again as "ash".
    const ash = shell.d.name === 'ash';
    const self = shell.d.bash ? '/bin/bash' : ash ? '/proc/self/exe' : '/bin/sh';
    result = yield* sys.execve(self, [shell.d.bash ? 'bash' : ash ? 'ash' : 'sh', path, ...args.slice(1)], env);
  }
  const errno = result.ok ? 'ENOEXEC' : result.errno;
  if (shell.d.bash) {
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    if (stat.ok && isDir(stat.value.mode)) {
      yield* shell.warn(`${name}: ${strerror('EISDIR')}`);
      return 126;
    }
    yield* shell.warn(`${name}: ${stat.ok && errno === 'ENOENT' ? 'cannot execute: required file not found' : strerror(errno)}`);
    return errno === 'ENOENT' ? 127 : 126;
  }
  const missing = errno === 'ENOENT' || errno === 'ENOTDIR';
  yield* shell.warn(`${name}: ${missing ? shell.d.notFound : strerror(errno)}`);
  return errno === 'ENOENT' ? 127 : missing ? 127 : 126;
}

function* isElf(path: string): Program<boolean> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  if (!fd.ok) return false;
  const head: SysResult<Uint8Array> = yield* sys.read(fd.value, 4);
  yield* sys.close(fd.value);
  return head.ok && head.value[0] === 0x7f && head.value[1] === 0x45;
}
