// chrt, ionice, taskset and renice: by what processes are scheduled. Counterpart: util-linux 2.38, busybox 1.35
// Deviates: no SCHED_DEADLINE and no reset on fork.

import type { Errno } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execSearch } from './exec.ts';

const call = (name: string, pid: number, value = 0): Program<SysResult<number>> => sys.syscall(name, pid, value);

/** Becomes another program; the status when that fails. */
function* become(cli: Cli, argv: readonly string[]): Program<number> {
  yield* cli.flush();
  const errno = yield* execSearch(argv, cli.context.env);
  yield* cli.fail(errno, `can't execute '${argv[0]}'`, `failed to execute ${argv[0]}`);
  return errno === 'ENOENT' ? 127 : 126;
}

/** A process id; busybox wants a positive one. undefined after a complaint. */
function* pidOf(cli: Cli, text: string, least: number): Program<number | undefined> {
  const pid = yield* cli.count(text, `invalid PID argument: '${text}'`);
  if (pid === undefined || cli.gnu || pid >= least) return pid;
  yield* cli.error(`number ${pid} is not in ${least}..2147483647 range`);
  return undefined;
}

const NAMES = ['SCHED_OTHER', 'SCHED_FIFO', 'SCHED_RR', 'SCHED_BATCH', '', 'SCHED_IDLE'] as const;
type Policy = Exclude<(typeof NAMES)[number], ''>;
const POLICIES: Readonly<Record<string, Policy>> = {
  f: 'SCHED_FIFO',
  r: 'SCHED_RR',
  o: 'SCHED_OTHER',
  b: 'SCHED_BATCH',
  i: 'SCHED_IDLE',
};
const isRealtime = (policy: string): boolean => policy === 'SCHED_FIFO' || policy === 'SCHED_RR';

/** Prints what a process is scheduled by; the errno when it is not there. */
function* showPolicy(cli: Cli, pid: number, when: 'current' | 'new'): Program<Errno | undefined> {
  const policy = yield* call('sched_getscheduler', pid);
  const priority = yield* call('sched_getparam', pid);
  if (!policy.ok) return policy.errno;
  const shown = pid === 0 ? yield* sys.getpid() : { ok: true as const, value: pid };
  const who = shown.ok ? shown.value : pid;
  yield* cli.text(`pid ${who}'s ${when} scheduling policy: ${NAMES[policy.value]}\n`);
  yield* cli.text(`pid ${who}'s ${when} scheduling priority: ${priority.ok ? priority.value : 0}\n`);
  return undefined;
}

const policyFailure = (cli: Cli, verb: 'get' | 'set', pid: number, errno: Errno): Program<number> =>
  cli.fail(errno, `can't ${verb} pid ${pid}'s policy`, `failed to ${verb} pid ${pid}'s policy`);

