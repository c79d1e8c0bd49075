// diff: normal and unified format.

import { strerror } from '#abi/errno.ts';
import { isDir } from '#abi/mode.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { strftime } from '../lib/time.ts';
import { baseName, byBytes, joinPath, readDir, stat } from '../lib/tree.ts';

/** Lines [from, to) of both sides that differ. */
interface Hunk {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

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

const NO_NEWLINE = '\\ No newline at end of file\n';
const split = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
const show = (mark: string, line: string): string => mark + (line.endsWith('\n') ? line : `${line}\n${NO_NEWLINE}`);

function normal(a: readonly string[], b: readonly string[], list: readonly Hunk[]): string {
  const range = (from: number, to: number): string => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  let text = '';
  for (const hunk of list) {
    const [removes, adds] = [hunk.a[1] > hunk.a[0], hunk.b[1] > hunk.b[0]];
    text += `${range(...hunk.a)}${removes ? (adds ? 'c' : 'd') : 'a'}${range(...hunk.b)}\n`;
    text += a
      .slice(...hunk.a)
      .map((line) => show('< ', line))
      .join('');
    if (removes && adds) text += '---\n';
    text += b
      .slice(...hunk.b)
      .map((line) => show('> ', line))
      .join('');
  }
  return text;
}

function unified(a: readonly string[], b: readonly string[], list: readonly Hunk[], context: number): string {
  let text = '';
  for (let at = 0; at < list.length; ) {
    let end = at;
    while (end + 1 < list.length && (list[end + 1] as Hunk).a[0] - (list[end] as Hunk).a[1] <= 2 * context) end++;
    const [first, last] = [list[at] as Hunk, list[end] as Hunk];
    const [fromA, toA] = [Math.max(0, first.a[0] - context), Math.min(a.length, last.a[1] + context)];
    const [fromB, toB] = [Math.max(0, first.b[0] - context), Math.min(b.length, last.b[1] + context)];
    const range = (from: number, to: number): string =>
      to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`;
    text += `@@ -${range(fromA, toA)} +${range(fromB, toB)} @@\n`;
    let i = fromA;
    for (const hunk of list.slice(at, end + 1)) {
      for (; i < hunk.a[0]; i++) text += show(' ', a[i] as string);
      text +=
        a
          .slice(...hunk.a)
          .map((line) => show('-', line))
          .join('') +
        b
          .slice(...hunk.b)
          .map((line) => show('+', line))
          .join('');
      i = hunk.a[1];
    }
    for (; i < toA; i++) text += show(' ', a[i] as string);
    at = end + 1;
  }
  return text;
}

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
      yield* cli.error(cli.gnu ? `${name}: ${strerror(got.errno)}` : `can't stat '${name}': ${strerror(got.errno)}`, 2);
      if (!cli.gnu) return 2;
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
  if (list.length === 0) return 0;
  const flags = options.list
    .filter(({ key }) => 'rNuiwbB'.includes(key))
    .map(({ key }) => key)
    .join('');
  if (inTree && cli.gnu) yield* cli.text(`diff ${flags === '' ? '' : `-${flags} `}${a} ${b}\n`);
  if (options.has('u') || options.has('U') || !cli.gnu) {
    const label = (at: number, name: string): string =>
      toBin(options.list.filter(({ key }) => key === 'L')[at]?.value ?? (cli.gnu ? `${name}\t${stamps[at]}` : name));
    yield* cli.out(`--- ${label(0, a)}\n+++ ${label(1, b)}\n${unified(left, right, list, Number(options.get('U') ?? 3))}`);
  } else yield* cli.out(normal(left, right, list));
  return 1;
}

function* trees(cli: Cli, options: Options, a: string, b: string): Program<number> {
  const sides: string[][] = [];
  for (const name of [a, b]) {
    const got = yield* readDir(name);
    if (!got.ok) return yield* cli.error(`${name}: ${strerror(got.errno)}`, 2);
    sides.push(got.value.map((entry) => entry.name));
  }
  const [left = [], right = []] = sides;
  let status = 0;
  for (const name of [...new Set([...left, ...right])].sort(byBytes)) {
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
    unified: 'u',
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
  };
  const options = yield* cli.options({
    busybox: 'abdiL:NqrsS:tTU:wupBE',
    gnu: 'abBdiL:NqrsU:uwyct',
    long,
    busyboxLong: 'brief',
    status: 2,
    hint: (prog) => `${prog}: Try '${prog} --help' for more information.\n`,
  });
  if (typeof options !== 'number')
    for (const key of 'yc') if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`, 2);
  if (typeof options === 'number') return options;
  let [a, b] = options.args;
  if (a === undefined) return yield* misuse(cli, `missing operand after '${cli.prog}'`);
  if (b === undefined) return yield* misuse(cli, `missing operand after '${a}'`);
  if (options.args.length > 2) return yield* misuse(cli, `extra operand '${options.args[2]}'`);
  const [x, y] = [yield* stat(a), yield* stat(b)];
  const [folderA, folderB] = [x.ok && isDir(x.value.mode), y.ok && isDir(y.value.mode)];
  if (folderA && folderB) return yield* cli.finish(yield* trees(cli, options, a, b));
  if (folderA) a = joinPath(a, baseName(b));
  if (folderB) b = joinPath(b, baseName(a));
  return yield* cli.finish(yield* compare(cli, options, a, b, false));
});
