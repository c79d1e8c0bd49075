// /proc/PID/status, stat and limits. Counterpart: fs/proc/array.c, proc_pid_status(5), proc_pid_stat(5)

import { capHex } from '#abi/capability.ts';
import { fromKgid, fromKuid } from '../cred/ids.ts';
import type { Task } from '../state.ts';
import { pidIn } from '../task/ids.ts';
import { POLICIES } from '../task/scheduling.ts';
import type { Rlimit } from '../uapi/index.ts';
import { ptraceVerdict } from './access.ts';
import { pidsFrom } from './ids.ts';
import { memoryOf, memoryText, STACK_START } from './memory.ts';
import type { View } from './view.ts';
import { waitsIn } from './wchan.ts';

/** The letter ps shows: the reader itself runs, tasks that wait sleep. */
export function stateLetter(view: View, task: Task): 'R' | 'S' | 'T' | 't' | 'Z' {
  if (task.state === 'zombie') return 'Z';
  if (task.state === 'stopped') return 'T';
  if (task.state === 'tracing') return 't';
  return task.id === view.viewer.id || task.state === 'running' ? 'R' : 'S';
}
const STATE_TEXT = { R: 'R (running)', S: 'S (sleeping)', T: 'T (stopped)', t: 't (tracing stop)', Z: 'Z (zombie)' } as const;

const sigset = (signals: readonly number[]): string => {
  let set = 0n;
  for (const signal of signals) set |= 1n << BigInt(signal - 1);
  return set.toString(16).padStart(16, '0');
};

const withDisposition = (task: Task, wanted: string): number[] =>
  Object.entries(task.dispositions)
    .filter(([, disposition]) => disposition === wanted)
    .map(([signal]) => Number(signal));

const escapeComm = (comm: string): string => comm.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** The whole of /proc/PID/status, ids as the reader's user namespace shows them. */
export function statusText(view: View, task: Task): string {
  const { k, viewer } = view;
  const { state } = k;
  const ns = state.superblocks.get(view.sb)?.ns ?? 0;
  const { cred } = task;
  const uid = (id: typeof cred.ruid): number => fromKuid(state, viewer.cred.userNs, id);
  const gid = (id: typeof cred.rgid): number => fromKgid(state, viewer.cred.userNs, id);
  const letter = stateLetter(view, task);
  const alive = letter !== 'Z';
  const pids = pidsFrom(state, task, ns);
  const leaders = (id: number): string => {
    const leader = k.task(id);
    return (leader === undefined ? [0] : pidsFrom(state, leader, ns)).join('\t');
  };
  const parent = k.task(task.ppid);
  const fdSize = Math.max(64, 2 ** Math.ceil(Math.log2(Math.max(1, task.fds.length))));
  const groups = cred.groups.length === 0 ? ' ' : cred.groups.map((id) => `${gid(id)} `).join('');
  return (
    `Name:\t${escapeComm(task.comm)}\n` +
    (alive ? `Umask:\t${task.umask.toString(8).padStart(4, '0')}\n` : '') +
    `State:\t${STATE_TEXT[letter]}\nTgid:\t${pids[0]}\nNgid:\t0\nPid:\t${pids[0]}\nPPid:\t${parent ? pidIn(state, parent, ns) : 0}\nTracerPid:\t${task.traced ? pidIn(state, k.task(task.traced.tracer) as Task, ns) : 0}\n` +
    `Uid:\t${uid(cred.ruid)}\t${uid(cred.euid)}\t${uid(cred.suid)}\t${uid(cred.fsuid)}\n` +
    `Gid:\t${gid(cred.rgid)}\t${gid(cred.egid)}\t${gid(cred.sgid)}\t${gid(cred.fsgid)}\n` +
    `FDSize:\t${alive ? fdSize : 0}\nGroups:\t${groups}\n` +
    `NStgid:\t${pids.join('\t')}\nNSpid:\t${pids.join('\t')}\nNSpgid:\t${leaders(task.pgrp)}\nNSsid:\t${leaders(task.session)}\nKthread:\t0\n` +
    (alive ? `${memoryText(view, task)}CoreDumping:\t0\nTHP_enabled:\t1\nuntag_mask:\t0xffffffffffffffff\n` : '') +
    `Threads:\t1\nSigQ:\t0/${maxPending(task)}\nSigPnd:\t${sigset([])}\nShdPnd:\t${sigset(task.pending)}\nSigBlk:\t${sigset(task.blocked)}\n` +
    `SigIgn:\t${sigset(withDisposition(task, 'ignore'))}\nSigCgt:\t${sigset(withDisposition(task, 'handle'))}\n` +
    `CapInh:\t${capHex(cred.inheritable)}\nCapPrm:\t${capHex(cred.permitted)}\nCapEff:\t${capHex(cred.effective)}\n` +
    `CapBnd:\t${capHex(cred.bounding)}\nCapAmb:\t${capHex(cred.ambient)}\n` +
    `NoNewPrivs:\t${task.noNewPrivs ? 1 : 0}\nSeccomp:\t${task.seccomp.length > 0 ? 2 : 0}\nSeccomp_filters:\t${task.seccomp.length}\n` +
    'Speculation_Store_Bypass:\tvulnerable\nSpeculationIndirectBranch:\talways enabled\n' +
    `Cpus_allowed:\t${(task.affinity ?? 3).toString(16)}\nCpus_allowed_list:\t${['', '0', '1'][task.affinity ?? 3] ?? '0-1'}\nMems_allowed:\t${'00000000,'.repeat(31)}00000001\nMems_allowed_list:\t0\n` +
    'voluntary_ctxt_switches:\t14\nnonvoluntary_ctxt_switches:\t2\n'
  );
}

