// df.

import { strerror } from '#abi/errno.ts';
import type { Program, Stat, Statfs, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { readFile, textOf } from '../lib/io.ts';
import { quotedIfNeeded } from '../lib/quote.ts';
import { humanBusybox, humanGnu, parseSize } from '../lib/size.ts';
import { stat } from '../lib/tree.ts';
import { type Field, outputFields, outputTable } from './df-output.ts';

interface Mounted {
  readonly source: string;
  readonly target: string;
  readonly type: string;
}

function* mounts(): Program<Mounted[]> {
  const file = yield* readFile('/proc/mounts');
  const withoutOctal = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
  return (file.ok ? textOf(file.value) : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [source = '', target = '', type = ''] = line.split(' ').map(withoutOctal);
      return { source, target, type };
    });
}

/** The mount a path lies on: one that is the path itself, else by device number the first one listed. */
function* mountOf(path: string, all: readonly Mounted[]): Program<Mounted | undefined> {
  const here: SysResult<Stat> = yield* stat(path);
  if (!here.ok) return undefined;
  const own = all.findLast((mount) => mount.target === path.replace(/(?<=.)\/+$/, ''));
  if (own !== undefined) return own;
  for (const mount of all) {
    const there: SysResult<Stat> = yield* stat(mount.target);
    if (there.ok && there.value.dev === here.value.dev) return mount;
  }
  return undefined;
}

/** `1K-blocks` and the like. */
function unitName(block: number, posix: boolean, gnu: boolean): string {
  if (block === 1024 && posix) return '1024-blocks';
  const power = block === 1 ? 0 : [1, 2, 3].find((exponent) => block === 1024 ** exponent);
  if (power === undefined) return `${block}-blocks`;
  return `1${power === 0 ? (gnu ? 'B' : '') : 'KMG'[power - 1]}-blocks`;
}

