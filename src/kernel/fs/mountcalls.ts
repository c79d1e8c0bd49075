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
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
  O_PATH,
} from '#abi/flags.ts';
import { isBlk, isDir, makedev } from '#abi/mode.ts';
import { PVec } from '#base/pvec.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok, type Res } from '../context.ts';
import { withState } from '../copy.ts';
import { makeKgid, makeKuid } from '../cred/ids.ts';
import { need } from '../cred/need.ts';
import { validContext } from '../lsm/selinux/attributes.ts';
import type { Kgid, Kuid, Location, Mount, Superblock, Task } from '../state.ts';
import { crossMounts } from './covers.ts';
import { diskContents } from './disks.ts';
import { writable } from './files.ts';
import { createSuperblock, inodeAt, mountOf, snapshotSuperblock, superblockOf } from './inodes.ts';
import { addSuperblock, attach, changeMount, copyTree, detach, isBelow, MOUNT_DEFAULTS, namespaceOf, subtree } from './mounts.ts';
import { walk } from './namei.ts';
import { bindNamespace } from './nsfs.ts';
import { sweepMounts } from './reclaim.ts';
import { KNOWN_FILESYSTEMS, mayMountNew } from './usernsMounts.ts';

type MountCalls = 'mount' | 'umount2' | 'pivot_root';

const PROPAGATION = MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE;

const mayMount = (k: Kernel, task: Task): Res<void> => need(k, task, namespaceOf(k, task).userNs, 'CAP_SYS_ADMIN');

function place(k: Kernel, task: Task, path: string): Res<Location> {
  const walked = walk(k, task, AT_FDCWD, path, { follow: true });
  if (!walked.ok) return walked;
  return walked.value.at === null ? err('ENOENT') : ok(walked.value.at);
}

const optionsOf = (data: string): Map<string, string> =>
  new Map(
    data
      .split(',')
      .filter((part) => part !== '')
      .map((part) => part.split(/=(.*)/s) as [string, string]),
  );

function bytes(text: string, memoryKiB: number): number {
  const match = /^(\d+)([kmgt%]?)$/i.exec(text);
  if (match === null) return 0;
  const unit = (match[2] as string).toLowerCase();
  if (unit === '%') return Math.floor((memoryKiB * 1024 * Number(match[1])) / 100);
  return Number(match[1]) * 1024 ** Math.max(0, ' kmgt'.indexOf(unit || ' '));
}

/** Options of a tmpfs in the order and units /proc/mounts shows them. Counterpart: shmem_show_options */
function tmpfsOptions(options: Map<string, string>, memoryKiB: number): { text: string; size: number | null; inodes: number | null } {
  const size = options.has('size') ? bytes(options.get('size') as string, memoryKiB) : null;
  const inodes = options.has('nr_inodes') ? bytes(options.get('nr_inodes') as string, memoryKiB) : null;
  const shown = [
    ...(size === null ? [] : [`size=${Math.ceil(size / 1024)}k`]),
    ...(inodes === null ? [] : [`nr_inodes=${inodes}`]),
    ...(options.has('mode') && Number.parseInt(options.get('mode') as string, 8) !== 0o1777
      ? [`mode=${(options.get('mode') as string).replace(/^0+(?=.)/, '')}`]
      : []),
    ...(options.has('uid') && options.get('uid') !== '0' ? [`uid=${options.get('uid')}`] : []),
    ...(options.has('gid') && options.get('gid') !== '0' ? [`gid=${options.get('gid')}`] : []),
    ...(options.has('noswap') ? ['noswap'] : []),
  ];
  return { text: shown.join(','), size, inodes };
}

/** Takes the option context="…" out of mount data; its categories have commas too. Counterpart: selinux_sb_eat_lsm_opts */
function mountContext(data: string): { readonly context?: string; readonly rest: string } {
  const [whole, context] = /(?:^|,)context="([^"]*)"/.exec(data) ?? [];
  return whole === undefined || context === undefined ? { rest: data } : { context, rest: data.replace(whole, '').replace(/^,/, '') };
}

