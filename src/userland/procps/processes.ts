// What /proc tells about processes, as ps reads it.

import { AT_FDCWD, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import { type Dirent, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';

/** Fields of /proc/PID/stat and status. Sizes in KiB, times in clock ticks (100 per second). */
export interface ProcessInfo {
  readonly pid: number;
  readonly comm: string;
  readonly args: readonly string[]; // empty: a kernel thread or a zombie
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  readonly tty: string | null; // "pts/0", or null
  readonly foreground: number; // process group in the foreground of its terminal; -1: none
  readonly utime: number;
  readonly stime: number;
  readonly nice: number;
  readonly threads: number;
  readonly start: number; // ticks since boot
  readonly vsz: number;
  readonly rss: number;
  readonly shared: number;
  readonly ruid: number;
  readonly euid: number;
  readonly rgid: number;
  readonly egid: number;
  readonly suid: number;
  readonly sgid: number;
  readonly groups: readonly number[];
  readonly flags: number; // PF_* of the kernel
  readonly priority: number; // 20 + nice; below zero: realtime
  readonly policy: number; // SCHED_*
  readonly stat: readonly string[]; // the fields from the state on
  readonly files?: ReadonlyMap<string, string>; // others of /proc/PID, those that were asked for and may be read
}

/** Every process that /proc lists, by pid. */
export function* processes(): Program<ProcessInfo[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc', O_RDONLY | O_DIRECTORY);
  if (!fd.ok) return [];
  const pids: number[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    for (const entry of batch.value) if (/^\d+$/.test(entry.name)) pids.push(Number(entry.name));
  }
  yield* sys.close(fd.value);
  const found: ProcessInfo[] = [];
  for (const pid of pids.sort((a, b) => a - b)) {
    const info = yield* processInfo(pid);
    if (info !== undefined) found.push(info);
  }
  return found;
}

/** Adds what some files of /proc/PID say, and where some links lead. */
export function* withFiles(list: readonly ProcessInfo[], files: readonly string[]): Program<ProcessInfo[]> {
  const found: ProcessInfo[] = [];
  for (const info of list) {
    const texts = new Map<string, string>();
    for (const name of files) {
      const path = `/proc/${info.pid}/${name}`;
      if (name === 'exe' || name.startsWith('ns/')) {
        const link: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, path);
        if (link.ok) texts.set(name, link.value);
      } else {
        const text = yield* readFile(path);
        if (text.ok) texts.set(name, textOf(text.value).trim());
      }
    }
    found.push({ ...info, files: texts });
  }
  return found;
}

/** One process, or undefined when it has gone. */
export function* processInfo(pid: number): Program<ProcessInfo | undefined> {
  const stat = yield* readFile(`/proc/${pid}/stat`);
  const status = yield* readFile(`/proc/${pid}/status`);
  if (!stat.ok || !status.ok) return undefined;
  const statm = yield* readFile(`/proc/${pid}/statm`);
  const cmdline = yield* readFile(`/proc/${pid}/cmdline`);
  const text = textOf(stat.value);
  const end = text.lastIndexOf(')');
  const f = text
    .slice(end + 2)
    .trim()
    .split(' ');
  const num = (at: number): number => Number(f[at] ?? 0);
  const lines = textOf(status.value);
  const ids = (key: string): number[] => (new RegExp(`^${key}:\\t(.*)$`, 'm').exec(lines)?.[1] ?? '').split('\t').map(Number);
  const [ruid = 0, euid = 0, suid = 0] = ids('Uid');
  const [rgid = 0, egid = 0, sgid = 0] = ids('Gid');
  const groups = /^Groups:\t(.*)$/m.exec(lines)?.[1]?.trim() ?? '';
  const device = num(4);
  const words = cmdline.ok ? textOf(cmdline.value).split('\0') : [];
  return {
    pid,
    comm: text.slice(text.indexOf('(') + 1, end),
    args: words.at(-1) === '' ? words.slice(0, -1) : words,
    state: f[0] ?? '?',
    ppid: num(1),
    pgrp: num(2),
    session: num(3),
    tty: device >> 8 >= 136 && device >> 8 < 144 ? `pts/${device & 0xff}` : device === 0 ? null : '?',
    foreground: num(5),
    utime: num(11),
    stime: num(12),
    nice: num(16),
    threads: num(17),
    start: num(19),
    vsz: Math.floor(num(20) / 1024),
    rss: num(21) * 4,
    shared: statm.ok ? Number(textOf(statm.value).split(' ')[2]) * 4 : 0,
    ruid,
    euid,
    rgid,
    egid,
    suid,
    sgid,
    groups: groups === '' ? [] : groups.split(' ').map(Number),
    flags: num(6),
    priority: num(15),
    policy: num(38),
    stat: f,
  };
}

/** The own process id. */
export function* self(): Program<number> {
  const pid: SysResult<number> = yield* sys.getpid();
  return pid.ok ? pid.value : 0;
}

/** Whether a process goes by a name. */
export const called = (process: ProcessInfo, name: string): boolean =>
  process.comm === name || process.args[0]?.split('/').at(-1) === name || process.args[0] === name;
