// How reading and running a command can fail.

import type { ArithFault } from './arith/numbers.ts';

/** Thrown (and always caught by the reader) when the text is not complete yet. */
export class NeedMore {}

/** Thrown (and always caught by the reader) for a syntax error: longjmp's stand-in, as in ash itself. */
export class SyntaxFault {
  readonly message: string;
  readonly line: number;
  /** bash: the offending source line to show. */
  readonly near: boolean;
  constructor(message: string, line: number, near = false) {
    this.message = message;
    this.line = line;
    this.near = near;
  }
}

/** An error that ends a non-interactive shell and sends an interactive one back to its prompt (EXERROR of dash). */
export class ShellFault {
  readonly message: string | undefined;
  readonly status: number;
  /** The message is complete: no prefix belongs before it. */
  readonly whole: boolean;
  /** Ends the shell even where a failed redirection would not. */
  fatal = false;
  constructor(message: string | undefined, status = 2, whole = false) {
    this.message = message;
    this.status = status;
    this.whole = whole;
  }
}

/** Leaves the shell (`exit`, `set -e`, end of a child). */
export class ShellExit {
  readonly status: number;
  /** Traps have run or must not run. */
  constructor(status: number) {
    this.status = status;
  }
}

/** What bash says about an expression it cannot calculate. */
export function arithFault(text: string, fault: ArithFault): ShellFault {
  const { problem, token } = fault;
  if (problem === 'told') return new ShellFault(token);
  const what =
    problem === 'divide' ? 'division by 0' : problem === 'number' ? 'value too great for base' : 'syntax error: operand expected';
  return new ShellFault(`${text.trimStart()}: ${what} (error token is "${token}")`, 1);
}
