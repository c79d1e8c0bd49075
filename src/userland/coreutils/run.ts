// Commands that run commands: env, printenv, nohup, nice, timeout, chroot; and sleep.

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_RDWR, O_WRONLY, WNOHANG } from '#abi/flags.ts';
import { SIGALRM, SIGCHLD, SIGHUP, SIGINT, SIGKILL, SIGTERM, signalNumber } from '#abi/signal.ts';
import type { Program, SysResult, WaitStatus } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { errOut } from '../lib/io.ts';
import { quoted } from '../lib/quote.ts';

/** Runs argv in place of the caller; complains and gives 126 or 127 when that fails. */
export function* runOr(cli: Cli, argv: readonly string[], env: readonly string[], gnuWords?: string): Program<number> {
  yield* cli.flush();
  const errno: Errno = yield* execvp(argv, env);
  const name = argv[0] ?? '';
  const gnu = gnuWords ?? `failed to run command '${name}'`;
  yield* cli.error(`${cli.gnu ? gnu : `can't execute '${name}'`}: ${strerror(errno)}`);
  return errno === 'ENOENT' ? 127 : 126;
}

/** Counterpart: env(1) */
export const env = command(function* (cli) {
  const long = { 'ignore-environment': 'i', null: '0', 'unset=': 'u', 'chdir=': 'C', 'split-string=': 'S', debug: 'v' };
  const options = yield* cli.options({
    busybox: '+iu:0',
    gnu: '+C:iS:u:v0',
    long,
    busyboxLong: 'ignore-environment unset null',
    status: 125,
  });
  if (typeof options === 'number') return options;
  const rest = [...(options.get('S')?.trim().split(/\s+/) ?? []), ...options.args];
  let entries = options.has('i') || rest[0] === '-' ? [] : [...cli.context.env];
  if (rest[0] === '-') rest.shift();
  for (const option of options.list) if (option.key === 'u') entries = entries.filter((entry) => !entry.startsWith(`${option.value}=`));
  while (rest[0]?.includes('=')) {
    const entry = rest.shift() as string;
    const name = entry.slice(0, entry.indexOf('=') + 1);
    const at = entries.findIndex((old) => old.startsWith(name));
    if (at >= 0) entries[at] = entry;
    else entries.push(entry);
  }
  if (rest.length === 0) {
    for (const entry of entries) yield* cli.text(entry + (options.has('0') ? '\0' : '\n'));
    return yield* cli.finish();
  }
  if (options.has('C')) {
    const moved = yield* sys.chdir(options.get('C') as string);
    if (!moved.ok)
      return yield* cli.error(`cannot change directory to ${quoted(options.get('C') as string)}: ${strerror(moved.errno)}`, 125);
  }
  return yield* runOr(cli, rest, entries, `'${rest[0]}'`);
});

/** Counterpart: printenv(1) */
export const printenv = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '+0', long: { null: '0' }, status: 2 });
  if (typeof options === 'number') return options;
  const end = options.has('0') ? '\0' : '\n';
  if (options.args.length === 0) for (const entry of cli.context.env) yield* cli.text(entry + end);
  for (const name of options.args) {
    const value = name.includes('=') ? undefined : cli.getenv(name);
    if (value === undefined) cli.status = 1;
    else yield* cli.text(value + end);
  }
  return yield* cli.finish();
});

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Seconds of `1.5m`; undefined when malformed. */
function duration(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : undefined;
}

const LONGEST = 1e9;
const nanos = (seconds: number): bigint => BigInt(Math.round(Math.min(seconds, LONGEST) * 1e6)) * 1000n;

/** Counterpart: sleep(1) */
export const sleep = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  let total = 0;
  for (const text of options.args) {
    const seconds = duration(text);
    if (seconds === undefined) {
      if (!cli.gnu) return yield* cli.error(`invalid number '${text}'`);
      return yield* cli.misuse(`invalid time interval '${text}'`);
    }
    total += seconds;
  }
  const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  const end = (clock.ok ? clock.value : 0n) + nanos(total);
  let left = nanos(total);
  while (left > 0n) {
    const slept = yield* sys.nanosleep(left);
    if (slept.ok) break;
    const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    left = end - (now.ok ? now.value : end);
  }
  return 0;
});

/** Counterpart: nohup(1) */
export const nohup = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '+', status: 125 });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) {
    if (!cli.gnu) {
      yield* cli.usage();
      return 127;
    }
    return yield* cli.misuse('missing operand', 125);
  }
  if (yield* isTty(0)) {
    const input: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/null', cli.gnu ? O_WRONLY : 0);
    if (input.ok) yield* sys.dup2(input.value, 0);
  }
  if (yield* isTty(1)) {
    const output: SysResult<number> = yield* sys.openat(AT_FDCWD, 'nohup.out', (cli.gnu ? O_WRONLY : O_RDWR) | O_CREAT | O_APPEND, 0o600);
    if (!output.ok) return yield* cli.error(`can't open 'nohup.out': ${strerror(output.errno)}`, cli.gnu ? 125 : 127);
    yield* errOut(
      cli.gnu ? `${cli.prog}: ignoring input and appending output to 'nohup.out'\n` : `${cli.prog}: appending output to nohup.out\n`,
    );
    yield* sys.dup2(output.value, 1);
    if (yield* isTty(2)) yield* sys.dup2(1, 2);
  }
  yield* sys.rt_sigaction(SIGHUP, 'ignore');
  return yield* runOr(cli, options.args, cli.context.env);
});

