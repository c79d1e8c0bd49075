// du.

import { isDir } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import { command } from '../lib/command-line.ts';
import { quoted } from '../lib/quote.ts';
import { globRegex } from '../lib/regex.ts';
import { humanBusybox, humanGnu, parseSize } from '../lib/size.ts';
import { strftime } from '../lib/time.ts';
import { baseName, joinPath, lstat, readDir, stat } from '../lib/tree.ts';

const NOTHING = { all: 0, folder: false, newest: 0n } as const;

/** Counterpart: du(1) */
export const du = command(function* (cli) {
  const long = {
    all: 'a',
    bytes: 'b',
    total: 'c',
    'human-readable': 'h',
    kilobytes: 'k',
    'count-links': 'l',
    dereference: 'L',
    'separate-dirs': 'S',
    summarize: 's',
    'one-file-system': 'x',
    'max-depth=': 'd',
    'apparent-size': 'A',
    'exclude=': 'exclude',
    null: '0',
    'threshold=': 't',
    'block-size=': 'B',
    inodes: 'inodes',
    'time=?': 'time',
    'time-style=': 'time-style',
    si: 'si',
    'dereference-args': 'D',
  };
  const options = yield* cli.options({ busybox: 'aHkLslcxd:hmb', gnu: 'abchHkLlmd:sSx0B:Dt:', long });
  if (typeof options === 'number') return options;
  const depth = options.get('d');
  if (cli.gnu && depth !== undefined && !/^\d+$/.test(depth)) return yield* cli.misuse(`invalid maximum depth '${depth}'`);
  if (cli.gnu && options.has('s') && options.has('a')) return yield* cli.misuse('cannot both summarize and show all entries');
  const wanted = options.last('B', 'k', 'm', 'b') === 'B' ? (options.get('B') as string) : '1';
  const block = parseSize(/^\d/.test(wanted) ? wanted : `1${wanted}`);
  if (!block) return yield* cli.error(`invalid --block-size argument '${wanted}'`);
  const timeWord = options.get('time');
  const times = [['mtime'], ['atime', 'access', 'use'], ['ctime', 'status']] as const;
  const clock = timeWord ? yield* argmatch(cli, '--time', timeWord, times.slice(1)) : 'mtime';
  if (clock === undefined) return 1;
  const style = options.get('time-style') ?? 'long-iso';
  const format =
    { 'long-iso': '%Y-%m-%d %H:%M', 'full-iso': '%Y-%m-%d %H:%M:%S.%N %z', iso: '%Y-%m-%d' }[style] ?? style.replace(/^\+/, '');
  const inodes = options.has('inodes');
  const excluded = options.list.filter(({ key }) => key === 'exclude').map(({ value }) => globRegex(value));
  const threshold = parseSize(options.get('t')?.replace(/^-/, '') ?? '0');
  if (threshold === undefined) return yield* cli.error(`invalid -t argument '${options.get('t')}'`);
  const big = (bytes: number): boolean => (options.get('t')?.startsWith('-') ? bytes <= threshold : bytes >= threshold);
  const end = options.has('0') ? '\0' : '\n';
  const apparent = options.has('b') || options.has('A');
  const unit = options.last('B', 'k', 'm', 'b') === 'B' ? block : options.has('b') ? 1 : options.has('m') ? 1024 * 1024 : 1024;
  const suffix = /^[A-Za-z]/.test(wanted) ? wanted : '';
  const show = (bytes: number): string =>
    inodes
      ? String(bytes)
      : options.has('si')
        ? humanGnu(bytes, 'BkMGTPE', 1000)
        : options.has('h')
          ? cli.gnu
            ? humanGnu(bytes)
            : humanBusybox(bytes)
          : `${Math.ceil(bytes / unit)}${suffix}`;
  const deepest = options.has('s') ? 0 : options.has('d') ? Number(depth) : Number.POSITIVE_INFINITY;
  const seen = new Set<string>();
  const visit = function* (
    path: string,
    depth: number,
    dev: number | undefined,
  ): Program<{ readonly all: number; readonly folder: boolean; readonly newest: bigint }> {
    if (excluded.some((pattern) => pattern.test(path) || pattern.test(baseName(path)))) return NOTHING;
    const got: SysResult<Stat> = yield* (options.has('L') || (depth === 0 && (options.has('H') || options.has('D'))) ? stat : lstat)(path);
    if (!got.ok) {
      yield* cli.fail(got.errno, path, `cannot access ${quoted(path)}`);
      return NOTHING;
    }
    const info = got.value;
    if (dev !== undefined && options.has('x') && info.dev !== dev) return NOTHING;
    if (info.nlink > 1 && !isDir(info.mode) && !options.has('l')) {
      const key = `${info.dev}:${info.ino}`;
      if (seen.has(key)) return NOTHING;
      seen.add(key);
    }
    let newest = info[clock as 'mtime' | 'atime' | 'ctime'];
    let sum = inodes ? 1 : apparent ? info.size : info.blocks * 512;
    let all = sum;
    if (isDir(info.mode)) {
      const inside = yield* readDir(path);
      if (!inside.ok) yield* cli.fail(inside.errno, `can't open '${path}'`, `cannot read directory ${quoted(path)}`);
      for (const { name } of inside.ok ? inside.value : []) {
        const below = yield* visit(joinPath(path, name), depth + 1, info.dev);
        all += below.all;
        if (below.newest > newest) newest = below.newest;
        if (!options.has('S') || !below.folder) sum += below.all;
      }
    }
    if (depth <= deepest && (isDir(info.mode) || options.has('a') || depth === 0) && big(sum))
      yield* cli.text(`${show(sum)}\t${options.has('time') ? `${strftime(format, newest)}\t` : ''}${path}${end}`);
    return { newest, all: options.has('S') ? sum : all, folder: isDir(info.mode) };
  };
  let total = 0;
  for (const path of options.args.length ? options.args : ['.']) total += (yield* visit(path, 0, undefined)).all;
  if (options.has('c')) yield* cli.text(`${show(total)}\ttotal${end}`);
  return yield* cli.finish();
});
