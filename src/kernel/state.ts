// The whole state of the simulated kernel as immutable, structurally shared values. One system call is one transaction:
// the dispatcher keeps the state from before and puts it back when a call fails, so a failed call changes nothing.
// What cannot be data (running generators, sinks of the outside) lives in the machine, not here.

import type { CapSet } from '#abi/capability.ts';
import type { Errno } from '#abi/errno.ts';
import type { Brand } from '#base/brand.ts';
import type { PMap } from '#base/pmap.ts';
import type { PVec } from '#base/pvec.ts';
import type { RuleId } from '#provenance/rules.ts';
import type { Check, Operand } from '#provenance/verdict.ts';
import type { AuditState } from './lsm/audit.ts';
import type { LsmState } from './lsm/state.ts';
import type { Disposition, NetSettings, Rlimit, SeccompFilter, Termios, TraceEvent, WaitStatus, Winsize } from './uapi/syscalls.ts';

/** A user or group id of the initial user namespace: the only comparable kind. */
export type Kuid = Brand<number, 'Kuid'>;
export type Kgid = Brand<number, 'Kgid'>;

// ── credentials ──────────────────────────────────────────────────────────────

/** One recorded step that changed credentials: which rule, with which operands. Newest last. */
/** A part of a process's credentials that a step can change; no_new_privs lives beside the others in the task. */
export type CredField = Exclude<keyof Credentials, 'steps'> | 'noNewPrivs';

export interface CredChange {
  readonly field: CredField;
  readonly before: Operand;
  readonly after: Operand;
}

export interface CredStep {
  readonly rule: RuleId; // e.g. "setresuid", "exec.result", "setuid.fixup", "capset", "prctl.capbset_drop"
  readonly operands: Check['operands'];
  /** The fields the step set to another value. */
  readonly changed: readonly CredChange[];
  /** The name of the process that made the call; missing until the call has returned. */
  readonly by?: string;
}

/** Counterpart: struct cred, credentials(7). Always effective ⊆ permitted and ambient ⊆ permitted ∩ inheritable. */
export interface Credentials {
  readonly ruid: Kuid;
  readonly euid: Kuid;
  readonly suid: Kuid;
  readonly fsuid: Kuid;
  readonly rgid: Kgid;
  readonly egid: Kgid;
  readonly sgid: Kgid;
  readonly fsgid: Kgid;
  readonly groups: readonly Kgid[]; // ascending
  readonly permitted: CapSet;
  readonly inheritable: CapSet;
  readonly effective: CapSet;
  readonly bounding: CapSet;
  readonly ambient: CapSet;
  readonly securebits: number;
  readonly userNs: number; // id in KernelState.userNs
  /** What the security module knows of a task: profile or context; and the one asked for from the next execve on. */
  readonly label?: string;
  readonly execLabel?: string;
  readonly steps: readonly CredStep[];
}

// ── namespaces: each kind is a PVec indexed by its id; id 0 is the initial one ─────────────

export interface IdMapExtent {
  readonly inside: number;
  readonly outside: number; // in the parent namespace
  readonly count: number;
}

export interface UserNs {
  readonly parent: number | null;
  readonly owner: Kuid;
  readonly ownerGid: Kgid;
  readonly uidMap: readonly IdMapExtent[]; // empty: not written yet
  readonly gidMap: readonly IdMapExtent[];
  readonly setgroups: 'allow' | 'deny';
  readonly level: number;
}

export interface PidNs {
  readonly parent: number | null;
  readonly userNs: number;
  readonly level: number;
  readonly lastPid: number; // pids are given out in order from lastPid + 1
  readonly init: number | null; // global task id of its pid 1
  readonly members: PVec<number>; // pid here → global task id, nested namespaces included
  readonly live: number; // how many
}

export interface UtsNs {
  readonly userNs: number;
  readonly nodename: string;
  readonly domainname: string;
}

export type IpcKind = 'shm' | 'sem' | 'msg';

/** A System V object: who made it and whose it is, its mode, its size (bytes, or a number of semaphores). */
export interface IpcObject {
  readonly id: number;
  readonly key: number;
  readonly uid: Kuid;
  readonly gid: Kgid;
  readonly cuid: Kuid;
  readonly cgid: Kgid;
  readonly mode: number;
  readonly size: number;
  readonly cpid: readonly number[]; // the maker's pids, its own namespace's first
  readonly pidNs: number; // the maker's
  readonly ctime: bigint; // seconds
}

