// grep, egrep, fgrep.

import { strerror } from '#abi/errno.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import { fromBin, toBin } from '../lib/bytes.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { closeInput, LineReader, openInput, slurp, splitLines } from '../lib/lines.ts';
import { compileRegex, escapeRegex, globRegex } from '../lib/regex.ts';
import { baseName, joinPath, lstat, readDir, stat } from '../lib/tree.ts';

const LONG = {
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'basic-regexp': 'G',
  'perl-regexp': 'P',
  'regexp=': 'e',
  'file=': 'f',
  'ignore-case': 'i',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'directories=': 'd',
  'unix-byte-offsets': 'u',
  'no-messages': 's',
  'invert-match': 'v',
  'max-count=': 'm',
  'byte-offset': 'b',
  'line-number': 'n',
  'with-filename': 'H',
  'no-filename': 'h',
  'only-matching': 'o',
  quiet: 'q',
  silent: 'q',
  text: 'a',
  recursive: 'r',
  'dereference-recursive': 'R',
  'include=': 'include',
  'exclude=': 'exclude',
  'exclude-dir=': 'exclude-dir',
  'files-without-match': 'L',
  'files-with-matches': 'l',
  count: 'c',
  'after-context=': 'A',
  'before-context=': 'B',
  'context=': 'C',
  'color=?': 'color',
  'colour=?': 'color',
  'line-buffered': 'lb',
  null: 'Z',
  'null-data': 'z',
};

interface Grep {
  readonly cli: Cli;
  readonly options: Options;
  readonly pattern: RegExp;
  /** A text that every matching line contains, if one is known. */
  readonly literal: string | undefined;
  readonly before: number;
  readonly after: number;
  readonly max: number;
  readonly names: boolean;
  readonly color: boolean;
  found: boolean;
  /** Has a name been printed for -l or -L? */
  listed: boolean;
  failed: boolean;
  stop: boolean;
}

function* complain(grep: Grep, message: string): Program<void> {
  grep.failed = true;
  if (!grep.options.has('s')) yield* grep.cli.error(message, 2);
}

function* searchFd(grep: Grep, fd: number, name: string): Program<void> {
  const { cli, options, pattern } = grep;
  const { before, after, max } = grep;
  const inverted = options.has('v');
  const early = options.has('q') || options.has('l') || options.has('L');
  // Without context nothing is to be said about lines that lack what every match has.
  const skips = inverted || before > 0 || after > 0 ? undefined : grep.literal;
  const end = options.has('z') ? '\0' : '\n';
  const reader = new LineReader(fd, end, !early && max === Number.POSITIVE_INFINITY);
  const paint = (text: string, code: string): string => (grep.color && text !== '' ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text);
  const only = options.has('o');
  const bytes = options.has('b');
  const numbered = options.has('n');
  const plain = !grep.names && !numbered;
  const prefix = (number: number, separator: string): string =>
    plain
      ? ''
      : (grep.names ? paint(name, '35') + (options.has('Z') ? '\0' : paint(separator, '36')) : '') +
        (numbered ? `${paint(String(number), '32')}${paint(separator, '36')}` : '');
  const quiet = options.has('q') || options.has('c') || options.has('l') || options.has('L');
  let count = 0;
  let number = 0;
  let offset = 0;
  let binary = false;
  let shown = 0; // last line printed
  let owed = 0; // lines of trailing context still to print
  const waiting: [number, string][] = [];
  for (let raw = yield* reader.next(); raw !== undefined && count < max; raw = reader.ready() ?? (yield* reader.next())) {
    number++;
    if (number % 4000 === 0) yield* sys.sched_yield();
    let line = raw.endsWith(end) ? raw.slice(0, -1) : raw;
    // To busybox a line is a string of C, which a NUL ends.
    if (!cli.gnu && line.includes('\0')) line = line.slice(0, line.indexOf('\0'));
    if (!binary && cli.gnu && end === '\n' && raw.includes('\0')) binary = true;
    pattern.lastIndex = 0;
    const hit = pattern.test(line) !== inverted;
    pattern.lastIndex = 0;
    if (!hit) {
      if (owed > 0 && !quiet) {
        owed--;
        shown = number;
        yield* cli.out(`${prefix(number, '-')}${line}${end}`);
      } else if (before > 0) {
        waiting.push([number, line]);
        if (waiting.length > before) waiting.shift();
      }
      offset += raw.length;
      if (skips !== undefined) {
        const skipped = reader.skipWithout(skips);
        offset += skipped.length;
        if (!binary && cli.gnu && end === '\n' && skipped.includes('\0')) binary = true;
        if (numbered) for (let at = skipped.indexOf(end); at >= 0; at = skipped.indexOf(end, at + 1)) number++;
      }
      continue;
    }
    count++;
    grep.found = true;
    if (options.has('q')) {
      grep.stop = true;
      break;
    }
    if (options.has('l') || options.has('L')) break;
    if (!quiet && binary && !options.has('a')) {
      yield* cli.out(`${cli.prog}: ${name}: binary file matches\n`);
      break;
    }
    if (!quiet) {
      const first = waiting[0]?.[0] ?? number;
      if ((before > 0 || after > 0) && shown > 0 && first > shown + 1) yield* cli.out('--\n');
      for (const [n, text] of waiting) yield* cli.out(`${prefix(n, '-')}${text}${end}`);
      waiting.length = 0;
      if (only) {
        if (!inverted)
          for (const match of line.matchAll(pattern))
            if (match[0] !== '')
              yield* cli.out(`${prefix(number, ':')}${bytes ? `${offset + match.index}:` : ''}${paint(match[0], '01;31')}${end}`);
      } else {
        const painted = grep.color && !inverted ? line.replace(pattern, (text) => paint(text, '01;31')) : line;
        if (cli.put(`${prefix(number, ':')}${bytes ? `${offset}:` : ''}${painted}${end}`)) yield* cli.settle();
      }
      shown = number;
      owed = after;
    }
    offset += raw.length;
  }
  // busybox reads a directory as an empty file.
  if (reader.error && (cli.gnu || reader.error !== 'EISDIR')) yield* complain(grep, `${fromBin(name)}: ${strerror(reader.error)}`);
  if (options.has('c') && !options.has('q') && !options.has('l') && !options.has('L'))
    yield* cli.out(`${grep.names ? `${name}:` : ''}${count}\n`);
  if ((options.has('l') && count > 0) || (options.has('L') && count === 0)) {
    grep.listed = true;
    yield* cli.out(`${name}${options.has('Z') ? '\0' : '\n'}`);
  }
}

