// A container's view of the file tree, in the order runc makes it. Counterpart: runc libcontainer/rootfs_linux.go

import type { Errno } from '#abi/errno.ts';
import {
  AT_FDCWD,
  MNT_DETACH,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  O_DIRECTORY,
  O_RDONLY,
  O_WRONLY,
} from '#abi/flags.ts';
import { makedev, S_IFBLK, S_IFCHR } from '#abi/mode.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { OciMount, RuntimeSpec } from '../oci.ts';
import { Failure, goError } from './failure.ts';
import { isDirectory, mkdirAll, readFile, secureJoin, touchAll, writeFile } from './paths.ts';

const FLAG: Readonly<Record<string, number>> = {
  ro: MS_RDONLY,
  nosuid: MS_NOSUID,
  nodev: MS_NODEV,
  noexec: MS_NOEXEC,
  bind: MS_BIND,
  rbind: MS_BIND | MS_REC,
  relatime: MS_RELATIME,
  strictatime: MS_STRICTATIME,
  rro: MS_RDONLY,
};
const NO_FLAG = new Set(['rw', 'newinstance', 'suid', 'dev', 'exec']);

const PROPAGATION: Readonly<Record<string, number>> = {
  private: MS_PRIVATE,
  rprivate: MS_PRIVATE | MS_REC,
  slave: MS_SLAVE,
  rslave: MS_SLAVE | MS_REC,
  shared: MS_SHARED,
  rshared: MS_SHARED | MS_REC,
};

/** Splits mount options into flags and the data of the file system. */
export function parseOptions(options: readonly string[]): { readonly flags: number; readonly data: string } {
  let flags = 0;
  const data: string[] = [];
  for (const option of options) {
    if (FLAG[option] !== undefined) flags |= FLAG[option];
    else if (!NO_FLAG.has(option) && PROPAGATION[option] === undefined) data.push(option);
  }
  return { flags, data: data.join(',') };
}

/** Data of a bind remount that stands for mount_setattr(MOUNT_ATTR_IDMAP). */
export function idmapData(maps: OciMount['uidMappings']): string {
  const first = maps?.[0];
  return first === undefined ? '' : `idmap=${first.containerID}:${first.hostID}:${first.size}`;
}

/** Makes all mounts below a place read-only; they keep their other flags. Stands for mount_setattr(AT_RECURSIVE, MOUNT_ATTR_RDONLY). */
function* readOnlyBelow(target: string): Program<void> {
  const table: string = yield* readFile('/proc/self/mountinfo');
  for (const line of table.split('\n')) {
    const [, , , , path = '', options = ''] = line.split(' ');
    if (!path.startsWith(`${target}/`)) continue;
    const { flags } = parseOptions(options.split(','));
    yield* sys.mount('', path, '', MS_BIND | MS_REMOUNT | MS_RDONLY | flags, '');
  }
}

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [MS_RDONLY, 'MS_RDONLY'],
  [MS_NOSUID, 'MS_NOSUID'],
  [MS_NODEV, 'MS_NODEV'],
  [MS_NOEXEC, 'MS_NOEXEC'],
  [MS_REMOUNT, 'MS_REMOUNT'],
  [MS_BIND, 'MS_BIND'],
  [MS_REC, 'MS_REC'],
  [MS_RELATIME, 'MS_RELATIME'],
  [MS_STRICTATIME, 'MS_STRICTATIME'],
];

/** The descriptor by which runc's init holds the place of a mount: the first one that is free then. */
const PLACE_FD = 14;

/**
 * A mount(2) that failed, in runc's words. Counterpart: mountError, libcontainer/mount_linux.go, runc 1.3
 * Deviates: the number of the descriptor is the recorded one, always.
 */
export function mountError(source: string, destination: string, flags: number, errno: Errno): string {
  const names = FLAG_NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
  const shown = names.length === 0 ? '' : `, flags=${names.join('|')}`;
  return `mount src=${source}, dst=${destination}, dstFd=/proc/thread-self/fd/${PLACE_FD}${shown}: ${goError(errno)}`;
}

const CGROUP_MOUNT = '/sys/fs/cgroup';

