// Records of busybox's awk: RS is a letter, an expression, or nothing, and may change between two records.

import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { binOf } from '../lib/bytes.ts';

const BLOCK = 4096;

/** What a buffer begins with: a record, what ended it, and how much of the buffer both are. */
interface Found {
  readonly record: string;
  readonly ended: string;
  readonly taken: number;
}

export class RecordReader {
  readonly fd: number;
  private readonly separator: () => string | RegExp;
  private readonly terminated: (text: string) => void;
  private buffer = '';
  private from = 0;
  private atEnd = false;
  failed = false;

  /** `separator` gives RS as it is now; `terminated` is told what ended a record. */
  constructor(fd: number, separator: () => string | RegExp, terminated: (text: string) => void) {
    this.fd = fd;
    this.separator = separator;
    this.terminated = terminated;
  }

  *next(): Program<string | undefined> {
    for (;;) {
      const found = this.find(this.separator());
      if (found) {
        this.from += found.taken;
        this.terminated(found.ended);
        return found.record;
      }
      if (this.atEnd) return undefined;
      this.buffer = this.buffer.slice(this.from);
      this.from = 0;
      const got: SysResult<Uint8Array> = yield* sys.read(this.fd, BLOCK);
      if (!got.ok && got.errno === 'EINTR') continue;
      if (!got.ok) this.failed = true;
      if (!got.ok || got.value.length === 0) this.atEnd = true;
      else this.buffer += binOf(got.value);
    }
  }

  /** Counterpart: awk_getline() of busybox */
  private find(separator: string | RegExp): Found | undefined {
    const { buffer, from } = this;
    if (typeof separator === 'string' && separator !== '') {
      const end = buffer.indexOf(separator, from);
      if (end >= 0) return { record: buffer.slice(from, end), ended: separator, taken: end + 1 - from };
    } else {
      const text = buffer.slice(from);
      // A paragraph begins behind empty lines; more of them may follow what has been read so far.
      const skipped = separator === '' ? (/^\n+/.exec(text)?.[0].length ?? 0) : 0;
      const match = separator === '' ? /\n\n+/.exec(text.slice(skipped)) : (separator as RegExp).exec(text);
      if (match && (this.atEnd || skipped + match.index + match[0].length < text.length)) {
        const at = skipped + match.index;
        return { record: text.slice(skipped, at), ended: match[0], taken: at + match[0].length };
      }
      if (this.atEnd && skipped > 0 && skipped < text.length) return { record: text.slice(skipped), ended: '', taken: text.length };
    }
    if (!this.atEnd || from >= buffer.length) return undefined;
    return { record: buffer.slice(from), ended: '', taken: buffer.length - from };
  }
}
