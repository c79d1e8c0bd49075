// Reading and writing for programs, over nothing but system calls.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a program can hold of its input. A real one may have more; without a limit the page would have none left. */
export const MEMORY = 128 * 1024 * 1024;

/** UTF-8 bytes of a text. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
/** Text of UTF-8 bytes; invalid sequences become U+FFFD. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Writes all bytes to a descriptor; the errno of the first failing write, or undefined. */
export function* writeAll(fd: number, data: Uint8Array): Program<Errno | undefined> {
  for (let at = 0; at < data.length; ) {
    const wrote: SysResult<number> = yield* sys.write(fd, at === 0 ? data : data.subarray(at));
    if (wrote.ok) at += wrote.value;
    else if (wrote.errno !== 'EINTR') return wrote.errno;
  }
  return undefined;
}

/** Writes text to standard output. */
export function* out(text: string): Program<Errno | undefined> {
  return text === '' ? undefined : yield* writeAll(1, bytesOf(text));
}

/** Writes text to standard error. */
export function* errOut(text: string): Program<Errno | undefined> {
  return text === '' ? undefined : yield* writeAll(2, bytesOf(text));
}

/** Everything from a descriptor up to its end; stops with an errno. */
export function* readFd(fd: number): Program<SysResult<Uint8Array>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(fd, 65536);
    if (!got.ok) {
      if (got.errno === 'EINTR') continue;
      return got;
    }
    if (got.value.length === 0) break;
    chunks.push(got.value);
    length += got.value.length;
    if (length > MEMORY) return { ok: false, errno: 'ENOMEM' };
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return { ok: true, value: all };
}

/** The whole contents of a file by path. */
export function* readFile(path: string): Program<SysResult<Uint8Array>> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  if (!fd.ok) return fd;
  const contents: SysResult<Uint8Array> = yield* readFd(fd.value);
  yield* sys.close(fd.value);
  return contents;
}

/** Collects output and writes it in blocks of 8 KiB, as stdio does for a file or pipe. Call flush before returning. */
export class Writer {
  private pending = '';
  private readonly fd: number;
  /** errno of the first failed write; later output is dropped. */
  error: Errno | undefined;

  constructor(fd = 1) {
    this.fd = fd;
  }

  *write(text: string): Program<void> {
    this.pending += text;
    if (this.pending.length >= 8192) yield* this.flush();
  }

  *flush(): Program<void> {
    const text = this.pending;
    this.pending = '';
    if (text !== '' && this.error === undefined) this.error = yield* writeAll(this.fd, bytesOf(text));
  }
}
