// The simulated machine: kernel state, the running programs and the streams to the outside.

import type { HostStream, Outcome } from '../context.ts';
import type { FileTarget, KernelState } from '../state.ts';
import type { CallName, SysResult, Syscalls, WaitStatus, Winsize } from '../uapi/index.ts';
import type { MachineOptions, RunResult, SpawnOptions, SyscallRecord } from './types.ts';

export type { MachineOptions, RunResult, SpawnOptions, SyscallRecord } from './types.ts';

/** The public face of the machine; implemented next. */
export declare class Machine {
  constructor(options: MachineOptions);
  readonly state: KernelState;
  trace: boolean;
  /** Denied (and, with trace, all) calls, oldest first; bounded. */
  readonly records: readonly SyscallRecord[];
  record(id: number): SyscallRecord | undefined;
  /** Creates a task; returns its global id. */
  spawn(options: SpawnOptions): number;
  /** Runs runnable tasks round-robin until nothing is runnable or `maxTraps` traps were answered. */
  run(maxTraps: number): RunResult;
  /** Jumps CLOCK_MONOTONIC (and realtime with it) forward and wakes due timers. */
  advanceTo(deadline: bigint): void;
  /** Registers a stream of the outside; usable as FileTarget { kind: 'host', stream }. */
  hostStream(handlers: HostStream): number;
  /** Something can be read from a host stream now. */
  wakeHost(id: number): void;
  /** A new pty whose master is held outside. */
  createTty(winsize: Winsize): { readonly tty: number; readonly target: FileTarget };
  ttyInput(tty: number, bytes: Uint8Array): void;
  /** Takes what the terminal printed since the last call. */
  ttyOutput(tty: number): Uint8Array;
  ttyResize(tty: number, winsize: Winsize): void;
  /** The outside closes the master: SIGHUP to the session. */
  ttyHangup(tty: number): void;
  onExit(task: number, callback: (status: WaitStatus) => void): void;
  exitStatus(task: number): WaitStatus | undefined;
  /** A signal from outside, as from an ancestor namespace. */
  signal(task: number, signal: number): void;
  /** Runs one system call in a task's context, without the task's program noticing. */
  call<K extends CallName>(task: number, name: K, ...args: Parameters<Syscalls[K]>): Outcome<ReturnType<Syscalls[K]>> | SysResult<ReturnType<Syscalls[K]>>;
}
