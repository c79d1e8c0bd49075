// seq, yes, dd, expr.

import { AT_FDCWD, O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY, SEEK_CUR, SEEK_SET } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { errOut, writeAll } from '../lib/io.ts';
import { quoted } from '../lib/quote.ts';
import { compileRegex } from '../lib/regex.ts';
import { humanGnu, parseSize } from '../lib/size.ts';

const number = (text: string): number =>
  /^[+-]?inf(inity)?$/i.test(text) ? (text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : Number(text);

/** Counterpart: seq(1) */
export const seq = command(function* (cli) {
  const [self = '', ...given] = cli.context.argv;
  // Negative numbers are operands.
  const at = given.findIndex((arg) => /^-[\d.]/.test(arg));
  const argv =
    at < 0 || !cli.gnu || given.slice(0, at).some((arg) => arg === '--' || /^[\d.]+$/.test(arg))
      ? cli.context.argv
      : [self, ...given.slice(0, at), '--', ...given.slice(at)];
  Object.assign(cli, { context: { ...cli.context, argv } });
  const options = yield* cli.options({ busybox: '+ws:', gnu: '+f:s:w', long: { 'separator=': 's', 'equal-width': 'w', 'format=': 'f' } });
  if (typeof options === 'number') return options;
  const args = options.args;
  if (args.length === 0) return yield* cli.misuse('missing operand');
  if (args.length > 3) return yield* cli.misuse(`extra operand '${args[3]}'`);
  for (const arg of args)
    if (arg.trim() === '' || Number.isNaN(number(arg))) return yield* cli.misuse(`invalid floating point argument: '${arg}'`);
  const texts = args.length === 1 ? ['1', '1', args[0] as string] : args.length === 2 ? [args[0] as string, '1', args[1] as string] : args;
  const [first = 0, step = 1, last = 0] = texts.map(number);
  if (step === 0 && cli.gnu) return yield* cli.misuse(`invalid Zero increment value: '${texts[1]}'`);
  const decimals = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);
  const digits = Math.max(decimals(texts[0] as string), decimals(texts[1] as string));
  const format = options.get('f');
  const directive = format === undefined ? undefined : /%[-0 +'#]*\d*(?:\.\d+)?([^%])/.exec(format.replaceAll('%%', ''));
  if (format !== undefined && !directive) return yield* cli.error(`format ${quoted(format)} has no % directive`);
  if (directive && !/[aAeEfFgG]/.test(directive[1] as string))
    return yield* cli.error(`format ${quoted(format as string)} has unknown %${directive[1]} directive`);
  const width = options.has('w') ? Math.max(first.toFixed(digits).length, last.toFixed(digits).length) : 0;
  const show = (value: number): string => {
    if (format !== undefined)
      return format.replace(/%([-0 +]*)(\d*)(?:\.(\d+))?([gfe])/, (_, flags: string, size: string, precision: string, kind: string) => {
        const text =
          kind === 'f' ? value.toFixed(Number(precision ?? 6)) : kind === 'e' ? value.toExponential(Number(precision ?? 6)) : String(value);
        return flags.includes('-') ? text.padEnd(Number(size)) : text.padStart(Number(size), flags.includes('0') ? '0' : ' ');
      });
    const text = value.toFixed(digits);
    return text.startsWith('-') ? `-${text.slice(1).padStart(width - 1, '0')}` : text.padStart(width, '0');
  };
  const separator = toBin(options.get('s') ?? '\n');
  let any = false;
  for (let n = 0; !cli.broken; n++) {
    const value = first + n * step;
    if (step >= 0 ? value > last + 1e-10 * step : value < last + 1e-10 * step) break;
    yield* cli.out((any ? separator : '') + show(value));
    any = true;
  }
  if (any) yield* cli.out('\n');
  return yield* cli.finish();
});

/** Counterpart: yes(1) */
export const yes = command(function* (cli) {
  const args = cli.context.argv.slice(1);
  if (cli.gnu) {
    const options = yield* cli.options({ busybox: '', gnu: '+' });
    if (typeof options === 'number') return options;
    args.splice(0, args.length, ...options.args);
  }
  const line = `${toBin(args.length ? args.join(' ') : 'y')}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  while (!cli.broken) {
    yield* cli.out(block);
    yield* cli.flush();
  }
  return yield* cli.finish();
});

const BUSYBOX_CONVERSIONS = ['notrunc', 'sync', 'noerror', 'fsync', 'swab'];
const NOT_CONVERTED = ['ascii', 'ebcdic', 'ibm', 'block', 'unblock', 'swab', 'sparse'];
const CONVERSIONS = [...NOT_CONVERTED, 'sync', 'noerror', 'excl', 'nocreat', 'lcase', 'ucase', 'notrunc', 'fdatasync', 'fsync'];

/** A block as conv= wants it: letters, and NULs up to its size. */
function converted(given: Uint8Array, conv: readonly string[], size: number): Uint8Array {
  const bytes = conv.includes('sync') && given.length < size ? new Uint8Array(size) : given;
  if (bytes !== given) bytes.set(given);
  const [from, by] = conv.includes('ucase') ? [0x61, -32] : [0x41, 32];
  if (!conv.includes('ucase') && !conv.includes('lcase')) return bytes;
  return bytes.map((byte) => (byte >= from && byte < from + 26 ? byte + by : byte));
}

/** As printf's %g writes it. */
const general = (value: number): string =>
  value < 1e-4 ? String(Number(value.toPrecision(6)).toExponential()).replace(/e-(\d)$/, 'e-0$1') : String(Number(value.toPrecision(6)));

/** Counterpart: dd(1) */
export const dd = command(function* (cli) {
  const args = cli.context.argv.slice(1).filter((arg) => arg !== '--');
  const values = new Map<string, string>();
  for (const arg of args) {
    const at = arg.indexOf('=');
    const key = arg.slice(0, at);
    if (at < 0 || !['if', 'of', 'bs', 'ibs', 'obs', 'count', 'skip', 'seek', 'conv', 'status', 'iflag', 'oflag', 'cbs'].includes(key))
      return cli.gnu ? yield* cli.misuse(`unrecognized operand '${arg}'`) : yield* cli.usage();
    values.set(key, arg.slice(at + 1));
  }
  const numbers: Record<string, number> = {};
  for (const key of ['bs', 'ibs', 'obs', 'count', 'skip', 'seek']) {
    const text = values.get(key);
    if (text === undefined) continue;
    const parts = text.split('x').map((part) => parseSize(part));
    if (parts.some((part) => part === undefined))
      return yield* cli.error(cli.gnu ? `invalid number: '${text}'` : `invalid number '${text}'`);
    numbers[key] = (parts as number[]).reduce((a, b) => a * b, 1);
  }
  const block = numbers.bs ?? numbers.ibs ?? 512;
  const conv = values.get('conv')?.split(',') ?? [];
  const strange = conv.find((word) => !(cli.gnu ? CONVERSIONS : BUSYBOX_CONVERSIONS).includes(word));
  if (strange !== undefined)
    return cli.gnu
      ? yield* cli.misuse(`invalid conversion: ${quoted(strange)}`)
      : yield* cli.error(`invalid argument '${strange}' to 'conv'`);
  if (conv.includes('lcase') && conv.includes('ucase')) return yield* cli.error('cannot combine lcase and ucase');
  const missing = conv.find((word) => NOT_CONVERTED.includes(word));
  if (missing !== undefined) return yield* cli.error(`conv=${missing} is not simulated here`);
  const [input, output] = [values.get('if'), values.get('of')];
  let from = 0;
  let to = 1;
  if (input !== undefined) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, input, O_RDONLY);
    if (!fd.ok) return yield* cli.fail(fd.errno, `can't open '${input}'`, `failed to open ${quoted(input)}`);
    from = fd.value;
  }
  if (output !== undefined) {
    const keep = conv.includes('notrunc') || numbers.seek !== undefined;
    const fd: SysResult<number> = yield* sys.openat(
      AT_FDCWD,
      output,
      O_WRONLY |
        (conv.includes('nocreat') ? 0 : O_CREAT) |
        (conv.includes('excl') ? O_EXCL : 0) |
        (keep ? 0 : O_TRUNC) |
        (values.get('oflag')?.includes('append') ? O_APPEND : 0),
      0o666,
    );
    if (!fd.ok) return yield* cli.fail(fd.errno, `can't open '${output}'`, `failed to open ${quoted(output)}`);
    to = fd.value;
    if (numbers.seek !== undefined) {
      if (!conv.includes('notrunc')) yield* sys.ftruncate(to, numbers.seek * block);
      yield* sys.lseek(to, numbers.seek * block, SEEK_SET);
    }
  }
  for (let n = 0, sought = false; n < (numbers.skip ?? 0) && !sought; n++) {
    sought = (yield* sys.lseek(from, (numbers.skip ?? 0) * block, SEEK_CUR)).ok;
    if (!sought) yield* sys.read(from, block);
  }
  const started: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  let [full, partial, wroteFull, wrotePartial, bytes] = [0, 0, 0, 0, 0];
  const limit = numbers.count ?? Number.POSITIVE_INFINITY;
  while (full + partial < limit) {
    const got: SysResult<Uint8Array> = yield* sys.read(from, block);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok) {
      yield* cli.fail(got.errno, input ?? 'standard input', `error reading ${quoted(input ?? 'standard input')}`);
      break;
    }
    if (got.value.length === 0) break;
    if (got.value.length === block) full++;
    else partial++;
    const data = converted(got.value, conv, block);
    const failed = yield* writeAll(to, data);
    if (failed) {
      yield* cli.fail(
        failed,
        output === undefined ? 'write error' : `error writing '${output}'`,
        `error writing ${quoted(output ?? 'standard output')}`,
      );
      break;
    }
    if (data.length === block) wroteFull++;
    else wrotePartial++;
    bytes += data.length;
  }
  const status = values.get('status');
  if (status !== 'none') {
    yield* errOut(`${full}+${partial} records in\n${wroteFull}+${wrotePartial} records out\n`);
    if (status !== 'noxfer') {
      const done: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
      const seconds = Math.max(1e-6, started.ok && done.ok ? Number(done.value - started.value) / 1e9 : 1e-6);
      const rate = humanGnu(Math.round(bytes / seconds), 'BkMGTPE', 1000);
      const unit = (text: string, suffix: string): string => text.replace(/^([\d.]+)([A-Za-z]?)$/, `$1 $2${suffix}`);
      if (!cli.gnu)
        yield* errOut(
          `${bytes} bytes (${humanGnu(bytes).replace(/^(\d+)$/, '$1B')}) copied, ${seconds.toFixed(6)} seconds, ${humanGnu(Math.round(bytes / seconds)).replace(/^(\d+)$/, '$1B')}/s\n`,
        );
      else
        yield* errOut(
          `${bytes} byte${bytes === 1 ? '' : 's'}${bytes >= 1000 ? ` (${unit(humanGnu(bytes, 'BkMGTPE', 1000), 'B')}${bytes >= 1024 ? `, ${unit(humanGnu(bytes), 'iB')}` : ''})` : ''} copied, ${general(seconds)} s, ${bytes / seconds < 1000 ? `${(bytes / seconds / 1000).toFixed(1)} kB` : unit(rate, 'B')}/s\n`,
        );
    }
  }
  return yield* cli.finish();
});

