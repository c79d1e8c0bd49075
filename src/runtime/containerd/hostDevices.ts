// The devices of the node, which a privileged container gets all of. Counterpart: containerd pkg/oci utils_unix.go HostDevices

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isBlk, isChr, isDir, major, minor } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { OciDevice } from '../oci.ts';
import { namesIn } from '../runc/paths.ts';

/** Directories and files of /dev that are the container's own, or the node's console. */
const NOT_GIVEN = new Set(['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev', 'console']);

/** Device nodes below a directory, by name. */
export function* hostDevices(directory = '/dev'): Program<readonly OciDevice[]> {
  const devices: OciDevice[] = [];
  for (const name of (yield* namesIn(directory)).filter((one) => !NOT_GIVEN.has(one))) {
    const path = `${directory}/${name}`;
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
    if (!stat.ok) continue;
    const { mode, rdev, uid, gid } = stat.value;
    if (isDir(mode)) devices.push(...(yield* hostDevices(path)));
    else if (isChr(mode) || isBlk(mode))
      devices.push({ path, type: isBlk(mode) ? 'b' : 'c', major: major(rdev), minor: minor(rdev), fileMode: mode & 0o777, uid, gid });
  }
  return devices;
}
