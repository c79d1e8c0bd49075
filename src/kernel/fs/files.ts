// Open file descriptions and descriptor tables: creation, sharing, release; and what each kind of file can do.

import { CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE, O_ACCMODE, O_PATH, O_RDONLY, O_RDWR, O_WRONLY } from '#abi/flags.ts';
import { PVec } from '#base/pvec.ts';
import { err, type Kernel, type Outcome, ok, type Res, refuse } from '../context.ts';
import { withState } from '../copy.ts';
import type { Credentials, Fd, FileTarget, Location, OpenFile, Pipe, Task } from '../state.ts';
import type { Ioctl, Termios, Winsize } from '../uapi/index.ts';

/** What a kind of open file does. */
export interface FileOps {
  read(k: Kernel, task: Task, id: number, file: OpenFile, count: number): Outcome<Uint8Array>;
  write(k: Kernel, task: Task, id: number, file: OpenFile, data: Uint8Array): Outcome<number>;
  /** POLL* bits that hold now. */
  poll?(k: Kernel, task: Task, file: OpenFile): number;
  ioctl?(k: Kernel, task: Task, file: OpenFile, op: Ioctl): Outcome<Termios | Winsize | number>;
  /** The wait keys of a poll on it. */
  keys?(file: OpenFile): readonly string[];
  /** A new open file description of this kind came to be. */
  opened?(k: Kernel, file: OpenFile): void;
  /** The last descriptor went. */
  release?(k: Kernel, file: OpenFile): void;
}

/** Operations by kind of target; `registerFileOps` adds those that live in other folders (tty). */
const OPS = new Map<FileTarget['kind'], FileOps>();

export function registerFileOps(kind: FileTarget['kind'], ops: FileOps): void {
  OPS.set(kind, ops);
}

export const opsOf = (file: OpenFile): FileOps => OPS.get(file.target.kind) as FileOps;

/** A new open file description without descriptors; its id. */
export function newFile(k: Kernel, target: FileTarget, flags: number, cred: Credentials): number {
  const id = k.state.files.length;
  const file: OpenFile = { target, flags, offset: 0, refs: 0, cred };
  k.state = withState(k.state, { files: k.state.files.push(file) });
  opsOf(file).opened?.(k, file);
  return id;
}

export function changeFile(k: Kernel, id: number, change: Partial<OpenFile>): void {
  const file = k.state.files.get(id);
  if (file !== undefined) k.state = withState(k.state, { files: k.state.files.set(id, { ...file, ...change }) });
}

export const retainFile = (k: Kernel, id: number): void => changeFile(k, id, { refs: (k.state.files.get(id)?.refs ?? 0) + 1 });

/** What waits for a lock on the same inode may try again. */
export function wakeLockers(k: Kernel, { target }: OpenFile): void {
  if (target.kind === 'inode') k.wake(`flock:${k.state.mounts.get(target.at.mount)?.sb}:${target.at.ino}`);
}

/** One descriptor less; with the last one the description goes. */
export function releaseFile(k: Kernel, id: number): void {
  const file = k.state.files.get(id);
  if (file === undefined) return;
  if (file.refs > 1) return changeFile(k, id, { refs: file.refs - 1 });
  k.state = withState(k.state, { files: k.state.files.set(id, undefined) });
  if (file.lock !== undefined) wakeLockers(k, file);
  opsOf(file).release?.(k, file);
}

/** The open file behind a descriptor that names a place only when it was opened with O_PATH: those do nothing else (EBADF). */
export function fileOf(k: Kernel, task: Task, fd: number): Res<{ readonly id: number; readonly file: OpenFile }> {
  const found = anyFileOf(k, task, fd);
  return found.ok && (found.value.file.flags & O_PATH) !== 0 ? err('EBADF') : found;
}

/** The open file behind a descriptor, also of one opened with O_PATH. */
export function anyFileOf(k: Kernel, task: Task, fd: number): Res<{ readonly id: number; readonly file: OpenFile }> {
  const slot = task.fds[fd];
  const file = slot && k.state.files.get(slot.file);
  return file === undefined ? err('EBADF') : ok({ id: (slot as Fd).file, file });
}

