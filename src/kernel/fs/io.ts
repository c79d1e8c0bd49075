// Calls on descriptors. Counterpart: fs/read_write.c, fs/pipe.c, fs/file.c, fs/fcntl.c, fs/select.c, fs/readdir.c

import {
  FD_CLOEXEC,
  FS_APPEND_FL,
  FS_IMMUTABLE_FL,
  O_APPEND,
  O_CLOEXEC,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_WRONLY,
  POLLERR,
  POLLHUP,
  POLLNVAL,
  SEEK_CUR,
  SEEK_DATA,
  SEEK_END,
  SEEK_HOLE,
  SEEK_SET,
} from '#abi/flags.ts';
import { isDir, isReg, S_IFDIR } from '#abi/mode.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, type Outcome, ok } from '../context.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import type { Inode, Location, OpenFile, Task } from '../state.ts';
import type { Dirent } from '../uapi/index.ts';
import { EMPTY_FILE, readData, seekPiece } from './data.ts';
import {
  anyFileOf,
  changeFile,
  closeFd,
  closeRange,
  fileOf,
  installFd,
  newFile,
  newPipe,
  opsOf,
  putFd,
  readable,
  writable,
} from './files.ts';
import { changeInode, fileType, inodeAt, mountOf, superblockOf } from './inodes.ts';
import { parentOf } from './namei.ts';
import { inodeOwnerOrCapable, mountWritable } from './permission.ts';
import { writeInode } from './regular.ts';
import { shownIno } from './stat.ts';

type IoCalls =
  | 'close'
  | 'close_range'
  | 'read'
  | 'write'
  | 'pread64'
  | 'pwrite64'
  | 'lseek'
  | 'pipe2'
  | 'dup'
  | 'dup2'
  | 'fcntl'
  | 'ioctl'
  | 'poll'
  | 'getdents64'
  | 'umask'
  | 'sync';

const BATCH = 256;

/** The place of an open inode. */
const placeOf = (file: OpenFile): Location | undefined =>
  file.target.kind === 'inode' || file.target.kind === 'snapshot' ? file.target.at : undefined;

/** All names of a directory, "." and ".." first. */
function entriesOf(k: Kernel, task: Task, at: Location, inode: Inode): readonly Dirent[] {
  const { sb } = mountOf(k, at.mount);
  const driver = k.drivers[superblockOf(k, at).fstype];
  const up = parentOf(k, task, at);
  const dots = [
    { ino: shownIno(superblockOf(k, at), at.ino), name: '.', type: S_IFDIR },
    { ino: shownIno(superblockOf(k, up), up.ino), name: '..', type: S_IFDIR },
  ];
  if (driver !== undefined) return [...dots, ...driver.list(k, sb, at.ino, task)];
  const superblock = superblockOf(k, at);
  const { inodes } = superblock;
  return [
    ...dots,
    ...[...(inode.dir?.entries ?? [])].map(([name, ino]) => ({
      name,
      ino: shownIno(superblock, ino),
      type: fileType(inodes.get(ino)?.mode ?? 0),
    })),
  ];
}

function seekEnd(k: Kernel, task: Task, file: OpenFile): number {
  if (file.target.kind === 'snapshot') return file.target.bytes.length;
  const at = placeOf(file);
  return at === undefined ? 0 : (inodeAt(k, at, task)?.file?.size ?? 0);
}

/** chattr's flags; immutable and append-only need CAP_LINUX_IMMUTABLE. */
function setInodeFlags(k: Kernel, task: Task, file: OpenFile, flags: number): Outcome<number> {
  const at = placeOf(file);
  const inode = at && inodeAt(k, at, task);
  if (at === undefined || inode === undefined) return err('ENOTTY');
  const writableMount = mountWritable(k, at);
  if (!writableMount.ok) return writableMount;
  const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
  if (!owner.ok) return owner;
  const changed = ((inode.flags ?? 0) ^ flags) & (FS_IMMUTABLE_FL | FS_APPEND_FL);
  if (changed !== 0 && !nsCapable(k.state, task.cred, 0, 'CAP_LINUX_IMMUTABLE')) {
    return err('EPERM', deny([lacks(task.cred, 'CAP_LINUX_IMMUTABLE')], at));
  }
  changeInode(k, mountOf(k, at.mount).sb, at.ino, { flags, ctime: k.state.realtime });
  return ok(0);
}

