// top. Counterpart: procps 4.0 top(1); busybox 1.35 procps/top.c
// Deviates: on a terminal the keys q and Ctrl-C end it, others draw anew; it knows no colours and no settings.

import type { Program, SysResult, Termios, Winsize } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';
import { isTty } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { command } from '../lib/command-line.ts';
import { strftime } from '../lib/time.ts';
import { loadavg, memory, processorShares } from './machine.ts';
import { type ProcessInfo, processes } from './processes.ts';
import { upFor } from './up.ts';
import { busyboxArgs, procpsArgs } from './words.ts';

const HZ = 100;

function* users(): Program<(uid: number) => string> {
  const names = new Map((yield* passwdEntries()).map((entry) => [entry.uid, entry.name]).reverse() as [number, string][]);
  return (uid) => names.get(uid) ?? String(uid);
}

const kib = (size: number): string => (size < 100_000 ? String(size) : `${Math.floor(size / 1024)}m`);

function* busyboxScreen(): Program<{ readonly head: string[]; readonly rows: string[] }> {
  const of = yield* memory();
  const [user = 0, nice = 0, system = 0, idle = 0, io = 0, irq = 0, soft = 0] = yield* processorShares();
  const share = (value: number): string => (value >= 99.95 ? ' 100' : value.toFixed(1).padStart(4));
  const name = yield* users();
  const all = yield* processes();
  const row = (p: ProcessInfo): string => {
    const state = (p.state + (p.nice < 0 ? '<' : p.nice > 0 ? 'N' : ' ')).padEnd(3);
    const memoryShare = ((p.vsz / Math.max(1, of('MemTotal'))) * 100).toFixed(1);
    return `${String(p.pid).padStart(5)}${String(p.ppid).padStart(6)} ${name(p.euid).slice(0, 8).padEnd(8)} ${state}${kib(p.vsz).padStart(7)}${memoryShare.padStart(5)}   0  0.0 ${busyboxArgs(p)}`;
  };
  return {
    head: [
      `Mem: ${of('MemTotal') - of('MemFree')}K used, ${of('MemFree')}K free, ${of('Shmem')}K shrd, ${of('Buffers')}K buff, ${of('Cached')}K cached`,
      `CPU: ${share(user)}% usr ${share(system)}% sys ${share(nice)}% nic ${share(idle)}% idle ${share(io)}% io ${share(irq)}% irq ${share(soft)}% sirq`,
      `Load average: ${yield* loadavg()}`,
      '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND',
    ],
    rows: all.map(row),
  };
}

