// mount(2), umount2(2), pivot_root(2). Counterpart: fs/namespace.c, mm/shmem.c, fs/overlayfs/params.c

import {
  AT_FDCWD,
  MNT_DETACH,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SILENT,
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
  O_PATH,
} from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res } from '../context.ts';
import { withState } from '../copy.ts';
import { need } from '../cred/need.ts';
import type { Location, Mount, Superblock, Task } from '../state.ts';
import { crossMounts } from './covers.ts';
import { diskContents } from './disks.ts';

import { writable } from './files.ts';
import { inodeAt, mountOf, superblockOf } from './inodes.ts';
import { addSuperblock, attach, changeMount, copyTree, isBelow, MOUNT_DEFAULTS, namespaceOf, subtree } from './mounts.ts';

import { walk } from './namei.ts';
import { newSuperblock, optionsOf, place, tmpfsOptions } from './newSuperblock.ts';
import { bindNamespace } from './nsfs.ts';
import { changePropagation, detachEverywhere, propagateAttach } from './propagation.ts';
import { sweepMounts } from './reclaim.ts';
import { KNOWN_FILESYSTEMS, mayMountNew } from './usernsMounts.ts';

type MountCalls = 'mount' | 'umount2' | 'pivot_root';

const PROPAGATION = MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;

const mayMount = (k: Kernel, task: Task): Res<void> => need(k, task, namespaceOf(k, task).userNs, 'CAP_SYS_ADMIN');

function flagsOf(flags: number): Pick<Mount, 'readonly' | 'nosuid' | 'nodev' | 'noexec' | 'atime'> {
  return {
    readonly: (flags & MS_RDONLY) !== 0,
    nosuid: (flags & MS_NOSUID) !== 0,
    nodev: (flags & MS_NODEV) !== 0,
    noexec: (flags & MS_NOEXEC) !== 0,
    atime: flags & MS_NOATIME ? 'noatime' : flags & MS_STRICTATIME ? 'strictatime' : 'relatime',
  };
}

/** Would a remount take away a flag that came with a copied namespace? Counterpart: can_change_locked_flags */
function takesLockedFlag(mount: Mount, flags: number): boolean {
  const next = flagsOf(flags);
  return mount.lockedFlags?.some((flag) => !next[flag]) ?? false;
}

const lockedMount = (mount: Mount, errno: 'EINVAL' | 'EPERM'): Res<void> =>
  err(errno, deny([check('mount.locked', 'deny')], { mount: mount.id, ino: mount.root }));

