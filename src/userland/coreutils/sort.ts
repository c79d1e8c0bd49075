// sort.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin, unbin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { errOut, writeAll } from '../lib/io.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { byBytes } from '../lib/tree.ts';

interface Key {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number] | undefined;
  readonly flags: string;
}

function parseKey(text: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (!match || match[1] === '0') return undefined;
  return {
    from: [Number(match[1]), Number(match[2] ?? 1)],
    to: match[4] ? [Number(match[4]), Number(match[5] ?? 0)] : undefined,
    flags: `${match[3]}${match[6] ?? ''}`,
  };
}

/** Start and end of each of the first fields. Without a separator a field begins with the blanks before it. */
function fields(line: string, separator: string | undefined, upTo: number): [number, number][] {
  const list: [number, number][] = [];
  if (separator !== undefined) {
    for (let at = 0; ; ) {
      const end = line.indexOf(separator, at);
      list.push([at, end < 0 ? line.length : end]);
      if (end < 0 || list.length === upTo) return list;
      at = end + 1;
    }
  }
  const blank = (at: number): boolean => line[at] === ' ' || line[at] === '\t';
  for (let at = 0; at < line.length; ) {
    const from = at;
    while (at < line.length && blank(at)) at++;
    while (at < line.length && !blank(at)) at++;
    list.push([from, at]);
    if (list.length === upTo) break;
  }
  return list;
}

function keyText(line: string, key: Key, separator: string | undefined, blanks: boolean): string {
  const list = fields(line, separator, Math.max(key.from[0], key.to?.[0] ?? 0));
  const at = (field: number, char: number, end: boolean): number => {
    const span = list[field - 1];
    if (!span) return line.length;
    if (end && char === 0) return span[1];
    let start = span[0];
    if (blanks) while (start < span[1] && /[ \t]/.test(line[start] as string)) start++;
    return Math.min(span[1], start + char - (end ? 0 : 1));
  };
  return line.slice(at(key.from[0], key.from[1], false), key.to ? at(key.to[0], key.to[1], true) : line.length);
}

const HUMAN = ' KMGTPEZY';
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** How one kind of key is compared: what is taken out of its text once for each line, and the order of that. */
interface Order<T> {
  value(text: string): T;
  compare(a: T, b: T): number;
}

const order = <T>(value: (text: string) => T, compare: (a: T, b: T) => number): Order<unknown> => ({ value, compare }) as Order<unknown>;

function orderBy(flags: string): Order<unknown> {
  const has = (letter: string): boolean => flags.includes(letter);
  const number = (text: string): number => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0;
  const ascending = (a: number, b: number): number => a - b;
  if (has('h'))
    return order(
      (text) => {
        const match = /^\s*(-?\d*\.?\d*)([KMGTPEZYk]?)/.exec(text);
        const value = Number(match?.[1] || 0) || 0;
        return [Math.sign(value) * Math.max(0, HUMAN.indexOf((match?.[2] || ' ').toUpperCase())), value] as const;
      },
      (a, b) => a[0] - b[0] || a[1] - b[1],
    );
  if (has('n')) return order(number, ascending);
  if (has('g')) return order((text) => Number.parseFloat(text) || 0, ascending);
  if (has('M')) return order((text) => MONTHS.indexOf(text.trim().slice(0, 3).toUpperCase()), ascending);
  if (has('V')) return order((text) => text, byVersion);
  return order((text) => {
    let result = has('b') ? text.replace(/^[ \t]+/, '') : text;
    if (has('d')) result = result.replace(/[^A-Za-z0-9 \t]/g, '');
    if (has('i')) result = result.replace(/[^ -~]/g, '');
    return has('f') ? result.toUpperCase() : result;
  }, byBytes);
}

/** A line with the values of its keys. */
interface Item {
  readonly line: string;
  readonly values: readonly unknown[];
}

function byVersion(a: string, b: string): number {
  const [x, y] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const [p = '', q = ''] = [x[at], y[at]];
    const order = at % 2 ? Number(p) - Number(q) : byBytes(p, q);
    if (order !== 0) return order;
  }
  return 0;
}

/** Takes the least of the files' next lines, whether or not they are sorted. */
function merged(
  items: readonly Item[],
  starts: readonly number[],
  compare: (a: Item, b: Item) => number,
  unique: ((a: Item, b: Item) => number) | undefined,
): string[] {
  const files = starts.map((from, at) => items.slice(from, starts[at + 1]));
  const heads = files.map(() => 0);
  const result: Item[] = [];
  for (;;) {
    let best: number | undefined;
    for (const [file, list] of files.entries()) {
      const item = list[heads[file] as number];
      const other = best === undefined ? undefined : files[best]?.[heads[best] as number];
      if (item !== undefined && (other === undefined || compare(item, other) < 0)) best = file;
    }
    if (best === undefined) return result.map(({ line }) => line);
    const item = files[best]?.[heads[best] as number] as Item;
    heads[best] = (heads[best] as number) + 1;
    const last = result.at(-1);
    if (unique === undefined || last === undefined || unique(last, item) !== 0) result.push(item);
  }
}

