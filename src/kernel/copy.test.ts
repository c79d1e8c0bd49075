// A copy must not lose a field, also not one that is rarely there.

import { expect, test } from 'vitest';
import { withInode, withState, withSuperblock, withTask } from './copy.ts';
import { Machine } from './machine/machine.ts';
import type { Inode, Superblock, Task } from './state.ts';
import { type Program, sys } from './uapi/index.ts';

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

test('a copy without changes equals its original, and a change replaces one field only', () => {
  const m = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 5n });
  const task = m.task(m.spawn({ main: idle, comm: 'x' })) as Task;
  const superblock = m.state.superblocks.get(0) as Superblock;
  const inode = { ...(superblock.inodes.get(2) as Inode), acl: [], flags: 16, linkable: true, pipe: 3, target: 't' };
  expect(withState(m.state, {})).toEqual(m.state);
  expect(withTask(task, {})).toEqual(task);
  expect(withSuperblock(superblock, {})).toEqual(superblock);
  expect(withInode(inode, {})).toEqual(inode);
  expect(withTask(task, { umask: 0o77 })).toEqual({ ...task, umask: 0o77 });
  expect(withInode(inode, { flags: undefined }).flags).toBeUndefined();
});
