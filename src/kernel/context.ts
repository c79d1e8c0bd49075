// What a system call handler works with, and what it answers. The dispatcher (machine/) makes the context; file systems
// (fs/) and tasks (task/) only see this.

import type { Errno } from '#abi/errno.ts';
import type { RuleId } from '#provenance/rules.ts';
import { type Check, check, deny, type Place, type Verdict } from '#provenance/verdict.ts';
import type { Inode, KernelState, Location, Task, Wait } from './state.ts';
import type { CallName, Program, ProgramMain, Syscalls, WaitStatus } from './uapi/index.ts';

/**
 * A handler's answer: a value (with a notice, where the call was allowed and yet without effect), an error (with the verdict, where a
 * permission rule refused), or "wait and call me again".
 */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly notice?: Verdict }
  | { readonly ok: false; readonly errno: Errno; readonly verdict?: Verdict }
  | { readonly ok: 'block'; readonly wait: Wait };

/** A value or an error: what functions below the handlers return. */
export type Res<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: Errno; readonly verdict?: Verdict };

/** A permission: success, or the error with the verdict that explains it. */
export type Permitted =
  | { readonly ok: true; readonly value: undefined }
  | { readonly ok: false; readonly errno: Errno; readonly verdict: Verdict };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
/** Errors that say "you may not": none of them leaves the kernel without the verdict that explains it. */
type Forbidden = 'EPERM' | 'EACCES' | 'EROFS';
/** A failure; where a permission rule refused, with every check that was made. */
export const err = <E extends Errno>(
  errno: E,
  ...[verdict]: E extends Forbidden ? [verdict: Verdict] : [verdict?: Verdict | undefined]
): { readonly ok: false; readonly errno: Errno; readonly verdict?: Verdict } =>
  verdict === undefined ? { ok: false, errno } : { ok: false, errno, verdict };
/** Refused by one rule and nothing else. */
export const refuse = (
  errno: Errno,
  rule: RuleId,
  operands: Check['operands'] = {},
  at?: Place,
): { readonly ok: false; readonly errno: Errno; readonly verdict: Verdict } => ({
  ok: false,
  errno,
  verdict: deny([check(rule, 'deny', operands)], at),
});
export const DONE: { readonly ok: true; readonly value: undefined } = { ok: true, value: undefined };

/**
 * The kernel during one system call. `state` is replaced by handlers (`k.state = { ...k.state, … }`); the dispatcher
 * restores it when the outcome is an error.
 */
export interface Kernel {
  state: KernelState;
  /** Wakes the tasks that wait for a key such as "pipe:3". */
  wake(key: string): void;
  /** Drivers of virtual file systems by type: proc, sysfs, cgroup2, devpts, mqueue. */
  readonly drivers: Readonly<Record<string, FsDriver>>;
  /** Record of the refused call that output written now is about, see causes.ts. */
  readonly cause?: number | undefined;
  /** Finds program code for execve. */
  readonly loadProgram: (id: string) => ProgramMain | undefined;
  /** A stream of the outside world, see Machine. */
  readonly hostStream: (id: number) => HostStream | undefined;
  /** The next number of the deterministic random generator, 0 ≤ x < 2^32; advances `state.random`. */
  random(): number;
  /** The task as it is in `state` now. */
  task(id: number): Task | undefined;
  /** Replaces fields of a task. */
  updateTask(id: number, change: Partial<Task>): void;
  /** Sets the program a task runs from its next turn on; takes effect when the call succeeds. For clone and execve. */
  readonly install?: (id: number, program: Program<number>) => void;
  /** Tells the machine that a task ended, before it may be reaped. */
  readonly exited?: (id: number, status: WaitStatus) => void;
}

/**
 * A handler gets the task as it is when the call is made. When a blocked call is asked again, `task.wait` is still what it
 * waited for (so a deadline survives); on the first asking it is null.
 */
export type Handler<K extends CallName> = (k: Kernel, task: Task, ...args: Parameters<Syscalls[K]>) => Outcome<ReturnType<Syscalls[K]>>;
export type Handlers<K extends CallName> = { readonly [P in K]: Handler<P> };

/** A stream between the kernel and the outside: bytes in for read, a sink for write. */
export interface HostStream {
  /** Bytes waiting; undefined: nothing now (a reader blocks on "host:ID"); null: end of file. */
  read(count: number): Uint8Array | undefined | null;
  /** Takes output of a task; `cause` is the id of the denial record that led to it, if any. */
  write(data: Uint8Array, task: Task): void;
}

/**
 * A virtual file system: inodes are computed for the viewing task. `ino`s are the driver's own numbering, stable while
 * the thing exists. The generic VFS does path walk, permissions, open and stat on the inodes it returns.
 */
export interface FsDriver {
  inode(k: Kernel, sb: number, ino: number, viewer: Task): Inode | undefined;
  lookup(k: Kernel, sb: number, dir: number, name: string, viewer: Task): number | undefined;
  list(k: Kernel, sb: number, dir: number, viewer: Task): readonly { readonly name: string; readonly ino: number; readonly type: number }[];
  /** The directory an inode lies in. */
  parent(k: Kernel, sb: number, ino: number): number | undefined;
  /** Text of a symbolic link. */
  readlink?(k: Kernel, sb: number, ino: number, viewer: Task): Res<string>;
  /** Magic links (/proc/PID/cwd, exe, root, fd/N, ns/X): where following leads, or the file to open. */
  follow?(
    k: Kernel,
    sb: number,
    ino: number,
    viewer: Task,
  ): Res<Location | { readonly file: number } | { readonly ns: import('./state.ts').NsType; readonly id: number }> | undefined;
  /** Whole contents at open time. */
  content?(k: Kernel, sb: number, ino: number, viewer: Task): Res<Uint8Array>;
  /** A write to a file of it. */
  write?(k: Kernel, sb: number, ino: number, viewer: Task, data: Uint8Array): Res<number>;
  /** Extra permission beyond the mode bits, e.g. ptrace access of /proc/PID/environ. */
  permission?(k: Kernel, sb: number, ino: number, viewer: Task, want: number): Res<void> | undefined;
}
