// What the operators of test(1) ask: files, numbers, texts. Counterpart: dash test.c, busybox test.c, coreutils test.c

import { AT_EACCESS, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock, S_ISGID, S_ISUID, S_ISVTX } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { matches } from './pattern.ts';

/** The operators with one operand, in both shells. */
export const UNOPS = new Set([
  '-r',
  '-w',
  '-x',
  '-e',
  '-f',
  '-d',
  '-c',
  '-b',
  '-p',
  '-u',
  '-g',
  '-k',
  '-s',
  '-t',
  '-z',
  '-n',
  '-h',
  '-O',
  '-G',
  '-L',
  '-S',
]);

export type TestStyle = 'ash' | 'dash' | 'bash' | 'gnu';

/** Thrown for a malformed expression, caught by the caller: status 2. */
export class TestFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Operators with one operand. */
export const UNARY = new Set([
  '-n',
  '-z',
  '-e',
  '-f',
  '-d',
  '-r',
  '-w',
  '-x',
  '-s',
  '-h',
  '-L',
  '-p',
  '-S',
  '-b',
  '-c',
  '-u',
  '-g',
  '-k',
  '-t',
  '-O',
  '-G',
  '-a',
  '-N',
  '-v',
]);
/** Operators with two operands. */
export const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef', '=~']);

const DIGITS = /^-?\d+$/;
const LIMIT = 9223372036854775807n;

const badNumber = (text: string, style: TestStyle): TestFault => {
  switch (style) {
    case 'ash':
      return new TestFault(text === '' ? 'bad number' : `${text}: bad number`);
    case 'dash':
      return new TestFault(`Illegal number: ${text}`);
    case 'bash':
      return new TestFault(`${text}: integer expression expected`);
    case 'gnu':
      return new TestFault(`invalid integer '${text}'`);
  }
};

function integer(text: string, style: TestStyle): number | bigint {
  if (text.length < 15 && DIGITS.test(text)) return Number(text);
  const t = style === 'dash' ? text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '') : text.trim();
  if (!/^[-+]?\d+$/.test(t)) throw badNumber(text, style);
  const value = BigInt(t.replace('+', ''));
  if (value > LIMIT || value < -LIMIT - 1n) throw style === 'ash' ? new TestFault(`${text}: out of range`) : badNumber(text, style);
  return t.length < 15 ? Number(value) : value;
}

/** A binary operator that needs no file; undefined for the others. */
export function compare(left: string, op: string, right: string, style: TestStyle): boolean | undefined {
  switch (op) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '-eq':
      return BigInt(integer(left, style)) === BigInt(integer(right, style));
    case '-ne':
      return BigInt(integer(left, style)) !== BigInt(integer(right, style));
    case '-lt':
      return integer(left, style) < integer(right, style);
    case '-le':
      return integer(left, style) <= integer(right, style);
    case '-gt':
      return integer(left, style) > integer(right, style);
    case '-ge':
      return integer(left, style) >= integer(right, style);
    default:
      return undefined;
  }
}

/**
 * busybox looks at the mode bits itself instead of asking the kernel: root may read and write everything, whatever its
 * capabilities and the mount say. Counterpart: busybox coreutils/test.c, test_eaccess
 */
function* ashAccess(op: '-r' | '-w' | '-x', path: string): Program<boolean> {
  const got: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  if (!got.ok) return false;
  const { mode, uid, gid } = got.value;
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const euid = uids.ok ? uids.value[1] : -1;
  if (euid === 0) return op !== '-x' || (mode & 0o111) !== 0;
  const bit = { '-r': 4, '-w': 2, '-x': 1 }[op];
  if (euid === uid) return (mode & (bit << 6)) !== 0;
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const groups: SysResult<readonly number[]> = yield* sys.getgroups();
  const member = (gids.ok && gids.value[1] === gid) || (groups.ok && groups.value.includes(gid));
  return (mode & (member ? bit << 3 : bit)) !== 0;
}

/** The answer of an operator with one operand. */
export function* unary(op: string, arg: string, style: TestStyle): Program<boolean> {
  if (op === '-n') return arg !== '';
  if (op === '-z') return arg === '';
  if (op === '-t') return (yield* sys.ioctl(Number(integer(arg, style)), { request: 'TCGETS' })).ok;
  if (style === 'ash' && (op === '-r' || op === '-w' || op === '-x')) return yield* ashAccess(op, arg);
  if (op === '-r' || op === '-w' || op === '-x') {
    return (yield* sys.faccessat2(AT_FDCWD, arg, op === '-r' ? 4 : op === '-w' ? 2 : 1, AT_EACCESS)).ok;
  }
  const got: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, arg, op === '-h' || op === '-L' ? AT_SYMLINK_NOFOLLOW : 0);
  if (!got.ok) return false;
  const { mode, size, uid, gid } = got.value;
  switch (op) {
    case '-f':
      return isReg(mode);
    case '-d':
      return isDir(mode);
    case '-s':
      return size > 0;
    case '-h':
    case '-L':
      return isLnk(mode);
    case '-p':
      return isFifo(mode);
    case '-S':
      return isSock(mode);
    case '-b':
      return isBlk(mode);
    case '-c':
      return isChr(mode);
    case '-u':
      return (mode & S_ISUID) !== 0;
    case '-g':
      return (mode & S_ISGID) !== 0;
    case '-k':
      return (mode & S_ISVTX) !== 0;
    case '-O': {
      const own: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
      return own.ok && own.value[1] === uid;
    }
    case '-G': {
      const own: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
      return own.ok && own.value[1] === gid;
    }
    default:
      return true;
  }
}

/** The answer of an operator with two operands. */
export function* binary(left: string, op: string, right: string, style: TestStyle, double: boolean): Program<boolean> {
  if (double) {
    if (op === '=' || op === '==') return matches(right, left);
    if (op === '!=') return !matches(right, left);
    if (op === '=~') return new RegExp(right, 'u').test(left);
  }
  const simple = compare(left, op, right, style);
  if (simple !== undefined) return simple;
  const a: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, left, 0);
  const b: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, right, 0);
  if (op === '-ef') return a.ok && b.ok && a.value.ino === b.value.ino && a.value.dev === b.value.dev;
  if ((style === 'ash' || style === 'dash') && (!a.ok || !b.ok)) return false;
  const time = (s: SysResult<Stat>): bigint => (s.ok ? s.value.mtime : -1n);
  return op === '-nt' ? time(a) > time(b) : time(a) < time(b);
}