/** Counterpart: nice(1) */
export const nice = command(function* (cli) {
  const [self = '', first = '', ...others] = cli.context.argv;
  if (/^--?\d+$|^-\+\d+$/.test(first)) Object.assign(cli, { context: { ...cli.context, argv: [self, '-n', first.slice(1), ...others] } });
  // To busybox's nice anything else with a dash is bad, and only its usage says so.
  if (!cli.gnu && /^-[^n]/.test(cli.context.argv[1] ?? '')) return yield* cli.usage();
  const options = yield* cli.options({ busybox: '+n:', gnu: '+n:', long: { 'adjustment=': 'n' }, status: 125 });
  if (typeof options === 'number') return options;
  const old: SysResult<number> = yield* sys.getpriority('PRIO_PROCESS', 0);
  const now = old.ok ? old.value : 0;
  const text = options.get('n');
  if (options.args.length === 0) {
    if (text !== undefined) return yield* cli.misuse('a command must be given with an adjustment', 125);
    yield* cli.text(`${now}\n`);
    return yield* cli.finish();
  }
  if (text !== undefined && !/^[-+]?\d+$/.test(text))
    return yield* cli.error(cli.gnu ? `invalid adjustment '${text}'` : `invalid number '${text}'`, cli.gnu ? 125 : 1);
  const adjust = text === undefined ? 10 : Number(text);
  const set = yield* sys.setpriority('PRIO_PROCESS', 0, Math.max(-20, Math.min(19, now + adjust)));
  if (!set.ok) {
    if (!cli.gnu) return yield* cli.fail(set.errno, `setpriority(${now + adjust})`);
    yield* cli.error(`cannot set niceness: ${strerror(set.errno)}`);
    if (set.errno !== 'EACCES' && set.errno !== 'EPERM') return 125;
  }
  return yield* runOr(cli, options.args, cli.context.env, `'${options.args[0]}'`);
});

function* self(): Program<number> {
  const pid: SysResult<number> = yield* sys.getpid();
  return pid.ok ? pid.value : 0;
}

/** busybox runs the program in timeout's own process; a grandchild looks at the clock and sends the signal. */
function* busyboxTimeout(cli: Cli, argv: readonly string[], limit: number, signal: number, killAfter: number | undefined): Program<number> {
  const watched = yield* self();
  const watch = function* (): Program<number> {
    for (const [seconds, send] of [
      [limit, signal],
      [killAfter, SIGKILL],
    ] as const) {
      if (seconds === undefined) break;
      for (let left = seconds; left > 0; left--) {
        yield* sys.nanosleep(nanos(Math.min(1, left)));
        if (!(yield* sys.kill(watched, 0)).ok) return 0;
      }
      yield* sys.kill(watched, send);
    }
    return 0;
  };
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* sys.clone({ flags: 0, main: watch });
      return 0;
    },
  });
  if (!child.ok) return yield* cli.fail(child.errno, 'fork');
  yield* waitFor(child.value);
  return yield* runOr(cli, argv, cli.context.env);
}

