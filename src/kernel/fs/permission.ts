// May these credentials read, write or execute this inode? Every check in order, with its operands.
// Counterpart: fs/namei.c generic_permission, inode_permission, inode_owner_or_capable; path_resolution(7), capabilities(7)

import type { Capability } from '#abi/capability.ts';
import { FS_IMMUTABLE_FL } from '#abi/flags.ts';
import { isDir, MAY_EXEC, MAY_READ, MAY_WRITE } from '#abi/mode.ts';
import { type Check, check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res, refuse } from '../context.ts';
import { kgidMapped, kuidMapped } from '../cred/ids.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import type { Credentials, IdMapExtent, Inode, Kgid, Kuid, Location, Task } from '../state.ts';
import { type AclDecision, aclPermission } from './acl.ts';
import { mountOf, superblockOf } from './inodes.ts';

export const GRANTED: Res<void> = ok(undefined);

export const inGroup = (cred: Credentials, gid: Kgid): boolean => cred.fsgid === gid || cred.groups.includes(gid);

function through(map: readonly IdMapExtent[] | null, id: number): number {
  for (const { inside, outside, count } of map ?? []) if (id >= inside && id < inside + count) return outside + (id - inside);
  return id;
}

const covers = (map: readonly IdMapExtent[], id: number): boolean => map.some(({ inside, count }) => id >= inside && id < inside + count);

/** Owner and group of an inode as seen through an idmapped mount. */
export function ownerOf(k: Kernel, at: Location, inode: Inode): { readonly uid: Kuid; readonly gid: Kgid } {
  const { idmap } = mountOf(k, at.mount);
  return idmap === null ? inode : { uid: through(idmap, inode.uid) as Kuid, gid: through(idmap, inode.gid) as Kgid };
}

/** The id to store for an owner given through an idmapped mount. */
export function storedId(k: Kernel, at: Location, id: number): number {
  for (const { inside, outside, count } of mountOf(k, at.mount).idmap ?? [])
    if (id >= outside && id < outside + count) return inside + (id - outside);
  return id;
}

/** Does a capability count for this inode: held in the caller's user namespace, with both ids mapped there. */
export function capableWrtInode(k: Kernel, cred: Credentials, owner: { readonly uid: Kuid; readonly gid: Kgid }, cap: Capability): boolean {
  return (
    nsCapable(k.state, cred, cred.userNs, cap) && kuidMapped(k.state, cred.userNs, owner.uid) && kgidMapped(k.state, cred.userNs, owner.gid)
  );
}

/** The class of mode bits that decides: exactly one, whatever the others would allow. */
function classOf(cred: Credentials, owner: { readonly uid: Kuid; readonly gid: Kgid }): 'owner' | 'group' | 'other' {
  if (cred.fsuid === owner.uid) return 'owner';
  return inGroup(cred, owner.gid) ? 'group' : 'other';
}

const SHIFT = { owner: 6, group: 3, other: 0 } as const;

/** The discretionary check of one inode. `want` is a mask of MAY_*. EACCES with a verdict when refused. */
export function genericPermission(k: Kernel, cred: Credentials, at: Location, inode: Inode, want: number): Res<void> {
  const owner = ownerOf(k, at, inode);
  const own = classOf(cred, owner);
  // A list speaks for everybody but the owner; without any group bit its mask is empty and the mode decides alone.
  const acl =
    own !== 'owner' && inode.acl !== undefined && (inode.mode & 0o070) !== 0 ? aclPermission(inode.acl, cred, owner.gid, want) : undefined;
  if (acl?.allowed ?? (want & ~((inode.mode >> SHIFT[own]) & 7)) === 0) return GRANTED;
  const directory = isDir(inode.mode);
  const override = directory || (want & MAY_EXEC) === 0 || (inode.mode & 0o111) !== 0;
  const search = directory ? (want & MAY_WRITE) === 0 : want === MAY_READ;
  if (search && capableWrtInode(k, cred, owner, 'CAP_DAC_READ_SEARCH')) return GRANTED;
  if (override && capableWrtInode(k, cred, owner, 'CAP_DAC_OVERRIDE')) return GRANTED;
  return err('EACCES', deny(refusal(k, cred, inode, owner, acl ?? own, want, search, override), at));
}

