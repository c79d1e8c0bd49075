// cp: what is copied where, and how.

import { AT_FDCWD } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { dirName, joinPath, lstat, stat } from '../lib/tree.ts';
import { backupControl, keepOld } from './backup.ts';
import { type Copying, copyOne, pairs } from './copy.ts';

const COPY_LONG = {
  archive: 'a',
  recursive: 'r',
  'preserve=?': 'preserve',
  'attributes-only': 'attributes-only',
  'no-dereference': 'P',
  dereference: 'L',
  force: 'f',
  interactive: 'i',
  'no-clobber': 'n',
  verbose: 'v',
  link: 'l',
  'symbolic-link': 's',
  update: 'u',
  'target-directory=': 't',
  'no-target-directory': 'T',
  'no-preserve=': 'no-preserve',
  parents: 'parents',
  'one-file-system': 'x',
  'reflink=?': 'reflink',
  'sparse=': 'sparse',
  'remove-destination': 'rmd',
  'backup=?': 'b',
  'suffix=': 'S',
};

const KEEPABLE = ['mode', 'timestamps', 'ownership', 'links', 'context', 'xattr', 'all'];

/** What -a, -p, --preserve and --no-preserve leave to be kept; a number is the status after a complaint. */
function* preserved(cli: Cli, options: Options): Program<readonly string[] | number> {
  let kept: readonly string[] = [];
  for (const { key, value } of options.list) {
    const own = key === 'preserve' || key === 'no-preserve';
    const words: string[] =
      key === 'p' || (key === 'preserve' && value === '') ? ['mode', 'ownership', 'timestamps'] : key === 'a' ? ['all'] : [];
    for (const word of own && value !== '' ? value.split(',') : []) {
      const known = yield* argmatch(
        cli,
        `--${key}`,
        word,
        KEEPABLE.map((one) => [one]),
      );
      if (known === undefined) return 1;
      words.push(known);
    }
    const all = words.includes('all') ? KEEPABLE : words;
    kept = key === 'no-preserve' ? kept.filter((word) => !all.includes(word)) : [...kept, ...all];
  }
  return kept;
}

/** Counterpart: cp(1). Deviates: hard links among the copied files are not kept */
export const cp = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'arPLHpfinlsTut:vdR',
    gnu: 'abdfHilLnprst:uvxPRS:TZ',
    long: COPY_LONG,
    busyboxLong:
      'archive force interactive no-clobber link dereference no-dereference recursive symbolic-link no-target-directory target-directory verbose update remove-destination parents reflink',
  });
  if (typeof options === 'number') return options;
  const list = yield* pairs(cli, options);
  if (typeof list === 'number') return list;
  const kept = yield* preserved(cli, options);
  if (typeof kept === 'number') return kept;
  const sparse = options.get('sparse');
  if (sparse !== undefined && (yield* argmatch(cli, '--sparse', sparse, [['never'], ['auto'], ['always']])) === undefined) return 1;
  if (typeof (yield* backupControl(cli, options)) === 'number') return 1;
  if (cli.gnu && options.has('parents')) {
    const there: SysResult<Stat> = yield* stat(options.get('t') ?? options.args.at(-1) ?? '');
    if (!(there.ok && isDir(there.value.mode))) return yield* cli.misuse('with --parents, the destination must be a directory');
  }
  const recursive = ['a', 'r', 'R'].some((key) => options.has(key));
  const how: Copying = {
    recursive,
    preserve: kept.length > 0,
    only: kept,
    attributesOnly: options.has('attributes-only'),
    xattrs: cli.gnu && kept.includes('xattr'),
    dereference: options.has('L')
      ? 'all'
      : options.has('H')
        ? 'named'
        : options.has('P') || options.has('d') || recursive
          ? 'never'
          : 'all',
    force: options.has('f'),
    interactive: options.has('i'),
    noClobber: options.has('n'),
    verbose: options.has('v'),
    link: options.has('l') ? 'hard' : options.has('s') ? 'symbolic' : undefined,
    update: options.has('u'),
  };
  for (const [from, to] of list) {
    let target = to;
    const there: SysResult<Stat> = yield* stat(to);
    const source: SysResult<Stat> = yield* lstat(from);
    if (!cli.gnu && options.has('T') && there.ok && isDir(there.value.mode) && source.ok && !isDir(source.value.mode)) {
      yield* cli.error(`'${to}' is a directory`);
      continue;
    }
    if (cli.gnu && !(there.ok && isDir(there.value.mode))) yield* keepOld(cli, options, to);
    if (options.has('parents')) {
      target = joinPath(dirName(to), from);
      for (const part of from
        .split('/')
        .slice(0, -1)
        .map((_, at, all) => joinPath(dirName(to), all.slice(0, at + 1).join('/'))))
        yield* sys.mkdirat(AT_FDCWD, part, 0o777);
    }
    if (!(yield* copyOne(cli, from, target, how, true))) cli.status = 1;
  }
  return yield* cli.finish();
});
