// rename(2) in all its forms. Counterpart: fs/namei.c do_renameat2, vfs_rename

import { RENAME_EXCHANGE, RENAME_NOREPLACE, RENAME_WHITEOUT } from '#abi/flags.ts';
import { isDir, MAY_WRITE, S_IFCHR } from '#abi/mode.ts';
import { err, type Handlers, type Kernel, ok, type Res } from '../context.ts';
import type { Inode, Location, Task } from '../state.ts';
import { createInode, mayCreate } from './create.ts';
import { isUsed } from './files.ts';
import { dropLink, mountOf, putInode, setEntry, superblockOf } from './inodes.ts';
import { parentOf, type Walked } from './namei.ts';
import { covered, detachMounts, isMountpoint, mayDelete, parentDirectory } from './names.ts';
import { inodePermission, mountWritable } from './permission.ts';

/** Is `at` inside (or the same as) the directory `top`? */
function isInside(k: Kernel, task: Task, at: Location, top: Location): boolean {
  for (let here = at; ; ) {
    if (here.mount === top.mount && here.ino === top.ino) return true;
    const up = parentOf(k, task, here);
    if (up.mount === here.mount && up.ino === here.ino) return false;
    here = up;
  }
}

interface Entry {
  readonly at: Location;
  readonly inode: Inode;
}

/** What is refused for the shape of the two names, before anybody's rights are asked. Counterpart: do_renameat2 */
function shapeAllows(k: Kernel, task: Task, from: Walked & Entry, to: Walked, target: Entry | undefined, flags: number): Res<void> {
  const exchanging = (flags & RENAME_EXCHANGE) !== 0;
  if (flags & RENAME_NOREPLACE && target) return err('EEXIST');
  if (exchanging && !target) return err('ENOENT');
  if (exchanging && to.slash && target && !isDir(target.inode.mode)) return err('ENOTDIR');
  if (!isDir(from.inode.mode) && (from.slash || (!exchanging && to.slash))) return err('ENOTDIR');
  if (isDir(from.inode.mode) && isInside(k, task, to.dir, from.at)) return err('EINVAL');
  if (target && isDir(target.inode.mode) && isInside(k, task, from.dir, target.at)) return err(exchanging ? 'EINVAL' : 'ENOTEMPTY');
  return ok(undefined);
}

/** The rights on both directories, and on a directory whose ".." will change. Counterpart: vfs_rename */
function rightsAllow(k: Kernel, task: Task, from: Walked & Entry, to: Walked, target: Entry | undefined, flags: number): Res<void> {
  const directory = isDir(from.inode.mode);
  const leave = mayDelete(k, task, from.dir, from.at, from.inode);
  if (!leave.ok) return leave;
  const arrive = target === undefined ? mayCreate(k, task, to.dir) : mayDelete(k, task, to.dir, target.at, target.inode);
  if (!arrive.ok) return arrive;
  if (target && !(flags & RENAME_EXCHANGE) && directory !== isDir(target.inode.mode)) return err(directory ? 'ENOTDIR' : 'EISDIR');
  if (from.dir.ino === to.dir.ino) return ok(undefined);
  const own = directory ? inodePermission(k, task, task.cred, from.at, from.inode, MAY_WRITE) : ok(undefined);
  if (!own.ok || !target || !(flags & RENAME_EXCHANGE) || !isDir(target.inode.mode)) return own;
  return inodePermission(k, task, task.cred, target.at, target.inode, MAY_WRITE);
}

/**
 * What the file system itself refuses. An overlay that writes no redirections cannot move a directory that a lower layer has: EXDEV,
 * whereupon mv(1) copies. It leaves no whiteouts on demand either. Counterpart: ovl_rename, ovl_can_move
 */
function fileSystemAllows(k: Kernel, from: Walked & Entry, target: Entry | undefined, flags: number): Res<void> {
  const { fstype, layers } = superblockOf(k, from.dir);
  if (fstype !== 'overlay') return ok(undefined);
  if (flags & RENAME_WHITEOUT) return err('EINVAL');
  const fixed = ({ at, inode }: Entry): boolean => isDir(inode.mode) && layers?.some((layer) => layer.get(at.ino) !== undefined) === true;
  return fixed(from) || (flags & RENAME_EXCHANGE && target && fixed(target)) ? err('EXDEV') : ok(undefined);
}

