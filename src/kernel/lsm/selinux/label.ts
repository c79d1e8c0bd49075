// The context of an inode, and the one a new inode gets. Counterpart: security/selinux/hooks.c inode_doinit_with_dentry,
// selinux_determine_inode_label

import type { Kernel } from '../../context.ts';
import { onDisk } from '../../fs/disks.ts';
import { mountOf, superblockOf } from '../../fs/inodes.ts';
import type { Inode, KernelState, Location, Task } from '../../state.ts';
import { type Context, contextText, parseContext } from './context.ts';
import { genfsType, typeOfPath } from './policy.ts';

export const XATTR = 'security.selinux';
const decoder = new TextDecoder();
const object = (type: string, level = 's0'): Context => ({ user: 'system_u', role: 'object_r', type, level });

/** Where a file system is mounted for the node itself. */
function mountPoint({ mountNs, mounts, superblocks }: KernelState, sb: number): { readonly at: Location | null } | undefined {
  const top = superblocks.get(sb)?.root;
  for (const id of mountNs.get(0)?.order ?? []) {
    const mount = mounts.get(id);
    if (mount?.sb === sb && mount.root === top) return mount;
  }
  return undefined;
}

/** The name of an inode in a table file system and the directory it is in; undefined for its root and for what has no name. */
function nameIn(k: Kernel, sb: number, ino: number): { readonly name: string; readonly parent: number } | undefined {
  const superblock = k.state.superblocks.get(sb);
  if (superblock === undefined || ino === superblock.root) return undefined;
  const up = superblock.inodes.get(ino)?.dir?.parent;
  const named = (parent: number): string | undefined =>
    [...(superblock.inodes.get(parent)?.dir?.entries ?? [])].find(([, child]) => child === ino)?.[0];
  const name = up === undefined ? undefined : named(up);
  if (up !== undefined) return name === undefined ? undefined : { name, parent: up };
  for (const [parent, other] of superblock.inodes.entries()) {
    const found = other.dir === undefined ? undefined : named(parent);
    if (found !== undefined) return { name: found, parent };
  }
  return undefined;
}

/** The name the log shows for an inode; undefined where a driver makes the names. */
export function dentryName(k: Kernel, at: Location): string | undefined {
  const { sb } = mountOf(k, at.mount);
  const superblock = superblockOf(k, at);
  if (k.drivers[superblock.fstype] !== undefined) return undefined;
  return at.ino === superblock.root ? '/' : nameIn(k, sb, at.ino)?.name;
}

/** The path a directory or file has on the node: names below its file system's top, then the top's own place. */
function nodePath(k: Kernel, sb: number, ino: number): string | undefined {
  const superblock = k.state.superblocks.get(sb);
  if (superblock === undefined) return undefined;
  let path = '';
  for (let at = ino; at !== superblock.root; ) {
    const found = nameIn(k, sb, at);
    if (found === undefined) return undefined;
    path = `/${found.name}${path}`;
    at = found.parent;
  }
  const place = mountPoint(k.state, sb)?.at ?? null;
  if (place === null) return path === '' ? '/' : path;
  const above = nodePath(k, mountOf(k, place.mount).sb, place.ino);
  return above === undefined ? undefined : `${above.replace(/\/$/, '')}${path}`;
}

const COMPUTED = new WeakMap<Inode, Context>();

/** The context of an inode: the mount's, its attribute, its file system's or its path's. */
export function labelOf(k: Kernel, at: Location, inode: Inode): Context {
  const sb = superblockOf(k, at);
  const mounted = sb.context === undefined ? undefined : parseContext(sb.context);
  if (mounted !== undefined) return mounted;
  const stored = inode.xattrs?.get(XATTR);
  const own = stored === undefined ? undefined : parseContext(decoder.decode(stored));
  if (own !== undefined) return own;
  if (sb.fstype === 'proc') {
    const task = k.task(Math.floor(at.ino / PROC_BLOCK));
    const label = at.ino < PROC_BLOCK ? undefined : parseContext(task?.cred.label ?? '');
    return label ?? object(isSysctl(k, at) ? 'sysctl_t' : 'proc_t');
  }
  // Nobody has gone through it with restorecon, as somebody has on the node's own disk.
  if (onDisk(sb)) return object('unlabeled_t');
  const genfs = genfsType(sb.fstype);
  if (genfs !== undefined) return object(genfs);
  const known = COMPUTED.get(inode);
  if (known !== undefined) return known;
  const path = nodePath(k, mountOf(k, at.mount).sb, at.ino);
  const context = object(sb.fstype === 'overlay' ? 'container_file_t' : path === undefined ? 'unlabeled_t' : typeOfPath(path));
  COMPUTED.set(inode, context);
  return context;
}

/** Inode numbers of /proc/PID begin at the task's id times this. Counterpart: proc/driver.ts */
const PROC_BLOCK = 2 ** 22;

function isSysctl(k: Kernel, at: Location): boolean {
  const driver = k.drivers.proc;
  const { sb } = mountOf(k, at.mount);
  for (let ino: number | undefined = at.ino, above: number | undefined; ino !== undefined; ino = above) {
    above = driver?.parent(k, sb, ino);
    if (above === undefined) return false;
    const init = k.task(k.state.pidNs.get(0)?.init ?? 1) as Task;
    if (driver?.parent(k, sb, above) === undefined) return driver?.lookup(k, sb, above, 'sys', init) === ino;
  }
  return false;
}

/** The context of a new file: user and level of its maker, the type of its directory. */
export function newLabel(k: Kernel, task: Task, dirAt: Location, dir: Inode): Context {
  const maker = parseContext(task.cred.label ?? '');
  const { type } = labelOf(k, dirAt, dir);
  return { user: maker?.user ?? 'system_u', role: 'object_r', type, level: maker?.level.split('-')[0] ?? 's0' };
}

/** A context as an attribute holds it. */
export const labelBytes = (context: Context): Uint8Array => new TextEncoder().encode(`${contextText(context)}\0`);
