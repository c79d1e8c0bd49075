// Builtins that steer the shell itself: break, return, exit, eval, exec, ., shift, trap, :

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { SIGNALS } from '#abi/signal.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out, readFd, textOf } from '../../lib/io.ts';
import { stoppedJobs } from '../jobs.ts';
import { findProgram, runProgram } from '../lookup.ts';
import { fileError } from '../redirect.ts';
import { evalLine, runText } from '../run.ts';
import { letters, type Shell, ShellExit, ShellFault, trapKey } from '../state.ts';
import { singleQuoted } from '../trace.ts';
import type { Builtin, BuiltinCall } from './types.ts';

const number = (shell: Shell, text: string): number => {
  if (/^\d+$/.test(text) || (shell.d.bash && /^-\d+$/.test(text))) return Number(text);
  throw new ShellFault(shell.d.illegalNumber(text), 2);
};

const loop = (skip: 'break' | 'continue'): Builtin => ({
  *run({ shell, args }) {
    const count = args[1] === undefined ? 1 : number(shell, args[1]);
    if (count < 1) throw new ShellFault(shell.d.illegalNumber(args[1] as string), 2);
    if (shell.d.bash && shell.loopDepth === 0) yield* shell.warn("only meaningful in a `for', `while', or `until' loop");
    if (shell.loopDepth > 0) {
      shell.skip = skip;
      shell.skipCount = Math.min(count, shell.loopDepth);
    }
    return 0;
  },
});

function* exit({ shell, args }: BuiltinCall): Program<number> {
  if (shell.d.bash && !/^[-+]?\d+$/.test(args[1] ?? '0')) {
    yield* shell.warn(shell.d.illegalNumber(args[1] as string));
    throw new ShellExit(2);
  }
  const status = args[1] === undefined ? (shell.trapStatus ?? shell.status) : number(shell, args[1]);
  if (shell.d.bash && shell.opts.i && !shell.isSub) yield* errOut('exit\n');
  if (shell.opts.i && !shell.isSub && (yield* stoppedJobs(shell))) return shell.d.bash ? 1 : 0;
  throw new ShellExit(status & 255);
}

function* evaluateText({ shell, executor, args }: BuiltinCall): Program<number> {
  const { commandName } = shell;
  // dash and ash go on naming eval in errors of what it runs.
  if (shell.d.bash) shell.commandName = undefined;
  const text = args.slice(1).join(' ');
  if (text.trim() === '') return 0;
  const status = yield* runText(executor, shell, text, evalLine(shell));
  shell.commandName = commandName;
  return status;
}

function* dot({ shell, executor, args }: BuiltinCall): Program<number> {
  const name = args[1];
  if (name === undefined) {
    if (shell.d.name === 'dash') return 0;
    if (shell.d.name === 'ash') return 2;
    yield* shell.warn('filename argument required');
    yield* errOut(`${args[0]}: usage: ${args[0]} filename [arguments]\n`);
    return 2;
  }
  let path = name;
  if (!name.includes('/')) {
    let found: string | undefined;
    for (const dir of (shell.get('PATH') ?? '').split(':')) {
      const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, dir === '' ? name : `${dir}/${name}`, 0);
      if (stat.ok) {
        found = dir === '' ? name : `${dir}/${name}`;
        break;
      }
    }
    if (found === undefined && !shell.d.bash) throw new ShellFault(`${name}: not found`, 2);
    path = found ?? name;
  }
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  if (!fd.ok) {
    if (shell.d.bash) {
      const command = shell.commandName;
      shell.commandName = undefined;
      yield* shell.warn(`${name}: ${strerror(fd.errno)}`);
      shell.commandName = command;
      return 1;
    }
    throw new ShellFault(
      shell.d.name === 'ash' ? `can't open '${name}': ${strerror(fd.errno)}` : shell.d.cannotOpen(name, fileError(shell, fd.errno, false)),
      2,
    );
  }
  const contents = yield* readFd(fd.value);
  yield* sys.close(fd.value);
  const { params, commandName, line } = shell;
  if (args.length > 2 && shell.d.extended) shell.params = args.slice(2);
  shell.commandName = undefined;
  const outer = shell.arg0;
  if (shell.d.extended) {
    shell.commandName = shell.d.bash ? undefined : path;
    if (shell.d.bash) shell.arg0 = path;
  }
  shell.dotDepth++;
  shell.status = 0;
  try {
    yield* runText(executor, shell, contents.ok ? textOf(contents.value) : '', 1);
  } finally {
    shell.dotDepth--;
    shell.arg0 = outer;
    Object.assign(shell, { params: args.length > 2 && shell.d.extended ? params : shell.params, commandName, line });
  }
  if (shell.skip === 'return') shell.skip = '';
  return shell.status;
}

