// openat(2): path, permission, creation and the open file for every type of inode.
// Counterpart: fs/namei.c do_open, open_last_lookups, may_open; open(2)

import {
  FS_APPEND_FL,
  O_ACCMODE,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOATIME,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  O_WRONLY,
} from '#abi/flags.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock, MAY_READ, MAY_WRITE, S_IFREG } from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, type Outcome, ok, type Res, refuse } from '../context.ts';
import type { FileTarget, Inode, Location, Task } from '../state.ts';
import { openTty } from '../tty/devices.ts';
import { createInode, createUnnamed } from './create.ts';
import { freeFd, installFd, mayWriteProgram, newFile, newPipe } from './files.ts';
import { changeInode, inodeAt, mountOf, superblockOf } from './inodes.ts';
import { type Magic, type Walked, walk } from './namei.ts';
import { nsAt } from './nsfs.ts';
import { inodeOwnerOrCapable, inodePermission, mountWritable, ownerOf } from './permission.ts';
import { setSize } from './regular.ts';

const PERMANENT = O_ACCMODE | O_APPEND | O_NONBLOCK | O_NOATIME | O_PATH | O_DIRECTORY;

export function wantOf(flags: number): number {
  const access = flags & O_ACCMODE;
  return (access === O_WRONLY ? 0 : MAY_READ) | (access === O_RDONLY ? 0 : MAY_WRITE) | ((flags & O_TRUNC) !== 0 ? MAY_WRITE : 0);
}

/** fs.protected_regular and protected_fifos: O_CREAT on somebody else's file in a sticky directory. */
function mayCreateInSticky(k: Kernel, task: Task, dirAt: Location, at: Location, inode: Inode): Res<void> {
  const dir = inodeAt(k, dirAt, task);
  if (dir === undefined || (dir.mode & 0o1000) === 0) return ok(undefined);
  // Sockets and devices have no sysctl of their own: they are always protected in a world-writable directory (Linux 6.14).
  const name = isReg(inode.mode) ? 'protected_regular' : 'protected_fifos';
  const level = isFifo(inode.mode) || isReg(inode.mode) ? Number(k.state.sysctls[`fs/${name}`] ?? 0) : 1;
  const owner = ownerOf(k, at, inode).uid;
  const folder = ownerOf(k, dirAt, dir).uid;
  if (level === 0 || owner === folder || owner === task.cred.fsuid) return ok(undefined);
  if ((dir.mode & 0o002) === 0 && !((dir.mode & 0o020) !== 0 && level >= 2)) return ok(undefined);
  return err('EACCES', deny([check(name, 'deny', { fsuid: task.cred.fsuid, fileUid: owner, dirUid: folder, level })], at));
}

function openMagic(k: Kernel, task: Task, magic: Magic, flags: number): Outcome<number> {
  const cloexec = (flags & O_CLOEXEC) !== 0;
  if ('ns' in magic) return installFd(k, task, newFile(k, { kind: 'ns', type: magic.ns, ns: magic.id }, O_RDONLY, task.cred), cloexec);
  const target = k.state.files.get(magic.file)?.target;
  if (target === undefined) return err('ENOENT');
  // Opening /proc/PID/fd/N opens the object anew: a pipe by the end that the access mode asks for.
  if (target.kind === 'pipe') {
    const end = (flags & O_ACCMODE) === O_RDONLY ? 'read' : 'write';
    return installFd(k, task, newFile(k, { ...target, end }, flags & PERMANENT, task.cred), cloexec);
  }
  if (target.kind !== 'inode' && target.kind !== 'snapshot')
    return installFd(k, task, newFile(k, target, flags & PERMANENT, task.cred), cloexec);
  const inode = inodeAt(k, target.at, task);
  return inode === undefined ? err('ENOENT') : openInode(k, task, target.at, inode, target.path, flags, false);
}

