// Processes of the shell: forking, waiting, what is told about them. Counterpart: jobs.c of dash.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY, WCONTINUED, WNOHANG, WUNTRACED } from '#abi/flags.ts';
import { SIGINT, SIGPIPE, SIGQUIT, SIGSEGV, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU, signalNumber, strsignal } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Waited, type WaitStatus } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { type Job, type Proc, type Shell, ShellExit, ShellFault } from './state.ts';

/** The signals a job-controlling or interactive shell treats specially. */
export const INTERACTIVE_SIGNALS = [SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU] as const;

export interface ForkOptions {
  /** Process group to join; 0: a new one; undefined: stay. */
  readonly pgid?: number;
  readonly background: boolean;
}

/** Runs a shell's program to its end: exit, error and end are all a status. */
export function* guarded(shell: Shell, body: () => Program<number>, atExit: (shell: Shell) => Program<void>): Program<number> {
  let status: number;
  try {
    status = yield* body();
  } catch (reason) {
    if (reason instanceof RangeError) return yield* exhausted(shell, reason);
    status = yield* faultStatus(shell, reason);
  }
  try {
    shell.status = status;
    yield* atExit(shell);
    return shell.status & 255;
  } catch (reason) {
    return (yield* faultStatus(shell, reason)) & 255;
  }
}

/**
 * The engine's own limits are those of the process: without end calling itself a shell dies of its stack, as a real one does, and a text
 * that grows without end is memory that cannot be had. Deviates: a real shell gets further before.
 */
function* exhausted(shell: Shell, reason: RangeError): Program<number> {
  if (/call stack/.test(reason.message)) {
    const me: SysResult<number> = yield* sys.getpid();
    if (me.ok) yield* sys.kill(me.value, SIGSEGV);
    return 128 + SIGSEGV;
  }
  yield* writeAll(2, bytesOf(shell.d.bash ? `${shell.arg0}: xmalloc: cannot allocate memory\n` : `${shell.applet}: out of memory\n`));
  return shell.d.bash ? 2 : 1;
}

/** Reports an error that reached the top of a shell and gives its status. */
export function* faultStatus(shell: Shell, reason: unknown): Program<number> {
  if (reason instanceof ShellExit) return reason.status;
  if (reason instanceof RangeError) return yield* exhausted(shell, reason);
  if (!(reason instanceof ShellFault)) throw reason;
  if (reason.whole && reason.message !== undefined) yield* writeAll(2, bytesOf(reason.message));
  else if (reason.message !== undefined) yield* shell.warn(reason.message);
  return reason.status;
}

function* becomeChild(parent: Shell, child: Shell, options: ForkOptions): Program<void> {
  if (options.pgid !== undefined) {
    yield* sys.setpgid(0, options.pgid);
    if (!options.background && parent.ttyFd >= 0) {
      const pgrp: SysResult<number> = yield* sys.getpgid(0);
      if (pgrp.ok) yield* sys.ioctl(parent.ttyFd, { request: 'TIOCSPGRP', pgrp: pgrp.value });
    }
  }
  for (const [name, action] of parent.traps) {
    const number = signalNumber(name);
    if (number !== undefined && action !== '') yield* sys.rt_sigaction(number, 'default');
  }
  if (parent.opts.i || parent.jobControl) {
    for (const number of INTERACTIVE_SIGNALS) if (!child.traps.has(String(number))) yield* sys.rt_sigaction(number, 'default');
  }
  if (parent.d.name === 'ash' && !parent.opts.i && !child.traps.has(String(SIGQUIT))) yield* sys.rt_sigaction(SIGQUIT, 'default');
  if (options.background && options.pgid === undefined) {
    yield* sys.rt_sigaction(SIGINT, 'ignore');
    yield* sys.rt_sigaction(SIGQUIT, 'ignore');
    const empty: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/null', O_RDONLY);
    if (empty.ok && empty.value !== 0) {
      yield* sys.dup2(empty.value, 0);
      yield* sys.close(empty.value);
    }
  }
  child.opts.i = false;
  child.opts.m = false;
  child.ttyFd = -1;
}

/** Forks; the child runs `body` with a copy of the shell. Gives the pid. */
export function* forkShell(
  shell: Shell,
  options: ForkOptions,
  body: (child: Shell) => Program<number>,
  atExit: (shell: Shell) => Program<void>,
): Program<number> {
  const child = shell.fork();
  const pid: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main(): Program<number> {
      yield* becomeChild(shell, child, options);
      return yield* guarded(child, () => body(child), atExit);
    },
  });
  if (!pid.ok)
    throw new ShellFault(
      shell.d.name === 'dash' ? shell.d.cantFork : `${shell.d.cantFork}: ${strerror(pid.errno)}`,
      shell.d.bash ? 254 : 2,
    );
  if (options.pgid !== undefined) yield* sys.setpgid(pid.value, options.pgid);
  return pid.value;
}

