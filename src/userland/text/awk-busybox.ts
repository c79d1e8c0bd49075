// awk of busybox, where it differs from mawk: numbers, fields, substitution, the order of arrays, how it ends.

import { strerror } from '#abi/errno.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { epoch } from '../lib/busybox-date.ts';
import { fromBin } from '../lib/bytes.ts';
import { openInput } from '../lib/lines.ts';
import { compileRegex } from '../lib/regex.ts';
import { secondsOf, strftime, zoneOf } from '../lib/time.ts';
import { BUSYBOX_BUILTINS, busyboxRegex, leadingNumber, unescapeString } from './awk-busybox-lexer.ts';
import { GlibcRandom, hashOrder, replaced, splitFields } from './awk-busybox-parts.ts';
import { RecordReader } from './awk-records.ts';
import { Awk } from './awk-run.ts';
import { type Cells, Jump, type Records } from './awk-state.ts';
import { AwkError, type Expr } from './awk-syntax.ts';
import { awkPrintf, StrNum, toText, truthy, type Value } from './awk-values.ts';

const MATH: Readonly<Record<string, (x: number) => number>> = {
  int: Math.trunc,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
};
const BITS: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  lshift: (x, y) => x << (y & 63n),
  rshift: (x, y) => x >> (y & 63n),
  compl: (x) => ~x,
};
const ONE_ARGUMENT = new Set([
  'close',
  'system',
  'fflush',
  'cos',
  'exp',
  'int',
  'log',
  'rand',
  'sin',
  'sqrt',
  'srand',
  'systime',
  'length',
]);
/** Functions that are alike in mawk. */
const PLAIN = new Set(['length', 'split', 'fflush', 'systime', 'tolower', 'toupper', 'atan2']);
const LONG = 2 ** 63;
/** What a C compiler makes of a double that no int holds. */
const toInt = (value: number): number => (Math.abs(Math.trunc(value)) < 2 ** 31 || value === -(2 ** 31) ? Math.trunc(value) : -(2 ** 31));
const toLong = (value: number): bigint => BigInt.asUintN(64, Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);

/** Counterpart: busybox 1.35 editors/awk.c */
export class BusyboxAwk extends Awk {
  private status = 0;
  protected override place = 'cmd. line:1: ';
  private random = new GlibcRandom(1);
  private lastSeed = 1;
  /** Fields beyond the last one are unset, but empty where an earlier record had some. */
  private touched = 0;

  *run(): Program<number> {
    const { rules } = this.program;
    const all = function* (awk: BusyboxAwk, kind: string): Program<void> {
      for (const rule of rules) if (rule.kind === kind && rule.body) yield* awk.execute(rule.body);
    };
    for (const name of ['RSTART', 'RLENGTH']) this.globals.delete(name);
    try {
      yield* this.until('exit', all(this, 'BEGIN'));
      const reads = rules.some(({ kind }) => kind !== 'BEGIN');
      if (reads && !this.exited) yield* this.until('exit', this.readAll());
      yield* this.until('exit', all(this, 'END'));
    } catch (jump) {
      if (!(jump instanceof Jump)) throw jump;
      if (jump.kind === 'abort') return this.num(jump.value);
    }
    for (const name of [...this.streams.keys()]) yield* this.close(name);
    return this.status & 255;
  }
  private exited = false;

  /** Runs a part of the program; `exit` in it goes on with the END rules. */
  private *until(kind: string, part: Program<void>): Program<void> {
    try {
      yield* part;
    } catch (jump) {
      // Outside a function return ends the rule, outside the rules next does.
      if (!(jump instanceof Jump) || jump.kind === 'abort') throw jump;
      if (jump.kind !== kind) return;
      this.exited = true;
      if (jump.value !== undefined) this.status = toInt(this.num(jump.value));
    }
  }

