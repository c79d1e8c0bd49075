// ls: what is listed and in which order. How it looks is in ls-format.ts.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import type { Program, Stat, SysResult, Winsize } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { type Cli, isTty, type Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { fileContext } from '../lib/context.ts';
import { errOut } from '../lib/io.ts';
import { quoted, shellQuote } from '../lib/quote.ts';
import { globRegex } from '../lib/regex.ts';
import { byBytes, joinPath, lstat, Owners, readDir, stat } from '../lib/tree.ts';
import { type Entry, formatEntries, type Look, totalLine } from './ls-format.ts';
import { lsWords } from './ls-words.ts';

const LONG = {
  all: 'a',
  'almost-all': 'A',
  directory: 'd',
  recursive: 'R',
  inode: 'i',
  'human-readable': 'h',
  classify: 'F',
  reverse: 'r',
  size: 's',
  'numeric-uid-gid': 'n',
  'no-group': 'G',
  dereference: 'L',
  'full-time': '--full-time',
  'color=?': '--color',
  'time-style=': '--time-style',
  'sort=': '--sort',
  'time=': '--time',
  'indicator-style=': '--indicator',
  'format=': '--format',
  'group-directories-first': '--dirs-first',
  'dereference-command-line': 'H',
  'file-type': 'p',
  'width=': 'w',
  author: '--author',
  context: 'Z',
  'quoting-style=': '--quoting',
  'quote-name': 'Q',
  literal: 'N',
  si: '--si',
  'block-size=': '--block-size',
  'hide-control-chars': 'q',
  'show-control-chars': '--show',
  zero: '--zero',
  'ignore=': 'I',
  'hide=': '--hide',
  escape: 'b',
  'ignore-backups': 'B',
};

interface Ls {
  readonly cli: Cli;
  readonly options: Options;
  readonly look: Look;
  /** Names that are not shown. */
  readonly hidden: readonly RegExp[];
  printed: boolean;
}

const versionKey = (name: string): (string | number)[] => name.split(/(\d+)/).map((part, at) => (at % 2 ? Number(part) : part));
function byVersion(a: string, b: string): number {
  const [x, y] = [versionKey(a), versionKey(b)];
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const [p = '', q = ''] = [x[at], y[at]];
    if (p !== q) return p < q ? -1 : 1;
  }
  return byBytes(a, b);
}
const extension = (name: string): string => (name.lastIndexOf('.') > 0 ? name.slice(name.lastIndexOf('.')) : '');

function sorted(ls: Ls, entries: Entry[]): Entry[] {
  const { options } = ls;
  const key =
    options.get('--sort') ??
    { S: 'size', t: 'time', X: 'extension', v: 'version', U: 'none', f: 'none' }[options.last('S', 't', 'X', 'v', 'U', 'f') ?? ''];
  const sortsByTime =
    key === 'time' || (!key && options.last('c', 'u', '--time') !== undefined && !options.has('l') && !options.has('n') && ls.cli.gnu);
  if (key === 'none') return entries;
  const time = (entry: Entry): bigint => (entry.stat ? ls.look.time(entry.stat) : 0n);
  const compare = (a: Entry, b: Entry): number => {
    if (sortsByTime && time(a) !== time(b)) return time(b) > time(a) ? 1 : -1;
    if (key === 'size' && a.stat?.size !== b.stat?.size) return (b.stat?.size ?? 0) - (a.stat?.size ?? 0);
    if (key === 'width' && a.name.length !== b.name.length) return a.name.length - b.name.length;
    if (key === 'extension' && extension(a.name) !== extension(b.name)) return byBytes(extension(a.name), extension(b.name));
    return key === 'version' ? byVersion(a.name, b.name) : byBytes(a.name, b.name);
  };
  const result = [...entries].sort(compare);
  if (options.has('r')) result.reverse();
  if (options.has('--dirs-first')) return [...result.filter((entry) => isDir(entry.mode)), ...result.filter((entry) => !isDir(entry.mode))];
  return result;
}

