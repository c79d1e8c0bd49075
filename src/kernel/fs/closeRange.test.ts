// The answers and the open descriptors are those of a real Linux for the same calls (made with syscall(2)).

import { expect, test } from 'vitest';
import { CLOSE_RANGE_CLOEXEC, CLOSE_RANGE_UNSHARE, FD_CLOEXEC } from '#abi/flags.ts';
import { Machine } from '../machine/machine.ts';
import { type Program, sys } from '../uapi/index.ts';

test('close_range closes what is in the range, passes over free descriptors, and refuses other flags', () => {
  const m = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: '6.18.0', version: '#1' }, startTime: 0n });
  const id = m.spawn({
    comm: 'init',
    *main(): Program<number> {
      yield* sys.pause();
      return 0;
    },
  });
  m.call(id, 'close_range', 0, 0xffffffff, 0);
  for (let pipes = 0; pipes < 4; pipes++) m.call(id, 'pipe2', 0);
  const open = (): string =>
    Array.from({ length: 10 }, (_, fd) => m.call(id, 'fcntl', fd, { cmd: 'F_GETFD' }))
      .map((flags) => (flags.ok !== true ? '-' : flags.value === FD_CLOEXEC ? 'x' : 'o'))
      .join('');
  const seen = (
    [
      [5, 4, 0],
      [1, 2, 1],
      [1, 2, 8],
      [1, 2, 0],
      [1, 3, CLOSE_RANGE_CLOEXEC],
      [4, 4, CLOSE_RANGE_UNSHARE],
      [8, 9, 0],
      [6, -1, 0],
    ] as const
  ).map((args) => {
    const [first, last, flags] = args;
    const done = m.call(id, 'close_range', first, last, flags);
    return `${args} ${done.ok === false ? done.errno : done.ok} ${open()}`;
  });
  expect(seen).toEqual([
    '5,4,0 EINVAL oooooooo--',
    '1,2,1 EINVAL oooooooo--',
    '1,2,8 EINVAL oooooooo--',
    '1,2,0 true o--ooooo--',
    '1,3,4 true o--xoooo--',
    '4,4,2 true o--x-ooo--',
    '8,9,0 true o--x-ooo--',
    '6,-1,0 true o--x-o----',
  ]);
  // The ends of a pipe are gone with their descriptors: 7 was the only writing end of the pipe whose reading end is 6.
  expect(m.call(id, 'read', 0, 1)).toMatchObject({ ok: true, value: new Uint8Array(0) });
});
