// A session may start thousands of containers: what they leave must not stay in the state.

import { expect, test } from 'vitest';
import { CLONE_NEWNS, MNT_DETACH } from '#abi/flags.ts';
import { Machine } from '../machine/machine.ts';
import { type Program, sys } from '../uapi/index.ts';

const boot = (): Machine =>
  new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}
const counts = ({ state }: Machine): readonly number[] => [
  [...state.mountNs.entries()].length,
  [...state.mounts.entries()].length,
  [...state.superblocks.entries()].length,
];

test('a mount namespace and what is only mounted there go with its last task', () => {
  const m = boot();
  const init = m.spawn({ main: idle, comm: 'init' });
  m.call(init, 'mkdirat', -100, '/mnt', 0o755);
  expect(counts(m)).toEqual([1, 1, 1]);
  const id = m.spawn({
    comm: 'x',
    *main() {
      yield* sys.unshare(CLONE_NEWNS);
      yield* sys.mount('none', '/mnt', 'tmpfs', 0, '');
      yield* sys.pause();
      return 0;
    },
  });
  m.run(1000);
  expect(counts(m)).toEqual([2, 3, 2]);
  m.signal(id, 9);
  expect(m.call(init, 'wait4', -1, 1)).toMatchObject({ ok: true, value: { status: { signal: 9 } } });
  expect(counts(m)).toEqual([1, 1, 1]);
});

test('a file system that was unmounted lazily lives as long as somebody stands in it', () => {
  const m = boot();
  const id = m.spawn({ main: idle, comm: 'x' });
  m.call(id, 'mkdirat', -100, '/mnt', 0o755);
  m.call(id, 'mount', 'none', '/mnt', 'tmpfs', 0, '');
  m.call(id, 'chdir', '/mnt');
  expect(m.call(id, 'umount2', '/mnt', 0)).toMatchObject({ ok: false, errno: 'EBUSY' });
  expect(m.call(id, 'umount2', '/mnt', MNT_DETACH)).toMatchObject({ ok: true });
  expect(m.call(id, 'mkdirat', -100, 'still-there', 0o755)).toMatchObject({ ok: true });
  expect(counts(m)).toEqual([1, 2, 2]);
  m.call(id, 'chdir', '/');
  m.call(id, 'mount', 'none', '/mnt', 'tmpfs', 0, '');
  m.call(id, 'umount2', '/mnt', 0);
  expect(counts(m)).toEqual([1, 1, 1]);
});

test('a directory removed under a mount of another namespace takes that mount along; in the own one it is busy', () => {
  const m = boot();
  const one = m.spawn({ main: idle, comm: 'one' });
  const two = m.spawn({ main: idle, comm: 'two' });
  m.call(one, 'mkdirat', -100, '/mnt', 0o755);
  m.call(two, 'unshare', CLONE_NEWNS);
  m.call(two, 'mount', 'none', '/mnt', 'tmpfs', 0, '');
  expect(m.call(two, 'unlinkat', -100, '/mnt', 0x200)).toMatchObject({ ok: false, errno: 'EBUSY' });
  expect(m.call(one, 'unlinkat', -100, '/mnt', 0x200)).toMatchObject({ ok: true });
  expect(counts(m)).toEqual([2, 2, 1]);
});
