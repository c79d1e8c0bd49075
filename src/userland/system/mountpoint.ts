// mountpoint: is a directory the root of a mount?

import { strerror } from '#abi/errno.ts';
import { isBlk, isDir, major, minor } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { lstat, stat } from '../lib/tree.ts';

/** Counterpart: busybox 1.35 util-linux/mountpoint.c; util-linux 2.38 mountpoint(1) */
export const mountpoint = command(function* (cli) {
  const long = { quiet: 'q', 'fs-devno': 'd', devno: 'x', nofollow: 'nofollow' };
  const options = yield* cli.options({ busybox: 'qdxn', gnu: 'dqx', long });
  if (typeof options === 'number') return options;
  const [path, extra] = options.args;
  if (path === undefined || extra !== undefined) return yield* cli.misuse('bad usage');
  const no = cli.gnu ? 32 : 1;
  const complain = function* (text: string): Program<number> {
    return options.has('q') ? no : yield* cli.error(text, no);
  };
  const own: SysResult<Stat> = yield* (options.has('x') ? stat : lstat)(path);
  if (!own.ok) return yield* complain(`${path}: ${strerror(own.errno)}`);
  const { mode, dev, ino, rdev } = own.value;
  if (options.has('x')) {
    if (!isBlk(mode)) return yield* complain(`${path}: not a block device`);
    yield* cli.text(`${major(rdev)}:${minor(rdev)}\n`);
    return yield* cli.finish();
  }
  if (!isDir(mode)) return cli.gnu ? no : yield* complain(`${path}: ${strerror('ENOTDIR')}`);
  const parent: SysResult<Stat> = yield* stat(`${path}/..`);
  if (!parent.ok) return yield* complain(`${path}/..: ${strerror(parent.errno)}`);
  const is = parent.value.dev !== dev || parent.value.ino === ino;
  if (options.has('d') && (is || !cli.gnu)) yield* cli.text(`${major(dev)}:${minor(dev)}\n`);
  // The device would be looked for among those of /dev, where a container has none.
  if (options.has('n')) yield* cli.text(`UNKNOWN ${path}\n`);
  if (!options.has('q') && !options.has('n') && !(options.has('d') && (is || !cli.gnu)))
    yield* cli.text(`${path} is ${is ? '' : 'not '}a mountpoint\n`);
  return yield* cli.finish(is ? 0 : no);
});