export interface IpcTable {
  readonly sequence: number;
  readonly last: number;
  readonly objects: readonly IpcObject[];
}

/** ipc, net and cgroup namespaces: identity and owner, and the sysctls that belong to them. */
export interface PlainNs {
  readonly userNs: number;
  readonly sysctls: Readonly<Record<string, string>>; // e.g. "net/ipv4/ping_group_range"
  readonly net?: NetSettings; // links and routes, once somebody has changed them
  readonly ipc?: Readonly<Partial<Record<IpcKind, IpcTable>>>; // System V objects, once there are any
}

export interface MountNs {
  readonly userNs: number;
  readonly root: number; // mount id at the top
  readonly order: readonly number[]; // mount ids as /proc/mounts lists them
}

// ── file systems ─────────────────────────────────────────────────────────────

/** Contents of a regular file: 64 KiB chunks; a missing chunk is a hole. */
export interface FileData {
  readonly size: number;
  readonly chunks: PVec<Uint8Array>;
}

export interface DirData {
  readonly entries: PMap<number>; // name → ino, without "." and ".."; iterates in insertion order
  readonly parent: number; // ino of ".."
}

/** One entry of an access control list: tag and permissions as the attribute has them, id a kernel id (or none). */
export interface AclEntry {
  readonly tag: number;
  readonly perm: number;
  readonly id: number;
}
export type Acl = readonly AclEntry[];

export interface Inode {
  readonly ino: number;
  readonly mode: number;
  readonly uid: Kuid;
  readonly gid: Kgid;
  readonly nlink: number;
  readonly atime: bigint;
  readonly mtime: bigint;
  readonly ctime: bigint;
  readonly btime: bigint;
  readonly rdev: number;
  readonly file?: FileData;
  readonly dir?: DirData;
  readonly target?: string; // of a symbolic link
  readonly xattrs?: PMap<Uint8Array>; // without the access control lists
  readonly acl?: Acl; // system.posix_acl_access, where it says more than the mode
  readonly defaultAcl?: Acl; // system.posix_acl_default, of directories
  readonly flags?: number; // FS_IMMUTABLE_FL, FS_APPEND_FL
  readonly linkable?: boolean; // made by O_TMPFILE: may get its first name by linkat
  readonly pipe?: number; // of a fifo that somebody has open: index in KernelState.pipes
}

/** A mounted or mountable file system instance. Table file systems keep their inodes here; virtual ones have a driver. */
export interface Superblock {
  readonly fstype: string; // "overlay" "tmpfs" "ext4" "proc" "sysfs" "devpts" "mqueue" "cgroup2" …
  readonly dev: number; // makedev(major, minor) shown by stat
  readonly source: string; // first field of /proc/mounts unless a mount overrides it
  readonly options: string; // file system options after rw/ro, without the leading comma: "size=65536k,mode=755"
  readonly readonly: boolean;
  readonly userNs: number; // that mounted it
  readonly context?: string; // SELinux context of everything in it, from the mount option
  readonly root: number; // ino of its root
  readonly inodes: PVec<Inode>; // index = ino; empty for virtual file systems
  readonly nextIno: number;
  readonly layers?: readonly PVec<Inode>[]; // overlay: the inodes of the lower layers, topmost first; the same object there is unchanged
  readonly bytes: number; // used by file contents
  readonly sizeLimit: number | null; // bytes (tmpfs size=), null: none
  readonly inodeLimit: number | null;
  readonly live: number; // inodes in use
  readonly ns: number | null; // pid namespace a proc instance shows; other drivers: what they need
  readonly nsfs?: { readonly type: NsType; readonly ns: number }; // the namespace a mounted namespace file stands for
}

export type MountFlag = 'readonly' | 'nosuid' | 'nodev' | 'noexec';

/** One mount. Counterpart: struct mount, mountinfo in proc(5). */
export interface Mount {
  readonly id: number; // also its index; shown in mountinfo
  readonly parent: number | null; // mount id
  readonly sb: number;
  readonly root: number; // ino inside sb that is the top of this mount (bind mounts of subtrees)
  readonly at: { readonly mount: number; readonly ino: number } | null; // where it is mounted; null for the root of a namespace
  readonly readonly: boolean;
  readonly nosuid: boolean;
  readonly nodev: boolean;
  readonly noexec: boolean;
  readonly atime: 'relatime' | 'noatime' | 'strictatime';
  readonly source: string | null; // overrides the superblock's
  readonly locked?: boolean; // MNT_LOCKED: came with a copied namespace and cannot be taken off alone
  readonly lockedFlags?: readonly MountFlag[]; // MNT_LOCK_*: flags it came with, that cannot be taken away
  readonly idmap: readonly IdMapExtent[] | null; // idmapped mount
  readonly shared?: number; // its peer group: who mounts below it, mounts below all of them
  readonly master?: number; // the peer group it follows
  readonly unbindable?: boolean;
}

