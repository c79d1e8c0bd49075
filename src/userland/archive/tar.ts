// tar: what to do with which archive. Counterpart: GNU tar 1.34; busybox archival/tar.c 1.35

import { strerror } from '#abi/errno.ts';
import { AT_EMPTY_PATH, AT_FDCWD, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isChr, isDir, isLnk, isReg, makedev, modeString } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { binOf } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut, readFd, writeAll } from '../lib/io.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { globRegex } from '../lib/regex.ts';
import { strftime } from '../lib/time.ts';
import { compress, decompress, isGzip } from './deflate.ts';
import { assemble, BLOCK, decode, encode, type Member } from './format.ts';
import { Creator } from './tar-create.ts';
import { Extractor } from './tar-extract.ts';
import { HINT, type TarLine, tarLine } from './tar-options.ts';

const RECORD = 20 * BLOCK;

/** Does a glob pattern match a name, or a part of it that ends at a slash? */
function matcher(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => globRegex(pattern));
  return (name) => {
    const parts = name.replace(/\/+$/, '').split('/');
    return parts.some((_, from) =>
      parts.some((__, to) => to >= from && tests.some((test) => test.test(parts.slice(from, to + 1).join('/')))),
    );
  };
}

/** The line of `tar tv`. */
function listing(cli: Cli, member: Member, numeric: boolean): string {
  // busybox minds --numeric-owner only when it extracts.
  const ids = numeric && cli.gnu;
  const user = ids || member.uname === '' ? String(member.uid) : member.uname;
  const group = ids || member.gname === '' ? String(member.gid) : member.gname;
  const size = String(member.data.length);
  const time = BigInt(member.mtime) * 1_000_000_000n;
  const mode = modeString(member.mode);
  if (!cli.gnu) {
    const link = isLnk(member.mode) || member.hard ? ` -> ${member.link}` : '';
    return `${mode} ${user.padStart(4)}/${group.padEnd(4)} ${size.padStart(9)} ${strftime('%Y-%m-%d %H:%M:%S', time)} ${member.name}${link}\n`;
  }
  const owner = `${user}/${group}`;
  const link = isLnk(member.mode) ? ` -> ${member.link}` : member.hard ? ` link to ${member.link}` : '';
  return `${member.hard ? `h${mode.slice(1)}` : mode} ${owner}${size.padStart(Math.max(19 - owner.length, size.length + 1))} ${strftime('%Y-%m-%d %H:%M', time)} ${member.name}${link}\n`;
}

/** A failure after which GNU tar gives up at once. */
const fatal = function* (cli: Cli, text: string): Program<number> {
  yield* cli.error(text, 2);
  yield* cli.warn('Error is not recoverable: exiting now');
  return 2;
};

const done = function* (cli: Cli, failed: boolean): Program<number> {
  if (failed && cli.gnu) yield* cli.warn('Exiting with failure status due to previous errors');
  return yield* cli.finish(failed ? (cli.gnu ? 2 : 1) : 0);
};

/** Goes to the directories one after the other; the complaint's exit status, or undefined. */
function* enter(cli: Cli, folders: readonly string[]): Program<number | undefined> {
  for (const folder of folders) {
    const moved: SysResult<void> = yield* sys.chdir(folder);
    if (moved.ok) continue;
    if (cli.gnu) return yield* fatal(cli, `${folder}: Cannot open: ${strerror(moved.errno)}`);
    return yield* cli.error(`can't change directory to '${folder}': ${strerror(moved.errno)}`);
  }
  return undefined;
}

/** Names and patterns given in files (-T, -X). */
function* listed(cli: Cli, files: readonly string[]): Program<string[] | number> {
  const names: string[] = [];
  for (const file of files) {
    const got = yield* slurp(file);
    if (got.ok) names.push(...splitLines(got.value));
    else if (cli.gnu) return yield* fatal(cli, `${file}: Cannot open: ${strerror(got.errno)}`);
    else return yield* cli.error(`can't open '${file}': ${strerror(got.errno)}`);
  }
  return names;
}

