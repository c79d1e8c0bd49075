// Extended attributes, and the access control lists that are set through them.
// Counterpart: fs/xattr.c, fs/posix_acl.c, security/commoncap.c; xattr(7), acl(5)

import type { Capability } from '#abi/capability.ts';
import { AT_FDCWD, XATTR_CREATE, XATTR_REPLACE } from '#abi/flags.ts';
import { isDir, isLnk, isReg, MAY_READ, MAY_WRITE, S_ISGID } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { parseFileCaps } from '../cred/exec.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import { contextAttribute, keepsContexts, validContext } from '../lsm/selinux/attributes.ts';
import type { Acl, Inode, Task } from '../state.ts';
import { aclMode, decodeAcl, encodeAcl } from './acl.ts';
import { byPath, changeable, type Found } from './attributes.ts';
import { changeInode, mountOf, superblockOf } from './inodes.ts';
import { capableWrtInode, inGroup, inodeOwnerOrCapable, inodePermission, ownerOf } from './permission.ts';

const CAPABILITY = 'security.capability';
const CONTEXT = 'security.selinux';
const ACCESS = 'system.posix_acl_access';
const DEFAULT = 'system.posix_acl_default';
const NAME_MAX = 255;

const listOf = (inode: Inode, name: string): Acl | undefined =>
  name === ACCESS ? inode.acl : name === DEFAULT ? inode.defaultAcl : undefined;

const labels = (k: Kernel, name: string): boolean => name === CONTEXT && k.state.lsm?.kind === 'selinux';

/** The SELinux context as an attribute: every inode has one while the module is on. Counterpart: selinux_inode_getsecurity */
const contextOf = (k: Kernel, { at, inode }: Found, name: string): Uint8Array | undefined =>
  labels(k, name) ? contextAttribute(k, at, inode) : undefined;

/** A name without its prefix's rest, too long or empty. Counterpart: import_xattr_name, xattr_resolve_name */
function badName(name: string): Res<void> {
  if (name.length === 0 || name.length > NAME_MAX) return err('ERANGE');
  return /^(user|security|trusted)\.$/.test(name) ? err('EINVAL') : ok(undefined);
}

