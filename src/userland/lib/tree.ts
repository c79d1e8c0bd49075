// Directories and names of owners, for programs that look at files.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import type { Dirent, Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from './accounts.ts';

export const stat = (path: string): Program<SysResult<Stat>> => sys.newfstatat(AT_FDCWD, path, 0);
export const lstat = (path: string): Program<SysResult<Stat>> => sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);

/** Entries of a directory without . and .., in the directory's own order. */
export function* readDir(path: string): Program<SysResult<Dirent[]>> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (!fd.ok) return fd;
  const entries: Dirent[] = [];
  let errno: Errno | undefined;
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    // A directory that has been removed is at its end. Counterpart: readdir(3) of glibc and musl
    if (!batch.ok && batch.errno !== 'ENOENT') errno = batch.errno;
    if (!batch.ok || batch.value.length === 0) break;
    for (const entry of batch.value) if (entry.name !== '.' && entry.name !== '..') entries.push(entry);
  }
  yield* sys.close(fd.value);
  return errno ? { ok: false, errno } : { ok: true, value: entries };
}

/** Order of the C locale: by bytes. Correct for text too, except above U+FFFF against U+E000–U+FFFF. */
export const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const joinPath = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);

/** Last component without trailing slashes; `/` for the root. Counterpart: basename(3) of POSIX */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path === '' ? '' : '/';
  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** Counterpart: dirname(3) */
export function dirName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return path === '' ? '.' : '/';
  const slash = trimmed.lastIndexOf('/');
  return slash < 0 ? '.' : trimmed.slice(0, slash).replace(/\/+$/, '') || '/';
}

/** Names of users and groups, each file read at most once and only when asked. */
export class Owners {
  private users: Map<number, string> | undefined;
  private groups: Map<number, string> | undefined;

  *user(uid: number): Program<string | undefined> {
    if (!this.users) {
      this.users = new Map();
      for (const entry of yield* passwdEntries()) if (!this.users.has(entry.uid)) this.users.set(entry.uid, entry.name);
    }
    return this.users.get(uid);
  }

  *group(gid: number): Program<string | undefined> {
    if (!this.groups) {
      this.groups = new Map();
      for (const entry of yield* groupEntries()) if (!this.groups.has(entry.gid)) this.groups.set(entry.gid, entry.name);
    }
    return this.groups.get(gid);
  }
}

/** Name of the user, else the number. */
export function* uidOf(text: string): Program<number | undefined> {
  for (const entry of yield* passwdEntries()) if (entry.name === text) return entry.uid;
  return /^\d+$/.test(text) && Number(text) < 0xffffffff ? Number(text) : undefined;
}

/**
 * Number of a user or group for busybox's chown and chgrp: first as a number, of which 32 bits count, then as a name.
 * Counterpart: busybox libpwdgrp/uidgid_get.c, get_ug_id
 */
export function* busyboxId(text: string, named: (text: string) => Program<number | undefined>): Program<number | undefined> {
  if (/^\d+$/.test(text) && BigInt(text) < 1n << 64n) return Number(BigInt.asIntN(32, BigInt(text))) >>> 0;
  return yield* named(text);
}

/** Gid of a group's name or number. */
export function* gidOf(text: string): Program<number | undefined> {
  for (const entry of yield* groupEntries()) if (entry.name === text) return entry.gid;
  return /^\d+$/.test(text) && Number(text) < 0xffffffff ? Number(text) : undefined;
}
