// Inodes and superblocks: where they are kept, how they are read, changed, created and dropped.

import { isDir, S_IFDIR, S_IFMT } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { PVec } from '#base/pvec.ts';
import type { Kernel } from '../context.ts';
import { withInode, withState, withSuperblock } from '../copy.ts';
import type { Inode, Kgid, Kuid, Location, Mount, Superblock, Task } from '../state.ts';

export interface SuperblockOptions {
  readonly fstype: string;
  readonly dev: number;
  readonly source: string;
  readonly options?: string;
  readonly readonly?: boolean;
  readonly userNs?: number;
  readonly mode?: number; // of the root directory
  readonly uid?: Kuid;
  readonly gid?: Kgid;
  readonly sizeLimit?: number | null;
  readonly inodeLimit?: number | null;
  readonly ns?: number | null;
  readonly now: bigint;
}

const ROOT_INO = 2;

/** A fresh file system with an empty root directory. */
export function createSuperblock(o: SuperblockOptions): Superblock {
  const root: Inode = {
    ino: ROOT_INO,
    mode: S_IFDIR | (o.mode ?? 0o755),
    uid: o.uid ?? (0 as Kuid),
    gid: o.gid ?? (0 as Kgid),
    nlink: 2,
    atime: o.now,
    mtime: o.now,
    ctime: o.now,
    btime: o.now,
    rdev: 0,
    dir: { entries: PMap.empty(), parent: ROOT_INO },
  };
  return {
    fstype: o.fstype,
    dev: o.dev,
    source: o.source,
    options: o.options ?? '',
    readonly: o.readonly ?? false,
    userNs: o.userNs ?? 0,
    root: ROOT_INO,
    inodes: PVec.empty<Inode>().set(ROOT_INO, root),
    nextIno: ROOT_INO + 1,
    bytes: 0,
    sizeLimit: o.sizeLimit ?? null,
    inodeLimit: o.inodeLimit ?? null,
    live: 1,
    ns: o.ns ?? null,
  };
}

/** A writable copy of a directory tree in O(1): it shares every inode until one of the two changes it. Stands for an overlay's lower layer. */
export function snapshotSuperblock(
  of: Superblock,
  root: number,
  as: Pick<Superblock, 'dev' | 'source' | 'options' | 'userNs'>,
): Superblock {
  return {
    ...of,
    ...as,
    fstype: 'overlay',
    root,
    layers: [of.inodes, ...(of.layers ?? [])],
    readonly: false,
    sizeLimit: null,
    inodeLimit: null,
  };
}

export const mountOf = (k: Kernel, id: number): Mount => k.state.mounts.get(id) as Mount;
export const superblockOf = (k: Kernel, at: Location): Superblock => k.state.superblocks.get(mountOf(k, at.mount).sb) as Superblock;

/** The inode at a place, as the viewer sees it; undefined when it has gone. */
export function inodeAt(k: Kernel, at: Location, viewer: Task): Inode | undefined {
  const { sb } = mountOf(k, at.mount);
  const superblock = k.state.superblocks.get(sb) as Superblock;
  const driver = k.drivers[superblock.fstype];
  return driver === undefined ? superblock.inodes.get(at.ino) : driver.inode(k, sb, at.ino, viewer);
}

/** Replaces an inode of a table file system. */
export function putInode(k: Kernel, sb: number, inode: Inode): void {
  const superblock = k.state.superblocks.get(sb) as Superblock;
  k.state = withState(k.state, {
    superblocks: k.state.superblocks.set(sb, withSuperblock(superblock, { inodes: superblock.inodes.set(inode.ino, inode) })),
  });
}

/** Changes fields of an inode of a table file system; it must exist. */
export function changeInode(k: Kernel, sb: number, ino: number, change: Partial<Inode>): void {
  putInode(k, sb, withInode(k.state.superblocks.get(sb)?.inodes.get(ino) as Inode, change));
}

/** Adds an inode; its number, or undefined when the file system has no inode left. */
export function addInode(k: Kernel, sb: number, make: (ino: number) => Inode): number | undefined {
  const superblock = k.state.superblocks.get(sb) as Superblock;
  if (superblock.inodeLimit !== null && superblock.live >= superblock.inodeLimit) return undefined;
  const ino = superblock.nextIno;
  const next = withSuperblock(superblock, {
    inodes: superblock.inodes.set(ino, withInode(make(ino), {})), // all inodes in one shape
    nextIno: ino + 1,
    live: superblock.live + 1,
  });
  k.state = withState(k.state, { superblocks: k.state.superblocks.set(sb, next) });
  return ino;
}

/** Takes a link away; an inode without links and open files disappears with its contents. */
export function dropLink(k: Kernel, sb: number, ino: number, open: boolean): void {
  const superblock = k.state.superblocks.get(sb) as Superblock;
  const inode = superblock.inodes.get(ino);
  if (inode === undefined) return;
  const nlink = isDir(inode.mode) ? 0 : inode.nlink - 1;
  if (nlink > 0 || open) return changeInode(k, sb, ino, { nlink, ctime: k.state.realtime });
  const bytes = superblock.bytes - (inode.file?.size ?? 0);
  const next = { ...superblock, inodes: superblock.inodes.set(ino, undefined), live: superblock.live - 1, bytes };
  k.state = withState(k.state, { superblocks: k.state.superblocks.set(sb, next) });
}

/** Puts a name into a directory, or takes it out (ino null), with the directory's times and link count. */
export function setEntry(k: Kernel, sb: number, dir: number, name: string, ino: number | null, subdirectories = 0): void {
  const inode = k.state.superblocks.get(sb)?.inodes.get(dir) as Inode;
  const old = inode.dir as NonNullable<Inode['dir']>;
  const entries = ino === null ? old.entries.delete(name) : old.entries.set(name, ino);
  const now = k.state.realtime;
  putInode(k, sb, withInode(inode, { dir: { entries, parent: old.parent }, nlink: inode.nlink + subdirectories, mtime: now, ctime: now }));
}

/** Is the inode of one layer below an overlay ("lower"), of several or changed ("merged"), or new ("upper")? */
export function layerOf(sb: Superblock, inode: Inode): 'lower' | 'merged' | 'upper' {
  const [top, ...deeper] = sb.layers ?? [];
  const below = top?.get(inode.ino);
  if (below === undefined) return 'upper';
  if (below !== inode || inode.ino === sb.root) return 'merged';
  const beneath = deeper.map((layer) => layer.get(inode.ino)).filter((one) => one !== undefined);
  return beneath.every((one) => one === inode) ? 'lower' : 'merged';
}

/** Size of a directory as its file system shows it. */
export function directorySize(sb: Superblock, inode: Inode): number {
  const entries = inode.dir?.entries;
  if (sb.fstype === 'tmpfs' || sb.fstype === 'mqueue') return entries === undefined ? 0 : 20 * (entries.size + 2);
  if (entries === undefined) return 0;
  if (entries.size < 100) return 4096;
  let bytes = 24;
  for (const name of entries.keys()) bytes += 8 + Math.ceil(name.length / 4) * 4;
  // ext4 turns a directory of more than one block into an index block and half-full leaves.
  return bytes <= 4096 ? 4096 : 4096 * (1 + Math.ceil(bytes / 4096));
}

export const fileType = (mode: number): number => mode & S_IFMT;
