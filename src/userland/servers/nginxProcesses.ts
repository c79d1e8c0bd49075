// nginx's master, which holds the ports and starts workers, and the workers, which become the user of the configuration.
// Counterpart: src/os/unix/ngx_process_cycle.c

import { type Errno, errnoNumber, strerror } from '#abi/errno.ts';
import { AT_FDCWD, WNOHANG } from '#abi/flags.ts';
import { SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type WaitStatus } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';
import type { Config } from './nginxConfig.ts';
import type { NginxLog } from './nginxLog.ts';

export interface Server {
  readonly log: NginxLog;
  readonly config: Config;
  /** Writes the pid; why it could not. */
  readonly pidFile: () => Program<string | undefined>;
}

const SIGUSR1 = 10;
const CAUGHT: Readonly<Record<number, readonly [name: string, action: string]>> = {
  [SIGTERM]: ['SIGTERM', ', exiting'],
  [SIGINT]: ['SIGINT', ', exiting'],
  [SIGQUIT]: ['SIGQUIT', ', shutting down'],
  [SIGHUP]: ['SIGHUP', ', reconfiguring'],
  [SIGUSR1]: ['SIGUSR1', ', reopening logs'],
};
/** The exit status of a worker that could not start: another would fail the same way. */
const FATAL = 2;

const failed = (what: string, errno: Errno): string => `${what} failed (${errnoNumber(errno)}: ${strerror(errno)})`;

const TITLE = 'nginx: ';

/** What a worker does to be the user, then it waits for its master's word. Counterpart: ngx_worker_process_init */
function* worker({ log, config: { user } }: Server): Program<number> {
  yield* sys.proctitle([`${TITLE}worker process`]);
  if (user !== undefined) {
    const gid: SysResult<void> = yield* sys.setgid(user.gid);
    if (!gid.ok) {
      yield* log.say('emerg', failed(`setgid(${user.gid})`, gid.errno));
      return FATAL;
    }
    const groups: SysResult<void> = yield* sys.setgroups(user.groups);
    if (!groups.ok) yield* log.say('emerg', failed(`initgroups(${user.name}, ${user.gid})`, groups.errno));
    const uid: SysResult<void> = yield* sys.setuid(user.uid);
    if (!uid.ok) {
      yield* log.say('emerg', failed(`setuid(${user.uid})`, uid.errno));
      return FATAL;
    }
  }
  for (;;) {
    yield* sys.pause();
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    const asked = (taken.ok ? taken.value : []).find((one) => one === SIGTERM || one === SIGINT || one === SIGQUIT);
    if (asked === undefined) continue;
    if (asked === SIGQUIT) yield* log.say('notice', 'gracefully shutting down');
    yield* log.say('notice', 'exiting');
    yield* log.say('notice', 'exit');
    return 0;
  }
}

/** Runs the server until a signal ends it; its exit status. Deviates: the master speaks to its workers with signals, not over a socket. */
export function* runMaster(server: Server, argv: readonly string[]): Program<number> {
  const { log, config } = server;
  if (config.daemon) {
    const child: SysResult<number> = yield* sys.clone({ flags: 0, main: () => detached(server, argv) });
    if (child.ok) return 0;
    yield* log.say('emerg', failed('fork()', child.errno));
    return 1;
  }
  return yield* master(server, argv);
}

function* detached(server: Server, argv: readonly string[]): Program<number> {
  yield* sys.setsid();
  return yield* master(server, argv);
}

function* master(server: Server, argv: readonly string[]): Program<number> {
  const { log, config } = server;
  const unwritable = yield* server.pidFile();
  if (unwritable !== undefined) {
    yield* log.say('emerg', unwritable);
    return 1;
  }
  log.starting = false;
  if (!config.master) return yield* worker({ ...server, config: { ...config, user: undefined } });
  for (const signal of [SIGCHLD, ...Object.keys(CAUGHT).map(Number)]) yield* sys.rt_sigaction(signal, 'handle');
  yield* sys.proctitle([`${TITLE}master process ${argv.join(' ')}`]);
  yield* log.say('notice', 'start worker processes');
  const workers = new Set<number>();
  const startOne = function* (): Program<void> {
    const child: SysResult<number> = yield* sys.clone({ flags: 0, main: () => worker(server) });
    if (!child.ok) return yield* log.say('alert', failed('fork() failed while spawning "worker process"', child.errno));
    workers.add(child.value);
    yield* log.say('notice', `start worker process ${child.value}`);
  };
  const count = config.workers === 'auto' ? yield* processors() : config.workers;
  for (let i = 0; i < count; i++) yield* startOne();
  let ending = 0;
  for (;;) {
    const ended = yield* reap(log);
    for (const { pid, status } of ended) {
      if (!workers.delete(pid)) continue;
      const fatal = status.kind === 'exited' && status.code === FATAL;
      if (fatal) yield* log.say('alert', `worker process ${pid} exited with fatal code ${FATAL} and cannot be respawned`);
      else if (ending === 0) yield* startOne();
    }
    if (ending !== 0 && workers.size === 0) break;
    if (ended.length === 0) yield* sys.pause();
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    for (const signal of taken.ok ? taken.value : []) {
      const [name, action] = CAUGHT[signal] ?? ['', ''];
      if (name === '') continue;
      const unsimulated = signal === SIGHUP || signal === SIGUSR1;
      yield* log.say('notice', `signal ${signal} (${name}) received${unsimulated ? ', which is not simulated' : action}`);
      if (unsimulated) continue;
      ending = signal;
      for (const pid of workers) yield* sys.kill(pid, signal === SIGQUIT ? SIGQUIT : SIGTERM);
    }
  }
  yield* sys.unlinkat(AT_FDCWD, config.pid, 0);
  yield* log.say('notice', 'exit');
  return 0;
}

/** Children that have ended, told one by one. Counterpart: ngx_process_get_status */
function* reap(log: NginxLog): Program<readonly { readonly pid: number; readonly status: WaitStatus }[]> {
  const ended: { readonly pid: number; readonly status: WaitStatus }[] = [];
  for (;;) {
    const got: SysResult<{ pid: number; status: WaitStatus | null }> = yield* sys.wait4(-1, WNOHANG);
    if (!got.ok || got.value.pid === 0 || got.value.status === null) return ended;
    const { pid, status } = got.value;
    ended.push({ pid, status });
    if (ended.length === 1) yield* log.say('notice', `signal ${SIGCHLD} (SIGCHLD) received from ${pid}`);
    if (status.kind === 'signaled') yield* log.say('alert', `worker process ${pid} exited on signal ${status.signal}`);
    else if (status.kind === 'exited') yield* log.say('notice', `worker process ${pid} exited with code ${status.code}`);
  }
}

function* processors(): Program<number> {
  const cpuinfo = yield* readFile('/proc/cpuinfo');
  return cpuinfo.ok ? Math.max(1, textOf(cpuinfo.value).match(/^processor\s*:/gm)?.length ?? 1) : 1;
}
