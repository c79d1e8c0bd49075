// The characters of a command's text with line continuations taken out.

import type { Dialect } from './dialect.ts';
import { NeedMore, SyntaxFault } from './faults.ts';

export abstract class CharReader {
  src: string;
  pos: number;
  line: number;
  readonly eof: boolean;
  readonly d: Dialect;

  constructor(src: string, line: number, eof: boolean, d: Dialect) {
    this.src = src;
    this.pos = 0;
    this.line = line;
    this.eof = eof;
    this.d = d;
  }

  fault(message: string): SyntaxFault {
    return new SyntaxFault(message, this.line);
  }

  /** The next character without line continuations; undefined at the end of the text. */
  protected peek(at = 0): string | undefined {
    while (this.src[this.pos] === '\\' && this.src[this.pos + 1] === '\n') {
      this.pos += 2;
      this.line++;
    }
    const c = this.src[this.pos + at];
    if (c === undefined && !this.eof) throw new NeedMore();
    return c;
  }

  /** The next character as it stands: after a backslash nothing continues a line. */
  protected literal(): string | undefined {
    const c = this.src[this.pos];
    if (c === undefined && !this.eof) throw new NeedMore();
    return c;
  }

  protected next(): string | undefined {
    const c = this.peek();
    if (c !== undefined) {
      this.pos++;
      if (c === '\n') this.line++;
    }
    return c;
  }
}