  private *readAll(): Program<void> {
    if (!this.input) yield* this.openNext();
    while (this.input) {
      this.set('FNR', 0);
      while (this.input) {
        const { input }: { input: Records } = this as unknown as { input: Records };
        const line = yield* input.next();
        if (line === undefined) {
          if (input instanceof RecordReader && input.failed) throw this.error('Is a directory');
          break;
        }
        this.setRecord(line);
        this.count();
        yield* this.apply();
      }
      if (this.input && this.input.fd !== 0) yield* sys.close(this.input.fd);
      this.input = undefined;
      yield* this.openNext();
    }
  }

  private count(): void {
    for (const name of ['NR', 'FNR']) this.set(name, this.num(this.get(name)) + 1);
  }

  /** Opens the next file; `input` stays undefined when there is none. Counterpart: next_input_file() */
  private *openNext(): Program<void> {
    let name: string | undefined;
    while (name === undefined && this.argument < this.num(this.get('ARGC'))) {
      const arg = toText(this.array('ARGV').get(String(this.argument++)));
      this.set('ARGIND', this.argument - 1);
      if (arg !== '' && !this.assignment(arg)) name = arg;
    }
    if (name === undefined && this.opened) return;
    this.opened = true;
    this.set('FILENAME', name ?? '-');
    const fd: SysResult<number> = yield* openInput(fromBin(name ?? '-'));
    if (!fd.ok) {
      yield* this.cli.error(`${fromBin(name ?? '')}: ${strerror(fd.errno)}`);
      throw new Jump('abort', 1);
    }
    this.input = this.records(fd.value);
  }

  /** Carries out `name=value`; false for another text. */
  assignment(text: string): boolean {
    const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
    if (match) this.set(match[1] as string, this.fromInput(unescapeString(match[2] as string)));
    return match !== null;
  }

  protected override records(fd: number): Records {
    const separator = (): string | RegExp => {
      const text = toText(this.get('RS'));
      return text.length > 1 ? this.cased(this.regex(text)) : text;
    };
    return new RecordReader(fd, separator, (text) => void this.set('RT', text));
  }

  private error(text: string): AwkError {
    return new AwkError(text, undefined, this.place);
  }
  protected override fault(text: string): AwkError {
    return this.error(text);
  }

  protected override num(value: Value): number {
    return typeof value === 'string' ? leadingNumber(value).value : value instanceof StrNum ? value.n : (value ?? 0);
  }
  protected override fromInput(text: string): Value {
    const { value, length } = leadingNumber(text);
    return length > 0 && /^[ \t]*$/.test(text.slice(length)) ? new StrNum(text, value) : text;
  }
  protected override shown(value: number, name: 'CONVFMT' | 'OFMT'): string {
    if (Number.isInteger(value) && value >= -LONG && value < LONG) return String(BigInt(value));
    const format = toText(this.get(name));
    if (!/[diouxXeEfFgGaA]$/.test(format)) throw this.error('Invalid format specifier');
    return awkPrintf(format, [/[diouxX]$/.test(format) ? toInt(value) : value]) ?? '';
  }
  protected override regexOf(source: string): RegExp {
    const compiled = compileRegex(source, true);
    if (typeof compiled !== 'string') return compiled;
    const basic = compileRegex(source, false);
    return typeof basic === 'string' ? busyboxRegex(source) : basic;
  }
  /** The expression as IGNORECASE wants it. */
  private cased(regex: RegExp): RegExp {
    return truthy(this.get('IGNORECASE')) ? new RegExp(regex.source, 'i') : regex;
  }
  protected override order(cells: Cells): string[] {
    return hashOrder([...cells.keys()]);
  }

  protected override splitText(text: string, separator: string | RegExp): string[] {
    const pattern =
      separator instanceof RegExp ? this.cased(separator) : separator.length > 1 ? this.cased(this.regex(separator)) : separator;
    return splitFields(text, pattern, toText(this.get('RS')) === '', truthy(this.get('IGNORECASE')));
  }
  protected override split(): Value[] {
    if (!this.fields) this.touched = Math.max(this.touched, this.num(this.slot('NF').value));
    return super.split();
  }

