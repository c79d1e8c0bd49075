// The columns of procps's ps that only -o asks for. Heads and widths as `ps L` and `ps -o` of procps-ng 4.0.2 show them.

import { age, type Column, clockTime, dayOf, fullTime, percent, seconds } from './columns.ts';
import type { ProcessInfo } from './processes.ts';

const own = (head: string, width: number, text: Column['text'], more: Partial<Column> = {}): Column => ({ head, width, text, ...more });
const nothing = (head: string, width: number): Column => own(head, width, () => '-');
const CLASSES = ['TS', 'FF', 'RR', 'B', 'ISO', 'IDL', 'DLN'];
const schedulingClass = (p: ProcessInfo): string => CLASSES[p.policy] ?? '?';

/** A mask of signals in /proc/PID/status. */
const signals = (head: string, field: string): Column =>
  own(head, 16, (p) => new RegExp(`^${field}:\t(\\w+)$`, 'm').exec(p.files?.get('status') ?? '')?.[1] ?? '-', { files: ['status'] });
const PENDING = signals('PENDING', 'ShdPnd');
const BLOCKED = signals('BLOCKED', 'SigBlk');
const IGNORED = signals('IGNORED', 'SigIgn');
const CAUGHT = signals('CAUGHT', 'SigCgt');

/** The number in a link of /proc/PID/ns. */
const namespace = (head: string, file: string): Column =>
  own(head, 10, (p) => /\[(\d+)\]/.exec(p.files?.get(`ns/${file}`) ?? '')?.[1] ?? '-', { files: [`ns/${file}`] });
const number = (head: string, width: number, value: (p: ProcessInfo) => number | string): Column =>
  own(head, width, (p) => String(value(p)));
const user = (head: string, id: (p: ProcessInfo) => number): Column => own(head, -8, (p, n) => n.user(id(p)), { cut: true });
const group = (head: string, id: (p: ProcessInfo) => number): Column => own(head, -8, (p, n) => n.group(id(p)), { cut: true });
const address = (head: string, at: number): Column =>
  own(head, 16, (p) =>
    BigInt(p.stat[at] ?? 0)
      .toString(16)
      .padStart(16, '0'),
  );
/** Kilobytes of code. */
const text = (p: ProcessInfo): number => Math.floor((Number(p.stat[24] ?? 0) - Number(p.stat[23] ?? 0)) / 1024);
/** Kilobytes of the rest. */
const rest = (p: ProcessInfo): number => Math.floor(p.vsz - (Number(p.stat[24] ?? 0) - Number(p.stat[23] ?? 0)) / 1024);
/** A size in /proc/PID/status. */
const kib = (p: ProcessInfo, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(p.files?.get('status') ?? '')?.[1] ?? 0);
const tenths = (p: ProcessInfo, n: Parameters<Column['text']>[1]): number => Number(percent(p, n));