const chrt = command(function* (cli) {
  const long = { pid: 'p', max: 'm', fifo: 'f', rr: 'r', other: 'o', batch: 'b', idle: 'i', verbose: 'v', 'all-tasks': 'a' };
  const refused = { deadline: '?-d', 'reset-on-fork': '?-R' };
  const options = yield* cli.options({ busybox: '+mprfobi', gnu: '+abfiomprvdRP:T:D:', long: { ...long, ...refused } });
  if (typeof options === 'number') return options;
  for (const key of ['d', 'R']) if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  if (options.has('m')) {
    const all = cli.gnu ? [...NAMES, 'SCHED_DEADLINE'] : NAMES;
    for (const name of all) if (name) yield* cli.text(`${name} min/max priority\t: ${isRealtime(name) ? '1/99' : '0/0'}\n`);
    return yield* cli.finish();
  }
  const byPid = options.has('p');
  const { args } = options;
  if (byPid && args.length === 0 && cli.gnu) return yield* cli.error("invalid PID argument: '-p'");
  if (args.length < (byPid ? 1 : 2)) return yield* cli.misuse('bad usage');
  const pid = byPid ? yield* pidOf(cli, args.at(-1) as string, 1) : 0;
  if (pid === undefined) return 1;
  if (byPid && (!cli.gnu || args.length === 1 || options.has('v'))) {
    const missing = yield* showPolicy(cli, pid, 'current');
    if (missing !== undefined) return yield* policyFailure(cli, 'get', pid, missing);
    if (args.length === 1) return yield* cli.finish();
  }
  const priority = yield* cli.count(args[0] as string, `invalid priority argument: '${args[0]}'`);
  if (priority === undefined) return 1;
  const policy = POLICIES[options.last(...Object.keys(POLICIES)) ?? 'r'] as Policy;
  const [low, high] = isRealtime(policy) ? [1, 99] : [0, 0];
  if (priority < low || priority > high)
    return yield* cli.error(
      cli.gnu
        ? `unsupported priority value for the policy: ${priority}: see --max for valid range`
        : `number ${priority} is not in ${low}..${high} range`,
    );
  const done: SysResult<void> = yield* sys.sched_setscheduler(pid, policy, priority);
  if (!done.ok) return yield* policyFailure(cli, 'set', pid, done.errno);
  if (!byPid) return yield* become(cli, args.slice(1));
  if (!cli.gnu || options.has('v')) yield* showPolicy(cli, pid, 'new');
  return yield* cli.finish();
});

const CLASSES = ['none', 'realtime', 'best-effort', 'idle'];

function* showClass(cli: Cli, pid: number): Program<number> {
  const got = yield* call('ioprio_get', pid);
  if (!got.ok) return yield* cli.fail(got.errno, 'ioprio_get', 'ioprio_get failed');
  const kind = got.value >> 13;
  yield* cli.text(kind === 3 ? 'idle\n' : `${CLASSES[kind]}: prio ${got.value & 0xff}\n`);
  return 0;
}

/** The number of a class; undefined after a complaint. */
function* classOf(cli: Cli, text: string): Program<number | undefined> {
  const named = CLASSES.indexOf(text.toLowerCase());
  if (cli.gnu && named >= 0) return named;
  if (cli.gnu && !/^\d+$/.test(text)) {
    yield* cli.error(`unknown scheduling class: '${text}'`);
    return undefined;
  }
  const kind = yield* cli.count(text, '');
  if (kind === undefined || kind <= 3) return kind;
  if (!cli.gnu) yield* cli.error(`bad class ${kind}`);
  else yield* cli.warn(`unknown prio class ${kind}`);
  return cli.gnu ? kind : undefined;
}

const ionice = command(function* (cli) {
  const long = { 'class=': 'c', 'classdata=': 'n', 'pid=': 'p', ignore: 't', 'pgid=': 'P', 'uid=': 'u' };
  const options = yield* cli.options({ busybox: '+n:c:p:', gnu: '+c:n:p:P:tu:', long });
  if (typeof options === 'number') return options;
  for (const key of ['P', 'u']) if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const [given, level] = [options.get('c'), options.get('n')];
  const kind = given === undefined ? undefined : yield* classOf(cli, given);
  if (given !== undefined && kind === undefined) return 1;
  const data = level === undefined ? undefined : yield* cli.count(level, `invalid class data argument: '${level}'`);
  if (level !== undefined && data === undefined) return 1;
  const targets = [options.get('p') ?? [], cli.gnu && options.has('p') ? options.args : []].flat();
  const pids: number[] = [];
  for (const text of targets.length > 0 || cli.gnu || kind !== undefined || data !== undefined ? targets : options.args.slice(0, 1)) {
    const pid = yield* pidOf(cli, text, 0);
    if (pid === undefined) return 1;
    pids.push(pid);
  }
  const words = cli.gnu && options.has('p') ? [] : options.args;
  if (kind === undefined && data === undefined && (pids.length > 0 || words.length === 0)) {
    for (const pid of pids.length === 0 ? [0] : pids) cli.status = (yield* showClass(cli, pid)) || cli.status;
    return yield* cli.finish();
  }
  if (cli.gnu && pids.length === 0 && words.length === 0) return yield* cli.misuse('bad usage');
  const wanted = kind ?? (cli.gnu ? 2 : 0);
  const plain = cli.gnu && (wanted === 0 || wanted === 3);
  if (plain && data !== undefined) yield* cli.warn(`ignoring given class data for ${CLASSES[wanted]} class`);
  const value = (wanted << 13) | (plain ? 0 : (data ?? (cli.gnu ? 4 : 0)));
  for (const pid of pids.length === 0 ? [0] : pids) {
    const done: SysResult<number> =
      kind === undefined && data === undefined ? { ok: true, value: 0 } : yield* call('ioprio_set', pid, value);
    if (!done.ok && !options.has('t')) return yield* cli.fail(done.errno, 'ioprio_set', 'ioprio_set failed');
  }
  return words.length === 0 ? yield* cli.finish() : yield* become(cli, words);
});

