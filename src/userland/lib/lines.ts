// Lines and whole inputs from descriptors and named files, as byte strings.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { binOf } from './bytes.ts';
import { MEMORY, readFd } from './io.ts';

/** What stdio reads at once. */
const STDIO = 4096;
/** Full reads after which a reader of everything asks for more at once, and how much. */
const MANY = 16;
const BULK = 131072;

/**
 * Reads lines from a descriptor as they come: a read takes what is there, as stdio does.
 * `whole`: the program will read up to the end, so that nobody minds how far ahead of its lines it is.
 */
export class LineReader {
  readonly fd: number;
  private buffer = '';
  private at = 0;
  private ended = false;
  private reads = 0;
  /** What has been read of a line whose end has not come. */
  private held: string[] = [];
  private length = 0;
  private readonly separator: string;
  private readonly whole: boolean;
  /** errno of a failed read; the input ends there. */
  error: Errno | undefined;

  constructor(fd: number, separator = '\n', whole = false) {
    this.fd = fd;
    this.separator = separator;
    this.whole = whole;
  }

  /** The next line if it has been read already: no system call, and no generator for each line of a block. */
  ready(): string | undefined {
    const end = this.buffer.indexOf(this.separator, this.at);
    if (end < 0) return undefined;
    const line = this.buffer.slice(this.at, end + 1);
    this.at = end + 1;
    return line;
  }

  /** Passes over lines that have been read already and lack a text; gives them. */
  skipWithout(text: string): string {
    const hit = this.buffer.indexOf(text, this.at);
    const end = hit < 0 ? this.buffer.lastIndexOf(this.separator) : this.buffer.lastIndexOf(this.separator, hit);
    if (end < this.at) return '';
    const skipped = this.buffer.slice(this.at, end + 1);
    this.at = end + 1;
    return skipped;
  }

  /** The next line with its newline (the last one may lack it); undefined at the end. */
  *next(): Program<string | undefined> {
    let from = this.at;
    for (;;) {
      const end = this.buffer.indexOf(this.separator, from);
      if (end >= 0) {
        const line = this.buffer.slice(this.at, end + 1);
        this.at = end + 1;
        return line;
      }
      if (this.ended) {
        if (this.at >= this.buffer.length) return undefined;
        const rest = this.buffer.slice(this.at);
        this.at = this.buffer.length;
        return rest;
      }
      if (this.held.length === 0) {
        this.buffer = this.buffer.slice(this.at);
        this.at = 0;
        from = this.buffer.length;
      }
      const got: SysResult<Uint8Array> = yield* sys.read(this.fd, this.whole && this.reads >= MANY ? BULK : STDIO);
      if (!got.ok) {
        if (got.errno === 'EINTR') continue;
        this.error = got.errno;
        this.ended = true;
      } else if (got.value.length === 0) this.ended = true;
      else {
        if (got.value.length === STDIO) this.reads++;
        const piece = binOf(got.value);
        this.held.push(piece);
        this.length += piece.length;
        if (this.length > MEMORY) {
          this.error = 'ENOMEM';
          this.ended = true;
          this.held = [];
        } else if (!piece.includes(this.separator)) continue;
      }
      // Joined once: a line without end would otherwise be copied for every piece of it.
      this.buffer += this.held.join('');
      this.held = [];
      this.length = 0;
    }
  }
}

/** Opens a file for reading; `-` is standard input. */
export function* openInput(path: string): Program<SysResult<number>> {
  if (path === '-') return { ok: true, value: 0 };
  return yield* sys.openat(AT_FDCWD, path, O_RDONLY);
}

/** Closes what openInput opened. */
export function* closeInput(fd: number): Program<void> {
  if (fd !== 0) yield* sys.close(fd);
}

export interface SlurpError {
  readonly ok: false;
  readonly errno: Errno;
  /** Did open fail, or reading? */
  readonly opening: boolean;
}

/** Everything in a file (or standard input) as a byte string. */
export function* slurp(path: string): Program<{ readonly ok: true; readonly value: string } | SlurpError> {
  const fd = yield* openInput(path);
  if (!fd.ok) return { ...fd, opening: true };
  const all = yield* readFd(fd.value);
  yield* closeInput(fd.value);
  return all.ok ? { ok: true, value: binOf(all.value) } : { ...all, opening: false };
}

/** The lines of a byte string without their newlines. */
export function splitLines(bin: string): string[] {
  if (bin === '') return [];
  return (bin.endsWith('\n') ? bin.slice(0, -1) : bin).split('\n');
}
