// Commands that make names: mkdir, rmdir, ln, link, unlink, mkfifo, mknod, mktemp, truncate.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_EXCL, O_NONBLOCK, O_RDWR, O_WRONLY } from '#abi/flags.ts';
import { isDir, makedev, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { applyMode } from '../lib/filemode.ts';
import { errOut } from '../lib/io.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { parseSize } from '../lib/size.ts';
import { baseName, dirName, joinPath, lstat, stat } from '../lib/tree.ts';
import { keepOld } from './backup.ts';
import { asks } from './remove.ts';

/** The mode that a text makes of another, under the umask; undefined when it is none. */
export function* modeOf(text: string, base: number, gnu: boolean): Program<number | undefined> {
  const mask: SysResult<number> = yield* sys.umask(0);
  if (mask.ok) yield* sys.umask(mask.value);
  return applyMode(text, base, mask.ok ? mask.value : 0, gnu);
}

/** The mode option of mkdir, mkfifo, mknod and install; a number below zero is an exit status. */
export function* modeOption(cli: Cli, text: string, base: number, type = 0): Program<number | undefined> {
  const mode = yield* modeOf(text, base | type, cli.gnu);
  if (mode === undefined) yield* cli.error(cli.gnu ? `invalid mode '${text}'` : `invalid mode '${text}'`);
  return mode;
}

function* makeDir(cli: Cli, path: string, mode: number | undefined, parents: boolean, verbose: boolean): Program<void> {
  const complain = `create directory ${quoted(path)}`;
  if (parents) {
    const parts = path.split('/');
    for (let at = 1; at < parts.length; at++) {
      const parent = parts.slice(0, at).join('/');
      if (parent === '' || (parts[at] === '' && at === parts.length - 1)) continue;
      const made = yield* sys.mkdirat(AT_FDCWD, parent, 0o777);
      if (made.ok && verbose)
        yield* cli.text(cli.gnu ? `${cli.prog}: created directory ${quoted(parent)}\n` : `created directory: '${parent}/'\n`);
      if (made.ok) continue;
      const there = yield* stat(`${parent}/`);
      if (there.ok) continue;
      yield* cli.fail(
        made.errno === 'EEXIST' ? there.errno : made.errno,
        `can't create directory '${parent}/'`,
        `cannot create directory ${quoted(parent)}`,
      );
      return;
    }
  }
  const made = yield* sys.mkdirat(AT_FDCWD, path, 0o777);
  if (!made.ok) {
    const there = parents ? yield* stat(path) : undefined;
    if (!(there?.ok && isDir(there.value.mode))) {
      // GNU -p reports the existing non-directory as it is.
      const errno = made.errno === 'EEXIST' && there?.ok === false && !cli.gnu ? there.errno : made.errno;
      yield* cli.fail(errno, `can't ${complain.replace(quoted(path), `'${path}'`)}`, `cannot ${complain}`);
    }
    return;
  }
  if (verbose) yield* cli.text(cli.gnu ? `${cli.prog}: created directory ${quoted(path)}\n` : `created directory: '${path}'\n`);
  if (mode === undefined) return;
  const made_ = yield* lstat(path);
  // GNU keeps the set-group-ID bit that the new directory inherited.
  const kept = cli.gnu && made_.ok ? made_.value.mode & 0o6000 : 0;
  const changed = yield* sys.fchmodat(AT_FDCWD, path, mode | kept);
  if (!changed.ok)
    yield* cli.fail(changed.errno, `can't set permissions of directory '${path}'`, `cannot change permissions of ${quoted(path)}`);
}

/** Counterpart: mkdir(1) */
export const mkdir = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'm:pv',
    gnu: 'm:pvZ',
    long: { 'mode=': 'm', parents: 'p', verbose: 'v', 'context=?': 'Z' },
    busyboxLong: 'mode parents verbose',
  });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  const text = options.get('m');
  const mode = text === undefined ? undefined : yield* modeOption(cli, text, 0o777, S_IFDIR);
  if (text !== undefined && mode === undefined) return 1;
  for (const path of options.args) yield* makeDir(cli, path, mode, options.has('p'), options.has('v'));
  return yield* cli.finish();
});