/** A place in the mounted tree. */
export interface Location {
  readonly mount: number;
  readonly ino: number;
}

// ── open files ───────────────────────────────────────────────────────────────

/** What an open file description refers to. */
export type FileTarget =
  | { readonly kind: 'inode'; readonly at: Location; readonly path: string } // path: as opened, for /proc/PID/fd and getcwd
  | { readonly kind: 'pipe'; readonly pipe: number; readonly end: 'read' | 'write' | 'both' } // both: a fifo opened O_RDWR
  | { readonly kind: 'tty'; readonly tty: number; readonly side: 'slave' | 'master' }
  | { readonly kind: 'host'; readonly stream: number } // a stream of the world outside: see Machine.hostStream
  | { readonly kind: 'snapshot'; readonly at: Location; readonly path: string; readonly bytes: Uint8Array; readonly error?: Errno } // an opened file of a virtual fs
  | { readonly kind: 'ns'; readonly type: NsType; readonly ns: number }
  | { readonly kind: 'socket'; readonly socket: number };

export type NsType = 'mnt' | 'uts' | 'pid' | 'user' | 'net' | 'ipc' | 'cgroup';

/** Open file description, shared by dup and fork. Reference-counted by the fd tables that hold it. */
export interface OpenFile {
  readonly target: FileTarget;
  readonly flags: number; // access mode and status flags
  readonly offset: number;
  readonly refs: number;
  readonly cred: Credentials; // of the opener
  readonly lock?: 'LOCK_SH' | 'LOCK_EX'; // flock(2)
}

export interface Fd {
  readonly file: number; // id in KernelState.files
  readonly cloexec: boolean;
}

export interface Pipe {
  readonly chunks: readonly Uint8Array[];
  readonly length: number; // bytes waiting; the capacity is 65536
  readonly readers: number;
  readonly writers: number;
}

/** A terminal: a pty pair. Counterpart: pty(7), termios(3) */
export interface Tty {
  readonly index: number; // /dev/pts/INDEX
  readonly devpts: number | null; // superblock of the devpts instance it lives in
  readonly termios: Termios;
  readonly winsize: Winsize;
  readonly column: number; // where the last output ended
  readonly begun: number; // the column in which the line being typed began
  readonly edit: string; // line being edited in canonical mode
  readonly input: readonly Uint8Array[]; // ready to be read by the slave; an empty chunk is an end of file (^D)
  readonly output: readonly Uint8Array[]; // ready to be read by the master
  readonly session: number | null; // global task id of the session leader
  readonly foreground: number | null; // process group (global id of its leader)
  readonly masters: number; // open ends, the outside's included
  readonly slaves: number;
  readonly opened: boolean; // a slave was open once: a master reads EIO when there is none any more
  readonly uid: Kuid;
  readonly gid: Kgid;
  readonly mode: number;
}

// ── tasks ────────────────────────────────────────────────────────────────────

/** Why a blocked task waits; it is woken when one of the keys is signalled or the deadline passes. */
export interface Wait {
  readonly keys: readonly string[]; // e.g. "pipe:3", "tty:1", "child:7", "timer"
  readonly deadline: bigint | null; // CLOCK_MONOTONIC
}

/** A task under ptrace(2). */
export interface Traced {
  readonly tracer: number; // global id
  readonly follow: boolean; // PTRACE_O_TRACEFORK: children are traced too
  /** Where it is: entry, exit: stopped there; in: in a call that was let go on; null: in its own code. */
  readonly at: 'entry' | 'in' | 'exit' | null;
  /** Signals that arrived during a call: told after it. */
  readonly held: readonly TraceEvent[];
}

/** What a tracer has not asked for yet. */
export interface Tracing {
  readonly tracees: readonly number[]; // global ids
  readonly events: readonly TraceEvent[];
}