/** Makes the file system instance for a mount. */
function newSuperblock(k: Kernel, task: Task, source: string, fstype: string, data: string): Res<Superblock> {
  const { context, rest } = mountContext(data);
  if (context !== undefined && (k.state.lsm?.kind !== 'selinux' || !validContext(context).ok)) return err('EINVAL');
  const plain = tableSuperblock(k, task, source, fstype, rest);
  const made = plain.ok && context !== undefined ? ok({ ...plain.value, context }) : plain;
  // A driver numbers its inodes from 1 and keeps none here.
  return made.ok && k.drivers[fstype] !== undefined ? ok({ ...made.value, root: 1, inodes: PVec.empty() }) : made;
}

/**
 * The disk of a file system that needs one: ENOENT, ENOTBLK. Counterpart: lookup_bdev
 * Deviates: the disks of the node have no device files, its own mounts name them as they like; elsewhere no device is a disk, ENXIO.
 */
function blockDevice(k: Kernel, task: Task, source: string): Res<void> {
  if (task.mountNs === 0 && source.startsWith('/dev/')) return ok(undefined);
  const at = place(k, task, source);
  if (!at.ok) return at;
  return err(isBlk(inodeAt(k, at.value, task)?.mode ?? 0) ? 'ENXIO' : 'ENOTBLK');
}

function tableSuperblock(k: Kernel, task: Task, source: string, fstype: string, data: string): Res<Superblock> {
  const options = optionsOf(data);
  const userNs = namespaceOf(k, task).userNs;
  const dev = makedev(0, 30 + k.state.superblocks.length);
  const now = k.state.realtime;
  const root = {
    uid: makeKuid(k.state, userNs, Number(options.get('uid') ?? 0)) ?? (0 as Kuid),
    gid: makeKgid(k.state, userNs, Number(options.get('gid') ?? 0)) ?? (0 as Kgid),
  };
  if (fstype === 'overlay') return newOverlay(k, task, source, options, dev, userNs);
  const common = { fstype, dev, source, userNs, now, ...root };
  if (fstype === 'tmpfs' || fstype === 'ramfs') {
    // The owner of the top is shown as the initial namespace knows it.
    const shown = new Map([...options, ['uid', String(root.uid)], ['gid', String(root.gid)]] as const);
    const { text, size, inodes } = tmpfsOptions(shown, Number(k.state.sysctls['machine/memoryKiB'] ?? 8_000_000));
    return ok(
      createSuperblock({
        ...common,
        options: text,
        mode: Number.parseInt(options.get('mode') ?? '1777', 8),
        sizeLimit: size,
        inodeLimit: inodes,
      }),
    );
  }
  // Made with the IPC namespace, by a task that has the namespace's uid but not yet its gid.
  if (fstype === 'mqueue') return ok(createSuperblock({ ...common, gid: 0 as Kgid, mode: 0o1777 }));
  if (fstype === 'proc') return ok(createSuperblock({ ...common, ns: task.pidNs, mode: 0o555 }));
  const shown = data.replace(/(^|,)(newinstance|ro|rw)(?=,|$)/g, '').replace(/^,/, '');
  if (fstype === 'devpts') {
    // Like the owner of a tmpfs, the group is shown as the initial namespace knows it. Counterpart: devpts_show_options
    const text = shown.replace(/(^|,)ptmxmode=0?(\d+)/, '$1ptmxmode=$2').replace(/mode=0(\d)/g, 'mode=$1');
    return ok(createSuperblock({ ...common, options: text.replace(/(^|,)gid=\d+/, `$1gid=${root.gid}`) }));
  }
  if (fstype === 'ext4') {
    const disk = blockDevice(k, task, source);
    if (!disk.ok) return disk;
  }
  if (fstype === 'ext4') return ok(createSuperblock({ ...common, dev: makedev(8, 1), options: shown }));
  return ok(createSuperblock({ ...common, options: shown, mode: 0o555 }));
}