/** Device and inode of a regular file. */
function* regularFile(fd: number): Program<string | undefined> {
  const got: SysResult<Stat> = yield* sys.newfstatat(fd, '', AT_EMPTY_PATH);
  return got.ok && isReg(got.value.mode) ? `${got.value.dev}:${got.value.ino}` : undefined;
}

/** Does a descriptor lead to /dev/null? */
function* isNull(fd: number): Program<boolean> {
  const got: SysResult<Stat> = yield* sys.newfstatat(fd, '', AT_EMPTY_PATH);
  return got.ok && isChr(got.value.mode) && got.value.rdev === makedev(1, 3);
}

function* create(cli: Cli, line: TarLine, excluded: (name: string) => boolean, names: readonly string[]): Program<number> {
  const wanted = [...line.operands, ...names.map((name) => ({ name, folders: line.all('C') }))];
  if (wanted.length === 0 && line.operation === 'c') {
    if (!cli.gnu) return yield* cli.error('empty archive');
    yield* cli.warn(`Cowardly refusing to create an empty archive\n${HINT}`);
    return 2;
  }
  const file = line.last('f') ?? '-';
  const blocks: Uint8Array[] = [];
  if (line.operation === 'r') {
    const old = yield* load(cli, line);
    if (typeof old === 'number') return old;
    blocks.push(...old.flatMap((member) => encode(member)));
  }
  const fd: SysResult<number> =
    file === '-' ? { ok: true, value: 1 } : yield* sys.openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  if (!fd.ok) {
    if (cli.gnu) return yield* fatal(cli, `${file}: Cannot open: ${strerror(fd.errno)}`);
    return yield* cli.error(`can't open '${file}': ${strerror(fd.errno)}`);
  }
  const show = function* (name: string): Program<void> {
    if (file === '-') yield* errOut(`${name}\n`);
    else yield* cli.text(`${name}\n`);
  };
  const creator = new Creator(cli, {
    show: line.verbose > 0 ? show : undefined,
    follow: line.has('h'),
    numeric: line.has('numeric'),
    recurse: !line.has('no-recursion'),
    keepSlash: line.has('P'),
    excluded,
    discarded: cli.gnu && (yield* isNull(fd.value)),
    archive: yield* regularFile(fd.value),
  });
  let entered = cli.gnu ? 0 : line.all('C').length;
  if (!cli.gnu) {
    const refused = yield* enter(cli, line.all('C').slice(-1));
    if (refused !== undefined) return refused;
  }
  for (const { name, folders } of wanted) {
    const refused = yield* enter(cli, folders.slice(entered));
    if (refused !== undefined) return refused;
    entered = Math.max(entered, folders.length);
    yield* creator.add(name);
  }
  const archive = assemble([...blocks, ...creator.blocks], cli.gnu ? RECORD : BLOCK);
  const squeeze = line.has('z') || (line.has('a') && /\.(t?gz|taz)$/.test(file));
  yield* writeAll(fd.value, squeeze ? compress(archive, '') : archive);
  if (creator.failed && !cli.gnu) yield* cli.warn('error exit delayed from previous errors');
  return yield* done(cli, creator.failed);
}

/** The members of the archive, or an exit status. */
function* load(cli: Cli, line: TarLine): Program<readonly Member[] | number> {
  const file = line.last('f') ?? '-';
  const fd: SysResult<number> = file === '-' ? { ok: true, value: 0 } : yield* sys.openat(AT_FDCWD, file, O_RDONLY);
  const got: SysResult<Uint8Array> = fd.ok ? yield* readFd(fd.value) : fd;
  if (!got.ok) {
    if (cli.gnu) return yield* fatal(cli, `${file}: Cannot ${fd.ok ? 'read' : 'open'}: ${strerror(got.errno)}`);
    return yield* cli.error(`can't open '${file}': ${strerror(got.errno)}`);
  }
  let bytes: Uint8Array | undefined = got.value;
  if (line.has('z') || isGzip(bytes)) {
    bytes = decompress(bytes);
    if (bytes === undefined) {
      if (!cli.gnu) return yield* cli.error('invalid magic\ntar: short read');
      yield* errOut('\ngzip: stdin: not in gzip format\ntar: Child returned status 1\n');
      yield* cli.warn('Error is not recoverable: exiting now');
      return 2;
    }
  }
  const { members, broken } = decode(bytes);
  if (broken === undefined) return members;
  if (!cli.gnu) return yield* cli.error(broken === 'magic' ? 'invalid tar magic' : 'short read');
  if (members.length > 0) return yield* fatal(cli, 'Unexpected EOF in archive');
  yield* cli.error('This does not look like a tar archive', 2);
  return yield* done(cli, true);
}

