// Namespaces as files: what a bind mount of /proc/PID/ns/TYPE keeps, as `ip netns add` does. Counterpart: fs/nsfs.c, namespaces(7)

import { isDir, S_IFREG } from '#abi/mode.ts';
import { PVec } from '#base/pvec.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { nsIno } from '../proc/ids.ts';
import type { Inode, Location, NsType, Superblock, Task } from '../state.ts';
import { createSuperblock, inodeAt, superblockOf } from './inodes.ts';
import { addSuperblock, attach, MOUNT_DEFAULTS } from './mounts.ts';
import { propagateAttach } from './propagation.ts';

export interface NsRef {
  readonly type: NsType;
  readonly ns: number;
}

const NSFS_DEV = 4;

/** The namespace a mounted namespace file stands for. */
export const nsAt = (k: Kernel, at: Location): NsRef | undefined => superblockOf(k, at).nsfs;

/** Mounts a namespace on a file. Errors: EINVAL on a directory. */
export function bindNamespace(k: Kernel, task: Task, nsfs: NsRef, at: Location): Res<void> {
  const target = inodeAt(k, at, task);
  if (target === undefined) return err('ENOENT');
  if (isDir(target.mode)) return err('ENOTDIR');
  const ino = nsIno(nsfs.type, nsfs.ns);
  const plain = createSuperblock({ fstype: 'nsfs', dev: NSFS_DEV, source: 'nsfs', now: k.state.realtime });
  const { dir: _directory, ...file } = plain.inodes.get(plain.root) as Inode;
  const inode: Inode = { ...file, ino, mode: S_IFREG | 0o444, nlink: 1 };
  const sb: Superblock = { ...plain, inodes: PVec.empty<Inode>().set(1, inode), root: 1, nsfs };
  const made = attach(k, task.mountNs, at, { ...MOUNT_DEFAULTS, atime: 'strictatime', sb: addSuperblock(k, sb), root: 1 });
  propagateAttach(k, task.mountNs, made);
  return ok(undefined);
}
