// test(1) of dash, its decisions in its order. Counterpart: dash 0.5.12 bltin/test.c

import type { Program } from '#kernel/uapi/index.ts';
import { binary, TestFault, UNOPS, unary } from './testops.ts';

const BINOPS = new Set(['=', '!=', '<', '>', '-eq', '-ne', '-ge', '-gt', '-le', '-lt', '-nt', '-ot', '-ef']);

/** An operator's text, `end`, or `operand`. */
type Token = string;

export class DashTest {
  private args: readonly string[];
  private at = 0;
  constructor(args: readonly string[]) {
    this.args = args;
  }

  *whole(): Program<boolean> {
    if (this.args.length === 0) return false;
    const { args } = this;
    const count = args.length;
    let first: Token | undefined;
    if (count === 3 && BINOPS.has(args[1] as string)) first = 'operand';
    else if ((count === 3 || count === 4) && args[0] === '(' && args[count - 1] === ')') this.args = args.slice(1, -1);
    const result = yield* this.or(first ?? this.token(0));
    if (this.args[this.at] !== undefined && this.args[this.at + 1] !== undefined) this.fault(this.args[this.at], 'unexpected operator');
    return result;
  }

  private fault(op: string | undefined, message: string): never {
    throw new TestFault(op ? `${op}: ${message}` : message);
  }

  private token(at: number): Token {
    const text = this.args[at];
    if (text === undefined) return 'end';
    if (UNOPS.has(text)) return this.isOperand(at) ? 'operand' : text;
    if (text === '(') return this.args[at + 1] === undefined ? 'operand' : text;
    return BINOPS.has(text) || ['!', '-a', '-o', ')'].includes(text) ? text : 'operand';
  }

  private isOperand(at: number): boolean {
    const next = this.args[at + 1];
    if (next === undefined) return true;
    return this.args[at + 2] !== undefined && BINOPS.has(next);
  }

  private *or(token: Token): Program<boolean> {
    let result = false;
    for (let next = token; ; ) {
      if (yield* this.and(next)) result = true;
      if (this.token(this.at + 1) !== '-o') return result;
      this.at += 2;
      next = this.token(this.at);
    }
  }

  private *and(token: Token): Program<boolean> {
    let result = true;
    for (let next = token; ; ) {
      if (!(yield* this.not(next))) result = false;
      if (this.token(this.at + 1) !== '-a') return result;
      this.at += 2;
      next = this.token(this.at);
    }
  }

  private *not(token: Token): Program<boolean> {
    if (token !== '!') return yield* this.primary(token);
    const next = this.token(this.at + 1);
    if (next !== 'end') this.at++;
    return !(yield* this.not(next));
  }

  private *primary(token: Token): Program<boolean> {
    if (token === 'end') return false;
    if (token === '(') {
      const next = this.token(++this.at);
      if (next === ')') return false;
      const result = yield* this.or(next);
      if (this.token(++this.at) !== ')') this.fault(undefined, 'closing paren expected');
      return result;
    }
    if (UNOPS.has(token)) {
      const operand = this.args[++this.at];
      if (operand === undefined) this.fault(token, 'argument expected');
      return yield* unary(token, operand as string, 'dash');
    }
    const text = this.args[this.at] as string;
    const op = this.args[this.at + 1];
    if (op === undefined || !BINOPS.has(op)) return text !== '';
    this.at += 2;
    const right = this.args[this.at];
    if (right === undefined) this.fault(op, 'argument expected');
    return yield* binary(text, op, right as string, 'dash', false);
  }
}
