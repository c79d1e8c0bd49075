// umount in both userlands. Counterpart: busybox 1.35 util-linux/umount.c; util-linux 2.38 umount(8)

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, MNT_DETACH } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { dropSetId, mountTable } from './mountTable.ts';

const TEXTS: Readonly<Partial<Record<Errno, string>>> = {
  EPERM: 'must be superuser to unmount.',
  EINVAL: 'not mounted.',
  EBUSY: 'target is busy.',
  ENOENT: 'no mount point specified.',
};

interface Asked {
  readonly flags: number;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The caller is no root, so what fstab allows is looked up first. */
  readonly restricted: boolean;
}

/** One place for util-linux; its exit status. */
function* unmount(place: string, { flags, quiet, verbose, restricted }: Asked): Program<number> {
  const done: SysResult<void> = yield* sys.umount2(place, flags);
  if (done.ok) {
    if (verbose) yield* errOut(`umount: ${place} unmounted\n`);
    return 0;
  }
  const { errno } = done;
  if (restricted && errno === 'ENOENT') {
    yield* errOut(`umount: ${place}: ${strerror(errno)}\n`);
    return 1;
  }
  if (restricted && errno === 'EPERM' && (yield* mountTable())?.every(([device, target]) => device !== place && target !== place)) {
    yield* errOut(`umount: ${place}: not mounted.\n`);
    return 1;
  }
  if (!(quiet && errno === 'EINVAL')) yield* errOut(`umount: ${place}: ${TEXTS[errno] ?? `umount failed: ${strerror(errno)}.`}\n`);
  return 32;
}

/** A mount and all below it, the deepest first. Counterpart: umount_recursive */
function* recursively(cli: Cli, place: string, asked: Asked): Program<number> {
  const targets = ((yield* mountTable()) ?? []).map(([, target = '']) => target);
  const there: SysResult<unknown> = yield* sys.faccessat2(AT_FDCWD, place, 0, 0);
  if (!there.ok) return yield* cli.error(`${place}: not found`);
  if (!targets.includes(place)) return yield* cli.error(`${place}: not mounted`);
  const below = place === '/' ? '/' : `${place}/`;
  for (const target of targets.filter((one) => one === place || one.startsWith(below)).reverse()) {
    const status = yield* unmount(target, asked);
    if (status !== 0) return status;
  }
  return 0;
}

/**
 * Everything in the table, the last first, or what is of a type. busybox complains and goes on; util-linux leaves out what the system
 * needs. Counterpart: umount_main, busybox 1.35; umount_all, util-linux 2.38 sys-utils/umount.c
 */
function* unmountAll(cli: Cli, types: string | undefined, flags: number): Program<number> {
  const wanted = types?.replace(/^no/, '').split(',');
  const all = ((yield* mountTable()) ?? []).filter(([, , type = '']) => wanted?.includes(type) !== types?.startsWith('no'));
  if (!cli.gnu) {
    let failed = false;
    for (const [, target = '', type = ''] of all.reverse()) {
      if (types === undefined && type === 'rootfs') continue;
      const done: SysResult<void> = yield* sys.umount2(target, flags);
      if (done.ok) continue;
      yield* errOut(`${cli.context.name}: can't unmount ${target}: ${strerror(done.errno)}\n`);
      failed = true;
    }
    return failed ? 1 : 0;
  }
  const kept = ['proc', 'devfs', 'devpts', 'sysfs', 'rpc_pipefs', 'nfsd', 'none', 'devtmpfs', 'cgroup', 'cgroup2'];
  const restricted = yield* dropSetId();
  let status = 0;
  for (const [, target = '', type = ''] of all.reverse())
    if (target !== '/' && !kept.includes(type)) status |= yield* unmount(target, { flags, quiet: false, verbose: false, restricted });
  return status;
}

export const umount = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'fldnravt:',
    gnu: 'acdfilnqRt:v',
    long: {
      all: 'a',
      'types=': 't',
      lazy: 'l',
      force: 'f',
      recursive: 'R',
      verbose: 'v',
      quiet: 'q',
      'no-mtab': 'n',
      'no-canonicalize': 'c',
      'internal-only': 'i',
      'detach-loop': 'd',
    },
  });
  if (typeof options === 'number') return options;
  const flags = options.has('l') ? MNT_DETACH : 0;
  if (options.has('a')) return yield* unmountAll(cli, options.get('t'), flags);
  if (options.args.length === 0) return cli.gnu ? yield* cli.misuse('bad usage') : yield* cli.usage();
  if (!cli.gnu) {
    // A file system that stays busy would be made read-only.
    if (options.has('r')) return yield* cli.error('-r is not simulated here');
    let failed = false;
    for (const place of options.args) {
      const done: SysResult<void> = yield* sys.umount2(place, flags);
      if (done.ok) continue;
      yield* errOut(`${cli.context.name}: can't unmount ${place}: ${strerror(done.errno)}\n`);
      failed = true;
    }
    return failed ? 1 : 0;
  }
  const asked: Asked = { flags, quiet: options.has('q'), verbose: options.has('v'), restricted: yield* dropSetId() };
  let status = 0;
  for (const place of options.args) status += options.has('R') ? yield* recursively(cli, place, asked) : yield* unmount(place, asked);
  return status;
});