/**
 * The directories an overlay writes to: both or none, on one writable file system that is no overlay itself; without them it takes two
 * lower ones to make an overlay. Counterpart: ovl_get_upper, ovl_get_workdir
 */
function upperLayers(k: Kernel, task: Task, options: Map<string, string>): Res<void> {
  const [upper, work] = [options.get('upperdir'), options.get('workdir')];
  if (upper === undefined) return options.get('lowerdir')?.includes(':') ? ok(undefined) : err('EINVAL');
  if (work === undefined) return err('EINVAL');
  const top = place(k, task, upper);
  if (!top.ok) return top;
  const beside = place(k, task, work);
  if (!beside.ok) return beside;
  const sb = superblockOf(k, top.value);
  if (sb.readonly || mountOf(k, top.value.mount).readonly || sb.fstype === 'overlay' || k.drivers[sb.fstype] !== undefined)
    return err('EINVAL');
  return top.value.mount === beside.value.mount ? ok(undefined) : err('EINVAL');
}

function newOverlay(k: Kernel, task: Task, source: string, options: Map<string, string>, dev: number, userNs: number): Res<Superblock> {
  const lower = options.get('lowerdir')?.split(':')[0];
  if (lower === undefined) return err('EINVAL');
  const at = place(k, task, lower);
  if (!at.ok) return at;
  const layers = upperLayers(k, task, options);
  if (!layers.ok) return layers;
  if (k.drivers[superblockOf(k, at.value).fstype] !== undefined || !isDir(inodeAt(k, at.value, task)?.mode ?? 0)) return err('EINVAL');
  const shown = ['lowerdir', 'upperdir', 'workdir'].flatMap((name) => (options.has(name) ? [`${name}=${options.get(name)}`] : []));
  const text = [...shown, ...(options.has('volatile') ? ['fsync=volatile'] : [])].join(',');
  const made = snapshotSuperblock(superblockOf(k, at.value), at.value.ino, { dev, source, options: text, userNs });
  return ok(options.has('upperdir') ? made : { ...made, readonly: true });
}

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
  if (recursive) copyTree(k, task.mountNs, from.value.mount, from.value.ino, at);
  else {
    // Without what is mounted in it, the copy would show what locked mounts hide. Counterpart: has_locked_children
    const hiding = subtree(k, namespaceOf(k, task), mount.id).find(
      (id) =>
        mountOf(k, id).locked &&
        mountOf(k, id).parent === mount.id &&
        isBelow(k, mount.sb, (mountOf(k, id).at as Location).ino, from.value.ino),
    );
    if (hiding !== undefined) return lockedMount(mountOf(k, hiding), 'EINVAL');
    attach(k, task.mountNs, at, { ...mount, root: from.value.ino, locked: false });
  }
  return ok(undefined);
}

function move(k: Kernel, task: Task, source: string, at: Location): Res<void> {
  const from = place(k, task, source);
  if (!from.ok) return from;
  const mount = mountOf(k, from.value.mount);
  if (from.value.ino !== mount.root || mount.at === null) return err('EINVAL');
  if (mount.locked) return lockedMount(mount, 'EINVAL');
  if (subtree(k, namespaceOf(k, task), mount.id).includes(at.mount)) return err('ELOOP');
  changeMount(k, task.mountNs, mount.id, { at, parent: at.mount });
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
    if (flags & PROPAGATION) return at.value.ino === mountOf(k, at.value.mount).root ? ok(undefined) : err('EINVAL');
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
    attach(k, task.mountNs, at.value, { ...MOUNT_DEFAULTS, ...flagsOf(flags), sb: id, root: sb.value.root });
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
    detach(k, task.mountNs, below);
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
