// How reading a command can fail.

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