export interface Task {
  readonly id: number; // global id = pid in the initial pid namespace = index in KernelState.tasks
  readonly pids: readonly number[]; // pid in each namespace from the task's own outwards; last is the global id
  readonly pidNs: number;
  readonly pidNsForChildren: number;
  readonly ppid: number; // global id, 0 for none
  readonly children: readonly number[]; // global ids, oldest first, zombies included
  readonly pgrp: number; // global id of the group leader
  readonly session: number; // global id of the session leader
  readonly tty: number | null; // controlling terminal
  readonly state: 'running' | 'sleeping' | 'stopped' | 'tracing' | 'zombie'; // tracing: stopped by its tracer
  readonly exit: WaitStatus | null;
  readonly comm: string; // at most 15 characters
  readonly argv: readonly string[]; // /proc/PID/cmdline
  readonly envp: readonly string[];
  readonly exe: { readonly at: Location; readonly path: string } | null;
  readonly cred: Credentials;
  readonly noNewPrivs: boolean;
  readonly dumpable: boolean;
  readonly seccomp: readonly SeccompFilter[];
  readonly umask: number;
  readonly cwd: Location;
  readonly root: Location;
  readonly mountNs: number;
  readonly utsNs: number;
  readonly ipcNs: number;
  readonly netNs: number;
  readonly cgroupNs: number;
  readonly cgroup: string; // path in the cgroup v2 hierarchy, e.g. "/kubepods/…"
  readonly fds: readonly (Fd | undefined)[]; // index = descriptor
  readonly dispositions: Readonly<Record<number, Disposition>>; // missing: default
  readonly blocked: readonly number[]; // signals
  readonly pending: readonly number[];
  readonly caught: readonly number[]; // arrived with disposition "handle", see sigtake
  readonly pdeathsig: number;
  readonly subreaper: boolean;
  readonly nice: number;
  readonly policy: string;
  readonly priority?: number; // of a realtime policy
  readonly ioprio?: number; // class and level as ioprio_set(2) packs them
  readonly affinity?: number; // the processors it may use, as a mask; absent: all
  readonly oomScoreAdj: number;
  readonly oomScoreAdjMin: number; // what it was last set to by someone with CAP_SYS_RESOURCE
  readonly rlimits: Readonly<Partial<Record<Rlimit, readonly [number, number]>>>;
  readonly startTime: bigint; // CLOCK_BOOTTIME
  readonly utime: bigint; // ns of processor time
  readonly cutime: bigint; // of waited-for children
  readonly wait: Wait | null;
  readonly alarm: bigint | null;
  readonly lastDenial: number | null; // id of the newest denied SyscallRecord of this task
  readonly loginuid: number; // 4294967295: unset
  readonly flags?: number; // PF_FORKNOEXEC, PF_SUPERPRIV
  readonly listening: number | null; // port of its listening socket
  readonly traced: Traced | null; // by whom, see task/trace.ts
  readonly tracing: Tracing | null; // whom it traces
}

export interface KernelState {
  readonly realtime: bigint; // ns; CLOCK_REALTIME - CLOCK_MONOTONIC stays constant but for clock_settime
  readonly monotonic: bigint; // ns since boot
  readonly userNs: PVec<UserNs>;
  readonly pidNs: PVec<PidNs>;
  readonly utsNs: PVec<UtsNs>;
  readonly ipcNs: PVec<PlainNs>;
  readonly netNs: PVec<PlainNs>;
  readonly cgroupNs: PVec<PlainNs>;
  readonly mountNs: PVec<MountNs>;
  readonly superblocks: PVec<Superblock>;
  readonly mounts: PVec<Mount>;
  readonly peerGroups: number; // numbers given to peer groups of mounts so far
  readonly files: PVec<OpenFile>;
  readonly pipes: PVec<Pipe>;
  readonly ttys: PVec<Tty>;
  readonly tasks: PVec<Task>;
  readonly cgroupFiles?: Readonly<Record<string, Readonly<Record<string, string>>>>; // cgroup path → file → value, where it is not the usual one
  readonly pidsMax?: Readonly<Record<string, number>>; // cgroup path → pids.max, where it is not "max"
  readonly sysctls: Readonly<Record<string, string>>; // not namespaced: "kernel/dmesg_restrict" → "1"
  readonly random: number; // state of the seeded generator
  readonly log: readonly string[]; // the kernel log, for dmesg
  readonly audit?: AuditState;
  readonly lsm?: LsmState;
}
