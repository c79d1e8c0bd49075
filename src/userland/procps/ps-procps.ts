// ps of procps: which processes, which columns, in which order. Counterpart: procps-ng 4.0 ps(1)

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { type Column, type Names, names, table, terminalWidth } from './columns.ts';
import { type ProcessInfo, processes, withFiles } from './processes.ts';
import { ALIAS, PROCPS } from './ps-columns.ts';
import { readOptions, type Wanted, type Wrong } from './ps-options.ts';

const PROCPS_USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

/** The columns of `-o` values: names, with `name=HEADER` and `name:WIDTH`. */
function columnsOf(specs: readonly string[]): Column[] | Wrong {
  const columns: Column[] = [];
  for (const item of specs.flatMap((spec) => spec.split(/[ ,]+/)).filter((part) => part !== '')) {
    const [full = '', head] = item.split(/=(.*)/s);
    const [key = '', width] = full.split(':') as [string, string?];
    const column = PROCPS[ALIAS[key] ?? key];
    if (column === undefined) return { complaint: `unknown user-defined format specifier "${key}"` };
    if (width !== undefined && !/^[1-9]\d*$/.test(width)) return { complaint: 'column widths must be unsigned decimal numbers' };
    columns.push({
      ...column,
      head: head ?? column.head,
      width: width === undefined ? column.width : Math.sign(column.width) * Number(width),
    });
  }
  return columns;
}

const BSD_FORMATS: Readonly<Record<string, string>> = {
  u: 'user,pid,pcpu,pmem,vsz,rss,tname,stat,ustart,bsdtime,args',
  l: 'f,uid,pid,ppid,priority,ni,vsz,rss,wchan,stat,tname,bsdtime,args',
  j: 'ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args',
  s: 'uid,pid,pending,blocked,ignored,caught,stat,tname,bsdtime,args',
  v: 'pid,tname,stat,bsdtime,maj_flt,m_trs,m_drs,rss,pmem,args',
  X: 'pid,stackp,esp,eip,tmout,alarm,stat,tname,bsdtime,args',
};

/** What is shown without -o. Counterpart: generate_sysv_list and the BSD formats of procps */
function defaultSpec(wanted: Wanted): string {
  const { unixFormat, bsdFormat, threads, extra } = wanted;
  if (extra.length > 0) return `pid,${extra.join(',')},s,tname,time,${wanted.bsd ? 'comm' : 'args'}`;
  if (bsdFormat !== '') return BSD_FORMATS[bsdFormat] as string;
  if (unixFormat === '' && wanted.bsd) return 'pid,tname,stat,bsdtime,args';
  const [f, F, l, j, c, y] = ['f', 'F', 'l', 'j', 'c', 'y'].map((letter) => unixFormat.includes(letter));
  return [
    l && !y && 'f',
    l && 's',
    (f || l) && (f ? 'user=UID' : 'uid'),
    'pid',
    threads === 'T' && 'spid',
    (f || l) && 'ppid',
    j && 'pgid,sid',
    threads === 'L' && 'lwp',
    c ? 'class,pri' : (f || l) && 'c',
    threads === 'L' && f && 'nlwp',
    l && `${c ? '' : 'opri,ni,'}${y ? 'rss' : 'addr_1'},sz,wchan`,
    F && (l ? 'rss,psr' : 'sz,rss,psr'),
    f && 'stime',
    `tname,time,${f ? 'cmd' : 'ucmd'}`,
  ]
    .filter((part) => part)
    .join(',');
}

/** --help, or that one of its sections is not here. */
const helpOf = (argv: readonly string[]): string =>
  argv[argv.indexOf('--help') + 1] === undefined ? PROCPS_USAGE : '(the list of options is not simulated here)\n';