/** Opens an inode that is there. `fresh`: it was just created, so its mode does not matter. */
function openInode(k: Kernel, task: Task, at: Location, inode: Inode, path: string, flags: number, fresh: boolean): Outcome<number> {
  const cloexec = (flags & O_CLOEXEC) !== 0;
  const install = (target: FileTarget): Outcome<number> => installFd(k, task, newFile(k, target, flags & PERMANENT, task.cred), cloexec);
  if (flags & O_PATH) return install({ kind: 'inode', at, path });
  if (isLnk(inode.mode)) return err('ELOOP');
  const want = wantOf(flags);
  if (isDir(inode.mode) && want & MAY_WRITE) return err('EISDIR');
  const mount = mountOf(k, at.mount);
  const device = isChr(inode.mode) || isBlk(inode.mode);
  if (device && mount.nodev) return refuse('EACCES', 'mount.nodev', {}, at);
  if (!fresh) {
    // Truncating asks the mount before the inode, so a read-only mount hides the missing permission. Counterpart: do_open
    if (flags & O_TRUNC && isReg(inode.mode)) {
      const writable = mountWritable(k, at);
      if (!writable.ok) return writable;
    }
    const allowed = inodePermission(k, task, task.cred, at, inode, want);
    if (!allowed.ok) return allowed;
    if (inode.flags !== undefined && inode.flags & FS_APPEND_FL) {
      const rewrites = flags & O_TRUNC || (want & MAY_WRITE && !(flags & O_APPEND));
      if (rewrites) return refuse('EPERM', 'inode.append', {}, at);
    }
    if (flags & O_NOATIME) {
      const owner = inodeOwnerOrCapable(k, task.cred, at, inode);
      if (!owner.ok) return owner;
    }
  }
  if (want & MAY_WRITE && (isReg(inode.mode) || isDir(inode.mode))) {
    const writable = mountWritable(k, at);
    if (!writable.ok) return writable;
    const quiet = fresh || !isReg(inode.mode) ? ok(undefined) : mayWriteProgram(k, at);
    if (!quiet.ok) return quiet;
  }
  if (isSock(inode.mode)) return err('ENXIO');
  const driver = k.drivers[superblockOf(k, at).fstype];
  const namespace = nsAt(k, at);
  if (namespace !== undefined) return install({ kind: 'ns', ...namespace });
  if (device) return openDevice(k, task, at, inode, path, flags, install);
  if (isFifo(inode.mode)) return openFifo(k, task, at, inode, flags, install);
  if (driver !== undefined && isReg(inode.mode)) {
    const bytes = want & MAY_READ ? (driver.content?.(k, mount.sb, at.ino, task) ?? err('EINVAL')) : ok(new Uint8Array(0));
    // Contents that cannot be made are an error of read(2), not of open(2).
    if (!bytes.ok) return install({ kind: 'snapshot', at, path, bytes: new Uint8Array(0), error: bytes.errno });
    return install({ kind: 'snapshot', at, path, bytes: bytes.value });
  }
  if (flags & O_TRUNC && isReg(inode.mode)) {
    const cut = setSize(k, task, at, 0);
    if (!cut.ok) return cut;
  }
  return install({ kind: 'inode', at, path });
}

function openDevice(
  k: Kernel,
  task: Task,
  at: Location,
  inode: Inode,
  path: string,
  flags: number,
  install: (t: FileTarget) => Outcome<number>,
): Outcome<number> {
  const tty = isChr(inode.mode) ? openTty(k, task, inode.rdev, mountOf(k, at.mount).sb, flags) : undefined;
  if (tty !== undefined) return tty.ok ? install(tty.value) : tty;
  // The number that stands for "no device" has no driver, and no controller asks about it.
  if (inode.rdev === 0) return err('ENXIO');
  const allowed = isChr(inode.mode) && Math.floor(inode.rdev / 0x100000) === 1 && [3, 5, 7, 8, 9].includes(inode.rdev % 0x100000);
  // The device controller of a container lets nothing else through.
  if (!allowed) return refuse('EPERM', 'cgroup.devices', { rdev: inode.rdev }, at);
  return install({ kind: 'inode', at, path });
}

