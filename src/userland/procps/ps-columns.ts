// The columns of procps's ps that listings use.

import { age, bbTime, type Column, elapsed, hms, percent, seconds, startTime, stat } from './columns.ts';
import type { ProcessInfo } from './processes.ts';
import { RARE } from './ps-columns-rare.ts';
import { procpsArgs } from './words.ts';

const own = (head: string, width: number, text: Column['text'], more: Partial<Column> = {}): Column => ({ head, width, text, ...more });
const user = (head: string, id: (p: ProcessInfo) => number): Column =>
  own(head, -8, (p, n) => n.user(id(p)), { cut: true, number: (p) => String(id(p)) });
const group = (head: string, id: (p: ProcessInfo) => number): Column => own(head, -8, (p, n) => n.group(id(p)), { cut: true });
const number = (head: string, width: number, value: (p: ProcessInfo) => number): Column => own(head, width, (p) => String(value(p)));
const LABEL = 'attr/current';
/** Up to the first character that cannot be printed. Counterpart: pr_context */
const label = (p: ProcessInfo): string => /^[\x20-\x7e]+/.exec(p.files?.get(LABEL) ?? '')?.[0] ?? '-';
const wchan = (p: ProcessInfo): string => {
  const name = p.files?.get('wchan') ?? '0';
  return name === '0' || name === '' ? '-' : name;
};

const COMMON: Readonly<Record<string, Column>> = {
  user: user('USER', (p) => p.euid),
  euser: user('EUSER', (p) => p.euid),
  ruser: user('RUSER', (p) => p.ruid),
  fuser: user('FUSER', (p) => p.euid),
  suser: user('SUSER', (p) => p.suid),
  uid: number('UID', 5, (p) => p.euid),
  euid: number('EUID', 5, (p) => p.euid),
  ruid: number('RUID', 5, (p) => p.ruid),
  suid: number('SUID', 5, (p) => p.suid),
  fuid: number('FUID', 5, (p) => p.euid),
  gid: number('GID', 5, (p) => p.egid),
  egid: number('EGID', 5, (p) => p.egid),
  rgid: number('RGID', 5, (p) => p.rgid),
  sgid: number('SGID', 5, (p) => p.sgid),
  fgid: number('FGID', 5, (p) => p.egid),
  group: group('GROUP', (p) => p.egid),
  egroup: group('EGROUP', (p) => p.egid),
  rgroup: group('RGROUP', (p) => p.rgid),
  fgroup: group('FGROUP', (p) => p.egid),
  sgroup: group('SGROUP', (p) => p.sgid),
  supgid: own('SUPGID', -20, (p) => p.groups.join(',') || '-'),
  supgrp: own('SUPGRP', -40, (p, n) => p.groups.map((gid) => n.group(gid)).join(',') || '-'),
  pid: number('PID', 7, (p) => p.pid),
  ppid: number('PPID', 7, (p) => p.ppid),
  pgid: number('PGID', 7, (p) => p.pgrp),
  sid: number('SID', 7, (p) => p.session),
  sess: number('SESS', 7, (p) => p.session),
  lwp: number('LWP', 7, (p) => p.pid),
  spid: number('SPID', 7, (p) => p.pid),
  tid: number('TID', 7, (p) => p.pid),
  tgid: number('TGID', 7, (p) => p.pid),
  tpgid: number('TPGID', 7, (p) => p.foreground),
  nlwp: number('NLWP', 4, (p) => p.threads),
  ni: own('NI', 3, (p) => (p.policy === 1 || p.policy === 2 ? '-' : String(p.nice))),
  pri: number('PRI', 3, (p) => 39 - p.priority),
  opri: number('PRI', 3, (p) => 60 + p.priority),
  priority: number('PRI', 3, (p) => p.priority),
  c: own('C', 2, (p, n) => String(Math.floor(Number(percent(p, n))))),
  pcpu: own('%CPU', 4, percent),
  pmem: own('%MEM', 4, (p, n) => ((p.rss / Math.max(1, n.memory)) * 100).toFixed(1)),
  vsz: number('VSZ', 6, (p) => p.vsz),
  rss: number('RSS', 5, (p) => p.rss),
  sz: number('SZ', 5, (p) => Math.floor(p.vsz / 4)),
  tty: own('TT', -8, (p) => p.tty ?? '?'),
  tname: own('TTY', -8, (p) => p.tty ?? '?'),
  stat: own('STAT', -4, stat),
  s: own('S', -1, (p) => p.state),
  f: own('F', 1, (p) => String((p.flags >> 6) & 7)),
  /** As BSD's u shows it. */
  ustart: own('START', 5, startTime),
  stime: own('STIME', 5, startTime),
  start_time: own('START', 5, startTime),
  time: own('TIME', 8, (p) => hms(seconds(p))),
  bsdtime: own('TIME', 6, (p) => bbTime(seconds(p))),
  etime: own('ELAPSED', 11, (p, n) => elapsed(age(p, n))),
  addr: own('ADDR', 4, () => '-'),
  addr_1: own('ADDR', 1, () => '-'),
  wchan: own('WCHAN', -6, wchan, { files: ['wchan'], cut: true, plus: '' }),
  label: own('LABEL', -31, label, { files: [LABEL] }),
  context: own('CONTEXT', -31, label, { files: [LABEL] }),
  comm: own('COMMAND', -15, (p) => p.comm + (p.state === 'Z' ? ' <defunct>' : ''), { command: true }),
  ucmd: own('CMD', -15, (p) => p.comm + (p.state === 'Z' ? ' <defunct>' : ''), { command: true }),
  cmd: own('CMD', -27, procpsArgs, { command: true }),
  args: own('COMMAND', -27, procpsArgs, { command: true }),
};

export const PROCPS: Readonly<Record<string, Column>> = { ...COMMON, ...RARE };

export const ALIAS: Readonly<Record<string, string>> = {
  ucomm: 'comm',
  command: 'args',
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  tt: 'tty',
  nice: 'ni',
  state: 's',
  wname: 'wchan',
  flag: 'f',
  flags: 'f',
  session: 'sess',
  vsize: 'vsz',
  rssize: 'rss',
  uname: 'user',
  cputime: 'time',
  atime: 'time',
  intpri: 'opri',
  util: 'c',
};