function* mountOne(rootfs: string, mount: OciMount, label: string | undefined): Program<Failure | undefined> {
  const target: string = yield* secureJoin(rootfs, mount.destination);
  const { flags, data } = parseOptions(mount.options ?? []);
  const source = mount.source ?? mount.type ?? '';
  const fail = (errno: Parameters<typeof goError>[0], shown = flags): Failure =>
    new Failure(`error mounting "${source}" to rootfs at "${mount.destination}": ${mountError(source, mount.destination, shown, errno)}`);
  if (mount.type === 'bind') {
    const asDirectory: boolean = yield* isDirectory(source);
    const ready: SysResult<void> = asDirectory ? yield* mkdirAll(target) : yield* touchAll(target);
    if (!ready.ok)
      return new Failure(
        `error mounting "${source}" to rootfs at "${mount.destination}": create mountpoint for ${mount.destination} mount: ${goError(ready.errno)}`,
      );
    const bound: SysResult<void> = yield* sys.mount(source, target, '', MS_BIND | MS_REC, '');
    if (!bound.ok) return fail(bound.errno);
    const idmap = idmapData(mount.uidMappings);
    const rest = flags & ~(MS_BIND | MS_REC);
    if (rest !== 0 || idmap !== '') {
      const again: SysResult<void> = yield* sys.mount('', target, '', MS_BIND | MS_REMOUNT | rest, idmap);
      if (!again.ok) return fail(again.errno);
    } else {
      // runc clears the source's own flags too: the bind shows only what was asked for.
      yield* sys.mount('', target, '', MS_BIND | MS_REMOUNT | MS_RELATIME, '');
    }
    if (mount.options?.includes('rro')) yield* readOnlyBelow(target);
    for (const option of mount.options ?? []) {
      const kind = PROPAGATION[option];
      if (kind === undefined) continue;
      const made: SysResult<void> = yield* sys.mount('', target, '', kind, '');
      if (!made.ok) return fail(made.errno, kind);
    }
    return undefined;
  }
  const ready: SysResult<void> = yield* mkdirAll(target);
  if (!ready.ok) return fail(ready.errno);
  const type = mount.type === 'cgroup' ? 'cgroup2' : (mount.type ?? '');
  const shown = type === 'cgroup2' ? 'cgroup' : source;
  const shownData = data.replace(/\bmode=0/, 'mode=').replace(/\bptmxmode=0/, 'ptmxmode=');
  let done: SysResult<void> = yield* sys.mount(shown, target, type, flags, withLabel(type, orderData(type, shownData), label));
  // A user namespace without a cgroup namespace of its own may only bind the node's. Counterpart: mountCgroupV2
  if (type === 'cgroup2' && !done.ok && done.errno === 'EPERM') {
    done = yield* sys.mount(CGROUP_MOUNT, target, '', MS_BIND, '');
    if (done.ok) yield* sys.mount('', target, '', MS_BIND | MS_REMOUNT | flags, '');
  }
  return done.ok ? undefined : fail(done.errno);
}

/** File systems whose files get the container's label. Counterpart: label.FormatMountLabel, mountToRootfs */
const LABELLED = ['tmpfs', 'devpts', 'mqueue'];
const withLabel = (type: string, data: string, label: string | undefined): string =>
  label === undefined || !LABELLED.includes(type) ? data : `${data === '' ? '' : `${data},`}context="${label}"`;

/** The kernel shows options in its own order, not in that of the caller. */
function orderData(type: string, data: string): string {
  const order = type === 'devpts' ? ['gid', 'mode', 'ptmxmode'] : type === 'tmpfs' ? ['size', 'nr_inodes', 'mode'] : undefined;
  if (order === undefined) return data;
  const rank = (option: string): number => order.indexOf(option.split('=')[0] as string);
  return data
    .split(',')
    .sort((a, b) => rank(a) - rank(b))
    .join(',');
}

const DEVICES: readonly (readonly [string, number, number])[] = [
  ['null', 1, 3],
  ['random', 1, 8],
  ['full', 1, 7],
  ['tty', 5, 0],
  ['zero', 1, 5],
  ['urandom', 1, 9],
];
const LINKS: readonly (readonly [string, string])[] = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
];

function* devices(rootfs: string, spec: RuntimeSpec): Program<Failure | undefined> {
  const bind = spec.linux.uidMappings !== undefined;
  const extra = (spec.linux.devices ?? []).map(
    (d) => [d.path.replace('/dev/', ''), d.major, d.minor, d.type === 'b' ? S_IFBLK : S_IFCHR, d.fileMode, d.uid, d.gid] as const,
  );
  const all = [
    ...DEVICES.map(([name, a, b]) => [name, a, b, S_IFCHR, 0o666, 0, 0] as const),
    ...extra.filter(([name]) => !DEVICES.some(([known]) => known === name)),
  ];
  for (const [name, major, minor, type, mode, uid, gid] of all) {
    const path = `${rootfs}/dev/${name}`;
    if (name.includes('/')) yield* mkdirAll(path.slice(0, path.lastIndexOf('/')));
    if (bind) {
      const touched: SysResult<void> = yield* touchAll(path);
      if (touched.ok) yield* sys.mount(`/dev/${name}`, path, '', MS_BIND, '');
      continue;
    }
    const made: SysResult<void> = yield* sys.mknodat(AT_FDCWD, path, type | mode, makedev(major, minor));
    if (!made.ok && made.errno !== 'EEXIST') return new Failure(`error creating device nodes: mknod /dev/${name}: ${goError(made.errno)}`);
    yield* sys.fchmodat(AT_FDCWD, path, mode);
    if (uid !== 0 || gid !== 0) yield* sys.fchownat(AT_FDCWD, path, uid, gid, 0);
  }
  for (const [name, target] of LINKS) yield* sys.symlinkat(target, AT_FDCWD, `${rootfs}/dev/${name}`);
  yield* sys.symlinkat('pts/ptmx', AT_FDCWD, `${rootfs}/dev/ptmx`);
  return undefined;
}