const LARGEST = (1n << 63n) - 1n;
const saturated = (value: bigint): bigint => (value > LARGEST ? LARGEST : value < -LARGEST - 1n ? -LARGEST - 1n : value);

class Expr {
  private at = 0;
  private readonly words: readonly string[];
  private readonly gnu: boolean;
  constructor(words: readonly string[], gnu: boolean) {
    this.words = words;
    this.gnu = gnu;
  }

  /** The value, or the complaint as an error object. */
  value(): string | { readonly error: string } {
    const result = this.binary(0);
    if (typeof result === 'string' && this.at < this.words.length)
      return { error: this.gnu ? `syntax error: unexpected argument '${this.words[this.at]}'` : 'syntax error' };
    return result;
  }

  private static readonly LEVELS: readonly (readonly string[])[] = [
    ['|'],
    ['&'],
    ['<', '<=', '=', '==', '!=', '>=', '>'],
    ['+', '-'],
    ['*', '/', '%'],
    [':'],
  ];

  private binary(level: number): string | { readonly error: string } {
    const operators = Expr.LEVELS[level];
    if (!operators) return this.primary();
    let left = this.binary(level + 1);
    while (typeof left === 'string' && operators.includes(this.words[this.at] ?? '')) {
      const operator = this.words[this.at++] as string;
      const right = this.binary(level + 1);
      if (typeof right !== 'string') return right;
      left = this.apply(operator, left, right);
    }
    return left;
  }

