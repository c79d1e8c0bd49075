// The file system instance behind a new mount, and what its options say. Counterpart: mm/shmem.c, fs/devpts/inode.c, fs/overlayfs/params.c

import { AT_FDCWD } from '#abi/flags.ts';
import { isBlk, isDir, makedev } from '#abi/mode.ts';
import { PVec } from '#base/pvec.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { makeKgid, makeKuid } from '../cred/ids.ts';
import { validContext } from '../lsm/selinux/attributes.ts';
import type { Kgid, Kuid, Location, Superblock, Task } from '../state.ts';
import { createSuperblock, inodeAt, mountOf, snapshotSuperblock, superblockOf } from './inodes.ts';
import { namespaceOf } from './mounts.ts';
import { walk } from './namei.ts';

/** The place a path leads to, links followed. */
export function place(k: Kernel, task: Task, path: string): Res<Location> {
  const walked = walk(k, task, AT_FDCWD, path, { follow: true });
  if (!walked.ok) return walked;
  return walked.value.at === null ? err('ENOENT') : ok(walked.value.at);
}

export const optionsOf = (data: string): Map<string, string> =>
  new Map(
    data
      .split(',')
      .filter((part) => part !== '')
      .map((part) => part.split(/=(.*)/s) as [string, string]),
  );

function bytes(text: string, memoryKiB: number): number {
  const match = /^(\d+)([kmgt%]?)$/i.exec(text);
  if (match === null) return 0;
  const unit = (match[2] as string).toLowerCase();
  if (unit === '%') return Math.floor((memoryKiB * 1024 * Number(match[1])) / 100);
  return Number(match[1]) * 1024 ** Math.max(0, ' kmgt'.indexOf(unit || ' '));
}

/** Options of a tmpfs in the order and units /proc/mounts shows them. Counterpart: shmem_show_options */
export function tmpfsOptions(
  options: Map<string, string>,
  memoryKiB: number,
): { text: string; size: number | null; inodes: number | null } {
  const size = options.has('size') ? bytes(options.get('size') as string, memoryKiB) : null;
  const inodes = options.has('nr_inodes') ? bytes(options.get('nr_inodes') as string, memoryKiB) : null;
  const shown = [
    ...(size === null ? [] : [`size=${Math.ceil(size / 1024)}k`]),
    ...(inodes === null ? [] : [`nr_inodes=${inodes}`]),
    ...(options.has('mode') && Number.parseInt(options.get('mode') as string, 8) !== 0o1777
      ? [`mode=${(options.get('mode') as string).replace(/^0+(?=.)/, '')}`]
      : []),
    ...(options.has('uid') && options.get('uid') !== '0' ? [`uid=${options.get('uid')}`] : []),
    ...(options.has('gid') && options.get('gid') !== '0' ? [`gid=${options.get('gid')}`] : []),
    ...(options.has('noswap') ? ['noswap'] : []),
  ];
  return { text: shown.join(','), size, inodes };
}

/** Takes the option context="…" out of mount data; its categories have commas too. Counterpart: selinux_sb_eat_lsm_opts */
function mountContext(data: string): { readonly context?: string; readonly rest: string } {
  const [whole, context] = /(?:^|,)context="([^"]*)"/.exec(data) ?? [];
  return whole === undefined || context === undefined ? { rest: data } : { context, rest: data.replace(whole, '').replace(/^,/, '') };
}

/** Makes the file system instance for a mount. */
export function newSuperblock(k: Kernel, task: Task, source: string, fstype: string, data: string): Res<Superblock> {
  const { context, rest } = mountContext(data);
  if (context !== undefined && (k.state.lsm?.kind !== 'selinux' || !validContext(context).ok)) return err('EINVAL');
  const plain = tableSuperblock(k, task, source, fstype, rest);
  const made = plain.ok && context !== undefined ? ok({ ...plain.value, context }) : plain;
  // A driver numbers its inodes from 1 and keeps none here.
  return made.ok && k.drivers[fstype] !== undefined ? ok({ ...made.value, root: 1, inodes: PVec.empty() }) : made;
}

/**
 * The disk of a file system that needs one: ENOENT, ENOTBLK. Counterpart: lookup_bdev
 * Deviates: the disks of the node have no device files, its own mounts name them as they like; elsewhere no device is a disk, ENXIO.
 */
function blockDevice(k: Kernel, task: Task, source: string): Res<void> {
  if (task.mountNs === 0 && source.startsWith('/dev/')) return ok(undefined);
  const at = place(k, task, source);
  if (!at.ok) return at;
  return err(isBlk(inodeAt(k, at.value, task)?.mode ?? 0) ? 'ENXIO' : 'ENOTBLK');
}

