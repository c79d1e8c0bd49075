// The proc file system: /proc/PID of the instance's pid namespace on top of the fixed tree. Counterpart: fs/proc/, proc(5)
//
// Inode numbers: the fixed tree has 1, 2, …; a task owns the block that starts at its global id · 2^22. In a block the table
// of pidtree.ts comes first, then its copy below task/TID, then the descriptors.

import { O_ACCMODE, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { isDir, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '#abi/mode.ts';
import { err, type FsDriver, type Kernel, ok } from '../context.ts';
import type { Inode, Kgid, Kuid, Task } from '../state.ts';
import { pidIn, tasksIn } from '../task/ids.ts';
import { mayLookInto } from './access.ts';
import { rootOf } from './ids.ts';
import { fdText, type PidNode, pidNodes, taskNodes } from './pidtree.ts';
import { rootTree } from './roottree.ts';
import { bytesOf, textOf, type View, virtualInode, writeNode } from './view.ts';

const BLOCK = 2 ** 22;
const TASK_COPY = 256;
const TID = 511; // the directory task/TID
const FD = 2 ** 20;
const FDINFO = 2 * 2 ** 20;
const ROOT = 1;
/** The link count of /proc counts every process of the machine: on a real node also this many threads of the kernel. */
const KERNEL_THREADS = 92;

interface Place {
  readonly task: Task;
  readonly kind: 'node' | 'tid' | 'fd' | 'fdinfo';
  readonly index: number; // of the node, or the descriptor
  readonly copy: boolean; // below task/TID
}

function placeOf(k: Kernel, ino: number): Place | undefined {
  const task = k.task(Math.floor(ino / BLOCK));
  if (task === undefined) return undefined;
  const slot = ino % BLOCK;
  if (slot >= FDINFO) return { task, kind: 'fdinfo', index: slot - FDINFO, copy: false };
  if (slot >= FD) return { task, kind: 'fd', index: slot - FD, copy: false };
  if (slot === TID) return { task, kind: 'tid', index: 0, copy: true };
  if (slot >= TASK_COPY) return { task, kind: 'node', index: slot - TASK_COPY, copy: true };
  return { task, kind: 'node', index: slot, copy: false };
}

const base = (task: Task): number => task.id * BLOCK;
const nodeOf = (place: Place): PidNode => pidNodes[place.kind === 'tid' ? 0 : place.index] as PidNode;
const nsOf = (k: Kernel, sb: number): number => k.state.superblocks.get(sb)?.ns ?? 0;

/** Owner of a file below /proc/PID: the task's effective ids, root's when it is not dumpable. Counterpart: task_dump_owner */
function owner(k: Kernel, task: Task, mode: number): { readonly uid: Kuid; readonly gid: Kgid } {
  const whole = mode === (S_IFDIR | 0o555);
  return task.dumpable || whole ? { uid: task.cred.euid, gid: task.cred.egid } : rootOf(k.state, task.cred.userNs);
}

const openFds = (task: Task): number[] => task.fds.flatMap((fd, at) => (fd === undefined ? [] : [at]));

function fdMode(k: Kernel, task: Task, fd: number): number {
  const flags = (k.state.files.get(task.fds[fd]?.file ?? -1)?.flags ?? O_RDONLY) & O_ACCMODE;
  return S_IFLNK | (flags === O_RDONLY ? 0o500 : flags === O_WRONLY ? 0o300 : 0o700);
}

type Entry = { readonly name: string; readonly ino: number; readonly type: number };

/** By directory of the table: the names in it and their indices. */
function childrenOf(indices: Iterable<number>): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const folders = new Map<string, Map<string, number>>();
  for (const index of indices) {
    const { name } = pidNodes[index] as PidNode;
    if (name === '') continue;
    const slash = name.lastIndexOf('/');
    const folder = name.slice(0, Math.max(0, slash));
    const known = folders.get(folder) ?? new Map<string, number>();
    folders.set(folder, known.set(name.slice(slash + 1), index));
  }
  return folders;
}
const CHILDREN = childrenOf(pidNodes.keys());
const TASK_CHILDREN = childrenOf(taskNodes);

/** The entries of a directory below /proc/PID. */
function entries(k: Kernel, sb: number, place: Place): Entry[] {
  const { task } = place;
  if (place.kind !== 'node' && place.kind !== 'tid') return [];
  const { name } = nodeOf(place);
  if (name === 'task') return [{ name: String(pidIn(k.state, task, nsOf(k, sb))), ino: base(task) + TID, type: S_IFDIR }];
  if (name === 'fd') return openFds(task).map((fd) => ({ name: String(fd), ino: base(task) + FD + fd, type: S_IFLNK }));
  if (name === 'fdinfo') return openFds(task).map((fd) => ({ name: String(fd), ino: base(task) + FDINFO + fd, type: S_IFREG }));
  const found: Entry[] = [];
  for (const [rest, index] of (place.copy ? TASK_CHILDREN : CHILDREN).get(name) ?? []) {
    const node = pidNodes[index] as PidNode;
    if (node.when?.(k) !== false) found.push({ name: rest, ino: inoOf(place, index), type: node.mode & S_IFMT });
  }
  return found;
}

const inoOf = (place: Place, index: number): number => base(place.task) + (place.copy ? TASK_COPY : 0) + index;

/** The inode of a name in a directory below /proc/PID. */
function find(k: Kernel, sb: number, place: Place, wanted: string): number | undefined {
  const index = (place.copy ? TASK_CHILDREN : CHILDREN).get(nodeOf(place)?.name)?.get(wanted);
  if (index === undefined || (place.kind !== 'node' && place.kind !== 'tid'))
    return entries(k, sb, place).find(({ name }) => name === wanted)?.ino;
  return pidNodes[index]?.when?.(k) === false ? undefined : inoOf(place, index);
}

function pidInode(view: View, ino: number, place: Place): Inode | undefined {
  const { k } = view;
  const { task } = place;
  if (place.kind === 'fd') return task.fds[place.index] && virtualInode(view, ino, fdMode(k, task, place.index), owner(k, task, 0), 1, 64);
  if (place.kind === 'fdinfo') return task.fds[place.index] && virtualInode(view, ino, S_IFREG | 0o444, owner(k, task, 0));
  const node = nodeOf(place);
  if (node === undefined) return undefined;
  const links = !isDir(node.mode) ? 1 : node.name === '' ? 9 : node.name === 'task' ? 3 : 2;
  const size = node.name === 'fd' ? openFds(task).length : 0;
  const made = virtualInode(view, ino, node.mode, owner(k, task, node.mode), links, size);
  const started = k.state.realtime - k.state.monotonic + task.startTime;
  return { ...made, atime: started, mtime: started, ctime: started, btime: started };
}

/** The driver of file system type "proc". `superblock.ns` is the pid namespace it shows. */
export const procDriver: FsDriver = {
  inode(k, sb, ino, viewer) {
    const view = { k, sb, viewer };
    const place = placeOf(k, ino);
    if (place !== undefined && ino >= BLOCK) return pidInode(view, ino, place);
    const made = rootTree.inode(view, ino);
    if (made === undefined || ino !== ROOT) return made;
    return { ...made, nlink: made.nlink + (k.state.pidNs.get(0)?.live ?? 0) + KERNEL_THREADS };
  },

  lookup(k, sb, parent, name, viewer) {
    if (parent >= BLOCK) {
      const place = placeOf(k, parent);
      return place && find(k, sb, place, name);
    }
    if (parent === ROOT && /^[1-9]\d*$/.test(name)) {
      const id = k.state.pidNs.get(nsOf(k, sb))?.members.get(Number(name));
      return id === undefined || k.task(id) === undefined ? undefined : id * BLOCK;
    }
    const path = rootTree.node(parent)?.path;
    if (path === undefined) return undefined;
    if (parent === ROOT && (name === 'self' || name === 'thread-self') && pidIn(k.state, viewer, nsOf(k, sb)) === 0) return undefined;
    return rootTree.find(path === '' ? name : `${path}/${name}`);
  },

  parent(k, _sb, ino) {
    if (ino < BLOCK) return rootTree.parent(ino);
    const place = placeOf(k, ino);
    if (place === undefined) return undefined;
    const named = (name: string): number =>
      base(place.task) +
      (place.copy ? TASK_COPY : 0) +
      Math.max(
        0,
        pidNodes.findIndex((node) => node.name === name),
      );
    if (place.kind === 'tid')
      return (
        base(place.task) +
        Math.max(
          0,
          pidNodes.findIndex((node) => node.name === 'task'),
        )
      );
    if (place.kind !== 'node') return named(place.kind);
    const { name } = nodeOf(place);
    if (name === '') return ROOT;
    const slash = name.lastIndexOf('/');
    return slash < 0 ? (place.copy ? base(place.task) + TID : base(place.task)) : named(name.slice(0, slash));
  },

  list(k, sb, parent) {
    if (parent >= BLOCK) {
      const place = placeOf(k, parent);
      return place ? entries(k, sb, place) : [];
    }
    if (parent !== ROOT) return rootTree.children(parent);
    const ns = nsOf(k, sb);
    const pids = [...tasksIn(k, ns)].map((task) => ({ name: String(pidIn(k.state, task, ns)), ino: base(task), type: S_IFDIR }));
    return [...rootTree.children(ROOT), ...pids];
  },

  readlink(k, sb, ino, viewer) {
    const view = { k, sb, viewer };
    if (ino < BLOCK) return ok(rootTree.node(ino)?.target?.(view) ?? '');
    const place = placeOf(k, ino);
    if (place === undefined) return err('ENOENT');
    const { task } = place;
    const may = mayLookInto(k, viewer, task);
    if (!may.ok) return may;
    if (place.kind === 'fd') {
      const open = k.state.files.get(task.fds[place.index]?.file ?? -1);
      return open === undefined ? err('ENOENT') : ok(fdText(view, open.target));
    }
    const node = nodeOf(place);
    const there = node.follow?.(view, task);
    return there !== undefined && !there.ok ? there : ok(node.target?.(view, task) ?? '');
  },

  follow(k, sb, ino, viewer) {
    if (ino < BLOCK) return undefined;
    const place = placeOf(k, ino);
    if (place === undefined) return err('ENOENT');
    const node = place.kind === 'node' ? nodeOf(place) : undefined;
    if (place.kind !== 'fd' && node?.follow === undefined) return undefined;
    const may = mayLookInto(k, viewer, place.task);
    if (!may.ok) return may;
    const enter = node?.enter?.({ k, sb, viewer }, place.task);
    if (enter?.ok === false) return enter;
    if (node?.follow !== undefined) return node.follow({ k, sb, viewer }, place.task);
    const file = place.task.fds[place.index]?.file;
    return file === undefined ? err('ENOENT') : ok({ file });
  },

  content(k, sb, ino, viewer) {
    const view = { k, sb, viewer };
    if (ino < BLOCK) return bytesOf(rootTree.node(ino)?.text?.(view) ?? '');
    const place = placeOf(k, ino);
    if (place === undefined) return err('ESRCH');
    if (place.kind === 'fdinfo') {
      const open = k.state.files.get(place.task.fds[place.index]?.file ?? -1);
      return bytesOf(
        `pos:\t${open?.offset ?? 0}\nflags:\t0${(open?.flags ?? 0).toString(8)}\nmnt_id:\t${open?.target.kind === 'inode' ? open.target.at.mount : 15}\n`,
      );
    }
    return bytesOf(nodeOf(place).text?.(view, place.task) ?? '');
  },

  write(k, sb, ino, viewer, data) {
    const view = { k, sb, viewer };
    if (ino < BLOCK) return writeNode(rootTree.node(ino), view, data);
    const place = placeOf(k, ino);
    if (place === undefined) return err('ESRCH');
    const done = nodeOf(place).write?.(view, place.task, textOf(data));
    if (done === undefined) return err('EIO');
    return done.ok ? ok(data.length) : done;
  },

  permission(k, sb, ino, viewer, want) {
    if (ino < BLOCK) return rootTree.node(ino)?.permission?.({ k, sb, viewer }, want);
    const place = placeOf(k, ino);
    if (place === undefined) return undefined;
    // A task always may list its own descriptors, whatever the mode says. Counterpart: proc_fd_permission
    if (place.kind === 'node' && nodeOf(place).name === 'fd') return viewer.id === place.task.id ? ok(undefined) : undefined;
    if (place.kind !== 'node' || nodeOf(place).guarded !== true || nodeOf(place).follow !== undefined) return undefined;
    const may = mayLookInto(k, viewer, place.task);
    return may.ok ? undefined : may;
  },
};