/** Is a process asked for? Users and groups by name or number. */
function chooser(wanted: Wanted, known: Names, euid: number, ownTty: string | null): (process: ProcessInfo) => boolean {
  const named = (texts: readonly string[], id: number, name: string): boolean => texts.some((text) => text === String(id) || text === name);
  const lists: ((p: ProcessInfo) => boolean)[] = [];
  const { pids, parents, users, realUsers, groups, realGroups, commands, ttys, sessions } = wanted;
  if (pids) lists.push((p) => pids.includes(p.pid));
  if (parents) lists.push((p) => parents.includes(p.ppid));
  if (users) lists.push((p) => named(users, p.euid, known.user(p.euid)));
  if (realUsers) lists.push((p) => named(realUsers, p.ruid, known.user(p.ruid)));
  if (groups) lists.push((p) => named(groups, p.egid, known.group(p.egid)));
  if (realGroups) lists.push((p) => named(realGroups, p.rgid, known.group(p.rgid)));
  if (commands) lists.push((p) => commands.includes(p.comm));
  if (ttys) lists.push((p) => ttys.some((tty) => p.tty === (tty === '-' ? null : tty.replace('/dev/', ''))));
  if (sessions) lists.push((p) => sessions.includes(p.session));
  if (wanted.every) lists.push(() => true);
  if (wanted.withTty) lists.push((p) => p.tty !== null && p.session !== p.pid);
  if (wanted.noLeaders) lists.push((p) => p.session !== p.pid);
  if (wanted.bsdAll || wanted.bsdNoTty) lists.push((p) => (wanted.bsdAll || p.euid === euid) && (wanted.bsdNoTty || p.tty !== null));
  if (wanted.thisTty) lists.push((p) => p.tty === ownTty);
  if (lists.length === 0) lists.push(wanted.bsd ? (p) => p.euid === euid && p.tty !== null : (p) => p.euid === euid && p.tty === ownTty);
  return (process) =>
    lists.some((test) => test(process)) !== (wanted.inverse ?? false) &&
    (!wanted.running || process.state === 'R' || process.state === 'D');
}

/** BSD's L: every column with its head. */
const columnList = (): string =>
  [...Object.keys(ALIAS), ...Object.keys(PROCPS)]
    .sort()
    .map((name) => `${name.padEnd(12)} ${(PROCPS[ALIAS[name] ?? name] as Column).head.padEnd(8)}\n`)
    .join('');

/** Rows as a forest, each with what is drawn before its command. */
function forest(rows: readonly ProcessInfo[], style: 'lines' | 'indent'): { readonly row: ProcessInfo; readonly mark: string }[] {
  const within = new Set(rows.map((row) => row.pid));
  const walk = (row: ProcessInfo, mark: string, below: string): { row: ProcessInfo; mark: string }[] => {
    const children = rows.filter((other) => other.ppid === row.pid);
    return [
      { row, mark },
      ...children.flatMap((child, at) => {
        if (style === 'indent') return walk(child, `${mark}  `, '');
        return walk(child, `${below} \\_ `, `${below} ${at < children.length - 1 ? '|  ' : '   '}`);
      }),
    ];
  };
  // Trees are looked for from the end.
  return rows
    .filter((row) => !within.has(row.ppid))
    .reverse()
    .flatMap((row) => walk(row, '', ''));
}

/** Orders rows by --sort's keys. */
function sorted(rows: readonly ProcessInfo[], keys: string, known: Names): ProcessInfo[] | string {
  const order: ((a: ProcessInfo, b: ProcessInfo) => number)[] = [];
  for (const item of keys.split(',')) {
    const key = item.replace(/^[-+]/, '');
    const column = PROCPS[ALIAS[key] ?? key];
    if (column === undefined) return key;
    const sign = item.startsWith('-') ? -1 : 1;
    order.push((a, b) => {
      const [left, right] = [column.text(a, known), column.text(b, known)];
      const numeric = Number(left) - Number(right);
      return sign * (Number.isNaN(numeric) ? (left < right ? -1 : left > right ? 1 : 0) : numeric);
    });
  }
  return [...rows].sort((a, b) => order.map((by) => by(a, b)).find((result) => result !== 0) ?? 0);
}

/** What is wrong with the names of the lists. */
function* unknownNames(wanted: Wanted, known: Names): Program<Wrong | undefined> {
  const missing = (texts: readonly string[] | undefined, exists: (name: string) => boolean): boolean =>
    texts?.some((text) => !/^\d+$/.test(text) && !exists(text)) ?? false;
  if (missing([...(wanted.users ?? []), ...(wanted.realUsers ?? [])], known.isUser)) return { complaint: 'user name does not exist' };
  if (missing([...(wanted.groups ?? []), ...(wanted.realGroups ?? [])], known.isGroup)) return { complaint: 'group name does not exist' };
  for (const tty of wanted.ttys ?? []) {
    if (tty === '-') continue;
    const there = yield* sys.newfstatat(AT_FDCWD, `/dev/${tty.replace('/dev/', '')}`, 0);
    if (!there.ok) return { complaint: 'TTY could not be found' };
  }
  return undefined;
}

/** What the words ask for, all names looked up. */
function* understood(words: readonly string[], known: Names): Program<Wanted | Wrong> {
  const wanted = readOptions(words);
  return 'complaint' in wanted ? wanted : ((yield* unknownNames(wanted, known)) ?? wanted);
}

