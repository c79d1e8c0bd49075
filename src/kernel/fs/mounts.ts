// The mount tree: namespaces of mounts, attaching and detaching, and how /proc shows them.
// Counterpart: fs/namespace.c, fs/proc_namespace.c; mount_namespaces(7), proc(5)

import { major, minor } from '#abi/mode.ts';
import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import { nsName } from '../proc/ids.ts';
import type { Location, Mount, MountFlag, MountNs, Superblock, Task } from '../state.ts';
import { mountAdded } from './covers.ts';
import { mountOf, superblockOf } from './inodes.ts';
import { locationPath } from './namei.ts';

export const namespaceOf = (k: Kernel, task: Task): MountNs => k.state.mountNs.get(task.mountNs) as MountNs;

/** A new superblock in the table; its id. */
export function addSuperblock(k: Kernel, sb: Superblock): number {
  const id = k.state.superblocks.length;
  k.state = withState(k.state, { superblocks: k.state.superblocks.push(sb) });
  return id;
}

export const MOUNT_DEFAULTS: Omit<Mount, 'id' | 'parent' | 'sb' | 'root' | 'at'> = {
  readonly: false,
  nosuid: false,
  nodev: false,
  noexec: false,
  atime: 'relatime',
  source: null,
  idmap: null,
};

/** Attaches a mount at a place (already crossed to its topmost mount); its id. */
export function attach(k: Kernel, ns: number, at: Location, mount: Omit<Mount, 'id' | 'parent' | 'at'>): number {
  const id = Math.max(1, k.state.mounts.length);
  k.state = withState(k.state, { mounts: k.state.mounts.set(id, { ...mount, id, parent: at.mount, at }) });
  const older = k.state.mountNs.get(ns) as MountNs;
  changeOrder(k, ns, (order) => [...order, id]);
  mountAdded(older, k.state.mountNs.get(ns) as MountNs, at, id);
  return id;
}

function changeOrder(k: Kernel, ns: number, change: (order: readonly number[]) => readonly number[]): void {
  const space = k.state.mountNs.get(ns) as MountNs;
  k.state = withState(k.state, { mountNs: k.state.mountNs.set(ns, { ...space, order: change(space.order) }) });
}

export function changeMount(k: Kernel, ns: number, id: number, change: Partial<Mount>): void {
  k.state = withState(k.state, { mounts: k.state.mounts.set(id, { ...mountOf(k, id), ...change }) });
  // A new version of the namespace only when something stands elsewhere: what walks know of it is kept by version.
  if ('at' in change) changeOrder(k, ns, (order) => order);
}

/** A mount and all below it, top first. */
export function subtree(k: Kernel, ns: MountNs, top: number): readonly number[] {
  const inside = new Set([top]);
  for (const id of ns.order) {
    const { parent } = mountOf(k, id);
    if (parent !== null && inside.has(parent)) inside.add(id);
  }
  return ns.order.filter((id) => inside.has(id));
}

/** Mounts in the order in which they are copied: what is mounted in one follows it at once. Counterpart: next_mnt */
function depthFirst(k: Kernel, ids: readonly number[]): readonly number[] {
  const children = new Map<number | null, number[]>();
  const known = new Set(ids);
  for (const id of ids) {
    const { parent } = mountOf(k, id);
    const above = parent !== null && known.has(parent) ? parent : null;
    const list = children.get(above);
    if (list === undefined) children.set(above, [id]);
    else list.push(id);
  }
  const order: number[] = [];
  const visit = (id: number): void => {
    order.push(id);
    children.get(id)?.forEach(visit);
  };
  children.get(null)?.forEach(visit);
  return order;
}

/** Takes mounts out of a namespace. Their records stay for whoever still stands in them. */
export function detach(k: Kernel, ns: number, ids: readonly number[]): void {
  changeOrder(k, ns, (order) => order.filter((id) => !ids.includes(id)));
  for (const id of ids) k.state = withState(k.state, { mounts: k.state.mounts.set(id, { ...mountOf(k, id), at: null, parent: null }) });
}

