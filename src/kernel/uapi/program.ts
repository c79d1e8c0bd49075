// Programs are generators that can touch the kernel only by yielding a trap:
//   const fd = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
//   if (!fd.ok) return yield* fail(fd.errno);
// A program ends by returning its exit status (0–255), by exit_group, or by a signal.

import type { CallName, Syscalls, SysResult } from './syscalls.ts';

/** One request to the kernel. */
export interface Trap {
  readonly call: CallName;
  readonly args: readonly unknown[];
}

/** Code that runs in a task; T is what it returns to its caller. The kernel answers each trap with a SysResult. */
export type Program<T> = Generator<Trap, T, SysResult<unknown>>;

/** What execve starts: a function of argv and environment that makes the program. `argv[0]` is the name it was called by. */
export type ProgramMain = (argv: readonly string[], env: readonly string[]) => Program<number>;

/** Finds the code behind a program image by its id (see `programImage`). */
export type ProgramLoader = (id: string) => ProgramMain | undefined;

type Sys = {
  readonly [K in CallName]: (...args: Parameters<Syscalls[K]>) => Program<SysResult<ReturnType<Syscalls[K]>>>;
};

/**
 * The programs' side of every system call: `sys.NAME(...args)` yields one trap and returns the kernel's answer.
 * (A proxy, so that the list of calls is written once, in the Syscalls interface. It is asked once for each call only: behind
 * `sys`, where the call's function then stays as a property.)
 */
export const sys: Sys = Object.create(
  new Proxy(
    {},
    {
      get(_, call, receiver: object) {
        const trap = function* (...args: unknown[]): Program<unknown> {
          return yield { call: call as CallName, args };
        };
        Object.defineProperty(receiver, call, { value: trap });
        return trap;
      },
    },
  ),
) as Sys;
