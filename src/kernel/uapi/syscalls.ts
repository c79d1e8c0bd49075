// The system calls of the simulated kernel: one declaration per call, from which both the programs' side (`sys`) and
// the kernel's handler table take their types. Names and argument orders are those of the manual pages, section 2.
//
// Conventions
// - A call returns `SysResult<T>`; failure is a value with an errno, never an exception.
// - Paths are text, file contents are bytes. Times are nanoseconds since the epoch as bigint.
// - uids and gids are what the *caller's* user namespace shows (Uid/Gid); -1 keeps, where the manual says so.
// Deviates: buffers are returned instead of filled; clone takes the child's program as a function (see `clone`); signal
// handlers do not interrupt a program's own code (see `sigtake`).

import type { CapSet } from '#abi/capability.ts';
import type { Errno } from '#abi/errno.ts';
import type { Program } from './program.ts';

export type SysResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: Errno };

/** Result of stat(2). Counterpart: inode(7), statx(2). */
export interface Stat {
  readonly dev: number; // makedev(major, minor) of the file system
  readonly ino: number;
  readonly mode: number; // type and permission bits
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number; // bytes
  readonly blksize: number;
  readonly blocks: number; // units of 512 bytes
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly btime: bigint | null; // null where the file system has none (overlay and tmpfs have)
}

export interface Dirent {
  readonly ino: number;
  readonly name: string; // "." and ".." included, first
  readonly type: number; // S_IFMT bits
}