/** Counterpart: rmdir(1) */
export const rmdir = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'pv',
    gnu: 'pv',
    long: { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' },
    busyboxLong: '*',
  });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  for (const path of options.args) {
    for (let at = path; ; at = dirName(at)) {
      if (options.has('v')) yield* cli.text(`${cli.prog}: removing directory, ${quoted(at)}\n`);
      const gone = yield* sys.unlinkat(AT_FDCWD, at, AT_REMOVEDIR);
      if (!gone.ok) {
        if (!(options.has('ignore') && gone.errno === 'ENOTEMPTY')) {
          yield* cli.fail(
            gone.errno,
            `'${at}'`,
            at === path ? `failed to remove ${quoted(at)}` : `failed to remove directory ${quoted(at)}`,
          );
        }
        break;
      }
      if (!options.has('p') || ['.', '/'].includes(dirName(at))) break;
    }
  }
  return yield* cli.finish();
});

const LN_LONG = {
  symbolic: 's',
  force: 'f',
  'no-dereference': 'n',
  verbose: 'v',
  'no-target-directory': 'T',
  relative: 'r',
  'target-directory=': 't',
  interactive: 'i',
  logical: 'L',
  physical: 'P',
  'backup=?': 'b',
  'suffix=': 'S',
};

/** Counterpart: ln(1) */
export const ln = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'sfnbvS:T', gnu: 'bdfinrst:vFLPS:T', long: LN_LONG });
  if (typeof options === 'number') return options;
  const names = [...options.args];
  const symbolic = options.has('s');
  const kind = symbolic ? 'symbolic' : 'hard';
  if (names.length === 0) return yield* cli.misuse('missing file operand');
  let folder = options.get('t');
  if (!cli.gnu) folder = undefined;
  if (folder === undefined && !options.has('T')) {
    const last = names.at(-1) as string;
    if (names.length === 1) folder = cli.gnu ? '.' : undefined;
    else {
      const there = yield* (options.has('n') ? lstat : stat)(last);
      if (there.ok && isDir(there.value.mode)) folder = names.pop();
      else if (names.length > 2 && cli.gnu)
        return yield* cli.error(`target ${quoted(last)}: ${there.ok ? strerror('ENOTDIR') : strerror(there.errno)}`);
    }
  }
  const pairs: [string, string][] =
    folder !== undefined
      ? names.map((name) => [name, joinPath(folder as string, baseName(name))] as [string, string])
      : names.length === 1
        ? [[names[0] as string, baseName(names[0] as string)]]
        : names.slice(0, -1).map((name) => [name, names.at(-1) as string] as [string, string]);
  for (const [target, path] of pairs) {
    const taken = !cli.gnu && options.has('T') ? yield* stat(path) : undefined;
    if (taken?.ok && isDir(taken.value.mode)) {
      yield* cli.error(`'${path}' is a directory`);
      continue;
    }
    const failed = `failed to create ${kind} link ${quoted(path)}`;
    if (!symbolic) {
      const source: SysResult<Stat> = yield* (cli.gnu ? lstat : stat)(target);
      if (!source.ok) {
        yield* cli.fail(source.errno, target, `failed to access ${quoted(target)}`);
        continue;
      }
      if (cli.gnu && isDir(source.value.mode)) {
        yield* cli.error(`${quotedIfNeeded(target)}: hard link not allowed for directory`);
        continue;
      }
    }
    yield* keepOld(cli, options, path);
    if (cli.gnu && options.has('i') && !options.has('f')) {
      const old = yield* lstat(path);
      if (old.ok && !(yield* asks(cli, `replace ${quoted(path)}? `))) continue;
      if (old.ok) yield* sys.unlinkat(AT_FDCWD, path, 0);
    }
    if (options.has('f')) {
      const old = yield* lstat(path);
      if (old.ok) {
        if (isDir(old.value.mode) && cli.gnu) {
          yield* cli.error(`${path}: cannot overwrite directory`);
          continue;
        }
        const gone = yield* sys.unlinkat(AT_FDCWD, path, 0);
        if (!gone.ok && cli.gnu) {
          yield* cli.error(`cannot remove ${quoted(path)}: ${strerror(gone.errno)}`);
          continue;
        }
      }
    }
    const made: SysResult<void> = symbolic
      ? yield* sys.symlinkat(target, AT_FDCWD, path)
      : yield* sys.linkat(AT_FDCWD, target, AT_FDCWD, path, 0);
    if (!made.ok) {
      const source = symbolic || made.errno === 'EEXIST' ? '' : ` => ${quoted(target)}`;
      yield* cli.fail(made.errno, path, failed + source);
    } else if (options.has('v')) yield* cli.text(`${quoted(path)} ${symbolic || !cli.gnu ? '->' : '=>'} ${quoted(target)}\n`);
  }
  return yield* cli.finish();
});