const isLinked = (info: SysResult<Stat>): boolean => info.ok && isLnk(info.value.mode);

function* searchPath(grep: Grep, path: string, named: boolean): Program<void> {
  if (grep.stop) return;
  const { cli, options } = grep;
  const label = path === '-' ? '(standard input)' : toBin(path);
  const recursive = options.has('r') || options.has('R') || options.get('d') === 'recurse';
  // -r passes over symbolic links it finds (busybox over those to directories); -R follows them.
  if (!named && cli.gnu && !options.has('R') && isLinked(yield* lstat(path))) return;
  const info = path === '-' ? undefined : yield* stat(path);
  if (!named && !cli.gnu && !options.has('R') && info?.ok && isDir(info.value.mode) && isLinked(yield* lstat(path))) return;
  const base = baseName(path);
  const matches = (key: string): boolean => options.list.some((option) => option.key === key && globRegex(option.value).test(base));
  if (info?.ok && isDir(info.value.mode) && (recursive || cli.gnu)) {
    if (!recursive) {
      if (options.get('d') === 'skip') return;
      yield* cli.flush();
      if (!options.has('s')) yield* cli.error(`${path}: Is a directory`, cli.status);
      grep.failed = true;
      // Nothing was found in it, which is something to say with -c and -L.
      if (options.has('q')) return;
      if (options.has('L')) yield* cli.out(`${label}${options.has('Z') ? '\0' : '\n'}`);
      else if (options.has('c') && !options.has('l')) yield* cli.out(`${grep.names ? `${label}:` : ''}0\n`);
      return;
    }
    if (!named && matches('exclude-dir')) return;
    const inside = yield* readDir(path);
    if (!inside.ok) return yield* complain(grep, `${path}: ${strerror(inside.errno)}`);
    for (const { name } of inside.value)
      yield* searchPath(grep, path === '.' && named && !options.args.slice(1).includes('.') ? name : joinPath(path, name), false);
    return;
  }
  if (!named && ((options.has('include') && !matches('include')) || matches('exclude'))) return;
  const fd = yield* openInput(path);
  if (!fd.ok) return yield* complain(grep, `${path}: ${strerror(fd.errno)}`);
  yield* searchFd(grep, fd.value, cli.gnu || path !== '-' ? label : '(standard input)');
  yield* closeInput(fd.value);
}

