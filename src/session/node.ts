// The node's own file system: what is there before the kubelet starts, and the files a scenario adds.

import { CAP_ALL, capSet } from '#abi/capability.ts';
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_REC,
  MS_SHARED,
  O_CREAT,
  O_TRUNC,
  O_WRONLY,
} from '#abi/flags.ts';
import { RUNTIME_CONTEXT } from '#kernel/lsm/state.ts';
import type { SpawnOptions } from '#kernel/machine/types.ts';
import type { Task } from '#kernel/state.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { ImageEntry } from '#runtime/image.ts';
import { type NodeSettings, SECCOMP_ROOT } from '#runtime/node.ts';

const DIRECTORIES: readonly (readonly [string, number])[] = [
  ['/dev', 0o755],
  ['/etc', 0o755],
  ['/home', 0o755],
  ['/proc', 0o555],
  ['/root', 0o700],
  ['/run', 0o755],
  ['/srv', 0o755],
  ['/srv/claims', 0o755],
  ['/sys', 0o555],
  ['/tmp', 0o1777],
  ['/var', 0o755],
  ['/var/lib', 0o755],
  ['/var/lib/kubelet', 0o750],
  ['/var/lib/kubelet/pods', 0o750],
  ['/var/lib/kubelet/seccomp', 0o755],
  ['/var/lib/containerd', 0o711],
  ['/var/log', 0o755],
  ['/var/log/containers', 0o755],
  ['/var/log/pods', 0o755],
];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As Debian's installer leaves it. */
const HOSTS = `127.0.0.1\tlocalhost
172.18.0.2\tnode-1

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;

/** Writes a file; parent directories are made with mode 0755. */
export function* writeNodeFile(path: string, data: Uint8Array, mode: number): Program<void> {
  const parts = path.split('/').slice(1, -1);
  for (let depth = 1; depth <= parts.length; depth++) yield* sys.mkdirat(AT_FDCWD, `/${parts.slice(0, depth).join('/')}`, 0o755);
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (!fd.ok) return;
  yield* sys.write(fd.value, data);
  yield* sys.fchmod(fd.value, mode);
  yield* sys.close(fd.value);
}

/** Counterpart: apparmor_parser -r, as apparmor.service runs it at boot. What is wrong with a text the reader of session files has said. */
function* loadProfile(text: string): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/sys/kernel/security/apparmor/.replace', O_WRONLY);
  if (!fd.ok) return;
  yield* sys.write(fd.value, encode(text));
  yield* sys.close(fd.value);
}

/** Limits of the runtime's service, which containers inherit. */
const LIMITS: Task['rlimits'] = {
  RLIMIT_STACK: [8388608, Infinity],
  RLIMIT_CORE: [0, Infinity],
  RLIMIT_NPROC: [96365, 96365],
  RLIMIT_MEMLOCK: [8388608, 8388608],
  RLIMIT_SIGPENDING: [96365, 96365],
  RLIMIT_MSGQUEUE: [819200, 819200],
  RLIMIT_NICE: [0, 0],
  RLIMIT_RTPRIO: [0, 0],
};
const OPEN_FILES = 1048576;

export type ServicePowers = Pick<SpawnOptions, 'cred' | 'rlimits'>;

/** What systemd gives the node's services, kubelet and runtime. Counterpart: systemd.exec(5) */
export function servicePowers({ withoutCapabilities = [], seLinux, openFiles = OPEN_FILES }: NodeSettings): ServicePowers {
  const own = CAP_ALL & ~capSet(...withoutCapabilities);
  return {
    cred: { permitted: own, effective: own, bounding: own, ...(seLinux?.enabled && { label: RUNTIME_CONTEXT }) },
    rlimits: { ...LIMITS, RLIMIT_NOFILE: [openFiles, openFiles] },
  };
}

/** Makes the entries of a scenario below a directory of the node ("" for its root). */
export function* makeEntries(base: string, entries: readonly ImageEntry[]): Program<void> {
  for (const entry of entries) {
    const path = `${base}${entry.path.startsWith('/') ? '' : '/'}${entry.path}`;
    const mode = entry.mode === undefined ? undefined : Number.parseInt(entry.mode, 8);
    if (entry.type === 'dir' || entry.type === 'tree') {
      const parts = path.split('/').filter((part) => part !== '');
      for (let depth = 1; depth <= parts.length; depth++) yield* sys.mkdirat(AT_FDCWD, `/${parts.slice(0, depth).join('/')}`, 0o755);
    } else if (entry.type === 'symlink') yield* sys.symlinkat(entry.target ?? '', AT_FDCWD, path);
    else if (entry.type === 'fifo') yield* sys.mknodat(AT_FDCWD, path, 0o010644, 0);
    else if (entry.type === 'delete') yield* sys.unlinkat(AT_FDCWD, path, 0);
    else if ((entry.type ?? 'file') === 'file') yield* writeNodeFile(path, encode(entry.content ?? ''), mode ?? 0o644);
    if (entry.type === 'delete') continue;
    yield* sys.fchownat(AT_FDCWD, path, entry.uid ?? 0, entry.gid ?? 0, AT_SYMLINK_NOFOLLOW);
    if (entry.type === 'symlink' || entry.type === 'tree') continue;
    if (mode !== undefined) yield* sys.fchmodat(AT_FDCWD, path, mode);
  }
}

/** The program that furnishes the node's disk. Runs as root. */
export function* bootNode(settings: NodeSettings): Program<void> {
  yield* sys.umask(0);
  for (const [path, mode] of DIRECTORIES) yield* sys.mkdirat(AT_FDCWD, path, mode);
  yield* sys.umask(0o22);
  // As systemd does, so that what is mounted later is seen in containers that ask for it.
  yield* sys.mount('', '/', '', MS_REC | MS_SHARED, '');
  yield* sys.mount('proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  yield* sys.mount('sysfs', '/sys', 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  yield* sys.mount('cgroup2', '/sys/fs/cgroup', 'cgroup2', MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  if (settings.seLinux?.enabled) yield* sys.mount('selinuxfs', '/sys/fs/selinux', 'selinuxfs', MS_NOSUID | MS_NOEXEC, '');
  yield* sys.mount('securityfs', '/sys/kernel/security', 'securityfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  yield* sys.mount('tmpfs', '/run', 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=755');
  yield* writeNodeFile('/etc/hostname', encode('node-1\n'), 0o644);
  yield* writeNodeFile('/etc/hosts', encode(HOSTS), 0o644);
  yield* writeNodeFile('/etc/resolv.conf', encode('nameserver 172.18.0.1\n'), 0o644);
  yield* writeNodeFile('/etc/passwd', encode('root:x:0:0:root:/root:/bin/bash\n'), 0o644);
  for (const [name, profile] of Object.entries(settings.seccompProfiles ?? {})) {
    yield* writeNodeFile(`${SECCOMP_ROOT}${name}`, encode(typeof profile === 'string' ? profile : JSON.stringify(profile)), 0o644);
  }
  for (const [name, profile] of Object.entries(settings.appArmor?.profiles ?? {})) {
    yield* writeNodeFile(`/etc/apparmor.d/${name}`, encode(profile), 0o644);
    if (settings.appArmor?.enabled) yield* loadProfile(profile);
  }
  yield* makeEntries('', settings.files ?? []);
}
