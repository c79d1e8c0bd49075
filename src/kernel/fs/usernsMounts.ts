// What a user namespace may mount: which file systems, over whose namespace it needs CAP_SYS_ADMIN, and when a new instance would show
// what the mounts of the namespace hide. Counterpart: mount_capable in fs/super.c, mount_too_revealing in fs/namespace.c

import { MS_RDONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { need } from '../cred/need.ts';
import type { Mount, Task } from '../state.ts';
import { inodeAt, mountOf, superblockOf } from './inodes.ts';
import { namespaceOf } from './mounts.ts';

/** Counterpart: FS_USERNS_MOUNT */
const USERNS_MOUNT: readonly string[] = ['tmpfs', 'ramfs', 'proc', 'sysfs', 'overlay', 'mqueue', 'devpts', 'cgroup2'];
export const KNOWN_FILESYSTEMS: readonly string[] = [...USERNS_MOUNT, 'ext4', 'securityfs', 'selinuxfs'];

/** The user namespace that an instance of a file system belongs to: of the namespace it shows, else of the mount namespace. */
function instanceOwner(k: Kernel, task: Task, fstype: string): number | undefined {
  switch (fstype) {
    case 'proc':
      return k.state.pidNs.get(task.pidNs)?.userNs;
    case 'sysfs':
      return k.state.netNs.get(task.netNs)?.userNs;
    case 'mqueue':
      return k.state.ipcNs.get(task.ipcNs)?.userNs;
    case 'cgroup2':
      return k.state.cgroupNs.get(task.cgroupNs)?.userNs;
    default:
      return task.cred.userNs;
  }
}

/** Does a mount show its whole file system, but for what is mounted on directories that are always empty? Counterpart: mnt_already_visible */
function fullyVisible(k: Kernel, task: Task, mount: Mount, readonly: boolean): boolean {
  const sb = superblockOf(k, { mount: mount.id, ino: mount.root });
  if (mount.root !== sb.root) return false;
  if ((sb.readonly || mount.lockedFlags?.includes('readonly')) && !readonly) return false;
  return namespaceOf(k, task).order.every((id) => {
    const child = mountOf(k, id);
    if (child.parent !== mount.id || child.locked !== true || child.at === null) return true;
    const driver = k.drivers[sb.fstype];
    const inode = inodeAt(k, child.at, task);
    return isDir(inode?.mode ?? 0) && driver?.list(k, mount.sb, child.at.ino, task).length === 0;
  });
}

/**
 * May the task make a new instance of a file system for its mount namespace? EPERM without CAP_SYS_ADMIN over the instance's owner, for
 * file systems that user namespaces may not mount, and for proc and sysfs where no mount there shows all of it already.
 */
export function mayMountNew(k: Kernel, task: Task, fstype: string, flags: number): Res<void> {
  const inside = USERNS_MOUNT.includes(fstype);
  if (!inside && task.cred.userNs !== 0) return err('EPERM', deny([check('fs.userns', 'deny', { fstype, userNs: task.cred.userNs })]));
  const owner = inside ? (instanceOwner(k, task, fstype) ?? 0) : 0;
  const may = need(k, task, owner, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  const space = namespaceOf(k, task);
  if (space.userNs === 0 || (fstype !== 'proc' && fstype !== 'sysfs')) return ok(undefined);
  const readonly = (flags & MS_RDONLY) !== 0;
  const shown = space.order.some((id) => {
    const mount = mountOf(k, id);
    return superblockOf(k, { mount: id, ino: mount.root }).fstype === fstype && fullyVisible(k, task, mount, readonly);
  });
  return shown ? ok(undefined) : err('EPERM', deny([check('mount.revealing', 'deny', { fstype, userNs: space.userNs })]));
}
