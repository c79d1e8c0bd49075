// POSIX access control lists: how they are stored, what they allow, what new inodes inherit.
// Counterpart: fs/posix_acl.c; acl(5). Ids in the state are kernel ids.

import { isDir, MAY_EXEC, MAY_READ, MAY_WRITE } from '#abi/mode.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { fromKgid, fromKuid, makeKgid, makeKuid } from '../cred/ids.ts';
import type { Acl, AclEntry, Credentials, Inode, Kgid, Kuid, Task } from '../state.ts';

const USER_OBJ = 0x01;
const USER = 0x02;
const GROUP_OBJ = 0x04;
const GROUP = 0x08;
const MASK = 0x10;
const OTHER = 0x20;
const ORDER: readonly number[] = [USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER];
const VERSION = 2;
const NO_ID = 0xffffffff;
const HEADER = 4;
const ENTRY = 8;

const permOf = (acl: Acl, tag: number): number | undefined => acl.find((entry) => entry.tag === tag)?.perm;

/**
 * The list in an attribute's value, with ids of the caller's user namespace. EINVAL for anything but one entry of each
 * class in order, and a mask where there are named entries. Null: an empty value, no list.
 * Counterpart: posix_acl_from_xattr, posix_acl_valid
 */
export function decodeAcl(k: Kernel, task: Task, value: Uint8Array): Res<Acl | null> {
  if (value.length === 0) return ok(null);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  if (value.length < HEADER || (value.length - HEADER) % ENTRY !== 0) return err('EINVAL');
  if (view.getUint32(0, true) !== VERSION) return err('EOPNOTSUPP');
  if (value.length === HEADER) return ok(null);
  const acl: AclEntry[] = [];
  for (let at = HEADER; at < value.length; at += ENTRY) {
    const tag = view.getUint16(at, true);
    const perm = view.getUint16(at + 2, true);
    const given = view.getUint32(at + 4, true);
    const { userNs } = task.cred;
    const id = tag === USER ? makeKuid(k.state, userNs, given) : tag === GROUP ? makeKgid(k.state, userNs, given) : NO_ID;
    if (id === undefined || perm > 7) return err('EINVAL');
    acl.push({ tag, perm, id });
  }
  return valid(acl) ? ok(acl) : err('EINVAL');
}

function valid(acl: Acl): boolean {
  const once = [USER_OBJ, GROUP_OBJ, OTHER].every((tag) => acl.filter((entry) => entry.tag === tag).length === 1);
  const masks = acl.filter((entry) => entry.tag === MASK).length;
  const named = acl.filter((entry) => entry.tag === USER || entry.tag === GROUP);
  const sorted = acl.every((entry, at) => at === 0 || ORDER.indexOf(entry.tag) >= ORDER.indexOf((acl[at - 1] as AclEntry).tag));
  return once && sorted && masks <= 1 && (named.length === 0 || masks === 1) && acl.every(({ tag }) => ORDER.includes(tag));
}

/** The attribute's value as the caller's user namespace shows it. Counterpart: posix_acl_to_xattr */
export function encodeAcl(k: Kernel, task: Task, acl: Acl): Uint8Array {
  const value = new Uint8Array(HEADER + ENTRY * acl.length);
  const view = new DataView(value.buffer);
  view.setUint32(0, VERSION, true);
  acl.forEach(({ tag, perm, id }, index) => {
    const at = HEADER + ENTRY * index;
    const { userNs } = task.cred;
    const shown = tag === USER ? fromKuid(k.state, userNs, id as Kuid) : tag === GROUP ? fromKgid(k.state, userNs, id as Kgid) : NO_ID;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, perm, true);
    view.setUint32(at + 4, shown, true);
  });
  return value;
}

/** Mode bits that stand for the list; `minimal`: it says no more than them. Counterpart: posix_acl_equiv_mode */
export function aclMode(acl: Acl): { readonly bits: number; readonly minimal: boolean } {
  const group = permOf(acl, MASK) ?? permOf(acl, GROUP_OBJ) ?? 0;
  return { bits: ((permOf(acl, USER_OBJ) ?? 0) << 6) | (group << 3) | (permOf(acl, OTHER) ?? 0), minimal: acl.length === 3 };
}

/** The list after chmod: owner, mask (or group) and other follow the mode. Counterpart: __posix_acl_chmod_masq */
export function aclAfterChmod(acl: Acl, mode: number): Acl {
  const group = permOf(acl, MASK) === undefined ? GROUP_OBJ : MASK;
  return acl.map((entry) => {
    const shift = entry.tag === USER_OBJ ? 6 : entry.tag === group ? 3 : entry.tag === OTHER ? 0 : undefined;
    return shift === undefined ? entry : { ...entry, perm: (mode >> shift) & 7 };
  });
}

export interface AclDecision {
  readonly allowed: boolean;
  /** The entry that decided, in the words of acl(5). */
  readonly entry: 'user' | 'group' | 'other';
  readonly perm: number;
  readonly mask: number;
}

/** What the list says to somebody who is not the owner. Counterpart: posix_acl_permission; acl(5) "Access check algorithm" */
export function aclPermission(acl: Acl, cred: Credentials, gid: Kgid, want: number): AclDecision {
  const mask = permOf(acl, MASK) ?? 7;
  const asked = want & (MAY_READ | MAY_WRITE | MAY_EXEC);
  const user = acl.find(({ tag, id }) => tag === USER && id === cred.fsuid);
  if (user !== undefined) return { allowed: (asked & ~(user.perm & mask)) === 0, entry: 'user', perm: user.perm, mask };
  const member = (id: number): boolean => cred.fsgid === id || cred.groups.includes(id as Kgid);
  const groups = acl.filter(({ tag, id }) => (tag === GROUP_OBJ && member(gid)) || (tag === GROUP && member(id)));
  const granting = groups.find(({ perm }) => (asked & ~perm) === 0);
  if (granting !== undefined) return { allowed: (asked & ~mask) === 0, entry: 'group', perm: granting.perm, mask };
  if (groups.length > 0) return { allowed: false, entry: 'group', perm: (groups[0] as AclEntry).perm, mask };
  const other = permOf(acl, OTHER) ?? 0;
  return { allowed: (asked & ~other) === 0, entry: 'other', perm: other, mask: 7 };
}

/**
 * Mode and lists of a new inode below a directory with a default list, where the umask does not count.
 * Counterpart: posix_acl_create, posix_acl_create_masq
 */
export function inheritAcl(defaultAcl: Acl, mode: number): Pick<Inode, 'mode' | 'acl' | 'defaultAcl'> {
  const group = permOf(defaultAcl, MASK) === undefined ? GROUP_OBJ : MASK;
  const acl = defaultAcl.map((entry) => {
    const shift = entry.tag === USER_OBJ ? 6 : entry.tag === group ? 3 : entry.tag === OTHER ? 0 : undefined;
    return shift === undefined ? entry : { ...entry, perm: entry.perm & (mode >> shift) & 7 };
  });
  const { bits, minimal } = aclMode(acl);
  return { mode: (mode & ~0o777) | bits, ...(minimal ? {} : { acl }), ...(isDir(mode) ? { defaultAcl } : {}) };
}
