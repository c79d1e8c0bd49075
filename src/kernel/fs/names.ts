// Calls that make, remove and move names. Counterpart: fs/namei.c; mkdir(2), unlink(2), rename(2), link(2), mknod(2), symlink(2)

import { AT_REMOVEDIR, AT_SYMLINK_FOLLOW, FS_APPEND_FL, FS_IMMUTABLE_FL, RENAME_EXCHANGE, RENAME_NOREPLACE } from '#abi/flags.ts';
import {
  isBlk,
  isChr,
  isDir,
  isReg,
  MAY_EXEC,
  MAY_READ,
  MAY_WRITE,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_ISGID,
  S_ISUID,
} from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res } from '../context.ts';
import { nsCapable } from '../cred/need.ts';
import type { Inode, Location, Task } from '../state.ts';
import { createInode, mayCreate } from './create.ts';
import { isOpen } from './files.ts';
import { changeInode, dropLink, inodeAt, mountOf, putInode, setEntry, superblockOf } from './inodes.ts';
import { detach, namespaceOf, subtree } from './mounts.ts';
import { mountsOn, parentOf, type Walked, walk } from './namei.ts';
import { genericPermission, inodeOwnerOrCapable, inodePermission, mountWritable, stickyAllows } from './permission.ts';
import { sweepMounts } from './reclaim.ts';

type NameCalls = 'mkdirat' | 'mknodat' | 'unlinkat' | 'renameat2' | 'linkat' | 'symlinkat';

/** Is something mounted on an inode, in the task's namespace? Counterpart: is_local_mountpoint */
const isMountpoint = (k: Kernel, task: Task, at: Location): boolean =>
  mountsOn(k, namespaceOf(k, task), mountOf(k, at.mount).sb, at.ino).length > 0;

/** A place that went takes the mounts of other namespaces on it along. Counterpart: detach_mounts */
function detachMounts(k: Kernel, sb: number, ino: number): void {
  for (const [ns, space] of k.state.mountNs.entries()) {
    const tops = mountsOn(k, space, sb, ino);
    if (tops.length === 0) continue;
    detach(
      k,
      ns,
      tops.flatMap((top) => subtree(k, space, top)),
    );
    sweepMounts(k);
  }
}

const virtual = (k: Kernel, at: Location): boolean => k.drivers[superblockOf(k, at).fstype] !== undefined;

/** May a name be taken out of a directory: w+x there, then the sticky bit and inode flags. Counterpart: may_delete */
function mayDelete(k: Kernel, task: Task, dirAt: Location, at: Location, victim: Inode): Res<Inode> {
  const writable = mountWritable(k, dirAt);
  if (!writable.ok) return writable;
  const dir = inodeAt(k, dirAt, task) as Inode;
  const allowed = inodePermission(k, task, task.cred, dirAt, dir, MAY_WRITE | MAY_EXEC);
  if (!allowed.ok) return allowed;
  if ((dir.flags ?? 0) & FS_APPEND_FL || (victim.flags ?? 0) & (FS_APPEND_FL | FS_IMMUTABLE_FL))
    return err('EPERM', deny([check('inode.immutable', 'deny')]));
  const sticky = stickyAllows(k, task.cred, dirAt, dir, at, victim);
  return sticky.ok ? ok(dir) : sticky;
}

/** Walks to the last component of a path that must name an entry, without following it. */
function entry(k: Kernel, task: Task, dirfd: number, path: string): Res<Walked & { at: Location; inode: Inode }> {
  const walked = walk(k, task, dirfd, path.replace(/\/+$/, '') || path, { follow: false });
  if (!walked.ok) return walked;
  const { at, inode } = walked.value;
  if (at === null || inode === null) return err('ENOENT');
  if (walked.value.slash === false && /\/$/.test(path) && !isDir(inode.mode)) return err('ENOTDIR');
  return ok({ ...walked.value, at, inode });
}

/** A mounted-on directory shows the mount's root; the name itself is the directory below. */
const covered = (walked: Walked & { at: Location }): boolean => walked.at.mount !== walked.dir.mount;

function unlinkFile(k: Kernel, task: Task, dirfd: number, path: string): Res<void> {
  const found = entry(k, task, dirfd, path);
  if (!found.ok) return found;
  const { at, inode, dir, name } = found.value;
  if (name === '') return err('EISDIR');
  const allowed = mayDelete(k, task, dir, at, inode);
  if (!allowed.ok) return allowed;
  if (isDir(inode.mode)) return err('EISDIR');
  if (covered(found.value) || isMountpoint(k, task, at)) return err('EBUSY');
  if (virtual(k, dir)) return err('EPERM');
  const { sb } = mountOf(k, dir.mount);
  setEntry(k, sb, dir.ino, name, null);
  dropLink(k, sb, at.ino, inode.nlink === 1 && isOpen(k, sb, at.ino));
  detachMounts(k, sb, at.ino);
  return ok(undefined);
}