/** Counterpart: link(1) */
export const link = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  const [from, to, extra] = options.args;
  if (from === undefined) return yield* cli.misuse('missing operand');
  if (to === undefined) return yield* cli.misuse(`missing operand after '${from}'`);
  if (extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  const made = yield* sys.linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
  if (!made.ok)
    yield* cli.fail(made.errno, `can't create hardlink '${to}' to '${from}'`, `cannot create link ${quoted(to)} to ${quoted(from)}`);
  return yield* cli.finish();
});

/** Counterpart: unlink(1) */
export const unlink = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  const [path, extra] = options.args;
  if (path === undefined) return yield* cli.misuse('missing operand');
  if (extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  const gone = yield* sys.unlinkat(AT_FDCWD, path, 0);
  if (!gone.ok) yield* cli.fail(gone.errno, `can't remove file '${path}'`, `cannot unlink ${quoted(path)}`);
  return yield* cli.finish();
});

/** Makes one special file; with -m its mode is set whatever the umask. */
function* special(cli: Cli, path: string, mode: number | undefined, type: number, dev: number): Program<void> {
  const made = yield* sys.mknodat(AT_FDCWD, path, type | (mode ?? 0o666), dev);
  if (!made.ok) {
    const words = cli.context.name === 'mkfifo' ? `cannot create fifo ${quoted(path)}` : quotedIfNeeded(path);
    yield* cli.fail(made.errno, path, words);
  } else if (mode !== undefined) {
    const changed = yield* sys.fchmodat(AT_FDCWD, path, mode);
    if (!changed.ok) yield* cli.fail(changed.errno, path, `cannot set permissions of ${quoted(path)}`);
  }
}

/** Counterpart: mkfifo(1) */
export const mkfifo = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'm:', gnu: 'm:Z', long: { 'mode=': 'm' } });
  if (typeof options === 'number') return options;
  if (options.args.length === 0 || (!cli.gnu && options.args.length > 1)) return yield* cli.misuse('missing operand');
  const text = options.get('m');
  const mode = text === undefined ? undefined : yield* modeOption(cli, text, 0o666);
  if (text !== undefined && mode === undefined) return 1;
  for (const path of options.args) yield* special(cli, path, mode, S_IFIFO, 0);
  return yield* cli.finish();
});

/** Counterpart: mknod(1) */
export const mknod = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'm:', gnu: 'm:Z', long: { 'mode=': 'm' } });
  if (typeof options === 'number') return options;
  const [path, kind, high, low, extra] = options.args;
  if (path === undefined) return yield* cli.misuse('missing operand');
  if (kind === undefined) return yield* cli.misuse(`missing operand after '${path}'`);
  const type = { b: S_IFBLK, c: S_IFCHR, u: S_IFCHR, p: S_IFIFO }[kind];
  if (type === undefined && !cli.gnu) return yield* cli.usage();
  const needs = kind === 'p' ? 2 : 4;
  if (options.args.length < needs) {
    if (cli.gnu) yield* cli.error(`missing operand after '${options.args.at(-1)}'`);
    if (cli.gnu && options.args.length === 2) yield* errOut('Special files require major and minor device numbers.\n');
    return yield* cli.usage();
  }
  if (options.args.length > needs) {
    if (cli.gnu) yield* cli.error(`extra operand '${kind === 'p' ? high : extra}'`);
    if (cli.gnu && kind === 'p' && options.args.length === 4) yield* errOut('Fifos do not have major and minor device numbers.\n');
    return yield* cli.usage();
  }
  if (type === undefined) return yield* cli.misuse(`invalid device type '${kind}'`);
  for (const [number, what] of [
    [high, 'major'],
    [low, 'minor'],
  ] as const)
    if (kind !== 'p' && !/^(0x[0-9a-f]+|\d+)$/i.test(number as string))
      return yield* cli.error(cli.gnu ? `invalid ${what} device number '${number}'` : `invalid number '${number}'`);
  const text = options.get('m');
  const mode = text === undefined ? undefined : yield* modeOption(cli, text, 0o666);
  if (text !== undefined && mode === undefined) return 1;
  yield* special(cli, path, mode, type, kind === 'p' ? 0 : makedev(Number(high), Number(low)));
  return yield* cli.finish();
});

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Counterpart: mktemp(1); the random letters come from /dev/urandom. */
export const mktemp = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'dqtp:u',
    gnu: 'dp:qtuV',
    long: { directory: 'd', quiet: 'q', 'dry-run': 'u', 'tmpdir=?': 'p', 'suffix=': 'suffix' },
  });
  if (typeof options === 'number') return options;
  if (options.args.length > 1) return yield* cli.misuse('too many templates');
  const template = options.args[0] ?? 'tmp.XXXXXXXXXX'.slice(0, cli.gnu ? 14 : 10);
  const suffix = options.get('suffix') ?? '';
  const base = options.get('p') || cli.getenv('TMPDIR') || '/tmp';
  const inTmp = options.args[0] === undefined || options.has('t') || options.has('p');
  const full = (inTmp ? joinPath(base, template) : template) + suffix;
  const match = /^([\s\S]*?)(X+)([^X/]*)$/.exec(full);
  if (!match || (match[2] as string).length < (cli.gnu ? 3 : 6)) {
    if (!cli.gnu && options.has('q')) return 1;
    return yield* cli.error(cli.gnu ? `too few X's in template '${template}'` : `(null): ${strerror('EINVAL')}`);
  }
  const random: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/urandom', 0);
  for (let tries = 0; tries < 100; tries++) {
    const bytes: SysResult<Uint8Array> = random.ok
      ? yield* sys.read(random.value, (match[2] as string).length)
      : { ok: true, value: new Uint8Array((match[2] as string).length).fill(tries) };
    const letters = [...(bytes.ok ? bytes.value : [])].map((byte) => LETTERS[byte % LETTERS.length]).join('');
    const path = `${match[1]}${letters}${match[3]}`;
    const made: SysResult<unknown> = options.has('u')
      ? yield* freeName(path)
      : options.has('d')
        ? yield* sys.mkdirat(AT_FDCWD, path, 0o700)
        : yield* sys.openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL, 0o600);
    if (made.ok) {
      yield* cli.text(`${path}\n`);
      return yield* cli.finish();
    }
    if (made.errno === 'EEXIST') continue;
    if (options.has('q')) return 1;
    return yield* cli.fail(made.errno, '(null)', `failed to create ${options.has('d') ? 'directory' : 'file'} via template '${full}'`);
  }
  return 1;
});