/** Counterpart: GNU grep 3.8; grep of busybox 1.35 */
export const grep = command(function* (cli) {
  const [self = '', ...given] = cli.context.argv;
  // -5 means -C 5.
  const argv = [self, ...given.map((arg) => (/^-\d+$/.test(arg) ? `-C${arg.slice(1)}` : arg))];
  const reader =
    given.includes('--') || !given.some((arg) => /^-\d+$/.test(arg))
      ? cli
      : Object.assign(Object.create(cli) as Cli, { context: { ...cli.context, argv } });
  const options = yield* reader.options({
    busybox: 'lnqvscFiHhe:f:LorRm:wxA:B:C:EaI',
    gnu: 'A:B:C:EFGHILPTUVX:abcd:e:f:hiLlm:noqRrsuvwxyZz',
    long: LONG,
    busyboxLong: 'color',
    status: 2,
    busyboxStatus: 2,
  });
  if (typeof options === 'number') return options;
  const directories = options.get('d');
  if (directories !== undefined && (yield* argmatch(cli, '--directories', directories, [['read'], ['recurse'], ['skip']])) === undefined)
    return 2;
  if (options.has('u')) yield* cli.warn('warning: --unix-byte-offsets (-u) is obsolete');
  const patterns: string[] = [];
  for (const { key, value } of options.list) {
    if (key === 'e') patterns.push(...toBin(value).split('\n'));
    if (key !== 'f') continue;
    const file = yield* slurp(value);
    if (!file.ok)
      return yield* cli.error(
        cli.gnu ? `${value}: ${strerror(file.errno)}` : `can't open '${value}': ${strerror(file.errno)}`,
        cli.gnu ? 2 : 1,
      );
    patterns.push(...splitLines(file.value));
  }
  const names = [...options.args];
  if (!options.has('e') && !options.has('f')) {
    const first = names.shift();
    if (first === undefined) {
      if (!cli.gnu) {
        yield* cli.usage();
        return 2;
      }
      yield* errOut(`Usage: ${cli.prog} [OPTION]... PATTERNS [FILE]...\n`);
      return yield* cli.usage(2);
    }
    patterns.push(...toBin(first).split('\n'));
  }
  for (const key of ['A', 'B', 'C', 'm'] as const) {
    const text = options.get(key);
    if (text === undefined) continue;
    if ((yield* cli.count(text, key === 'm' ? 'invalid max count' : `${text}: invalid context length argument`, 2)) === undefined) return 2;
  }
  const kind = options.last('E', 'F', 'G', 'P') ?? (cli.context.name === 'egrep' ? 'E' : cli.context.name === 'fgrep' ? 'F' : 'G');
  const sources: string[] = [];
  for (const pattern of patterns) {
    const compiled = kind === 'F' ? escapeRegex(pattern) : kind === 'P' ? pattern : compileRegex(pattern, kind === 'E');
    if (typeof compiled === 'string' && kind !== 'F' && kind !== 'P')
      return yield* cli.error(cli.gnu ? compiled : `bad regex '${fromBin(pattern)}': ${compiled}`, 2);
    const source = typeof compiled === 'string' ? compiled : compiled.source;
    sources.push(
      options.has('x') ? `^(?:${source})$` : options.has('w') ? `(?<!\\w)(?:${source})(?!\\w)` : source === '(?:)' ? '' : source,
    );
  }
  const context = options.get('C') ?? '0';
  const color = options.get('color');
  const recursive = options.has('r') || options.has('R') || directories === 'recurse';
  const first = names.length === 1 ? yield* stat(names[0] as string) : undefined;
  const folder = first?.ok === true && isDir(first.value.mode);
  const grepping: Grep = {
    cli,
    options,
    pattern:
      patterns.length === 0
        ? /(?!)/g
        : new RegExp(
            sources.length === 1 ? (sources[0] as string) : sources.map((source) => `(?:${source})`).join('|'),
            `g${options.has('i') || options.has('y') ? 'i' : ''}`,
          ),
    literal:
      patterns.length === 1 &&
      !options.has('i') &&
      !options.has('y') &&
      (kind === 'F' ? /./ : /^[\w\s,:;=@%&"'<>#~!-]+$/).test(patterns[0] as string)
        ? patterns[0]
        : undefined,
    before: Number(options.get('B') ?? context),
    after: Number(options.get('A') ?? context),
    max: options.has('m') ? Number(options.get('m')) : Number.POSITIVE_INFINITY,
    names:
      options.last('H', 'h') === 'H' ||
      (options.last('H', 'h') !== 'h' && (names.length > 1 || (recursive && (names.length === 0 || folder)))),
    color: cli.gnu && color === 'always',
    found: false,
    listed: false,
    failed: false,
    stop: false,
  };
  for (const name of names.length ? names : [recursive ? '.' : '-']) yield* searchPath(grepping, name, true);
  const status =
    grepping.failed && !(options.has('q') && grepping.found)
      ? 2
      : (options.has('L') && !cli.gnu ? grepping.listed : grepping.found)
        ? 0
        : 1;
  return yield* cli.finish(status);
});
