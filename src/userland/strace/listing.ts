// The lines strace prints, which several tracees may interrupt, and the table of -c. Counterpart: strace.c printleader, syscall.c, count.c

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { SIGCHLD } from '#abi/signal.ts';
import { syscallNumber } from '#abi/syscall.ts';
import { type Program, type SysResult, sys, type TraceEvent, type WaitStatus } from '#kernel/uapi/index.ts';
import { bytesOf, errOut, writeAll } from '../lib/io.ts';
import { interrupted, type Shown, type Style, show } from './calls.ts';
import type { Settings } from './options.ts';
import { childInfo, signalName } from './text.ts';

type Entry = Extract<TraceEvent, { event: 'entry' }>;

interface Tracee {
  readonly pid: number;
  /** Its call that is not over, if it is to be shown. */
  call: { readonly shown: Shown; readonly entry: Entry; readonly since: bigint; cut: boolean } | undefined;
  /** Attached while it waited: the call is one that goes on. */
  resumes: boolean;
  /** What its descriptors are, for -y. */
  readonly files: Map<number, string>;
}

interface Tally {
  calls: number;
  errors: number;
  ns: bigint;
}

const pad = (n: number, digits: number): string => String(n).padStart(digits, '0');

export class Listing {
  private readonly tracees = new Map<number, Tracee>();
  private readonly tallies = new Map<string, Tally>();
  /** Whose line is not ended, and how far it has come. */
  private line: Tracee | undefined;
  private column = 0;
  private last: bigint | undefined;
  private readonly set: Settings;
  private readonly fd: number;

  constructor(set: Settings, fd: number) {
    this.set = set;
    this.fd = fd;
  }

  pids(): number[] {
    return [...this.tracees.keys()];
  }

  add(pid: number, resumes: boolean): void {
    this.tracees.set(pid, { pid, call: undefined, resumes, files: new Map() });
  }

  *tell(event: TraceEvent): Program<void> {
    if (event.event === 'clone') {
      if (!this.set.quiet.attach) yield* errOut(`strace: Process ${event.pid} attached\n`);
      this.add(event.pid, false);
      return;
    }
    const tracee = this.tracees.get(event.pid);
    if (tracee === undefined) return;
    switch (event.event) {
      case 'entry':
        return yield* this.entered(tracee, event);
      case 'exit':
        return yield* this.left(tracee, event.result);
      case 'signal':
        return yield* this.signal(tracee, event);
      case 'stop':
        if (this.set.count !== 'only') yield* this.alone(tracee, `--- stopped by ${signalName(event.signal)} ---`);
        return;
      case 'end':
        return yield* this.ended(tracee, event.status);
    }
  }

  /** A tracee was let go. */
  *detached(pid: number): Program<void> {
    const tracee = this.tracees.get(pid);
    if (tracee !== undefined && this.line === tracee) yield* this.text(' <detached ...>\n');
    this.line = undefined;
    this.tracees.delete(pid);
  }

  private *text(text: string): Program<void> {
    const end = text.lastIndexOf('\n');
    this.column = end < 0 ? this.column + text.length : text.length - end - 1;
    yield* writeAll(this.fd, bytesOf(text));
  }

  private *now(): Program<bigint> {
    const got: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
    return got.ok ? got.value : 0n;
  }

  private *stamp(): Program<string> {
    const { stamp } = this.set;
    if (stamp === 'none') return '';
    const now = yield* this.now();
    const micro = Number((now / 1000n) % 1_000_000n);
    const seconds = now / 1_000_000_000n;
    if (stamp === 'relative') {
      const since = now - (this.last ?? now);
      this.last = now;
      return `${String(since / 1_000_000_000n).padStart(6)}.${pad(Number((since / 1000n) % 1_000_000n), 6)} `;
    }
    if (stamp === 'epoch') return `${seconds}.${pad(micro, 6)} `;
    const day = Number(seconds % 86400n);
    const clock = `${pad(Math.floor(day / 3600), 2)}:${pad(Math.floor(day / 60) % 60, 2)}:${pad(day % 60, 2)}`;
    return stamp === 'clock' ? `${clock} ` : `${clock}.${pad(micro, 6)} `;
  }

