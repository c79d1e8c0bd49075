// What a new process keeps of the descriptors it was made with. Counterpart: libcontainer/utils/utils_unix.go, UnsafeCloseFrom

import { type Program, sys } from '#kernel/uapi/index.ts';

const LAST = 0xffffffff;

/** Closes every descriptor from `first` on, but `keep`. */
export function* closeAllBut(keep: number, first = 0): Program<void> {
  if (keep > first) yield* sys.close_range(first, keep - 1, 0);
  yield* sys.close_range(Math.max(first, keep + 1), LAST, 0);
}
