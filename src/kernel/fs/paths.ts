// Calls that look at a path, or change where a task stands. Counterpart: fs/stat.c, fs/open.c; stat(2), access(2), chdir(2)

import { CAP_NONE } from '#abi/capability.ts';
import { AT_EACCESS, AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isDir, isLnk, isReg, MAY_EXEC, MAY_WRITE } from '#abi/mode.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, type Outcome, ok, refuse } from '../context.ts';
import { fromKuid } from '../cred/ids.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import { nsIno } from '../proc/ids.ts';
import type { Credentials, Location, OpenFile, Superblock, Task } from '../state.ts';
import type { Stat } from '../uapi/index.ts';
import { anyFileOf, forgetUnused } from './files.ts';
import { inodeAt, mountOf, superblockOf } from './inodes.ts';
import { locationPath, type Magic, startOf, walk } from './namei.ts';
import { inodePermission, mountWritable } from './permission.ts';
import { statOf } from './stat.ts';

type PathCalls = 'newfstatat' | 'fstat' | 'statfs' | 'faccessat2' | 'readlinkat' | 'chdir' | 'fchdir' | 'getcwd' | 'chroot';

const PIPE_DEV = 0xd;
const PTS_DEV = 0x18;

/** stat of an open file that is no inode: a pipe, terminal, stream. */
function statOther(k: Kernel, task: Task, file: OpenFile): Stat {
  const now = k.state.realtime;
  const { target } = file;
  const tty = target.kind === 'tty' ? k.state.ttys.get(target.tty) : undefined;
  const id =
    target.kind === 'pipe' ? target.pipe : target.kind === 'tty' ? (tty?.index ?? 0) + 3 : target.kind === 'host' ? target.stream : 1;
  const uid = fromKuid(k.state, task.cred.userNs, tty?.uid ?? file.cred.fsuid);
  return {
    dev: tty ? PTS_DEV : PIPE_DEV,
    ino: 20_000 + id,
    mode: tty ? 0o020000 | tty.mode : 0o010600,
    nlink: 1,
    uid,
    gid: tty ? tty.gid : file.cred.fsgid,
    rdev: tty ? 136 * 0x100000 + tty.index : 0,
    size: 0,
    blksize: tty ? 1024 : 4096,
    blocks: 0,
    atime: now,
    mtime: now,
    ctime: now,
    btime: null,
  };
}

function statFile(k: Kernel, task: Task, file: OpenFile): Outcome<Stat> {
  const { target } = file;
  if (target.kind !== 'inode' && target.kind !== 'snapshot') return ok(statOther(k, task, file));
  const inode = inodeAt(k, target.at, task);
  return inode === undefined ? err('ENOENT') : ok(statOf(k, task, target.at, inode));
}

function statMagic(k: Kernel, task: Task, magic: Magic): Outcome<Stat> {
  const file = 'file' in magic ? k.state.files.get(magic.file) : undefined;
  if (file !== undefined) return statFile(k, task, file);
  if (!('ns' in magic)) return err('ENOENT');
  const now = k.state.realtime;
  return ok({
    dev: 4,
    ino: nsIno(magic.ns, magic.id),
    mode: 0o100444,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size: 0,
    blksize: 4096,
    blocks: 0,
    atime: now,
    mtime: now,
    ctime: now,
    btime: null,
  });
}

/** A directory a task may go to: search permission, nothing else. */
function enterable(k: Kernel, task: Task, path: string): Outcome<Location> {
  const walked = walk(k, task, AT_FDCWD, path, { follow: true });
  if (!walked.ok) return walked;
  const { at, inode } = walked.value;
  if (at === null || inode === null) return err('ENOENT');
  if (!isDir(inode.mode)) return err('ENOTDIR');
  const allowed = inodePermission(k, task, task.cred, at, inode, MAY_EXEC);
  return allowed.ok ? ok(at) : allowed;
}

/** access(2) asks with the real ids; a real uid other than 0 without capabilities, 0 with the permitted ones. */
function realCredentials(k: Kernel, cred: Credentials): Credentials {
  const root = fromKuid(k.state, cred.userNs, cred.ruid) === 0;
  return { ...cred, fsuid: cred.ruid, fsgid: cred.rgid, effective: root ? cred.permitted : CAP_NONE };
}

const BLOCKS: Readonly<Record<string, number>> = {
  overlay: 15_000_000,
  ext4: 15_000_000,
  cgroup2: 0,
  proc: 0,
  sysfs: 0,
  devpts: 0,
  mqueue: 0,
};

/** Blocks of the node's disk that its system and its images take. */
const SYSTEM_BLOCKS = 4_812_375;

function used(sb: Superblock): number {
  if (sb.fstype === 'ext4' || sb.fstype === 'overlay') return SYSTEM_BLOCKS + Math.ceil(sb.bytes / 4096);
  // tmpfs keeps every file in pages of its own.
  let pages = 0;
  for (const [, { file }] of sb.inodes.entries()) pages += Math.ceil((file?.size ?? 0) / 4096);
  return pages;
}