function refusal(
  k: Kernel,
  cred: Credentials,
  inode: Inode,
  owner: { readonly uid: Kuid; readonly gid: Kgid },
  decided: 'owner' | 'group' | 'other' | AclDecision,
  want: number,
  search: boolean,
  override: boolean,
): readonly Check[] {
  const ids = { mode: inode.mode, uid: owner.uid, gid: owner.gid, want };
  const dac: Check[] = [];
  if (typeof decided !== 'string') {
    const { entry, perm, mask } = decided;
    dac.push(check('dac.owner', 'skip', { fsuid: cred.fsuid, ...ids }));
    dac.push(check('dac.acl', 'deny', { fsuid: cred.fsuid, fsgid: cred.fsgid, groups: cred.groups, entry, perm, mask, ...ids }));
    return [...dac, ...capabilityChecks(k, cred, owner, search, override)];
  }
  const own = decided;
  if (own !== 'owner') dac.push(check('dac.owner', 'skip', { fsuid: cred.fsuid, ...ids }));
  if (own === 'other') dac.push(check('dac.group', 'skip', { fsgid: cred.fsgid, groups: cred.groups, ...ids }));
  dac.push(check(`dac.${own}`, 'deny', { fsuid: cred.fsuid, fsgid: cred.fsgid, groups: cred.groups, ...ids }));
  return [...dac, ...capabilityChecks(k, cred, owner, search, override)];
}

function capabilityChecks(
  k: Kernel,
  cred: Credentials,
  owner: { readonly uid: Kuid; readonly gid: Kgid },
  search: boolean,
  override: boolean,
): readonly Check[] {
  const mapped = kuidMapped(k.state, cred.userNs, owner.uid) && kgidMapped(k.state, cred.userNs, owner.gid);
  const cap = (name: 'CAP_DAC_READ_SEARCH' | 'CAP_DAC_OVERRIDE', applies: boolean): Check => ({
    ...lacks(cred, name, undefined, { applies, mapped }),
    outcome: applies ? 'deny' : 'skip',
  });
  return [cap('CAP_DAC_READ_SEARCH', search), cap('CAP_DAC_OVERRIDE', override)];
}

/** Superblock, immutable flag and unmapped owners, then the discretionary check, then what the file system adds. */
export function inodePermission(k: Kernel, task: Task, cred: Credentials, at: Location, inode: Inode, want: number): Res<void> {
  const sb = superblockOf(k, at);
  if ((want & MAY_WRITE) !== 0) {
    const data = (inode.mode & 0o170000) === 0o100000 || isDir(inode.mode) || (inode.mode & 0o170000) === 0o120000;
    if (sb.readonly && data) return refuse('EROFS', 'sb.readonly', { fstype: sb.fstype }, at);
    if (((inode.flags ?? 0) & FS_IMMUTABLE_FL) !== 0) return refuse('EPERM', 'inode.immutable', {}, at);
    // Only an idmapped mount can leave an owner without an id; what the caller's own namespace shows does not matter here.
    const { idmap } = mountOf(k, at.mount);
    if (idmap !== null && !(covers(idmap, inode.uid) && covers(idmap, inode.gid)))
      return refuse('EACCES', 'inode.unmapped', { uid: inode.uid, gid: inode.gid, userNs: cred.userNs }, at);
  }
  const dac = genericPermission(k, cred, at, inode, want);
  if (!dac.ok) return dac;
  return k.drivers[sb.fstype]?.permission?.(k, mountOf(k, at.mount).sb, at.ino, task, want) ?? GRANTED;
}

/** Is the mount or its superblock read-only? EROFS with the check. Counterpart: mnt_want_write */
export function mountWritable(k: Kernel, at: Location): Res<void> {
  const mount = mountOf(k, at.mount);
  if (mount.readonly) return refuse('EROFS', 'mount.readonly', {}, at);
  const sb = superblockOf(k, at);
  return sb.readonly ? refuse('EROFS', 'sb.readonly', { fstype: sb.fstype }, at) : GRANTED;
}

/** Owner, or CAP_FOWNER over the inode. */
export function inodeOwnerOrCapable(k: Kernel, cred: Credentials, at: Location, inode: Inode): Res<void> {
  const owner = ownerOf(k, at, inode);
  if (cred.fsuid === owner.uid || capableWrtInode(k, cred, owner, 'CAP_FOWNER')) return GRANTED;
  return err('EPERM', deny([check('inode.owner', 'skip', { fsuid: cred.fsuid, uid: owner.uid }), lacks(cred, 'CAP_FOWNER')], at));
}

/** Deleting from a sticky directory: own the file or the directory, or CAP_FOWNER. Counterpart: check_sticky */
export function stickyAllows(k: Kernel, cred: Credentials, dirAt: Location, dir: Inode, at: Location, victim: Inode): Res<void> {
  if ((dir.mode & 0o1000) === 0) return GRANTED;
  const file = ownerOf(k, at, victim);
  const folder = ownerOf(k, dirAt, dir);
  if (cred.fsuid === file.uid || cred.fsuid === folder.uid || capableWrtInode(k, cred, file, 'CAP_FOWNER')) return GRANTED;
  return err(
    'EPERM',
    deny([check('sticky', 'skip', { fsuid: cred.fsuid, fileUid: file.uid, dirUid: folder.uid }), lacks(cred, 'CAP_FOWNER')], at),
  );
}