/** Attributes of one name; undefined after a complaint. */
function* examine(ls: Ls, name: string, path: string, type: number | undefined, follow: boolean): Program<Entry | undefined> {
  const { cli, look } = ls;
  const named = type === undefined;
  const needed = !cli.gnu || named || look.needsStat;
  let info: Stat | undefined;
  if (needed) {
    let got: SysResult<Stat> = yield* follow ? stat(path) : lstat(path);
    if (!got.ok && follow && cli.gnu && got.errno === 'ENOENT' && !(ls.options.has('L') && named)) got = yield* lstat(path);
    if (!got.ok) {
      if (cli.gnu) yield* cli.error(`cannot access ${quoted(path)}: ${strerror(got.errno)}`, named ? 2 : Math.max(cli.status, 1));
      else yield* cli.error(`${path}: ${strerror(got.errno)}`);
      if (named || !cli.gnu) return undefined;
    } else info = got.value;
  }
  const mode = info?.mode ?? type ?? 0;
  let target: string | undefined;
  let targetMode: number | undefined;
  if (isLnk(mode) && (look.long || look.colors || look.classify)) {
    const read: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, path);
    if (look.long && read.ok) target = read.value;
    if (look.long && !read.ok) {
      if (cli.gnu)
        yield* cli.error(`cannot read symbolic link ${quoted(path)}: ${strerror(read.errno)}`, named ? 2 : Math.max(cli.status, 1));
      else yield* errOut(`${cli.prog}: ${path}: cannot read link: ${strerror(read.errno)}\n`);
    }
    const behind: SysResult<Stat> = yield* stat(path);
    targetMode = behind.ok ? behind.value.mode : undefined;
  }
  const context = cli.gnu && (look.long || look.context) ? yield* fileContext(path, follow) : undefined;
  return { name, path, mode, stat: info, target, targetMode, ...(context !== undefined && { context }) };
}

function* listDir(ls: Ls, path: string, label: string, header: boolean, top: boolean): Program<void> {
  const { cli, options, look } = ls;
  const got = yield* readDir(path);
  if (!got.ok && cli.gnu) {
    yield* cli.error(`cannot open directory ${quoted(path)}: ${strerror(got.errno)}`, top ? 2 : Math.max(cli.status, 1));
    return;
  }
  if (header) {
    yield* cli.text(`${ls.printed ? '\n' : ''}${cli.gnu ? shellQuoteIf(label, look) : label}:\n`);
    ls.printed = true;
  }
  if (!got.ok) yield* cli.error(`can't open '${path}': ${strerror(got.errno)}`);
  const entries: Entry[] = [];
  // A directory that has been removed lists nothing, not even itself.
  const self = yield* stat(path);
  const dots = (options.has('a') || options.has('f')) && self.ok && self.value.nlink > 0;
  if (dots && got.ok)
    for (const name of ['.', '..']) {
      const entry = yield* examine(ls, name, joinPath(path, name), 0o040000, false);
      if (entry) entries.push(entry);
    }
  for (const { name, type } of got.ok ? got.value : []) {
    if (name.startsWith('.') && !dots && !options.has('A')) continue;
    if (options.has('B') && name.endsWith('~')) continue;
    if (ls.hidden.some((pattern) => pattern.test(name))) continue;
    const entry = yield* examine(ls, name, joinPath(path, name), type, options.has('L'));
    if (entry) entries.push(entry);
  }
  if (look.long || look.blocks) yield* cli.text(totalLine(entries, look));
  const inOrder = sorted(ls, entries);
  yield* formatEntries(cli, inOrder, look);
  ls.printed = true;
  if (!options.has('R')) return;
  for (const entry of inOrder) {
    if (!isDir(entry.mode) || entry.name === '.' || entry.name === '..') continue;
    yield* listDir(ls, joinPath(path, entry.name), joinPath(label, entry.name), true, false);
  }
}

const shellQuoteIf = (name: string, look: Look): string => (look.quote ? shellQuote(name, false) : name);

