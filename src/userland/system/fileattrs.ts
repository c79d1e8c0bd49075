// chattr, lsattr, getfattr, setfattr: what else a file carries. Counterpart: e2fsprogs 1.47, attr 2.5; busybox 1.35 e2fsprogs/

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from '#abi/flags.ts';
import { type Ioctl, type Program, type Stat, type Statfs, type SysResult, sys } from '#kernel/uapi/index.ts';
import { getopt, showUsage } from '../lib/cli.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { bytesOf, errOut, out, textOf } from '../lib/io.ts';
import { strict } from '../lib/strict.ts';

/** The letters in the order lsattr prints them, and their bits (FS_*_FL). */
const LETTERS = 'suSDiadAcEjItTeCxFNPVm';
/** busybox 1.35 is older than the last two. */
const BUSYBOX_LETTERS = LETTERS.slice(0, -2);
const BITS: Readonly<Record<string, number>> = {
  s: 0x1,
  u: 0x2,
  S: 0x8,
  D: 0x10000,
  i: 0x10,
  a: 0x20,
  d: 0x40,
  A: 0x80,
  c: 0x4,
  E: 0x800,
  j: 0x4000,
  I: 0x1000,
  t: 0x8000,
  T: 0x20000,
  e: 0x80000,
  C: 0x800000,
  x: 0x2000000,
  F: 0x40000000,
  N: 0x10000000,
  P: 0x20000000,
  V: 0x100000,
  m: 0x400,
};
/** Every file of the simulated disk is stored in extents, as on ext4; those in memory are not. */
const EXTENTS = 0x80000;
function* storesExtents(path: string): Program<boolean> {
  const fs: SysResult<Statfs> = yield* sys.statfs(path);
  return fs.ok && fs.value.type !== 'tmpfs' && fs.value.type !== 'devtmpfs';
}

/** `opening`: the file could not even be opened. */
type Flags = SysResult<unknown> & { readonly opening?: true };

function* flagsCall(path: string, request: Ioctl, nofollow = false): Program<Flags> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | (nofollow ? O_NOFOLLOW : 0));
  if (!fd.ok) return { ...fd, opening: true };
  const done: SysResult<unknown> = yield* sys.ioctl(fd.value, request);
  yield* sys.close(fd.value);
  return done;
}

const unsupported = (errno: Errno): Errno => (errno === 'ENOTTY' ? 'EOPNOTSUPP' : errno);

const CHATTR = 'Usage: chattr [-RVf] [-+=aAcCdDeijPsStTuFx] [-p project] [-v version] files...\n';

const chattr: Command = function* (context) {
  const { argv, flavour } = context;
  const busybox = flavour === 'busybox';
  if (!busybox && argv.slice(1).some((arg) => /^[-+=]/.test(arg) && !/^(?:[-+=][aAcCdDeijPsStTuFx]+|-[RVf]+|--)$/.test(arg))) {
    yield* errOut(CHATTR);
    return 1;
  }
  const operator = argv.slice(1).find((arg) => /^[-+=][a-zA-Z]+$/.test(arg));
  const files = argv.slice(1).filter((arg) => arg !== operator);
  if (busybox && (operator === undefined || files.length === 0 || !/^.[AacCdDeEFijINPsStTuVx]+$/.test(operator)))
    return yield* showUsage(context);
  if (operator === undefined || files.length === 0) {
    yield* errOut(CHATTR);
    return 1;
  }
  const bits = [...operator.slice(1)].reduce((sum, letter) => sum | (BITS[letter] ?? 0), 0);
  let status = 0;
  for (const path of files) {
    const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    const old = there.ok ? yield* flagsCall(path, { request: 'FS_IOC_GETFLAGS' }) : there;
    if (!old.ok) {
      yield* errOut(
        busybox
          ? `chattr: ${there.ok ? `reading flags on ${path}` : `can't stat '${path}'`}: ${strerror(old.errno)}\n`
          : `chattr: ${strerror(unsupported(old.errno))} while ${there.ok ? 'reading flags on' : 'trying to stat'} ${path}\n`,
      );
      // A failure does not change the status of busybox's applet.
      if (!busybox) status = 1;
      continue;
    }
    const had = Number(old.value) & ~EXTENTS;
    const flags = operator[0] === '+' ? had | bits : operator[0] === '-' ? had & ~bits : bits;
    const set = yield* flagsCall(path, { request: 'FS_IOC_SETFLAGS', flags: flags & ~EXTENTS });
    if (set.ok) continue;
    yield* errOut(
      busybox
        ? `chattr: setting flags on ${path}: ${strerror(set.errno)}\n`
        : `chattr: ${strerror(unsupported(set.errno))} while setting flags on ${path}\n`,
    );
    if (!busybox) status = 1;
  }
  return status;
};