  /** Assigning fixes a value: what was unset is an empty string then. A new FS counts for the next record only. */
  protected override *assign(to: Expr, value: Value): Program<void> {
    if (to.t === 'var' && to.name === 'FS') this.split();
    if (to.t === 'field' && to.of.t === 'num' && to.of.v < 0) throw this.error('Access to negative field');
    if (to.t === 'var' && to.name === 'NF' && this.num(value) < 0) throw this.error('NF set to negative value');
    yield* super.assign(to, value === undefined ? '' : value);
  }

  protected override passed(value: Value): Value {
    return value ?? '';
  }
  /** Of printf's arguments only those that the format asks for are looked at. */
  protected override *evaluated(args: readonly Expr[], format: boolean): Program<Value[]> {
    const [first, ...rest] = args;
    if (!format || first === undefined) return yield* super.evaluated(args, format);
    const text = yield* this.value(first);
    const wanted =
      this.text(text)
        .match(/%[^a-zA-Z%]*[a-zA-Z]|%%/g)
        ?.filter((spec) => spec !== '%%').length ?? 0;
    return [text, ...(yield* super.evaluated(rest.slice(0, wanted), false))];
  }

  protected override *value(e: Expr): Program<Value> {
    if (e.t === 'regex') return this.cased(e.v).test(this.record) ? 1 : 0;
    if (e.t === 'field') {
      const at = toInt(this.num(yield* this.value(e.of)));
      if (at < 0) throw this.error('Access to negative field');
      if (at === 0) return this.fromInput(this.record);
      const found = this.split()[at - 1];
      return found === undefined && at <= this.touched ? '' : found;
    }
    return yield* super.value(e);
  }

  protected override compare(a: string, b: string): number {
    return truthy(this.get('IGNORECASE')) ? super.compare(a.toLowerCase(), b.toLowerCase()) : super.compare(a, b);
  }

  protected override arithmetic(op: string, a: number, b: number): number {
    if ((op === '/' || op === '%') && b === 0) throw this.error('Division by zero');
    return op === '%' ? a - Math.trunc(a / b) * b : super.arithmetic(op, a, b);
  }

  protected override *pattern(e: Expr): Program<RegExp> {
    return this.cased(yield* super.pattern(e));
  }

  /** Counterpart: awk_printf(): each conversion is handed to printf(3), numbers as int. */
  protected override printf(values: readonly Value[]): string {
    let next = 1;
    return this.text(values[0]).replace(/%(?:%|[^a-zA-Z%]*(?:[a-zA-Z]|$))/g, (spec) => {
      const letter = spec.at(-1) as string;
      if (spec === '%%') return '%';
      if (!/[a-zA-Z]/.test(letter)) return spec;
      if (spec.includes('*')) throw this.error('%*x formats are not supported');
      const value = values[next++];
      if (letter === 'c') {
        const text = typeof value === 'string' ? value.slice(0, 1) || '\0' : String.fromCharCode(toInt(this.num(value)) & 255);
        return awkPrintf(`${spec.slice(0, -1)}s`, [text]) ?? '';
      }
      if (letter === 's') return awkPrintf(spec, [this.text(value)]) ?? '';
      if (/[diouxX]/.test(letter)) {
        const whole = toInt(this.num(value));
        return awkPrintf(spec, [/[di]/.test(letter) ? whole : whole >>> 0]) ?? '';
      }
      if (!/[eEfFgGaA]/.test(letter)) throw this.error('Invalid format specifier');
      return awkPrintf(spec, [this.num(value)]) ?? '';
    });
  }

  protected override *getline(e: Extract<Expr, { t: 'getline' }>): Program<Value> {
    if (!e.from) {
      if (!this.input) yield* this.openNext();
      if (!this.input) return -1;
      const line = yield* this.input.next();
      if (line === undefined) return 0;
      this.count();
      yield* this.assign(e.to ?? { t: 'field', of: { t: 'num', v: 0 } }, this.fromInput(line));
      return 1;
    }
    const count = this.get('NR');
    const got = yield* super.getline(e);
    this.set('NR', count);
    const { reader } = this.streams.get(this.text(yield* this.value(e.from))) ?? {};
    return got === 0 && reader instanceof RecordReader && reader.failed ? -1 : got;
  }

