// gzip, gunzip, zcat. Counterpart: gzip 1.12 (gunzip and zcat are scripts that run it); busybox archival/gzip.c and bbunzip.c 1.35

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isDir, S_ISGID, S_ISUID } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { command } from '../lib/command-line.ts';
import { errOut, readFd, writeAll } from '../lib/io.ts';
import { baseName, joinPath, lstat, readDir } from '../lib/tree.ts';
import { compress, decompress, isGzip } from './deflate.ts';

const LONG = {
  stdout: 'c',
  'to-stdout': 'c',
  decompress: 'd',
  uncompress: 'd',
  force: 'f',
  keep: 'k',
  list: 'l',
  'no-name': 'n',
  name: 'N',
  quiet: 'q',
  recursive: 'r',
  'suffix=': 'S',
  test: 't',
  verbose: 'v',
  fast: '1',
  best: '9',
};

/** One run of the program over its files. */
class Job {
  /** Worst so far: 1 for an error, 2 for a warning of GNU's. */
  status = 0;
  readonly cli: Cli;
  readonly unpack: boolean;
  readonly has: (key: string) => boolean;
  readonly level: number;
  readonly suffix: string;
  private headed = false;

  constructor(cli: Cli, unpack: boolean, has: (key: string) => boolean, level: number, suffix: string) {
    this.cli = cli;
    this.unpack = unpack;
    this.has = has;
    this.level = level;
    this.suffix = suffix;
  }

  *say(text: string, status: 1 | 2): Program<void> {
    yield* this.cli.flush();
    yield* errOut(`${this.cli.gnu ? 'gzip' : this.cli.context.name}: ${text}\n`);
    this.status = this.status === 1 || !this.cli.gnu ? 1 : status;
  }

  /** The other form of the bytes; a complaint and undefined when they are damaged. */
  *convert(bytes: Uint8Array, name: string): Program<Uint8Array | undefined> {
    const { cli } = this;
    if (!this.unpack) return compress(bytes, name === 'stdin' || this.has('n') || !cli.gnu ? '' : baseName(name), this.level);
    const plain = decompress(bytes);
    if (plain !== undefined) return plain;
    if (!cli.gnu)
      yield* this.say(cli.context.name !== 'zcat' ? 'invalid magic' : bytes.length < 2 ? 'short read' : 'no gzip/bzip2/xz magic', 1);
    else {
      yield* errOut('\n');
      yield* this.say(`${name}: ${bytes.length < 2 || isGzip(bytes) ? 'unexpected end of file' : 'not in gzip format'}`, 1);
    }
    return undefined;
  }

  *stdio(): Program<void> {
    if (!this.unpack && !this.has('f') && (yield* isTty(1))) {
      yield* this.say(
        `compressed data not ${this.cli.gnu ? 'written to a terminal. Use -f to force compression.\nFor help, type: gzip -h' : 'written to terminal'}`,
        1,
      );
      return;
    }
    const all: SysResult<Uint8Array> = yield* readFd(0);
    const made = all.ok ? yield* this.convert(all.value, 'stdin') : undefined;
    if (made && !this.has('t')) yield* writeAll(1, made);
  }

  /** The line of -l. */
  private *list(path: string, packed: Uint8Array, plain: number): Program<void> {
    if (!this.headed) yield* this.cli.text('         compressed        uncompressed  ratio uncompressed_name\n');
    this.headed = true;
    const name = path.replace(/\.gz$/, '');
    yield* this.cli.text(`${String(packed.length).padStart(19)} ${String(plain).padStart(19)} ${ratio(packed, plain)} ${name}\n`);
  }

  /** Name of the result; a complaint and undefined when there is none. */
  private *target(path: string): Program<string | undefined> {
    const { cli, suffix } = this;
    if (!this.unpack) {
      if (cli.gnu && path.endsWith(suffix)) {
        // Only a remark: the exit status stays.
        yield* errOut(`gzip: ${path} already has ${suffix} suffix -- unchanged\n`);
        return undefined;
      }
      return path + suffix;
    }
    const known = path.endsWith('.tgz')
      ? path.replace(/\.tgz$/, '.tar')
      : path.endsWith(suffix)
        ? path.slice(0, -suffix.length)
        : undefined;
    if (known === undefined) yield* this.say(cli.gnu ? `${path}: unknown suffix -- ignored` : `${path}: unknown suffix - ignored`, 2);
    return known;
  }

