// mountpoint in both userlands. Counterpart: busybox 1.35 util-linux/mountpoint.c; util-linux 2.38 mountpoint(1)

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isBlk, isDir, major, minor } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { canonical } from '../coreutils/paths.ts';
import { command } from '../lib/command-line.ts';
import { mountTable } from './mountTable.ts';

/** util-linux looks the name up in the table of mounts, which also finds files. */
function* inTable(path: string, follow: boolean): Program<boolean> {
  const place = follow ? yield* canonical(path, 'all') : undefined;
  const name = place?.ok ? place.value : path;
  return (yield* mountTable())?.some(([, target]) => target === name) ?? false;
}

/** busybox looks whether `..` is on another device, or nowhere else. */
function* crossed(path: string, { dev, ino }: Stat): Program<SysResult<boolean>> {
  const parent: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, `${path}/..`, AT_SYMLINK_NOFOLLOW);
  return parent.ok ? { ok: true, value: parent.value.dev !== dev || parent.value.ino === ino } : parent;
}

export const mountpoint = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'qdxn',
    gnu: 'qdx',
    long: { quiet: 'q', 'fs-devno': 'd', devno: 'x', nofollow: 'nofollow' },
  });
  if (typeof options === 'number') return options;
  const [path] = options.args;
  if (path === undefined || options.args.length !== 1) return yield* cli.misuse('bad usage');
  const no = cli.gnu ? 32 : 1;
  const quiet = options.has('q');
  const follow = options.has('x') || (cli.gnu && !options.has('nofollow'));
  const own: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  if (!own.ok) return quiet ? 1 : yield* cli.error(`${path}: ${strerror(own.errno)}`);
  const { mode, dev, rdev } = own.value;
  if (options.has('x')) {
    if (!isBlk(mode)) return quiet ? no : yield* cli.error(`${path}: not a block device`, no);
    yield* cli.text(`${major(rdev)}:${minor(rdev)}\n`);
    return yield* cli.finish();
  }
  if (!isDir(mode) && !cli.gnu) return quiet ? 1 : yield* cli.error(`${path}: ${strerror('ENOTDIR')}`);
  const found: SysResult<boolean> = cli.gnu ? { ok: true, value: yield* inTable(path, follow) } : yield* crossed(path, own.value);
  if (!found.ok) return quiet ? 1 : yield* cli.error(`${path}/..: ${strerror(found.errno)}`);
  const is = found.value;
  const device = `${major(dev)}:${minor(dev)}\n`;
  // busybox says what it was asked besides, whatever the answer.
  if (!cli.gnu && options.has('d')) yield* cli.text(device);
  if (!cli.gnu && options.has('n')) {
    const root: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    const table = root.ok ? yield* mountTable() : undefined;
    let device = 'UNKNOWN';
    for (const [source = ''] of table ?? []) {
      const node: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, source, 0);
      if (node.ok && isBlk(node.value.mode) && node.value.rdev === dev) device = source;
    }
    yield* cli.text(`${device} ${path}\n`);
  }
  if (cli.gnu && is && options.has('d') && !quiet) yield* cli.text(device);
  else if (!quiet && !options.has('n') && (cli.gnu || !options.has('d'))) yield* cli.text(`${path} is ${is ? '' : 'not '}a mountpoint\n`);
  return yield* cli.finish(is ? 0 : no);
});