export const pathHandlers: Handlers<PathCalls> = {
  newfstatat(k, task, dirfd, path, flags) {
    if (path === '' && flags & AT_EMPTY_PATH) {
      if (dirfd === AT_FDCWD) {
        const here = inodeAt(k, task.cwd, task);
        return here === undefined ? err('ENOENT') : ok(statOf(k, task, task.cwd, here));
      }
      const found = anyFileOf(k, task, dirfd);
      return found.ok ? statFile(k, task, found.value.file) : found;
    }
    const walked = walk(k, task, dirfd, path, { follow: (flags & AT_SYMLINK_NOFOLLOW) === 0 });
    if (!walked.ok) return walked;
    const { at, inode, slash, magic } = walked.value;
    if (magic !== null) return statMagic(k, task, magic);
    if (at === null || inode === null) return err('ENOENT');
    return slash && !isDir(inode.mode) ? err('ENOTDIR') : ok(statOf(k, task, at, inode));
  },
  fstat(k, task, fd) {
    const found = anyFileOf(k, task, fd);
    return found.ok ? statFile(k, task, found.value.file) : found;
  },
  statfs(k, task, path) {
    const walked = walk(k, task, AT_FDCWD, path, { follow: true });
    if (!walked.ok) return walked;
    if (walked.value.at === null) return err('ENOENT');
    const sb = superblockOf(k, walked.value.at);
    const memory = Math.floor((Number(k.state.sysctls['machine/memoryKiB'] ?? 8_000_000) * 1024) / 2 / 4096);
    const blocks = sb.sizeLimit !== null ? Math.floor(sb.sizeLimit / 4096) : (BLOCKS[sb.fstype] ?? memory);
    const free = Math.max(0, blocks - used(sb));
    // A tmpfs may have as many inodes as half the machine's memory has pages, whatever its size.
    const files = sb.inodeLimit ?? (sb.fstype === 'tmpfs' ? memory : blocks === 0 ? 0 : Math.max(blocks, 1024));
    return ok({ type: sb.fstype, bsize: 4096, blocks, bfree: free, bavail: free, files, ffree: Math.max(0, files - sb.live) });
  },
  faccessat2(k, task, dirfd, path, mode, flags) {
    const cred = flags & AT_EACCESS ? task.cred : realCredentials(k, task.cred);
    const walked = walk(k, { ...task, cred }, dirfd, path, { follow: (flags & AT_SYMLINK_NOFOLLOW) === 0 });
    if (!walked.ok) return walked;
    const { at, inode, slash } = walked.value;
    if (slash && inode !== null && !isDir(inode.mode)) return err('ENOTDIR');
    if (walked.value.magic !== null || mode === 0) return ok(undefined);
    if (at === null || inode === null) return err('ENOENT');
    if (mode & MAY_EXEC && mountOf(k, at.mount).noexec && !isDir(inode.mode)) return refuse('EACCES', 'mount.noexec', {}, at);
    const allowed = inodePermission(k, task, cred, at, inode, mode);
    if (!allowed.ok) return allowed;
    // Devices, pipes and sockets are written to elsewhere.
    return mode & MAY_WRITE && (isReg(inode.mode) || isDir(inode.mode) || isLnk(inode.mode)) ? mountWritable(k, at) : ok(undefined);
  },
  readlinkat(k, task, dirfd, path) {
    const walked = walk(k, task, dirfd, path, { follow: false });
    if (!walked.ok) return walked;
    const { at, inode } = walked.value;
    if (at === null || inode === null) return err('ENOENT');
    if (!isLnk(inode.mode)) return err('EINVAL');
    const driver = k.drivers[superblockOf(k, at).fstype];
    if (driver === undefined) return ok(inode.target ?? '');
    return driver.readlink?.(k, mountOf(k, at.mount).sb, at.ino, task) ?? err('EINVAL');
  },
  chdir(k, task, path) {
    const to = enterable(k, task, path);
    if (to.ok !== true) return to;
    k.updateTask(task.id, { cwd: to.value });
    forgetUnused(k, task.cwd);
    return ok(undefined);
  },
  fchdir(k, task, fd) {
    const start = startOf(k, task, fd);
    if (!start.ok) return start;
    const inode = inodeAt(k, start.value, task);
    if (inode === undefined || !isDir(inode.mode)) return err('ENOTDIR');
    const allowed = inodePermission(k, task, task.cred, start.value, inode, MAY_EXEC);
    if (!allowed.ok) return allowed;
    k.updateTask(task.id, { cwd: start.value });
    forgetUnused(k, task.cwd);
    return ok(undefined);
  },
  getcwd(k, task) {
    const path = locationPath(k, task, task.cwd);
    return path.endsWith(' (deleted)') ? err('ENOENT') : ok(path);
  },
  chroot(k, task, path) {
    const to = enterable(k, task, path);
    if (to.ok !== true) return to;
    if (!nsCapable(k.state, task.cred, task.cred.userNs, 'CAP_SYS_CHROOT')) {
      return err('EPERM', deny([lacks(task.cred, 'CAP_SYS_CHROOT')]));
    }
    k.updateTask(task.id, { root: to.value });
    return ok(undefined);
  },
};
