// test(1) and `[[` of busybox, its decisions in its order. Counterpart: busybox 1.35 coreutils/test.c

import type { Program } from '#kernel/uapi/index.ts';
import { binary, TestFault, UNOPS, unary } from './testops.ts';

const BINOPS = new Set(['=', '==', '!=', '<', '>', '-eq', '-ne', '-ge', '-gt', '-le', '-lt', '-nt', '-ot', '-ef', '=~']);

export class AshTest {
  private readonly args: readonly string[];
  private readonly double: boolean;
  private at = 0;
  constructor(args: readonly string[], double: boolean) {
    this.args = args;
    this.double = double;
  }

  *whole(): Program<boolean> {
    const { args } = this;
    const negate = args[0] === '!' && !(args.length === 3 && this.isBinary(args[1]));
    const rest = negate ? args.slice(1) : args;
    if (rest.length === 0) return negate;
    if (rest.length === 1) return (rest[0] !== '') !== negate;
    if (rest.length === 3 && this.isBinary(rest[1])) {
      this.at = negate ? 1 : 0;
      return (yield* this.comparison()) !== negate;
    }
    const result = yield* this.or();
    if (args[this.at] !== undefined && args[this.at + 1] !== undefined) throw new TestFault(`${args[this.at + 1]}: unknown operand`);
    return result;
  }

  private isBinary(text: string | undefined): boolean {
    return text !== undefined && BINOPS.has(text) && (text !== '=~' || this.double);
  }

  private fault(op: string | undefined, message: string): never {
    throw new TestFault(op ? `${op}: ${message}` : message);
  }

  private *or(): Program<boolean> {
    const left = yield* this.and();
    if (!this.takes('-o', '||')) return left;
    const right = yield* this.or();
    return left || right;
  }

  private *and(): Program<boolean> {
    const left = yield* this.not();
    if (!this.takes('-a', '&&')) return left;
    const right = yield* this.and();
    return left && right;
  }

  /** Steps over an operator behind the current operand. */
  private takes(op: string, doubled: string): boolean {
    const next = this.args[this.at + 1];
    if (next !== op && !(this.double && next === doubled)) return false;
    this.at += 2;
    return true;
  }

  private *not(): Program<boolean> {
    if (this.args[this.at] !== '!') return yield* this.primary();
    if (this.args[++this.at] === undefined) {
      this.at--;
      return true;
    }
    return !(yield* this.not());
  }

  private *primary(): Program<boolean> {
    const { args, at } = this;
    const text = args[at];
    if (text === undefined) this.fault(undefined, 'argument expected');
    if (text === '(') {
      this.at++;
      const result = yield* this.or();
      if (args[++this.at] !== ')') this.fault(undefined, 'closing paren expected');
      return result;
    }
    if (args[at + 2] !== undefined && this.isBinary(args[at + 1])) return yield* this.comparison();
    if (UNOPS.has(text as string) && args[at + 1] !== undefined) {
      this.at++;
      return yield* unary(text as string, args[this.at] as string, 'ash');
    }
    if (this.isBinary(args[at + 1])) return yield* this.comparison();
    return text !== '';
  }

  private *comparison(): Program<boolean> {
    const [left, op, right] = this.args.slice(this.at, this.at + 3);
    this.at += 2;
    if (right === undefined) this.fault(op, 'argument expected');
    return yield* binary(left as string, op as string, right as string, 'ash', this.double);
  }
}