export const ioHandlers: Handlers<IoCalls> = {
  close: (k, task, fd) => closeFd(k, task, fd),
  close_range: (k, task, first, last, flags) => closeRange(k, task, first >>> 0, last >>> 0, flags),
  read(k, task, fd, count) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    return readable(file) ? opsOf(file).read(k, task, id, file, count) : err('EBADF');
  },
  write(k, task, fd, data) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    return writable(file) ? opsOf(file).write(k, task, id, file, data) : err('EBADF');
  },
  pread64(k, task, fd, count, offset) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { file } = found.value;
    if (offset < 0) return err('EINVAL');
    if (!readable(file)) return err('EBADF');
    if (file.target.kind === 'snapshot') return ok(file.target.bytes.subarray(offset, offset + count));
    const at = placeOf(file);
    const inode = at && inodeAt(k, at, task);
    if (inode === undefined) return err('ESPIPE');
    return isDir(inode.mode) ? err('EISDIR') : ok(readData(inode.file ?? EMPTY_FILE, offset, count));
  },
  pwrite64(k, task, fd, data, offset) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { file } = found.value;
    if (offset < 0) return err('EINVAL');
    if (!writable(file)) return err('EBADF');
    const at = file.target.kind === 'inode' ? file.target.at : undefined;
    if (at === undefined) return err('ESPIPE');
    // As pwrite(2) says under BUGS: with O_APPEND the data goes to the end, whatever the offset.
    return writeInode(k, task, at, file.flags & O_APPEND ? seekEnd(k, task, file) : offset, data);
  },
  lseek(k, task, fd, offset, whence) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    const place = placeOf(file);
    if (place === undefined) return err('ESPIPE');
    if (whence > SEEK_CUR && isDir(inodeAt(k, place, task)?.mode ?? 0)) return err('EINVAL');
    if (whence === SEEK_DATA || whence === SEEK_HOLE) {
      const size = seekEnd(k, task, file);
      if (offset < 0 || offset >= size) return err('ENXIO');
      const data = file.target.kind === 'inode' ? inodeAt(k, place, task)?.file : undefined;
      const found = data === undefined ? (whence === SEEK_DATA ? offset : size) : seekPiece(data, offset, whence === SEEK_DATA);
      if (found === undefined) return err('ENXIO');
      changeFile(k, id, { offset: found });
      return ok(found);
    }
    if (whence < SEEK_SET || whence > SEEK_HOLE) return err('EINVAL');
    const base = whence === SEEK_CUR ? file.offset : whence === SEEK_END ? seekEnd(k, task, file) : 0;
    if (base + offset < 0) return err('EINVAL');
    changeFile(k, id, { offset: base + offset });
    return ok(base + offset);
  },
  pipe2(k, task, flags) {
    const pipe = newPipe(k);
    const status = flags & O_NONBLOCK;
    const cloexec = (flags & O_CLOEXEC) !== 0;
    const read = installFd(k, task, newFile(k, { kind: 'pipe', pipe, end: 'read' }, O_RDONLY | status, task.cred), cloexec);
    if (!read.ok) return read;
    const write = installFd(k, task, newFile(k, { kind: 'pipe', pipe, end: 'write' }, O_WRONLY | status, task.cred), cloexec);
    return write.ok ? ok([read.value, write.value] as const) : write;
  },
  dup(k, task, fd) {
    const found = anyFileOf(k, task, fd);
    return found.ok ? installFd(k, task, found.value.id, false) : found;
  },
  dup2(k, task, oldfd, newfd) {
    const found = anyFileOf(k, task, oldfd);
    if (!found.ok) return found;
    if (newfd < 0 || newfd >= (task.rlimits.RLIMIT_NOFILE?.[0] ?? 1024)) return err('EBADF');
    if (oldfd === newfd) return ok(newfd);
    if (task.fds[newfd] !== undefined) closeFd(k, task, newfd);
    putFd(k, k.task(task.id) ?? task, newfd, found.value.id, false);
    return ok(newfd);
  },
  fcntl(k, task, fd, op) {
    const found = anyFileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    switch (op.cmd) {
      case 'F_DUPFD':
        return installFd(k, task, id, op.cloexec ?? false, op.min);
      case 'F_GETFD':
        return ok(task.fds[fd]?.cloexec ? FD_CLOEXEC : 0);
      case 'F_SETFD': {
        const fds = task.fds.slice();
        fds[fd] = { file: id, cloexec: (op.flags & FD_CLOEXEC) !== 0 };
        k.updateTask(task.id, { fds });
        return ok(0);
      }
      case 'F_GETFL':
        return ok(file.flags);
      case 'F_SETFL': {
        if (file.flags & O_PATH) return err('EBADF');
        const settable = O_APPEND | O_NONBLOCK;
        changeFile(k, id, { flags: (file.flags & ~settable) | (op.flags & settable) });
        return ok(0);
      }
    }
  },
  ioctl(k, task, fd, op) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { file } = found.value;
    if (op.request === 'FS_IOC_GETFLAGS' || op.request === 'FS_IOC_SETFLAGS') {
      const at = placeOf(file);
      const inode = at && inodeAt(k, at, task);
      if (at === undefined || inode === undefined || k.drivers[superblockOf(k, at).fstype] !== undefined) return err('ENOTTY');
      if (!isReg(inode.mode) && !isDir(inode.mode)) return err('ENOTTY');
      return op.request === 'FS_IOC_GETFLAGS' ? ok(inode.flags ?? 0) : setInodeFlags(k, task, file, op.flags);
    }
    return opsOf(file).ioctl?.(k, task, file, op) ?? err('ENOTTY');
  },
  poll(k, task, fds, timeoutMs) {
    const ready: { fd: number; revents: number }[] = [];
    const keys: string[] = [];
    for (const { fd, events } of fds) {
      const found = fileOf(k, task, fd);
      if (!found.ok) {
        ready.push({ fd, revents: POLLNVAL });
        continue;
      }
      const { file } = found.value;
      const now = (opsOf(file).poll?.(k, task, file) ?? events) & (events | POLLERR | POLLHUP);
      if (now !== 0) ready.push({ fd, revents: now });
      keys.push(...(opsOf(file).keys?.(file) ?? []));
    }
    if (ready.length > 0 || timeoutMs === 0) return ok(ready);
    const started = k.task(task.id)?.wait?.deadline;
    if (started !== null && started !== undefined && started <= k.state.monotonic) return ok([]);
    const deadline = timeoutMs < 0 ? null : (started ?? k.state.monotonic + BigInt(Math.round(timeoutMs)) * 1_000_000n);
    return { ok: 'block', wait: { keys, deadline } };
  },
  getdents64(k, task, fd) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    const at = placeOf(file);
    const inode = at && inodeAt(k, at, task);
    if (at === undefined || inode === undefined || !isDir(inode.mode)) return err('ENOTDIR');
    if (inode.nlink === 0) return err('ENOENT');
    const batch = entriesOf(k, task, at, inode).slice(file.offset, file.offset + BATCH);
    changeFile(k, id, { offset: file.offset + batch.length });
    return ok(batch);
  },
  umask(k, task, mask) {
    k.updateTask(task.id, { umask: mask & 0o777 });
    return ok(task.umask);
  },
  sync: () => ok(undefined),
};
