// Line tools: tac, rev, nl, paste, fold, expand, unexpand, split, strings, shuf, tsort.

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { escapeRegex } from '../lib/regex.ts';

/** Contents of the named files (or standard input) one by one; unreadable ones are complained about and left out. */
export function* inputs(cli: Cli, names: readonly string[], opens = (name: string): string => quotedIfNeeded(name)): Program<string[]> {
  const list: string[] = [];
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) list.push(got.value);
    else yield* cli.fail(got.errno, name, opens(name));
  }
  return list;
}

/** Counterpart: tac(1) */
export const tac = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: 'brs:', long: { 'separator=': 's', before: 'b' } });
  if (typeof options === 'number') return options;
  if (options.has('r')) return yield* cli.error('-r is not simulated here');
  for (const text of yield* inputs(cli, options.args, (name) => `failed to open ${quoted(name)} for reading`)) {
    const end = escapeRegex(options.get('s') ?? '\n');
    const piece = options.has('b') ? `(?:${end}|^)[\\s\\S]*?(?=${end}|$)` : `[\\s\\S]*?${end}|[\\s\\S]+$`;
    const lines = (text.match(new RegExp(piece, 'g')) ?? []).filter((line) => line !== '');
    yield* cli.out(lines.reverse().join(''));
  }
  return yield* cli.finish();
});

/** Counterpart: rev(1) */
export const rev = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  for (const text of yield* inputs(cli, options.args, (name) => `cannot open ${name}`))
    yield* cli.out(text.replace(/[^\n]+/g, (line) => [...line].reverse().join('')));
  return yield* cli.finish();
});

/** Counterpart: nl(1) */
export const nl = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'b:s:w:v:i:p',
    gnu: 'b:d:f:h:i:l:n:ps:v:w:',
    long: {
      'body-numbering=': 'b',
      'number-separator=': 's',
      'number-width=': 'w',
      'starting-line-number=': 'v',
      'line-increment=': 'i',
      'number-format=': 'n',
    },
  });
  if (typeof options === 'number') return options;
  const width = Number(options.get('w') ?? 6);
  const separator = toBin(options.get('s') ?? '\t');
  let number = Number(options.get('v') ?? 1);
  const style = options.get('b') ?? 't';
  const format = options.get('n') ?? 'rn';
  if (cli.gnu && !/^([atn]$|p)/.test(style)) return yield* cli.misuse(`invalid body numbering style: ${quoted(style)}`);
  if (cli.gnu && !['ln', 'rn', 'rz'].includes(format)) return yield* cli.misuse(`invalid line numbering format: ${quoted(format)}`);
  if (style.startsWith('p')) return yield* cli.error('-b p is not simulated here');
  for (const text of yield* inputs(cli, options.args))
    for (const line of splitLines(text)) {
      const counted = style === 'a' || (style === 't' && line !== '');
      const shown = format === 'ln' ? String(number).padEnd(width) : String(number).padStart(width, format === 'rz' ? '0' : ' ');
      yield* cli.out(counted ? `${shown}${separator}${line}\n` : `${' '.repeat(width + separator.length)}${line}\n`);
      if (counted) number += Number(options.get('i') ?? 1);
    }
  return yield* cli.finish();
});

/** busybox leaves a file that has ended out of the row, with its delimiter, and so may end without a newline. */
function busyboxPaste(columns: readonly (readonly string[])[], delimiter: (at: number) => string): string {
  let text = '';
  for (let row = 0; row < Math.max(...columns.map((column) => column.length)); row++) {
    let used = 0;
    columns.forEach((column, at) => {
      const cell = column[row];
      if (cell !== undefined) text += cell + (at < columns.length - 1 ? delimiter(used++) : '\n');
    });
  }
  return text;
}

/** Counterpart: paste(1) */
export const paste = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'd:s', gnu: 'd:sz', long: { 'delimiters=': 'd', serial: 's' } });
  if (typeof options === 'number') return options;
  if (options.get('d') === '' && !cli.gnu) return yield* cli.error("-d '' is not supported");
  const delimiters = toBin(options.get('d') ?? '\t').replace(
    /\\([nt0\\])/g,
    (_, c: string) => ({ n: '\n', t: '\t', '0': '', '\\': '\\' })[c] as string,
  );
  const delimiter = (at: number): string => (delimiters === '' ? '' : (delimiters[at % delimiters.length] as string));
  const names = options.args.length ? options.args : ['-'];
  const dashes = names.filter((name) => name === '-').length;
  const shared = dashes ? yield* slurp('-') : undefined;
  const standard = shared?.ok ? splitLines(shared.value) : [];
  const columns: string[][] = [];
  let dash = 0;
  for (const name of names) {
    if (name === '-') {
      const turn = dash++;
      columns.push(options.has('s') ? standard : standard.filter((_, at) => at % dashes === turn));
      continue;
    }
    const got = yield* slurp(name);
    if (!got.ok) return yield* cli.fail(got.errno, name, quotedIfNeeded(name));
    columns.push(splitLines(got.value));
  }
  const join = (cells: readonly string[]): string => cells.map((cell, at) => cell + (at < cells.length - 1 ? delimiter(at) : '')).join('');
  if (options.has('s')) for (const column of columns) yield* cli.out(`${join(column)}\n`);
  else if (!cli.gnu) yield* cli.out(busyboxPaste(columns, delimiter));
  else
    for (let row = 0; row < Math.max(...columns.map((column) => column.length)); row++)
      yield* cli.out(`${join(columns.map((column) => column[row] ?? ''))}\n`);
  return yield* cli.finish();
});