function rename(k: Kernel, task: Task, from: Walked & Entry, to: Walked, flags: number): Res<void> {
  const moved = from.inode;
  const target = to.at === null || to.inode === null ? undefined : { at: to.at, inode: to.inode };
  const shape = shapeAllows(k, task, from, to, target, flags);
  if (!shape.ok) return shape;
  if (target && target.at.ino === from.at.ino) return ok(undefined);
  const rights = rightsAllow(k, task, from, to, target, flags);
  if (!rights.ok) return rights;
  if (covered(from) || isMountpoint(k, task, from.at) || (target && (target.at.mount !== to.dir.mount || isMountpoint(k, task, target.at))))
    return err('EBUSY');
  if (target && isDir(target.inode.mode) && !(flags & RENAME_EXCHANGE) && (target.inode.dir?.entries.size ?? 0) > 0)
    return err('ENOTEMPTY');
  const { sb } = mountOf(k, from.dir.mount);
  const able = fileSystemAllows(k, from, target, flags);
  if (!able.ok) return able;
  if (flags & RENAME_EXCHANGE && target) return exchange(k, sb, from, to, target);
  const sub = isDir(moved.mode) ? 1 : 0;
  setEntry(k, sb, from.dir.ino, from.name, null, -sub);
  if (target) {
    setEntry(k, sb, to.dir.ino, to.name, null, isDir(target.inode.mode) ? -1 : 0);
    dropLink(k, sb, target.at.ino, isUsed(k, sb, target.at.ino));
    detachMounts(k, sb, target.at.ino);
  }
  setEntry(k, sb, to.dir.ino, to.name, from.at.ino, sub);
  reparent(k, sb, from.at.ino, to.dir.ino);
  if ((flags & RENAME_WHITEOUT) === 0) return ok(undefined);
  const left = createInode(k, task, from.dir, from.name, S_IFCHR);
  return left.ok ? ok(undefined) : left;
}

function reparent(k: Kernel, sb: number, ino: number, parent: number): void {
  const inode = k.state.superblocks.get(sb)?.inodes.get(ino) as Inode;
  putInode(k, sb, { ...inode, ctime: k.state.realtime, ...(inode.dir ? { dir: { ...inode.dir, parent } } : {}) });
}

function exchange(
  k: Kernel,
  sb: number,
  from: Walked & { at: Location; inode: Inode },
  to: Walked,
  target: { at: Location; inode: Inode },
): Res<void> {
  const shift = (isDir(target.inode.mode) ? 1 : 0) - (isDir(from.inode.mode) ? 1 : 0);
  setEntry(k, sb, from.dir.ino, from.name, target.at.ino, shift);
  setEntry(k, sb, to.dir.ino, to.name, from.at.ino, -shift);
  reparent(k, sb, target.at.ino, from.dir.ino);
  reparent(k, sb, from.at.ino, to.dir.ino);
  return ok(undefined);
}

export const renameHandlers: Handlers<'renameat2'> = {
  renameat2(k, task, olddirfd, oldpath, newdirfd, newpath, flags) {
    if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)) return err('EINVAL');
    if (flags & RENAME_EXCHANGE && flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) return err('EINVAL');
    const from = parentDirectory(k, task, olddirfd, oldpath);
    if (!from.ok) return from;
    const to = parentDirectory(k, task, newdirfd, newpath);
    if (!to.ok) return to;
    if (from.value.dir.mount !== to.value.dir.mount) return err('EXDEV');
    if (from.value.name === '') return err('EBUSY');
    if (to.value.name === '') return err(flags & RENAME_NOREPLACE ? 'EEXIST' : 'EBUSY');
    const writable = mountWritable(k, from.value.dir);
    if (!writable.ok) return writable;
    const { at, inode } = from.value;
    if (at === null || inode === null) return err('ENOENT');
    return rename(k, task, { ...from.value, at, inode, slash: /\/$/.test(oldpath) }, { ...to.value, slash: /\/$/.test(newpath) }, flags);
  },
};