const maxPending = (task: Task): number => {
  const limit = task.rlimits.RLIMIT_SIGPENDING?.[0] ?? 96365;
  return limit === Infinity ? 96365 : limit;
};

/** Of every task with an address space. */
const PF_RANDOMIZE = 0x400000;
const TICK = 10_000_000n;

/** The one line of /proc/PID/stat, 52 fields. Addresses are those of /proc/PID/maps; a reader without ptrace access sees none. */
export function statText(view: View, task: Task): string {
  const { k } = view;
  const ns = k.state.superblocks.get(view.sb)?.ns ?? 0;
  const seen = (id: number): number => {
    const other = k.task(id);
    return other ? pidIn(k.state, other, ns) : 0;
  };
  const tty = task.tty === null ? undefined : k.state.ttys.get(task.tty);
  const alive = task.state !== 'zombie';
  const { sizes, code } = memoryOf(view, task);
  const [size, , , , anonymous, file] = sizes;
  const open = alive && ptraceVerdict(k, view.viewer, task).allowed;
  const realtime = task.policy === 'SCHED_FIFO' || task.policy === 'SCHED_RR';
  // The first 31 signals.
  const mask = (signals: readonly number[]): number => signals.filter((one) => one < 32).reduce((sum, one) => sum + 2 ** (one - 1), 0);
  const fields = [
    pidIn(k.state, task, ns),
    `(${task.comm})`,
    stateLetter(view, task),
    seen(task.ppid),
    seen(task.pgrp),
    seen(task.session),
    tty ? 136 * 256 + tty.index : 0,
    tty?.foreground != null ? seen(tty.foreground) : -1,
    PF_RANDOMIZE | (task.flags ?? 0),
    99,
    0,
    0,
    0,
    task.utime / TICK,
    0,
    task.cutime / TICK,
    0,
    realtime ? -1 - (task.priority ?? 1) : 20 + task.nice,
    task.nice,
    1,
    0,
    task.startTime / TICK,
    alive ? size * 1024 : 0,
    alive ? Math.ceil((anonymous + file) / 4) : 0,
    '18446744073709551615',
    open ? code[0] : 1,
    open ? code[1] : 1,
    open ? STACK_START : 0,
    0,
    0,
    mask(task.pending),
    mask(task.blocked),
    mask(withDisposition(task, 'ignore')),
    mask(withDisposition(task, 'handle')),
    waitsIn(view, task) === undefined ? 0 : 1,
    0,
    0,
    17,
    0,
    realtime ? (task.priority ?? 1) : 0,
    POLICIES.indexOf(task.policy),
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  return `${fields.join(' ')}\n`;
}

const LIMITS: readonly (readonly [string, Rlimit, string])[] = [
  ['Max cpu time', 'RLIMIT_CPU', 'seconds'],
  ['Max file size', 'RLIMIT_FSIZE', 'bytes'],
  ['Max data size', 'RLIMIT_DATA', 'bytes'],
  ['Max stack size', 'RLIMIT_STACK', 'bytes'],
  ['Max core file size', 'RLIMIT_CORE', 'bytes'],
  ['Max resident set', 'RLIMIT_RSS', 'bytes'],
  ['Max processes', 'RLIMIT_NPROC', 'processes'],
  ['Max open files', 'RLIMIT_NOFILE', 'files'],
  ['Max locked memory', 'RLIMIT_MEMLOCK', 'bytes'],
  ['Max address space', 'RLIMIT_AS', 'bytes'],
  ['Max file locks', 'RLIMIT_LOCKS', 'locks'],
  ['Max pending signals', 'RLIMIT_SIGPENDING', 'signals'],
  ['Max msgqueue size', 'RLIMIT_MSGQUEUE', 'bytes'],
  ['Max nice priority', 'RLIMIT_NICE', ''],
  ['Max realtime priority', 'RLIMIT_RTPRIO', ''],
  ['Max realtime timeout', 'RLIMIT_RTTIME', 'us'],
];

/** /proc/PID/limits: columns of 26, 21, 21 and 10. */
export function limitsText(task: Task): string {
  const show = (value: number): string => (value === Infinity ? 'unlimited' : String(value)).padEnd(20);
  const rows = LIMITS.map(([label, name, unit]) => {
    const [soft, hard] = task.rlimits[name] ?? [Infinity, Infinity];
    return `${label.padEnd(25)} ${show(soft)} ${show(hard)} ${unit === '' ? '' : unit.padEnd(10)}\n`;
  });
  return `${'Limit'.padEnd(25)} ${'Soft Limit'.padEnd(20)} ${'Hard Limit'.padEnd(20)} ${'Units'.padEnd(10)}\n${rows.join('')}`;
}
