// Starting a shell: options, variables of the environment, where commands come from.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU } from '#abi/signal.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut } from '../lib/io.ts';
import { initialDirectory } from './builtins/files.ts';
import { setOptions } from './builtins/settings.ts';
import type { Dialect } from './dialect.ts';
import { Executor } from './exec.ts';
import { guarded } from './jobs.ts';
import { fileError } from './redirect.ts';
import { fdSource, runSource, runText, type Source } from './run.ts';
import { Shell, ShellFault } from './state.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const pid = (got: SysResult<number>): number => (got.ok ? got.value : 0);

function* setUp(shell: Shell, env: readonly string[]): Program<void> {
  const { d } = shell;
  for (const entry of env) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(0, at));
    if (NAME.test(name)) shell.vars.set(name, { value: entry.slice(at + 1), exported: true, readonly: false });
  }
  shell.pid = pid(yield* sys.getpid());
  shell.ppid = pid(yield* sys.getppid());
  shell.seed = shell.pid;
  if (!shell.vars.has('PATH')) shell.vars.set('PATH', { value: d.path, exported: false, readonly: false });
  shell.vars.set('IFS', { value: ' \t\n', exported: false, readonly: false });
  shell.vars.set('OPTIND', { value: '1', exported: false, readonly: false });
  shell.cwd = yield* initialDirectory(shell);
  shell.export('PWD', shell.cwd);
  const uid: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const plain = (name: string, value: string): void => {
    if (!shell.vars.has(name)) shell.vars.set(name, { value, exported: false, readonly: false });
  };
  if (d.extended) shell.export('SHLVL', String((Number(shell.get('SHLVL')) || 0) + 1));
  if (d.name === 'ash') {
    plain('PS1', '\\w \\$ ');
    plain('HOSTNAME', yield* hostName());
  } else if (d.name === 'dash') plain('PS1', uid.ok && uid.value[1] === 0 ? '# ' : '$ ');
  else {
    shell.vars.set('UID', { value: String(uid.ok ? uid.value[0] : 0), exported: false, readonly: true });
    shell.vars.set('EUID', { value: String(uid.ok ? uid.value[1] : 0), exported: false, readonly: true });
    plain('BASH_VERSION', '5.2.15(1)-release');
    plain('HOSTTYPE', 'x86_64');
    plain('OSTYPE', 'linux-gnu');
    plain('MACHTYPE', 'x86_64-pc-linux-gnu');
    shell.setArray('BASH_VERSINFO', ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu']);
    plain('BASH', '/bin/bash');
    plain('HOSTNAME', yield* hostName());
    plain('SHELL', '/bin/bash');
    plain('HOSTTYPE', 'x86_64');
    plain('MACHTYPE', 'x86_64-pc-linux-gnu');
    plain('OSTYPE', 'linux-gnu');
  }
  plain('PS2', '> ');
  plain('PS4', '+ ');
}

function* hostName(): Program<string> {
  const uts = yield* sys.uname();
  return uts.ok ? uts.value.nodename : '';
}

function* interactive(shell: Shell): Program<void> {
  shell.opts.i = true;
  if (shell.d.bash) shell.opts.H = true;
  if (shell.d.bash) shell.vars.set('PS1', { value: '\\u@\\h:\\w\\$ ', exported: false, readonly: false });
  yield* sys.rt_sigaction(SIGINT, 'handle');
  yield* sys.rt_sigaction(SIGQUIT, 'ignore');
  yield* sys.rt_sigaction(SIGTERM, 'ignore');
  const terminal: SysResult<unknown> = yield* sys.ioctl(0, { request: 'TCGETS' });
  if (!terminal.ok) return;
  const copy: SysResult<number> = yield* sys.fcntl(0, { cmd: 'F_DUPFD', min: 10, cloexec: true });
  for (const signal of [SIGTSTP, SIGTTIN, SIGTTOU]) yield* sys.rt_sigaction(signal, 'ignore');
  yield* sys.setpgid(0, 0);
  const pgrp: SysResult<number> = yield* sys.getpgid(0);
  if (!copy.ok || !pgrp.ok) return;
  const taken = yield* sys.ioctl(copy.value, { request: 'TIOCSPGRP', pgrp: pgrp.value });
  if (!taken.ok) return;
  shell.opts.m = true;
  shell.jobControl = true;
  shell.ttyFd = copy.value;
  shell.editor = shell.d.newEditor?.();
  if (shell.editor === undefined) return;
  const home = shell.get('HOME');
  if (!shell.vars.has('HISTFILE') && home !== undefined) shell.set('HISTFILE', `${home.replace(/\/$/, '')}/${shell.d.history}`);
}

/** Signals of a shell without a terminal: what /proc/PID/status of a real one shows. */
function* quiet(shell: Shell): Program<void> {
  if (shell.d.bash) return;
  yield* sys.rt_sigaction(SIGCHLD, 'handle');
  if (shell.d.name === 'ash') yield* sys.rt_sigaction(SIGQUIT, 'ignore');
}

/** A shell that a set-id bit gave other rights gives them up, unless -p keeps them. Counterpart: dash setprivileged, bash disable_priv_mode */
function* dropSetId(): Program<void> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  if (!uids.ok || !gids.ok || (uids.value[0] === uids.value[1] && gids.value[0] === gids.value[1])) return;
  yield* sys.setuid(uids.value[0]);
  yield* sys.setgid(gids.value[0]);
}