function* exec({ shell, args }: BuiltinCall): Program<number> {
  const command = args.slice(1);
  if (shell.d.bash && (command[0] as string).includes('/')) shell.commandName = undefined;
  const found = yield* findProgram(shell, command[0] as string);
  let status: number;
  if (!found.ok) {
    if (shell.d.bash) yield* shell.warn(`${command[0]}: not found`);
    else yield* shell.warn(found.message);
    status = found.status;
  } else status = yield* runProgram(shell, found.path, command);
  throw shell.opts.i ? new ShellFault(undefined, status) : new ShellExit(status);
}

function* trap({ shell, args }: BuiltinCall): Program<number> {
  if (!shell.d.bash && args[1] !== '-') letters(shell, args, '');
  const rest = args.slice(1).filter((arg, at) => !(at === 0 && arg === '--'));
  const name = (key: string): string => (/^\d+$/.test(key) ? `${shell.d.bash ? 'SIG' : ''}${SIGNALS[Number(key)]}` : key);
  const print = shell.d.bash && rest[0] === '-p';
  if (rest.length === 0 || print) {
    // In the order of the signals, EXIT first; bash's own conditions follow.
    const rank = (key: string): number => (key === 'EXIT' ? 0 : /^\d+$/.test(key) ? Number(key) : SIGNALS.length);
    for (const [key, action] of [...shell.traps].sort(([a], [b]) => rank(a) - rank(b)))
      if (rest.length < 2 || rest.slice(1).some((text) => trapKey(text) === key))
        yield* out(`trap -- ${singleQuoted(action, shell.d.bash)} ${name(key)}\n`);
    return 0;
  }
  if (rest[0] === '-l' && shell.d.extended) {
    yield* out(
      SIGNALS.slice(1)
        .map((s, at) => `${at + 1}) SIG${s}\n`)
        .join(''),
    );
    return 0;
  }
  let action: string | undefined = rest[0];
  let signals = rest.slice(1);
  if (signals.length === 0 || action === '-' || (/^\d+$/.test(action as string) && rest.every((r) => trapKey(r) !== undefined))) {
    if (action !== '-') signals = rest;
    action = undefined;
  }
  let status = 0;
  for (const text of signals) {
    const key = text === 'ERR' && shell.d.extended ? 'ERR' : shell.d.name === 'dash' && /^sig/i.test(text) ? undefined : trapKey(text);
    if (key === undefined) {
      if (shell.d.name === 'dash') yield* errOut(`trap: ${text}: bad trap\n`);
      else yield* shell.warn(shell.d.bash ? `${text}: invalid signal specification` : `${text}: invalid signal specification`);
      status = 1;
      if (shell.d.name === 'dash') break;
      continue;
    }
    if (action === undefined) shell.traps.delete(key);
    else shell.traps.set(key, action);
    if (key !== 'EXIT' && key !== 'ERR') {
      yield* sys.rt_sigaction(
        Number(key),
        action === undefined ? (key === '2' && shell.opts.i ? 'handle' : 'default') : action === '' ? 'ignore' : 'handle',
      );
    }
  }
  return status;
}

const zero: Builtin = {
  *run() {
    return 0;
  },
  quick: () => 0,
};

export const control: Readonly<Record<string, Builtin>> = {
  ':': zero,
  true: zero,
  false: {
    *run() {
      return 1;
    },
    quick: () => 1,
  },
  break: loop('break'),
  continue: loop('continue'),
  exit: { run: exit },
  return: {
    *run({ shell, args }) {
      const status = args[1] === undefined ? shell.status : number(shell, args[1]) & (shell.d.name === 'dash' ? -1 : 255);
      if (shell.d.bash && shell.funcDepth === 0 && shell.dotDepth === 0)
        throw new ShellFault("can only `return' from a function or sourced script", 2);
      shell.skip = 'return';
      return status;
    },
  },
  eval: { run: evaluateText },
  exec: { run: exec },
  '.': { run: dot },
  source: { run: dot },
  shift: {
    *run({ shell, args }) {
      const count = args[1] === undefined ? 1 : number(shell, args[1]);
      if (count > shell.params.length) {
        if (shell.d.name === 'dash') throw new ShellFault("can't shift that many", 2);
        return 1;
      }
      shell.params = shell.params.slice(count);
      return 0;
    },
  },
  trap: { run: trap },
};
