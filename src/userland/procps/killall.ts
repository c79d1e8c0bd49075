// killall, pkill, pgrep, pidof: processes by name. Counterpart: busybox 1.35 procps/; procps 4.0 pgrep(1)

import { strerror } from '#abi/errno.ts';
import { SIGNALS, SIGTERM, signalNumber } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { compileRegex } from '../lib/regex.ts';
import { gidOf, uidOf } from '../lib/tree.ts';
import { debianPidof } from './pidof-debian.ts';
import { called, type ProcessInfo, processes, self } from './processes.ts';

const killall = command(function* (cli) {
  let signal = SIGTERM;
  let quiet = false;
  const names: string[] = [];
  const { argv } = cli.context;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-l') {
      const rows = SIGNALS.slice(1).map((name, n) => `${String(n + 1).padStart(2)}) ${name}\n`);
      yield* cli.text(rows.join(''));
      return yield* cli.finish();
    }
    if (arg === '-q') quiet = true;
    else if (arg.startsWith('-')) {
      const text = arg === '-s' ? (argv[++at] ?? '') : arg.slice(1);
      const number = signalNumber(text);
      if (number === undefined) return yield* cli.error(`bad signal name '${text}'`);
      signal = number;
    } else names.push(arg);
  }
  if (names.length === 0) return yield* cli.error('you need to specify whom to kill');
  let failures = 0;
  const own = yield* self();
  const all = yield* processes();
  for (const wanted of names) {
    const matching = all.filter((one) => one.pid !== own && called(one, wanted));
    if (matching.length === 0) {
      failures++;
      if (!quiet) yield* cli.warn(`${wanted}: no process killed`);
    }
    for (const { pid } of matching) {
      const done: SysResult<void> = yield* sys.kill(pid, signal);
      if (done.ok) continue;
      failures++;
      if (!quiet) yield* cli.warn(`can't kill pid ${pid}: ${strerror(done.errno)}`);
    }
  }
  return failures;
});

const PGREP_LONG = {
  'list-name': 'l',
  'list-full': 'a',
  full: 'f',
  exact: 'x',
  newest: 'n',
  oldest: 'o',
  inverse: 'v',
  'ignore-case': 'i',
  count: 'c',
  'delimiter=': 'd',
  'euid=': 'u',
  'uid=': 'U',
  'group=': 'G',
  'parent=': 'P',
  'session=': 's',
  'terminal=': 't',
  'signal=': 'signal',
  echo: 'e',
};

/** `-9` and `-HUP` of pkill as an option the reader knows. */
function takeSignal(argv: readonly string[]): { readonly argv: readonly string[]; readonly signal: number } {
  const at = argv.findIndex((arg, index) => index > 0 && /^-([A-Z][A-Z0-9+]*|\d+)$/.test(arg) && signalNumber(arg.slice(1)) !== undefined);
  if (at < 0) return { argv, signal: SIGTERM };
  return { argv: argv.filter((_, index) => index !== at), signal: signalNumber((argv[at] as string).slice(1)) as number };
}

/** Numbers of `root,1000`; a text is the one nobody knows. */
function* idsOf(text: string | undefined, find: (name: string) => Program<number | undefined>): Program<number[] | undefined | string> {
  if (text === undefined) return undefined;
  const ids: number[] = [];
  for (const name of text.split(',')) {
    const id = yield* find(name);
    if (id === undefined) return name;
    ids.push(id);
  }
  return ids;
}

