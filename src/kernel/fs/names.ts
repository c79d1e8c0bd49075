// Calls that make, remove and move names. Counterpart: fs/namei.c; mkdir(2), unlink(2), link(2), mknod(2), symlink(2)

import { AT_EMPTY_PATH, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, FS_APPEND_FL, FS_IMMUTABLE_FL } from '#abi/flags.ts';
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
import { err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import type { Inode, Location, Task } from '../state.ts';
import { mountsOn } from './covers.ts';
import { createInode, mayCreate } from './create.ts';
import { anyFileOf, isOpen, isUsed } from './files.ts';
import { changeInode, dropLink, inodeAt, mountOf, setEntry, superblockOf } from './inodes.ts';
import { detach, namespaceOf, subtree } from './mounts.ts';
import { type Walked, walk } from './namei.ts';
import { genericPermission, inodeOwnerOrCapable, inodePermission, mountWritable, stickyAllows } from './permission.ts';
import { sweepMounts } from './reclaim.ts';

const PATH_MAX = 4096;

type NameCalls = 'mkdirat' | 'mknodat' | 'unlinkat' | 'linkat' | 'symlinkat';

/** Is something mounted on an inode, in the task's namespace? Counterpart: is_local_mountpoint */
export const isMountpoint = (k: Kernel, task: Task, at: Location): boolean =>
  mountsOn(k, namespaceOf(k, task), mountOf(k, at.mount).sb, at.ino).length > 0;

/** A place that went takes the mounts of other namespaces on it along. Counterpart: detach_mounts */
export function detachMounts(k: Kernel, sb: number, ino: number): void {
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

const unstored = (k: Kernel, at: Location): Res<never> => refuse('EPERM', 'fs.virtual', { fstype: superblockOf(k, at).fstype }, at);

/** May a name be taken out of a directory: w+x there, then the sticky bit and inode flags. Counterpart: may_delete */
export function mayDelete(k: Kernel, task: Task, dirAt: Location, at: Location, victim: Inode): Res<Inode> {
  const writable = mountWritable(k, dirAt);
  if (!writable.ok) return writable;
  const dir = inodeAt(k, dirAt, task) as Inode;
  const allowed = inodePermission(k, task, task.cred, dirAt, dir, MAY_WRITE | MAY_EXEC);
  if (!allowed.ok) return allowed;
  if ((dir.flags ?? 0) & FS_APPEND_FL || (victim.flags ?? 0) & (FS_APPEND_FL | FS_IMMUTABLE_FL))
    return refuse('EPERM', 'inode.immutable', {}, at);
  const sticky = stickyAllows(k, task.cred, dirAt, dir, at, victim);
  return sticky.ok ? ok(dir) : sticky;
}

/** Walks to the directory of a path's last component, which need not exist and is not followed. */
export const parentDirectory = (k: Kernel, task: Task, dirfd: number, path: string): Res<Walked> =>
  walk(k, task, dirfd, path.replace(/\/+$/, '') || path, { follow: false, create: true });

/** Walks to the last component of a path that is to go, without following it. The mount is asked before the name is looked up. */
function entry(k: Kernel, task: Task, dirfd: number, path: string): Res<Walked & { at: Location; inode: Inode }> {
  const walked = parentDirectory(k, task, dirfd, path);
  if (!walked.ok) return walked;
  const { at, inode, dir } = walked.value;
  if (at !== null && inode !== null) return ok({ ...walked.value, at, inode });
  const writable = mountWritable(k, dir);
  return writable.ok ? err('ENOENT') : writable;
}

/** A mounted-on directory shows the mount's root; the name itself is the directory below. */
export const covered = (walked: Walked & { at: Location }): boolean => walked.at.mount !== walked.dir.mount;

function unlinkFile(k: Kernel, task: Task, dirfd: number, path: string): Res<void> {
  const found = entry(k, task, dirfd, path);
  if (!found.ok) return found;
  const { at, inode, dir, name } = found.value;
  if (name === '') return err('EISDIR');
  if (/\/$/.test(path)) return err(isDir(inode.mode) ? 'EISDIR' : 'ENOTDIR');
  const allowed = mayDelete(k, task, dir, at, inode);
  if (!allowed.ok) return allowed;
  if (isDir(inode.mode)) return err('EISDIR');
  if (covered(found.value) || isMountpoint(k, task, at)) return err('EBUSY');
  if (virtual(k, dir)) return unstored(k, dir);
  const { sb } = mountOf(k, dir.mount);
  setEntry(k, sb, dir.ino, name, null);
  dropLink(k, sb, at.ino, inode.nlink === 1 && isOpen(k, sb, at.ino));
  detachMounts(k, sb, at.ino);
  return ok(undefined);
}

function removeDirectory(k: Kernel, task: Task, dirfd: number, path: string): Res<void> {
  const found = entry(k, task, dirfd, path);
  if (!found.ok) return found;
  if (/(^|\/)\.\/*$/.test(path)) return err('EINVAL');
  const { at, inode, dir, name } = found.value;
  if (name === '') return /\.\.\/*$/.test(path) ? err('ENOTEMPTY') : err('EBUSY');
  const allowed = mayDelete(k, task, dir, at, inode);
  if (!allowed.ok) return allowed;
  if (!isDir(inode.mode)) return err('ENOTDIR');
  if (covered(found.value) || isMountpoint(k, task, at)) return err('EBUSY');
  if (virtual(k, dir)) return unstored(k, dir);
  if ((inode.dir?.entries.size ?? 0) > 0) return err('ENOTEMPTY');
  const { sb } = mountOf(k, dir.mount);
  setEntry(k, sb, dir.ino, name, null, -1);
  dropLink(k, sb, at.ino, isUsed(k, sb, at.ino));
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
    deny(
      [
        ...(owner.verdict?.checks.map((one) => ({ ...one, outcome: 'skip' as const })) ?? []),
        check('protected_hardlinks', 'deny', { mode: inode.mode, uid: inode.uid }),
      ],
      at,
    ),
  );
}

/** The place where a new name is to be made. EEXIST when it is there. */
function vacant(k: Kernel, task: Task, dirfd: number, path: string, directory: boolean): Res<Walked> {
  const walked = parentDirectory(k, task, dirfd, path);
  if (!walked.ok) return walked;
  if (walked.value.at !== null) return err('EEXIST');
  // proc knows no negative names: the lookup fails before anything else is asked.
  if (superblockOf(k, walked.value.dir).fstype === 'proc') return err('ENOENT');
  return /\/$/.test(path) && !directory ? err('ENOENT') : walked;
}

interface Source {
  readonly at: Location;
  readonly inode: Inode;
}

function source(k: Kernel, task: Task, dirfd: number, path: string, flags: number): Res<Source> {
  const walked = walk(k, task, dirfd, path, { follow: (flags & AT_SYMLINK_FOLLOW) !== 0 });
  if (!walked.ok) return walked;
  const { at, inode, slash } = walked.value;
  if (at === null || inode === null) return err('ENOENT');
  return slash && !isDir(inode.mode) ? err('ENOTDIR') : ok({ at, inode });
}

/** The file behind a descriptor, to give it a name: who opened it, or CAP_DAC_READ_SEARCH. */
function opened(k: Kernel, task: Task, fd: number): Res<Source> {
  const found = anyFileOf(k, task, fd);
  if (!found.ok) return found;
  const { target, cred } = found.value.file;
  if (cred !== task.cred && !nsCapable(k.state, task.cred, 0, 'CAP_DAC_READ_SEARCH')) return err('ENOENT');
  const inode = target.kind === 'inode' ? inodeAt(k, target.at, task) : undefined;
  return inode === undefined || target.kind !== 'inode' ? err('ENOENT') : ok({ at: target.at, inode });
}

export const nameHandlers: Handlers<NameCalls> = {
  mkdirat(k, task, dirfd, path, mode) {
    const found = vacant(k, task, dirfd, path, true);
    if (!found.ok) return found;
    const made = createInode(k, task, found.value.dir, found.value.name, S_IFDIR | (mode & 0o1777));
    return made.ok ? ok(undefined) : made;
  },
  mknodat(k, task, dirfd, path, mode, dev) {
    const type = mode & S_IFMT || S_IFREG;
    if (type === S_IFDIR) return refuse('EPERM', 'mknod.directory');
    if (type === S_IFLNK) return err('EINVAL');
    const found = vacant(k, task, dirfd, path, false);
    if (!found.ok) return found;
    const allowed = mayCreate(k, task, found.value.dir);
    if (!allowed.ok) return allowed;
    // A character device 0:0 stands for a name that is gone (a whiteout); anybody may make one. Counterpart: vfs_mknod
    const whiteout = isChr(type) && dev === 0;
    if ((isChr(type) || isBlk(type)) && !whiteout && !nsCapable(k.state, task.cred, 0, 'CAP_MKNOD')) {
      return err('EPERM', deny([lacks(task.cred, 'CAP_MKNOD', 0)]));
    }
    if (whiteout && superblockOf(k, found.value.dir).fstype === 'overlay') return refuse('EPERM', 'mknod.whiteout', {}, found.value.dir);
    const made = createInode(
      k,
      task,
      found.value.dir,
      found.value.name,
      type | (mode & 0o7777),
      isChr(type) || isBlk(type) ? { rdev: dev } : {},
    );
    return made.ok ? ok(undefined) : made;
  },
  unlinkat(k, task, dirfd, path, flags) {
    if (flags & ~AT_REMOVEDIR) return err('EINVAL');
    return flags & AT_REMOVEDIR ? removeDirectory(k, task, dirfd, path) : unlinkFile(k, task, dirfd, path);
  },
  linkat(k, task, olddirfd, oldpath, newdirfd, newpath, flags) {
    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) return err('EINVAL');
    const from = oldpath === '' && flags & AT_EMPTY_PATH ? opened(k, task, olddirfd) : source(k, task, olddirfd, oldpath, flags);
    if (!from.ok) return from;
    const { at, inode } = from.value;
    const to = vacant(k, task, newdirfd, newpath, false);
    if (!to.ok) return to;
    const writable = mountWritable(k, to.value.dir);
    if (!writable.ok) return writable;
    if (at.mount !== to.value.dir.mount) return err('EXDEV');
    const linkable = mayLink(k, task, at, inode);
    if (!linkable.ok) return linkable;
    const dir = mayCreate(k, task, to.value.dir);
    if (!dir.ok) return dir;
    if (isDir(inode.mode)) return refuse('EPERM', 'link.directory', {}, at);
    if ((inode.flags ?? 0) & (FS_APPEND_FL | FS_IMMUTABLE_FL)) return refuse('EPERM', 'inode.immutable', {}, at);
    const { sb } = mountOf(k, at.mount);
    if (inode.nlink === 0 && !inode.linkable) return err('ENOENT');
    changeInode(k, sb, at.ino, { nlink: inode.nlink + 1, ctime: k.state.realtime });
    setEntry(k, sb, to.value.dir.ino, to.value.name, at.ino);
    return ok(undefined);
  },
  symlinkat(k, task, target, dirfd, path) {
    if (target === '') return err('ENOENT');
    if (target.length >= PATH_MAX) return err('ENAMETOOLONG');
    const found = vacant(k, task, dirfd, path, false);
    if (!found.ok) return found;
    const made = createInode(k, task, found.value.dir, found.value.name, S_IFLNK | 0o777, { target });
    return made.ok ? ok(undefined) : made;
  },
};