  /** Begins a line; another tracee's is cut. */
  private *begin(tracee: Tracee): Program<void> {
    if (this.line !== undefined) {
      if (this.line.call !== undefined) this.line.call.cut = true;
      yield* this.text(' <unfinished ...>\n');
    }
    this.line = undefined;
    const { set } = this;
    const who =
      set.file !== undefined
        ? set.follow || set.pids.length + set.command.length > 1 + set.command.length
          ? `${String(tracee.pid).padEnd(5)} `
          : ''
        : this.tracees.size > 1
          ? `[pid ${String(tracee.pid).padStart(5)}] `
          : '';
    yield* this.text(`${who}${yield* this.stamp()}`);
  }

  private *alone(tracee: Tracee, text: string): Program<void> {
    if (this.line === tracee) this.line = tracee;
    yield* this.begin(tracee);
    yield* this.text(`${text}\n`);
  }

  private style(tracee: Tracee): Style {
    const { max, verbose, paths } = this.set;
    return {
      max,
      verbose,
      fd(fd) {
        const text = fd === AT_FDCWD ? 'AT_FDCWD' : String(fd);
        const file = paths ? tracee.files.get(fd) : undefined;
        return file === undefined ? text : `${text}<${file}>`;
      },
    };
  }

  /** -y: what lies behind the descriptors, as /proc tells. */
  private *lookUp(tracee: Tracee, fds: readonly unknown[]): Program<void> {
    for (const fd of fds) {
      if (typeof fd !== 'number') continue;
      const link = fd === AT_FDCWD ? 'cwd' : `fd/${fd}`;
      const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, `/proc/${tracee.pid}/${link}`);
      if (target.ok) tracee.files.set(fd, target.value);
      else tracee.files.delete(fd);
    }
  }

  private *entered(tracee: Tracee, entry: Entry): Program<void> {
    if (this.set.paths) yield* this.lookUp(tracee, entry.args);
    const shown = show(entry.call, entry.args, this.style(tracee));
    const name = entry.call === 'syscall' ? String(entry.args[0]) : shown.name;
    const restarts = tracee.resumes && (entry.call === 'nanosleep' || entry.call === 'poll');
    tracee.resumes = false;
    tracee.call = undefined;
    if (!this.set.calls(name)) return;
    const real = entry.call === 'syscall' ? { ...shown, name } : shown;
    const call = restarts ? { ...real, name: 'restart_syscall', before: `<... resuming interrupted ${name} ...>`, after: () => '' } : real;
    tracee.call = { shown: call, entry, since: this.set.spent || this.set.count !== 'no' ? yield* this.now() : 0n, cut: false };
    if (this.set.count === 'only' || this.set.status !== 'all') return;
    yield* this.begin(tracee);
    yield* this.text(`${call.name}(${call.before}`);
    this.line = tracee;
  }

  private *left(tracee: Tracee, result: SysResult<unknown>): Program<void> {
    const { call } = tracee;
    tracee.call = undefined;
    if (call === undefined) return;
    const { set } = this;
    const spent = set.spent || set.count !== 'no' ? (yield* this.now()) - call.since : 0n;
    const { shown } = call;
    if (set.count !== 'no') {
      const tally = this.tallies.get(shown.name) ?? { calls: 0, errors: 0, ns: 0n };
      this.tallies.set(shown.name, tally);
      tally.calls++;
      if (!result.ok) tally.errors++;
    }
    if (set.count === 'only') return;
    if (set.status !== 'all') {
      if (result.ok !== (set.status === 'successful')) return;
      yield* this.begin(tracee);
      yield* this.text(`${shown.name}(${shown.before}`);
    } else if (call.cut) {
      yield* this.begin(tracee);
      yield* this.text(`<... ${shown.name} resumed>`);
    }
    if (set.paths && result.ok) {
      if (/^(openat|dup2?|fcntl)$/.test(call.entry.call)) yield* this.lookUp(tracee, [result.value]);
      if (call.entry.call === 'pipe2') yield* this.lookUp(tracee, result.value as readonly number[]);
    }
    const answer = result.ok
      ? shown.value(result.value)
      : (interrupted(call.entry.call, result.errno) ?? `-1 ${result.errno} (${strerror(result.errno)})`);
    yield* this.finish(shown.after(result), answer, spent);
  }

  /** The rest of a call's line. */
  private *finish(after: string, answer: string, spent: bigint): Program<void> {
    const close = `${after})`;
    const gap = Math.max(1, this.set.column - this.column - close.length);
    const time = this.set.spent ? ` <${spent / 1_000_000_000n}.${pad(Number((spent / 1000n) % 1_000_000n), 6)}>` : '';
    yield* this.text(`${close}${' '.repeat(gap)}= ${answer}${time}\n`);
    this.line = undefined;
  }

  private *signal(tracee: Tracee, { signal, from, child }: Extract<TraceEvent, { event: 'signal' }>): Program<void> {
    const name = signalName(signal);
    if (this.set.count === 'only' || !this.set.signals(name)) return;
    const [code, status] = childInfo(child);
    const info =
      from === null
        ? `si_signo=${name}, si_code=SI_KERNEL`
        : signal === SIGCHLD
          ? `si_signo=SIGCHLD, si_code=${code}, si_pid=${from.pid}, si_uid=${from.uid}, si_status=${status}, si_utime=0, si_stime=0`
          : `si_signo=${name}, si_code=SI_USER, si_pid=${from.pid}, si_uid=${from.uid}`;
    yield* this.alone(tracee, `--- ${name} {${info}} ---`);
  }

  private *ended(tracee: Tracee, status: WaitStatus): Program<void> {
    const { set } = this;
    if (set.count !== 'only') {
      if (status.kind === 'exited' && tracee.call === undefined && set.calls('exit_group') && set.status === 'all') {
        yield* this.begin(tracee);
        yield* this.text(`exit_group(${status.code}`);
        yield* this.finish('', '?', 0n);
      } else if (tracee.call !== undefined && this.line === tracee) yield* this.finish('', '?', 0n);
      if (!set.quiet.exit && status.kind === 'exited') yield* this.alone(tracee, `+++ exited with ${status.code} +++`);
      else if (!set.quiet.exit && status.kind === 'signaled')
        yield* this.alone(tracee, `+++ killed by ${signalName(status.signal)}${status.core ? ' (core dumped)' : ''} +++`);
    }
    this.tracees.delete(tracee.pid);
  }

  /** The table of -c and -C. Deviates: no call takes measurable time of the processor. */
  *summary(): Program<void> {
    if (this.set.count === 'no') return;
    const number = (name: string): number => syscallNumber(name) ?? 1000;
    const rows = [...this.tallies].sort(([a], [b]) => number(a) - number(b));
    const row = (share: string, calls: number, errors: number, name: string): string =>
      `${share.padStart(6)} ${'0.000000'.padStart(11)} ${'0'.padStart(11)} ${String(calls).padStart(9)} ${(errors === 0 ? '' : String(errors)).padStart(9)} ${name}\n`;
    const rule = `${'-'.repeat(6)} ${'-'.repeat(11)} ${'-'.repeat(11)} ${'-'.repeat(9)} ${'-'.repeat(9)} ${'-'.repeat(16)}\n`;
    const sum = (key: 'calls' | 'errors'): number => rows.reduce((all, [, tally]) => all + tally[key], 0);
    yield* this.text(
      `${'% time'.padStart(6)} ${'seconds'.padStart(11)} ${'usecs/call'.padStart(11)} ${'calls'.padStart(9)} ${'errors'.padStart(9)} syscall\n${rule}${rows
        .map(([name, tally]) => row('0.00', tally.calls, tally.errors, name))
        .join('')}${rule}${row('100.00', sum('calls'), sum('errors'), 'total')}`,
    );
  }
}
