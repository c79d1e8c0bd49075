// Many files at once: trees that come with a disk, and a change of group and mode that goes through a whole directory.

import { capSet } from '#abi/capability.ts';
import { FS_APPEND_FL, FS_IMMUTABLE_FL } from '#abi/flags.ts';
import { isDir, isLnk, S_IFDIR, S_IFREG } from '#abi/mode.ts';
import { PMap } from '#base/pmap.ts';
import { PVec } from '#base/pvec.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Handlers, type Kernel, ok } from '../context.ts';
import { makeKgid } from '../cred/ids.ts';
import { lacks } from '../cred/lacks.ts';
import type { DirData, Inode, Kgid, Kuid, Location } from '../state.ts';
import { fileOf } from './files.ts';
import { inodeAt, mountOf, superblockOf } from './inodes.ts';
import { mountWritable } from './permission.ts';

/** Regular files without contents, in directories of equal size. */
export interface TreeSpec {
  readonly count: number;
  readonly perDirectory: number;
  readonly mode: number;
  readonly directoryMode: number;
  readonly uid: number;
  readonly gid: number;
}

const EMPTY = { size: 0, chunks: PVec.empty<Uint8Array>() };
const numbered = (letter: string, count: number): readonly string[] => {
  const width = String(Math.max(0, count - 1)).length;
  return Array.from({ length: count }, (_, at) => `${letter}${String(at).padStart(width, '0')}`);
};

/** An inode of a fresh tree. Written out: a million objects made by spreading take several times the room. */
function fresh(spec: TreeSpec, now: bigint, ino: number, dir: DirData | undefined): Inode {
  const mode = dir === undefined ? S_IFREG | spec.mode : S_IFDIR | spec.directoryMode;
  const [uid, gid] = [spec.uid as Kuid, spec.gid as Kgid];
  return dir === undefined
    ? { ino, mode, uid, gid, nlink: 1, atime: now, mtime: now, ctime: now, btime: now, rdev: 0, file: EMPTY }
    : { ino, mode, uid, gid, nlink: 2, atime: now, mtime: now, ctime: now, btime: now, rdev: 0, dir };
}

/** Puts a tree into an empty directory of a table file system, as if the disk had come with it. No call of a task. */
export function populateTree(k: Kernel, at: Location, spec: TreeSpec): void {
  const { sb } = mountOf(k, at.mount);
  const superblock = superblockOf(k, at);
  const perDirectory = Math.max(1, Math.min(spec.perDirectory, spec.count));
  const directories = Math.ceil(spec.count / perDirectory);
  const template = PMap.from(numbered('f', perDirectory).map((name) => [name, 0] as const));
  const now = k.state.realtime;
  let next = superblock.nextIno;
  const top: number[] = [];
  const inodes = superblock.inodes.edit((set) => {
    let left = spec.count;
    for (let d = 0; d < directories; d++) {
      const ino = next++;
      top.push(ino);
      const files = Math.min(left, perDirectory);
      left -= files;
      const first = next;
      next += files;
      const inos = Array.from({ length: files }, (_, f) => first + f);
      const names =
        files === perDirectory
          ? template
          : PMap.from(
              numbered('f', perDirectory)
                .slice(0, files)
                .map((name) => [name, 0] as const),
            );
      set(ino, fresh(spec, now, ino, { entries: names.withValues(inos), parent: at.ino }));
      for (const file of inos) set(file, fresh(spec, now, file, undefined));
    }
    const root = superblock.inodes.get(at.ino) as Inode;
    const entries = PMap.from(numbered('d', directories).map((name, d) => [name, top[d] as number] as const));
    set(at.ino, { ...root, nlink: root.nlink + directories, dir: { parent: (root.dir as NonNullable<Inode['dir']>).parent, entries } });
  });
  const made = { ...superblock, inodes, nextIno: next, live: superblock.live + next - superblock.nextIno };
  k.state = { ...k.state, superblocks: k.state.superblocks.set(sb, made) };
}

const PRIVILEGES = capSet('CAP_CHOWN', 'CAP_FOWNER', 'CAP_FSETID');
/** What the quick way leaves to chown(2) and chmod(2): attributes and lists they would change, and flags they would heed. */
const special = (inode: Inode): boolean =>
  ((inode.flags ?? 0) & (FS_IMMUTABLE_FL | FS_APPEND_FL)) !== 0 ||
  inode.acl !== undefined ||
  (inode.xattrs !== undefined && [...inode.xattrs.keys()].some((name) => name !== 'security.selinux'));

export const bulkHandlers: Handlers<'chgrp_entries'> = {
  chgrp_entries(k, task, fd, gid, bits, from, count) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { target } = found.value.file;
    const at = target.kind === 'inode' ? target.at : undefined;
    const directory = at && inodeAt(k, at, task);
    if (at === undefined || directory?.dir === undefined) return err('ENOTDIR');
    const mount = mountOf(k, at.mount);
    const superblock = superblockOf(k, at);
    const writable = mountWritable(k, at);
    if (!writable.ok) return writable;
    const { effective, userNs } = task.cred;
    const kgid = makeKgid(k.state, userNs, gid);
    if (kgid === undefined) return err('EINVAL');
    if (userNs !== 0 || (effective & PRIVILEGES) !== PRIVILEGES || mount.idmap !== null || k.drivers[superblock.fstype] !== undefined)
      return err('EPERM', deny([lacks(task.cred, 'CAP_CHOWN')], at));
    const { entries, next } = directory.dir.entries.range(from, count);
    const rest: string[] = [];
    const ctime = k.state.realtime;
    const inodes = superblock.inodes.edit((set) => {
      for (const [name, ino] of entries) {
        const inode = superblock.inodes.get(ino);
        if (inode === undefined) continue;
        if (isDir(inode.mode) || special(inode)) rest.push(name);
        else set(ino, { ...inode, gid: kgid, mode: isLnk(inode.mode) ? inode.mode : inode.mode | bits, ctime });
      }
    });
    k.state = { ...k.state, superblocks: k.state.superblocks.set(mount.sb, { ...superblock, inodes }) };
    return ok({ changed: entries.length - rest.length, rest, next });
  },
};
