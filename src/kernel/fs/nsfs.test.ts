// Namespaces kept by bind mounts, as seen by a program; the mountinfo line is that of Linux 6.18.

import { expect, test } from 'vitest';
import { AT_FDCWD, CLONE_NEWNET, MS_BIND, O_CREAT, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { Machine } from '../machine/machine.ts';
import { procDriver } from '../proc/index.ts';
import { type Program, type SysResult, sys } from '../uapi/index.ts';

function* text(path: string): Program<string> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  const data: SysResult<Uint8Array> = fd.ok ? yield* sys.read(fd.value, 65536) : fd;
  return data.ok ? new TextDecoder().decode(data.value) : data.errno;
}

test('a bound namespace file outlives the namespace that was left, and can be joined', () => {
  const seen: string[] = [];
  const machine = new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'n', release: '6.18.0', version: '#1' },
    startTime: 0n,
    drivers: { proc: procDriver },
  });
  machine.spawn({
    comm: 'init',
    *main() {
      const link = function* (): Program<string> {
        const name: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, '/proc/self/ns/net');
        return name.ok ? name.value : name.errno;
      };
      yield* sys.mkdirat(AT_FDCWD, '/proc', 0o755);
      yield* sys.mount('proc', '/proc', 'proc', 0, '');
      yield* sys.openat(AT_FDCWD, '/pinned', O_WRONLY | O_CREAT, 0o444);
      const home: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc/self/ns/net', O_RDONLY);
      yield* sys.unshare(CLONE_NEWNET);
      const made = yield* link();
      yield* sys.mount('/proc/self/ns/net', '/pinned', '', MS_BIND, '');
      const line = (yield* text('/proc/self/mountinfo')).split('\n').find((one) => one.includes('/pinned')) ?? '';
      seen.push(line.replace(made, 'MADE').replace(/^\d+ \d+/, 'N N'));
      if (home.ok) yield* sys.setns(home.value, CLONE_NEWNET);
      seen.push(String((yield* link()) === made));
      const pinned: SysResult<number> = yield* sys.openat(AT_FDCWD, '/pinned', O_RDONLY);
      if (pinned.ok) yield* sys.setns(pinned.value, CLONE_NEWNET);
      seen.push(String((yield* link()) === made));
      return 0;
    },
  });
  machine.run(1000);
  expect(seen).toEqual(['N N 0:4 MADE /pinned rw - nsfs nsfs rw', 'false', 'true']);
});