/** Copies the mounts below `top` (at `root`) to a new place, as a recursive bind does; the id of the copy's top. */
export function copyTree(k: Kernel, ns: number, top: number, root: number, at: Location): number {
  const space = k.state.mountNs.get(ns) as MountNs;
  const ids = depthFirst(k, subtree(k, space, top));
  const copies = new Map<number, number>();
  for (const id of ids) {
    const mount = mountOf(k, id);
    if (id === top) {
      copies.set(id, attach(k, ns, at, { ...mount, root, locked: false }));
      continue;
    }
    const parent = copies.get(mount.parent as number);
    if (parent === undefined || mount.at === null || mount.unbindable) continue;
    if (mount.parent === top && root !== mountOf(k, top).root && !isBelow(k, mountOf(k, top).sb, mount.at.ino, root)) continue;
    copies.set(id, attach(k, ns, { mount: parent, ino: mount.at.ino }, mount));
  }
  return copies.get(top) as number;
}

/** Is an inode a directory, or in it, however deep? */
export function isBelow(k: Kernel, sb: number, ino: number, root: number): boolean {
  const superblock = k.state.superblocks.get(sb) as Superblock;
  const driver = k.drivers[superblock.fstype];
  for (let at = ino; ; ) {
    if (at === root) return true;
    const parent = driver === undefined ? folderOf(superblock, at) : driver.parent(k, sb, at);
    if (parent === undefined || parent === at) return false;
    at = parent;
  }
}

/** The directory an inode lies in; of a file with several names, one of them. */
function folderOf(sb: Superblock, ino: number): number | undefined {
  const dir = sb.inodes.get(ino)?.dir;
  if (dir !== undefined) return dir.parent;
  for (const [candidate, inode] of sb.inodes.entries())
    for (const [, child] of inode.dir?.entries ?? []) if (child === ino) return candidate;
  return undefined;
}

const FLAGS: readonly MountFlag[] = ['readonly', 'nosuid', 'nodev', 'noexec'];

/** A mount that a less privileged user namespace got as a copy keeps its flags and, below the root, its place. Counterpart: lock_mnt_tree */
const lock = (mount: Mount): Pick<Mount, 'locked' | 'lockedFlags'> => ({
  locked: mount.parent !== null,
  lockedFlags: FLAGS.filter((flag) => mount[flag]),
});

/** A copy for a less privileged user namespace receives, and sends nothing back. Counterpart: CL_SHARED_TO_SLAVE of clone_mnt */
const asSlave = (mount: Mount): Partial<Mount> => (mount.shared === undefined ? {} : { master: mount.shared, shared: undefined });

/** A copy of a task's mount namespace owned by a user namespace, and the task's root and directory in it. */
export function copyMountNs(k: Kernel, task: Task, userNs: number): Pick<Task, 'mountNs' | 'root' | 'cwd'> {
  const old = namespaceOf(k, task);
  const copies = new Map<number, number>();
  const foreign = old.userNs !== userNs;
  const order = depthFirst(k, old.order);
  let copy = Math.max(1, k.state.mounts.length);
  const mounts = k.state.mounts.edit((set) => {
    for (const id of order) {
      copies.set(id, copy);
      const mount = mountOf(k, id);
      const parent = mount.parent === null ? null : (copies.get(mount.parent) ?? mount.parent);
      const at = mount.at === null ? null : { mount: copies.get(mount.at.mount) ?? mount.at.mount, ino: mount.at.ino };
      const moved = { ...mount, id: copy, parent, at };
      set(copy++, foreign ? { ...moved, ...lock(mount), ...asSlave(mount) } : moved);
    }
  });
  const map = (id: number): number => copies.get(id) ?? id;
  const id = k.state.mountNs.length;
  k.state = withState(k.state, { mounts, mountNs: k.state.mountNs.push({ userNs, root: map(old.root), order: order.map(map) }) });
  const move = (at: Location): Location => ({ mount: map(at.mount), ino: at.ino });
  return { mountNs: id, root: move(task.root), cwd: move(task.cwd) };
}

const octalEscaped = (text: string): string => text.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