/** Columns as this command line shows them. */
function dressed(columns: readonly Column[], wanted: Wanted, marks: ReadonlyMap<number, string>): Column[] {
  return columns.map((column) => {
    const head = wanted.headers ? column.head : '';
    if (column.command) {
      const { text } = wanted.shortCommand && column.text === PROCPS.args?.text ? (PROCPS.comm as Column) : column;
      const environment = (p: ProcessInfo): string =>
        wanted.environment ? ` ${p.files?.get('environ')?.split('\0').join(' ') ?? ''}`.trimEnd() : '';
      return { ...column, head, text: (p: ProcessInfo, n: Names) => (marks.get(p.pid) ?? '') + text(p, n) + environment(p) };
    }
    if (wanted.numeric && column.number) return { ...column, head, width: Math.abs(column.width), text: column.number };
    if (wanted.numeric && column.head === 'WCHAN') return { ...column, head, width: Math.abs(column.width) };
    return { ...column, head };
  });
}

/** Where a line ends: the last column has three places at least, on as many lines as that takes. Counterpart: pr_args, pr_comm */
function lineEnd(columns: readonly Column[], screen: number): number {
  const before = columns.slice(0, -1).reduce((sum, column) => sum + Math.abs(column.width) + 1, 0);
  return columns.at(-1)?.command ? screen * Math.max(1, Math.ceil((before + 3) / screen)) : Number.MAX_SAFE_INTEGER;
}

export const procpsPs: Command = function* ({ argv }): Program<number> {
  const refuse = function* ({ complaint }: Wrong): Program<number> {
    yield* errOut(`error: ${complaint}\n${PROCPS_USAGE}`);
    return 1;
  };
  const known = yield* names();
  const tried = yield* understood(argv.slice(1), known);
  // A first word that means nothing to Unix is tried once more as BSD's: `ps -aux`, `ps -1`.
  const [first = '', ...more] = argv.slice(1);
  const again = 'complaint' in tried && /^-([a-z]*u[a-z]+|\d+)$/.test(first) ? yield* understood([first.slice(1), ...more], known) : tried;
  const wanted = 'complaint' in again ? tried : again;
  if ('complaint' in wanted) return yield* refuse(wanted);
  if (wanted.shows !== undefined) {
    yield* out(wanted.shows === 'version' ? 'ps from procps-ng 4.0.2\n' : wanted.shows === 'help' ? helpOf(argv) : columnList());
    return 0;
  }
  const specs = wanted.spec.length > 0 ? wanted.spec : [defaultSpec(wanted)];
  const columns = columnsOf(wanted.label ? ['label', ...specs] : specs);
  if ('complaint' in columns) return yield* refuse(columns);
  const files = [...new Set([...columns.flatMap((column) => column.files ?? []), ...(wanted.environment ? ['environ'] : [])])];
  const read = yield* processes();
  const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const me: SysResult<number> = yield* sys.getpid();
  const own = read.find((process) => me.ok && process.pid === me.value);
  const fits = chooser(wanted, known, ids.ok ? ids.value[1] : 0, own?.tty ?? null);
  const picked = wanted.quick ? wanted.quick.flatMap((pid) => read.filter((process) => process.pid === pid)) : read.filter(fits);
  const counted = wanted.cumulative
    ? picked.map((p) => ({ ...p, utime: p.utime + Number(p.stat[13]), stime: p.stime + Number(p.stat[14]) }))
    : picked;
  const chosen = files.length > 0 ? yield* withFiles(counted, files) : counted;
  const ordered = wanted.sort === undefined ? chosen : sorted(chosen, wanted.sort, known);
  if (typeof ordered === 'string') return yield* refuse({ complaint: 'unknown sort specifier' });
  const drawn = wanted.forest === undefined ? ordered.map((row) => ({ row, mark: '' })) : forest(ordered, wanted.forest);
  const shown = dressed(columns, wanted, new Map(drawn.map(({ row, mark }) => [row.pid, mark])));
  const screen = wanted.columns ?? (wanted.wide ? undefined : yield* terminalWidth());
  const end = screen === undefined || wanted.wide ? Number.MAX_SAFE_INTEGER : lineEnd(shown, screen);
  const rows = drawn.map(({ row }) => row);
  const page = wanted.pages ? Math.max(1, wanted.rows - 1) : Math.max(1, rows.length);
  for (let at = 0; at === 0 || at < rows.length; at += page) yield* out(table(shown, rows.slice(at, at + page), known, end));
  return drawn.length > 0 ? 0 : 1;
};
