// Home directories: filled when new, removed with all in them.

import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { readFile, writeAll } from '../lib/io.ts';
import { lstat, readDir } from '../lib/tree.ts';

/** Copies what is in a directory into another, for one owner; modes stay. Counterpart: copy_tree of shadow, copy_to_dir of adduser */
export function* copyTree(from: string, to: string, uid: number, gid: number): Program<void> {
  const listed = yield* readDir(from);
  for (const { name } of listed.ok ? listed.value : []) {
    const [source, target] = [`${from}/${name}`, `${to}/${name}`];
    const info: SysResult<Stat> = yield* lstat(source);
    if (!info.ok) continue;
    if (isDir(info.value.mode)) {
      yield* sys.mkdirat(AT_FDCWD, target, 0o700);
      yield* copyTree(source, target, uid, gid);
    } else {
      const content = yield* readFile(source);
      const file: SysResult<number> = yield* sys.openat(AT_FDCWD, target, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
      if (!file.ok) continue;
      if (content.ok) yield* writeAll(file.value, content.value);
      yield* sys.close(file.value);
    }
    yield* sys.fchownat(AT_FDCWD, target, uid, gid, 0);
    yield* sys.fchmodat(AT_FDCWD, target, info.value.mode & 0o7777);
  }
}

const AT_REMOVEDIR = 0x200;

/** Removes a directory with all in it; false when something stays. Counterpart: remove_tree of shadow, remove_file of busybox */
export function* removeTree(path: string): Program<boolean> {
  const listed = yield* readDir(path);
  let whole = listed.ok;
  for (const { name } of listed.ok ? listed.value : []) {
    const inner = `${path}/${name}`;
    const info: SysResult<Stat> = yield* lstat(inner);
    if (info.ok && isDir(info.value.mode)) whole = (yield* removeTree(inner)) && whole;
    else whole = (yield* sys.unlinkat(AT_FDCWD, inner, 0)).ok && whole;
  }
  const gone: SysResult<void> = yield* sys.unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
  return whole && gone.ok;
}
