// Columns of ps: what both userlands share. Counterpart: busybox 1.35 procps/ps.c; procps-ng 4.0 ps(1)

import type { Winsize } from '#kernel/uapi/index.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { memory } from './machine.ts';
import type { ProcessInfo } from './processes.ts';

export interface Names {
  readonly user: (uid: number) => string;
  readonly group: (gid: number) => string;
  readonly isUser: (name: string) => boolean;
  readonly isGroup: (name: string) => boolean;
  readonly memory: number; // of the machine, KiB
  readonly uptime: number; // seconds
  readonly boot: bigint; // ns since the epoch
  readonly now: bigint;
}

export interface Column {
  readonly head: string;
  readonly width: number; // negative: left-aligned
  readonly text: (process: ProcessInfo, names: Names) => string;
  /** Files and links of /proc/PID it is made of, beside stat, status and cmdline. */
  readonly files?: readonly string[];
  /** What is wider is cut; a + takes the last place unless `plus` is empty. */
  readonly cut?: boolean;
  readonly plus?: '';
  /** The command's: forest lines go before it, and the width of the screen ends it. */
  readonly command?: boolean;
  /** What BSD's n shows instead, to the right. */
  readonly number?: (process: ProcessInfo) => string;
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

const startedAt = (process: ProcessInfo, names: Names): Date =>
  new Date(Number((names.boot + BigInt(Math.floor((process.start / HZ) * 1000)) * 1_000_000n) / 1_000_000n));
const monthOf = (date: Date): string => date.toUTCString().slice(8, 11);

/** HH:MM of today, MonDD before. */
export function startTime(process: ProcessInfo, names: Names): string {
  const date = startedAt(process, names);
  const today = new Date(Number(names.now / 1_000_000n));
  return date.toISOString().slice(0, 10) === today.toISOString().slice(0, 10)
    ? date.toISOString().slice(11, 16)
    : `${monthOf(date)}${two(date.getUTCDate())}`;
}

/** HH:MM:SS of what began within a day. */
export function clockTime(process: ProcessInfo, names: Names): string | undefined {
  return age(process, names) < 86400 ? startedAt(process, names).toISOString().slice(11, 19) : undefined;
}

/** `Nov 26`. */
export function dayOf(process: ProcessInfo, names: Names): string {
  const date = startedAt(process, names);
  return `${monthOf(date)} ${String(date.getUTCDate()).padStart(2)}`;
}

/** `Thu Nov 26 21:21:21 2026`. */
export function fullTime(process: ProcessInfo, names: Names): string {
  const date = startedAt(process, names);
  return `${date.toUTCString().slice(0, 3)} ${dayOf(process, names)} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()}`;
}

/** procps cuts long names and puts a plus at their end. */
export const cut = (name: string, width = 8): string => (name.length > width ? `${name.slice(0, width - 1)}+` : name);
export const age = (process: ProcessInfo, names: Names): number => Math.max(0, Math.floor(names.uptime - process.start / HZ));
export const percent = (process: ProcessInfo, names: Names): string => {
  const alive = Math.max(names.uptime - process.start / HZ, 0.01);
  return Math.min(99.9, (((process.utime + process.stime) / HZ) * 100) / alive).toFixed(1);
};

export const align = (text: string, width: number): string => (width < 0 ? text.padEnd(-width) : text.padStart(width));

/** A cell's text; in front of others it is cut where its column says so, unless it is a number for a name. */
function cellText(column: Column, row: ProcessInfo, names: Names, last: boolean): string {
  const text = column.text(row, names);
  const width = Math.abs(column.width);
  if (last || (!column.cut && !column.command) || (column.cut && /^\d+$/.test(text))) return text;
  return column.command || column.plus === '' ? text.slice(0, width) : cut(text, width);
}

export function table(columns: readonly Column[], rows: readonly ProcessInfo[], names: Names, maxWidth: number): string {
  const headless = columns.every((column) => column.head === '');
  const line = (cell: (column: Column, last: boolean) => string): string => {
    // What is wider than its column takes the padding of those behind it.
    let excess = 0;
    return columns
      .map((column, at) => {
        const text = cell(column, at === columns.length - 1);
        if (at === columns.length - 1 && column.width < 0) return text;
        const padding = Math.abs(column.width) - text.length;
        const taken = Math.min(excess, Math.max(0, padding));
        excess += Math.max(0, -padding) - taken;
        return align(text, column.width < 0 ? column.width + taken : column.width - taken);
      })
      .join(' ')
      .slice(0, maxWidth);
  };
  const body = rows.map((row) => line((column, last) => cellText(column, row, names, last)));
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
    isUser: (name) => [...users.values()].includes(name),
    isGroup: (name) => [...groups.values()].includes(name),
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
