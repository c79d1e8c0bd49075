// Reading and writing inodes: regular files and the memory devices. Counterpart: fs/read_write.c, drivers/char/mem.c

import { O_APPEND, POLLIN, POLLOUT } from '#abi/flags.ts';
import { isDir, isReg, major, minor, S_ISGID, S_ISUID } from '#abi/mode.ts';
import { err, type Kernel, type Outcome, ok, type Res, refuse } from '../context.ts';
import { withInode, withState, withSuperblock } from '../copy.ts';
import { nsCapable } from '../cred/need.ts';
import type { Inode, Location, OpenFile, Superblock, Task } from '../state.ts';
import { EMPTY_FILE, readData, truncateData, writeData } from './data.ts';
import { changeFile, forgetUnused, registerFileOps } from './files.ts';
import { inodeAt, mountOf, putInode } from './inodes.ts';
import { capableWrtInode, inGroup, ownerOf } from './permission.ts';

const NULL = 3;
const ZERO = 5;
const FULL = 7;
const RANDOM = 8;
const URANDOM = 9;

/**
 * Mode without S_ISUID, and without S_ISGID where g+x makes it one or the caller is neither in the group nor has CAP_FSETID.
 * Counterpart: setattr_should_drop_suidgid, Linux 6.2 and later
 */
export function withoutSetid(k: Kernel, task: Task, at: Location, inode: Inode): number {
  const cleared = inode.mode & ~S_ISUID;
  if ((inode.mode & S_ISGID) === 0) return cleared;
  const owner = ownerOf(k, at, inode);
  const keeps = (inode.mode & 0o010) === 0 && (inGroup(task.cred, owner.gid) || capableWrtInode(k, task.cred, owner, 'CAP_FSETID'));
  return keeps ? cleared : cleared & ~S_ISGID;
}

/** What a change of contents does to set-id bits and file capabilities. Counterpart: file_remove_privs */
export function removePrivs(k: Kernel, task: Task, at: Location, inode: Inode): Partial<Inode> {
  const setid = isReg(inode.mode) && (inode.mode & (S_ISUID | S_ISGID)) !== 0;
  const mode = setid && !nsCapable(k.state, task.cred, 0, 'CAP_FSETID') ? withoutSetid(k, task, at, inode) : inode.mode;
  const xattrs = inode.xattrs?.has('security.capability') ? inode.xattrs.delete('security.capability') : undefined;
  return { ...(mode === inode.mode ? {} : { mode }), ...(xattrs === undefined ? {} : { xattrs }) };
}

const full = ({ fstype, bytes, sizeLimit }: Superblock, at: Location, asked: number): Res<never> =>
  refuse('ENOSPC', 'fs.size', { fstype, size: sizeLimit, used: bytes, asked }, at);

/** Accounts for a change of size; ENOSPC when the file system is full. */
function account(k: Kernel, at: Location, delta: number): Res<void> {
  const { sb } = mountOf(k, at.mount);
  const superblock = k.state.superblocks.get(sb) as Superblock;
  if (delta === 0) return ok(undefined);
  if (delta > 0 && superblock.sizeLimit !== null && superblock.bytes + delta > superblock.sizeLimit) return full(superblock, at, delta);
  k.state = withState(k.state, {
    superblocks: k.state.superblocks.set(sb, withSuperblock(superblock, { bytes: superblock.bytes + delta })),
  });
  return ok(undefined);
}

/** Largest size a task may give a file. */
const sizeMost = (task: Task): number => task.rlimits.RLIMIT_FSIZE?.[0] ?? Number.POSITIVE_INFINITY;

/** EFBIG; the dispatcher sends the SIGXFSZ that goes with it. */
const tooBig = (task: Task, at: Location): Res<never> => refuse('EFBIG', 'limit.fsize', { limit: sizeMost(task) }, at);

