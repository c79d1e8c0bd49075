// What a call does to files, read off its arguments and the tree before it: the objects that security modules judge.
// Counterpart: the security_path_*, security_inode_* and security_file_open hooks and their places in fs/namei.c, fs/open.c

import {
  AT_FDCWD,
  AT_REMOVEDIR,
  AT_SYMLINK_FOLLOW,
  AT_SYMLINK_NOFOLLOW,
  O_ACCMODE,
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
} from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Kernel } from '../context.ts';
import { inodeAt } from '../fs/inodes.ts';
import { locationPath, walk } from '../fs/namei.ts';
import { ownerOf } from '../fs/permission.ts';
import type { Inode, Location, Task } from '../state.ts';
import type { CallName } from '../uapi/index.ts';
import {
  AA_APPEND,
  AA_CHMOD,
  AA_CHOWN,
  AA_CREATE,
  AA_DELETE,
  AA_EXEC,
  AA_LINK,
  AA_READ,
  AA_SETATTR,
  AA_WRITE,
} from './apparmor/profile.ts';

export type FileOperation =
  | 'open'
  | 'mknod'
  | 'mkdir'
  | 'symlink'
  | 'unlink'
  | 'rmdir'
  | 'rename_src'
  | 'rename_dest'
  | 'link'
  | 'chmod'
  | 'chown'
  | 'truncate'
  | 'getattr'
  | 'setattr'
  | 'access'
  | 'relabel'
  | 'exec';

export interface FileAccess {
  readonly operation: FileOperation;
  readonly path: string; // of a directory: with a slash at the end
  readonly dir: Location;
  readonly at: Location | null; // null: it is made by the call
  readonly inode: Inode | null;
  readonly mask: number; // AA_*; 0 for what AppArmor does not look at
  readonly want?: number; // MAY_*, of 'access'
  readonly linked?: string; // of 'link': the file that gets another name
  readonly ouid: number;
}

interface Found {
  readonly path: string;
  readonly dir: Location;
  readonly at: Location | null;
  readonly inode: Inode | null;
}

function find(k: Kernel, task: Task, dirfd: number, path: string, follow: boolean): Found | undefined {
  const walked = walk(k, task, dirfd, path.length > 1 ? path.replace(/\/+$/, '') || '/' : path, { follow, create: true });
  if (!walked.ok || walked.value.magic !== null) return undefined;
  const { at, inode, dir, name } = walked.value;
  const whole = name === '' ? locationPath(k, task, at ?? dir) : `${locationPath(k, task, dir).replace(/\/$/, '')}/${name}`;
  return { path: whole, dir, at, inode };
}

function byFd(k: Kernel, task: Task, fd: number): Found | undefined {
  const target = k.state.files.get(task.fds[fd]?.file ?? -1)?.target;
  if (target?.kind !== 'inode') return undefined;
  return { path: locationPath(k, task, target.at), dir: target.at, at: target.at, inode: inodeAt(k, target.at, task) ?? null };
}

function access(
  k: Kernel,
  task: Task,
  found: Found | undefined,
  operation: FileOperation,
  mask: number,
  directory?: boolean,
): FileAccess[] {
  if (found === undefined) return [];
  const { path, dir, at, inode } = found;
  const slash = (directory ?? (inode !== null && isDir(inode.mode))) && !path.endsWith('/') ? '/' : '';
  const ouid = at === null || inode === null ? task.cred.fsuid : ownerOf(k, at, inode).uid;
  return [{ operation, path: `${path}${slash}`, dir, at, inode, mask, ouid }];
}

function opened(k: Kernel, task: Task, dirfd: number, path: string, flags: number): FileAccess[] {
  if (flags & O_PATH) return [];
  const follow = (flags & O_NOFOLLOW) === 0 && (flags & (O_CREAT | O_EXCL)) !== (O_CREAT | O_EXCL);
  const found = find(k, task, dirfd, path, follow);
  const mode = flags & O_ACCMODE;
  let mask = mode === O_WRONLY ? 0 : AA_READ;
  if (mode !== O_RDONLY) mask |= flags & O_APPEND ? AA_APPEND : AA_WRITE;
  if (flags & O_TRUNC) mask |= AA_WRITE;
  if (flags & O_CREAT) mask |= AA_CREATE;
  const made = found?.at === null ? access(k, task, found, 'mknod', AA_CREATE, false) : [];
  return [...made, ...access(k, task, found, 'open', mask)];
}