/** Counterpart: fold(1) */
export const fold = command(function* (cli) {
  // `-72` is an old way to write `-w 72`.
  const argv = cli.context.argv.map((arg) => (/^-\d+$/.test(arg) ? `-w${arg.slice(1)}` : arg));
  const reader: Cli = Object.assign(Object.create(cli) as Cli, { context: { ...cli.context, argv } });
  const options = yield* reader.options({ busybox: 'bsw:', gnu: 'bsw:', long: { bytes: 'b', spaces: 's', 'width=': 'w' } });
  if (typeof options === 'number') return options;
  const text80 = options.get('w') ?? '80';
  const width = yield* cli.count(text80, `invalid number of columns: ${quoted(text80)}`);
  if (width === undefined) return 1;
  for (const text of yield* inputs(cli, options.args))
    for (const raw of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      let line = raw.replace(/\n$/, '');
      while (line.length > width) {
        const space = options.has('s') ? line.lastIndexOf(' ', width - 1) + 1 : 0;
        const cut = space > 0 ? space : width;
        yield* cli.out(`${line.slice(0, cut)}\n`);
        line = line.slice(cut);
      }
      yield* cli.out(line + (raw.endsWith('\n') ? '\n' : ''));
    }
  return yield* cli.finish();
});

/** Counterpart: expand(1) */
export const expand = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'it:', gnu: 'it:', long: { initial: 'i', 'tabs=': 't' } });
  if (typeof options === 'number') return options;
  const tab = options.get('t') ?? '8';
  const size = yield* cli.count(tab, `tab size contains invalid character(s): ${quoted(tab)}`);
  if (size === undefined) return 1;
  for (const text of yield* inputs(cli, options.args)) {
    let column = 0;
    let blank = true;
    let result = '';
    for (const c of text) {
      if (c === '\t' && (blank || !options.has('i'))) {
        const spaces = size - (column % size);
        result += ' '.repeat(spaces);
        column += spaces;
        continue;
      }
      blank = c === '\n' ? true : blank && c === ' ';
      column = c === '\n' ? 0 : column + 1;
      result += c;
    }
    yield* cli.out(result);
  }
  return yield* cli.finish();
});

/** Counterpart: unexpand(1) */
export const unexpand = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'ft:a', gnu: 'at:', long: { all: 'a', 'tabs=': 't', 'first-only': 'f' } });
  if (typeof options === 'number') return options;
  const size = Number(options.get('t') ?? 8);
  const everywhere = (options.has('a') || options.has('t')) && !options.has('f');
  for (const text of yield* inputs(cli, options.args))
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      let column = 0;
      let result = '';
      for (const [run] of line.matchAll(/[ \t]+|[^ \t]+/g)) {
        const blank = /^[ \t]/.test(run) && (everywhere || column === 0);
        const start = column;
        for (const c of run) column = c === '\t' ? column + size - (column % size) : column + 1;
        // A single blank before a tab stop stays as it is.
        const stops = blank && (run.length > 1 || run === '\t') ? Math.floor(column / size) - Math.floor(start / size) : 0;
        result += stops > 0 ? '\t'.repeat(stops) + ' '.repeat(column % size) : run;
      }
      yield* cli.out(result);
    }
  return yield* cli.finish();
});

/** Counterpart: strings(1) */
export const strings = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'afon:t:', gnu: 'afn:ot:', long: { all: 'a', 'bytes=': 'n' } });
  if (typeof options === 'number') return options;
  const pattern = new RegExp(`[\\t\\x20-\\x7e]{${Number(options.get('n') ?? 4)},}`, 'g');
  const radix = options.has('o') ? 'o' : options.get('t');
  for (const name of options.args.length ? options.args : ['-'])
    for (const text of yield* inputs(cli, [name], (given) => `'${given}'`))
      for (const match of text.matchAll(pattern))
        yield* cli.out(
          `${options.has('f') ? `${name}: ` : ''}${radix ? `${match.index.toString(radix === 'x' ? 16 : radix === 'o' ? 8 : 10).padStart(7)} ` : ''}${match[0]}\n`,
        );
  return yield* cli.finish();
});

/** Counterpart: shuf(1); its chance comes from /dev/urandom. */
export const shuf = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'ei:n:o:z',
    gnu: 'ei:n:o:rz',
    long: { echo: 'e', 'input-range=': 'i', 'head-count=': 'n', repeat: 'r' },
  });
  if (typeof options === 'number') return options;
  const range = /^(\d+)-(\d+)$/.exec(options.get('i') ?? '');
  if (options.has('i') && (!range || Number(range[1]) > Number(range[2])))
    return yield* cli.error(cli.gnu ? `invalid input range: '${options.get('i')}'` : `bad range '${options.get('i')}'`);
  const head = options.get('n');
  if (head !== undefined && (yield* cli.count(head, `invalid line count: '${head}'`)) === undefined) return 1;
  const items = options.has('e')
    ? options.args.map(toBin)
    : range
      ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, at) => String(Number(range[1]) + at))
      : (yield* inputs(cli, options.args)).flatMap(splitLines);
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/urandom', 0);
  const random: SysResult<Uint8Array> = fd.ok ? yield* sys.read(fd.value, 4 * items.length) : { ok: false, errno: fd.errno };
  const bytes = random.ok ? random.value : new Uint8Array(0);
  for (let at = items.length - 1; at > 0; at--) {
    const value = (bytes[4 * at] ?? 0) * 65536 + (bytes[4 * at + 1] ?? 0) * 256 + (bytes[4 * at + 2] ?? 0);
    const other = value % (at + 1);
    [items[at], items[other]] = [items[other] as string, items[at] as string];
  }
  for (const item of items.slice(0, options.has('n') ? Number(options.get('n')) : items.length)) yield* cli.out(`${item}\n`);
  return yield* cli.finish();
});