/** pgrep lists, pkill signals. */
const grep = (kills: boolean) =>
  command(function* (cli: Cli) {
    const taken = takeSignal(cli.context.argv);
    Object.assign(cli, { context: { ...cli.context, argv: kills ? taken.argv : cli.context.argv } });
    const hint = (prog: string): string => `\nUsage:\n ${prog} [options] <pattern>\n(the list of options is not simulated here)\n`;
    const options = yield* cli.options({ busybox: 'vlafxons:P:', gnu: 'lafxnovicd:u:U:G:P:s:t:ew', long: PGREP_LONG, status: 2, hint });
    if (typeof options === 'number') return options;
    const [pattern, extra] = options.args;
    const lists = ['u', 'U', 'G', 'P', 's', 't'].some((key) => options.has(key));
    if (cli.gnu && extra !== undefined) return yield* cli.error('only one pattern can be provided', 2);
    if (pattern === undefined && !lists) {
      if (!cli.gnu) return yield* cli.usage();
      yield* cli.warn(`no matching criteria specified\nTry \`${cli.prog} --help' for more information.`);
      return 2;
    }
    const compiled = compileRegex(pattern ?? '', true, options.has('i') ? 'i' : '');
    if (typeof compiled === 'string') return yield* cli.error(compiled, 2);
    const euids = yield* idsOf(options.get('u'), uidOf);
    const uids = yield* idsOf(options.get('U'), uidOf);
    const gids = yield* idsOf(options.get('G'), gidOf);
    if (typeof euids === 'string') return yield* cli.error(`invalid user name: ${euids}`, 2);
    if (typeof uids === 'string') return yield* cli.error(`invalid user name: ${uids}`, 2);
    if (typeof gids === 'string') return yield* cli.error(`invalid group name: ${gids}`, 2);
    const parents = options.get('P')?.split(',').map(Number);
    const sessions = options.get('s')?.split(',').map(Number);
    const ttys = options.get('t')?.split(',');
    const own = yield* self();
    const fits = (one: ProcessInfo): boolean => {
      const text = options.has('f') && one.args.length > 0 ? one.args.join(' ') : one.comm;
      const found = compiled.exec(text)?.[0];
      return (
        (options.has('x') ? found === text : found !== undefined) &&
        (euids?.includes(one.euid) ?? true) &&
        (uids?.includes(one.ruid) ?? true) &&
        (gids?.includes(one.rgid) ?? true) &&
        (parents?.includes(one.ppid) ?? true) &&
        (sessions?.includes(one.session) ?? true) &&
        (ttys?.some((tty) => one.tty === tty) ?? true)
      );
    };
    let chosen = (yield* processes()).filter((one) => one.pid !== own && fits(one) !== options.has('v'));
    const byStart = [...chosen].sort((a, b) => a.start - b.start || a.pid - b.pid);
    if (options.has('n')) chosen = byStart.slice(-1);
    if (options.has('o')) chosen = byStart.slice(0, 1);
    if (options.has('c') && !kills) {
      yield* cli.text(`${chosen.length}\n`);
      return yield* cli.finish(chosen.length > 0 ? 0 : 1);
    }
    const shown = (one: ProcessInfo): string =>
      `${one.pid}${options.has('a') ? ` ${one.args.join(' ') || `[${one.comm}]`}` : options.has('l') ? ` ${one.comm}` : ''}`;
    if (!kills) {
      if (chosen.length > 0) yield* cli.text(`${chosen.map(shown).join(options.get('d') ?? '\n')}\n`);
      return yield* cli.finish(chosen.length > 0 ? 0 : 1);
    }
    const named = options.get('signal');
    const signal = named === undefined ? taken.signal : (signalNumber(named) ?? SIGTERM);
    let status = 1;
    for (const one of chosen) {
      const done: SysResult<void> = yield* sys.kill(one.pid, signal);
      if (done.ok) {
        status = 0;
        if (options.has('e')) yield* cli.text(`${one.comm} killed (pid ${one.pid})\n`);
      } else
        yield* cli.warn(
          cli.gnu ? `killing pid ${one.pid} failed: ${strerror(done.errno)}` : `can't kill pid ${one.pid}: ${strerror(done.errno)}`,
        );
    }
    return yield* cli.finish(status);
  });

const busyboxPidof = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'so:', gnu: '' });
  if (typeof options === 'number') return options;
  const omitted = options.list.filter((option) => option.key === 'o').map((option) => Number(option.value));
  const own = yield* self();
  const found = (yield* processes())
    .filter((one) => one.pid !== own && !omitted.includes(one.pid) && options.args.some((name) => called(one, name)))
    .map((one) => one.pid)
    .reverse();
  const pids = options.has('s') ? found.slice(0, 1) : found;
  if (pids.length > 0) yield* cli.text(`${pids.join(' ')}\n`);
  return yield* cli.finish(pids.length > 0 ? 0 : 1);
});

/** Debian has killall5 under the name of pidof too. */
const killall5: Command = function* (context) {
  if (/(^|\/)pidof$/.test(context.argv[0] ?? '')) return yield* debianPidof(context);
  yield* errOut('killall5 is not simulated here\n');
  return 1;
};
const pidof: Command = (context) => (context.flavour === 'gnu' ? debianPidof : busyboxPidof)(context);

const [lister, killer] = [grep(false), grep(true)];
/** Debian's pkill is a link to pgrep. */
const pgrep: Command = (context) => (/(^|\/)pkill$/.test(context.argv[0] ?? '') ? killer : lister)(context);

export const killCommands = { killall, pgrep, pkill: killer, pidof, killall5 };
