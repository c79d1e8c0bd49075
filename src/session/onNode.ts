// Programs that hand their descriptors to a task of the node, which does something there with them; the caller waits for its end.

import { SIGWINCH } from '#abi/signal.ts';
import type { FileTarget, KernelState, Task } from '#kernel/state.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { World } from './world.ts';

/** Descriptors of the caller; null: not handed over. */
export type Stdio = readonly (number | null)[];

const targetOf = (state: KernelState, task: Task, fd: number): FileTarget | undefined => state.files.get(task.fds[fd]?.file ?? -1)?.target;

/** The task that holds a pipe into which it has just written a token nobody else knows. */
function holder(state: KernelState, fd: number, token: string): Task | undefined {
  for (const [, task] of state.tasks.entries()) {
    const target = targetOf(state, task, fd);
    if (target?.kind !== 'pipe') continue;
    const [first] = state.pipes.get(target.pipe)?.chunks ?? [];
    if (first !== undefined && new TextDecoder().decode(first) === token) return task;
  }
  return undefined;
}

/** Runs `main` in a task of the node whose descriptors 0, 1, 2 are the given ones of the caller; its answer, or undefined. `connection` is
 * a descriptor that hangs up when the caller is gone. */
export function* onNode<T>(
  world: World,
  comm: string,
  stdio: Stdio,
  main: (stdio: Stdio, connection: number) => Program<T>,
): Program<T | undefined> {
  const { machine } = world;
  const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  if (!ends.ok) return undefined;
  const [read, write] = ends.value;
  // Every call moves the clock, so no other pipe holds this.
  const token = String(machine.state.monotonic);
  yield* sys.write(write, new TextEncoder().encode(token));
  const caller = holder(machine.state, write, token);
  yield* sys.read(read, token.length);
  if (caller === undefined) return undefined;
  const targets = stdio.map((fd) => (fd === null ? undefined : targetOf(machine.state, caller, fd)));
  let outcome: T | undefined;
  const there = machine.spawn({
    comm,
    ...world.service,
    main: function* () {
      outcome = yield* main(
        targets.map((target, at) => (target === undefined ? null : at)),
        stdio.length,
      );
      return 0;
    },
    fds: [...targets, targetOf(machine.state, caller, write)],
  });
  yield* sys.close(write);
  // The stream tells the other end of a new window size.
  const windows = stdio.some((fd) => fd !== null && targetOf(machine.state, caller, fd)?.kind === 'tty');
  if (windows) yield* sys.rt_sigaction(SIGWINCH, 'handle');
  for (let got: SysResult<Uint8Array> = yield* sys.read(read, 1); !got.ok && got.errno === 'EINTR'; got = yield* sys.read(read, 1)) {
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    if (!taken.ok || !taken.value.includes(SIGWINCH)) break;
    machine.signal(there, SIGWINCH);
  }
  yield* sys.close(read);
  return outcome;
}