export interface Statfs {
  readonly type: string; // name of the file system type, e.g. "overlay"
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export type WaitStatus =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signaled'; readonly signal: number; readonly core: boolean }
  | { readonly kind: 'stopped'; readonly signal: number }
  | { readonly kind: 'continued' };

/** wait4(2): pid 0 and status null when WNOHANG found nothing. */
export interface Waited {
  readonly pid: number;
  readonly status: WaitStatus | null;
}

export interface Utsname {
  readonly sysname: string;
  readonly nodename: string;
  readonly release: string;
  readonly version: string;
  readonly machine: string;
}

export interface CapSets {
  readonly effective: CapSet;
  readonly permitted: CapSet;
  readonly inheritable: CapSet;
}

/** utimensat(2): a time, UTIME_NOW or UTIME_OMIT. */
export type Utime = bigint | 'now' | 'omit';

export type Disposition = 'default' | 'ignore' | 'handle';

/** What the line discipline of a terminal does. Counterpart: termios(3). */
export interface Termios {
  readonly icanon: boolean;
  readonly echo: boolean;
  readonly isig: boolean;
  readonly icrnl: boolean;
  readonly opost: boolean; // ONLCR
}

export interface Winsize {
  readonly rows: number;
  readonly cols: number;
}

export type Ioctl =
  | { readonly request: 'TCGETS' }
  | { readonly request: 'TCSETS'; readonly termios: Termios }
  | { readonly request: 'TIOCGWINSZ' }
  | { readonly request: 'TIOCSWINSZ'; readonly winsize: Winsize }
  | { readonly request: 'TIOCGPGRP' }
  | { readonly request: 'TIOCSPGRP'; readonly pgrp: number }
  | { readonly request: 'TIOCSCTTY' }
  | { readonly request: 'TIOCGPTN' } // number of the pty behind a master
  | { readonly request: 'FIONREAD' }
  | { readonly request: 'FS_IOC_GETFLAGS' }
  | { readonly request: 'FS_IOC_SETFLAGS'; readonly flags: number };

export type Fcntl =
  | { readonly cmd: 'F_DUPFD'; readonly min: number; readonly cloexec?: boolean }
  | { readonly cmd: 'F_GETFD' }
  | { readonly cmd: 'F_SETFD'; readonly flags: number }
  | { readonly cmd: 'F_GETFL' }
  | { readonly cmd: 'F_SETFL'; readonly flags: number };

export type Prctl =
  | { readonly option: 'PR_CAPBSET_READ' | 'PR_CAPBSET_DROP'; readonly cap: number }
  | { readonly option: 'PR_CAP_AMBIENT_IS_SET' | 'PR_CAP_AMBIENT_RAISE' | 'PR_CAP_AMBIENT_LOWER'; readonly cap: number }
  | { readonly option: 'PR_CAP_AMBIENT_CLEAR_ALL' }
  | { readonly option: 'PR_SET_KEEPCAPS'; readonly value: boolean }
  | { readonly option: 'PR_GET_KEEPCAPS' }
  | { readonly option: 'PR_SET_NO_NEW_PRIVS' | 'PR_GET_NO_NEW_PRIVS' }
  | { readonly option: 'PR_SET_SECUREBITS'; readonly bits: number }
  | { readonly option: 'PR_GET_SECUREBITS' }
  | { readonly option: 'PR_SET_DUMPABLE'; readonly value: boolean }
  | { readonly option: 'PR_GET_DUMPABLE' }
  | { readonly option: 'PR_SET_NAME'; readonly name: string }
  /** PR_SET_MM_ARG_START and _END: what /proc/PID/cmdline shows. Deviates: there is no memory, so the words themselves. */
  | { readonly option: 'PR_SET_MM'; readonly argv: readonly string[] }
  | { readonly option: 'PR_SET_PDEATHSIG'; readonly signal: number }
  | { readonly option: 'PR_SET_CHILD_SUBREAPER'; readonly value: boolean };

/** OCI `linux.seccomp`. Counterpart: OCI runtime-spec config-linux.md */
export interface SeccompFilter {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[];
  readonly flags?: readonly string[];
  readonly listenerPath?: string;
  readonly syscalls?: readonly {
    readonly names: readonly string[];
    readonly action: string;
    readonly errnoRet?: number;
    readonly args?: readonly { readonly index: number; readonly value: number; readonly valueTwo?: number; readonly op: string }[];
  }[];
}

/** Resource limits a shell can see. Infinity is RLIM_INFINITY. */
/** A link of a network namespace, as rtnetlink(7) has it. */
export interface NetLink {
  readonly index: number;
  readonly name: string;
  readonly kind: 'loopback' | 'veth' | 'dummy';
  readonly mac: string;
  readonly up: boolean;
  readonly mtu: number;
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
}

export interface NetRoute {
  readonly to: string; // "default" or ADDRESS/PREFIX
  readonly via?: string;
  readonly dev: string;
  readonly src?: string; // of the routes that come with an address
}

export interface NetSettings {
  readonly links: readonly NetLink[];
  readonly routes: readonly NetRoute[];
}

export type Rlimit =
  | 'RLIMIT_CPU'
  | 'RLIMIT_FSIZE'
  | 'RLIMIT_DATA'
  | 'RLIMIT_STACK'
  | 'RLIMIT_CORE'
  | 'RLIMIT_RSS'
  | 'RLIMIT_NPROC'
  | 'RLIMIT_NOFILE'
  | 'RLIMIT_MEMLOCK'
  | 'RLIMIT_AS'
  | 'RLIMIT_LOCKS'
  | 'RLIMIT_SIGPENDING'
  | 'RLIMIT_MSGQUEUE'
  | 'RLIMIT_NICE'
  | 'RLIMIT_RTPRIO'
  | 'RLIMIT_RTTIME';

export interface PollFd {
  readonly fd: number;
  readonly events: number;
}

export interface CloneArgs {
  /** CLONE_NEW* flags; 0 is a plain fork. */
  readonly flags: number;
  /** The child's program. Deviates: memory is not copied; what the child may use must be passed in the closure. */
  readonly main: () => Program<number>;
  /** CLONE_PARENT-like: make the child a child of the caller's parent. */
  readonly parentIsMine?: boolean;
  /** CLONE_INTO_CGROUP: the child starts in this group. Deviates: a path of the initial hierarchy instead of a descriptor of it. */
  readonly cgroup?: string;
  /** What that group's interface files say, by their names. Deviates: nothing but pids.max limits anything. */
  readonly cgroupFiles?: Readonly<Record<string, string>>;
}

/** What a tracer is told about one of its tracees. Pids are those the tracer sees. */
export type TraceEvent =
  | { readonly event: 'entry'; readonly pid: number; readonly call: CallName; readonly args: readonly unknown[] }
  | { readonly event: 'exit'; readonly pid: number; readonly result: SysResult<unknown> }
  /** siginfo: `from` is the sender or the child, null for the kernel; `child` how the child ended, for SIGCHLD. */
  | {
      readonly event: 'signal';
      readonly pid: number;
      readonly signal: number;
      readonly from: { readonly pid: number; readonly uid: number } | null;
      readonly child: WaitStatus | null;
    }
  | { readonly event: 'stop'; readonly pid: number; readonly signal: number }
  | { readonly event: 'clone'; readonly pid: number }
  | { readonly event: 'end'; readonly pid: number; readonly status: WaitStatus };

export type Ptrace =
  /** Attaches; `follow` is PTRACE_O_TRACEFORK. From its next system call on the tracee stops before and after each one. */
  | { readonly request: 'PTRACE_SEIZE'; readonly pid: number; readonly follow: boolean }
  /** Lets a stopped tracee go on to the next stop. */
  | { readonly request: 'PTRACE_SYSCALL' | 'PTRACE_DETACH'; readonly pid: number }
  /** Waits for the next event of any tracee. Deviates: stands for wait4 of tracees, PTRACE_GET_SYSCALL_INFO and PTRACE_GETSIGINFO. */
  | { readonly request: 'PTRACE_GET_SYSCALL_INFO' };

/** Every system call: name → arguments and value. */
export interface Syscalls {
  // ── files
  openat(dirfd: number, path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  close_range(first: number, last: number, flags: number): void;
  read(fd: number, count: number): Uint8Array; // empty at the end of the file
  write(fd: number, data: Uint8Array): number;
  pread64(fd: number, count: number, offset: number): Uint8Array;
  pwrite64(fd: number, data: Uint8Array, offset: number): number;
  lseek(fd: number, offset: number, whence: number): number;
  pipe2(flags: number): readonly [number, number];
  dup(fd: number): number;
  dup2(oldfd: number, newfd: number): number;
  fcntl(fd: number, op: Fcntl): number;
  ioctl(fd: number, op: Ioctl): Termios | Winsize | number;
  poll(fds: readonly PollFd[], timeoutMs: number): readonly { readonly fd: number; readonly revents: number }[];
  flock(fd: number, operation: 'LOCK_SH' | 'LOCK_EX' | 'LOCK_UN', nonblock?: boolean): void;
  newfstatat(dirfd: number, path: string, flags: number): Stat;
  fstat(fd: number): Stat;
  statfs(path: string): Statfs;
  getdents64(fd: number): readonly Dirent[]; // the next batch; empty at the end
  /**
   * lchown(2) to a group and chmod(2) with more bits of the entries of an open directory, `count` from the place `from` on, in one
   * step. `rest`: the directories, and files with attributes or flags, which are left to the single calls. `next`: null at the end.
   * Not a call of Linux: it stands for many, for callers that may do all of it.
   */
  chgrp_entries(
    fd: number,
    gid: number,
    bits: number,
    from: number,
    count: number,
  ): { readonly changed: number; readonly rest: readonly string[]; readonly next: number | null };
  faccessat2(dirfd: number, path: string, mode: number, flags: number): void;
  readlinkat(dirfd: number, path: string): string;
  mkdirat(dirfd: number, path: string, mode: number): void;
  mknodat(dirfd: number, path: string, mode: number, dev: number): void;
  unlinkat(dirfd: number, path: string, flags: number): void;
  renameat2(olddirfd: number, oldpath: string, newdirfd: number, newpath: string, flags: number): void;
  linkat(olddirfd: number, oldpath: string, newdirfd: number, newpath: string, flags: number): void;
  symlinkat(target: string, dirfd: number, path: string): void;
  fchmod(fd: number, mode: number): void;
  fchmodat(dirfd: number, path: string, mode: number): void;
  fchown(fd: number, uid: number, gid: number): void;
  fchownat(dirfd: number, path: string, uid: number, gid: number, flags: number): void;
  ftruncate(fd: number, length: number): void;
  truncate(path: string, length: number): void;
  utimensat(dirfd: number, path: string, atime: Utime, mtime: Utime, flags: number): void;
  getxattr(path: string, name: string, follow: boolean): Uint8Array;
  setxattr(path: string, name: string, value: Uint8Array, flags: number, follow: boolean): void;
  listxattr(path: string, follow: boolean): readonly string[];
  removexattr(path: string, name: string, follow: boolean): void;
  umask(mask: number): number;
  chdir(path: string): void;
  fchdir(fd: number): void;
  getcwd(): string;
  chroot(path: string): void;
  mount(source: string, target: string, fstype: string, flags: number, data: string): void;
  umount2(target: string, flags: number): void;
  pivot_root(newRoot: string, putOld: string): void;
  sync(): void;

  // ── tasks
  clone(args: CloneArgs): number;
  execve(path: string, argv: readonly string[], envp: readonly string[]): never;
  exit_group(status: number): never;
  wait4(pid: number, options: number): Waited;
  getpid(): number;
  getppid(): number;
  getpgid(pid: number): number;
  setpgid(pid: number, pgid: number): void;
  getsid(pid: number): number;
  setsid(): number;
  kill(pid: number, signal: number): void;
  rt_sigaction(signal: number, disposition: Disposition): Disposition; // returns the old one
  rt_sigprocmask(how: 'SIG_BLOCK' | 'SIG_UNBLOCK' | 'SIG_SETMASK', signals: readonly number[]): readonly number[];
  /**
   * The signals with disposition 'handle' that arrived since the last call, in order. A blocking call is interrupted by
   * such a signal with EINTR. Counterpart: none; stands for running the handlers.
   */
  sigtake(): readonly number[];
  /** Writes over the words that /proc/PID/cmdline shows. Counterpart: none; stands for writing to one's own memory. */
  proctitle(argv: readonly string[]): void;
  pause(): never;
  alarm(seconds: number): number;
  nanosleep(ns: bigint): void;
  sched_yield(): void;
  ptrace(op: Ptrace): TraceEvent | null;
  clock_gettime(clock: 'CLOCK_REALTIME' | 'CLOCK_MONOTONIC' | 'CLOCK_BOOTTIME'): bigint;
  clock_settime(ns: bigint): void;
  times(): { readonly user: bigint; readonly system: bigint; readonly childUser: bigint; readonly childSystem: bigint };
  getpriority(which: 'PRIO_PROCESS' | 'PRIO_PGRP' | 'PRIO_USER', who: number): number;
  setpriority(which: 'PRIO_PROCESS' | 'PRIO_PGRP' | 'PRIO_USER', who: number, nice: number): void;
  sched_setscheduler(pid: number, policy: 'SCHED_OTHER' | 'SCHED_FIFO' | 'SCHED_RR' | 'SCHED_BATCH' | 'SCHED_IDLE', priority: number): void;
  prlimit64(pid: number, resource: Rlimit, limit: readonly [number, number] | null): readonly [number, number];

  // ── credentials and namespaces
  getresuid(): readonly [number, number, number]; // real, effective, saved
  getresgid(): readonly [number, number, number];
  getgroups(): readonly number[]; // ascending
  setuid(uid: number): void;
  setgid(gid: number): void;
  setreuid(ruid: number, euid: number): void;
  setregid(rgid: number, egid: number): void;
  setresuid(ruid: number, euid: number, suid: number): void;
  setresgid(rgid: number, egid: number, sgid: number): void;
  setfsuid(uid: number): number;
  setfsgid(gid: number): number;
  setgroups(groups: readonly number[]): void;
  capget(pid: number): CapSets;
  capset(sets: CapSets): void;
  prctl(op: Prctl): number;
  seccomp(filter: SeccompFilter): void;
  unshare(flags: number): void;
  setns(fd: number, flags: number): void;

  // ── the machine
  uname(): Utsname;
  sethostname(name: string): void;
  setdomainname(name: string): void;
  sysinfo(): { readonly uptime: number; readonly totalram: number; readonly freeram: number; readonly procs: number };
  syslog(action: 'SYSLOG_ACTION_READ_ALL' | 'SYSLOG_ACTION_CLEAR'): string;
  reboot(command: 'RESTART' | 'HALT' | 'POWER_OFF'): void;
  /** What a network namespace has been set to: asks with null, where the answer null is "as it was made"; else sets. */
  netlink(change: NetSettings | null): NetSettings | null;
  /**
   * A call whose only observable part here is whether it is permitted: acct, init_module, delete_module, iopl, ioperm,
   * keyctl, add_key, bpf, perf_event_open, ptrace, vhangup, swapon, swapoff, personality, io_uring_setup, userfaultfd,
   * quotactl, kexec_load, mlock, quotactl… Unknown names give ENOSYS.
   */
  syscall(name: string, ...args: readonly number[]): number;
}

export type CallName = keyof Syscalls;
