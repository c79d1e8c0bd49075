// test(1) and `[[`: the grammar of bash and coreutils; dash and busybox have their own.

import type { Program } from '#kernel/uapi/index.ts';
import { AshTest } from './testash.ts';
import { DashTest } from './testdash.ts';
import { BINARY, binary, TestFault, type TestStyle, UNARY, unary } from './testops.ts';

/** What only a shell can answer. */
export interface Asked {
  /** `=~` */
  matches(text: string, pattern: string): Program<boolean>;
  /** An operand of `-eq` and its like between `[[` and `]]`. */
  value(text: string): bigint | number;
  /** `-v` */
  isSet(name: string): boolean;
}

const NUMERIC = /^-(?:eq|ne|lt|le|gt|ge)$/;

class Test {
  private at = 0;
  private readonly args: readonly string[];
  private readonly style: TestStyle;
  private readonly double: boolean;
  private readonly asked: Asked | undefined;
  constructor(args: readonly string[], style: TestStyle, double: boolean, asked: Asked | undefined) {
    this.asked = asked;
    this.args = args;
    this.style = style;
    this.double = double;
  }

  *whole(): Program<boolean> {
    if (this.args.length === 0) return false;
    const result = yield* this.or();
    const left = this.args[this.at];
    if (left !== undefined) {
      throw new TestFault(
        this.style === 'gnu'
          ? `extra argument '${left}'`
          : this.args.length === 2
            ? `${this.args[0]}: unary operator expected`
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
      if (op === '=~' && this.asked) return yield* this.asked.matches(a, b);
      if (this.double && this.asked && NUMERIC.test(op))
        return yield* binary(String(this.asked.value(a)), op, String(this.asked.value(b)), this.style, true);
      return yield* binary(a, op, b, this.style, this.double);
    }
    if (a === '(' && op !== undefined) {
      this.at++;
      const value = yield* this.or();
      if (args[this.at] !== ')') throw new TestFault("`)' expected");
      this.at++;
      return value;
    }
    if (UNARY.has(a) && op !== undefined && (a !== '-a' || at === 0)) {
      this.at += 2;
      return a === '-v' && this.asked ? this.asked.isSet(op) : yield* unary(a, op, this.style);
    }
    if (args.length - at === 3 && op !== undefined && op !== '-a' && op !== '-o' && !this.double) {
      throw new TestFault(`${op}: binary operator expected`);
    }
    this.at++;
    return a !== '';
  }
}

/** Evaluates the operands of test; TestFault for a malformed expression. `double`: `[[`. */
export function* testExpression(args: readonly string[], style: TestStyle, double = false, asked?: Asked): Program<boolean> {
  if (style === 'dash') return yield* new DashTest(args).whole();
  if (style === 'ash') return yield* new AshTest(args, double).whole();
  return yield* new Test(args, style, double, asked).whole();
}
