// Changing /etc/passwd, /etc/group and /etc/shadow: whole files are read, changed and put in place of the old ones.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';

export const PASSWD = '/etc/passwd';
export const GROUP = '/etc/group';
export const SHADOW = '/etc/shadow';
export const GSHADOW = '/etc/gshadow';
export const SUBUID = '/etc/subuid';
export const SUBGID = '/etc/subgid';

/** Lines of a file, split at colons; undefined when it cannot be read. */
export function* rowsOf(path: string): Program<string[][] | undefined> {
  const file = yield* readFile(path);
  if (!file.ok) return undefined;
  return textOf(file.value)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(':'));
}

/** A file with the owners (`strict`: or not at all) and the mode of another; the errno of the first failure. */
function* writeLike(model: string, path: string, bytes: Uint8Array, strict: boolean): Program<Errno | undefined> {
  const info: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, model, 0);
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (!fd.ok) return fd.errno;
  const wrong = yield* writeAll(fd.value, bytes);
  if (info.ok) {
    const owned: SysResult<void> = yield* sys.fchown(fd.value, info.value.uid, info.value.gid);
    yield* sys.fchmod(fd.value, info.value.mode & 0o7777);
    if (strict && !owned.ok && wrong === undefined) {
      yield* sys.close(fd.value);
      return owned.errno;
    }
  }
  yield* sys.close(fd.value);
  return wrong;
}

/** Writes a new version beside the file and renames it, keeping the old one as `NAME-` if asked; the errno of the first failure. */
export function* replaceRows(path: string, rows: readonly (readonly string[])[], backup = false): Program<Errno | undefined> {
  const old: SysResult<Uint8Array> = backup ? yield* readFile(path) : { ok: false, errno: 'ENOENT' };
  const failed = old.ok ? yield* writeLike(path, `${path}-`, old.value, true) : undefined;
  if (failed !== undefined) return failed;
  const next = `${path}+`;
  const wrong = yield* writeLike(path, next, bytesOf(rows.map((row) => `${row.join(':')}\n`).join('')), backup);
  if (wrong !== undefined) return wrong;
  const moved: SysResult<void> = yield* sys.renameat2(AT_FDCWD, next, AT_FDCWD, path, 0);
  return moved.ok ? undefined : moved.errno;
}

/** The first id from `low` on that no row has in its third field. */
export function freeId(rows: readonly (readonly string[])[], low: number, alsoFree: (id: number) => boolean = () => true): number {
  const used = new Set(rows.map((row) => Number(row[2])));
  for (let id = low; ; id++) if (!used.has(id) && alsoFree(id)) return id;
}

export const DAY_MS = 86_400_000;
/** Days since 1970, as the files count them. */
export function* today(): Program<number> {
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? Number(now.value / BigInt(DAY_MS * 1_000_000)) : 0;
}
