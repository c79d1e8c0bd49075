// Small file operations of the kubelet on the node's disk, as system calls. A failure ends them with the text Go would print.

import { type Errno, strerror } from '#abi/errno.ts';
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_NOFOLLOW,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
} from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Dirent, type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';

/** undefined: done; otherwise the text of the error. */
export type Failure = string | undefined;

/** `mkdir PATH: no such file or directory`, as Go's PathError prints. */
export const pathError = (call: string, path: string, errno: Errno): string => `${call} ${path}: ${strerror(errno).toLowerCase()}`;

/** lstat or stat of a path; undefined when there is nothing. */
export function* statOf(path: string, follow = false): Program<Stat | undefined> {
  const result: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  return result.ok ? result.value : undefined;
}

/** Makes a directory and its missing parents (0755); `mode` is that of the last one, whatever the umask. */
export function* makeDirs(path: string, mode = 0o755): Program<Failure> {
  let made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, path, mode);
  if (!made.ok && (made.errno === 'ENOENT' || made.errno === 'ENOTDIR')) {
    const above = path.slice(0, path.lastIndexOf('/'));
    const failure: Failure = above === '' ? undefined : yield* makeDirs(above);
    if (failure !== undefined) return failure;
    made = yield* sys.mkdirat(AT_FDCWD, path, mode);
  }
  if (made.ok) yield* sys.fchmodat(AT_FDCWD, path, mode);
  else if (made.errno !== 'EEXIST') return pathError('mkdir', path, made.errno);
  return undefined;
}

/** Writes a file and sets its mode, whatever the umask. */
export function* writeFile(path: string, data: Uint8Array, mode: number): Program<Failure> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (!fd.ok) return pathError('open', path, fd.errno);
  let failure: Failure;
  for (let at = 0; at < data.length && failure === undefined; ) {
    const wrote: SysResult<number> = yield* sys.write(fd.value, data.subarray(at));
    if (wrote.ok) at += wrote.value;
    else failure = pathError('write', path, wrote.errno);
  }
  yield* sys.fchmod(fd.value, mode);
  yield* sys.close(fd.value);
  return failure;
}

/** The text of a file; empty when there is none. */
export function* textOf(path: string): Program<string> {
  return (yield* fileText(path)) ?? '';
}

/** The text of a file; undefined when it cannot be opened. */
export function* fileText(path: string): Program<string | undefined> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (!fd.ok) return undefined;
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const part: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
    if (!part.ok || part.value.length === 0) break;
    text += decoder.decode(part.value, { stream: true });
  }
  yield* sys.close(fd.value);
  return text;
}

/** The names in a directory, without . and .., in the directory's order. */
export function* entries(path: string): Program<readonly Dirent[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (!fd.ok) return [];
  const all: Dirent[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    for (const entry of batch.value) if (entry.name !== '.' && entry.name !== '..') all.push(entry);
  }
  yield* sys.close(fd.value);
  return all;
}

/** Removes a path and all below it; does not cross what is still mounted (it stays with EBUSY). */
export function* removeAll(path: string): Program<void> {
  const stat = yield* statOf(path);
  if (!stat) return;
  if (!isDir(stat.mode)) {
    yield* sys.unlinkat(AT_FDCWD, path, 0);
    return;
  }
  for (const entry of yield* entries(path)) yield* removeAll(`${path}/${entry.name}`);
  yield* sys.unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