const ATIME = { relatime: ',relatime', noatime: ',noatime', strictatime: '' } as const;
const flags = (mount: Mount): string =>
  `${mount.nosuid ? ',nosuid' : ''}${mount.nodev ? ',nodev' : ''}${mount.noexec ? ',noexec' : ''}${ATIME[mount.atime]}`;

/** A container's own root shows nothing: there it is the lower directory that is mapped. */
const idmapped = (mount: Mount, sb: Superblock): string => (mount.idmap === null || sb.fstype === 'overlay' ? '' : ',idmapped');

interface Shown {
  readonly mount: Mount;
  readonly sb: Superblock;
  readonly path: string;
}

/** The mounts a task can see from its root, in order. */
function visible(k: Kernel, viewer: Task): readonly Shown[] {
  return namespaceOf(k, viewer).order.flatMap((id) => {
    const mount = mountOf(k, id);
    const here = { mount: id, ino: mount.root };
    if (!reaches(k, here, viewer.root)) return [];
    return [{ mount, sb: superblockOf(k, here), path: locationPath(k, viewer, here) }];
  });
}

/** Is a place at or below a root directory? */
function reaches(k: Kernel, from: Location, root: Location): boolean {
  for (let at = from; ; ) {
    if (at.mount === root.mount) return true;
    const mount = mountOf(k, at.mount);
    if (mount.at === null) return false;
    at = mount.at;
  }
}

/** File systems whose files take no label of their own. */
const UNLABELLED = ['proc', 'selinuxfs', 'securityfs', 'nsfs'];

/** What SELinux adds to the options of a file system. Counterpart: selinux_sb_show_options */
function security(k: Kernel, sb: Superblock): string {
  if (k.state.lsm?.kind !== 'selinux') return '';
  if (sb.context !== undefined) return `,context="${sb.context}"`;
  return UNLABELLED.includes(sb.fstype) ? '' : ',seclabel';
}

/** Text of /proc/PID/mounts. */
export function mountsText(k: Kernel, viewer: Task): string {
  return visible(k, viewer)
    .map(({ mount, sb, path }) => {
      const options = `${mount.readonly || sb.readonly ? 'ro' : 'rw'}${security(k, sb)}${flags(mount)}${idmapped(mount, sb)}${sb.options === '' ? '' : `,${sb.options}`}`;
      return `${octalEscaped(mount.source ?? sb.source)} ${octalEscaped(path)} ${sb.fstype} ${options} 0 0\n`;
    })
    .join('');
}

/** The optional fieldsof a line of mountinfo. Counterpart: show_mountinfo */
const peersText = ({ shared, master, unbindable }: Mount): string =>
  `${shared === undefined ? '' : ` shared:${shared}`}${master === undefined ? '' : ` master:${master}`}${unbindable ? ' unbindable' : ''}`;

/** Text of /proc/PID/mountinfo. */
export function mountinfoText(k: Kernel, viewer: Task): string {
  return visible(k, viewer)
    .map(({ mount, sb, path }) => {
      const root = sb.nsfs ? nsName(sb.nsfs.type, sb.nsfs.ns) : mount.root === sb.root ? '/' : rootPath(sb, mount.root);
      const own = `${mount.readonly ? 'ro' : 'rw'}${flags(mount)}${idmapped(mount, sb)}`;
      const superOptions = `${sb.readonly ? 'ro' : 'rw'}${security(k, sb)}${sb.options === '' ? '' : `,${sb.options}`}`;
      return `${mount.id} ${mount.parent ?? mount.id} ${major(sb.dev)}:${minor(sb.dev)} ${octalEscaped(root)} ${octalEscaped(path)} ${own}${peersText(mount)} - ${sb.fstype} ${octalEscaped(mount.source ?? sb.source)} ${superOptions}\n`;
    })
    .join('');
}

function rootPath(sb: Superblock, ino: number): string {
  const names: string[] = [];
  for (let at = ino; at !== sb.root; ) {
    const parent = folderOf(sb, at);
    if (parent === undefined) return '/';
    for (const [name, child] of sb.inodes.get(parent)?.dir?.entries ?? []) if (child === at) names.push(name);
    at = parent;
  }
  return `/${names.reverse().join('/')}`;
}