function tableSuperblock(k: Kernel, task: Task, source: string, fstype: string, data: string): Res<Superblock> {
  const options = optionsOf(data);
  const userNs = namespaceOf(k, task).userNs;
  const dev = makedev(0, 30 + k.state.superblocks.length);
  const now = k.state.realtime;
  const root = {
    uid: makeKuid(k.state, userNs, Number(options.get('uid') ?? 0)) ?? (0 as Kuid),
    gid: makeKgid(k.state, userNs, Number(options.get('gid') ?? 0)) ?? (0 as Kgid),
  };
  if (fstype === 'overlay') return newOverlay(k, task, source, options, dev, userNs);
  const common = { fstype, dev, source, userNs, now, ...root };
  if (fstype === 'tmpfs' || fstype === 'ramfs') {
    // The owner of the top is shown as the initial namespace knows it.
    const shown = new Map([...options, ['uid', String(root.uid)], ['gid', String(root.gid)]] as const);
    const { text, size, inodes } = tmpfsOptions(shown, Number(k.state.sysctls['machine/memoryKiB'] ?? 8_000_000));
    return ok(
      createSuperblock({
        ...common,
        options: text,
        mode: Number.parseInt(options.get('mode') ?? '1777', 8),
        sizeLimit: size,
        inodeLimit: inodes,
      }),
    );
  }
  // Made with the IPC namespace, by a task that has the namespace's uid but not yet its gid.
  if (fstype === 'mqueue') return ok(createSuperblock({ ...common, gid: 0 as Kgid, mode: 0o1777 }));
  if (fstype === 'proc') return ok(createSuperblock({ ...common, ns: task.pidNs, mode: 0o555 }));
  const shown = data.replace(/(^|,)(newinstance|ro|rw)(?=,|$)/g, '').replace(/^,/, '');
  if (fstype === 'devpts') {
    // Like the owner of a tmpfs, the group is shown as the initial namespace knows it. Counterpart: devpts_show_options
    const text = shown.replace(/(^|,)ptmxmode=0?(\d+)/, '$1ptmxmode=$2').replace(/mode=0(\d)/g, 'mode=$1');
    return ok(createSuperblock({ ...common, options: text.replace(/(^|,)gid=\d+/, `$1gid=${root.gid}`) }));
  }
  if (fstype === 'ext4') {
    const disk = blockDevice(k, task, source);
    if (!disk.ok) return disk;
  }
  if (fstype === 'ext4') return ok(createSuperblock({ ...common, dev: makedev(8, 1), options: shown }));
  return ok(createSuperblock({ ...common, options: shown, mode: 0o555 }));
}

/**
 * The directories an overlay writes to: both or none, on one writable file system that is no overlay itself; without them it takes two
 * lower ones to make an overlay. Counterpart: ovl_get_upper, ovl_get_workdir
 */
function upperLayers(k: Kernel, task: Task, options: Map<string, string>): Res<void> {
  const [upper, work] = [options.get('upperdir'), options.get('workdir')];
  if (upper === undefined) return options.get('lowerdir')?.includes(':') ? ok(undefined) : err('EINVAL');
  if (work === undefined) return err('EINVAL');
  const top = place(k, task, upper);
  if (!top.ok) return top;
  const beside = place(k, task, work);
  if (!beside.ok) return beside;
  const sb = superblockOf(k, top.value);
  if (sb.readonly || mountOf(k, top.value.mount).readonly || sb.fstype === 'overlay' || k.drivers[sb.fstype] !== undefined)
    return err('EINVAL');
  return top.value.mount === beside.value.mount ? ok(undefined) : err('EINVAL');
}

function newOverlay(k: Kernel, task: Task, source: string, options: Map<string, string>, dev: number, userNs: number): Res<Superblock> {
  const lower = options.get('lowerdir')?.split(':')[0];
  if (lower === undefined) return err('EINVAL');
  const at = place(k, task, lower);
  if (!at.ok) return at;
  const layers = upperLayers(k, task, options);
  if (!layers.ok) return layers;
  if (k.drivers[superblockOf(k, at.value).fstype] !== undefined || !isDir(inodeAt(k, at.value, task)?.mode ?? 0)) return err('EINVAL');
  const shown = ['lowerdir', 'upperdir', 'workdir'].flatMap((name) => (options.has(name) ? [`${name}=${options.get(name)}`] : []));
  const text = [...shown, ...(options.has('volatile') ? ['fsync=volatile'] : [])].join(',');
  const made = snapshotSuperblock(superblockOf(k, at.value), at.value.ino, { dev, source, options: text, userNs });
  return ok(options.has('upperdir') ? made : { ...made, readonly: true });
}
