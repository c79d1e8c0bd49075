// awk: evaluating the tree.

import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin } from '../lib/bytes.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { errOut } from '../lib/io.ts';
import { openInput } from '../lib/lines.ts';
import { secondsOf, strftime } from '../lib/time.ts';
import { AwkState, Jump, type Slot } from './awk-state.ts';
import { AwkError, type Expr, type Stmt } from './awk-syntax.ts';
import { awkPrintf, pureFunction, toText, truthy, type Value } from './awk-values.ts';

/** A program and its input; the two awks differ in what they add. */
export abstract class Awk extends AwkState {
  private steps = 0;
  protected seed = 0;
  /** What stands before a message: the place of the statement. */
  protected place = '';

  protected *apply(): Program<void> {
    try {
      for (const rule of this.program.rules) {
        if (rule.kind !== 'main') continue;
        if (rule.place !== undefined) this.place = rule.place;
        if (rule.from && rule.to) {
          if (!rule.active && !truthy(yield* this.value(rule.from))) continue;
          rule.active = !truthy(yield* this.value(rule.to));
        } else if (rule.from && !truthy(yield* this.value(rule.from))) continue;
        if (rule.body) yield* this.execute(rule.body);
        else yield* this.cli.out(this.record + toText(this.get('ORS')));
      }
    } catch (jump) {
      if (!(jump instanceof Jump)) throw jump;
      if (jump.kind === 'nextfile') this.input = undefined;
      else if (jump.kind !== 'next') throw jump;
    }
  }

  protected *execute(statement: Stmt): Program<void> {
    if (++this.steps % 5000 === 0) yield* sys.sched_yield();
    if (statement.place !== undefined) this.place = statement.place;
    switch (statement.t) {
      case 'expr':
        yield* this.value(statement.e);
        return;
      case 'block':
        for (const inner of statement.list) yield* this.execute(inner);
        return;
      case 'print':
        yield* this.print(statement);
        return;
      case 'if':
        if (truthy(yield* this.value(statement.c))) yield* this.execute(statement.a);
        else if (statement.b) yield* this.execute(statement.b);
        return;
      case 'loop':
        if (statement.init) yield* this.execute(statement.init);
        for (let first = true; ; first = false) {
          if (!(first && statement.post) && statement.c && !truthy(yield* this.value(statement.c))) return;
          if (yield* this.breaks(statement.body)) return;
          if (statement.step) yield* this.execute(statement.step);
        }
      case 'forin':
        for (const key of this.order(this.array(statement.name))) {
          // busybox has written the keys down before.
          if (this.cli.gnu && !this.array(statement.name).has(key)) continue;
          this.set(statement.v, this.cli.gnu ? this.fromInput(key) : key);
          if (yield* this.breaks(statement.body)) return;
        }
        return;
      case 'delete':
        if (statement.keys) this.array(statement.name).delete(yield* this.key(statement.keys));
        else this.array(statement.name).clear();
        return;
      default:
        throw new Jump(statement.kind, statement.v && (yield* this.value(statement.v)));
    }
  }

  private *breaks(body: Stmt): Program<boolean> {
    try {
      yield* this.execute(body);
    } catch (jump) {
      if (!(jump instanceof Jump) || (jump.kind !== 'break' && jump.kind !== 'continue')) throw jump;
      return jump.kind === 'break';
    }
    return false;
  }

  protected *print(statement: Extract<Stmt, { t: 'print' }>): Program<void> {
    const values = yield* this.evaluated(statement.args, statement.format);
    const shown = (value: Value): string => (typeof value === 'number' ? this.shown(value, 'OFMT') : toText(value));
    const text = statement.format
      ? this.printf(values, 'printf')
      : (values.length ? values.map(shown).join(toText(this.get('OFS'))) : this.record) + toText(this.get('ORS'));
    if (!statement.to) return yield* this.cli.out(text);
    const name = this.text(yield* this.value(statement.to));
    if (name === '/dev/stdout' && statement.op !== '|') return yield* this.cli.out(text);
    if (name === '/dev/stderr' && statement.op !== '|') return void (yield* errOut(fromBin(text)));
    let stream = this.streams.get(name);
    if (!stream) {
      yield* this.cli.flush();
      stream = statement.op === '|' ? yield* this.pipe(name, true) : yield* this.file(name, statement.op);
      this.streams.set(name, stream);
    }
    stream.text += text;
    if (stream.text.length >= 4096) yield* this.flush(stream);
  }