  private apply(operator: string, a: string, b: string): string | { readonly error: string } {
    const empty = (text: string): boolean => text === '' || /^-?0+$/.test(text);
    const integer = /^-?\d+$/;
    if (operator === '|') return empty(a) ? (empty(b) ? '0' : b) : a;
    if (operator === '&') return empty(a) || empty(b) ? '0' : a;
    if (operator === ':') {
      const pattern = compileRegex(toBin(b), false);
      if (typeof pattern === 'string') return { error: pattern };
      const match = new RegExp(`^(?:${pattern.source})`).exec(toBin(a));
      return match && match.length > 1
        ? (match[1] ?? (this.gnu ? '' : '0'))
        : pattern.source.includes('(') && !match
          ? ''
          : String(match?.[0].length ?? 0);
    }
    if (Expr.LEVELS[2]?.includes(operator)) {
      const order = integer.test(a) && integer.test(b) ? Number(BigInt(a) - BigInt(b)) : a < b ? -1 : a > b ? 1 : 0;
      const yes = {
        '<': order < 0,
        '<=': order <= 0,
        '=': order === 0,
        '==': order === 0,
        '!=': order !== 0,
        '>=': order >= 0,
        '>': order > 0,
      }[operator];
      return yes ? '1' : '0';
    }
    if (!integer.test(a) || !integer.test(b)) return { error: this.gnu ? 'non-integer argument' : 'non-numeric argument' };
    // busybox calculates with 64 bits, and reads what is larger as the largest.
    const read = (text: string): bigint => (this.gnu ? BigInt(text) : saturated(BigInt(text)));
    const [x, y] = [read(a), read(b)];
    if ((operator === '/' || operator === '%') && y === 0n) return { error: 'division by zero' };
    const result = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : operator === '/' ? x / y : x % y;
    return String(this.gnu ? result : BigInt.asIntN(64, result));
  }

