// ps in both userlands.
// Counterpart: busybox 1.35 procps/ps.c (DESKTOP); procps-ng 4.0 ps(1)

import type { Winsize } from '#kernel/uapi/index.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { type ProcessInfo, processes } from './processes.ts';

interface Names {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
  readonly uptime: number; // seconds
  readonly boot: bigint; // ns since the epoch
  readonly now: bigint;
}

interface Column {
  readonly head: string;
  readonly width: number; // negative: left-aligned
  readonly text: (process: ProcessInfo, names: Names) => string;
}

const HZ = 100;
const two = (n: number): string => String(n).padStart(2, '0');
const seconds = (process: ProcessInfo): number => Math.floor((process.utime + process.stime) / HZ);

/** busybox shows "[comm]" without arguments, and "{comm} args" where the two names differ. */
function busyboxArgs(process: ProcessInfo): string {
  const [first = ''] = process.args;
  if (process.args.length === 0) return `[${process.comm}]`;
  const base = first.replace(/^-/, '').split('/').at(-1) ?? '';
  const line = process.args.join(' ');
  return base.startsWith(process.comm) || process.comm.startsWith(base.slice(0, 15)) ? line : `{${process.comm}} ${line}`;
}

const procpsArgs = (process: ProcessInfo): string =>
  process.args.length > 0 ? process.args.join(' ') : `[${process.comm}]${process.state === 'Z' ? ' <defunct>' : ''}`;

function bbTime(total: number): string {
  return total < 3600 * 100
    ? `${Math.floor(total / 60)}:${two(total % 60)}`
    : `${Math.floor(total / 3600)}h${two(Math.floor(total / 60) % 60)}`;
}