/** The mask of a list like `0,2-5`; undefined for what is none. */
function listMask(text: string): number | undefined {
  let mask = 0;
  for (const part of text.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (range === null) return undefined;
    for (let cpu = Number(range[1]); cpu <= Number(range[2] ?? range[1]); cpu++) mask |= cpu < 31 ? 1 << cpu : 0;
  }
  return mask;
}

/** A mask as a list: util-linux writes two neighbours as two, busybox as a range. */
function maskList(mask: number, gnu: boolean): string {
  const cpus = [...mask.toString(2)].reverse().flatMap((bit, cpu) => (bit === '1' ? [cpu] : []));
  const runs: number[][] = [];
  for (const cpu of cpus) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === cpu - 1) run.push(cpu);
    else runs.push([cpu]);
  }
  return runs.map((run) => (run.length > (gnu ? 2 : 1) ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}

const taskset = command(function* (cli) {
  const options: Options | number = yield* cli.options({
    busybox: '+apc',
    gnu: '+apc',
    long: { pid: 'p', 'cpu-list': 'c', 'all-tasks': 'a' },
  });
  if (typeof options === 'number') return options;
  const [byPid, asList] = [options.has('p'), options.has('c')];
  const { args } = options;
  if (byPid && args.length === 0 && cli.gnu) return yield* cli.error("invalid PID argument: '-p'");
  if (args.length < (byPid ? 1 : 2)) return yield* cli.misuse('bad usage');
  const pid = byPid ? yield* pidOf(cli, args.at(-1) as string, 1) : 0;
  if (pid === undefined) return 1;
  const show = function* (when: 'current' | 'new'): Program<Errno | undefined> {
    const got = yield* call('sched_getaffinity', pid);
    if (!got.ok) return got.errno;
    const shown = asList ? `list: ${maskList(got.value, cli.gnu)}` : `mask: ${got.value.toString(16)}`;
    yield* cli.text(`pid ${pid}'s ${when} affinity ${shown}\n`);
    return undefined;
  };
  if (byPid) {
    const missing = yield* show('current');
    if (missing !== undefined) return yield* cli.fail(missing, `can't get pid ${pid}'s affinity`, `failed to get pid ${pid}'s affinity`);
    if (args.length === 1) return yield* cli.finish();
  }
  const text = args[0] as string;
  const mask = asList ? listMask(text) : /^(0x)?[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : undefined;
  if (mask === undefined)
    return yield* cli.error(cli.gnu ? `failed to parse CPU ${asList ? 'list' : 'mask'}: ${text}` : `bad affinity '${text}'`);
  const done = yield* call('sched_setaffinity', pid, mask);
  if (!done.ok) {
    // util-linux names itself by its own pid, and complains before what it has written so far comes out.
    const self: SysResult<number> = yield* sys.getpid();
    const who = cli.gnu && !byPid && self.ok ? self.value : pid;
    return yield* cli.fail(done.errno, `can't set pid ${who}'s affinity`, `failed to set pid ${who}'s affinity`);
  }
  if (!byPid) return yield* become(cli, args.slice(1));
  yield* show('new');
  return yield* cli.finish();
});

export const schedulingCommands = { chrt, ionice, taskset };