export const RARE: Readonly<Record<string, Column>> = {
  svuser: user('SVUSER', (p) => p.suid),
  svgroup: group('SVGROUP', (p) => p.sgid),
  fsuser: user('FSUSER', (p) => p.euid),
  fsgroup: group('FSGROUP', (p) => p.egid),
  svuid: number('SVUID', 5, (p) => p.suid),
  svgid: number('SVGID', 5, (p) => p.sgid),
  fsuid: number('FSUID', 5, (p) => p.euid),
  fsgid: number('FSGID', 5, (p) => p.egid),
  uid_hack: user('UID', (p) => p.euid),
  luid: own('LUID', 5, (p) => (/^4294967295|^$/.test(p.files?.get('loginuid') ?? '') ? '-' : (p.files?.get('loginuid') ?? '-')), {
    files: ['loginuid'],
  }),
  cls: own('CLS', 3, schedulingClass),
  class: own('CLS', -3, schedulingClass),
  policy: own('POL', -3, schedulingClass),
  sched: number('SCH', 3, (p) => p.policy),
  rtprio: own('RTPRIO', 6, (p) => (p.policy === 0 ? '-' : (p.stat[37] ?? '-'))),
  pri_api: number('API', 3, (p) => -1 - p.priority),
  pri_bar: number('BAR', 3, (p) => p.priority + 1),
  pri_baz: number('BAZ', 3, (p) => p.priority + 100),
  pri_foo: number('FOO', 3, (p) => p.priority - 20),
  cp: own('CP', 3, (p, n) => String(Math.floor(tenths(p, n) * 10))),
  cuc: own('%CUC', 7, (p, n) => tenths(p, n).toFixed(3)),
  cuu: own('%CUU', 6, (p, n) => tenths(p, n).toFixed(3)),
  psr: number('PSR', 3, (p) => p.stat[36] ?? 0),
  cpuid: number('CPUID', 5, (p) => p.stat[36] ?? 0),
  lastcpu: number('C', 3, (p) => p.stat[36] ?? 0),
  sgi_p: own('P', 1, (p) => (p.state === 'R' ? (p.stat[36] ?? '0') : '*')),
  numa: own('NUMA', 4, () => '-1'),
  thcount: number('THCNT', 5, (p) => p.threads),
  cputimes: number('TIME', 8, seconds),
  times: number('TIME', 8, seconds),
  etimes: own('ELAPSED', 7, (p, n) => String(age(p, n))),
  lstart: own('STARTED', 24, fullTime),
  start: own('STARTED', 8, (p, n) => clockTime(p, n) ?? `  ${dayOf(p, n)}`),
  bsdstart: own('START', 6, (p, n) => clockTime(p, n)?.slice(0, 5) ?? dayOf(p, n)),
  minflt: number('MINFLT', 6, (p) => p.stat[7] ?? 0),
  min_flt: number('MINFL', 6, (p) => p.stat[7] ?? 0),
  majflt: number('MAJFLT', 6, (p) => p.stat[9] ?? 0),
  maj_flt: number('MAJFL', 6, (p) => p.stat[9] ?? 0),
  pagein: number('PAGEIN', 6, (p) => p.stat[9] ?? 0),
  rsz: number('RSZ', 5, (p) => p.rss),
  sgi_rss: number('RSS', -4, (p) => p.rss),
  trs: number('TRS', 4, text),
  trss: number('TRSS', 4, text),
  tsiz: number('TSIZ', 4, text),
  m_trs: number('TRS', 5, text),
  drs: number('DRS', 5, rest),
  m_drs: number('DRS', 5, rest),
  dsiz: number('DSIZ', 4, rest),
  size: own('SIZE', 5, (p) => String(kib(p, 'VmData') + kib(p, 'VmStk')), { files: ['status'] }),
  pgrp: number('PGRP', 7, (p) => p.pgrp),
  stackp: address('STACKP', 25),
  start_stack: address('STACKP', 25),
  esp: address('ESP', 26),
  eip: address('EIP', 27),
  tmout: nothing('TMOUT', 5),
  alarm: nothing('ALARM', 5),
  oom: own('OOM', 4, (p) => p.files?.get('oom_score') ?? '-', { files: ['oom_score'] }),
  oomadj: own('OOMADJ', 5, (p) => p.files?.get('oom_score_adj') ?? '-', { files: ['oom_score_adj'] }),
  exe: own('EXE', -27, (p) => p.files?.get('exe') ?? '-', { files: ['exe'] }),
  fname: own('COMMAND', -8, (p) => p.comm.slice(0, 8)),
  longtname: own('TTY', -8, (p) => p.tty ?? '?'),
  tty4: own('TTY', -4, (p) => p.tty ?? '?'),
  tty8: own('TTY', -8, (p) => p.tty ?? '?'),
  pending: PENDING,
  sig: PENDING,
  tsig: signals('PENDING', 'SigPnd'),
  sig_pend: { ...PENDING, head: 'SIGNAL' },
  blocked: BLOCKED,
  sig_block: BLOCKED,
  sigmask: BLOCKED,
  ignored: IGNORED,
  sig_ignore: IGNORED,
  sigignore: IGNORED,
  caught: CAUGHT,
  sigcatch: CAUGHT,
  sig_catch: { ...CAUGHT, head: 'CATCHED' },
  cgroupns: namespace('CGROUPNS', 'cgroup'),
  ipcns: namespace('IPCNS', 'ipc'),
  mntns: namespace('MNTNS', 'mnt'),
  netns: namespace('NETNS', 'net'),
  pidns: namespace('PIDNS', 'pid'),
  timens: namespace('TIMENS', 'time'),
  userns: namespace('USERNS', 'user'),
  utsns: namespace('UTSNS', 'uts'),
  // What systemd would know.
  lsession: nothing('SESSION', -11),
  seat: nothing('SEAT', -11),
  machine: nothing('MACHINE', -31),
  slice: own('SLICE', -31, () => '-.slice'),
  unit: nothing('UNIT', -31),
  uunit: nothing('UUNIT', -31),
  ouid: nothing('OWNER', -5),
  lxc: nothing('LXC', -8),
};