const hms = (total: number): string => `${two(Math.floor(total / 3600))}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;

function elapsed(total: number): string {
  const days = Math.floor(total / 86400);
  const short = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  if (days > 0) return `${days}-${two(Math.floor(total / 3600) % 24)}:${short}`;
  return total >= 3600 ? `${two(Math.floor(total / 3600))}:${short}` : short;
}

function stat(process: ProcessInfo): string {
  const priority = process.nice < 0 ? '<' : process.nice > 0 ? 'N' : '';
  const foreground = process.tty !== null && process.foreground === process.pgrp ? '+' : '';
  return process.state + priority + (process.session === process.pid ? 's' : '') + (process.threads > 1 ? 'l' : '') + foreground;
}

/** HH:MM of today, MonDD before. */
function startTime(process: ProcessInfo, names: Names): string {
  const started = names.boot + BigInt(Math.floor((process.start / HZ) * 1000)) * 1_000_000n;
  const date = new Date(Number(started / 1_000_000n));
  const today = new Date(Number(names.now / 1_000_000n));
  if (date.toISOString().slice(0, 10) === today.toISOString().slice(0, 10)) return date.toISOString().slice(11, 16);
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(date.getUTCMonth() * 3, date.getUTCMonth() * 3 + 3);
  return `${month}${two(date.getUTCDate())}`;
}

/** procps cuts long names to seven characters and a plus. */
const cut = (name: string): string => (name.length > 8 ? `${name.slice(0, 7)}+` : name);
const age = (process: ProcessInfo, names: Names): number => Math.max(0, Math.floor(names.uptime - process.start / HZ));
const percent = (process: ProcessInfo, names: Names): string => {
  const alive = Math.max(names.uptime - process.start / HZ, 0.01);
  return Math.min(99.9, (((process.utime + process.stime) / HZ) * 100) / alive).toFixed(1);
};

const BUSYBOX: Readonly<Record<string, Column>> = {
  user: { head: 'USER', width: -8, text: (p, n) => n.user(p.euid).slice(0, 8) },
  group: { head: 'GROUP', width: -8, text: (p, n) => n.group(p.egid).slice(0, 8) },
  comm: { head: 'COMMAND', width: -16, text: (p) => p.comm },
  args: { head: 'COMMAND', width: -256, text: busyboxArgs },
  pid: { head: 'PID', width: 5, text: (p) => String(p.pid) },
  ppid: { head: 'PPID', width: 5, text: (p) => String(p.ppid) },
  pgid: { head: 'PGID', width: 5, text: (p) => String(p.pgrp) },
  sid: { head: 'SID', width: 5, text: (p) => String(p.session) },
  etime: { head: 'ELAPSED', width: -7, text: (p, n) => bbTime(age(p, n)) },
  nice: { head: 'NI', width: 5, text: (p) => String(p.nice) },
  rgroup: { head: 'RGROUP', width: -8, text: (p, n) => n.group(p.rgid).slice(0, 8) },
  ruser: { head: 'RUSER', width: -8, text: (p, n) => n.user(p.ruid).slice(0, 8) },
  time: { head: 'TIME', width: 5, text: (p) => bbTime(seconds(p)) },
  tty: { head: 'TT', width: -6, text: (p) => (p.tty === null ? '?' : `136,${p.tty.slice(4)}`) },
  vsz: { head: 'VSZ', width: 4, text: (p) => kib(p.vsz) },
  stat: { head: 'STAT', width: -4, text: (p) => (p.state + (p.nice < 0 ? '<' : p.nice > 0 ? 'N' : '')).slice(0, 4) },
  rss: { head: 'RSS', width: 4, text: (p) => kib(p.rss) },
};

const kib = (size: number): string => (size < 10_000 ? String(size) : `${Math.floor(size / 1024)}m`);

const PROCPS: Readonly<Record<string, Column>> = {
  user: { head: 'USER', width: -8, text: (p, n) => cut(n.user(p.euid)) },
  euser: { head: 'EUSER', width: -8, text: (p, n) => cut(n.user(p.euid)) },
  ruser: { head: 'RUSER', width: -8, text: (p, n) => cut(n.user(p.ruid)) },
  uid: { head: 'UID', width: 5, text: (p) => String(p.euid) },
  euid: { head: 'EUID', width: 5, text: (p) => String(p.euid) },
  ruid: { head: 'RUID', width: 5, text: (p) => String(p.ruid) },
  gid: { head: 'GID', width: 5, text: (p) => String(p.egid) },
  egid: { head: 'EGID', width: 5, text: (p) => String(p.egid) },
  rgid: { head: 'RGID', width: 5, text: (p) => String(p.rgid) },
  group: { head: 'GROUP', width: -8, text: (p, n) => cut(n.group(p.egid)) },
  pid: { head: 'PID', width: 7, text: (p) => String(p.pid) },
  ppid: { head: 'PPID', width: 7, text: (p) => String(p.ppid) },
  pgid: { head: 'PGID', width: 7, text: (p) => String(p.pgrp) },
  sid: { head: 'SID', width: 7, text: (p) => String(p.session) },
  ni: { head: 'NI', width: 3, text: (p) => String(p.nice) },
  c: { head: 'C', width: 2, text: (p, n) => String(Math.floor(Number(percent(p, n)))) },
  pcpu: { head: '%CPU', width: 4, text: percent },
  pmem: { head: '%MEM', width: 4, text: () => '0.0' },
  vsz: { head: 'VSZ', width: 6, text: (p) => String(p.vsz) },
  rss: { head: 'RSS', width: 5, text: (p) => String(p.rss) },
  tty: { head: 'TTY', width: -8, text: (p) => p.tty ?? '?' },
  stat: { head: 'STAT', width: -4, text: stat },
  s: { head: 'S', width: -1, text: (p) => p.state },
  start: { head: 'START', width: 5, text: startTime },
  stime: { head: 'STIME', width: 5, text: startTime },
  time: { head: 'TIME', width: 8, text: (p) => hms(seconds(p)) },
  bsdtime: { head: 'TIME', width: 6, text: (p) => bbTime(seconds(p)) },
  etime: { head: 'ELAPSED', width: 11, text: (p, n) => elapsed(age(p, n)) },
  nlwp: { head: 'NLWP', width: 4, text: (p) => String(p.threads) },
  label: { head: 'LABEL', width: -31, text: () => '-' },
  comm: { head: 'COMMAND', width: -15, text: (p) => p.comm + (p.state === 'Z' ? ' <defunct>' : '') },
  cmd: { head: 'CMD', width: -27, text: procpsArgs },
  args: { head: 'COMMAND', width: -27, text: procpsArgs },
};

const ALIAS: Readonly<Record<string, string>> = {
  ucomm: 'comm',
  command: 'args',
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  tt: 'tty',
  tname: 'tty',
  nice: 'ni',
  pgrp: 'pgid',
  sess: 'sid',
  state: 's',
  uname: 'user',
  cputime: 'time',
  egroup: 'group',
};

const align = (text: string, width: number): string => (width < 0 ? text.padEnd(-width) : text.padStart(width));

function table(columns: readonly Column[], rows: readonly ProcessInfo[], names: Names, maxWidth: number): string {
  const headless = columns.every((column) => column.head === '');
  const line = (cell: (column: Column) => string): string =>
    columns
      .map((column, at) => (at === columns.length - 1 && column.width < 0 ? cell(column) : align(cell(column), column.width)))
      .join(' ')
      .slice(0, maxWidth);
  const body = rows.map((row) => line((column) => column.text(row, names)));
  return [...(headless ? [] : [line((column) => column.head)]), ...body].map((text) => `${text}\n`).join('');
}

function* names(): Program<Names> {
  const users = new Map((yield* passwdEntries()).map((entry) => [entry.uid, entry.name]).reverse() as [number, string][]);
  const groups = new Map((yield* groupEntries()).map((entry) => [entry.gid, entry.name]).reverse() as [number, string][]);
  const boot: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_BOOTTIME');
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  const since = boot.ok ? boot.value : 0n;
  const wall = now.ok ? now.value : 0n;
  return {
    user: (uid) => users.get(uid) ?? String(uid),
    group: (gid) => groups.get(gid) ?? String(gid),
    uptime: Number(since) / 1e9,
    boot: wall - since,
    now: wall,
  };
}

/** Columns of the terminal on standard output, or undefined when there is none. */
function* terminalWidth(): Program<number | undefined> {
  const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
  return size.ok ? size.value.cols || 80 : undefined;
}

/** Parses `-o` values: names, with `name=HEADER`. Returns the unknown one as text. */
function format(spec: string, known: Readonly<Record<string, Column>>): Column[] | string {
  const columns: Column[] = [];
  for (const item of spec.split(/[ ,]+/).filter((part) => part !== '')) {
    const [key = '', head] = item.split(/=(.*)/s);
    const column = known[known === PROCPS ? (ALIAS[key] ?? key) : key];
    if (column === undefined) return key;
    columns.push(head === undefined ? column : { ...column, head });
  }
  return columns;
}

const busyboxPs = function* ({ argv, name }: CommandContext): Program<number> {
  let spec: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-o') spec = [...spec, argv[++at] ?? ''];
    else if (arg.startsWith('-o')) spec = [...spec, arg.slice(2)];
    else if (/^-[^aAdefl]/.test(arg)) {
      yield* errOut(`${name}: invalid option -- '${arg.charAt(1)}'\n${BUSYBOX_USAGE}`);
      return 1;
    }
  }
  const columns = format(spec.length > 0 ? spec.join(',') : 'pid,user,time,args', BUSYBOX);
  if (typeof columns === 'string') {
    yield* errOut(`${name}: bad -o argument '${columns}', supported arguments: ${Object.keys(BUSYBOX).join(',')}\n`);
    return 1;
  }
  // busybox aligns the head of every column to the left.
  const width = yield* terminalWidth();
  const head = columns.map((c, at) => (at === columns.length - 1 ? c.head : c.head.padEnd(Math.abs(c.width)))).join(' ');
  const limit = width === undefined ? 1024 : width - 1;
  const body = table(
    columns.map((c) => ({ ...c, head: '' })),
    yield* processes(),
    yield* names(),
    limit,
  );
  yield* out(`${head.slice(0, limit)}\n${body}`);
  return 0;
};

const BUSYBOX_USAGE = `BusyBox v1.35.0 (2026-11-23 06:25:37 UTC) multi-call binary.

