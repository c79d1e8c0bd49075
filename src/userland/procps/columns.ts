// Columns of ps: what both userlands share. Counterpart: busybox 1.35 procps/ps.c; procps-ng 4.0 ps(1)

import type { Winsize } from '#kernel/uapi/index.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { memory } from './machine.ts';
import type { ProcessInfo } from './processes.ts';

export interface Names {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
  readonly memory: number; // of the machine, KiB
  readonly uptime: number; // seconds
  readonly boot: bigint; // ns since the epoch
  readonly now: bigint;
}

export interface Column {
  readonly head: string;
  readonly width: number; // negative: left-aligned
  readonly text: (process: ProcessInfo, names: Names) => string;
}

export const HZ = 100;
const two = (n: number): string => String(n).padStart(2, '0');
export const seconds = (process: ProcessInfo): number => Math.floor((process.utime + process.stime) / HZ);

export function bbTime(total: number): string {
  return total < 3600 * 100
    ? `${Math.floor(total / 60)}:${two(total % 60)}`
    : `${Math.floor(total / 3600)}h${two(Math.floor(total / 60) % 60)}`;
}

export const hms = (total: number): string => `${two(Math.floor(total / 3600))}:${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;

export function elapsed(total: number): string {
  const days = Math.floor(total / 86400);
  const short = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  if (days > 0) return `${days}-${two(Math.floor(total / 3600) % 24)}:${short}`;
  return total >= 3600 ? `${two(Math.floor(total / 3600))}:${short}` : short;
}

export function stat(process: ProcessInfo): string {
  const priority = process.nice < 0 ? '<' : process.nice > 0 ? 'N' : '';
  const foreground = process.tty !== null && process.foreground === process.pgrp ? '+' : '';
  return process.state + priority + (process.session === process.pid ? 's' : '') + (process.threads > 1 ? 'l' : '') + foreground;
}

/** HH:MM of today, MonDD before. */
export function startTime(process: ProcessInfo, names: Names): string {
  const started = names.boot + BigInt(Math.floor((process.start / HZ) * 1000)) * 1_000_000n;
  const date = new Date(Number(started / 1_000_000n));
  const today = new Date(Number(names.now / 1_000_000n));
  if (date.toISOString().slice(0, 10) === today.toISOString().slice(0, 10)) return date.toISOString().slice(11, 16);
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.slice(date.getUTCMonth() * 3, date.getUTCMonth() * 3 + 3);
  return `${month}${two(date.getUTCDate())}`;
}

/** procps cuts long names to seven characters and a plus. */
export const cut = (name: string): string => (name.length > 8 ? `${name.slice(0, 7)}+` : name);
export const age = (process: ProcessInfo, names: Names): number => Math.max(0, Math.floor(names.uptime - process.start / HZ));
export const percent = (process: ProcessInfo, names: Names): string => {
  const alive = Math.max(names.uptime - process.start / HZ, 0.01);
  return Math.min(99.9, (((process.utime + process.stime) / HZ) * 100) / alive).toFixed(1);
};

export const align = (text: string, width: number): string => (width < 0 ? text.padEnd(-width) : text.padStart(width));

export function table(columns: readonly Column[], rows: readonly ProcessInfo[], names: Names, maxWidth: number): string {
  const headless = columns.every((column) => column.head === '');
  const line = (cell: (column: Column) => string): string => {
    // What is wider than its column takes the padding of those behind it.
    let excess = 0;
    return columns
      .map((column, at) => {
        const text = cell(column);
        if (at === columns.length - 1 && column.width < 0) return text;
        const padding = Math.abs(column.width) - text.length;
        const taken = Math.min(excess, Math.max(0, padding));
        excess += Math.max(0, -padding) - taken;
        return align(text, column.width < 0 ? column.width + taken : column.width - taken);
      })
      .join(' ')
      .slice(0, maxWidth);
  };
  const body = rows.map((row) => line((column) => column.text(row, names)));
  return [...(headless ? [] : [line((column) => column.head)]), ...body].map((text) => `${text}\n`).join('');
}

export function* names(): Program<Names> {
  const users = new Map((yield* passwdEntries()).map((entry) => [entry.uid, entry.name]).reverse() as [number, string][]);
  const groups = new Map((yield* groupEntries()).map((entry) => [entry.gid, entry.name]).reverse() as [number, string][]);
  const boot: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_BOOTTIME');
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  const since = boot.ok ? boot.value : 0n;
  const wall = now.ok ? now.value : 0n;
  return {
    user: (uid) => users.get(uid) ?? String(uid),
    group: (gid) => groups.get(gid) ?? String(gid),
    memory: (yield* memory())('MemTotal'),
    uptime: Number(since) / 1e9,
    boot: wall - since,
    now: wall,
  };
}

/** Columns of the terminal on standard output, or undefined when there is none. */
export function* terminalWidth(): Program<number | undefined> {
  const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
  return size.ok ? size.value.cols || 80 : undefined;
}
