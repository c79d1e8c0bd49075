// How much of a disk the files below a directory take: what kubelet and runtime measure, in calls any program can make.

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, sys } from './program.ts';
import type { Dirent, Stat, SysResult } from './syscalls.ts';

const BLOCK = 512;

function* statOf(path: string): Program<Stat | undefined> {
  const result: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
  return result.ok ? result.value : undefined;
}

function* namesIn(path: string): Program<readonly string[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (!fd.ok) return [];
  const names: string[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    names.push(...batch.value.map(({ name }) => name).filter((name) => name !== '.' && name !== '..'));
  }
  yield* sys.close(fd.value);
  return names;
}

/** Bytes below a directory on one disk, each file counted once; without those that `lower` has unchanged. Counterpart: du -x */
export function* diskUsage(path: string, lower?: string): Program<number> {
  const top = yield* statOf(path);
  if (top === undefined) return 0;
  const seen = new Set<number>();
  const count = function* (at: string, below: string | undefined): Program<number> {
    const stat = yield* statOf(at);
    if (stat === undefined || stat.dev !== top.dev || seen.has(stat.ino)) return 0;
    seen.add(stat.ino);
    const same: Stat | undefined = below === undefined ? undefined : yield* statOf(below);
    let bytes = same !== undefined && same.ctime === stat.ctime && same.size === stat.size ? 0 : stat.blocks * BLOCK;
    if (isDir(stat.mode))
      for (const name of yield* namesIn(at)) bytes += yield* count(`${at}/${name}`, same && below && `${below}/${name}`);
    return bytes;
  };
  return yield* count(path, lower);
}
