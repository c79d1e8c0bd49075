// What a pipe leaves behind when nobody has it open any more: pipe(7), fifo(7).

import { expect, test } from 'vitest';
import { AT_FDCWD, O_NONBLOCK, O_RDONLY, O_RDWR } from '#abi/flags.ts';
import { S_IFIFO } from '#abi/mode.ts';
import { Machine } from '../machine/machine.ts';
import { type Program, sys } from '../uapi/index.ts';

test('a pipe goes with its last end, and a fifo is empty when it is opened again', () => {
  const m = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: '6.18.0', version: '#1' }, startTime: 0n });
  const id = m.spawn({
    comm: 'init',
    *main(): Program<number> {
      yield* sys.pause();
      return 0;
    },
  });
  const pipes = (): number => [...m.state.pipes.entries()].length;
  const counts = [pipes()];
  m.call(id, 'pipe2', 0);
  m.call(id, 'mknodat', AT_FDCWD, '/fifo', S_IFIFO | 0o600, 0);
  m.call(id, 'openat', AT_FDCWD, '/fifo', O_RDWR);
  m.call(id, 'write', 2, new Uint8Array([1, 2, 3]));
  counts.push(pipes());
  m.call(id, 'close', 0);
  counts.push(pipes());
  m.call(id, 'close_range', 0, 2, 0);
  counts.push(pipes());
  expect(counts).toEqual([0, 2, 2, 0]);
  expect(m.call(id, 'openat', AT_FDCWD, '/fifo', O_RDONLY | O_NONBLOCK)).toMatchObject({ ok: true, value: 0 });
  expect(m.call(id, 'read', 0, 10)).toMatchObject({ ok: true, value: new Uint8Array(0) });
});