const lsattr: Command = function* ({ argv, flavour }) {
  const busybox = flavour === 'busybox';
  const given = busybox ? '' : getopt(argv.slice(1), 'RVadlpv');
  if (typeof given === 'string' && !busybox) {
    yield* errOut(`lsattr: ${given}\nUsage: lsattr [-RVadlpv] [files...]\n`);
    return 1;
  }
  let status = 0;
  for (const path of argv.slice(1).filter((arg) => !arg.startsWith('-'))) {
    const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    const got: Flags = there.ok ? yield* flagsCall(path, { request: 'FS_IOC_GETFLAGS' }, busybox) : there;
    if (!got.ok) {
      yield* errOut(
        busybox
          ? `lsattr: ${there.ok ? (got.opening ? `can't open '${path}'` : `reading ${path}`) : `can't stat '${path}'`}: ${strerror(got.errno)}\n`
          : `lsattr: ${strerror(unsupported(got.errno))} ${there.ok ? 'While reading flags on' : 'while trying to stat'} ${path}\n`,
      );
      if (!busybox) status = 1;
      continue;
    }
    const flags = Number(got.value) | ((yield* storesExtents(path)) ? EXTENTS : 0);
    yield* out(
      `${[...(busybox ? BUSYBOX_LETTERS : LETTERS)].map((letter) => (flags & (BITS[letter] ?? 0) ? letter : '-')).join('')} ${path}\n`,
    );
  }
  return status;
};

/** Option values by letter, and the operands. */
function options(
  argv: readonly string[],
  valued: string,
): { readonly value: (letter: string) => string | undefined; readonly operands: readonly string[] } {
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (/^-[a-zA-Z]/.test(arg)) values.set(arg[1] as string, valued.includes(arg[1] as string) ? arg.slice(2) || (argv[++at] ?? '') : '');
    else operands.push(arg);
  }
  return { value: (letter) => values.get(letter), operands };
}

/** The usage of a program that was given nothing to do. */
function* nothing({ help }: CommandContext): Program<number> {
  yield* errOut(help?.hint?.text ?? '');
  return 2;
}

const GETFATTR_LONG = {
  'name=': 'n',
  dump: 'd',
  'encoding=': 'e',
  'match=': 'm',
  'only-values': 'only-values',
  'no-dereference': 'h',
  'one-file-system': 'one-file-system',
  'absolute-names': 'absolute-names',
  recursive: 'R',
  logical: 'L',
  physical: 'P',
};

const getfattr: Command = function* (context) {
  const { argv } = context;
  const given = getopt(argv.slice(1), 'n:de:m:hRLPV', GETFATTR_LONG);
  if (typeof given === 'string') {
    yield* errOut(`${argv[0]}: ${given}\n`);
    return yield* nothing(context);
  }
  const refused = given.list.find(({ key }) => 'eRLP'.includes(key) || key.length > 1);
  if (refused !== undefined) {
    yield* errOut(`getfattr: -${refused.key.length > 1 ? '-' : ''}${refused.key} is not simulated here\n`);
    return 1;
  }
  if (given.args.length === 0) return yield* nothing(context);
  const only = given.get('n');
  const pattern = given.get('m');
  let status = 0;
  for (const path of given.args) {
    const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    if (!there.ok) {
      yield* errOut(`getfattr: ${path}: ${strerror(there.errno)}\n`);
      status = 1;
      continue;
    }
    const listed: SysResult<readonly string[]> = only === undefined ? yield* sys.listxattr(path, true) : { ok: true, value: [only] };
    if (!listed.ok) {
      yield* errOut(`getfattr: ${path}: ${strerror(listed.errno)}\n`);
      status = 1;
      continue;
    }
    const names = only !== undefined || pattern === '-' ? listed.value : listed.value.filter((name) => name.startsWith('user.'));
    const lines: string[] = [];
    for (const name of names) {
      const got: SysResult<Uint8Array> = yield* sys.getxattr(path, name, true);
      if (got.ok) lines.push(!given.has('d') && only === undefined ? name : `${name}=${quotedValue(got.value)}`);
      else {
        yield* errOut(`${path}: ${name}: ${strerror(got.errno)}\n`);
        status = 1;
      }
    }
    if (lines.length === 0) continue;
    if (path.startsWith('/')) yield* errOut("getfattr: Removing leading '/' from absolute path names\n");
    yield* out(`# file: ${path.replace(/^\/+/, '')}\n${lines.join('\n')}\n\n`);
  }
  return status;
};

const quotedValue = (bytes: Uint8Array): string =>
  bytes.every((byte) => byte >= 32 && byte < 127)
    ? `"${textOf(bytes).replace(/["\\]/g, '\\$&')}"`
    : `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;

const setfattr: Command = function* (context) {
  const { argv, name: program } = context;
  const { value, operands } = options(argv, 'nvx');
  const name = value('n');
  const removed = value('x');
  if (context.flavour === 'gnu' && (operands.length === 0 || (name === undefined && removed === undefined))) return yield* nothing(context);
  let status = 0;
  for (const path of operands) {
    const done: SysResult<void> =
      removed !== undefined
        ? yield* sys.removexattr(path, removed, true)
        : yield* sys.setxattr(path, name ?? '', bytesOf(value('v') ?? ''), 0, true);
    if (done.ok) continue;
    yield* errOut(`${program}: ${path}: ${strerror(done.errno)}\n`);
    status = 1;
  }
  return status;
};

export const fileAttributeCommands = { chattr, lsattr, getfattr, setfattr: strict(setfattr) };