/** Counterpart: df(1) */
export const df = command(function* (cli) {
  const long = {
    all: 'a',
    'human-readable': 'h',
    inodes: 'i',
    portability: 'P',
    'print-type': 'T',
    'type=': 't',
    'exclude-type=': 'x',
    local: 'l',
    total: 'total',
    si: 'H',
    'block-size=': 'B',
    'output=?': 'output',
  };
  const options = yield* cli.options({ busybox: 'kPTaihHmB:t:', gnu: 'aB:iF:hHklmPTt:vx:', long });
  if (typeof options === 'number') return options;
  const all = yield* mounts();
  const fields = options.has('output') ? yield* outputFields(cli, options) : undefined;
  if (typeof fields === 'number') return fields;
  const si = options.last('h', 'H', 'B', 'k', 'm') === 'H';
  const human = ['h', 'H'].includes(options.last('h', 'H', 'B', 'k', 'm') ?? '');
  const wanted = options.last('B', 'k', 'm') === 'B' ? (options.get('B') as string) : options.has('m') ? '1M' : '1K';
  const block = parseSize(/^\d/.test(wanted) ? wanted : `1${wanted}`);
  if (block === undefined || block === 0)
    return yield* cli.error(cli.gnu ? `invalid --block-size argument '${wanted}'` : `invalid number '${wanted}'`);
  // GNU shows the unit with each number when it was given without a count.
  const suffix = cli.gnu && /^[A-Z]$/.test(wanted) ? wanted : '';
  const size = (bytes: number): string =>
    human
      ? cli.gnu
        ? humanGnu(bytes, undefined, si ? 1000 : 1024)
        : humanBusybox(bytes)
      : `${cli.gnu ? Math.ceil(bytes / block) : Math.floor((bytes + block / 2) / block)}${suffix}`;
  const unit = human ? 'Size' : unitName(block, options.has('P'), cli.gnu);
  const inodes = options.has('i');
  const rows: string[][] = [
    [
      'Filesystem',
      ...(options.has('T') ? ['Type'] : []),
      inodes ? 'Inodes' : unit,
      inodes ? 'IUsed' : 'Used',
      inodes ? 'IFree' : human && cli.gnu ? 'Avail' : 'Available',
      inodes ? 'IUse%' : options.has('P') && !(human && cli.gnu) ? 'Capacity' : 'Use%',
      'Mounted on',
    ],
  ];
  const chosen: { readonly mount: Mounted; readonly path: string }[] = [];
  const seen = new Set<number>();
  if (options.args.length === 0) {
    for (const mount of all) {
      const info = yield* stat(mount.target);
      if (!info.ok) {
        if (cli.gnu) yield* cli.fail(info.errno, mount.target, quotedIfNeeded(mount.target));
        continue;
      }
      const known = info.ok && seen.has(info.value.dev);
      if (info.ok) seen.add(info.value.dev);
      if (!cli.gnu || options.has('a') || !known) chosen.push({ mount, path: mount.target });
    }
  }
  const found: Program<void> = (function* () {
    for (const path of options.args) {
      const there: SysResult<Stat> = yield* stat(path);
      const mount = there.ok ? yield* mountOf(path, all) : undefined;
      if (mount) chosen.push({ mount, path });
      else if (cli.gnu) yield* cli.error(`${quotedIfNeeded(path)}: ${strerror(there.ok ? 'ENOENT' : there.errno)}`);
      else yield* cli.error(`${path}: can't find mount point`);
    }
  })();
  if (cli.gnu) yield* found;
  const lines: string[][] = [];
  const records: Record<Field, string>[] = [];
  const sums = [0, 0, 0];
  const collect = function* (): Program<void> {
    for (const { mount, path } of chosen) {
      const got: SysResult<Statfs> = yield* sys.statfs(path);
      if (!got.ok) {
        yield* cli.fail(got.errno, mount.target, quotedIfNeeded(path));
        continue;
      }
      const fs = got.value;
      if (fs.blocks === 0 && !options.has('a') && options.args.length === 0) continue;
      if (options.list.some((option) => option.key === 'x' && option.value === mount.type)) continue;
      if (options.has('t') && !options.list.some((option) => option.key === 't' && option.value === mount.type)) continue;
      const used = fs.blocks - fs.bfree;
      const [total, taken, free] = inodes ? [fs.files, fs.files - fs.ffree, fs.ffree] : [fs.blocks, used, fs.bavail];
      const show = (value: number): string => (inodes ? String(value) : size(value * fs.bsize));
      const share = (part: number, rest: number): string =>
        part + rest === 0
          ? cli.gnu
            ? '-'
            : '0%'
          : `${cli.gnu ? Math.ceil((part * 100) / (part + rest)) : Math.floor((part * 100 + (part + rest) / 2) / (part + rest))}%`;
      const percent = share(taken, free);
      if (fields !== undefined)
        records.push({
          source: mount.source,
          fstype: mount.type,
          itotal: String(fs.files),
          iused: String(fs.files - fs.ffree),
          iavail: String(fs.ffree),
          ipcent: share(fs.files - fs.ffree, fs.ffree),
          size: size(fs.blocks * fs.bsize),
          used: size(used * fs.bsize),
          avail: size(fs.bavail * fs.bsize),
          pcent: share(used, fs.bavail),
          file: options.args.length > 0 ? path : '-',
          target: mount.target,
        });
      for (const [at, value] of [total, taken, free].entries()) sums[at] = (sums[at] as number) + value * (inodes ? 1 : fs.bsize);
      lines.push([mount.source, ...(options.has('T') ? [mount.type] : []), show(total), show(taken), show(free), percent, mount.target]);
    }
  };
  yield* collect();
  if (cli.gnu) {
    if (lines.length === 0) return options.args.length ? yield* cli.finish(1) : yield* cli.error('no file systems processed');
    if (fields !== undefined) {
      yield* cli.text(outputTable(fields, records, unit));
      return yield* cli.finish();
    }
    rows.push(...lines);
    if (options.has('total')) {
      const [bytes, taken, free] = [0, 1, 2].map((at) => sums[at] as number) as [number, number, number];
      const share = taken + free === 0 ? '-' : `${Math.ceil((taken * 100) / (taken + free))}%`;
      const show = (value: number): string => (inodes ? String(value) : size(value));
      rows.push(['total', ...(options.has('T') ? ['-'] : []), show(bytes), show(taken), show(free), share, '-']);
    }
    const minimum = (column: number): number =>
      column === 0
        ? 14
        : options.has('T') && column === 1
          ? 4
          : column === (rows[0] as string[]).length - 2
            ? 4
            : column === (rows[0] as string[]).length - 1
              ? 0
              : 5;
    const widths = (rows[0] as string[]).map((_, column) =>
      Math.max(minimum(column), ...rows.map((row) => (row[column] as string).length)),
    );
    const left = (column: number, row: string[]): boolean =>
      column === 0 || column === row.length - 1 || (options.has('T') && column === 1);
    for (const row of rows)
      yield* cli.text(
        `${row.map((cell, column) => (column === row.length - 1 ? cell : left(column, row) ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join(' ')}\n`,
      );
    return yield* cli.finish();
  }
  const columns = (row: string[]): string => {
    const [name = '', ...others] = row;
    const type = options.has('T') ? ` ${(others.shift() as string).padEnd(10)}` : '';
    const [total = '', taken = '', free = '', percent = '', target = ''] = others;
    const start = options.has('P') ? name.padEnd(20) : name.length > 20 ? `${name}\n${' '.repeat(20)}` : name.padEnd(20);
    return `${start}${type} ${total.padStart(9)} ${taken.padStart(9)} ${free.padStart(9)} ${percent.padStart(4)} ${target}\n`;
  };
  const title = `Filesystem           ${options.has('T') ? 'Type       ' : ''}${(human ? '     Size' : inodes ? '   Inodes' : unit).padEnd(15)}Used Available ${options.has('P') ? 'Capacity' : 'Use%'} Mounted on\n`;
  yield* cli.text(title);
  for (const row of lines) yield* cli.text(columns(row));
  lines.length = 0;
  chosen.length = 0;
  yield* found;
  yield* collect();
  for (const row of lines) yield* cli.text(columns(row));
  return yield* cli.finish();
});
