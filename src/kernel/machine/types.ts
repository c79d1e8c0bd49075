// What the outside of the machine gives and gets: options, run results and the records of system calls.

import type { Errno } from '#abi/errno.ts';
import type { Verdict } from '#provenance/verdict.ts';
import type { FsDriver } from '../context.ts';
import type { LsmState } from '../lsm/state.ts';
import type { Credentials, FileTarget, Location, Task } from '../state.ts';
import type { CallName, Program, ProgramLoader } from '../uapi/index.ts';

export interface UnameData {
  readonly sysname?: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine?: string;
}

export interface MachineOptions {
  readonly loadProgram: ProgramLoader;
  readonly uname: UnameData;
  /** CLOCK_REALTIME at boot in ns since the epoch. */
  readonly startTime: bigint;
  readonly memoryKiB?: number;
  readonly cpus?: number;
  readonly drivers?: Readonly<Record<string, FsDriver>>;
  /** Not namespaced sysctls, e.g. "kernel/dmesg_restrict": "1"; they replace the defaults one by one. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Sysctls of the initial net and ipc namespaces. */
  readonly netSysctls?: Readonly<Record<string, string>>;
  readonly ipcSysctls?: Readonly<Record<string, string>>;
  readonly seed?: number;
  /** The security module beside the capabilities; default: none. */
  readonly lsm?: LsmState['kind'];
  /** Most tasks at a time; clone fails with EAGAIN beyond. Default 4096. */
  readonly maxTasks?: number;
  /** Records of successful calls too, not only of denied ones. */
  readonly trace?: boolean;
  /** A program threw: a bug of ours. The task is killed, the machine goes on. */
  readonly onBug?: (error: unknown, task: Task) => void;
}

/** Namespaces of a new task; missing ones are the parent's or the initial ones. */
export interface SpawnNamespaces {
  readonly userNs?: number;
  readonly pidNs?: number;
  readonly mountNs?: number;
  readonly utsNs?: number;
  readonly ipcNs?: number;
  readonly netNs?: number;
  readonly cgroupNs?: number;
}

export interface SpawnOptions {
  readonly main: () => Program<number>;
  readonly comm: string;
  readonly argv?: readonly string[];
  readonly env?: readonly string[];
  /** Replaces fields of root's full credentials. */
  readonly cred?: Partial<Credentials>;
  readonly cwd?: Location;
  readonly root?: Location;
  readonly namespaces?: SpawnNamespaces;
  readonly cgroup?: string;
  /** What descriptors 0, 1, 2, … are; the same target object at two places is one open file (as after dup). */
  readonly fds?: readonly (FileTarget | undefined)[];
  /** Global id of the parent; default: the first task, or none. */
  readonly parent?: number;
  /** Start a session of its own. Default true. */
  readonly newSession?: boolean;
  /** Makes this terminal the controlling one (of the new session). */
  readonly tty?: number;
  readonly umask?: number;
  readonly oomScoreAdj?: number;
  readonly rlimits?: Task['rlimits'];
}

export interface RunResult {
  /** busy: the budget is used up; sleeping: nothing runs until nextDeadline; idle: nothing runs until something comes from outside. */
  readonly status: 'idle' | 'busy' | 'sleeping';
  readonly traps: number;
  readonly nextDeadline: bigint | null; // CLOCK_MONOTONIC
}

/** One system call that was answered. Every refused one is kept; successful ones only while `trace` is on. */
export interface SyscallRecord {
  readonly id: number;
  readonly task: number; // global id
  readonly pid: number; // in its own pid namespace
  readonly comm: string;
  /** Who the caller was, also when it has ended since. */
  readonly caller: Pick<Task, 'cred' | 'mountNs' | 'root' | 'cgroup'>;
  readonly call: CallName;
  readonly args: readonly unknown[];
  readonly ok: boolean;
  readonly errno?: Errno;
  readonly verdict?: Verdict;
  readonly time: bigint; // CLOCK_REALTIME
}

/** Owner of a new terminal's slave, and the devpts instance (superblock) it appears in; default: the initial one. */
export interface TtyOwner {
  readonly uid?: number;
  readonly gid?: number;
  readonly mode?: number;
  readonly devpts?: number | null;
}
