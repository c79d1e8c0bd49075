// Commands that run another command: setsid, flock, run-parts; and usleep.
// Counterpart: util-linux 2.38; debianutils 5.7; busybox 1.35

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_NOCTTY, O_RDONLY } from '#abi/flags.ts';
import { isDir, isReg } from '#abi/mode.ts';
import type { Program, SysResult, WaitStatus } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { byBytes, joinPath, readDir, stat } from '../lib/tree.ts';

/** What is said of a program that cannot be started, before the reason, and with which statuses (otherwise 126, and 127 for a missing one). */
interface Failure {
  readonly gnu: string;
  readonly busybox?: string;
  readonly statuses?: readonly [number, number];
}

/** Becomes the program, or says why not in each userland's words. */
export function* become(
  cli: Cli,
  argv: readonly string[],
  { gnu, busybox, statuses = [126, 127] }: Failure,
  env = cli.context.env,
): Program<number> {
  yield* cli.flush();
  const errno: Errno = yield* execvp(argv, env);
  yield* cli.error(`${cli.gnu ? gnu : (busybox ?? `can't execute '${argv[0]}'`)}: ${strerror(errno)}`);
  return statuses[errno === 'ENOENT' ? 1 : 0];
}

/** Runs a program in a child and gives its exit status. */
function* spawn(cli: Cli, argv: readonly string[], failure: Failure, before?: () => Program<void>): Program<number> {
  yield* cli.flush();
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      if (before) yield* before();
      return yield* become(cli, argv, failure);
    },
  });
  if (!child.ok) return yield* cli.fail(child.errno, 'fork', 'fork failed');
  const status: WaitStatus | undefined = yield* waitFor(child.value);
  return statusCode(status);
}

/** Counterpart: setsid(1) */
const setsid = command(function* (cli) {
  const options = yield* cli.options({ busybox: '+c', gnu: '+cfw', long: { ctty: 'c', fork: 'f', wait: 'w' } });
  if (typeof options === 'number') return options;
  const [name] = options.args;
  if (name === undefined) return yield* cli.misuse('no command specified');
  if (options.has('c')) return yield* cli.error('-c is not simulated here');
  const failure: Failure = { gnu: `failed to execute ${name}` };
  const pid: SysResult<number> = yield* sys.getpid();
  const group: SysResult<number> = yield* sys.getpgid(0);
  const leader = pid.ok && group.ok && pid.value === group.value;
  const start = function* (): Program<void> {
    yield* sys.setsid();
  };
  if (!leader && !options.has('f')) {
    yield* start();
    return yield* become(cli, options.args, failure);
  }
  if (options.has('w') || !cli.gnu) return yield* spawn(cli, options.args, failure, start);
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* start();
      return yield* become(cli, options.args, failure);
    },
  });
  return child.ok ? 0 : yield* cli.fail(child.errno, 'fork', 'fork');
});