/** Who may read or change an attribute, by its name's prefix. */
function xattrAllowed(k: Kernel, task: Task, { at, inode }: Found, name: string, write: boolean): Res<void> {
  const denied = (cap: Capability): Res<void> => err('EPERM', deny([lacks(task.cred, cap)], at));
  if (name === CAPABILITY)
    return !write || capableWrtInode(k, task.cred, ownerOf(k, at, inode), 'CAP_SETFCAP') ? ok(undefined) : denied('CAP_SETFCAP');
  if (labels(k, name)) return write ? inodeOwnerOrCapable(k, task.cred, at, inode) : ok(undefined);
  if (name.startsWith('security.') || name.startsWith('trusted.')) {
    if (!write && name.startsWith('security.')) return ok(undefined);
    // Trusted attributes do not exist for the others; the check is against the initial namespace.
    const admin = name.startsWith('trusted.')
      ? nsCapable(k.state, task.cred, 0, 'CAP_SYS_ADMIN')
      : capableWrtInode(k, task.cred, ownerOf(k, at, inode), 'CAP_SYS_ADMIN');
    return admin ? ok(undefined) : write ? denied('CAP_SYS_ADMIN') : err('ENODATA');
  }
  if (name.startsWith('user.')) {
    if (!isReg(inode.mode) && !isDir(inode.mode)) return write ? refuse('EPERM', 'xattr.user', { mode: inode.mode }, at) : err('ENODATA');
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

/** Sets or (null) removes a list; the mode follows an access list. Counterpart: set_posix_acl, simple_set_acl */
function setAcl(k: Kernel, task: Task, { at, inode }: Found, name: string, acl: Acl | null): Res<void> {
  if (isLnk(inode.mode) || k.drivers[superblockOf(k, at).fstype] !== undefined) return err('EOPNOTSUPP');
  if (name === DEFAULT && !isDir(inode.mode)) return acl === null ? ok(undefined) : refuse('EACCES', 'acl.default');
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!owner.ok) return owner;
  const { sb } = mountOf(k, at.mount);
  const ctime = k.state.realtime;
  if (name === DEFAULT) {
    changeInode(k, sb, at.ino, { defaultAcl: acl ?? undefined, ctime });
    return ok(undefined);
  }
  if (acl === null) {
    changeInode(k, sb, at.ino, { acl: undefined, ctime });
    return ok(undefined);
  }
  const { bits, minimal } = aclMode(acl);
  const ids = ownerOf(k, at, inode);
  const keeps = inGroup(task.cred, ids.gid) || capableWrtInode(k, task.cred, ids, 'CAP_FSETID');
  const mode = ((inode.mode & ~0o777) | bits) & (keeps ? -1 : ~S_ISGID);
  changeInode(k, sb, at.ino, { mode, acl: minimal ? undefined : acl, ctime });
  return ok(undefined);
}

function change(k: Kernel, task: Task, path: string, follow: boolean, name: string): Res<Found> {
  const named = badName(name);
  if (!named.ok) return named;
  const target = byPath(k, task, AT_FDCWD, path, follow);
  if (!target.ok) return target;
  const ready = changeable(k, target.value);
  return ready.ok ? target : ready;
}

export const xattrHandlers: Handlers<'getxattr' | 'setxattr' | 'listxattr' | 'removexattr'> = {
  getxattr(k, task, path, name, follow) {
    const named = badName(name);
    if (!named.ok) return named;
    const target = byPath(k, task, AT_FDCWD, path, follow);
    if (!target.ok) return target;
    const { at, inode } = target.value;
    if (name === ACCESS || name === DEFAULT) {
      if (isLnk(inode.mode) || k.drivers[superblockOf(k, at).fstype] !== undefined) return err('EOPNOTSUPP');
      const acl = listOf(inode, name);
      return acl === undefined ? err('ENODATA') : ok(encodeAcl(k, task, acl));
    }
    const allowed = xattrAllowed(k, task, target.value, name, false);
    if (!allowed.ok) return allowed;
    const value = contextOf(k, target.value, name) ?? inode.xattrs?.get(name);
    return value === undefined ? err('ENODATA') : ok(value);
  },
  setxattr(k, task, path, name, value, flags, follow) {
    if (flags & ~(XATTR_CREATE | XATTR_REPLACE)) return err('EINVAL');
    const target = change(k, task, path, follow, name);
    if (!target.ok) return target;
    if (name === ACCESS || name === DEFAULT) {
      const acl = decodeAcl(k, task, value);
      return acl.ok ? setAcl(k, task, target.value, name, acl.value) : acl;
    }
    const allowed = xattrAllowed(k, task, target.value, name, true);
    if (!allowed.ok) return allowed;
    if (name === CAPABILITY && parseFileCaps(value) === undefined) return err('EINVAL');
    if (labels(k, name)) {
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
    const { inode } = target.value;
    const trusted = nsCapable(k.state, task.cred, 0, 'CAP_SYS_ADMIN');
    const names = new Set([...(inode.xattrs?.keys() ?? [])].filter((name) => trusted || !name.startsWith('trusted.')));
    if (contextOf(k, target.value, CONTEXT) !== undefined) names.add(CONTEXT);
    return ok([...[ACCESS, DEFAULT].filter((name) => listOf(inode, name) !== undefined), ...names]);
  },
  removexattr(k, task, path, name, follow) {
    const target = change(k, task, path, follow, name);
    if (!target.ok) return target;
    if (name === ACCESS || name === DEFAULT) return setAcl(k, task, target.value, name, null);
    const allowed = xattrAllowed(k, task, target.value, name, true);
    if (!allowed.ok) return allowed;
    if (!target.value.inode.xattrs?.has(name)) return err('ENODATA');
    changeXattrs(k, target.value, (old) => old.delete(name));
    return ok(undefined);
  },
};