/** Registers processes as a job. */
export function addJob(shell: Shell, pids: readonly number[], text: string, background: boolean): Job {
  if (!shell.jobControl) shell.jobs = shell.jobs.filter((job) => !job.waited || jobState(job) !== 'done');
  const id = shell.jobs.reduce((max, job) => Math.max(max, job.id), 0) + 1;
  const procs = pids.map((pid): Proc => ({ pid, state: 'running', status: 0, signal: 0 }));
  const job: Job = { id, procs, text, pgid: pids[0] as number, background, told: true, waited: false };
  shell.jobs.push(job);
  makeCurrent(shell, job, true);
  return job;
}

export const jobState = (job: Job): 'running' | 'stopped' | 'done' =>
  job.procs.some((p) => p.state === 'running') ? 'running' : job.procs.some((p) => p.state === 'stopped') ? 'stopped' : 'done';

/** Puts a job in front as the current one, or behind the stopped ones. Counterpart: set_curjob of dash, set_current_job of bash */
export function makeCurrent(shell: Shell, job: Job, running: boolean): void {
  const others = shell.recent.filter((one) => one !== job && shell.jobs.includes(one));
  const at = running ? others.findIndex((one) => jobState(one) !== 'stopped') : 0;
  shell.recent = at < 0 ? [...others, job] : [...others.slice(0, at), job, ...others.slice(at)];
}

/** The jobs in the order in which they are told about. */
export const inOrder = (shell: Shell): Job[] => (shell.d.bash ? [...shell.jobs] : shell.recent.filter((job) => shell.jobs.includes(job)));

/** Says once that there are stopped jobs, bash behind a heading; true: the shell stays. Counterpart: stoppedjobs of dash, exit_shell of bash */
export function* stoppedJobs(shell: Shell, heading = ''): Program<boolean> {
  if (!shell.jobControl || shell.warned > 0) return false;
  const stays = shell.d.bash
    ? shell.jobs.some((job) => jobState(job) === 'stopped')
    : inOrder(shell)
        .slice(0, 1)
        .some((job) => jobState(job) === 'stopped');
  if (!stays) return false;
  yield* writeAll(2, bytesOf(shell.d.bash ? `${heading}There are stopped jobs.\n` : 'You have stopped jobs.\n'));
  shell.warned = 2;
  return true;
}

export const jobStatus = (shell: Shell, job: Job): number => {
  const last = job.procs[job.procs.length - 1] as Proc;
  if (!shell.opts.P || last.status !== 0) return last.status;
  return [...job.procs].reverse().find((p) => p.status !== 0)?.status ?? 0;
};

function update(shell: Shell, pid: number, status: WaitStatus): Job | undefined {
  const job = shell.jobs.find((j) => j.procs.some((p) => p.pid === pid));
  const proc = job?.procs.find((p) => p.pid === pid);
  if (!job || !proc) return undefined;
  job.told = false;
  if (status.kind === 'exited') Object.assign(proc, { state: 'done', status: status.code, signal: 0 });
  else if (status.kind === 'signaled') Object.assign(proc, { state: 'done', status: 128 + status.signal, signal: status.signal });
  else if (status.kind === 'stopped') Object.assign(proc, { state: 'stopped', status: 128 + status.signal, signal: status.signal });
  else Object.assign(proc, { state: 'running', signal: 0 });
  return job;
}

function* tellSignal(shell: Shell, job: Job, pid: number, status: WaitStatus): Program<void> {
  if (status.kind !== 'signaled' || status.signal === SIGINT || status.signal === SIGPIPE) return;
  const text = `${strsignal(status.signal)}${status.core ? ' (core dumped)' : ''}`;
  const long = shell.d.bash && !shell.opts.i && status.signal !== SIGTERM;
  yield* writeAll(2, bytesOf(long ? `${shell.prefix('')}${String(pid).padStart(5)} ${text.padEnd(23)} ${job.text}\n` : `${text}\n`));
}

