// Calls that change what an inode is: mode, owner, size, times, extended attributes.
// Counterpart: fs/attr.c, fs/open.c, fs/xattr.c, security/commoncap.c; chmod(2), chown(2), utimensat(2), xattr(7)

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, FS_APPEND_FL, FS_IMMUTABLE_FL, XATTR_CREATE, XATTR_REPLACE } from '#abi/flags.ts';
import { isDir, isReg, MAY_READ, MAY_WRITE, S_IFMT, S_ISGID } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res } from '../context.ts';
import { makeKgid, makeKuid } from '../cred/ids.ts';
import { contextAttribute, keepsContexts, validContext } from '../lsm/selinux/attributes.ts';
import type { Inode, Kgid, Kuid, Location, Task } from '../state.ts';
import type { Utime } from '../uapi/index.ts';
import { fileOf, writable } from './files.ts';
import { changeInode, inodeAt, mountOf, superblockOf } from './inodes.ts';
import { walk } from './namei.ts';
import { capableWrtInode, inGroup, inodeOwnerOrCapable, inodePermission, mountWritable, ownerOf, storedId } from './permission.ts';
import { setSize, withoutSetid } from './regular.ts';

type AttributeCalls =
  | 'fchmod'
  | 'fchmodat'
  | 'fchown'
  | 'fchownat'
  | 'ftruncate'
  | 'truncate'
  | 'utimensat'
  | 'getxattr'
  | 'setxattr'
  | 'listxattr'
  | 'removexattr';

interface Found {
  readonly at: Location;
  readonly inode: Inode;
}

function byPath(k: Kernel, task: Task, dirfd: number, path: string, follow: boolean): Res<Found> {
  const walked = walk(k, task, dirfd, path, { follow });
  if (!walked.ok) return walked;
  const { at, inode, magic } = walked.value;
  if (magic !== null && 'file' in magic) {
    const target = k.state.files.get(magic.file)?.target;
    if (target?.kind === 'inode') return found(k, task, target.at);
  }
  return at === null || inode === null ? err('ENOENT') : ok({ at, inode });
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

/** What every change of an inode asks first: a writable mount, and no immutable flag. */
function changeable(k: Kernel, { at, inode }: Found): Res<void> {
  const mount = mountWritable(k, at);
  if (!mount.ok) return mount;
  if ((inode.flags ?? 0) & (FS_IMMUTABLE_FL | FS_APPEND_FL)) return err('EPERM', deny([check('inode.immutable', 'deny')]));
  return k.drivers[superblockOf(k, at).fstype] === undefined
    ? ok(undefined)
    : err('EPERM', deny([check('fs.virtual', 'deny', { fstype: superblockOf(k, at).fstype })]));
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
  changeInode(k, mountOf(k, at.mount).sb, at.ino, { mode: (inode.mode & S_IFMT) | bits, ctime: k.state.realtime });
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
    deny([
      check(userOk ? 'chgrp.owner' : 'chown.owner', 'skip', {
        fsuid: cred.fsuid,
        fsgid: cred.fsgid,
        groups: cred.groups,
        uid: owner.uid,
        gid: owner.gid,
        toUid: uid ?? null,
        toGid: gid ?? null,
      }),
      check('cap.CHOWN', 'deny', { effective: cred.effective, permitted: cred.permitted, bounding: cred.bounding, userNs: cred.userNs }),
    ]),
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
  const mode = isDir(inode.mode) ? inode.mode : withoutSetid(inode.mode);
  changeInode(k, mountOf(k, at.mount).sb, at.ino, {
    ...(kuid === undefined ? {} : { uid: storedId(k, at, kuid) as Kuid }),
    ...(kgid === undefined ? {} : { gid: storedId(k, at, kgid) as Kgid }),
    mode,
    ...(!isDir(inode.mode) && inode.xattrs?.has(CAPABILITY) ? { xattrs: inode.xattrs.delete(CAPABILITY) } : {}),
    ctime: k.state.realtime,
  });
  return ok(undefined);
}

function utimes(k: Kernel, task: Task, target: Res<Found>, atime: Utime, mtime: Utime): Res<void> {
  if (!target.ok) return target;
  const { at, inode } = target.value;
  if (atime === 'omit' && mtime === 'omit') return ok(undefined);
  const writableMount = mountWritable(k, at);
  if (!writableMount.ok) return writableMount;
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!owner.ok) {
    if (atime !== 'now' || mtime !== 'now') return owner;
    const write = inodePermission(k, task, task.cred, at, inode, MAY_WRITE);
    if (!write.ok) return write;
  }
  const ready = changeable(k, target.value);
  if (!ready.ok) return ready;
  const now = k.state.realtime;
  const pick = (time: Utime, old: bigint): bigint => (time === 'now' ? now : time === 'omit' ? old : time);
  changeInode(k, mountOf(k, at.mount).sb, at.ino, { atime: pick(atime, inode.atime), mtime: pick(mtime, inode.mtime), ctime: now });
  return ok(undefined);
}

const CAPABILITY = 'security.capability';
const CONTEXT = 'security.selinux';

/** The SELinux context as an attribute: every inode has one while the module is on. Counterpart: selinux_inode_getsecurity */
const contextOf = (k: Kernel, { at, inode }: Found, name: string): Uint8Array | undefined =>
  name === CONTEXT && k.state.lsm?.kind === 'selinux' ? contextAttribute(k, at, inode) : undefined;