  private primary(): string | { readonly error: string } {
    const word = this.words[this.at++];
    if (word === undefined) return { error: this.gnu ? `syntax error: missing argument after '${this.words.at(-1)}'` : 'syntax error' };
    const next = (): string | { readonly error: string } => this.primary();
    if (word === '(') {
      const inner = this.binary(0);
      if (typeof inner === 'string' && this.words[this.at++] !== ')')
        return { error: this.gnu ? `syntax error: expecting ')' after '${this.words.at(-1)}'` : 'syntax error' };
      return inner;
    }
    if (word === '+' && this.gnu && this.at < this.words.length) return this.words[this.at++] as string;
    if (word === 'length') {
      const text = next();
      return typeof text === 'string' ? String(toBin(text).length) : text;
    }
    if (word === 'substr' || word === 'index' || word === 'match') {
      const args = [next(), next(), ...(word === 'substr' ? [next()] : [])];
      const wrong = args.find((arg) => typeof arg !== 'string');
      if (wrong) return wrong;
      const [text = '', second = '', third = ''] = args as string[];
      if (word === 'match') return this.apply(':', text, second);
      if (word === 'index') return String(1 + [...text].findIndex((c) => second.includes(c)));
      return Number(second) > 0 && Number(third) > 0 ? text.substr(Number(second) - 1, Number(third)) : '';
    }
    return word;
  }
}

/** Counterpart: expr(1) */
export const expr = command(function* (cli): Program<number> {
  const words = cli.context.argv.slice(cli.context.argv[1] === '--' ? 2 : 1);
  if (words.length === 0) {
    if (!cli.gnu) return yield* cli.error('too few arguments', 2);
    return yield* cli.misuse('missing operand', 2);
  }
  const result = new Expr(words, cli.gnu).value();
  if (typeof result !== 'string') return yield* cli.error(result.error, 2);
  yield* cli.text(`${result}\n`);
  return yield* cli.finish(result === '' || /^-?0+$/.test(result) ? 1 : 0);
});
