// diff: normal and unified format.

import { strerror } from '#abi/errno.ts';
import { isDir } from '#abi/mode.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import { type Cli, isTty, type Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { globRegex } from '../lib/regex.ts';
import { strftime } from '../lib/time.ts';
import { baseName, byBytes, joinPath, readDir, stat } from '../lib/tree.ts';
import { COLORED, contextFormat, edScript, type Hunk, normal, PLAIN, rcsScript, sideBySide, unified } from './diff-formats.ts';

/** The shortest edit script. Counterpart: Myers' greedy algorithm */
export function hunks(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [n, m] = [endA - start, endB - start];
  const trace: Map<number, number>[] = [];
  let v = new Map<number, number>([[1, 0]]);
  search: for (let d = 0; d <= n + m; d++) {
    trace.push(new Map(v));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && (v.get(k - 1) ?? -1) < (v.get(k + 1) ?? -1)) ? (v.get(k + 1) ?? 0) : (v.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && a[start + x] === b[start + x - k]) x++;
      v.set(k, x);
      if (x >= n && x - k >= m) break search;
    }
    v = new Map(v);
  }
  const changed: { readonly a: number; readonly b: number; readonly kind: 'a' | 'b' }[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d > 0; d--) {
    const at = trace[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (at.get(k - 1) ?? -1) < (at.get(k + 1) ?? -1));
    const before = down ? k + 1 : k - 1;
    const px = at.get(before) ?? 0;
    changed.push(down ? { a: px, b: px - before, kind: 'b' } : { a: px, b: px - before, kind: 'a' });
    [x, y] = [px, px - before];
  }
  const result: { a: [number, number]; b: [number, number] }[] = [];
  for (const edit of changed.reverse()) {
    const [i, j] = [start + edit.a, start + edit.b];
    let last = result.at(-1);
    if (!last || last.a[1] !== i || last.b[1] !== j) {
      last = { a: [i, i], b: [j, j] };
      result.push(last);
    }
    if (edit.kind === 'a') last.a[1]++;
    else last.b[1]++;
  }
  return result;
}

const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function* compare(cli: Cli, options: Options, a: string, b: string, inTree: boolean): Program<number> {
  const texts: string[] = [];
  const stamps: string[] = [];
  let bad = false;
  for (const name of [a, b]) {
    const info = name === '-' ? undefined : yield* stat(name);
    const got = yield* slurp(name);
    if (!got.ok) {
      if (options.has('N') && got.errno === 'ENOENT') {
        texts.push('');
        stamps.push('1970-01-01 00:00:00.000000000 +0000');
        continue;
      }
      bad = true;
      if (!cli.gnu) return yield* cli.error(`can't stat '${name}': ${strerror(got.errno)}`);
      yield* cli.error(`${name}: ${strerror(got.errno)}`, 2);
      continue;
    }
    texts.push(got.value);
    stamps.push(strftime('%Y-%m-%d %H:%M:%S.%N %z', info?.ok ? info.value.mtime : 0n));
  }
  if (bad) return 2;
  const fold = (line: string): string => {
    let key = options.has('i') ? line.toLowerCase() : line;
    if (options.has('w')) key = key.replace(/\s+/g, '');
    else if (options.has('b')) key = key.replace(/[ \t]+/g, ' ').replace(/ $/, '');
    return key;
  };
  const [x = '', y = ''] = texts;
  if (x === y) {
    if (options.has('y') && !options.has('q')) yield* cli.out(sideBySide(split(x), split(y), [], columnsOf(options)));
    if (options.has('s') && (cli.gnu || a !== b)) yield* cli.text(`Files ${a} and ${b} are identical\n`);
    return 0;
  }
  if (options.has('q') || x.includes('\0') || y.includes('\0')) {
    yield* cli.text(`${options.has('q') ? 'Files' : 'Binary files'} ${a} and ${b} differ\n`);
    return 1;
  }
  const [left, right] = [split(x), split(y)];
  const list = hunks(left.map(fold), right.map(fold)).filter(
    (hunk) => !options.has('B') || [...left.slice(...hunk.a), ...right.slice(...hunk.b)].some((line) => line.trim() !== ''),
  );
  if (list.length === 0 && !options.has('y')) return 0;
  if (inTree && cli.gnu) yield* cli.text(`diff ${treeFlags(cli)}${a} ${b}\n`);
  const style = cli.gnu ? options.last('u', 'U', 'c', 'C', 'e', 'n', 'y', 'normal') : 'u';
  const colors = (yield* wantsColor(cli, options)) ? COLORED : PLAIN;
  if (style === 'y') {
    yield* cli.out(sideBySide(left, right, list, columnsOf(options)));
  } else if (style === 'e' || style === 'n') {
    yield* cli.out(style === 'e' ? edScript(right, list) : rcsScript(right, list));
  } else if (style === undefined || style === 'normal') {
    yield* cli.out(normal(left, right, list, colors));
  } else {
    const label = (at: number, name: string): string =>
      toBin(options.list.filter(({ key }) => key === 'L')[at]?.value ?? (cli.gnu ? `${name}\t${stamps[at]}` : name));
    const head = (mark: string, at: number, name: string): string => `${colors.head}${mark} ${label(at, name)}${colors.end}\n`;
    const context = Number(options.get(style.toUpperCase()) || 3);
    const lines = Number.isNaN(context) ? 3 : options.get(style.toUpperCase()) === '0' ? 0 : context;
    yield* cli.out(
      style.toLowerCase() === 'c'
        ? head('***', 0, a) + head('---', 1, b) + contextFormat(left, right, list, lines, colors)
        : head('---', 0, a) + head('+++', 1, b) + unified(left, right, list, lines, colors),
    );
  }
  return 1;
}