/** Sets the size of a regular file; EFBIG when it grows beyond RLIMIT_FSIZE. */
export function setSize(k: Kernel, task: Task, at: Location, size: number): Res<void> {
  const inode = inodeAt(k, at, task) as Inode;
  if (size > sizeMost(task) && size > (inode.file?.size ?? 0)) return tooBig(task, at);
  const { sb } = mountOf(k, at.mount);
  const old = inode.file ?? EMPTY_FILE;
  const room = account(k, at, Math.min(size, old.size) - old.size);
  if (!room.ok) return room;
  const now = k.state.realtime;
  putInode(k, sb, withInode(inode, { ...removePrivs(k, task, at, inode), file: truncateData(old, size), mtime: now, ctime: now }));
  return ok(undefined);
}

/** Writes into a regular file at an offset. A full file system takes what fits, then says ENOSPC; so does RLIMIT_FSIZE, with EFBIG. */
export function writeInode(k: Kernel, task: Task, at: Location, offset: number, data: Uint8Array): Res<number> {
  const inode = inodeAt(k, at, task);
  if (inode === undefined) return err('EIO');
  if (data.length === 0) return ok(0);
  const { sb } = mountOf(k, at.mount);
  const superblock = k.state.superblocks.get(sb) as Superblock;
  const old = inode.file ?? EMPTY_FILE;
  if (offset >= sizeMost(task)) return tooBig(task, at);
  let part = data.subarray(0, sizeMost(task) - offset);
  if (superblock.sizeLimit !== null) {
    const free = superblock.sizeLimit - superblock.bytes + Math.max(0, old.size - offset);
    if (data.length > 0 && free <= 0) return full(superblock, at, data.length);
    part = part.subarray(0, free);
  }
  const file = writeData(old, offset, part);
  account(k, at, file.size - old.size);
  const now = k.state.realtime;
  putInode(k, sb, withInode(inodeAt(k, at, task) as Inode, { ...removePrivs(k, task, at, inode), file, mtime: now, ctime: now }));
  return ok(part.length);
}

/** Bytes one read of /dev/zero or /dev/urandom gives at most. Deviates: Linux stops at 2 GiB for the former. */
const DEVICE_READ_MAX = 33_554_431;

function deviceRead(k: Kernel, inode: Inode, count: number): Outcome<Uint8Array> {
  if (major(inode.rdev) !== 1) return err('ENXIO');
  const kind = minor(inode.rdev);
  if (kind === NULL) return ok(new Uint8Array(0));
  if (kind === ZERO || kind === FULL) return ok(new Uint8Array(Math.min(count, DEVICE_READ_MAX)));
  if (kind !== RANDOM && kind !== URANDOM) return err('ENXIO');
  const bytes = new Uint8Array(Math.min(count, DEVICE_READ_MAX));
  for (let i = 0; i < bytes.length; i++) bytes[i] = (k.random() >>> 13) & 0xff;
  return ok(bytes);
}

function deviceWrite(inode: Inode, data: Uint8Array): Outcome<number> {
  if (major(inode.rdev) !== 1) return err('ENXIO');
  return minor(inode.rdev) === FULL ? err('ENOSPC') : ok(data.length);
}

const locationOf = (file: OpenFile): Location => (file.target.kind === 'inode' ? file.target.at : { mount: 0, ino: 0 });

registerFileOps('inode', {
  read(k, task, id, file, count) {
    const inode = inodeAt(k, locationOf(file), task);
    if (inode === undefined) return err('EIO');
    if (isDir(inode.mode)) return err('EISDIR');
    if (!isReg(inode.mode)) return deviceRead(k, inode, count);
    const data = readData(inode.file ?? EMPTY_FILE, file.offset, count);
    if (data.length > 0) changeFile(k, id, { offset: file.offset + data.length });
    return ok(data);
  },
  write(k, task, id, file, data) {
    const at = locationOf(file);
    const inode = inodeAt(k, at, task);
    if (inode === undefined) return err('EIO');
    if (isDir(inode.mode)) return err('EISDIR');
    if (!isReg(inode.mode)) return deviceWrite(inode, data);
    const offset = (file.flags & O_APPEND) !== 0 ? (inode.file?.size ?? 0) : file.offset;
    const wrote = writeInode(k, task, at, offset, data);
    if (wrote.ok) changeFile(k, id, { offset: offset + wrote.value });
    return wrote;
  },
  poll: () => POLLIN | POLLOUT,
  release(k, file) {
    forgetUnused(k, locationOf(file));
  },
});
