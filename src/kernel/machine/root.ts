// The first file system: an empty ext4-like disk. Directories are made by the caller.

import { S_IFDIR } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { PVec } from '#base/pvec.ts';
import type { Inode, Kgid, Kuid, Mount, Superblock } from '../state.ts';

const ROOT_INO = 2; // as ext4 has it

/** Superblock 0 and its mount, the root of the initial mount namespace. */
export function createRoot(dev: number, time: bigint): { readonly superblock: Superblock; readonly mount: Mount } {
  const root: Inode = {
    ino: ROOT_INO,
    mode: S_IFDIR | 0o755,
    uid: 0 as Kuid,
    gid: 0 as Kgid,
    nlink: 2,
    atime: time,
    mtime: time,
    ctime: time,
    btime: time,
    rdev: 0,
    dir: { entries: PMap.empty(), parent: ROOT_INO },
  };
  const superblock: Superblock = {
    fstype: 'ext4',
    dev,
    source: '/dev/sda1',
    options: '',
    readonly: false,
    userNs: 0,
    root: ROOT_INO,
    inodes: PVec.empty<Inode>().set(ROOT_INO, root),
    nextIno: ROOT_INO + 1,
    bytes: 0,
    sizeLimit: null,
    inodeLimit: null,
    live: 1,
    ns: null,
  };
  const mount: Mount = {
    id: 1,
    parent: null,
    sb: 0,
    root: ROOT_INO,
    at: null,
    readonly: false,
    nosuid: false,
    nodev: false,
    noexec: false,
    atime: 'relatime',
    source: null,
    idmap: null,
  };
  return { superblock, mount };
}