  /** The values of arguments; `format`: the first says what becomes of the others. */
  protected *evaluated(args: readonly Expr[], _format: boolean): Program<Value[]> {
    const values: Value[] = [];
    for (const arg of args) values.push(yield* this.value(arg));
    return values;
  }

  /** A place to assign to with its key worked out, so that that is done once. */
  protected *lvalue(e: Expr): Program<Expr> {
    if (e.t === 'index') return { ...e, keys: [{ t: 'str', v: yield* this.key(e.keys) }] };
    return e.t === 'field' ? { t: 'field', of: { t: 'num', v: this.num(yield* this.value(e.of)) } } : e;
  }
  /** A value as an argument of a function. */
  protected passed(value: Value): Value {
    return value;
  }

  private *key(keys: readonly Expr[]): Program<string> {
    const parts: string[] = [];
    for (const key of keys) parts.push(this.text(yield* this.value(key)));
    return parts.join(toText(this.get('SUBSEP')));
  }

  protected *assign(to: Expr, value: Value): Program<void> {
    if (to.t === 'var') {
      this.set(to.name, value);
      if (to.name === 'NF') {
        const fields = this.fields ?? this.splitText(this.record, toText(this.get('FS'))).map((part) => this.fromInput(part));
        this.fields = Array.from({ length: this.num(value) }, (_, at) => fields[at] ?? '');
        this.rebuild();
      }
    } else if (to.t === 'index') this.array(to.name).set(yield* this.key(to.keys), value);
    else if (to.t === 'field') this.setField(this.num(yield* this.value(to.of)), value);
  }

  protected *value(e: Expr): Program<Value> {
    switch (e.t) {
      case 'num':
      case 'str':
        return e.v;
      case 'regex':
        return e.v.test(this.record) ? 1 : 0;
      case 'var':
        return this.get(e.name);
      case 'index': {
        const cells = this.array(e.name);
        const key = yield* this.key(e.keys);
        if (!cells.has(key)) cells.set(key, undefined);
        return cells.get(key);
      }
      case 'field': {
        const at = this.num(yield* this.value(e.of));
        if (at < 0) throw this.fault('Access to negative field', `negative field index $${at}`);
        return at === 0 ? this.fromInput(this.record) : this.split()[at - 1];
      }
      case 'assign': {
        const to = yield* this.lvalue(e.to);
        const old = e.op === '=' ? undefined : this.num(yield* this.value(to));
        const right = yield* this.value(e.v);
        const value = old === undefined ? right : this.arithmetic(e.op[0] as string, old, this.num(right));
        yield* this.assign(to, value);
        return value;
      }
      case 'cond':
        return yield* this.value(truthy(yield* this.value(e.c)) ? e.a : e.b);
      case 'un': {
        const a = yield* this.value(e.a);
        return e.op === '!' ? (truthy(a) ? 0 : 1) : e.op === '-' ? -this.num(a) : this.num(a);
      }
      case 'step': {
        const to = yield* this.lvalue(e.a);
        const old = this.num(yield* this.value(to));
        yield* this.assign(to, old + e.by);
        return e.pre ? old + e.by : old;
      }
      case 'in':
        return this.array(e.name).has(yield* this.key(e.keys)) ? 1 : 0;
      case 'match': {
        const pattern = yield* this.pattern(e.b);
        return pattern.test(this.text(yield* this.value(e.a))) !== e.not ? 1 : 0;
      }
      case 'group':
        return yield* this.key(e.list);
      case 'getline':
        return yield* this.getline(e);
      case 'call':
        return e.own ? yield* this.call(e.name, e.args) : yield* this.builtin(e.name, e.args);
      case 'bin':
        return yield* this.binary(e.op, e.a, e.b);
    }
  }