  *file(given: string): Program<void> {
    const { cli } = this;
    let path = given;
    let info: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, this.has('c') || !cli.gnu ? 0 : AT_SYMLINK_NOFOLLOW);
    if (!info.ok && cli.gnu && this.unpack && !path.endsWith(this.suffix)) {
      path += this.suffix;
      info = yield* lstat(path);
    }
    if (!info.ok) return yield* this.say(`${path}: ${strerror(info.errno)}`, 1);
    const st = info.value;
    if (isDir(st.mode) && cli.gnu) {
      if (!this.has('r')) return yield* this.say(`${path} is a directory -- ignored`, 2);
      const entries = yield* readDir(path);
      if (!entries.ok) return yield* this.say(`${path}: ${strerror(entries.errno)}`, 1);
      for (const entry of entries.value) yield* this.file(joinPath(path, entry.name));
      return;
    }
    if (isDir(st.mode)) return yield* this.say(`can't remove file '${path}': ${strerror('EISDIR')}`, 1);
    const inPlace = !this.has('c') && !this.has('t') && !this.has('l');
    if (cli.gnu && inPlace && !this.has('f')) {
      if (st.mode & (S_ISUID | S_ISGID))
        return yield* this.say(`${path} is set-${st.mode & S_ISUID ? 'user' : 'group'}-ID on execution - ignored`, 2);
      if (st.nlink > 1) return yield* this.say(`${path} has ${st.nlink - 1} other link${st.nlink > 2 ? 's' : ''} -- file ignored`, 2);
    }
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | (cli.gnu && inPlace && !this.has('f') ? O_NOFOLLOW : 0));
    if (!fd.ok) return yield* this.say(`${path}: ${strerror(fd.errno)}`, 1);
    const bytes: SysResult<Uint8Array> = yield* readFd(fd.value);
    yield* sys.close(fd.value);
    if (!bytes.ok) return yield* this.say(`${path}: ${strerror(bytes.errno)}`, 1);
    const target = inPlace ? yield* this.target(path) : path;
    if (target === undefined) return;
    const made = yield* this.convert(bytes.value, path);
    if (made === undefined) return;
    if (this.has('l')) return yield* this.list(path, bytes.value, made.length);
    if (this.has('t')) return;
    if (!inPlace) {
      yield* cli.flush();
      yield* writeAll(1, made);
      return;
    }
    yield* this.replace(path, target, made, bytes.value, st);
  }

  private *replace(path: string, target: string, made: Uint8Array, before: Uint8Array, st: Stat): Program<void> {
    const { cli } = this;
    const flags = O_WRONLY | O_CREAT | (this.has('f') ? O_TRUNC : O_EXCL);
    const output: SysResult<number> = yield* sys.openat(AT_FDCWD, target, flags, cli.gnu ? 0o600 : st.mode & 0o777);
    if (!output.ok) {
      const exists = cli.gnu && output.errno === 'EEXIST';
      return yield* this.say(
        exists ? `${target} already exists;\tnot overwritten` : outputFailure(cli, target, output.errno),
        exists ? 2 : 1,
      );
    }
    const wrong = yield* writeAll(output.value, made);
    if (cli.gnu) {
      yield* sys.fchown(output.value, st.uid, st.gid);
      yield* sys.fchmod(output.value, st.mode & 0o777);
    }
    yield* sys.close(output.value);
    yield* sys.utimensat(AT_FDCWD, target, st.atime, st.mtime, 0);
    if (wrong !== undefined) return yield* this.say(`${target}: ${strerror(wrong)}`, 1);
    if (this.has('v')) {
      const [packed, plain] = this.unpack ? [before, made.length] : [made, before.length];
      yield* errOut(`${path}:\t${ratio(packed, plain)} -- ${this.has('k') ? 'created' : 'replaced with'} ${target}\n`);
    }
    if (!this.has('k')) yield* sys.unlinkat(AT_FDCWD, path, 0);
  }
}

const outputFailure = (cli: Cli, target: string, errno: Errno): string =>
  cli.gnu ? `${target}: ${strerror(errno)}` : `can't open '${target}': ${strerror(errno)}`;

const FNAME = 8;
/** How much smaller, as gzip counts it: without the header, the name in it and the trailer. */
function ratio(packed: Uint8Array, plain: number): string {
  const name = (packed[3] as number) & FNAME ? packed.indexOf(0, 10) - 9 : 0;
  return `${(plain === 0 ? 0 : ((plain - (packed.length - 18 - name)) / plain) * 100).toFixed(1).padStart(5)}%`;
}

const program = (unpack: boolean, always: string): Command =>
  command(function* (cli) {
    if (cli.gnu && cli.context.argv[1] === '--version') {
      yield* cli.text(`${cli.context.name === 'gzip' ? 'gzip' : `${cli.context.name} (gzip)`} 1.12\n`);
      return yield* cli.finish();
    }
    const letters = unpack ? 'cfkvqdtnN' : 'cfkvqdt123456789n';
    const options = yield* cli.options({
      busybox: always === 'c' ? 'cfkvqdtn' : letters,
      gnu: 'cdfhklLnNqrS:tvV123456789',
      long: LONG,
      busyboxLong: unpack
        ? 'stdout to-stdout force test no-name'
        : 'stdout to-stdout force verbose decompress uncompress test quiet fast best no-name',
      hint: (prog) => `Try \`${prog} --help' for more information.\n`,
    });
    if (typeof options === 'number') return options;
    const has = (key: string): boolean => options.has(key) || always.includes(key);
    const level = Number(options.list.findLast((option) => /^[1-9]$/.test(option.key))?.key ?? 6);
    const job = new Job(cli, unpack || has('d') || has('t') || has('l'), has, level, options.get('S') ?? '.gz');
    if (options.args.length === 0) yield* job.stdio();
    for (const name of options.args) yield* name === '-' ? job.stdio() : job.file(name);
    return yield* cli.finish(job.status);
  });

export const gzip = program(false, '');
export const gunzip = program(true, '');
export const zcat = program(true, 'c');
