// Calls that change what an inode is: mode, owner, size, times.
// Counterpart: fs/attr.c, fs/open.c; chmod(2), chown(2), utimensat(2), truncate(2)

import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW, FS_APPEND_FL, FS_IMMUTABLE_FL } from '#abi/flags.ts';
import { isDir, isReg, MAY_WRITE, S_IFMT, S_ISGID } from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { makeKgid, makeKuid } from '../cred/ids.ts';
import { lacks } from '../cred/lacks.ts';
import type { Inode, Kgid, Kuid, Location, Task } from '../state.ts';
import type { Utime } from '../uapi/index.ts';
import { aclAfterChmod } from './acl.ts';
import { anyFileOf, fileOf, mayWriteProgram, writable } from './files.ts';
import { changeInode, inodeAt, mountOf, superblockOf } from './inodes.ts';
import { walk } from './namei.ts';
import { capableWrtInode, inGroup, inodeOwnerOrCapable, inodePermission, mountWritable, ownerOf, storedId } from './permission.ts';
import { setSize, withoutSetid } from './regular.ts';

type AttributeCalls = 'fchmod' | 'fchmodat' | 'fchown' | 'fchownat' | 'ftruncate' | 'truncate' | 'utimensat';

/** An inode and where it was found. */
export interface Found {
  readonly at: Location;
  readonly inode: Inode;
}

export function byPath(k: Kernel, task: Task, dirfd: number, path: string, follow: boolean): Res<Found> {
  const walked = walk(k, task, dirfd, path, { follow });
  if (!walked.ok) return walked;
  const { at, inode, magic, slash } = walked.value;
  if (magic !== null && 'file' in magic) {
    const target = k.state.files.get(magic.file)?.target;
    if (target?.kind === 'inode') return found(k, task, target.at);
  }
  if (at === null || inode === null) return err('ENOENT');
  return slash && !isDir(inode.mode) ? err('ENOTDIR') : ok({ at, inode });
}

function found(k: Kernel, task: Task, at: Location): Res<Found> {
  const inode = inodeAt(k, at, task);
  return inode === undefined ? err('ENOENT') : ok({ at, inode });
}

function byFd(k: Kernel, task: Task, fd: number): Res<Found> {
  const open = fileOf(k, task, fd);
  if (!open.ok) return open;
  const { target } = open.value.file;
  return target.kind === 'inode' || target.kind === 'snapshot' ? found(k, task, target.at) : err('EINVAL');
}

/** AT_EMPTY_PATH: what the descriptor itself stands for, or the current directory. */
function byEmptyPath(k: Kernel, task: Task, dirfd: number): Res<Found> {
  if (dirfd === AT_FDCWD) return found(k, task, task.cwd);
  const open = anyFileOf(k, task, dirfd);
  if (!open.ok) return open;
  const { target } = open.value.file;
  return target.kind === 'inode' || target.kind === 'snapshot' ? found(k, task, target.at) : err('EINVAL');
}

/** What every change of an inode asks first: a writable mount, and no immutable flag. */
export function changeable(k: Kernel, { at, inode }: Found, against = FS_IMMUTABLE_FL | FS_APPEND_FL): Res<void> {
  const mount = mountWritable(k, at);
  if (!mount.ok) return mount;
  if ((inode.flags ?? 0) & against) return refuse('EPERM', 'inode.immutable', {}, at);
  return k.drivers[superblockOf(k, at).fstype] === undefined
    ? ok(undefined)
    : err('EPERM', deny([check('fs.virtual', 'deny', { fstype: superblockOf(k, at).fstype })], at));
}

function chmod(k: Kernel, task: Task, target: Res<Found>, mode: number): Res<void> {
  if (!target.ok) return target;
  const { at, inode } = target.value;
  const writableMount = mountWritable(k, at);
  if (!writableMount.ok) return writableMount;
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!owner.ok) return owner;
  const ready = changeable(k, target.value);
  if (!ready.ok) return ready;
  let bits = mode & 0o7777;
  const ids = ownerOf(k, at, inode);
  // Who is not in the file's group may not make it set-group-id; the bit is left out without a word.
  if (bits & S_ISGID && !inGroup(task.cred, ids.gid) && !capableWrtInode(k, task.cred, ids, 'CAP_FSETID')) bits &= ~S_ISGID;
  changeInode(k, mountOf(k, at.mount).sb, at.ino, {
    mode: (inode.mode & S_IFMT) | bits,
    ...(inode.acl && { acl: aclAfterChmod(inode.acl, bits) }),
    ctime: k.state.realtime,
  });
  return ok(undefined);
}

/** CAP_CHOWN, or the owner: uid unchanged, gid one of the own groups. Counterpart: chown_ok, chgrp_ok */
function mayChown(k: Kernel, task: Task, at: Location, inode: Inode, uid: Kuid | undefined, gid: Kgid | undefined): Res<void> {
  const { cred } = task;
  const owner = ownerOf(k, at, inode);
  const own = cred.fsuid === owner.uid;
  const userOk = uid === undefined || (own && uid === owner.uid);
  const groupOk = gid === undefined || (own && (gid === owner.gid || inGroup(cred, gid)));
  if ((userOk && groupOk) || capableWrtInode(k, cred, owner, 'CAP_CHOWN')) return ok(undefined);
  return err(
    'EPERM',
    deny(
      [
        check(userOk ? 'chgrp.owner' : 'chown.owner', 'skip', {
          fsuid: cred.fsuid,
          fsgid: cred.fsgid,
          groups: cred.groups,
          uid: owner.uid,
          gid: owner.gid,
          toUid: uid ?? null,
          toGid: gid ?? null,
        }),
        lacks(cred, 'CAP_CHOWN'),
      ],
      at,
    ),
  );
}