function* freeName(path: string): Program<SysResult<void>> {
  return (yield* lstat(path)).ok ? { ok: false, errno: 'EEXIST' } : { ok: true, value: undefined };
}

/** Counterpart: truncate(1) */
export const truncate = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'cs:', gnu: 'cor:s:', long: { 'no-create': 'c', 'size=': 's', 'reference=': 'r' } });
  if (typeof options === 'number') return options;
  const text = options.get('s');
  if (text === undefined && !options.has('r')) return yield* cli.misuse("you must specify either '--size' or '--reference'");
  if (options.args.length === 0) return yield* cli.misuse('missing file operand');
  const [, sign = '', digits = ''] = /^([-+<>/%]?)([\s\S]*)$/.exec(text ?? '0') as RegExpExecArray;
  const size = parseSize(digits);
  if (size === undefined || (sign !== '' && !cli.gnu))
    return yield* cli.error(cli.gnu ? `Invalid number: '${text}'` : `invalid number '${text}'`);
  const reference = options.has('r') ? yield* stat(options.get('r') as string) : undefined;
  if (reference && !reference.ok) return yield* cli.fail(reference.errno, '', `cannot stat ${quoted(options.get('r') as string)}`);
  for (const path of options.args) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_NONBLOCK | (options.has('c') ? 0 : O_CREAT), 0o666);
    if (!fd.ok) {
      if (!(options.has('c') && fd.errno === 'ENOENT'))
        yield* cli.fail(fd.errno, `${path}: open`, `cannot open ${quoted(path)} for writing`);
      continue;
    }
    const old = yield* sys.fstat(fd.value);
    const now = reference?.ok ? reference.value.size : old.ok ? old.value.size : 0;
    const wanted =
      sign === '+'
        ? now + size
        : sign === '-'
          ? Math.max(0, now - size)
          : sign === '<'
            ? Math.min(now, size)
            : sign === '>'
              ? Math.max(now, size)
              : sign === '/'
                ? now - (now % size)
                : sign === '%'
                  ? Math.ceil(now / size) * size
                  : text === undefined
                    ? now
                    : size;
    const cut = yield* sys.ftruncate(fd.value, wanted);
    if (!cut.ok) yield* cli.fail(cut.errno, `${path}: truncate`, `failed to truncate ${quoted(path)} at ${wanted} bytes`);
    yield* sys.close(fd.value);
  }
  return yield* cli.finish();
});
