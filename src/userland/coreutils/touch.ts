// touch.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_NOCTTY, O_NONBLOCK, O_RDWR, O_WRONLY } from '#abi/flags.ts';
import type { Stat, SysResult, Utime } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { busyboxDate } from '../lib/busybox-date.ts';
import { command } from '../lib/command-line.ts';
import { quoted } from '../lib/quote.ts';
import { civil, parseDate } from '../lib/time.ts';
import { stat } from '../lib/tree.ts';

/** Counterpart: touch(1) */
export const touch = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'acd:fhmr:t:',
    gnu: 'acd:fhmr:t:',
    long: { 'no-create': 'c', 'date=': 'd', 'reference=': 'r', 'no-dereference': 'h', 'time=': 'T' },
    busyboxLong: 'no-create date reference no-dereference',
  });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing file operand');
  let atime: Utime = 'now';
  let mtime: Utime = 'now';
  const date = options.get('d');
  const stamp = options.get('t');
  if (!cli.gnu && options.has('r') && stamp !== undefined) return yield* cli.usage();
  if (options.has('r')) {
    const reference = options.get('r') as string;
    const got: SysResult<Stat> = yield* stat(reference);
    if (!got.ok) return yield* cli.fail(got.errno, `can't stat '${reference}'`, `failed to get attributes of ${quoted(reference)}`);
    [atime, mtime] = [got.value.atime, got.value.mtime];
  }
  if ((!options.has('r') || !cli.gnu) && (date !== undefined || stamp !== undefined)) {
    const now = yield* sys.clock_gettime('CLOCK_REALTIME');
    const when =
      stamp !== undefined
        ? (cli.gnu ? fromStamp : fromText)(stamp, now.ok ? now.value : 0n)
        : cli.gnu
          ? parseDate(date as string, now.ok ? now.value : 0n)
          : fromText(date as string, now.ok ? now.value : 0n);
    if (when === undefined) return yield* cli.error(cli.gnu ? `invalid date format '${stamp ?? date}'` : `invalid date '${stamp ?? date}'`);
    atime = mtime = when;
  }
  const which = options.get('T');
  const [a, m] = [options.has('a') || which === 'access' || which === 'atime', options.has('m') || which === 'modify' || which === 'mtime'];
  if (a && !m) mtime = 'omit';
  if (m && !a) atime = 'omit';
  for (const path of options.args) {
    const follow = options.has('h') ? AT_SYMLINK_NOFOLLOW : 0;
    // GNU opens (and creates) first; busybox tries to set the times and creates only what is missing.
    let set: SysResult<void> = yield* sys.utimensat(AT_FDCWD, path, atime, mtime, follow);
    if (!set.ok && set.errno === 'ENOENT') {
      if (options.has('c') || options.has('h')) {
        if (cli.gnu && options.has('h') && !options.has('c')) yield* cli.error(`setting times of ${quoted(path)}: ${strerror('ENOENT')}`);
        continue;
      }
      const fd: SysResult<number> = yield* sys.openat(
        AT_FDCWD,
        path,
        (cli.gnu ? O_WRONLY | O_NOCTTY | O_NONBLOCK : O_RDWR) | O_CREAT,
        0o666,
      );
      if (!fd.ok) {
        yield* cli.fail(fd.errno, path, `cannot touch ${quoted(path)}`);
        continue;
      }
      yield* sys.close(fd.value);
      set =
        atime === 'now' && mtime === 'now' ? { ok: true, value: undefined } : yield* sys.utimensat(AT_FDCWD, path, atime, mtime, follow);
    }
    if (!set.ok)
      yield* cli.fail(
        set.errno,
        path,
        date === undefined && stamp === undefined && !options.has('r') && !options.has('c')
          ? `cannot touch ${quoted(path)}`
          : `setting times of ${quoted(path)}`,
      );
  }
  return yield* cli.finish();
});

/** `[[CC]YY]MMDDhhmm[.ss]` as a time. */
function fromStamp(text: string, now: bigint): bigint | undefined {
  if (!/^(\d{8}|\d{10}|\d{12})(\.\d\d)?$/.test(text)) return undefined;
  return fromText(text, now);
}

/** What busybox takes for -d and -t alike; what a text leaves out is as now. */
function fromText(text: string, now: bigint): bigint | undefined {
  const seconds = busyboxDate(text, civil(now));
  return seconds === undefined ? undefined : BigInt(seconds) * 1_000_000_000n;
}