function remount(k: Kernel, task: Task, at: Location, flags: number, data: string): Res<void> {
  const mount = mountOf(k, at.mount);
  if (at.ino !== mount.root) return err('EINVAL');
  if (takesLockedFlag(mount, flags)) return lockedMount(mount, 'EPERM');
  const keep = flags & (MS_NOATIME | MS_STRICTATIME | MS_RELATIME) ? {} : { atime: mount.atime };
  if (flags & MS_BIND && flags & MS_RDONLY && !mount.readonly && writtenTo(k, (id) => id === mount.id)) return err('EBUSY');
  if (flags & MS_BIND) {
    // idmap=INSIDE:OUTSIDE:COUNT stands for mount_setattr(2) with MOUNT_ATTR_IDMAP.
    const map = optionsOf(data).get('idmap')?.split(':').map(Number);
    const idmap = map === undefined ? {} : { idmap: [{ inside: map[0] as number, outside: map[1] as number, count: map[2] as number }] };
    changeMount(k, task.mountNs, mount.id, { ...flagsOf(flags), ...keep, ...idmap });
    return ok(undefined);
  }
  const sb = superblockOf(k, at);
  const may = need(k, task, sb.userNs, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  const same = (id: number): boolean => k.state.mounts.get(id)?.sb === mount.sb;
  if (flags & MS_RDONLY && !sb.readonly && writtenTo(k, same)) return err('EBUSY');
  const options = optionsOf(data);
  const tmpfs =
    sb.fstype === 'tmpfs' && options.size > 0
      ? tmpfsOptions(options, Number(k.state.sysctls['machine/memoryKiB'] ?? 8_000_000))
      : undefined;
  const changed = {
    ...sb,
    readonly: (flags & MS_RDONLY) !== 0,
    ...(tmpfs ? { options: tmpfs.text, sizeLimit: tmpfs.size, inodeLimit: tmpfs.inodes } : {}),
  };
  k.state = withState(k.state, { superblocks: k.state.superblocks.set(mount.sb, changed) });
  changeMount(k, task.mountNs, mount.id, { ...flagsOf(flags), ...keep });
  return ok(undefined);
}

/** The root cannot go away: to unmount it makes its file system read-only. Counterpart: do_umount_root */
function readOnlyRoot(k: Kernel, task: Task, mount: Mount): Res<void> {
  const sb = k.state.superblocks.get(mount.sb) as Superblock;
  const may = need(k, task, sb.userNs, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  k.state = withState(k.state, { superblocks: k.state.superblocks.set(mount.sb, { ...sb, readonly: true }) });
  return ok(undefined);
}

function bind(k: Kernel, task: Task, source: string, at: Location, recursive: boolean): Res<void> {
  const walked = walk(k, task, AT_FDCWD, source, { follow: true });
  if (walked.ok && walked.value.magic !== null && 'ns' in walked.value.magic)
    return bindNamespace(k, task, { type: walked.value.magic.ns, ns: walked.value.magic.id }, at);
  const from = place(k, task, source);
  if (!from.ok) return from;
  const inode = inodeAt(k, from.value, task);
  const target = inodeAt(k, at, task);
  if (inode === undefined || target === undefined) return err('ENOENT');
  if (isDir(inode.mode) !== isDir(target.mode)) return err('ENOTDIR');
  const mount = mountOf(k, from.value.mount);
  if (mount.unbindable) return err('EINVAL');
  let made: number;
  if (recursive) made = copyTree(k, task.mountNs, from.value.mount, from.value.ino, at);
  else {
    // Without what is mounted in it, the copy would show what locked mounts hide. Counterpart: has_locked_children
    const hiding = subtree(k, namespaceOf(k, task), mount.id).find(
      (id) =>
        mountOf(k, id).locked &&
        mountOf(k, id).parent === mount.id &&
        isBelow(k, mount.sb, (mountOf(k, id).at as Location).ino, from.value.ino),
    );
    if (hiding !== undefined) return lockedMount(mountOf(k, hiding), 'EINVAL');
    made = attach(k, task.mountNs, at, { ...mount, root: from.value.ino, locked: false });
  }
  propagateAttach(k, task.mountNs, made);
  return ok(undefined);
}

function move(k: Kernel, task: Task, source: string, at: Location): Res<void> {
  const from = place(k, task, source);
  if (!from.ok) return from;
  const mount = mountOf(k, from.value.mount);
  if (from.value.ino !== mount.root || mount.at === null) return err('EINVAL');
  if (mount.locked) return lockedMount(mount, 'EINVAL');
  if (mountOf(k, mount.at.mount).shared !== undefined) return err('EINVAL');
  const tree = subtree(k, namespaceOf(k, task), mount.id);
  if (mountOf(k, at.mount).shared !== undefined && tree.some((id) => mountOf(k, id).unbindable)) return err('EINVAL');
  if (tree.includes(at.mount)) return err('ELOOP');
  changeMount(k, task.mountNs, mount.id, { at, parent: at.mount });
  propagateAttach(k, task.mountNs, mount.id);
  return ok(undefined);
}

/** The relation of mounts to their copies. Errors: EINVAL off the top of a mount, or for more than one kind. Counterpart: do_change_type */
function changeType(k: Kernel, task: Task, at: Location, flags: number): Res<void> {
  const kind = flags & PROPAGATION;
  if (at.ino !== mountOf(k, at.mount).root || (kind & (kind - 1)) !== 0 || (flags & ~(PROPAGATION | MS_REC | MS_SILENT)) !== 0)
    return err('EINVAL');
  changePropagation(k, task.mountNs, at.mount, flags);
  return ok(undefined);
}

export const mountHandlers: Handlers<MountCalls> = {
  mount(k, task, source, target, fstype, flags, data) {
    const at = place(k, task, target);
    if (!at.ok) return at;
    const allowed = mayMount(k, task);
    if (!allowed.ok) return allowed;
    if (flags & MS_REMOUNT) return remount(k, task, at.value, flags, data);
    if (flags & MS_BIND) return bind(k, task, source, at.value, (flags & MS_REC) !== 0);
    if (flags & PROPAGATION) return changeType(k, task, at.value, flags);
    if (flags & MS_MOVE) return move(k, task, source, at.value);
    if (!KNOWN_FILESYSTEMS.includes(fstype)) return err('ENODEV');
    const may = mayMountNew(k, task, fstype, flags);
    if (!may.ok) return may;
    const sb = newSuperblock(k, task, source, fstype, data);
    if (!sb.ok) return sb;
    const directory = isDir(inodeAt(k, at.value, task)?.mode ?? 0);
    if (!directory) return err('ENOTDIR');
    const fresh = flags & MS_RDONLY ? { ...sb.value, readonly: true } : sb.value;
    const there = diskContents(k, fresh);
    if (!there.ok) return there;
    const id = there.value ?? addSuperblock(k, fresh);
    const made = attach(k, task.mountNs, at.value, { ...MOUNT_DEFAULTS, ...flagsOf(flags), sb: id, root: sb.value.root });
    propagateAttach(k, task.mountNs, made);
    return ok(undefined);
  },
  umount2(k, task, target, flags) {
    const found = place(k, task, target);
    if (!found.ok) return found;
    // The topmost mount of a stack, also for ".": that is how the old root goes after pivot_root(".", ".").
    const at = { ok: true, value: crossMounts(k, task.mountNs, found.value) } as const;
    const mount = mountOf(k, at.value.mount);
    if (at.value.ino !== mount.root) {
      const may = mayMount(k, task);
      return may.ok ? err('EINVAL') : may;
    }
    const allowed = mayMount(k, task);
    if (!allowed.ok) return allowed;
    const ns = namespaceOf(k, task);
    if (!ns.order.includes(mount.id)) return err('EINVAL');
    if (mount.locked) return lockedMount(mount, 'EINVAL');
    if (mount.id === task.root.mount && !(flags & MNT_DETACH)) return readOnlyRoot(k, task, mount);
    if (mount.id === ns.root) return err('EBUSY');
    const below = subtree(k, ns, mount.id);
    if (!(flags & MNT_DETACH) && (below.length > 1 || busy(k, mount.id))) return err('EBUSY');
    detachEverywhere(k, task.mountNs, mount.id);
    sweepMounts(k);
    return ok(undefined);
  },
  pivot_root(k, task, newRoot, putOld) {
    const allowed = mayMount(k, task);
    if (!allowed.ok) return allowed;
    const to = place(k, task, newRoot);
    if (!to.ok) return to;
    const old = place(k, task, putOld);
    if (!old.ok) return old;
    const mount = mountOf(k, to.value.mount);
    const before = task.root;
    const shared = [mount.id, mount.parent, mountOf(k, before.mount).parent].some(
      (id) => id !== null && mountOf(k, id).shared !== undefined,
    );
    if (shared) return err('EINVAL');
    if (to.value.ino !== mount.root || mount.id === before.mount || old.value.mount !== mount.id) return err('EINVAL');
    if (mount.locked) return lockedMount(mount, 'EINVAL');
    const oldRoot = mountOf(k, before.mount);
    const ns = namespaceOf(k, task);
    changeMount(k, task.mountNs, mount.id, { at: null, parent: null, ...(oldRoot.locked && { locked: true }) });
    changeMount(k, task.mountNs, oldRoot.id, { at: old.value, parent: mount.id, ...(oldRoot.locked && { locked: false }) });
    const space = namespaceOf(k, task);
    const order = [mount.id, ...space.order.filter((id) => id !== mount.id)];
    k.state = {
      ...k.state,
      mountNs: k.state.mountNs.set(task.mountNs, { ...space, root: ns.root === oldRoot.id ? mount.id : space.root, order }),
    };
    const root = { mount: mount.id, ino: mount.root };
    for (const [, other] of [...k.state.tasks.entries()]) {
      if (other.mountNs !== task.mountNs) continue;
      const moved = (at: Location): Location => (at.mount === before.mount && at.ino === before.ino ? root : at);
      k.updateTask(other.id, { root: moved(other.root), cwd: moved(other.cwd) });
    }
    return ok(undefined);
  },
};

/** Does somebody stand in a mount or have a file of it open? */
function busy(k: Kernel, mount: number): boolean {
  return (
    k.state.tasks.some(({ state, cwd, root }) => state !== 'zombie' && (cwd.mount === mount || root.mount === mount)) ||
    k.state.files.some(({ target }) => target.kind === 'inode' && target.at.mount === mount)
  );
}

/** Is a file open for writing on one of these mounts? Then they do not become read-only. Counterpart: mnt_hold_writers */
const writtenTo = (k: Kernel, which: (mount: number) => boolean): boolean =>
  k.state.files.some(
    (file) => file.target.kind === 'inode' && writable(file) && (file.flags & O_PATH) === 0 && which(file.target.at.mount),
  );
