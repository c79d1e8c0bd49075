// What execve needs of the file system. Counterpart: fs/exec.c do_open_execat, bprm_fill_uid

import { AT_FDCWD } from '#abi/flags.ts';
import { isReg, MAY_EXEC, MAY_READ } from '#abi/mode.ts';
import { err, type Kernel, ok, type Res, refuse } from '../context.ts';
import type { Kgid, Kuid, Location, Task } from '../state.ts';
import { IMAGE_HEADER } from '../uapi/image.ts';
import { EMPTY_FILE, readData } from './data.ts';
import { mayRun } from './files.ts';
import { mountOf } from './inodes.ts';
import { locationPath, walk } from './namei.ts';
import { inodePermission, ownerOf } from './permission.ts';

export interface ExecFile {
  readonly at: Location;
  readonly path: string; // absolute
  readonly mode: number;
  readonly uid: Kuid | undefined; // undefined: no mapping through an idmapped mount
  readonly gid: Kgid | undefined;
  readonly nosuid: boolean;
  readonly caps: Uint8Array | undefined; // security.capability
  readonly head: Uint8Array; // first bytes
  readonly readable: boolean;
}

/** The executable at a path: EACCES without x, for anything but a regular file, and on noexec mounts; ETXTBSY while it is open for writing. */
export function execLookup(k: Kernel, task: Task, path: string): Res<ExecFile> {
  const walked = walk(k, task, AT_FDCWD, path, { follow: true });
  if (!walked.ok) return walked;
  const { at, inode, slash, dir, name } = walked.value;
  if (at === null || inode === null) return err('ENOENT');
  if (!isReg(inode.mode)) return refuse('EACCES', 'exec.regular', { mode: inode.mode }, at);
  if (slash) return err('ENOTDIR');
  const mount = mountOf(k, at.mount);
  if (mount.noexec) return refuse('EACCES', 'mount.noexec', {}, at);
  const allowed = inodePermission(k, task, task.cred, at, inode, MAY_EXEC);
  if (!allowed.ok) return allowed;
  const quiet = mayRun(k, at);
  if (!quiet.ok) return quiet;
  const owner = ownerOf(k, at, inode);
  return ok({
    at,
    path: name === '' ? locationPath(k, task, at) : `${locationPath(k, task, dir).replace(/\/$/, '')}/${name}`,
    mode: inode.mode,
    uid: owner.uid,
    gid: owner.gid,
    nosuid: mount.nosuid,
    caps: inode.xattrs?.get('security.capability'),
    head: readData(inode.file ?? EMPTY_FILE, 0, Math.max(IMAGE_HEADER, 256)),
    readable: inodePermission(k, task, task.cred, at, inode, MAY_READ).ok,
  });
}
