// Making a new inode in a directory: who may, and what owner, group and mode it gets.
// Counterpart: fs/namei.c may_create, fs/inode.c inode_init_owner; linux-credentials §3.6

import { isDir, MAY_EXEC, MAY_WRITE, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG, S_ISGID } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { err, type Kernel, ok, type Res, refuse } from '../context.ts';
import type { Inode, Kgid, Kuid, Location, Task } from '../state.ts';
import { inheritAcl } from './acl.ts';
import { addInode, inodeAt, mountOf, setEntry, superblockOf } from './inodes.ts';
import { capableWrtInode, inGroup, inodePermission, mountWritable, ownerOf, storedId } from './permission.ts';

/** May the caller add a name here: a writable mount, then w and x on the directory. */
export function mayCreate(k: Kernel, task: Task, dir: Location): Res<Inode> {
  const writable = mountWritable(k, dir);
  if (!writable.ok) return writable;
  const inode = inodeAt(k, dir, task);
  if (inode === undefined || inode.nlink === 0) return err('ENOENT');
  const allowed = inodePermission(k, task, task.cred, dir, inode, MAY_WRITE | MAY_EXEC);
  return allowed.ok ? ok(inode) : allowed;
}

/** Creates an inode and its name. `mode` has the type bits; the umask counts unless the directory has a default list. */
export function createInode(k: Kernel, task: Task, dirAt: Location, name: string, mode: number, extra: Partial<Inode> = {}): Res<Location> {
  const made = createUnnamed(k, task, dirAt, mode, extra);
  if (made.ok) setEntry(k, mountOf(k, dirAt.mount).sb, dirAt.ino, name, made.value.ino, (mode & S_IFMT) === S_IFDIR ? 1 : 0);
  return made;
}

/** Creates an inode that has no name yet, with the owner and mode the directory gives it. */
export function createUnnamed(k: Kernel, task: Task, dirAt: Location, mode: number, extra: Partial<Inode>): Res<Location> {
  const { fstype } = superblockOf(k, dirAt);
  // proc knows no negative names: the lookup fails before anything else is asked.
  if (fstype === 'proc') return err('ENOENT');
  const parent = mayCreate(k, task, dirAt);
  if (!parent.ok) return parent;
  if (k.drivers[fstype] !== undefined) return refuse((mode & S_IFMT) === S_IFREG ? 'EACCES' : 'EPERM', 'fs.virtual', { fstype }, dirAt);
  const dir = parent.value;
  const { sb } = mountOf(k, dirAt.mount);
  const { cred } = task;
  const now = k.state.realtime;
  const inherit = (dir.mode & S_ISGID) !== 0;
  const gid = inherit ? dir.gid : (storedId(k, dirAt, cred.fsgid) as Kgid);
  let bits = mode;
  const directory = (mode & S_IFMT) === S_IFDIR;
  if (inherit && directory) bits |= S_ISGID;
  else if (inherit && (mode & S_IFMT) !== S_IFLNK && (mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010)) {
    const owner = ownerOf(k, dirAt, dir);
    if (!inGroup(cred, owner.gid) && !capableWrtInode(k, cred, owner, 'CAP_FSETID')) bits &= ~S_ISGID;
  }
  const plain = (mode & S_IFMT) === S_IFLNK ? bits : bits & ~task.umask;
  const access = dir.defaultAcl === undefined || (mode & S_IFMT) === S_IFLNK ? { mode: plain } : inheritAcl(dir.defaultAcl, bits);
  const ino = addInode(k, sb, (own) => ({
    ino: own,
    ...access,
    uid: storedId(k, dirAt, cred.fsuid) as Kuid,
    gid,
    nlink: directory ? 2 : 1,
    atime: now,
    mtime: now,
    ctime: now,
    btime: now,
    rdev: 0,
    ...(directory ? { dir: { entries: PMap.empty<number>(), parent: dirAt.ino } } : {}),
    ...extra,
  }));
  if (ino === undefined) return err('ENOSPC');
  return ok({ mount: dirAt.mount, ino });
}

/** Is a place a directory? */
export const isDirectory = (k: Kernel, task: Task, at: Location): boolean => isDir(inodeAt(k, at, task)?.mode ?? 0);