  private *binary(op: string, left: Expr, right: Expr): Program<Value> {
    const a = yield* this.value(left);
    if (op === '()') return a;
    if (op === '&&') return truthy(a) && truthy(yield* this.value(right)) ? 1 : 0;
    if (op === '||') return truthy(a) || truthy(yield* this.value(right)) ? 1 : 0;
    const b = yield* this.value(right);
    if (op === ' ') return this.text(a) + this.text(b);
    if (!['<', '<=', '==', '!=', '>', '>='].includes(op)) return this.arithmetic(op, this.num(a), this.num(b));
    let order: number;
    if (typeof a === 'string' || typeof b === 'string') {
      order = this.compare(this.text(a), this.text(b));
    } else order = this.num(a) - this.num(b);
    return { '<': order < 0, '<=': order <= 0, '==': order === 0, '!=': order !== 0, '>': order > 0, '>=': order >= 0 }[op] ? 1 : 0;
  }

  protected compare(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  protected arithmetic(op: string, a: number, b: number): number {
    if ((op === '/' || op === '%') && b === 0 && !this.cli.gnu) throw new AwkError('Division by zero');
    return op === '+' ? a + b : op === '-' ? a - b : op === '*' ? a * b : op === '/' ? a / b : op === '%' ? a % b : a ** b;
  }

  /** A mistake met while running, in mawk's words. Counterpart: mawk 1.3.4 error.c, rt_error() */
  protected fault(text: string, mawk: string): AwkError {
    const place = `FILENAME="${this.text(this.get('FILENAME'))}" FNR=${this.text(this.get('FNR')) || 0} NR=${this.text(this.get('NR')) || 0}`;
    return new AwkError(text, `run time error: ${mawk}\n\t${place}`);
  }

  protected printf(values: readonly Value[], name: string): string {
    const format = this.text(values[0]);
    const text = awkPrintf(format, values.slice(1), toText(this.get('CONVFMT')), this.cli.gnu);
    if (text === undefined) throw this.fault('', `not enough arguments passed to ${name}("${format}")`);
    return text;
  }

  protected *pattern(e: Expr): Program<RegExp> {
    return e.t === 'regex' ? e.v : this.regex(this.text(yield* this.value(e)));
  }

  protected *getline(e: Extract<Expr, { t: 'getline' }>): Program<Value> {
    let line: string | undefined;
    if (!e.from) line = yield* this.nextRecord(e.to !== undefined);
    else {
      const name = this.text(yield* this.value(e.from));
      let stream = this.streams.get(name);
      if (!stream) {
        yield* this.cli.flush();
        if (e.pipe) stream = yield* this.pipe(name, false);
        else {
          const fd: SysResult<number> = yield* openInput(fromBin(name));
          if (!fd.ok) return -1;
          stream = { fd: fd.value, pid: undefined, reader: this.records(fd.value), text: '' };
        }
        this.streams.set(name, stream);
      }
      line = stream.reader && (yield* stream.reader.next());
      if (line !== undefined && e.pipe) this.set('NR', this.num(this.get('NR')) + 1);
      if (line !== undefined && !e.to) this.setRecord(line);
    }
    if (line === undefined) return 0;
    if (e.to) yield* this.assign(e.to, this.fromInput(line));
    return 1;
  }

  private *call(name: string, args: readonly Expr[]): Program<Value> {
    const fn = this.program.functions.get(name);
    if (!fn) throw new AwkError(`Call to undefined function`);
    const frame = new Map<string, Slot>();
    for (const [at, param] of fn.params.entries()) {
      const arg = args[at];
      // A bare name may be an array, also one that becomes one in the function.
      if (arg?.t === 'var') {
        const outer = this.slot(arg.name);
        if (outer.value === undefined) outer.array ??= new Map();
        frame.set(param, { value: this.get(arg.name), array: outer.array });
      } else frame.set(param, { value: arg && this.passed(yield* this.value(arg)) });
    }
    const outer = this.frame;
    this.frame = frame;
    try {
      yield* this.execute(fn.body);
    } catch (jump) {
      if (!(jump instanceof Jump) || jump.kind !== 'return') throw jump;
      return jump.value;
    } finally {
      this.frame = outer;
    }
    return undefined;
  }

  protected *builtin(name: string, args: readonly Expr[]): Program<Value> {
    const [first, second, third] = args;
    if (name === 'length' && first?.t === 'var' && this.slot(first.name).array && this.slot(first.name).value === undefined)
      return this.array(first.name).size;
    if (name === 'split') {
      const text = first ? this.text(yield* this.value(first)) : '';
      const separator = third === undefined ? toText(this.get('FS')) : third.t === 'regex' ? third.v : this.text(yield* this.value(third));
      const cells = second?.t === 'var' ? this.array(second.name) : new Map<string, Value>();
      cells.clear();
      const parts = this.splitText(text, separator);
      parts.forEach((part, at) => void cells.set(String(at + 1), this.fromInput(part)));
      return parts.length;
    }
    if (name === 'sub' || name === 'gsub') {
      const pattern = first ? yield* this.pattern(first) : /(?:)/;
      const replacement = second ? this.text(yield* this.value(second)) : '';
      const target = yield* this.lvalue(third ?? { t: 'field', of: { t: 'num', v: 0 } });
      let count = 0;
      const result = this.text(yield* this.value(target)).replace(new RegExp(pattern.source, name === 'gsub' ? 'g' : ''), (...found) => {
        count++;
        return replacement.replace(/\\\\&|\\&|&/g, (mark) =>
          mark === '&' ? (found[0] as string) : mark === '\\&' ? '&' : `\\${found[0]}`,
        );
      });
      if (count > 0) yield* this.assign(target, result);
      return count;
    }
    if (name === 'match' && second) {
      const found = (yield* this.pattern(second)).exec(first ? this.text(yield* this.value(first)) : '');
      this.set('RSTART', found ? found.index + 1 : 0);
      this.set('RLENGTH', found ? found[0].length : -1);
      return found ? found.index + 1 : 0;
    }
    const values: Value[] = [];
    for (const arg of args) values.push(yield* this.value(arg));
    const [a, b, c] = values;
    switch (name) {
      case 'length':
        return (args.length ? this.text(a) : this.record).length;
      case 'substr': {
        const start = Math.max(1, Math.round(this.num(b)));
        const end = c === undefined && args.length < 3 ? Number.POSITIVE_INFINITY : start + Math.round(this.num(c));
        return this.text(a).slice(start - 1, Math.max(start - 1, end - 1));
      }
      case 'index':
        return this.text(a).indexOf(this.text(b)) + 1;
      case 'sprintf':
        return this.printf(values, 'sprintf');
      case 'rand':
        this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
        return this.seed / 2147483648;
      case 'srand': {
        const old = this.seed;
        this.seed = this.num(a);
        return old;
      }
      case 'systime':
      case 'strftime': {
        const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
        const ns = now.ok ? now.value : 0n;
        if (name === 'systime') return secondsOf(ns);
        return strftime(args.length ? this.text(a) : '%c', args.length > 1 ? BigInt(Math.trunc(this.num(b))) * 1_000_000_000n : ns);
      }
      case 'close':
        return yield* this.close(this.text(a));
      case 'fflush':
        yield* this.cli.flush();
        for (const stream of this.streams.values()) if (!stream.reader) yield* this.flush(stream);
        return 0;
      case 'system':
        return yield* this.system(this.text(a));
      default:
        return pureFunction(name, this.text(a), this.num(a), this.num(b));
    }
  }

  protected *system(text: string): Program<number> {
    yield* this.cli.flush();
    const { env } = this.cli.context;
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* execvp(['/bin/sh', '-c', fromBin(text)], env);
        return 127;
      },
    });
    return child.ok ? statusCode(yield* waitFor(child.value)) : -1;
  }
}
