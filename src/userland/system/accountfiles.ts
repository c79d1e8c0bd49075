// Changing /etc/passwd, /etc/group and /etc/shadow: whole files are read, changed and put in place of the old ones.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';

export const PASSWD = '/etc/passwd';
export const GROUP = '/etc/group';
export const SHADOW = '/etc/shadow';

/** Lines of a file, split at colons; undefined when it cannot be read. */
export function* rowsOf(path: string): Program<string[][] | undefined> {
  const file = yield* readFile(path);
  if (!file.ok) return undefined;
  return textOf(file.value)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

/** Writes a new version beside the file and renames it; the errno of the first failure. */
export function* replaceRows(path: string, rows: readonly (readonly string[])[]): Program<Errno | undefined> {
  const info: SysResult<{ readonly mode: number; readonly uid: number; readonly gid: number }> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  const next = `${path}+`;
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, next, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (!fd.ok) return fd.errno;
  const wrong = yield* writeAll(fd.value, bytesOf(rows.map((row) => `${row.join(':')}\n`).join('')));
  if (info.ok) {
    yield* sys.fchown(fd.value, info.value.uid, info.value.gid);
    yield* sys.fchmod(fd.value, info.value.mode & 0o7777);
  }
  yield* sys.close(fd.value);
  if (wrong !== undefined) return wrong;
  const moved: SysResult<void> = yield* sys.renameat2(AT_FDCWD, next, AT_FDCWD, path, 0);
  return moved.ok ? undefined : moved.errno;
}

/** The first id from `low` on that no row has in its third field. */
export function freeId(rows: readonly (readonly string[])[], low: number, alsoFree: (id: number) => boolean = () => true): number {
  const used = new Set(rows.map((row) => Number(row[2])));
  for (let id = low; ; id++) if (!used.has(id) && alsoFree(id)) return id;
}