function* exists(path: string): Program<boolean> {
  const stat: SysResult<unknown> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  return stat.ok;
}

/** Read-only and masked paths, after the root has been changed. */
export function* restrictPaths(spec: RuntimeSpec): Program<Failure | undefined> {
  for (const path of spec.linux.readonlyPaths ?? []) {
    const there: boolean = yield* exists(path);
    if (!there) continue;
    const bound: SysResult<void> = yield* sys.mount(path, path, '', MS_BIND | MS_REC, '');
    if (!bound.ok) return new Failure(`readonly path ${path}: ${goError(bound.errno)}`);
    yield* sys.mount('', path, '', MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, '');
  }
  // All masked directories are mounts of one empty tmpfs. Counterpart: maskPaths, runc 1.3
  let empty: string | undefined;
  for (const path of spec.linux.maskedPaths ?? []) {
    const there: boolean = yield* exists(path);
    if (!there) continue;
    const asDirectory: boolean = yield* isDirectory(path);
    let done: SysResult<void>;
    if (!asDirectory) done = yield* sys.mount('/dev/null', path, '', MS_BIND, '');
    else if (empty === undefined) {
      done = yield* sys.mount('tmpfs', path, 'tmpfs', MS_RDONLY, 'size=4k,nr_inodes=1');
      empty = path;
    } else done = yield* sys.mount(empty, path, '', MS_BIND, '');
    if (!done.ok) return new Failure(`mask path ${path}: ${goError(done.errno)}`);
  }
  return undefined;
}

/** Everything from private propagation to pivot_root, sysctls, the read-only root and restricted paths. */
export function* prepareRootfs(rootfs: string, spec: RuntimeSpec): Program<Failure | undefined> {
  // What the node mounts from now on comes in here, nothing goes out; the root itself stands apart. Counterpart: prepareRoot
  yield* sys.mount('', '/', '', PROPAGATION[spec.linux.rootfsPropagation ?? 'rslave'] as number, '');
  yield* sys.mount('', rootfs, '', MS_PRIVATE, '');
  // A mount of its own: the one that came with a copied namespace could not become the root of a user namespace's tree.
  yield* sys.mount(rootfs, rootfs, '', MS_BIND | MS_REC, '');
  for (const mount of spec.mounts) {
    const failed: Failure | undefined = yield* mountOne(rootfs, mount, spec.linux.mountLabel);
    if (failed) return failed;
  }
  const failed: Failure | undefined = yield* devices(rootfs, spec);
  if (failed) return failed;
  // A working directory that is not there is made, also on a root that becomes read-only.
  const cwd: string = yield* secureJoin(rootfs, spec.process.cwd);
  yield* mkdirAll(cwd);
  const old: SysResult<number> = yield* sys.openat(AT_FDCWD, '/', O_RDONLY | O_DIRECTORY);
  if (!old.ok) return new Failure(`open /: ${goError(old.errno)}`);
  yield* sys.chdir(rootfs);
  const pivoted: SysResult<void> = yield* sys.pivot_root('.', '.');
  if (!pivoted.ok) return new Failure(`pivot_root .: ${goError(pivoted.errno)}`);
  // The old root is left and let go, without telling the node. Counterpart: pivotRoot
  yield* sys.fchdir(old.value);
  yield* sys.mount('', '.', '', MS_REC | MS_SLAVE, '');
  yield* sys.umount2('.', MNT_DETACH);
  yield* sys.close(old.value);
  yield* sys.chdir('/');
  yield* sys.umask(0o22);
  for (const [name, value] of Object.entries(spec.linux.sysctl ?? {})) {
    const path = name.replaceAll('.', '/');
    const wrote: SysResult<void> = yield* writeFile(`/proc/sys/${path}`, value, 0, O_WRONLY);
    if (!wrote.ok)
      return new Failure(
        `failed to write sysctl ${name} = "${value}": write fsmount:fscontext:proc/./sys/${path}: ${goError(wrote.errno)}`,
      );
  }
  if (spec.root.readonly) {
    const done: SysResult<void> = yield* sys.mount('', '/', '', MS_BIND | MS_REMOUNT | MS_RDONLY, '');
    if (!done.ok) return new Failure(`remount / read-only: ${goError(done.errno)}`);
  }
  return yield* restrictPaths(spec);
}
