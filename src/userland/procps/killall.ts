// killall, pkill, pgrep: processes by name. Counterpart: busybox 1.35 procps/; procps 4.0 pgrep(1); psmisc 23.6 killall(1)

import { strerror } from '#abi/errno.ts';
import { SIGNALS, SIGTERM, signalNumber } from '#abi/signal.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { compileRegex } from '../lib/regex.ts';
import { processes } from './processes.ts';

const killall: Command = function* ({ argv, name }) {
  let signal = SIGTERM;
  let quiet = false;
  const names: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-l') {
      yield* out(`${SIGNALS.slice(1).join(' ')}\n`);
      return 0;
    }
    if (arg === '-q') quiet = true;
    else if (arg.startsWith('-')) {
      const text = arg === '-s' ? (argv[++at] ?? '') : arg.slice(1);
      const number = signalNumber(text);
      if (number === undefined) {
        yield* errOut(`${name}: bad signal name '${text}'\n`);
        return 1;
      }
      signal = number;
    } else names.push(arg);
  }
  if (names.length === 0) {
    yield* errOut(`${name}: you need to specify whom to kill\n`);
    return 1;
  }
  let failures = 0;
  const own: SysResult<number> = yield* sys.getpid();
  const all = yield* processes();
  for (const wanted of names) {
    const matching = all.filter(
      (one) => one.pid !== (own.ok ? own.value : 0) && (one.comm === wanted || one.args[0]?.split('/').at(-1) === wanted),
    );
    if (matching.length === 0) {
      failures++;
      if (!quiet) yield* errOut(`${name}: ${wanted}: no process killed\n`);
    }
    for (const { pid } of matching) {
      const done: SysResult<void> = yield* sys.kill(pid, signal);
      if (done.ok) continue;
      failures++;
      if (!quiet) yield* errOut(`${name}: can't kill pid ${pid}: ${strerror(done.errno)}\n`);
    }
  }
  return failures;
};

/** pgrep lists, pkill signals. */
const pgrep: Command = function* ({ argv, flavour, name }) {
  let signal = SIGTERM;
  let full = false;
  let exact = false;
  let long = false;
  let inverse = false;
  let user: number | undefined;
  let pattern: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-f') full = true;
    else if (arg === '-x') exact = true;
    else if (arg === '-l' || arg === '-a') long = true;
    else if (arg === '-v') inverse = true;
    else if (arg === '-u' || arg === '-U') user = Number(argv[++at]);
    else if (arg.startsWith('-')) signal = signalNumber(arg.slice(1)) ?? signal;
    else pattern = arg;
  }
  if (pattern === undefined && user === undefined) {
    yield* errOut(
      flavour === 'gnu'
        ? `${name}: no matching criteria specified\nTry \`${name} --help' for more information.\n`
        : `${name}: no pattern given\n`,
    );
    return 2;
  }
  const compiled = compileRegex(pattern ?? '', true);
  if (typeof compiled === 'string') {
    yield* errOut(`${name}: ${compiled}\n`);
    return 2;
  }
  const own: SysResult<number> = yield* sys.getpid();
  let status = 1;
  for (const one of yield* processes()) {
    if (one.pid === (own.ok ? own.value : 0)) continue;
    const text = full && one.args.length > 0 ? one.args.join(' ') : one.comm;
    const found = compiled.exec(text)?.[0];
    const fits = (exact ? found === text : found !== undefined) && (user === undefined || one.euid === user);
    if (fits === inverse) continue;
    if (name === 'pgrep') {
      yield* out(`${one.pid}${long ? ` ${argv.includes('-a') ? one.args.join(' ') : one.comm}` : ''}\n`);
      status = 0;
      continue;
    }
    const done: SysResult<void> = yield* sys.kill(one.pid, signal);
    if (done.ok) status = 0;
    else
      yield* errOut(
        flavour === 'gnu'
          ? `${name}: killing pid ${one.pid} failed: ${strerror(done.errno)}\n`
          : `${name}: can't kill pid ${one.pid}: ${strerror(done.errno)}\n`,
      );
  }
  return status;
};

export const killCommands = { killall, pgrep, pkill: pgrep };