/** Lists or extracts. */
function* read(cli: Cli, line: TarLine, excluded: (name: string) => boolean, names: readonly string[]): Program<number> {
  const members = yield* load(cli, line);
  if (typeof members === 'number') return members;
  const refused = yield* enter(cli, cli.gnu ? line.all('C') : line.all('C').slice(-1));
  if (refused !== undefined) return refused;
  const wanted = [...line.operands.map((operand) => operand.name), ...names].map((name) => name.replace(/(.)\/+$/, '$1'));
  const found = new Set<string>();
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const root = uids.ok && uids.value[1] === 0;
  const numeric = line.has('numeric');
  const extractor = new Extractor(cli, {
    owner: !line.has('o') && (root || !cli.gnu || line.has('same-owner')),
    numeric,
    permissions: line.has('no-permissions') ? false : root || (cli.gnu && line.has('p')),
    mtime: !line.has('m'),
    keepOld: line.has('k'),
    replace: !line.has('overwrite'),
  });
  const strip = Number(line.last('strip') ?? 0);
  for (const member of members) {
    const plain = member.name.replace(/(.)\/+$/, '$1');
    const by = wanted.find((name) => plain === name || plain.startsWith(`${name}/`) || (!cli.gnu && globRegex(name).test(plain)));
    if ((wanted.length > 0 && by === undefined) || excluded(plain)) continue;
    // busybox counts a name as found only when it is no pattern.
    if (by !== undefined && (cli.gnu || plain === by || plain.startsWith(`${by}/`))) found.add(by);
    if (line.verbose > (line.operation === 't' ? 0 : 1)) yield* cli.text(listing(cli, member, numeric));
    else if (line.operation === 't' || line.verbose > 0)
      if (line.has('O')) yield* errOut(`${member.name}\n`);
      else yield* cli.text(`${member.name}\n`);
    if (line.operation === 't') continue;
    const name = member.name.replace(/^\/+/, '').split('/').slice(strip).join('/');
    if (name === '' && !isDir(member.mode)) continue;
    if (line.has('O')) yield* cli.out(binOf(member.data));
    else if (!(yield* extractor.extract(member, name))) return yield* done(cli, true);
  }
  yield* extractor.finish();
  const missing = wanted.filter((name) => !found.has(name));
  if (cli.gnu && missing.some((name) => /[*?[]/.test(name)))
    yield* cli.warn(
      'Pattern matching characters used in file names\ntar: Use --wildcards to enable pattern matching, or --no-wildcards to suppress this warning',
    );
  for (const name of missing) {
    yield* cli.error(`${name}: ${cli.gnu ? 'Not' : 'not'} found in archive`, 2);
    if (!cli.gnu) return yield* cli.finish(1);
  }
  return yield* done(cli, extractor.failed || missing.length > 0);
}

/**
 * Keeps and brings back files in archives.
 * Counterpart: tar(1)
 * Deviates: -j, -J, -u, -d, -A and --delete are not simulated and say so; pax records are not written.
 */
export const tar = command(function* (cli) {
  const line = yield* tarLine(cli);
  if (typeof line === 'number') return line;
  const patterns = yield* listed(cli, line.all('X'));
  if (typeof patterns === 'number') return patterns;
  const names = yield* listed(cli, line.all('T'));
  if (typeof names === 'number') return names;
  const excluded = matcher([...line.all('exclude'), ...patterns]);
  return yield* line.operation === 'c' || line.operation === 'r' ? create(cli, line, excluded, names) : read(cli, line, excluded, names);
});