function removeDirectory(k: Kernel, task: Task, dirfd: number, path: string): Res<void> {
  if (/(^|\/)\.\/*$/.test(path)) return err('EINVAL');
  const found = entry(k, task, dirfd, path);
  if (!found.ok) return found;
  const { at, inode, dir, name } = found.value;
  if (name === '') return /\.\.\/*$/.test(path) ? err('ENOTEMPTY') : err('EBUSY');
  const allowed = mayDelete(k, task, dir, at, inode);
  if (!allowed.ok) return allowed;
  if (!isDir(inode.mode)) return err('ENOTDIR');
  if (covered(found.value) || isMountpoint(k, task, at)) return err('EBUSY');
  if (virtual(k, dir)) return err('EPERM');
  if ((inode.dir?.entries.size ?? 0) > 0) return err('ENOTEMPTY');
  const { sb } = mountOf(k, dir.mount);
  setEntry(k, sb, dir.ino, name, null, -1);
  dropLink(k, sb, at.ino, false);
  detachMounts(k, sb, at.ino);
  return ok(undefined);
}

/** fs.protected_hardlinks. Counterpart: may_linkat */
function mayLink(k: Kernel, task: Task, at: Location, inode: Inode): Res<void> {
  if (k.state.sysctls['fs/protected_hardlinks'] !== '1') return ok(undefined);
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (owner.ok) return owner;
  const special = !isReg(inode.mode) || (inode.mode & S_ISUID) !== 0 || (inode.mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010);
  if (!special && genericPermission(k, task.cred, at, inode, MAY_READ | MAY_WRITE).ok) return ok(undefined);
  return err(
    'EPERM',
    deny([
      ...(owner.verdict?.checks.map((one) => ({ ...one, outcome: 'skip' as const })) ?? []),
      check('protected_hardlinks', 'deny', { mode: inode.mode, uid: inode.uid }),
    ]),
  );
}

/** Is `at` inside (or the same as) the directory `top`? */
function isInside(k: Kernel, task: Task, at: Location, top: Location): boolean {
  for (let here = at; ; ) {
    if (here.mount === top.mount && here.ino === top.ino) return true;
    const up = parentOf(k, task, here);
    if (up.mount === here.mount && up.ino === here.ino) return false;
    here = up;
  }
}

function rename(k: Kernel, task: Task, from: Walked & { at: Location; inode: Inode }, to: Walked, flags: number): Res<void> {
  const moved = from.inode;
  const target = to.at === null || to.inode === null ? undefined : { at: to.at, inode: to.inode };
  if (from.name === '' || to.name === '') return err('EBUSY');
  if (from.dir.mount !== to.dir.mount) return err('EXDEV');
  if (flags & RENAME_NOREPLACE && target) return err('EEXIST');
  if (flags & RENAME_EXCHANGE && !target) return err('ENOENT');
  if (target === undefined && to.slash && !isDir(moved.mode)) return err('ENOTDIR');
  if (isDir(moved.mode) && isInside(k, task, to.dir, from.at)) return err('EINVAL');
  if (target && isInside(k, task, from.dir, target.at) && isDir(target.inode.mode) && !(flags & RENAME_EXCHANGE)) return err('ENOTEMPTY');
  const leave = mayDelete(k, task, from.dir, from.at, moved);
  if (!leave.ok) return leave;
  if (target === undefined) {
    const arrive = mayCreate(k, task, to.dir);
    if (!arrive.ok) return arrive;
  } else {
    const replace = mayDelete(k, task, to.dir, target.at, target.inode);
    if (!replace.ok) return replace;
    if (!(flags & RENAME_EXCHANGE)) {
      if (isDir(moved.mode) && !isDir(target.inode.mode)) return err('ENOTDIR');
      if (!isDir(moved.mode) && isDir(target.inode.mode)) return err('EISDIR');
    }
  }
  const otherParent = from.dir.ino !== to.dir.ino;
  if (isDir(moved.mode) && otherParent) {
    // Its ".." changes, so the directory itself is written.
    const own = inodePermission(k, task, task.cred, from.at, moved, MAY_WRITE);
    if (!own.ok) return own;
  }
  if (covered(from) || isMountpoint(k, task, from.at) || (target && (target.at.mount !== to.dir.mount || isMountpoint(k, task, target.at))))
    return err('EBUSY');
  if (target && target.at.ino === from.at.ino) return ok(undefined);
  if (target && isDir(target.inode.mode) && !(flags & RENAME_EXCHANGE) && (target.inode.dir?.entries.size ?? 0) > 0)
    return err('ENOTEMPTY');
  const { sb } = mountOf(k, from.dir.mount);
  if (flags & RENAME_EXCHANGE && target) return exchange(k, sb, from, to, target);
  const sub = isDir(moved.mode) ? 1 : 0;
  setEntry(k, sb, from.dir.ino, from.name, null, -sub);
  if (target) {
    setEntry(k, sb, to.dir.ino, to.name, null, isDir(target.inode.mode) ? -1 : 0);
    dropLink(k, sb, target.at.ino, isOpen(k, sb, target.at.ino));
    detachMounts(k, sb, target.at.ino);
  }
  setEntry(k, sb, to.dir.ino, to.name, from.at.ino, sub);
  reparent(k, sb, from.at.ino, to.dir.ino);
  return ok(undefined);
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

/** The place where a new name is to be made. EEXIST when it is there. */
function vacant(k: Kernel, task: Task, dirfd: number, path: string, directory: boolean): Res<Walked> {
  const walked = walk(k, task, dirfd, directory ? path.replace(/\/+$/, '') || path : path, { follow: false, create: true });
  if (!walked.ok) return walked;
  if (walked.value.at !== null) return err('EEXIST');
  return walked.value.slash && !directory ? err('ENOENT') : walked;
}

export const nameHandlers: Handlers<NameCalls> = {
  mkdirat(k, task, dirfd, path, mode) {
    const found = vacant(k, task, dirfd, path, true);
    if (!found.ok) return found;
    const made = createInode(k, task, found.value.dir, found.value.name, S_IFDIR | (mode & 0o1777 & ~task.umask));
    return made.ok ? ok(undefined) : made;
  },
  mknodat(k, task, dirfd, path, mode, dev) {
    const found = vacant(k, task, dirfd, path, false);
    if (!found.ok) return found;
    const type = mode & S_IFMT || S_IFREG;
    if (type === S_IFDIR) return err('EPERM');
    const allowed = mayCreate(k, task, found.value.dir);
    if (!allowed.ok) return allowed;
    if ((isChr(type) || isBlk(type)) && !nsCapable(k.state, task.cred, 0, 'CAP_MKNOD')) {
      return err(
        'EPERM',
        deny([
          check('cap.MKNOD', 'deny', {
            effective: task.cred.effective,
            permitted: task.cred.permitted,
            bounding: task.cred.bounding,
            userNs: task.cred.userNs,
            targetUserNs: 0,
          }),
        ]),
      );
    }
    const made = createInode(
      k,
      task,
      found.value.dir,
      found.value.name,
      type | (mode & 0o7777 & ~task.umask),
      isChr(type) || isBlk(type) ? { rdev: dev } : {},
    );
    return made.ok ? ok(undefined) : made;
  },
  unlinkat: (k, task, dirfd, path, flags) =>
    flags & AT_REMOVEDIR ? removeDirectory(k, task, dirfd, path) : unlinkFile(k, task, dirfd, path),
  renameat2(k, task, olddirfd, oldpath, newdirfd, newpath, flags) {
    const from = entry(k, task, olddirfd, oldpath);
    if (!from.ok) return from;
    const to = walk(k, task, newdirfd, newpath.replace(/\/+$/, '') || newpath, { follow: false, create: true });
    if (!to.ok) return to;
    return rename(k, task, from.value, { ...to.value, slash: /\/$/.test(newpath) }, flags);
  },
  linkat(k, task, olddirfd, oldpath, newdirfd, newpath, flags) {
    const from = walk(k, task, olddirfd, oldpath, { follow: (flags & AT_SYMLINK_FOLLOW) !== 0 });
    if (!from.ok) return from;
    const { at, inode } = from.value;
    if (at === null || inode === null) return err('ENOENT');
    const to = vacant(k, task, newdirfd, newpath, false);
    if (!to.ok) return to;
    const writable = mountWritable(k, to.value.dir);
    if (!writable.ok) return writable;
    if (at.mount !== to.value.dir.mount) return err('EXDEV');
    const linkable = mayLink(k, task, at, inode);
    if (!linkable.ok) return linkable;
    const dir = mayCreate(k, task, to.value.dir);
    if (!dir.ok) return dir;
    if (isDir(inode.mode) || (inode.flags ?? 0) & (FS_APPEND_FL | FS_IMMUTABLE_FL)) return err('EPERM');
    const { sb } = mountOf(k, at.mount);
    changeInode(k, sb, at.ino, { nlink: inode.nlink + 1, ctime: k.state.realtime });
    setEntry(k, sb, to.value.dir.ino, to.value.name, at.ino);
    return ok(undefined);
  },
  symlinkat(k, task, target, dirfd, path) {
    if (target === '') return err('ENOENT');
    const found = vacant(k, task, dirfd, path, false);
    if (!found.ok) return found;
    const made = createInode(k, task, found.value.dir, found.value.name, S_IFLNK | 0o777, { target });
    return made.ok ? ok(undefined) : made;
  },
};
