import { expect, test } from 'vitest';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_DIRECTORY, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { Machine } from '../machine/machine.ts';
import type { Task } from '../state.ts';
import { type Program, type Stat, type SysResult, sys } from '../uapi/index.ts';
import { populateTree, walk } from './index.ts';

const boot = (): Machine =>
  new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'node', release: '6.18.0', version: '#1 SMP' },
    startTime: 1_700_000_000_000_000_000n,
    onBug: (error) => {
      throw error;
    },
  });

function run(machine: Machine, main: () => Program<number>): number {
  const id = machine.spawn({ main, comm: 'main' });
  while (machine.run(10_000).status === 'busy');
  return id;
}

/** A directory with a file of every mode, a link and a directory in it. */
function* furnish(path: string): Program<void> {
  yield* sys.umask(0);
  yield* sys.mkdirat(AT_FDCWD, path, 0o755);
  for (const mode of [0o600, 0o644, 0o4755, 0o2755, 0o6644, 0o000]) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, `${path}/${mode}`, O_WRONLY | O_CREAT, 0o600);
    if (fd.ok) yield* sys.close(fd.value);
    yield* sys.fchmodat(AT_FDCWD, `${path}/${mode}`, mode);
  }
  yield* sys.symlinkat('nowhere', AT_FDCWD, `${path}/link`);
  yield* sys.mkdirat(AT_FDCWD, `${path}/dir`, 0o700);
}
const NAMES = ['384', '420', '2541', '1517', '3492', '0', 'link', 'dir'];

function* look(path: string): Program<readonly string[]> {
  const seen: string[] = [];
  for (const name of NAMES) {
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, `${path}/${name}`, AT_SYMLINK_NOFOLLOW);
    seen.push(stat.ok ? `${stat.value.mode.toString(8)} ${stat.value.uid} ${stat.value.gid}` : stat.errno);
  }
  return seen;
}

test('chgrp_entries leaves a directory as lchown and chmod of each file do; directories are left over', () => {
  let bulk: readonly string[] = [];
  let single: readonly string[] = [];
  let answer: unknown;
  run(boot(), function* () {
    yield* furnish('/a');
    yield* furnish('/b');
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/a', O_RDONLY | O_DIRECTORY);
    if (!fd.ok) return 1;
    answer = yield* sys.chgrp_entries(fd.value, 2000, 0o660, 0, 100);
    for (const name of NAMES.slice(0, -1)) {
      const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, `/b/${name}`, AT_SYMLINK_NOFOLLOW);
      if (!stat.ok) return 1;
      yield* sys.fchownat(AT_FDCWD, `/b/${name}`, -1, 2000, AT_SYMLINK_NOFOLLOW);
      if (name !== 'link') yield* sys.fchmodat(AT_FDCWD, `/b/${name}`, (stat.value.mode & 0o7777) | 0o660);
    }
    bulk = yield* look('/a');
    single = yield* look('/b');
    return 0;
  });
  expect(answer).toEqual({ ok: true, value: { changed: 7, rest: ['dir'], next: null } });
  expect(bulk).toEqual(single);
  expect(bulk).toEqual([
    '100660 0 2000',
    '100664 0 2000',
    '104775 0 2000',
    '102775 0 2000',
    '106664 0 2000',
    '100660 0 2000',
    '120777 0 2000',
    '40700 0 0',
  ]);
});

test('chgrp_entries is for those who may change every file', () => {
  let answer: unknown;
  run(boot(), function* () {
    yield* furnish('/a');
    yield* sys.setresuid(1000, 1000, 1000);
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/a', O_RDONLY | O_DIRECTORY);
    if (fd.ok) answer = yield* sys.chgrp_entries(fd.value, 2000, 0o660, 0, 100);
    return 0;
  });
  expect(answer).toMatchObject({ ok: false, errno: 'EPERM' });
});

test('a tree has its files, in directories of equal size', () => {
  const machine = boot();
  let stats: readonly string[] = [];
  const holder = machine.spawn({
    comm: 'holder',
    *main() {
      yield* sys.mkdirat(AT_FDCWD, '/t', 0o755);
      yield* sys.pause();
      return 0;
    },
  });
  machine.run(100);
  const found = walk(machine, machine.state.tasks.get(holder) as Task, AT_FDCWD, '/t', { follow: true });
  if (!found.ok || found.value.at === null) throw new Error('no directory');
  populateTree(machine, found.value.at, { count: 25, perDirectory: 10, mode: 0o640, directoryMode: 0o750, uid: 7, gid: 8 });
  run(machine, function* () {
    const seen: string[] = [];
    for (const path of ['/t', '/t/d0', '/t/d2', '/t/d2/f4', '/t/d2/f5', '/t/d1/f9']) {
      const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
      seen.push(
        stat.ok
          ? `${path} ${stat.value.mode.toString(8)} ${stat.value.nlink} ${stat.value.uid}:${stat.value.gid}`
          : `${path} ${stat.errno}`,
      );
    }
    stats = seen;
    return 0;
  });
  expect(stats).toEqual([
    '/t 40755 5 0:0',
    '/t/d0 40750 2 7:8',
    '/t/d2 40750 2 7:8',
    '/t/d2/f4 100640 1 7:8',
    '/t/d2/f5 ENOENT',
    '/t/d1/f9 100640 1 7:8',
  ]);
});
