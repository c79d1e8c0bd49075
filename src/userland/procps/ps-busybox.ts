// ps of busybox. Counterpart: busybox 1.35 procps/ps.c (DESKTOP)

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { age, bbTime, type Column, names, seconds, table, terminalWidth } from './columns.ts';
import { processes } from './processes.ts';
import { busyboxArgs } from './words.ts';

/** Longest line without a terminal. */
const LINE = 2048;

const BUSYBOX: Readonly<Record<string, Column>> = {
  user: { head: 'USER', width: -8, text: (p, n) => n.user(p.euid).slice(0, 8) },
  group: { head: 'GROUP', width: -8, text: (p, n) => n.group(p.egid).slice(0, 8) },
  comm: { head: 'COMMAND', width: -16, text: (p) => p.comm },
  args: { head: 'COMMAND', width: -LINE, text: (p) => busyboxArgs(p) },
  pid: { head: 'PID', width: 5, text: (p) => String(p.pid) },
  ppid: { head: 'PPID', width: 5, text: (p) => String(p.ppid) },
  pgid: { head: 'PGID', width: 5, text: (p) => String(p.pgrp) },
  etime: { head: 'ELAPSED', width: -7, text: (p, n) => bbTime(age(p, n)) },
  nice: { head: 'NI', width: 5, text: (p) => String(p.nice) },
  rgroup: { head: 'RGROUP', width: -8, text: (p, n) => n.group(p.rgid).slice(0, 8) },
  ruser: { head: 'RUSER', width: -8, text: (p, n) => n.user(p.ruid).slice(0, 8) },
  time: { head: 'TIME', width: 5, text: (p) => bbTime(seconds(p)) },
  tty: { head: 'TT', width: -6, text: (p) => (p.tty === null ? '?' : `136,${p.tty.slice(4)}`) },
  vsz: { head: 'VSZ', width: 4, text: (p) => kib(p.vsz) },
  sid: { head: 'SID', width: 5, text: (p) => String(p.session) },
  stat: { head: 'STAT', width: -4, text: (p) => (p.state + (p.nice < 0 ? '<' : p.nice > 0 ? 'N' : '')).slice(0, 4) },
  rss: { head: 'RSS', width: 4, text: (p) => kib(p.rss) },
};

const kib = (size: number): string => (size < 10_000 ? String(size) : `${Math.floor(size / 1024)}m`);

/** A column under another head is as wide as that. Counterpart: parse_o */
function headed(column: Column, head: string): Column {
  if (column.width > 0) return { ...column, head, width: head.length };
  const cut: Column['text'] = (p, n) => (column === BUSYBOX.args ? busyboxArgs(p, head.length) : column.text(p, n).slice(0, head.length));
  return { ...column, head, width: -head.length, text: cut };
}

/** The columns of `-o` values, or the name of an unknown one. */
function columnsOf(spec: string): Column[] | string {
  const columns: Column[] = [];
  for (const item of spec.split(',')) {
    const [key = '', head] = item.split(/=(.*)/s);
    const column = BUSYBOX[key];
    if (column === undefined) return key;
    columns.push(head === undefined ? column : head === '' ? { ...column, head } : headed(column, head));
  }
  return columns;
}

/** Options other than -o choose nothing: every process is always shown. */
export const busyboxPs = command(function* (cli: Cli): Program<number> {
  // Letters that other systems' ps have are taken without a word, as is a first word without a dash.
  const options = yield* cli.options({ busybox: 'o:aAdefZlT', gnu: '' });
  if (typeof options === 'number') return options;
  const spec = options.list.filter((option) => option.key === 'o').map((option) => option.value);
  const columns = columnsOf(spec.length > 0 ? spec.join(',') : 'pid,user,time,args');
  if (typeof columns === 'string')
    return yield* cli.error(`bad -o argument '${columns}', supported arguments: ${Object.keys(BUSYBOX).join(',')}`);
  const width = yield* terminalWidth();
  const limit = width === undefined ? LINE - 1 : Math.min(width, LINE) - 1;
  // A column that goes beyond the screen is the last one.
  let used = 0;
  const last = columns.findIndex((c) => (used += Math.abs(c.width) + 1) > limit);
  if (last >= 0) columns.splice(last + 1);
  // busybox aligns the head of every column to the left.
  const head = columns.map((c, at) => (at === columns.length - 1 ? c.head : c.head.padEnd(Math.abs(c.width)))).join(' ');
  const rows = table(
    columns.map((c) => ({ ...c, head: '' })),
    yield* processes(),
    yield* names(),
    limit,
  );
  yield* cli.text(`${columns.some((c) => c.head !== '') ? `${head.slice(0, limit)}\n` : ''}${rows}`);
  return yield* cli.finish();
});
