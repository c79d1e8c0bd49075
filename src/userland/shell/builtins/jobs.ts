// wait, jobs, fg, bg, kill, disown.

import { type Errno, strerror } from '#abi/errno.ts';
import { SIGCONT, signalNumber } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out } from '../../lib/io.ts';
import { describeJob, inOrder, jobState, jobStatus, makeCurrent, markOf, reap, waitForeground, waitOne } from '../jobs.ts';
import { type Job, type Shell, ShellFault } from '../state.ts';
import { type KillStyle, listSignals } from './signalList.ts';
import type { Builtin, BuiltinCall } from './types.ts';

function jobFor(shell: Shell, text: string | undefined): Job {
  const live = shell.recent.filter((j) => j.background && shell.jobs.includes(j)).reverse();
  let job: Job | undefined;
  if (text === undefined || text === '%' || text === '%%' || text === '%+') job = live[live.length - 1];
  else if (text === '%-') job = live[live.length - 2];
  else if (/^%\d+$/.test(text)) job = live.find((j) => j.id === Number(text.slice(1)));
  else if (text.startsWith('%?')) job = live.find((j) => j.text.includes(text.slice(2)));
  else if (text.startsWith('%')) job = live.find((j) => j.text.startsWith(text.slice(1)));
  else job = live.find((j) => j.procs.some((p) => p.pid === Number(text)));
  if (job) return job;
  if (shell.d.bash) throw new ShellFault(`${text ?? 'current'}: no such job`, 1);
  throw new ShellFault(text === undefined ? 'No current job' : shell.d.name === 'ash' ? `${text}: no such job` : `No such job: ${text}`, 2);
}

function* wait({ shell, executor, args }: BuiltinCall): Program<number> {
  const waitFor = function* (job: Job | undefined): Program<number | undefined> {
    while (job ? jobState(job) === 'running' : shell.jobs.some((j) => jobState(j) === 'running')) {
      if ((yield* waitOne(shell, job, true)) !== 'interrupted') continue;
      const taken: SysResult<readonly number[]> = yield* sys.sigtake();
      const first = taken.ok ? taken.value[0] : undefined;
      if (taken.ok) shell.signalled(taken.value);
      yield* executor.signals(shell);
      if (first !== undefined) return 128 + first;
    }
    return undefined;
  };
  const names = args.slice(1).filter((a) => a !== '-n');
  if (names.length === 0) {
    const interrupted = yield* waitFor(undefined);
    // A job that was waited for is forgotten when the next one begins.
    for (const job of shell.jobs) job.waited = true;
    return interrupted ?? 0;
  }
  let status = 0;
  for (const name of names) {
    if (!/^(?:%|\d+$)/.test(name))
      throw new ShellFault(shell.d.bash ? `\`${name}': not a pid or valid job spec` : shell.d.illegalNumber(name), shell.d.bash ? 1 : 2);
    const job =
      shell.jobs.find((j) => j.procs.some((p) => p.pid === Number(name))) ?? (name.startsWith('%') ? jobFor(shell, name) : undefined);
    if (!job) {
      if (shell.d.bash) yield* shell.warn(`pid ${name} is not a child of this shell`);
      status = 127;
      continue;
    }
    const interrupted = yield* waitFor(job);
    if (interrupted !== undefined) return interrupted;
    status = jobStatus(shell, job);
    job.told = true;
    job.waited = true;
  }
  return status;
}

function* resume({ shell, args }: BuiltinCall, foreground: boolean): Program<number> {
  const job = jobFor(shell, args[1]);
  if (!shell.jobControl)
    throw new ShellFault(
      shell.d.bash ? 'no job control' : `job ${args[1] ?? `${job.id}`} not created under job control`,
      shell.d.bash ? 1 : 2,
    );
  yield* out(
    foreground ? `${job.text}\n` : shell.d.bash ? `[${job.id}]${markOf(shell, job)} ${job.text} &\n` : `[${job.id}] ${job.text}\n`,
  );
  for (const proc of job.procs) if (proc.state === 'stopped') proc.state = 'running';
  makeCurrent(shell, job, true);
  if (foreground && shell.ttyFd >= 0) yield* sys.ioctl(shell.ttyFd, { request: 'TIOCSPGRP', pgrp: job.pgid });
  yield* sys.kill(-job.pgid, SIGCONT);
  return foreground ? yield* waitForeground(shell, job) : 0;
}

