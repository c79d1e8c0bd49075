// strace of Debian 12. Counterpart: strace 6.1
// Deviates: the calls are those of the simulated programs, which load no libraries and have no memory; times are simulated ones.

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY, WUNTRACED } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import { SIGCONT, SIGHUP, SIGINT, SIGPIPE, SIGQUIT, SIGSTOP, SIGTERM } from '#abi/signal.ts';
import { type Program, type Stat, type SysResult, sys, type TraceEvent, type WaitStatus } from '#kernel/uapi/index.ts';
import type { Command, CommandTable } from '../lib/command.ts';
import { errOut } from '../lib/io.ts';
import { Listing } from './listing.ts';
import { type Settings, settings } from './options.ts';

const FATAL = [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM];

/** Where the program is: strace looks itself. Counterpart: startup_child */
function* find(name: string, env: readonly string[]): Program<string | undefined> {
  const path = env.find((one) => one.startsWith('PATH='))?.slice(5) ?? '';
  const tries = name.includes('/')
    ? [name]
    : path.split(':').map((folder) => (folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`));
  for (const file of tries) {
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, file, 0);
    if (stat.ok && (name.includes('/') || (isReg(stat.value.mode) && (stat.value.mode & 0o111) !== 0))) return file;
  }
  return undefined;
}

/** ptrace is refused altogether: what strace says then. */
function* refused(set: Settings, errno: Errno): Program<number> {
  const why = strerror(errno);
  yield* errOut(`strace: test_ptrace_get_syscall_info: PTRACE_TRACEME: ${why}\n`);
  if (set.command.length === 0) {
    yield* errOut(`strace: attach: ptrace(PTRACE_ATTACH, ${set.pids[0]}): ${why}\n`);
    return 1;
  }
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* errOut(`strace: ptrace(PTRACE_TRACEME, ...): ${why}\n`);
      return 1;
    },
  });
  const pid = child.ok ? child.value : 0;
  yield* sys.wait4(pid, 0);
  yield* errOut(
    `strace: PTRACE_SETOPTIONS: ${why}\nstrace: detach: waitpid(${pid}): No child processes\nstrace: Process ${pid} detached\n`,
  );
  return 1;
}

/** Starts the command, stopped and under trace; its pid, or the errno. */
function* launch(set: Settings, file: string): Program<SysResult<number>> {
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      const pid: SysResult<number> = yield* sys.getpid();
      yield* sys.kill(pid.ok ? pid.value : 0, SIGSTOP);
      const failed: SysResult<never> = yield* sys.execve(file, set.command, set.env);
      if (!failed.ok) yield* errOut(`strace: exec: ${strerror(failed.errno)}\n`);
      return 1;
    },
  });
  if (!child.ok) return child;
  yield* sys.wait4(child.value, WUNTRACED);
  const seized: SysResult<TraceEvent | null> = yield* sys.ptrace({ request: 'PTRACE_SEIZE', pid: child.value, follow: set.follow });
  if (!seized.ok) return seized;
  yield* sys.kill(child.value, SIGCONT);
  return child;
}

/** What the tracees do, until none is left or a signal ends it; how the command ended. */
function* watch(
  set: Settings,
  list: Listing,
  command: number | undefined,
): Program<WaitStatus | { readonly kind: 'interrupted'; readonly signal: number }> {
  let started = command === undefined;
  let ended: WaitStatus = { kind: 'exited', code: 0 };
  for (;;) {
    const got: SysResult<TraceEvent | null> = yield* sys.ptrace({ request: 'PTRACE_GET_SYSCALL_INFO' });
    if (!got.ok) {
      if (got.errno !== 'EINTR') return ended;
      const taken: SysResult<readonly number[]> = yield* sys.sigtake();
      const signal = taken.ok ? taken.value.find((one) => FATAL.includes(one)) : undefined;
      if (signal === undefined) continue;
      if (command !== undefined) {
        yield* sys.kill(command, SIGCONT);
        yield* sys.kill(command, signal);
      }
      for (const pid of list.pids()) {
        yield* sys.ptrace({ request: 'PTRACE_DETACH', pid });
        if (!set.quiet.attach) yield* errOut(`strace: Process ${pid} detached\n`);
        yield* list.detached(pid);
      }
      return { kind: 'interrupted', signal };
    }
    const event = got.value;
    if (event === null) continue;
    if (event.event === 'entry' && event.call === 'execve') started = true;
    if (started) yield* list.tell(event);
    if (event.event === 'end' && event.pid === command) {
      ended = event.status;
      yield* sys.wait4(command, 0);
    }
    if (event.event === 'entry' || event.event === 'exit') yield* sys.ptrace({ request: 'PTRACE_SYSCALL', pid: event.pid });
  }
}

/** Counterpart: strace(1). Deviates: see the head of this file and README.md. */
const strace: Command = function* ({ argv, env }) {
  const set: Settings | number = yield* settings(argv, env);
  if (typeof set === 'number') return set;
  const able: SysResult<TraceEvent | null> = yield* sys.ptrace({ request: 'PTRACE_GET_SYSCALL_INFO' });
  if (!able.ok && able.errno !== 'ECHILD') return yield* refused(set, able.errno);
  const [name] = set.command;
  const file = name === undefined ? undefined : yield* find(name, set.env);
  if (name !== undefined && file === undefined) {
    yield* errOut(`strace: Can't stat '${name}': No such file or directory\n`);
    return 1;
  }
  let fd = 2;
  if (set.file !== undefined) {
    const opened: SysResult<number> = yield* sys.openat(AT_FDCWD, set.file, O_WRONLY | O_CREAT | (set.append ? O_APPEND : O_TRUNC), 0o666);
    if (!opened.ok) {
      yield* errOut(`strace: Can't fopen '${set.file}': ${strerror(opened.errno)}\n`);
      return 1;
    }
    const high: SysResult<number> = yield* sys.fcntl(opened.value, { cmd: 'F_DUPFD', min: 50, cloexec: true });
    yield* sys.close(opened.value);
    fd = high.ok ? high.value : opened.value;
  }
  const list = new Listing(set, fd);
  for (const pid of set.pids) {
    const seized: SysResult<TraceEvent | null> = yield* sys.ptrace({ request: 'PTRACE_SEIZE', pid, follow: set.follow });
    if (!seized.ok) {
      yield* errOut(`strace: attach: ptrace(PTRACE_SEIZE, ${pid}): ${strerror(seized.errno)}\n`);
      if (set.pids.length === 1 && file === undefined) return 1;
      continue;
    }
    if (!set.quiet.attach) yield* errOut(`strace: Process ${pid} attached\n`);
    list.add(pid, true);
  }
  for (const signal of FATAL) yield* sys.rt_sigaction(signal, 'handle');
  let command: number | undefined;
  if (file !== undefined) {
    const started: SysResult<number> = yield* launch(set, file);
    if (!started.ok) {
      yield* errOut(`strace: ptrace(PTRACE_SEIZE): ${strerror(started.errno)}\n`);
      return 1;
    }
    command = started.value;
    list.add(command, false);
  }
  if (command === undefined && list.pids().length === 0) return 1;
  const end: WaitStatus | { readonly kind: 'interrupted'; readonly signal: number } = yield* watch(set, list, command);
  yield* list.summary();
  if (end.kind === 'exited') return end.code;
  if (end.kind !== 'signaled' && end.kind !== 'interrupted') return 0;
  yield* sys.rt_sigaction(end.signal, 'default');
  const self: SysResult<number> = yield* sys.getpid();
  yield* sys.kill(self.ok ? self.value : 0, end.signal);
  return 128 + end.signal;
};

/** The commands of this package. */
export const straceCommands: CommandTable = { strace: { run: strace, in: ['gnu'] } };