/** Waits for one change of state of any child. `wanted`: the job whose death by signal is told. */
export function* waitOne(shell: Shell, wanted: Job | undefined, block: boolean): Program<'changed' | 'none' | 'interrupted'> {
  const options = (block ? 0 : WNOHANG) | (shell.jobControl ? WUNTRACED | WCONTINUED : 0);
  const got: SysResult<Waited> = yield* sys.wait4(-1, options);
  if (!got.ok) {
    if (got.errno === 'EINTR') return 'interrupted';
    for (const job of shell.jobs)
      for (const proc of job.procs) if (proc.state !== 'done') Object.assign(proc, { state: 'done', status: 127 });
    return 'none';
  }
  if (got.value.status === null) return 'none';
  const job = update(shell, got.value.pid, got.value.status);
  if (job && job === wanted) yield* tellSignal(shell, job, got.value.pid, got.value.status);
  return 'changed';
}

/** Waits for a foreground job to end or stop; its status. */
export function* waitForeground(shell: Shell, job: Job): Program<number> {
  // `sh -c`: an interrupt ends the command first, then the shell that waits for it.
  const patient = shell.opts.c && !shell.opts.i && !shell.d.bash && !shell.traps.has(String(SIGINT));
  if (patient) yield* sys.rt_sigaction(SIGINT, 'handle');
  while (jobState(job) === 'running') {
    const what = yield* waitOne(shell, job, true);
    if (what === 'interrupted') {
      const taken: SysResult<readonly number[]> = yield* sys.sigtake();
      if (taken.ok) shell.signalled(taken.value);
    }
  }
  if (patient) {
    yield* sys.rt_sigaction(SIGINT, 'default');
    const me: SysResult<number> = shell.pendingSignals.includes(SIGINT) ? yield* sys.getpid() : { ok: false, errno: 'ESRCH' };
    if (me.ok) yield* sys.kill(me.value, SIGINT);
  }
  if (shell.jobControl && shell.ttyFd >= 0) {
    const own: SysResult<number> = yield* sys.getpgid(0);
    if (own.ok) yield* sys.ioctl(shell.ttyFd, { request: 'TIOCSPGRP', pgrp: own.value });
  }
  const status = jobStatus(shell, job);
  if (jobState(job) === 'stopped') {
    job.background = true;
    makeCurrent(shell, job, false);
    yield* writeAll(2, bytesOf(`${shell.d.bash ? '\n' : ''}${describeJob(shell, job, false)}\n`));
    job.told = true;
  } else {
    shell.jobs = shell.jobs.filter((j) => j !== job);
    const signal = (job.procs[job.procs.length - 1] as Proc).signal;
    if (shell.opts.i && signal === SIGINT) {
      // The shell is in another process group than its job and interrupts itself.
      if (shell.d.bash || !shell.traps.has(String(SIGINT))) throw new ShellFault(undefined, 130);
      shell.signalled([SIGINT]);
    }
  }
  return status;
}

/** + the current job, - the one before it. */
export function markOf(shell: Shell, job: Job): string {
  const [current, previous] = shell.recent.filter((one) => shell.jobs.includes(one));
  return job === current ? '+' : job === previous ? '-' : ' ';
}

/** One line of `jobs`, e.g. `[1]+  Running                    sleep 20`. */
export function describeJob(shell: Shell, job: Job, long: boolean): string {
  const { bash, name } = shell.d;
  const mark = markOf(shell, job);
  const last = job.procs[job.procs.length - 1] as Proc;
  const state = jobState(job);
  let what =
    state === 'running'
      ? 'Running'
      : state === 'stopped'
        ? 'Stopped'
        : last.signal
          ? strsignal(last.signal)
          : last.status === 0
            ? 'Done'
            : bash
              ? `Exit ${last.status}`
              : `Done(${last.status})`;
  if (bash) {
    if (long) what = `${job.pgid} ${what}`;
    return `[${job.id}]${mark}  ${what.padEnd(24)}${job.text}${state === 'running' ? ' &' : ''}`;
  }
  const head = name === 'dash' ? `[${job.id}] ${mark} ` : `[${job.id}]${mark}  `;
  // Without job control they do not keep the commands' texts.
  return `${`${head}${long ? `${job.pgid} ` : ''}${what}`.padEnd(33)}${shell.jobControl ? job.text : ''}`;
}

/** Collects what ended meanwhile and, for an interactive shell, tells about background jobs. */
export function* reap(shell: Shell, tell: boolean): Program<void> {
  if (tell && shell.killed) {
    // A real process takes longer to die than the next prompt takes to appear; here it is dead at once.
    shell.killed = false;
    return;
  }
  if (shell.jobs.length > 0) while ((yield* waitOne(shell, undefined, false)) === 'changed');
  for (const job of inOrder(shell)) {
    const state = jobState(job);
    if (!job.told && tell && state !== 'running') {
      yield* writeAll(2, bytesOf(`${describeJob(shell, job, false)}\n`));
      job.told = true;
    }
    if (tell && state === 'done') shell.jobs = shell.jobs.filter((j) => j !== job);
  }
}