function* procpsScreen(full: boolean, sort: string): Program<{ readonly head: string[]; readonly rows: string[] }> {
  const of = yield* memory();
  const [user = 0, nice = 0, system = 0, idle = 0, io = 0, irq = 0, soft = 0, steal = 0] = yield* processorShares();
  const name = yield* users();
  const all = yield* processes();
  const mib = (value: number): string => (value / 1024).toFixed(1).padStart(8);
  const count = (states: string): string => String(all.filter((p) => states.includes(p.state)).length).padStart(4);
  const cache = of('Buffers') + of('Cached') + of('SReclaimable');
  const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  const cut = (text: string): string => (text.length > 8 ? `${text.slice(0, 7)}+` : text);
  const ticks = (p: ProcessInfo): number => p.utime + p.stime;
  const order: Readonly<Record<string, (a: ProcessInfo, b: ProcessInfo) => number>> = {
    PID: (a, b) => b.pid - a.pid,
    '%MEM': (a, b) => b.rss - a.rss,
    '%CPU': () => 0,
    'TIME+': (a, b) => ticks(b) - ticks(a),
  };
  const by = order[sort];
  if (by === undefined) return { head: [], rows: [] };
  const row = (p: ProcessInfo): string => {
    const time = `${Math.floor(ticks(p) / HZ / 60)}:${((ticks(p) / HZ) % 60).toFixed(2).padStart(5, '0')}`;
    const memoryShare = ((p.rss / Math.max(1, of('MemTotal'))) * 100).toFixed(1);
    return `${String(p.pid).padStart(7)} ${cut(name(p.euid)).padEnd(8)} ${String(20 + p.nice).padStart(3)} ${String(p.nice).padStart(3)} ${String(p.vsz).padStart(7)} ${String(p.rss).padStart(6)} ${String(p.shared).padStart(6)} ${p.state}   0.0 ${memoryShare.padStart(5)} ${time.padStart(9)} ${full ? procpsArgs(p) : p.comm}`;
  };
  return {
    head: [
      `top - ${strftime('%H:%M:%S', clock.ok ? clock.value : 0n)} ${yield* upFor()},  0 user,  load average: ${(yield* loadavg()).split(' ').slice(0, 3).join(', ')}`,
      `Tasks:${String(all.length).padStart(4)} total,${count('R')} running,${count('SDI')} sleeping,${count('Tt')} stopped,${count('Z')} zombie`,
      `%Cpu(s):${(
        [
          [user, 'us'],
          [system, 'sy'],
          [nice, 'ni'],
          [idle, 'id'],
          [io, 'wa'],
          [irq, 'hi'],
          [soft, 'si'],
          [steal, 'st'],
        ] as const
      )
        .map(([value, key]) => `${value.toFixed(1).padStart(5)} ${key}`)
        .join(',')} `,
      `MiB Mem : ${mib(of('MemTotal'))} total, ${mib(of('MemFree'))} free, ${mib(of('MemTotal') - of('MemAvailable'))} used, ${mib(cache)} buff/cache     `,
      `MiB Swap: ${mib(of('SwapTotal'))} total, ${mib(of('SwapFree'))} free, ${mib(of('SwapTotal') - of('SwapFree'))} used. ${mib(of('MemAvailable'))} avail Mem `,
      '',
      '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ],
    rows: [...all].sort(by).map(row),
  };
}

/** Waits for a key; true when it is one that ends the program. */
function* quits(seconds: number): Program<boolean> {
  const ready = yield* sys.poll([{ fd: 0, events: 1 }], Math.round(seconds * 1000));
  if (!ready.ok) return true;
  if (ready.value.every((one) => one.revents === 0)) return false;
  const key: SysResult<Uint8Array> = yield* sys.read(0, 1);
  return !key.ok || key.value.length === 0 || 'qQ\x03'.includes(String.fromCharCode(key.value[0] as number));
}

const run = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'd:n:bHm', gnu: 'bcd:Hin:o:p:sSu:U:w:1' });
  if (typeof options === 'number') return options;
  for (const key of 'Hmipu') if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const batch = options.has('b');
  const limit = options.has('n') ? Number(options.get('n')) : Number.POSITIVE_INFINITY;
  const delay = Number(options.get('d') ?? (cli.gnu ? 3 : 5));
  const tty = yield* isTty(1);
  if (!batch && !tty) return yield* cli.error(cli.gnu ? 'failed tty get' : 'not a terminal: use -b', 1);
  const before = batch ? undefined : ((yield* sys.ioctl(0, { request: 'TCGETS' })) as SysResult<Termios>);
  if (before?.ok) yield* sys.ioctl(0, { request: 'TCSETS', termios: { ...before.value, icanon: false, echo: false } });
  const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
  const { rows: height, cols } = size.ok ? size.value : { rows: 24, cols: 80 };
  for (let round = 1; ; round++) {
    const { head, rows } = yield* cli.gnu
      ? procpsScreen(options.has('c'), options.get('o')?.replace(/^[-+]/, '') ?? '%CPU')
      : busyboxScreen();
    if (head.length === 0) return yield* cli.error(`unrecognized field name '${options.get('o')}'`);
    if (batch) yield* cli.text(`${[...head, ...rows].join('\n')}\n\n`);
    else {
      const last = head.length - 1;
      const shown = [...head, ...rows].slice(0, (height || 24) - 1).map((line) => line.slice(0, cols || 80));
      const inverse = shown.map((line, at) => (at === last ? `\x1b[7m${cli.gnu ? line.padEnd(cols || 80) : line}\x1b[m` : line));
      yield* cli.text(`\x1b[H\x1b[J${inverse.join('\n')}${cli.gnu ? '\n' : '\r'}`);
    }
    yield* cli.flush();
    if (round >= limit) break;
    if (batch) yield* sys.nanosleep(BigInt(Math.round(delay * 1e9)));
    else if (yield* quits(delay)) break;
  }
  if (before?.ok) {
    yield* sys.ioctl(0, { request: 'TCSETS', termios: before.value });
    yield* cli.text('\n');
  }
  return yield* cli.finish();
});

/** After a complaint about an option top of procps shows no usage, and its status is 0. */
export const top: Command = (context) =>
  run(context.flavour === 'gnu' ? { ...context, help: { ...context.help, hint: { text: '', toStderr: true, status: 0 } } } : context);