function chown(k: Kernel, task: Task, target: Res<Found>, uid: number, gid: number): Res<void> {
  if (!target.ok) return target;
  const { at, inode } = target.value;
  const { userNs } = task.cred;
  const kuid = uid === -1 ? undefined : makeKuid(k.state, userNs, uid);
  const kgid = gid === -1 ? undefined : makeKgid(k.state, userNs, gid);
  if ((uid !== -1 && kuid === undefined) || (gid !== -1 && kgid === undefined)) return err('EINVAL');
  const writableMount = mountWritable(k, at);
  if (!writableMount.ok) return writableMount;
  const allowed = mayChown(k, task, at, inode, kuid, kgid);
  if (!allowed.ok) return allowed;
  const ready = changeable(k, target.value);
  if (!ready.ok) return ready;
  const mode = isDir(inode.mode) ? inode.mode : withoutSetid(k, task, at, inode);
  // Bits that go are a change of mode, for which CAP_CHOWN alone is not enough. Counterpart: notify_change, setattr_prepare
  const chmods = mode === inode.mode ? ok(undefined) : inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!chmods.ok) return chmods;
  changeInode(k, mountOf(k, at.mount).sb, at.ino, {
    ...(kuid === undefined ? {} : { uid: storedId(k, at, kuid) as Kuid }),
    ...(kgid === undefined ? {} : { gid: storedId(k, at, kgid) as Kgid }),
    mode,
    ...(!isDir(inode.mode) && inode.xattrs?.has('security.capability') ? { xattrs: inode.xattrs.delete('security.capability') } : {}),
    ctime: k.state.realtime,
  });
  return ok(undefined);
}

function utimes(k: Kernel, task: Task, target: Res<Found>, atime: Utime, mtime: Utime): Res<void> {
  if (!target.ok) return target;
  const { at, inode } = target.value;
  const writableMount = mountWritable(k, at);
  if (!writableMount.ok) return writableMount;
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!owner.ok) {
    if (atime !== 'now' || mtime !== 'now') return owner;
    const write = inodePermission(k, task, task.cred, at, inode, MAY_WRITE);
    if (!write.ok) return write;
  }
  // Who only says "now" may do so on an append-only file.
  const ready = changeable(k, target.value, atime === 'now' && mtime === 'now' ? FS_IMMUTABLE_FL : undefined);
  if (!ready.ok) return ready;
  const now = k.state.realtime;
  const pick = (time: Utime, old: bigint): bigint => (time === 'now' ? now : time === 'omit' ? old : time);
  changeInode(k, mountOf(k, at.mount).sb, at.ino, { atime: pick(atime, inode.atime), mtime: pick(mtime, inode.mtime), ctime: now });
  return ok(undefined);
}

/** An append-only file is never cut. */
const notAppendOnly = (inode: Inode | undefined): Res<void> =>
  (inode?.flags ?? 0) & FS_APPEND_FL ? refuse('EPERM', 'inode.append') : ok(undefined);

export const attributeHandlers: Handlers<AttributeCalls> = {
  fchmod: (k, task, fd, mode) => chmod(k, task, byFd(k, task, fd), mode),
  fchmodat: (k, task, dirfd, path, mode) => chmod(k, task, byPath(k, task, dirfd, path, true), mode),
  fchown: (k, task, fd, uid, gid) => chown(k, task, byFd(k, task, fd), uid, gid),
  fchownat: (k, task, dirfd, path, uid, gid, flags) =>
    chown(
      k,
      task,
      path === '' && flags & AT_EMPTY_PATH
        ? byEmptyPath(k, task, dirfd)
        : byPath(k, task, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0),
      uid,
      gid,
    ),
  ftruncate(k, task, fd, length) {
    const open = fileOf(k, task, fd);
    if (!open.ok) return open;
    if (length < 0) return err('EINVAL');
    const { target } = open.value.file;
    if (!writable(open.value.file) || target.kind !== 'inode') return err('EINVAL');
    const appendOnly = notAppendOnly(inodeAt(k, target.at, task));
    return appendOnly.ok ? setSize(k, task, target.at, length) : appendOnly;
  },
  truncate(k, task, path, length) {
    if (length < 0) return err('EINVAL');
    const target = byPath(k, task, AT_FDCWD, path, true);
    if (!target.ok) return target;
    const { at, inode } = target.value;
    if (isDir(inode.mode)) return err('EISDIR');
    if (!isReg(inode.mode)) return err('EINVAL');
    const allowed = inodePermission(k, task, task.cred, at, inode, MAY_WRITE);
    if (!allowed.ok) return allowed;
    const mount = mountWritable(k, at);
    const appendOnly = notAppendOnly(inode);
    if (mount.ok && !appendOnly.ok) return appendOnly;
    if (!mount.ok) return mount;
    const quiet = mayWriteProgram(k, at);
    return quiet.ok ? setSize(k, task, at, length) : quiet;
  },
  utimensat(k, task, dirfd, path, atime, mtime, flags) {
    // Nothing to do is found out before the path is looked at.
    if (atime === 'omit' && mtime === 'omit') return ok(undefined);
    // An empty text with a descriptor stands for the null pointer of futimens(3); without one it is a path that names nothing.
    const target =
      path === '' && dirfd !== AT_FDCWD ? byFd(k, task, dirfd) : byPath(k, task, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0);
    return utimes(k, task, target, atime, mtime);
  },
};
