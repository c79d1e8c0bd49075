// stat: what an inode looks like to a caller. Counterpart: fs/stat.c; inode(7), stat(2)

import { isDir, isLnk } from '#abi/mode.ts';
import type { Kernel } from '../context.ts';
import { fromKgid, fromKuid } from '../cred/ids.ts';
import type { Inode, Location, Superblock, Task } from '../state.ts';
import type { Stat } from '../uapi/index.ts';
import { blocksOf } from './data.ts';
import { directorySize, layerOf, mountOf, superblockOf } from './inodes.ts';
import { ownerOf } from './permission.ts';

/** File systems that keep no data on a disk: their directories take no blocks. */
const MEMORY = new Set(['tmpfs', 'mqueue', 'proc', 'sysfs', 'cgroup2', 'devpts']);

/** Inodes of the node's disk that the node's own system, of which we make only a few directories, has in use. */
const SYSTEM_INODES = 1_048_576;

/** The inode number a process sees. */
export const shownIno = (sb: Superblock, ino: number): number =>
  (sb.fstype === 'ext4' && ino !== sb.root) || sb.fstype === 'overlay' ? ino + SYSTEM_INODES : ino;

/** The stat of an inode at a place, with ids as the caller's user namespace shows them. */
export function statOf(k: Kernel, task: Task, at: Location, inode: Inode): Stat {
  const sb = superblockOf(k, at);
  const owner = ownerOf(k, at, inode);
  const virtual = k.drivers[sb.fstype] !== undefined;
  const directory = isDir(inode.mode);
  // A directory that several layers of an overlay have shows the size of the topmost, which holds few names.
  const merged = directory && sb.fstype === 'overlay' && layerOf(sb, inode) === 'merged';
  const size = virtual
    ? (inode.file?.size ?? 0)
    : directory
      ? merged
        ? 4096
        : directorySize(sb, inode)
      : isLnk(inode.mode)
        ? (inode.target?.length ?? 0)
        : (inode.file?.size ?? 0);
  const fast = isLnk(inode.mode) && size < 60;
  const memory = MEMORY.has(sb.fstype);
  return {
    dev: sb.dev,
    ino: shownIno(sb, inode.ino),
    mode: inode.mode,
    nlink: merged ? 1 : inode.nlink,
    uid: fromKuid(k.state, task.cred.userNs, owner.uid),
    gid: fromKgid(k.state, task.cred.userNs, owner.gid),
    rdev: inode.rdev,
    size,
    blksize: virtual ? 1024 : 4096,
    blocks: directory
      ? memory
        ? 0
        : size / 512
      : inode.file !== undefined && !virtual
        ? blocksOf(inode.file)
        : isLnk(inode.mode) && !fast && !memory
          ? 8
          : 0,
    atime: inode.atime,
    mtime: inode.mtime,
    ctime: inode.ctime,
    btime: memory ? (sb.fstype === 'tmpfs' ? inode.btime : null) : inode.btime,
  };
}

/** Superblock id of a place. */
export const sbOf = (k: Kernel, at: Location): number => mountOf(k, at.mount).sb;