/** Counterpart: timeout(1) */
export const timeout = command(function* (cli) {
  const long = { 'signal=': 's', 'kill-after=': 'k', foreground: 'fg', 'preserve-status': 'ps', verbose: 'v' };
  const options = yield* cli.options({ busybox: '+s:k:', gnu: '+k:s:v', long, status: 125 });
  if (typeof options === 'number') return options;
  const [limitText, ...argv] = options.args;
  if (limitText === undefined || argv.length === 0) return yield* cli.usage(125);
  const bad = function* (text: string): Program<number> {
    if (!cli.gnu) return yield* cli.error(`invalid number '${text}'`);
    return yield* cli.misuse(`invalid time interval '${text}'`, 125);
  };
  const limit = duration(limitText);
  if (limit === undefined) return yield* bad(limitText);
  const killText = options.get('k');
  const killAfter = killText === undefined ? undefined : duration(killText);
  if (killText !== undefined && killAfter === undefined) return yield* bad(killText);
  const signal = signalNumber(options.get('s') ?? 'TERM');
  if (signal === undefined)
    return cli.gnu
      ? yield* cli.misuse(`'${options.get('s')}': invalid signal`, 125)
      : yield* cli.error(`unknown signal '${options.get('s')}'`);
  if (!cli.gnu) return yield* busyboxTimeout(cli, argv, limit, signal, killAfter);
  if (!options.has('fg')) yield* sys.setpgid(0, 0);
  const { context } = cli;
  const child: SysResult<number> = yield* sys.clone({ flags: 0, main: () => runOr(cli, argv, context.env) });
  if (!child.ok) return yield* cli.error(`fork system call failed: ${strerror(child.errno)}`, 125);
  for (const caught of [SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGALRM]) yield* sys.rt_sigaction(caught, 'handle');
  const clock = function* (): Program<bigint> {
    const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    return now.ok ? now.value : 0n;
  };
  let deadline: bigint | undefined = limit === 0 ? undefined : (yield* clock()) + nanos(limit);
  let timedOut = false;
  let sent = signal;
  for (;;) {
    const got: SysResult<{ pid: number; status: WaitStatus | null }> = yield* sys.wait4(child.value, WNOHANG);
    if (!got.ok) return 125;
    if (got.value.status) {
      if (timedOut && !options.has('ps')) {
        // What was killed with KILL is reported as such: timeout dies of it too.
        if (sent === SIGKILL) yield* sys.kill(yield* self(), SIGKILL);
        return 124;
      }
      return statusCode(got.value.status);
    }
    const now = yield* clock();
    if (deadline !== undefined && now >= deadline) {
      if (timedOut) sent = SIGKILL;
      timedOut = true;
      if (options.has('v'))
        yield* errOut(`${cli.prog}: sending signal ${sent === SIGKILL ? 'KILL' : (options.get('s') ?? 'TERM')} to command '${argv[0]}'\n`);
      yield* sys.kill(child.value, sent);
      deadline = killAfter !== undefined && sent !== SIGKILL ? now + nanos(killAfter) : undefined;
      continue;
    }
    yield* sys.nanosleep(deadline === undefined ? nanos(LONGEST) : deadline - now);
    // Signals other than the child's death are passed on, as a user expects of Ctrl-C or kill.
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    for (const arrived of taken.ok ? taken.value : []) if (arrived !== SIGCHLD) yield* sys.kill(child.value, arrived);
  }
});

/** Groups, group and user of `--userspec=USER[:GROUP]`; the complaint, or undefined. Counterpart: chroot.c of coreutils */
function* takeUserspec(spec: string): Program<string | undefined> {
  const [userText = '', groupText] = spec.split(':');
  const users = yield* passwdEntries();
  const groups = yield* groupEntries();
  const user = users.find((one) => one.name === userText || String(one.uid) === userText);
  const uid = user?.uid ?? (/^\d+$/.test(userText) ? Number(userText) : undefined);
  if (userText !== '' && uid === undefined) return 'invalid user';
  const group = groups.find((one) => one.name === groupText || String(one.gid) === groupText);
  const gid = groupText ? (group?.gid ?? (/^\d+$/.test(groupText) ? Number(groupText) : undefined)) : user?.gid;
  if (groupText && gid === undefined) return 'invalid group';
  const members = user === undefined ? [] : groups.filter((one) => one.members.includes(user.name)).map((one) => one.gid);
  const set: SysResult<void> = yield* sys.setgroups(gid === undefined ? members : [...new Set([gid, ...members])]);
  if (!set.ok) return `failed to set supplemental groups: ${strerror(set.errno)}`;
  if (gid !== undefined) {
    const done: SysResult<void> = yield* sys.setgid(gid);
    if (!done.ok) return `failed to set group-ID: ${strerror(done.errno)}`;
  }
  if (uid !== undefined) {
    const done: SysResult<void> = yield* sys.setuid(uid);
    if (!done.ok) return `failed to set user-ID: ${strerror(done.errno)}`;
  }
  return undefined;
}

/** Counterpart: chroot(1) */
export const chroot = command(function* (cli) {
  const long = { 'userspec=': 'u', 'groups=': 'g', 'skip-chdir': 's' };
  const options = yield* cli.options({ busybox: false, gnu: '+', long, status: 125 });
  if (typeof options === 'number') return options;
  const [root, ...rest] = options.args;
  if (root === undefined) return yield* cli.misuse('missing operand', 125);
  const done = yield* sys.chroot(root);
  if (!done.ok)
    return yield* cli.error(
      cli.gnu
        ? `cannot change root directory to ${quoted(root)}: ${strerror(done.errno)}`
        : `can't change root directory to '${root}': ${strerror(done.errno)}`,
      cli.gnu ? 125 : 1,
    );
  yield* sys.chdir('/');
  const spec = options.get('u');
  if (spec !== undefined) {
    const failure = yield* takeUserspec(spec);
    if (failure !== undefined) return yield* cli.error(failure, 125);
  }
  const argv = rest.length ? rest : [cli.getenv('SHELL') ?? '/bin/sh', '-i'];
  return yield* runOr(cli, argv, cli.context.env);
});
