// ps of procps: which processes, which columns, in which order. Counterpart: procps-ng 4.0 ps(1)

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { type Column, type Names, names, table, terminalWidth } from './columns.ts';
import { type ProcessInfo, processes, withLabels } from './processes.ts';
import { ALIAS, PROCPS } from './ps-columns.ts';
import { readOptions, type Wanted } from './ps-options.ts';

const PROCPS_USAGE = `
Usage:
 ps [options]

 Try 'ps --help <simple|list|output|threads|misc|all>'
  or 'ps --help <s|l|o|t|m|a>'
 for additional help text.

For more details see ps(1).
`;

/** The columns of `-o` values: names, with `name=HEADER` and `name:WIDTH`; or the unknown name. */
function columnsOf(specs: readonly string[]): Column[] | string {
  const columns: Column[] = [];
  for (const item of specs.flatMap((spec) => spec.split(/[ ,]+/)).filter((part) => part !== '')) {
    const [full = '', head] = item.split(/=(.*)/s);
    const [key = '', width] = full.split(':') as [string, string?];
    const column = PROCPS[ALIAS[key] ?? key];
    if (column === undefined || (width !== undefined && !/^\d+$/.test(width))) return key;
    columns.push({
      ...column,
      head: head ?? column.head,
      width: width === undefined ? column.width : Math.sign(column.width) * Number(width),
    });
  }
  return columns;
}

/** What is shown without -o. */
function defaultSpec(wanted: Wanted): string {
  const { unixFormat, bsdFormat, threads } = wanted;
  if (bsdFormat === 'u') return 'user,pid,pcpu,pmem,vsz,rss,tname,stat,start,bsdtime,args';
  if (bsdFormat === 'l') return 'f,uid,pid,ppid,priority,ni,vsz,rss,wchan,stat,tname,bsdtime,args';
  if (bsdFormat === 'j') return 'ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args';
  if (unixFormat.includes('l'))
    return unixFormat.includes('f')
      ? 'f,s,user=UID,pid,ppid,c,opri,ni,addr_1,sz,wchan,stime,tname,time,cmd'
      : 'f,s,uid,pid,ppid,c,opri,ni,addr_1,sz,wchan,tname,time,comm=CMD';
  if (unixFormat.includes('f'))
    return threads === 'L'
      ? 'user=UID,pid,ppid,lwp,c,nlwp,stime,tname,time,cmd'
      : `user=UID,pid,ppid,${unixFormat.includes('j') ? 'pgid,sid,' : ''}c,stime,tname,time,cmd`;
  if (unixFormat.includes('j')) return 'pid,pgid,sid,tname,time,comm=CMD';
  if (wanted.bsd) return 'pid,tname,stat,bsdtime,args';
  return `pid,${threads === 'L' ? 'lwp,' : threads === 'T' ? 'spid,' : ''}tname,time,comm=CMD`;
}

/** Is a process asked for? */
function chooser(wanted: Wanted, known: Names, euid: number, ownTty: string | null): (process: ProcessInfo) => boolean {
  const named = (texts: readonly string[], id: number, name: string): boolean => texts.some((text) => text === String(id) || text === name);
  const lists: ((p: ProcessInfo) => boolean)[] = [];
  const { pids, parents, users, realUsers, groups, commands, ttys, sessions } = wanted;
  if (pids) lists.push((p) => pids.includes(p.pid));
  if (parents) lists.push((p) => parents.includes(p.ppid));
  if (users) lists.push((p) => named(users, p.euid, known.user(p.euid)));
  if (realUsers) lists.push((p) => named(realUsers, p.ruid, known.user(p.ruid)));
  if (groups) lists.push((p) => named(groups, p.rgid, known.group(p.rgid)));
  if (commands) lists.push((p) => commands.includes(p.comm));
  if (ttys) lists.push((p) => ttys.some((tty) => p.tty === tty.replace('/dev/', '')));
  if (sessions) lists.push((p) => sessions.includes(p.session));
  if (wanted.every) lists.push(() => true);
  if (wanted.withTty) lists.push((p) => p.tty !== null && p.session !== p.pid);
  if (wanted.noLeaders) lists.push((p) => p.session !== p.pid);
  if (wanted.bsdAll || wanted.bsdNoTty) lists.push((p) => (wanted.bsdAll || p.euid === euid) && (wanted.bsdNoTty || p.tty !== null));
  if (lists.length === 0) lists.push(wanted.bsd ? (p) => p.euid === euid && p.tty !== null : (p) => p.euid === euid && p.tty === ownTty);
  return (process) => lists.some((test) => test(process)) !== wanted.inverse;
}

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
  return rows.filter((row) => !within.has(row.ppid)).flatMap((row) => walk(row, '', ''));
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

export const procpsPs: Command = function* ({ argv }): Program<number> {
  const refuse = function* (text: string): Program<number> {
    yield* errOut(`error: ${text}\n${PROCPS_USAGE}`);
    return 1;
  };
  const wanted = readOptions(argv.slice(1));
  if (typeof wanted === 'string') return yield* refuse(wanted);
  for (const tty of wanted.ttys ?? []) {
    const there = yield* sys.newfstatat(AT_FDCWD, `/dev/${tty.replace('/dev/', '')}`, 0);
    if (!there.ok) return yield* refuse('TTY could not be found');
  }
  const specs = wanted.spec.length > 0 ? wanted.spec : [defaultSpec(wanted)];
  const columns = columnsOf(wanted.label ? ['label', ...specs] : specs);
  if (typeof columns === 'string') return yield* refuse(`unknown user-defined format specifier "${columns}"`);
  const labelled = columns.some(({ text }) => text === PROCPS.label?.text);
  const all = labelled ? yield* withLabels(yield* processes()) : yield* processes();
  const known = yield* names();
  const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const me: SysResult<number> = yield* sys.getpid();
  const own = all.find((process) => me.ok && process.pid === me.value);
  const chosen = all.filter(chooser(wanted, known, ids.ok ? ids.value[1] : 0, own?.tty ?? null));
  const ordered = wanted.sort === undefined ? chosen : sorted(chosen, wanted.sort, known);
  if (typeof ordered === 'string') return yield* refuse('unknown sort specifier');
  const drawn = wanted.forest === undefined ? ordered.map((row) => ({ row, mark: '' })) : forest(ordered, wanted.forest);
  const marks = new Map(drawn.map(({ row, mark }) => [row.pid, mark]));
  const commands = [PROCPS.args, PROCPS.cmd, PROCPS.comm].map((column) => column?.text);
  const shown = columns.map((column) => ({
    ...column,
    head: wanted.headers ? column.head : '',
    text: commands.includes(column.text)
      ? (process: ProcessInfo, n: Names) => (marks.get(process.pid) ?? '') + column.text(process, n)
      : column.text,
  }));
  const width = yield* terminalWidth();
  yield* out(
    table(
      shown,
      drawn.map(({ row }) => row),
      known,
      width === undefined || wanted.wide ? Number.MAX_SAFE_INTEGER : width,
    ),
  );
  return drawn.length > 0 ? 0 : 1;
};
