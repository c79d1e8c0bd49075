// The time, as kubectl shows it.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';

/** Nanoseconds of a clock that only runs forward. */
export function* monotonic(): Program<bigint> {
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  return now.ok ? now.value : 0n;
}

/** Seconds since 1970. */
export function* nowSeconds(): Program<number> {
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? Number(now.value / 1_000_000n) / 1000 : 0;
}