/** Counterpart: ls of coreutils 9.1 and of busybox 1.35 */
export const ls = command(function* (cli) {
  const parsed = yield* cli.options({
    busybox: 'lhi1aAnrSsctuvXRCxpFdLHw:T:gkQ',
    gnu: 'abcdfghiklmnopqrstuvw:xABCDFGHI:LNQRST:UXZ1',
    long: LONG,
    busyboxLong: 'full-time group-directories-first color',
    status: 2,
  });
  if (typeof parsed === 'number') return parsed;
  const options = parsed;
  const words = cli.gnu ? yield* lsWords(cli, options) : {};
  if (typeof words === 'number') return words;
  const width_ = options.get('w');
  if (cli.gnu && width_ !== undefined && !/^\d+$/.test(width_)) return yield* cli.error(`invalid line width: '${width_}'`, 2);
  const tty = yield* isTty(1);
  const long =
    options.has('l') ||
    options.has('n') ||
    options.has('g') ||
    (cli.gnu && options.has('o')) ||
    options.has('--full-time') ||
    words.format === 'l';
  let width = Number(options.get('w') ?? 0) || 80;
  if (tty && !options.has('w')) {
    const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
    if (size.ok && size.value.cols > 0) width = size.value.cols;
  }
  const now = yield* sys.clock_gettime('CLOCK_REALTIME');
  const color = options.get('--color');
  const wantColor = color === '' || color === 'always' || color === 'yes' || color === 'force';
  const last = words.format ?? options.last('1', 'C', 'x', 'm', 'l', 'n', 'g', 'o');
  const which = words.time ?? options.last('c', 'u');
  const look: Look = {
    gnu: cli.gnu,
    long: cli.gnu ? long && !['C', 'x', 'm'].includes(last ?? '') : long,
    columns: last === 'x' ? 'rows' : last === 'C' || (tty && last !== '1') ? 'columns' : last === 'm' ? 'commas' : 'single',
    inode: options.has('i'),
    blocks: options.has('s'),
    numeric: options.has('n'),
    noOwner: options.has('g'),
    noGroup: cli.gnu && (options.has('o') || options.has('G')),
    human: options.has('h') || options.has('--si'),
    base: options.has('--si') ? 1000 : 1024,
    context: cli.gnu && options.has('Z'),
    escapes: cli.gnu ? (words.quoting ?? options.last('Q', 'b', 'N')) : options.has('Q') ? 'Q' : undefined,
    fullTime: options.has('--full-time') || options.get('--time-style') === 'full-iso',
    timeStyle: options.get('--time-style'),
    classify:
      words.indicator !== undefined
        ? words.indicator
        : options.has('F')
          ? 'all'
          : options.has('p')
            ? cli.gnu && options.list.some((o) => o.key === 'p' && o.value === 'type')
              ? 'types'
              : 'dirs'
            : undefined,
    colors: cli.gnu
      ? (wantColor || ((color === 'auto' || color === 'tty') && tty)) &&
        /color|xterm|linux|screen|tmux|vt100|ansi|rxvt/.test(`${cli.getenv('TERM') ?? ''}${cli.getenv('COLORTERM') ? 'color' : ''}`)
      : color === 'never'
        ? false
        : wantColor || tty,
    zero: options.has('--zero'),
    author: options.has('--author'),
    block: words.block ?? 0,
    quote: cli.gnu && tty && words.quoting === undefined && !['N', 'Q', 'b'].some((key) => options.has(key)),
    width,
    now: now.ok ? now.value : 0n,
    owners: new Owners(),
    needsStat:
      long ||
      options.has('s') ||
      options.has('i') ||
      options.has('L') ||
      ['S', 't', 'c', 'u', 'F', '--color'].some((key) => options.has(key)) ||
      options.has('--sort') ||
      options.has('--time'),
    time: (info) => (which === 'c' ? info.ctime : which === 'u' ? info.atime : info.mtime),
  };
  for (const key of ['D']) if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`, 2);
  const hidden = options.list
    .filter(({ key }) => key === 'I' || (key === '--hide' && !options.has('a') && !options.has('A')))
    .map(({ value }) => globRegex(value));
  const state: Ls = { cli, options, look, hidden, printed: false };
  const names = options.args.length ? options.args : ['.'];
  const files: Entry[] = [];
  const folders: Entry[] = [];
  for (const name of names) {
    const listsFolders = !options.has('d');
    const followGnu = options.has('L') || options.has('H') || (listsFolders && !look.long && !look.classify);
    // busybox follows a link that is named on the command line unless -l, -i, -s or -F asks for the link itself.
    const follow = cli.gnu ? followGnu : options.has('L') || options.has('H') || (!look.long && options.last('F', 'i', 's') === undefined);
    let entry = yield* examine(state, name, name, undefined, follow);
    if (entry && cli.gnu && follow && !options.has('L') && !options.has('H') && !isDir(entry.mode))
      entry = (yield* examine(state, name, name, undefined, false)) ?? entry;
    if (!entry) continue;
    (isDir(entry.mode) && listsFolders ? folders : files).push(entry);
  }
  if (files.length) {
    yield* formatEntries(cli, sorted(state, files), look, folders);
    state.printed = true;
  }
  const header = names.length > 1 || options.has('R');
  for (const folder of sorted(state, folders)) yield* listDir(state, folder.path, folder.name, header, true);
  return yield* cli.finish();
});
