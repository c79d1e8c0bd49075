// test(1) and `[[`. Counterpart: dash test.c, busybox test.c, coreutils test.

import { AT_EACCESS, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock, S_ISGID, S_ISUID, S_ISVTX } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { matches } from './pattern.ts';

export type TestStyle = 'ash' | 'dash' | 'bash' | 'gnu';

/** Thrown for a malformed expression, caught by the caller: status 2. */
export class TestFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const UNARY = new Set([
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
const BINARY = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef', '=~']);

const DIGITS = /^-?\d+$/;
const integer = (text: string, style: TestStyle): number => {
  const plain = +text;
  if (DIGITS.test(text)) return plain;
  const t = text.trim();
  if (/^[-+]?\d+$/.test(t)) return Number(t);
  throw new TestFault(
    style === 'ash'
      ? `${text}: bad number`
      : style === 'dash'
        ? `Illegal number: ${text}`
        : style === 'bash'
          ? `${text}: integer expression expected`
          : `invalid integer '${text}'`,
  );
};

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
      return integer(left, style) === integer(right, style);
    case '-ne':
      return integer(left, style) !== integer(right, style);
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

function* unary(op: string, arg: string, style: TestStyle): Program<boolean> {
  if (op === '-n') return arg !== '';
  if (op === '-z') return arg === '';
  if (op === '-t') return (yield* sys.ioctl(integer(arg, style), { request: 'TCGETS' })).ok;
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

function* binary(left: string, op: string, right: string, style: TestStyle, double: boolean): Program<boolean> {
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
  if (style === 'ash' && (!a.ok || !b.ok)) return false;
  const time = (s: SysResult<Stat>): bigint => (s.ok ? s.value.mtime : -1n);
  return op === '-nt' ? time(a) > time(b) : time(a) < time(b);
}

class Test {
  private at = 0;
  private readonly args: readonly string[];
  private readonly style: TestStyle;
  private readonly double: boolean;
  constructor(args: readonly string[], style: TestStyle, double: boolean) {
    this.args = args;
    this.style = style;
    this.double = double;
  }

  *whole(): Program<boolean> {
    if (this.args.length === 0) return false;
    const result = yield* this.or();
    const left = this.args[this.at];
    if (left !== undefined) {
      if (this.style === 'ash') throw new TestFault(`${left}: unknown operand`);
      if (this.style === 'dash') throw new TestFault(`${left}: unexpected operator`);
      throw new TestFault(
        this.style === 'gnu'
          ? `extra argument '${left}'`
          : this.args.length > 3
            ? 'too many arguments'
            : `${left}: binary operator expected`,
      );
    }
    return result;
  }

  private *or(): Program<boolean> {
    let value = yield* this.and();
    while (this.args[this.at] === (this.double ? '||' : '-o')) {
      this.at++;
      const right = yield* this.and();
      value = value || right;
    }
    return value;
  }

  private *and(): Program<boolean> {
    let value = yield* this.not();
    while (this.args[this.at] === (this.double ? '&&' : '-a')) {
      this.at++;
      const right = yield* this.not();
      value = value && right;
    }
    return value;
  }

  private *not(): Program<boolean> {
    if (
      this.args[this.at] === '!' &&
      this.at + 1 < this.args.length &&
      !(this.args.length - this.at === 3 && BINARY.has(this.args[this.at + 1] as string))
    ) {
      this.at++;
      return !(yield* this.not());
    }
    return yield* this.primary();
  }

  private *primary(): Program<boolean> {
    const { args, at } = this;
    const [a, op, b] = [args[at], args[at + 1], args[at + 2]];
    if (a === undefined) throw new TestFault('argument expected');
    if (op !== undefined && BINARY.has(op) && b !== undefined) {
      this.at += 3;
      return yield* binary(a, op, b, this.style, this.double);
    }
    if (a === '(' && op !== undefined) {
      this.at++;
      const value = yield* this.or();
      if (args[this.at] !== ')')
        throw new TestFault(
          this.style === 'dash' ? 'closing paren expected' : this.style === 'ash' ? 'closing paren expected' : "`)' expected",
        );
      this.at++;
      return value;
    }
    if (UNARY.has(a) && op !== undefined && (a !== '-a' || at === 0)) {
      this.at += 2;
      return yield* unary(a, op, this.style);
    }
    if (args.length - at === 3 && op !== undefined && op !== '-a' && op !== '-o' && !this.double) {
      throw new TestFault(
        this.style === 'ash'
          ? `${op}: unknown operand`
          : this.style === 'dash'
            ? `${a}: unexpected operator`
            : `${op}: binary operator expected`,
      );
    }
    this.at++;
    return a !== '';
  }
}

/** Evaluates the operands of test; TestFault for a malformed expression. `double`: `[[`. */
export function* testExpression(args: readonly string[], style: TestStyle, double = false): Program<boolean> {
  return yield* new Test(args, style, double).whole();
}
