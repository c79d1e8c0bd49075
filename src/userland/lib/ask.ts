// Answers of the person at the terminal.

import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { textOf } from './io.ts';

/** A line of standard input without its newline, read byte by byte so that what follows is left; undefined at the end. */
export function* readLine(): Program<string | undefined> {
  const bytes: number[] = [];
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(0, 1);
    if (!got.ok && got.errno === 'EINTR') continue;
    const byte = got.ok ? got.value[0] : undefined;
    if (byte === undefined && bytes.length === 0) return undefined;
    if (byte === undefined || byte === 10) return textOf(Uint8Array.from(bytes));
    bytes.push(byte);
  }
}

/** Lines of standard input as stdio reads them: a whole block at a time, so that what follows in a pipe is gone for others. */
export class Answers {
  private held = '';

  /** The next line without its newline; undefined at the end. */
  *next(): Program<string | undefined> {
    while (!this.held.includes('\n')) {
      const got: SysResult<Uint8Array> = yield* sys.read(0, 4096);
      if (!got.ok && got.errno === 'EINTR') continue;
      if (!got.ok || got.value.length === 0) break;
      this.held += textOf(got.value);
    }
    if (this.held === '') return undefined;
    const end = this.held.indexOf('\n');
    const line = end < 0 ? this.held : this.held.slice(0, end);
    this.held = end < 0 ? '' : this.held.slice(end + 1);
    return line;
  }
}
