// The node's directories and devices that the runtime needs before its first container.

import { AT_FDCWD, MS_NODEV, MS_NOEXEC, MS_NOSUID } from '#abi/flags.ts';
import { makedev, S_IFCHR, S_IFIFO } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { mkdirAll } from '../runc/paths.ts';

export const BUNDLES = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
/** The fifo of the news about containers. */
export const EVENTS = '/run/containerd/events';

/** Makes them. */
export function* prepareNode(): Program<void> {
  for (const path of ['/dev', '/proc', '/sys', '/run/containerd', '/run/netns', '/var/lib/containerd', '/tmp', BUNDLES])
    yield* mkdirAll(path);
  yield* sys.symlinkat('/run', AT_FDCWD, '/var/run');
  yield* prepareDevices();
  const proc: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, '/proc/self', 0);
  if (!proc.ok) yield* sys.mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  yield* sys.mknodat(AT_FDCWD, EVENTS, S_IFIFO | 0o600, 0);
}

const DEVICES: readonly (readonly [string, number, number, number])[] = [
  ['full', 1, 7, 0o666],
  ['fuse', 10, 229, 0o666],
  ['kmsg', 1, 11, 0o644],
  ['net/tun', 10, 200, 0o666],
  ['null', 1, 3, 0o666],
  ['random', 1, 8, 0o666],
  ['tty', 5, 0, 0o666],
  ['urandom', 1, 9, 0o666],
  ['zero', 1, 5, 0o666],
];

/** The /dev of a small virtual machine, which is what the recordings have: a plain tmpfs. */
function* prepareDevices(): Program<void> {
  yield* sys.mount('tmpfs', '/dev', 'tmpfs', 0, 'mode=755');
  yield* sys.mkdirat(AT_FDCWD, '/dev/net', 0o755);
  for (const [name, major, minor, mode] of DEVICES) {
    const made: SysResult<void> = yield* sys.mknodat(AT_FDCWD, `/dev/${name}`, S_IFCHR | mode, makedev(major, minor));
    if (made.ok) yield* sys.fchmodat(AT_FDCWD, `/dev/${name}`, mode);
  }
  yield* sys.mkdirat(AT_FDCWD, '/dev/shm', 0o1777);
  yield* sys.mount('tmpfs', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV, '');
}