const MOVED_FROM = AA_READ | AA_WRITE | AA_SETATTR | AA_DELETE;
const MOVED_TO = AA_WRITE | AA_SETATTR | AA_CREATE;

/** The files a call touches, in the order the kernel asks about them. `k.state` is the state before the call. */
export function fileAccesses(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): readonly FileAccess[] {
  const text = (at: number): string => String(args[at]);
  const num = (at: number): number => Number(args[at]);
  const one = (dirfd: number, path: string, follow: boolean, operation: FileOperation, mask: number, directory?: boolean): FileAccess[] =>
    access(k, task, find(k, task, dirfd, path, follow), operation, mask, directory);
  switch (call) {
    case 'openat':
      return opened(k, task, num(0), text(1), num(2));
    case 'mkdirat':
      return one(num(0), text(1), false, 'mkdir', AA_CREATE, true);
    case 'mknodat':
      return one(num(0), text(1), false, 'mknod', AA_CREATE, false);
    case 'symlinkat':
      return one(num(1), text(2), false, 'symlink', AA_CREATE, false);
    case 'unlinkat':
      return one(num(0), text(1), false, num(2) & AT_REMOVEDIR ? 'rmdir' : 'unlink', AA_DELETE);
    case 'renameat2': {
      const from = find(k, task, num(0), text(1), false);
      const directory = from?.inode != null && isDir(from.inode.mode);
      return [
        ...access(k, task, from, 'rename_src', MOVED_FROM),
        ...access(k, task, find(k, task, num(2), text(3), false), 'rename_dest', MOVED_TO, directory),
      ];
    }
    case 'linkat': {
      const from = find(k, task, num(0), text(1), (num(4) & AT_SYMLINK_FOLLOW) !== 0);
      const to = find(k, task, num(2), text(3), false);
      // The new name is judged; the file behind it is the old one.
      return to === undefined || from === undefined
        ? []
        : access(k, task, { ...from, path: to.path, dir: to.dir }, 'link', AA_LINK).map((one) => ({ ...one, linked: from.path }));
    }
    case 'fchmodat':
      return one(num(0), text(1), true, 'chmod', AA_CHMOD);
    case 'fchmod':
      return access(k, task, byFd(k, task, num(0)), 'chmod', AA_CHMOD);
    case 'fchownat':
      return one(num(0), text(1), (num(4) & AT_SYMLINK_NOFOLLOW) === 0, 'chown', AA_CHOWN);
    case 'fchown':
      return access(k, task, byFd(k, task, num(0)), 'chown', AA_CHOWN);
    case 'truncate':
      return one(AT_FDCWD, text(0), true, 'truncate', AA_WRITE | AA_SETATTR);
    case 'ftruncate':
      return access(k, task, byFd(k, task, num(0)), 'truncate', AA_WRITE | AA_SETATTR);
    case 'newfstatat':
      return one(num(0), text(1), (num(2) & AT_SYMLINK_NOFOLLOW) === 0, 'getattr', 0);
    case 'faccessat2':
      return one(num(0), text(1), (num(3) & AT_SYMLINK_NOFOLLOW) === 0, 'access', 0).map((each) => ({ ...each, want: num(2) }));
    case 'utimensat':
      return text(1) === '' ? [] : one(num(0), text(1), (num(4) & AT_SYMLINK_NOFOLLOW) === 0, 'setattr', 0);
    case 'setxattr':
      return one(AT_FDCWD, text(0), args[4] !== false, text(1) === 'security.selinux' ? 'relabel' : 'setattr', 0);
    case 'execve':
      return one(AT_FDCWD, text(0), true, 'exec', AA_EXEC);
    default:
      return [];
  }
}
