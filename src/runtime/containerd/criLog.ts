// The log file of a container on the node's disk: a line for every line of output, with its time and stream.
// Counterpart: internal/cri/io/logger.go, containerd 2.1

import { AT_FDCWD, O_APPEND, O_CLOEXEC, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { rfc3339Nano } from '#base/time.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { writeAll } from './pump.ts';

export type Stream = 'stdout' | 'stderr';

/** max_container_log_line_size of the default configuration: longer lines are cut and tagged P, the last part F. */
const LONGEST_LINE = 16 * 1024;
const NEWLINE = 10;
const encoder = new TextEncoder();

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Cuts output into the lines of the log. What has no newline yet waits for it, or for the end. */
export class CriLines {
  private readonly open: Record<Stream, Uint8Array> = { stdout: new Uint8Array(), stderr: new Uint8Array() };

  add(stream: Stream, data: Uint8Array, time: bigint): Uint8Array {
    const text = joined([this.open[stream], data]);
    const lines: Uint8Array[] = [];
    let from = 0;
    const put = (to: number, tag: 'P' | 'F'): void => {
      lines.push(encoder.encode(`${rfc3339Nano(time)} ${stream} ${tag} `), text.subarray(from, to), new Uint8Array([NEWLINE]));
    };
    for (;;) {
      const end = text.indexOf(NEWLINE, from);
      const length = (end < 0 ? text.length : end) - from;
      if (length > LONGEST_LINE) {
        put(from + LONGEST_LINE, 'P');
        from += LONGEST_LINE;
      } else if (end < 0) break;
      else {
        put(end, 'F');
        from = end + 1;
      }
    }
    this.open[stream] = text.slice(from);
    return joined(lines);
  }

  /** The rest, when a stream has ended. */
  end(stream: Stream, time: bigint): Uint8Array {
    return this.open[stream].length === 0 ? new Uint8Array() : this.add(stream, new Uint8Array([NEWLINE]), time);
  }
}

/** The file of one run of a container; its directory is the kubelet's to make. */
export class CriLog {
  private readonly lines = new CriLines();
  private readonly path: string;
  private fd: number | null = null;

  constructor(path: string) {
    this.path = path;
  }

  *open(): Program<void> {
    const opened: SysResult<number> = yield* sys.openat(AT_FDCWD, this.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640);
    if (opened.ok) this.fd = opened.value;
  }

  *add(stream: Stream, data: Uint8Array | undefined, time: bigint): Program<void> {
    const text = data === undefined ? this.lines.end(stream, time) : this.lines.add(stream, data, time);
    if (this.fd !== null && text.length > 0) yield* writeAll(this.fd, text);
  }
}
