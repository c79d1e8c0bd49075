// What mount says about a refused call.

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, MS_MOVE, MS_REMOUNT } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { CommandContext } from '../lib/command.ts';
import { errOut } from '../lib/io.ts';
import { PROPAGATION } from './mountOptions.ts';
import { mountTable } from './mountTable.ts';

const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';

interface Attempt {
  readonly type: string | undefined;
  readonly flags: number;
  readonly source: string;
  readonly target: string;
}

/** What may be wrong with a call whose places do not fit. Counterpart: mnt_context_get_mount_excode, libmount 2.38 */
function* misplaced({ source, target }: Attempt, errno: Errno): Program<string | undefined> {
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, target, 0);
  if (errno === 'ENOTDIR') return there.ok && isDir(there.value.mode) ? undefined : 'mount point is not a directory.';
  const named: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW);
  if (!there.ok) return named.ok ? 'mount point is a symbolic link to nowhere.' : 'mount point does not exist.';
  const from: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, source, 0);
  return from.ok ? undefined : `special device ${source} does not exist.`;
}

/** Counterpart: mnt_context_get_mount_excode, libmount 2.38 */
function* reason(attempt: Attempt, errno: Errno): Program<string | undefined> {
  const { source, flags, type } = attempt;
  switch (errno) {
    case 'EPERM': {
      const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
      if (ids.ok && ids.value[1] !== 0) return 'must be superuser to use mount.';
      const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, attempt.target, 0);
      return there.ok && isDir(there.value.mode) ? 'permission denied.' : 'mount point is not a directory.';
    }
    case 'EACCES':
      return 'permission denied.';
    case 'ENOENT':
    case 'ENOTDIR':
      return yield* misplaced(attempt, errno);
    case 'ENODEV':
      return `unknown filesystem type '${type ?? ''}'.`;
    case 'ENOTBLK':
      return `${source} is not a block device.`;
    case 'EBUSY': {
      const elsewhere = (yield* mountTable())?.find(([device]) => device === source)?.[1];
      return `${source} already mounted ${elsewhere === undefined ? 'or mount point busy' : `on ${elsewhere}`}.`;
    }
    case 'EINVAL':
      if (flags & MS_REMOUNT) return 'mount point not mounted or bad option.';
      if (flags & PROPAGATION) return 'not mount point or bad option.';
      if (flags & MS_MOVE) return 'bad option; moving a mount residing under a shared mount is unsupported.';
      return `wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`;
    default:
      return undefined;
  }
}

/** Complains about a refused call; the exit status. */
export function* complain(context: CommandContext, errno: Errno, attempt: Attempt): Program<number> {
  const { source, target } = attempt;
  if (context.flavour === 'busybox') {
    if (errno === 'EPERM') yield* errOut(`${context.name}: permission denied (are you root?)\n`);
    else yield* errOut(`${context.name}: mounting ${source} on ${target} failed: ${strerror(errno)}\n`);
    return errno === 'EPERM' ? 1 : 255;
  }
  const text = (yield* reason(attempt, errno)) ?? `mount(2) system call failed: ${strerror(errno)}.`;
  yield* errOut(`${context.name}: ${target}: ${text}\n${DMESG}`);
  return 32;
}