function openFifo(
  k: Kernel,
  task: Task,
  at: Location,
  inode: Inode,
  flags: number,
  install: (t: FileTarget) => Outcome<number>,
): Outcome<number> {
  const { sb } = mountOf(k, at.mount);
  let pipe = inode.pipe;
  const alive = pipe === undefined ? undefined : k.state.pipes.get(pipe);
  if (pipe === undefined || alive === undefined) {
    pipe = newPipe(k);
    changeInode(k, sb, at.ino, { pipe });
  }
  const access = flags & O_ACCMODE;
  const counts = k.state.pipes.get(pipe);
  if (access === O_RDONLY || access === O_WRONLY) {
    const end = access === O_RDONLY ? 'read' : 'write';
    const waiting = `fifo:${sb}:${at.ino}:${task.id}:${end}`;
    const other = end === 'read' ? (counts?.writers ?? 0) : (counts?.readers ?? 0);
    const partner = k.state.tasks.some(
      ({ wait }) =>
        wait?.keys.some((key) => key.startsWith(`fifo:${sb}:${at.ino}:`) && key.endsWith(end === 'read' ? ':write' : ':read')) === true,
    );
    if (other === 0 && !partner) {
      if (flags & O_NONBLOCK) return end === 'read' ? install({ kind: 'pipe', pipe, end }) : err('ENXIO');
      return { ok: 'block', wait: { keys: [waiting, `fifo:${sb}:${at.ino}`], deadline: null } };
    }
    k.wake(`fifo:${sb}:${at.ino}`);
    return install({ kind: 'pipe', pipe, end });
  }
  if (access !== O_RDWR) return err('EINVAL');
  k.wake(`fifo:${sb}:${at.ino}`);
  return install({ kind: 'pipe', pipe, end: 'both' });
}

function openCreated(k: Kernel, task: Task, found: Walked, path: string, flags: number, mode: number): Outcome<number> {
  const made = createInode(k, task, found.dir, found.name, S_IFREG | (mode & 0o7777), {});
  if (!made.ok) return made;
  return openInode(k, task, made.value, inodeAt(k, made.value, task) as Inode, path, flags & ~O_TRUNC, true);
}

/** O_TMPFILE: a file without a name in the file system of a directory. */
function openUnnamed(k: Kernel, task: Task, dirfd: number, path: string, flags: number, mode: number): Outcome<number> {
  if ((flags & O_ACCMODE) === O_RDONLY) return err('EINVAL');
  const walked = walk(k, task, dirfd, path, { follow: (flags & O_NOFOLLOW) === 0 });
  if (!walked.ok) return walked;
  const { at, inode } = walked.value;
  if (at === null || inode === null || !isDir(inode.mode)) return err('ENOTDIR');
  if (k.drivers[superblockOf(k, at).fstype] !== undefined) return err('EOPNOTSUPP');
  const linkable = (flags & O_EXCL) === 0;
  const made = createUnnamed(k, task, at, S_IFREG | (mode & 0o7777), { nlink: 0, ...(linkable && { linkable }) });
  if (!made.ok) return made;
  return openInode(k, task, made.value, inodeAt(k, made.value, task) as Inode, path, flags & ~O_TRUNC, true);
}

export const openHandlers: Handlers<'openat'> = {
  openat(k, task, dirfd, path, flags, mode = 0) {
    if ((flags & (O_CREAT | O_DIRECTORY)) === (O_CREAT | O_DIRECTORY) && (flags & O_PATH) === 0) return err('EINVAL');
    // The descriptor is chosen before the path is looked at.
    const room = path === '' ? ok(0) : freeFd(task);
    if (!room.ok) return room;
    if ((flags & O_TMPFILE) === O_TMPFILE && (flags & O_PATH) === 0) return openUnnamed(k, task, dirfd, path, flags, mode);
    const create = (flags & O_CREAT) !== 0 && (flags & O_PATH) === 0;
    const follow = (flags & O_NOFOLLOW) === 0 && !(create && flags & O_EXCL);
    if (create && /[^/]\/+$/.test(path)) {
      // A name to create cannot be a directory's; that is said before it is looked up or a link followed.
      const to = walk(k, task, dirfd, path.replace(/\/+$/, ''), { follow: false, create });
      if (!to.ok || to.value.name !== '') return to.ok ? err('EISDIR') : to;
    }
    const walked = walk(k, task, dirfd, path, { follow, create });
    if (!walked.ok) return walked;
    const found = walked.value;
    if (found.magic !== null) return openMagic(k, task, found.magic, flags);
    if (found.at === null || found.inode === null) {
      return openCreated(k, task, found, path, flags, mode);
    }
    if (create) {
      if (flags & O_EXCL) return err('EEXIST');
      if (found.slash || isDir(found.inode.mode)) return err('EISDIR');
      const sticky = mayCreateInSticky(k, task, found.dir, found.at, found.inode);
      if (!sticky.ok) return sticky;
    }
    if ((flags & O_DIRECTORY || found.slash) && !isDir(found.inode.mode))
      return isLnk(found.inode.mode) && flags & O_NOFOLLOW && !(flags & O_DIRECTORY) ? err('ELOOP') : err('ENOTDIR');
    return openInode(k, task, found.at, found.inode, path, flags, false);
  },
};