/** The lowest free descriptor ≥ min; EMFILE at RLIMIT_NOFILE. Counterpart: get_unused_fd_flags */
export function freeFd({ fds, rlimits }: Pick<Task, 'fds' | 'rlimits'>, min = 0): Res<number> {
  let fd = min;
  while (fds[fd] !== undefined) fd++;
  const limit = rlimits.RLIMIT_NOFILE?.[0] ?? 1024;
  return fd < limit ? ok(fd) : refuse('EMFILE', 'limit.nofile', { limit });
}

/** The open file with one more reference at the lowest free descriptor ≥ min; EMFILE at RLIMIT_NOFILE. */
export function installFd(k: Kernel, task: Task, id: number, cloexec: boolean, min = 0): Res<number> {
  const free = freeFd({ fds: k.task(task.id)?.fds ?? task.fds, rlimits: task.rlimits }, min);
  if (free.ok) putFd(k, task, free.value, id, cloexec);
  else if ((k.state.files.get(id)?.refs ?? 0) === 0) releaseFile(k, id);
  return free;
}

/** Puts an open file at a descriptor that is free. */
export function putFd(k: Kernel, task: Task, fd: number, id: number, cloexec: boolean): void {
  const fds = (k.task(task.id)?.fds ?? task.fds).slice();
  fds[fd] = { file: id, cloexec };
  k.updateTask(task.id, { fds });
  retainFile(k, id);
}

export function closeFd(k: Kernel, task: Task, fd: number): Res<void> {
  const fds = (k.task(task.id)?.fds ?? task.fds).slice();
  const slot = fds[fd];
  if (slot === undefined) return err('EBADF');
  fds[fd] = undefined;
  k.updateTask(task.id, { fds });
  releaseFile(k, slot.file);
  return ok(undefined);
}

/**
 * Closes the descriptors from `first` to `last`, both included, or marks them close-on-exec; free ones are passed over. EINVAL for
 * other flags and for a range that is none. (No two tasks share a table here, so CLOSE_RANGE_UNSHARE changes nothing.)
 * Counterpart: close_range(2)
 */
export function closeRange(k: Kernel, task: Task, first: number, last: number, flags: number): Res<void> {
  if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) !== 0 || first > last) return err('EINVAL');
  const mark = (flags & CLOSE_RANGE_CLOEXEC) !== 0;
  const fds = task.fds.slice();
  const gone: Fd[] = [];
  for (let fd = first; fd <= last && fd < fds.length; fd++) {
    const slot = fds[fd];
    if (slot === undefined) continue;
    gone.push(slot);
    fds[fd] = mark ? { ...slot, cloexec: true } : undefined;
  }
  if (gone.length === 0) return ok(undefined);
  k.updateTask(task.id, { fds });
  if (!mark) for (const { file } of gone) releaseFile(k, file);
  return ok(undefined);
}

/** The descriptor table for a child: the same open files, each with one more reference. */
export function dupFdTable(k: Kernel, fds: Task['fds']): Task['fds'] {
  const files = k.state.files.edit((set) => {
    const refs = new Map<number, number>();
    for (const fd of fds) if (fd !== undefined) refs.set(fd.file, (refs.get(fd.file) ?? 0) + 1);
    for (const [id, more] of refs) {
      const file = k.state.files.get(id);
      if (file !== undefined) set(id, { ...file, refs: file.refs + more });
    }
  });
  k.state = withState(k.state, { files });
  return fds;
}

/** Closes all descriptors of a task, or only those marked close-on-exec. */
export function closeFds(k: Kernel, id: number, which: 'all' | 'cloexec' = 'all'): void {
  const task = k.task(id);
  if (task === undefined) return;
  const gone = task.fds.filter((fd): fd is Fd => fd !== undefined && (which === 'all' || fd.cloexec));
  if (gone.length === 0) return;
  k.updateTask(id, { fds: which === 'all' ? [] : task.fds.map((fd) => (fd?.cloexec ? undefined : fd)) });
  for (const fd of gone) releaseFile(k, fd.file);
}

