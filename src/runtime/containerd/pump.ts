// Copying between descriptors as data comes.

import { POLLERR, POLLHUP, POLLIN, POLLNVAL } from '#abi/flags.ts';
import { type Program, type SysResult, sys, type Winsize } from '#kernel/uapi/index.ts';

const CHUNK = 65536;

export interface Source {
  readonly fd: number;
  /** Takes what was read; undefined: the end. */
  readonly take: (data: Uint8Array | undefined) => Program<void>;
  /** Copying goes on until all sources that count have ended. */
  readonly counts: boolean;
}

/** Copies from several descriptors as data comes; `each` runs at every turn, `stop` ends it early. */
export function* pump(sources: readonly Source[], each?: () => Program<void>, stop?: () => boolean): Program<void> {
  let open = [...sources];
  while (open.some((source) => source.counts) && !stop?.()) {
    const polled: SysResult<readonly { readonly fd: number; readonly revents: number }[]> = yield* sys.poll(
      open.map(({ fd }) => ({ fd, events: POLLIN })),
      -1,
    );
    if (!polled.ok && polled.errno !== 'EINTR') return;
    if (!polled.ok) yield* sys.sigtake();
    if (each) yield* each();
    if (!polled.ok) continue;
    for (const { fd, revents } of polled.value) {
      const source = open.find((candidate) => candidate.fd === fd);
      if (source === undefined || (revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) === 0) continue;
      const got: SysResult<Uint8Array> = revents & POLLNVAL ? { ok: false, errno: 'EBADF' } : yield* sys.read(fd, CHUNK);
      if (!got.ok && (got.errno === 'EINTR' || got.errno === 'EAGAIN')) continue;
      const data = got.ok && got.value.length > 0 ? got.value : undefined;
      yield* source.take(data);
      if (data === undefined) open = open.filter((candidate) => candidate !== source);
    }
  }
}

/** Writes everything; false when nobody reads any more. */
export function* writeAll(fd: number, data: Uint8Array): Program<boolean> {
  for (let at = 0; at < data.length; ) {
    const wrote: SysResult<number> = yield* sys.write(fd, data.subarray(at));
    if (!wrote.ok && wrote.errno === 'EINTR') continue;
    if (!wrote.ok) return false;
    at += wrote.value;
  }
  return true;
}

/** A source whose data goes to a descriptor, or nowhere. */
export const copier = (fd: number, to: number | null): Source => ({
  fd,
  counts: true,
  *take(data) {
    if (data !== undefined && to !== null) yield* writeAll(to, data);
  },
});

/** Copies until the end of the input, or until nobody reads. */
export function* feed(from: number, to: number): Program<void> {
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(from, CHUNK);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok || got.value.length === 0) return;
    const taken: boolean = yield* writeAll(to, got.value);
    if (!taken) return;
  }
}

/** The size of the terminal behind a descriptor. */
export function* windowOf(fd: number | null): Program<Winsize | undefined> {
  if (fd === null) return undefined;
  const size: SysResult<unknown> = yield* sys.ioctl(fd, { request: 'TIOCGWINSZ' });
  return size.ok ? (size.value as Winsize) : undefined;
}