/** Who may read or change an attribute, by its name's prefix. */
function xattrAllowed(k: Kernel, task: Task, { at, inode }: Found, name: string, write: boolean): Res<void> {
  const denied = (cap: string): Res<void> =>
    err(
      'EPERM',
      deny([
        check(`cap.${cap}`, 'deny', {
          effective: task.cred.effective,
          permitted: task.cred.permitted,
          bounding: task.cred.bounding,
          userNs: task.cred.userNs,
        }),
      ]),
    );
  if (name === CAPABILITY)
    return !write || capableWrtInode(k, task.cred, ownerOf(k, at, inode), 'CAP_SETFCAP') ? ok(undefined) : denied('SETFCAP');
  if (name === CONTEXT && k.state.lsm?.kind === 'selinux') return write ? inodeOwnerOrCapable(k, task.cred, at, inode) : ok(undefined);
  if (name.startsWith('security.') || name.startsWith('trusted.')) {
    if (!write && name.startsWith('security.')) return ok(undefined);
    return capableWrtInode(k, task.cred, ownerOf(k, at, inode), 'CAP_SYS_ADMIN') ? ok(undefined) : denied('SYS_ADMIN');
  }
  if (name.startsWith('user.')) {
    if (!isReg(inode.mode) && !isDir(inode.mode)) return err(write ? 'EPERM' : 'ENODATA');
    if (write && isDir(inode.mode) && (inode.mode & 0o1000) !== 0) {
      const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
      if (!owner.ok) return owner;
    }
    return inodePermission(k, task, task.cred, at, inode, write ? MAY_WRITE : MAY_READ);
  }
  return err('EOPNOTSUPP');
}

function changeXattrs(k: Kernel, target: Found, change: (old: PMap<Uint8Array>) => PMap<Uint8Array>): void {
  changeInode(k, mountOf(k, target.at.mount).sb, target.at.ino, {
    xattrs: change(target.inode.xattrs ?? PMap.empty()),
    ctime: k.state.realtime,
  });
}

export const attributeHandlers: Handlers<AttributeCalls> = {
  fchmod: (k, task, fd, mode) => chmod(k, task, byFd(k, task, fd), mode),
  fchmodat: (k, task, dirfd, path, mode) => chmod(k, task, byPath(k, task, dirfd, path, true), mode),
  fchown: (k, task, fd, uid, gid) => chown(k, task, byFd(k, task, fd), uid, gid),
  fchownat: (k, task, dirfd, path, uid, gid, flags) =>
    chown(k, task, byPath(k, task, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0), uid, gid),
  ftruncate(k, task, fd, length) {
    const open = fileOf(k, task, fd);
    if (!open.ok) return open;
    const { target } = open.value.file;
    if (!writable(open.value.file) || target.kind !== 'inode') return err('EINVAL');
    return setSize(k, task, target.at, length);
  },
  truncate(k, task, path, length) {
    const target = byPath(k, task, AT_FDCWD, path, true);
    if (!target.ok) return target;
    const { at, inode } = target.value;
    if (isDir(inode.mode)) return err('EISDIR');
    if (!isReg(inode.mode)) return err('EINVAL');
    const allowed = inodePermission(k, task, task.cred, at, inode, MAY_WRITE);
    if (!allowed.ok) return allowed;
    const mount = mountWritable(k, at);
    return mount.ok ? setSize(k, task, at, length) : mount;
  },
  utimensat(k, task, dirfd, path, atime, mtime, flags) {
    const target = path === '' ? byFd(k, task, dirfd) : byPath(k, task, dirfd, path, (flags & AT_SYMLINK_NOFOLLOW) === 0);
    return utimes(k, task, target, atime, mtime);
  },
  getxattr(k, task, path, name, follow) {
    const target = byPath(k, task, AT_FDCWD, path, follow);
    if (!target.ok) return target;
    const allowed = xattrAllowed(k, task, target.value, name, false);
    if (!allowed.ok) return allowed;
    const value = contextOf(k, target.value, name) ?? target.value.inode.xattrs?.get(name);
    return value === undefined ? err('ENODATA') : ok(value);
  },
  setxattr(k, task, path, name, value, flags, follow) {
    const target = byPath(k, task, AT_FDCWD, path, follow);
    if (!target.ok) return target;
    const ready = changeable(k, target.value);
    if (!ready.ok) return ready;
    const allowed = xattrAllowed(k, task, target.value, name, true);
    if (!allowed.ok) return allowed;
    if (name === CONTEXT && k.state.lsm?.kind === 'selinux') {
      if (!keepsContexts(k, target.value.at)) return err('EOPNOTSUPP');
      const valid = validContext(new TextDecoder().decode(value));
      if (!valid.ok) return valid;
    }
    const there = target.value.inode.xattrs?.has(name) ?? false;
    if (flags & XATTR_CREATE && there) return err('EEXIST');
    if (flags & XATTR_REPLACE && !there) return err('ENODATA');
    changeXattrs(k, target.value, (old) => old.set(name, value.slice()));
    return ok(undefined);
  },
  listxattr(k, task, path, follow) {
    const target = byPath(k, task, AT_FDCWD, path, follow);
    if (!target.ok) return target;
    const names = new Set(target.value.inode.xattrs?.keys() ?? []);
    if (contextOf(k, target.value, CONTEXT) !== undefined) names.add(CONTEXT);
    return ok([...names]);
  },
  removexattr(k, task, path, name, follow) {
    const target = byPath(k, task, AT_FDCWD, path, follow);
    if (!target.ok) return target;
    const ready = changeable(k, target.value);
    if (!ready.ok) return ready;
    const allowed = xattrAllowed(k, task, target.value, name, true);
    if (!allowed.ok) return allowed;
    if (!target.value.inode.xattrs?.has(name)) return err('ENODATA');
    changeXattrs(k, target.value, (old) => old.delete(name));
    return ok(undefined);
  },
};