/** Is an inode still open somewhere, or the root of a mount? Then it outlives its last link. */
export function isOpen(k: Kernel, sb: number, ino: number): boolean {
  const { mounts, files } = k.state;
  return (
    mounts.some((mount) => mount.root === ino && mount.sb === sb) ||
    files.some(({ target }) => target.kind === 'inode' && target.at.ino === ino && mounts.get(target.at.mount)?.sb === sb)
  );
}

/** Refused (ETXTBSY) while a task runs the file as its program. Counterpart: get_write_access */
export function mayWriteProgram(k: Kernel, at: Location): Res<void> {
  const sb = k.state.mounts.get(at.mount)?.sb;
  let pid = 0;
  const running = k.state.tasks.some(({ id, exe, state }) => {
    pid = id;
    return exe !== null && exe.at.ino === at.ino && state !== 'zombie' && k.state.mounts.get(exe.at.mount)?.sb === sb;
  });
  return running ? refuse('ETXTBSY', 'file.running', { pid }, at) : ok(undefined);
}

/** Refused (ETXTBSY) while somebody has the file open for writing. Counterpart: deny_write_access */
export function mayRun(k: Kernel, at: Location): Res<void> {
  const sb = k.state.mounts.get(at.mount)?.sb;
  const open = k.state.files.some(
    (file) =>
      file.target.kind === 'inode' &&
      file.target.at.ino === at.ino &&
      writable(file) &&
      (file.flags & O_PATH) === 0 &&
      k.state.mounts.get(file.target.at.mount)?.sb === sb,
  );
  return open ? refuse('ETXTBSY', 'exec.writers', {}, at) : ok(undefined);
}

/** Is a directory still used after its name went: open, or somebody stands in it? */
export function isUsed(k: Kernel, sb: number, ino: number): boolean {
  const here = (at: Location): boolean => at.ino === ino && k.state.mounts.get(at.mount)?.sb === sb;
  return k.state.tasks.some(({ cwd, root }) => here(cwd) || here(root)) || isOpen(k, sb, ino);
}

/** Frees an inode without a name that nobody uses any more. */
export const forgetUnused = (k: Kernel, at: Location): void => forgetInode(k, k.state.mounts.get(at.mount)?.sb ?? 0, at.ino);

/** The same, by file system and number. */
export function forgetInode(k: Kernel, sb: number, ino: number): void {
  const superblock = k.state.superblocks.get(sb);
  const inode = superblock?.inodes.get(ino);
  if (superblock === undefined || inode === undefined || inode.nlink > 0 || isUsed(k, sb, ino)) return;
  const bytes = superblock.bytes - (inode.file?.size ?? 0);
  const next = { ...superblock, inodes: superblock.inodes.set(ino, undefined), live: superblock.live - 1, bytes };
  k.state = withState(k.state, { superblocks: k.state.superblocks.set(sb, next) });
}

// Access mode 3 asks for both permissions and gives neither. Counterpart: OPEN_FMODE
export const readable = ({ flags }: OpenFile): boolean => (flags & O_ACCMODE) === O_RDONLY || (flags & O_ACCMODE) === O_RDWR;
export const writable = ({ flags }: OpenFile): boolean => (flags & O_ACCMODE) === O_WRONLY || (flags & O_ACCMODE) === O_RDWR;

/** A new pipe without ends; its id. Ends are counted by the files that are opened on it. */
export function newPipe(k: Kernel): number {
  const id = k.state.pipes.length;
  const pipe: Pipe = { chunks: [], length: 0, readers: 0, writers: 0 };
  k.state = withState(k.state, { pipes: (k.state.pipes ?? PVec.empty<Pipe>()).push(pipe) });
  return id;
}