/** kill(1): the builtin and the programs. `job` translates %1 to a process group; `complain` prints one error. */
export function* kill(
  args: readonly string[],
  style: KillStyle,
  job: (text: string) => number | undefined,
  complain: (text: string) => Program<void>,
): Program<number> {
  let at = 1;
  let signal = 15;
  const first = args[1];
  if (first === '-l' || first === '-L') {
    return yield* listSignals(args.slice(2), style, complain);
  }
  if (first === '-s' || first === '-n' || (first !== undefined && /^-[A-Za-z0-9]/.test(first))) {
    const name = first === '-s' || first === '-n' ? (args[2] ?? '') : first.slice(1);
    at = first === '-s' || first === '-n' ? 3 : 2;
    if (args[2] === undefined && (first === '-s' || first === '-n') && style !== 'bash' && style !== 'gnu') {
      yield* complain(style === 'dash' ? `No arg for ${first} option` : `bad signal name '${first.slice(1)}'`);
      return style === 'dash' ? 2 : 1;
    }
    const number = name === '0' || name === 'EXIT' ? 0 : signalNumber(name);
    if (number === undefined) {
      yield* complain(
        style === 'dash'
          ? `Illegal option -${name[0]}`
          : style === 'ash' || style === 'bb'
            ? `bad signal name '${name}'`
            : `${name}: invalid signal specification`,
      );
      return style === 'dash' ? 2 : 1;
    }
    signal = number;
  }
  if (args[at] === '--') at++;
  if (at >= args.length) {
    yield* complain(
      style === 'ash' || style === 'bb'
        ? 'you need to specify whom to kill'
        : style === 'dash'
          ? 'Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]'
          : 'usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
    );
    return style === 'dash' || style === 'bash' ? 2 : 1;
  }
  let status = 0;
  for (const text of args.slice(at)) {
    const pid = text.startsWith('%') ? job(text) : /^-?\d+$/.test(text) ? Number(text) : undefined;
    if (pid === undefined) {
      yield* complain(
        style === 'dash'
          ? `Illegal number: ${text}`
          : style === 'ash' || style === 'bb'
            ? `invalid number '${text}'`
            : `${text}: arguments must be process or job IDs`,
      );
      status = style === 'dash' ? 2 : 1;
      continue;
    }
    const sent: SysResult<void> = yield* sys.kill(pid, signal);
    if (!sent.ok) {
      yield* complain(failure(style, text, sent.errno));
      status = 1;
    }
  }
  return status;
}

const failure = (style: KillStyle, pid: string, errno: Errno): string => {
  const why = strerror(errno);
  if (style === 'dash') return `${why}\n`;
  if (style === 'bash') return `(${pid}) - ${why}`;
  return style === 'gnu' ? `(${pid}): ${why}` : `can't kill pid ${pid}: ${why}`;
};

export const jobBuiltins: Readonly<Record<string, Builtin>> = {
  wait: { run: wait },
  jobs: {
    *run({ shell, args }) {
      yield* reap(shell, false);
      for (const job of inOrder(shell)) {
        if (!job.background || (shell.d.bash && job.waited)) continue;
        yield* out(args[1] === '-p' ? `${job.pgid}\n` : `${describeJob(shell, job, args[1] === '-l')}\n`);
        job.told = true;
        if (jobState(job) === 'done') shell.jobs = shell.jobs.filter((j) => j !== job);
      }
      return 0;
    },
  },
  fg: { run: (call) => resume(call, true) },
  bg: { run: (call) => resume(call, false) },
  disown: {
    *run({ shell }) {
      shell.jobs = [];
      return 0;
    },
  },
  kill: {
    run({ shell, args }) {
      shell.killed = true;
      return kill(
        args,
        shell.d.name,
        (text) => {
          const job = jobFor(shell, text);
          return shell.jobControl || shell.d.name === 'dash' ? -job.pgid : job.pgid;
        },
        function* (text) {
          if (shell.d.name === 'ash') yield* errOut(`${shell.applet}: ${text}\n`);
          else if (shell.d.bash && text.startsWith('usage: ')) yield* errOut(`kill: ${text}\n`);
          else yield* shell.warn(text);
        },
      );
    },
  },
};