/** Counterpart: sort(1) */
export const sort = command(function* (cli) {
  const long = {
    'ignore-leading-blanks': 'b',
    'dictionary-order': 'd',
    'ignore-case': 'f',
    'general-numeric-sort': 'g',
    'human-numeric-sort': 'h',
    'month-sort': 'M',
    'numeric-sort': 'n',
    reverse: 'r',
    'version-sort': 'V',
    check: 'c',
    'key=': 'k',
    'output=': 'o',
    stable: 's',
    'field-separator=': 't',
    unique: 'u',
    'zero-terminated': 'z',
    merge: 'm',
    'random-sort': 'R',
    'buffer-size=': 'S',
    'temporary-directory=': 'T',
    'parallel=': 'parallel',
    'batch-size=': 'batch-size',
    'random-source=': 'random-source',
  };
  const options = yield* cli.options({
    busybox: 'nrugMcszbdfimVS:T:o:k:t:',
    gnu: 'bcCdfghik:mMno:rRsS:t:T:uVy:z',
    long,
    status: 2,
    busyboxStatus: 2,
  });
  if (typeof options === 'number') return options;
  const separator = options.get('t');
  if (cli.gnu && separator === '') return yield* cli.error('empty tab', 2);
  if (options.has('random-source')) return yield* cli.error('--random-source is not simulated here', 2);
  if (separator !== undefined && separator.length > 1 && separator !== '\\0')
    return yield* cli.error(cli.gnu ? `multi-character tab ${quoted(separator)}` : 'bad -t parameter', 2);
  const globals = ['b', 'd', 'f', 'g', 'h', 'i', 'M', 'n', 'r', 'V'].filter((letter) => options.has(letter)).join('');
  const keys: Key[] = [];
  for (const { key, value } of options.list) {
    if (key !== 'k') continue;
    const parsed = parseKey(value);
    if (!parsed)
      return yield* cli.error(
        cli.gnu
          ? /^0+(\D|$)/.test(value)
            ? `field number is zero: invalid field specification ${quoted(value)}`
            : `invalid number at field start: invalid count at start of ${quoted(value)}`
          : 'bad field specification',
        2,
      );
    keys.push(parsed);
  }
  const end = options.has('z') ? '\0' : '\n';
  const lines: string[] = [];
  const starts: number[] = [];
  for (const name of options.args.length ? options.args : ['-']) {
    const got = yield* slurp(name);
    // busybox takes a directory for an empty file.
    if (!got.ok && !cli.gnu && got.errno === 'EISDIR') continue;
    if (!got.ok)
      return yield* cli.error(
        cli.gnu
          ? `${got.opening ? 'cannot read' : 'read failed'}: ${quotedIfNeeded(name)}: ${strerror(got.errno)}`
          : `${name}: ${strerror(got.errno)}`,
        2,
      );
    starts.push(lines.length);
    for (const line of end === '\n' ? splitLines(got.value) : got.value.replace(/\0$/, '').split('\0')) lines.push(line);
  }
  const plain = options.has('r') ? (a: string, b: string): number => byBytes(b, a) : byBytes;
  const parts =
    keys.length === 0
      ? [{ order: orderBy(globals), reverse: globals.includes('r'), text: (line: string): string => line }]
      : keys.map((key) => {
          const flags = /[bdfghiMnrV]/.test(key.flags) ? key.flags : globals;
          const blanks = key.flags.includes('b') || globals.includes('b');
          const text = (line: string): string => keyText(line, key, separator, blanks);
          return { order: orderBy(flags), reverse: flags.includes('r'), text };
        });
  const itemOf = (line: string): Item => ({ line, values: parts.map(({ order, text }) => order.value(text(line))) });
  const compareKeys = (a: Item, b: Item): number => {
    for (let at = 0; at < parts.length; at++) {
      const { order, reverse } = parts[at] as (typeof parts)[number];
      const found = order.compare(a.values[at], b.values[at]);
      if (found !== 0) return reverse ? -found : found;
    }
    return 0;
  };
  const compare =
    options.has('s') || options.has('u') ? compareKeys : (a: Item, b: Item): number => compareKeys(a, b) || plain(a.line, b.line);
  if (options.has('c') || options.has('C')) {
    for (let at = 1; at < lines.length; at++) {
      const order = compare(itemOf(lines[at - 1] as string), itemOf(lines[at] as string));
      if (order < 0 || (order === 0 && !options.has('u'))) continue;
      if (options.has('C')) return 1;
      if (cli.gnu) return yield* cli.error(`${options.args[0] ?? '-'}:${at + 1}: disorder: ${fromBin(lines[at] as string)}`);
      yield* errOut(`Check line ${at}\n`);
      return 1;
    }
    return 0;
  }
  if (lines.length > 100_000) yield* sys.sched_yield();
  // Byte strings in the order of their bytes: what the engine does fastest.
  const simple = keys.length === 0 && (globals === '' || globals === 'r');
  let sorted: string[];
  if (cli.gnu && options.has('m')) {
    sorted = merged(lines.map(itemOf), starts, compare, options.has('u') ? compareKeys : undefined);
  } else if (simple) {
    sorted = lines.sort();
    if (globals === 'r') sorted.reverse();
    if (options.has('u')) sorted = sorted.filter((line, at) => line !== sorted[at - 1]);
  } else {
    let items = lines.map(itemOf).sort(compare);
    if (options.has('u')) items = items.filter((item, at) => at === 0 || compareKeys(items[at - 1] as Item, item) !== 0);
    sorted = items.map(({ line }) => line);
  }
  if (options.has('o')) {
    const path = options.get('o') as string;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (!fd.ok)
      return yield* cli.error(
        `${cli.gnu ? `open failed: ${quotedIfNeeded(path)}` : `can't open '${path}'`}: ${strerror(fd.errno)}`,
        cli.gnu ? 2 : 1,
      );
    yield* writeAll(fd.value, unbin(sorted.map((line) => line + end).join('')));
    return 0;
  }
  for (const line of sorted) if (cli.put(line + end)) yield* cli.settle();
  return yield* cli.finish();
});