  /** Counterpart: exec_builtin() and OC_FBLTIN of evaluate() */
  protected override *builtin(name: string, args: readonly Expr[]): Program<Value> {
    const [first, second, third, fourth] = args;
    if (ONE_ARGUMENT.has(name) && (args.length > 1 || (args.length > 0 && (name === 'rand' || name === 'systime'))))
      throw this.error('Too many arguments');
    if (args.length < (BUSYBOX_BUILTINS.get(name) ?? 0)) throw this.error('Too few arguments');
    if (PLAIN.has(name)) return yield* super.builtin(name, args);
    // A string ends at its first NUL.
    if (name === 'sprintf') return this.printf(yield* this.evaluated(args, true)).split('\0')[0];
    if (name === 'match' && second) {
      const text = this.text(yield* this.value(first as Expr));
      const found = (yield* this.pattern(second)).exec(text);
      this.set('RLENGTH', found ? found[0].length : -1);
      this.set('RSTART', found ? found.index + 1 : 0);
      return found ? found.index + 1 : 0;
    }
    if (name === 'sub' || name === 'gsub' || name === 'gensub') {
      const replacement = this.text(yield* this.value(second as Expr));
      const general = name === 'gensub';
      const which = general ? toInt(this.num(yield* this.value(third as Expr))) : name === 'sub' ? 1 : 0;
      const target = yield* this.lvalue((general ? fourth : third) ?? { t: 'field', of: { t: 'num', v: 0 } });
      const text = this.text(yield* this.value(target));
      const { result, count } = replaced(text, yield* this.pattern(first as Expr), replacement, which, general);
      if (general) return result;
      // Also where nothing matched the target is a string afterwards.
      yield* this.assign(target, result);
      return count;
    }
    const values: Value[] = [];
    for (const arg of args) values.push(yield* this.value(arg));
    const [a, b, c] = values;
    const bits = BITS[name];
    if (bits) return Number(BigInt.asUintN(64, bits(toLong(this.num(a)), toLong(this.num(b)))));
    const math = MATH[name];
    if (math) return math(this.num(a));
    switch (name) {
      case 'substr': {
        const text = this.text(a);
        const start = Math.max(0, Math.min(text.length, toInt(this.num(b) - 1)));
        return text.slice(start, args.length > 2 ? start + Math.max(0, toInt(this.num(c))) : undefined);
      }
      case 'index': {
        const [text, part] = [this.text(a), this.text(b)];
        if (part === '') return 0;
        return truthy(this.get('IGNORECASE')) ? text.toLowerCase().indexOf(part.toLowerCase()) + 1 : text.indexOf(part) + 1;
      }
      case 'rand':
        return this.random.fraction();
      case 'srand': {
        const old = this.lastSeed;
        const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
        this.lastSeed = args.length ? Number(BigInt.asUintN(32, toLong(this.num(a)))) : clock.ok ? secondsOf(clock.value) : 0;
        this.random = new GlibcRandom(this.lastSeed);
        return old;
      }
      case 'strftime': {
        const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
        const when = args.length > 1 ? BigInt(Math.trunc(this.num(b))) * 1_000_000_000n : clock.ok ? clock.value : 0n;
        return strftime(args.length ? this.text(a) : '%a %b %d %H:%M:%S %Z %Y', when, zoneOf(this.cli.getenv('TZ')));
      }
      case 'mktime': {
        const parts = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(this.text(a))?.slice(1).map(Number);
        if (!parts || (parts[0] as number) < 1900 || (parts[1] as number) < 1) return -1;
        const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
        return epoch({ year, month, day, hour, minute, second }, zoneOf(this.cli.getenv('TZ')));
      }
      case 'system': {
        const line = this.text(a);
        const status = line === '' ? 0 : yield* this.system(line);
        return status > 128 ? 0 : status;
      }
      case 'close': {
        const stream = this.streams.get(this.text(a));
        const status = yield* this.close(this.text(a));
        return stream?.pid === undefined ? 0 : status > 128 ? status - 128 : status << 8;
      }
      default:
        return undefined;
    }
  }
}