function* start(executor: Executor, shell: Shell, argv: readonly string[], env: readonly string[]): Program<number> {
  yield* setUp(shell, env);
  const { d } = shell;
  let args: readonly string[] = argv.filter((arg, at) => at === 0 || !(d.bash && /^--(norc|noprofile|login|posix)$/.test(arg)));
  if (args[1] === '-l' || args[1] === '--login') args = [args[0] as string, ...args.slice(2)];
  if (d.bash) Object.assign(shell.opts, { h: true, B: true });
  if (d.bash && args[1] === '--version') {
    yield* sys.write(1, new TextEncoder().encode('GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n'));
    return 0;
  }
  shell.line = 0;
  let at = setOptions(shell, args, 1);
  if (at < 0) at = args.length;
  if (args[at] === '--' || args[at] === '-') at++;
  if (d.name !== 'ash' && !shell.opts.p) yield* dropSetId();
  const rest = args.slice(at);
  if (shell.opts.c) {
    if (rest[0] === undefined) throw new ShellFault(d.bash ? '-c: option requires an argument' : '-c requires an argument', 2);
    shell.arg0 = rest[1] ?? shell.arg0;
    shell.params = rest.slice(2);
    if (d.name === 'ash' && rest[1] !== undefined) shell.commandName = rest[1];
    shell.line = d.firstLine;
    if (shell.opts.i) yield* interactive(shell);
    else yield* quiet(shell);
    return yield* runText(executor, shell, rest[0], d.firstLine, d.execLast);
  }
  let fd = 0;
  if (rest[0] !== undefined && !shell.opts.s) {
    const file = rest[0];
    const opened: SysResult<number> = yield* sys.openat(AT_FDCWD, file, O_RDONLY);
    if (!opened.ok) {
      const why =
        d.name === 'ash'
          ? `can't open '${file}': ${strerror(opened.errno)}`
          : d.bash
            ? `${file}: ${strerror(opened.errno)}`
            : d.cannotOpen(file, fileError(shell, opened.errno, false));
      if (d.bash) {
        yield* errOut(`${shell.arg0}: ${why}\n`);
        return opened.errno === 'ENOENT' ? 127 : 126;
      }
      throw new ShellFault(why, 2);
    }
    const high: SysResult<number> = yield* sys.fcntl(opened.value, { cmd: 'F_DUPFD', min: 10, cloexec: true });
    yield* sys.close(opened.value);
    fd = high.ok ? high.value : opened.value;
    shell.arg0 = file;
    if (d.name === 'ash') shell.commandName = file;
    shell.params = rest.slice(1);
  } else {
    shell.opts.s = true;
    shell.params = rest;
  }
  const terminal = fd === 0 && (yield* sys.ioctl(0, { request: 'TCGETS' })).ok && (yield* sys.ioctl(2, { request: 'TCGETS' })).ok;
  if ((terminal && rest[0] === undefined) || shell.opts.i) yield* interactive(shell);
  else yield* quiet(shell);
  const source: Source = fdSource(
    executor,
    fd,
    shell.opts.i === true,
    d.bash && fd === 0 && !shell.opts.i ? 1 : d.name === 'ash' ? 1023 : 8192,
  );
  shell.line = 1;
  const status = yield* runSource(executor, shell, source, '', 1, false);
  if (shell.opts.i) yield* errOut(d.bash ? 'exit\n' : '\n');
  return status;
}

/** A shell as a program. Counterpart: busybox ash 1.35, dash 0.5.12, bash 5.2. Deviates: no vi mode of line editing, no profile files. */
export function shellProgram(
  dialect: Dialect,
  argv: readonly string[],
  env: readonly string[],
  helpers: Readonly<Record<string, ProgramMain>> = {},
): Program<number> {
  const shell = new Shell(dialect, argv[0] ?? dialect.name);
  shell.helpers = helpers;
  const executor = new Executor();
  return guarded(
    shell,
    () => start(executor, shell, argv, env),
    (s) => executor.atExit(s),
  );
}

/**
 * A shell that is given one line at a time, each in a task of its own; variables, functions, options and aliases stay.
 * Counterpart: none; it stands for the shell of a terminal whose every line's output is kept apart.
 */
export class TypedShell {
  private readonly shell: Shell;
  private readonly executor = new Executor();
  private fresh = true;

  constructor(dialect: Dialect) {
    this.shell = new Shell(dialect, dialect.name);
  }

  /** The program of the task that runs one line. */
  run(line: string, env: readonly string[]): Program<number> {
    const { shell, executor } = this;
    const body = this.fresh ? () => start(executor, shell, [shell.arg0, '-c', line], env) : () => this.again(line);
    this.fresh = false;
    return guarded(shell, body, (s) => executor.atExit(s));
  }

  private *again(line: string): Program<number> {
    const { shell, executor } = this;
    shell.pid = pid(yield* sys.getpid());
    shell.jobs = [];
    shell.skip = '';
    shell.line = shell.d.firstLine;
    return yield* runText(executor, shell, line, shell.d.firstLine, shell.d.execLast);
  }
}
