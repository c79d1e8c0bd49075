// Gives the files of a volume the container's label. Counterpart: opencontainers/selinux label.Relabel with shared false (`:Z`)

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Dirent, type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Mount } from '../cri.ts';

/** Directories of the system that are never relabelled. */
const EXCLUDED = [
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/home',
  '/lib',
  '/lib64',
  '/media',
  '/opt',
  '/proc',
  '/root',
  '/run',
  '/sbin',
  '/srv',
  '/sys',
  '/tmp',
  '/usr',
  '/var',
];

/** How many inodes got the label. */
function* relabelTree(path: string, label: Uint8Array): Program<number> {
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
  if (!stat.ok) return 0;
  const set: SysResult<void> = yield* sys.setxattr(path, 'security.selinux', label, 0, false);
  let count = set.ok ? 1 : 0;
  if (!isDir(stat.value.mode)) return count;
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (!fd.ok) return count;
  const names: string[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    names.push(...batch.value.map(({ name }) => name).filter((name) => name !== '.' && name !== '..'));
  }
  yield* sys.close(fd.value);
  for (const name of names) count += yield* relabelTree(`${path}/${name}`, label);
  return count;
}

/** How many inodes of each mount got the label, by its place in the container. */
export type Relabelled = ReadonlyMap<string, number>;

/** Relabels what the kubelet asked for. */
export function* relabelMounts(mounts: readonly Mount[], label: string | undefined): Program<Relabelled> {
  const counts = new Map<string, number>();
  if (label === undefined) return counts;
  const bytes = new TextEncoder().encode(`${label}\0`);
  for (const { host_path, container_path, selinux_relabel } of mounts)
    if (selinux_relabel && host_path !== '' && !EXCLUDED.includes(host_path.replace(/(.)\/+$/, '$1')))
      counts.set(container_path, yield* relabelTree(host_path, bytes));
  return counts;
}
