// The news that a container started or ended, from the shims to whoever watches. Counterpart: containerd's event stream

import { AT_FDCWD, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY, POLLIN } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { EVENTS } from './prepare.ts';

export class Changes {
  private count = 0;
  private seen = 0;

  /** Something changed. */
  *announce(): Program<void> {
    this.count++;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, EVENTS, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (!fd.ok) return;
    yield* sys.write(fd.value, new Uint8Array([1]));
    yield* sys.close(fd.value);
  }

  /** Blocks until something changed since the last call, or the time is over. */
  *wait(timeoutNs: bigint): Program<void> {
    if (this.count === this.seen) {
      // Both ends are held, so that there is no hang-up while nobody writes.
      const read: SysResult<number> = yield* sys.openat(AT_FDCWD, EVENTS, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
      const write: SysResult<number> = yield* sys.openat(AT_FDCWD, EVENTS, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
      if (read.ok && write.ok && this.count === this.seen) {
        yield* sys.poll([{ fd: read.value, events: POLLIN }], Number(timeoutNs / 1_000_000n));
        yield* sys.read(read.value, 4096);
      }
      for (const fd of [read, write]) if (fd.ok) yield* sys.close(fd.value);
    }
    this.seen = this.count;
  }
}