/** The options as they were given, which -r repeats in front of each pair of files. */
const treeFlags = (cli: Cli): string =>
  cli.context.argv
    .slice(1)
    .filter((arg) => arg.startsWith('-') && arg !== '-')
    .map((arg) => `${arg} `)
    .join('');

function* wantsColor(cli: Cli, options: Options): Program<boolean> {
  const word = options.has('color') ? options.get('color') || 'auto' : 'never';
  return word === 'always' || (word === 'auto' && cli.getenv('TERM') !== 'dumb' && (yield* isTty(1)));
}

const columnsOf = (options: Options) => ({
  width: Number(options.get('W') ?? 130),
  leftColumn: options.has('left-column'),
  suppressCommon: options.has('suppress-common-lines'),
  expandTabs: options.has('t'),
});

function* trees(cli: Cli, options: Options, a: string, b: string): Program<number> {
  const sides: string[][] = [];
  for (const name of [a, b]) {
    const got = yield* readDir(name);
    if (!got.ok) return yield* cli.error(`${name}: ${strerror(got.errno)}`, 2);
    sides.push(got.value.map((entry) => entry.name));
  }
  const [left = [], right = []] = sides;
  let status = 0;
  const excluded = options.list.filter(({ key }) => key === 'x').map(({ value }) => globRegex(value));
  for (const name of [...new Set([...left, ...right])].sort(byBytes)) {
    if (excluded.some((pattern) => pattern.test(name))) continue;
    const [here, there] = [joinPath(a, name), joinPath(b, name)];
    if (!options.has('N') && !(left.includes(name) && right.includes(name))) {
      yield* cli.text(`Only in ${left.includes(name) ? a : b}: ${name}\n`);
      status = Math.max(status, 1);
      continue;
    }
    const [x, y] = [yield* stat(here), yield* stat(there)];
    if (x.ok && y.ok && isDir(x.value.mode) && isDir(y.value.mode)) {
      if (options.has('r')) status = Math.max(status, yield* trees(cli, options, here, there));
      else yield* cli.text(`Common subdirectories: ${here} and ${there}\n`);
    } else status = Math.max(status, yield* compare(cli, options, here, there, true));
  }
  return status;
}

/** A wrong command line, with the hint as diffutils words it. */
export function* misuse(cli: Cli, text: string): Program<number> {
  if (!cli.gnu) return yield* cli.usage();
  yield* cli.error(text, 2);
  return yield* cli.error(`Try '${cli.prog} --help' for more information.`, 2);
}

/** Counterpart: diff of diffutils 3.8; diff of busybox 1.35, which always prints the unified format */
export const diff = command(function* (cli) {
  const long = {
    'ignore-case': 'i',
    'ignore-all-space': 'w',
    'ignore-space-change': 'b',
    'ignore-blank-lines': 'B',
    brief: 'q',
    recursive: 'r',
    'new-file': 'N',
    'report-identical-files': 's',
    'label=': 'L',
    text: 'a',
    'color=?': 'color',
    'context=?': 'C',
    'unified=?': 'U',
    ed: 'e',
    rcs: 'n',
    'side-by-side': 'y',
    normal: 'normal',
    'width=': 'W',
    'left-column': 'left-column',
    'suppress-common-lines': 'suppress-common-lines',
    'exclude=': 'x',
    'expand-tabs': 't',
  };
  const options = yield* cli.options({
    busybox: 'abdiL:NqrsS:tTU:wupBE',
    gnu: 'abBC:cdeiL:NnqrsU:uwW:x:yt',
    long,
    busyboxLong: 'brief',
    status: 2,
    hint: (prog) => `${prog}: Try '${prog} --help' for more information.\n`,
  });
  if (typeof options === 'number') return options;
  for (const letter of ['U', 'C'])
    if (cli.gnu && options.get(letter) && !/^\d+$/.test(options.get(letter) as string))
      return yield* misuse(cli, `invalid context length '${options.get(letter)}'`);
  let [a, b] = options.args;
  if (a === undefined) return yield* misuse(cli, `missing operand after '${cli.prog}'`);
  if (b === undefined) return yield* misuse(cli, `missing operand after '${a}'`);
  if (options.args.length > 2) return yield* misuse(cli, `extra operand '${options.args[2]}'`);
  const [x, y] = [yield* stat(a), yield* stat(b)];
  if ((!x.ok || !y.ok) && !options.has('N') && a !== '-' && b !== '-') {
    for (const [name, got] of [
      [a, x],
      [b, y],
    ] as const)
      if (!got.ok) {
        yield* cli.error(cli.gnu ? `${name}: ${strerror(got.errno)}` : `can't stat '${name}': ${strerror(got.errno)}`, 2);
        // busybox stops at the first one.
        if (!cli.gnu) break;
      }
    return 2;
  }
  const [folderA, folderB] = [x.ok && isDir(x.value.mode), y.ok && isDir(y.value.mode)];
  if (folderA && folderB) return yield* cli.finish(yield* trees(cli, options, a, b));
  if (folderA) a = joinPath(a, baseName(b));
  if (folderB) b = joinPath(b, baseName(a));
  return yield* cli.finish(yield* compare(cli, options, a, b, false));
});