/** Counterpart: flock(1); -w polls. */
const flock = command(function* (cli) {
  const long = {
    shared: 's',
    exclusive: 'x',
    unlock: 'u',
    nonblock: 'n',
    nb: 'n',
    'timeout=': 'w',
    wait: 'w',
    close: 'o',
    'command=': 'c',
    'conflict-exit-code=': 'E',
    'no-fork': 'F',
    verbose: 'verbose',
  };
  const options = yield* cli.options({
    busybox: '+sxnu',
    gnu: '+sexnuow:E:c:F',
    long,
    busyboxLong: 'shared exclusive unlock nonblock',
    status: 64,
  });
  if (typeof options === 'number') return options;
  const [target, ...rest] = options.args;
  if (target === undefined) return yield* cli.misuse('not enough arguments', 64);
  const conflict = Number(options.get('E') ?? 1);
  let argv = rest;
  const script = cli.gnu ? options.get('c') : undefined;
  if (script !== undefined) argv = ['/bin/sh', '-c', script];
  else if (rest[0] === '-c' || (options.has('c') && !cli.gnu)) {
    const text = rest[0] === '-c' ? rest[1] : rest[0];
    if (text === undefined) return yield* cli.misuse('-c requires exactly one command argument', 64);
    argv = [cli.getenv('SHELL') ?? '/bin/sh', '-c', text];
  }
  let fd = Number(target);
  if (argv.length > 0) {
    let opened: SysResult<number> = yield* sys.openat(AT_FDCWD, target, O_RDONLY | O_CREAT | O_NOCTTY, 0o666);
    if (!opened.ok && opened.errno === 'EISDIR') opened = yield* sys.openat(AT_FDCWD, target, O_RDONLY | O_NOCTTY);
    if (!opened.ok)
      return yield* cli.error(
        cli.gnu ? `cannot open lock file ${target}: ${strerror(opened.errno)}` : `can't open '${target}': ${strerror(opened.errno)}`,
        cli.gnu ? 66 : 1,
      );
    fd = opened.value;
  } else if (!/^\d+$/.test(target)) {
    if (cli.gnu) return yield* cli.error(`bad file descriptor: ${target}: ${strerror('EBADF')}`, 65);
    return yield* cli.error(`invalid number '${target}'`);
  }
  const operation = options.has('u') ? 'LOCK_UN' : options.has('s') ? 'LOCK_SH' : 'LOCK_EX';
  const waits = options.get('w');
  for (let left = Number(waits ?? 0); ; left--) {
    const locked: SysResult<void> = yield* sys.flock(fd, operation, options.has('n') || waits !== undefined);
    if (locked.ok) break;
    // busybox has no name for it, and printf(3) writes that as (null).
    if (locked.errno !== 'EAGAIN') return yield* cli.error(`${cli.gnu ? target : '(null)'}: ${strerror(locked.errno)}`, cli.gnu ? 65 : 1);
    if (waits === undefined || left <= 0) return conflict;
    yield* sys.nanosleep(1_000_000_000n);
  }
  const failure: Failure = cli.gnu
    ? { gnu: `failed to execute ${argv[0]}`, statuses: [69, 69] }
    : { gnu: '', busybox: argv[0] as string, statuses: [255, 255] };
  return argv.length === 0 ? 0 : yield* spawn(cli, argv, failure);
});

/** Counterpart: run-parts(8) */
const runParts = command(function* (cli) {
  const long = {
    list: 'list',
    test: 'test',
    verbose: 'v',
    report: 'report',
    'arg=': 'a',
    'umask=': 'u',
    'exit-on-error': 'e',
    reverse: 'r',
    'regex=': 'regex',
    lsbsysinit: 'lsb',
  };
  const options = yield* cli.options({
    busybox: 'a:u:',
    gnu: 'a:u:v',
    long,
    busyboxLong: 'list test verbose arg umask exit-on-error reverse',
  });
  if (typeof options === 'number') return options;
  const [folder, extra] = options.args;
  if (folder === undefined || extra !== undefined) return yield* cli.misuse('missing operand');
  const entries = yield* readDir(folder);
  if (!entries.ok && !cli.gnu) {
    yield* cli.warn(`${folder}: ${strerror(entries.errno)}`);
    return 0;
  }
  if (!entries.ok) return yield* cli.error(`failed to open directory ${folder}: ${strerror(entries.errno)}`);
  const names = entries.value
    .map((entry) => entry.name)
    .filter((name) => /^[A-Za-z0-9_-]+$/.test(name) || (!cli.gnu && /^[A-Za-z0-9_.-]+$/.test(name) && !name.startsWith('.')))
    .sort(byBytes);
  if (options.has('r')) names.reverse();
  const mask = options.get('u');
  yield* sys.umask(mask === undefined ? 0o022 : Number.parseInt(mask, 8));
  const args = options.list.filter((option) => option.key === 'a').map((option) => option.value);
  for (const name of names) {
    const path = joinPath(folder, name);
    const info = yield* stat(path);
    if (!info.ok || isDir(info.value.mode)) continue;
    const runs = isReg(info.value.mode) && (yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok;
    if (options.has('list') || options.has('test')) {
      if (options.has('list') || runs) yield* cli.text(`${path}\n`);
      continue;
    }
    if (!runs) continue;
    if (options.has('v')) yield* cli.warn(`executing ${path}`);
    const status = yield* spawn(cli, [path, ...args], { gnu: `failed to exec ${path}` });
    if (status === 0) continue;
    yield* cli.error(cli.gnu ? `${path} exited with return code ${status}` : `can't execute '${path}': exit status ${status}`);
    if (options.has('e')) return 1;
  }
  return yield* cli.finish();
});

/** Counterpart: usleep of busybox */
const usleep = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  const [text] = options.args;
  if (text === undefined) return yield* cli.usage();
  if (!/^\d+$/.test(text)) return yield* cli.error(`invalid number '${text}'`);
  yield* sys.nanosleep(BigInt(text) * 1000n);
  return 0;
});

export const runnerCommands = { setsid, flock, 'run-parts': runParts };
export const busyboxRunners = { usleep };