Usage: ps [-o COL1,COL2=HEADER] [-T]

Show list of processes

	-o COL1,COL2=HEADER	Select columns for display
	-T			Show threads
`;

const PROCPS_USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

interface Wanted {
  all: boolean;
  withTty: boolean;
  full: boolean;
  user: boolean;
  spec: string[];
  pids: number[] | null;
  users: string[] | null;
  noHeaders: boolean;
  wide: boolean;
  label: boolean;
}

function procpsOptions(argv: readonly string[]): Wanted | string {
  const wanted: Wanted = {
    all: false,
    withTty: false,
    full: false,
    user: false,
    spec: [],
    pids: null,
    users: null,
    noHeaders: false,
    wide: false,
    label: false,
  };
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    const unix = arg.startsWith('-') && !arg.startsWith('--');
    if (arg === '--no-headers' || arg === '--no-heading') wanted.noHeaders = true;
    else if (arg.startsWith('--')) return 'unknown gnu long option';
    else if (/^\d+$/.test(arg)) wanted.pids = [...(wanted.pids ?? []), Number(arg)];
    else {
      const letters = unix ? arg.slice(1) : arg;
      for (let i = 0; i < letters.length; i++) {
        const letter = letters[i] as string;
        const rest = letters.slice(i + 1);
        const value = (): string => (rest !== '' ? rest : (argv[++at] ?? ''));
        if (letter === 'o') wanted.spec.push(value());
        else if (letter === 'p') wanted.pids = [...(wanted.pids ?? []), ...value().split(/[ ,]+/).map(Number)];
        else if (unix && letter === 'u') wanted.users = value().split(/[ ,]+/);
        else if (unix && 'eA'.includes(letter)) wanted.all = true;
        else if (unix && letter === 'f') wanted.full = true;
        else if (letter === 'w') wanted.wide = true;
        else if (letter === 'Z') wanted.label = true;
        else if (!unix && letter === 'a') wanted.withTty = true;
        else if (!unix && letter === 'x') wanted.all = true;
        else if (!unix && letter === 'u') wanted.user = true;
        else if (unix && letter === 'a') wanted.withTty = true;
        else return unix ? 'unsupported option (BSD syntax)' : 'unsupported SysV option';
        if ('op'.includes(letter) || (unix && letter === 'u')) break;
      }
    }
  }
  return wanted;
}

const procpsPs = function* ({ argv }: CommandContext): Program<number> {
  const wanted = procpsOptions(argv);
  if (typeof wanted === 'string') {
    yield* errOut(`error: ${wanted}\n${PROCPS_USAGE}`);
    return 1;
  }
  const list =
    wanted.spec.length > 0
      ? wanted.spec.join(',')
      : wanted.user
        ? 'user,pid,pcpu,pmem,vsz,rss,tty,stat,start,bsdtime,args'
        : wanted.full
          ? 'user=UID,pid,ppid,c,stime,tty,time,cmd'
          : 'pid,tty,time,comm=CMD';
  const columns = format(wanted.label ? `label,${list}` : list, PROCPS);
  if (typeof columns === 'string') {
    yield* errOut(`error: unknown user-defined format specifier "${columns}"\n${PROCPS_USAGE}`);
    return 1;
  }
  const all = yield* processes();
  const known = yield* names();
  const euid: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const me: SysResult<number> = yield* sys.getpid();
  const own = all.find((process) => me.ok && process.pid === me.value);
  const uid = euid.ok ? euid.value[1] : 0;
  const rows = all.filter((process) => {
    if (wanted.pids !== null) return wanted.pids.includes(process.pid);
    if (wanted.users !== null) return wanted.users.some((user) => user === String(process.euid) || user === known.user(process.euid));
    if (wanted.all) return wanted.withTty || wanted.user || process.euid === uid || argv.some((arg) => /^-\w*[eA]/.test(arg));
    if (wanted.withTty) return process.tty !== null;
    return process.euid === uid && process.tty === (own?.tty ?? null);
  });
  const width = yield* terminalWidth();
  const limit = width === undefined || wanted.wide ? 1 << 20 : width;
  const shown = wanted.noHeaders ? columns.map((column) => ({ ...column, head: '' })) : columns;
  yield* out(table(shown, rows, known, limit));
  return rows.length > 0 ? 0 : 1;
};

/** The ps command. */
export const ps: Command = (context) => (context.flavour === 'busybox' ? busyboxPs(context) : procpsPs(context));
