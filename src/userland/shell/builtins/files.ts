// cd, pwd, umask, ulimit, times.

import { strerror } from '#abi/errno.ts';
import { type Program, type Rlimit, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out } from '../../lib/io.ts';
import { letters, type Shell, ShellFault } from '../state.ts';
import type { Builtin, BuiltinCall } from './types.ts';

/** A path without `.` and `..`, as the logical `cd` computes it. */
export function logicalPath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : `${cwd}/`}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  // Two leading slashes are a name of their own in POSIX.
  const two = /^\/\/(?!\/)/.test(path);
  return `${two ? '/' : ''}/${parts.join('/')}`;
}

function* cd({ shell, args }: BuiltinCall): Program<number> {
  let physical = false;
  let at = 1;
  if (!shell.d.bash) {
    const options = letters(shell, args, 'LP');
    physical = options.given.endsWith('P');
    at = options.at;
  }
  for (; /^-[LP]+$/.test(args[at] ?? ''); at++) physical = (args[at] as string).endsWith('P');
  if (args[at] === '--') at++;
  let target = args[at];
  if (shell.d.bash && args.length > at + 1) throw new ShellFault('too many arguments', 1);
  let print = false;
  if (target === undefined) {
    target = shell.get('HOME');
    if (target === undefined) {
      if (shell.d.bash) throw new ShellFault('HOME not set', 1);
      return 0;
    }
  } else if (target === '-') {
    target = shell.get('OLDPWD');
    if (target === undefined && shell.d.bash) throw new ShellFault('OLDPWD not set', 1);
    target ??= shell.cwd;
    print = true;
  }
  const { cwd } = shell;
  const cdpath = shell.get('CDPATH');
  const candidates =
    cdpath && !/^\.{0,2}\//.test(target) && !target.startsWith('.')
      ? cdpath.split(':').map((d) => (d === '' ? target : `${d}/${target}`))
      : [target];
  let failed = '';
  for (const candidate of [...candidates, target]) {
    const path = physical || !cwd.startsWith('/') ? candidate : logicalPath(cwd, candidate === '' ? '.' : candidate);
    const result: SysResult<void> = yield* sys.chdir(path);
    if (result.ok) {
      let now = path;
      if (physical || !cwd.startsWith('/')) {
        const real: SysResult<string> = yield* sys.getcwd();
        now = real.ok ? real.value : path;
      }
      shell.cwd = now;
      shell.export('OLDPWD', cwd);
      shell.set('PWD', now);
      if (print || candidate !== target) yield* out(`${now}\n`);
      return 0;
    }
    failed = strerror(result.errno);
  }
  if (shell.d.bash) throw new ShellFault(`${target}: ${failed}`, 1);
  throw new ShellFault(shell.d.name === 'dash' ? `can't cd to ${target}` : `can't cd to ${target}: ${failed}`, 2);
}

function* pwd({ shell, args }: BuiltinCall): Program<number> {
  let path = shell.cwd;
  if (args[1] === '-P' || path === '') {
    const real: SysResult<string> = yield* sys.getcwd();
    if (real.ok) path = real.value;
  }
  yield* out(`${path}\n`);
  return 0;
}

/** The mask a symbolic mode like u=rwx,g-w gives. */
function symbolicMask(text: string, mask: number): number | undefined {
  let allowed = ~mask & 0o777;
  for (const clause of text.replace(/,$/, '').split(',')) {
    const m = /^([ugoa]*)([-+=])([rwxugo]*)$/.exec(clause);
    if (!m) return undefined;
    const who = m[1] === '' || (m[1] as string).includes('a') ? 'ugo' : (m[1] as string);
    const bits = [...(m[3] as string)].reduce((sum, c) => sum | ({ r: 4, w: 2, x: 1 } as Record<string, number>)[c]!, 0);
    for (const w of who) {
      const shift = w === 'u' ? 6 : w === 'g' ? 3 : 0;
      if (m[2] === '=') allowed = (allowed & ~(7 << shift)) | (bits << shift);
      else if (m[2] === '+') allowed |= bits << shift;
      else allowed &= ~(bits << shift);
    }
  }
  return ~allowed & 0o777;
}

function* umask({ shell, args }: BuiltinCall): Program<number> {
  if (!shell.d.bash) letters(shell, args, 'S');
  const symbolic = args[1] === '-S';
  const text = args[symbolic ? 2 : 1];
  const old: SysResult<number> = yield* sys.umask(0);
  const mask = old.ok ? old.value : 0;
  let next = mask;
  let fault: string | undefined;
  if (text !== undefined) {
    if (/^\d/.test(text)) {
      if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o777) next = Number.parseInt(text, 8);
      else
        fault = shell.d.bash
          ? `${text}: octal number out of range`
          : shell.d.name === 'ash'
            ? `illegal mode: ${text}`
            : `Illegal number: ${text}`;
    } else {
      const found = symbolicMask(text, mask);
      if (found === undefined)
        fault = shell.d.bash
          ? `\`${text[0]}': invalid symbolic mode operator`
          : shell.d.name === 'ash'
            ? `illegal mode: ${text}`
            : `Illegal mode: ${text}`;
      else next = found;
    }
  }
  yield* sys.umask(next);
  if (fault !== undefined) throw new ShellFault(fault, shell.d.bash ? 1 : 2);
  if (text === undefined) {
    const triple = (bits: number): string => `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
    yield* out(
      symbolic ? `u=${triple(~mask >> 6)},g=${triple(~mask >> 3)},o=${triple(~mask)}\n` : `${mask.toString(8).padStart(4, '0')}\n`,
    );
  }
  return 0;
}

interface Limit {
  readonly letter: string;
  readonly resource: Rlimit;
  readonly unit: number;
  readonly ash: string;
  readonly dash: string | undefined;
  readonly bash: string;
}

const limit = (letter: string, resource: Rlimit, unit: number, ash: string, dash: string | undefined, bash: string): Limit => ({
  letter,
  resource,
  unit,
  ash,
  dash,
  bash,
});
const LIMITS: readonly Limit[] = [
  limit('c', 'RLIMIT_CORE', 512, 'core file size (blocks)', 'coredump(blocks)', 'core file size              (blocks'),
  limit('d', 'RLIMIT_DATA', 1024, 'data seg size (kb)', 'data(kbytes)', 'data seg size               (kbytes'),
  limit('e', 'RLIMIT_NICE', 1, 'scheduling priority', undefined, 'scheduling priority                 ('),
  limit('f', 'RLIMIT_FSIZE', 512, 'file size (blocks)', 'file(blocks)', 'file size                   (blocks'),
  limit('i', 'RLIMIT_SIGPENDING', 1, 'pending signals', undefined, 'pending signals                     ('),
  limit('l', 'RLIMIT_MEMLOCK', 1024, 'max locked memory (kb)', 'locked memory(kbytes)', 'max locked memory           (kbytes'),
  limit('m', 'RLIMIT_RSS', 1024, 'max memory size (kb)', 'memory(kbytes)', 'max memory size             (kbytes'),
  limit('n', 'RLIMIT_NOFILE', 1, 'open files', 'nofiles', 'open files                          ('),
  limit('q', 'RLIMIT_MSGQUEUE', 1, 'POSIX message queues (bytes)', undefined, 'POSIX message queues         (bytes'),
  limit('r', 'RLIMIT_RTPRIO', 1, 'real-time priority', 'rtprio', 'real-time priority                  ('),
  limit('s', 'RLIMIT_STACK', 1024, 'stack size (kb)', 'stack(kbytes)', 'stack size                  (kbytes'),
  limit('t', 'RLIMIT_CPU', 1, 'cpu time (seconds)', 'time(seconds)', 'cpu time                   (seconds'),
  limit('u', 'RLIMIT_NPROC', 1, 'max user processes', 'process', 'max user processes                  ('),
  limit('v', 'RLIMIT_AS', 1024, 'virtual memory (kb)', 'vmemory(kbytes)', 'virtual memory              (kbytes'),
  limit('x', 'RLIMIT_LOCKS', 1, 'file locks', 'locks', 'file locks                          ('),
];
const DASH_ORDER = 'tfdscmlunvxr';

function* ulimit({ shell, args }: BuiltinCall): Program<number> {
  let hard = false;
  let soft = false;
  let all = false;
  let letter = 'f';
  let value: string | undefined;
  for (const arg of args.slice(1)) {
    if (!arg.startsWith('-')) value = arg;
    else {
      for (const c of arg.slice(1)) {
        if (c === 'H') hard = true;
        else if (c === 'S') soft = true;
        else if (c === 'a') all = true;
        else if (LIMITS.some((l) => l.letter === c) && !(c === 'u' && shell.d.name === 'dash'))
          letter = c === 'p' && shell.d.name === 'dash' ? 'u' : c;
        else if (shell.d.name === 'ash') {
          yield* errOut(`ulimit: invalid option -- '${c}'\n`);
          return 1;
        } else
          throw new ShellFault(
            shell.d.bash ? `-${c}: invalid option\nulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]` : `Illegal option -${c}`,
            2,
          );
      }
    }
  }
  const show = function* (l: Limit): Program<string> {
    const got: SysResult<readonly [number, number]> = yield* sys.prlimit64(0, l.resource, null);
    const n = got.ok ? got.value[hard ? 1 : 0] : Number.POSITIVE_INFINITY;
    return Number.isFinite(n) ? String(Math.floor(n / l.unit)) : 'unlimited';
  };
  if (all) {
    const list = shell.d.name === 'dash' ? [...DASH_ORDER].map((c) => LIMITS.find((l) => l.letter === c) as Limit) : LIMITS;
    for (const l of list) {
      const text = yield* show(l);
      if (shell.d.name === 'dash') yield* out(`${(l.dash as string).padEnd(20)} ${text}\n`);
      else if (shell.d.bash) yield* out(`${l.bash}${l.bash.endsWith('(') ? '' : ', '}-${l.letter}) ${text}\n`);
      else yield* out(`${l.ash.padEnd(32)}(-${l.letter}) ${text}\n`);
    }
    return 0;
  }
  const chosen = LIMITS.find((l) => l.letter === letter) as Limit;
  if (value === undefined) {
    yield* out(`${yield* show(chosen)}\n`);
    return 0;
  }
  if (value !== 'unlimited' && !/^\d+$/.test(value) && shell.d.name === 'ash') {
    yield* errOut(`${shell.applet}: invalid number '${value}'\n`);
    return 1;
  }
  if (value !== 'unlimited' && !/^\d+$/.test(value))
    throw new ShellFault(
      shell.d.bash ? `${value}: invalid number` : shell.d.name === 'dash' ? 'bad number' : `bad number`,
      shell.d.bash ? 1 : 2,
    );
  const n = value === 'unlimited' ? Number.POSITIVE_INFINITY : Number(value) * chosen.unit;
  const old: SysResult<readonly [number, number]> = yield* sys.prlimit64(0, chosen.resource, null);
  const [cur, max] = old.ok ? old.value : [n, n];
  const set: SysResult<readonly [number, number]> = yield* sys.prlimit64(0, chosen.resource, [
    soft || !hard ? n : cur,
    hard || !soft ? n : max,
  ]);
  if (set.ok) return 0;
  if (shell.d.bash) throw new ShellFault(`${chosen.bash.split(/ {2,}|\(/)[0]?.trim()}: cannot modify limit: ${strerror(set.errno)}`, 1);
  if (shell.d.name === 'dash') throw new ShellFault(`error setting limit (${strerror(set.errno)})`, 2);
  yield* errOut(`${shell.applet}: error setting limit: ${strerror(set.errno)}\n`);
  return 1;
}

function* times(): Program<number> {
  const got: SysResult<{ user: bigint; system: bigint; childUser: bigint; childSystem: bigint }> = yield* sys.times();
  const show = (ns: bigint): string => {
    const seconds = Number(ns) / 1e9;
    return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(6)}s`;
  };
  if (got.ok)
    yield* out(`${show(got.value.user)} ${show(got.value.system)}\n${show(got.value.childUser)} ${show(got.value.childSystem)}\n`);
  return 0;
}

/** The working directory a starting shell believes in: $PWD if it is right. */
export function* initialDirectory(shell: Shell): Program<string> {
  const claimed = shell.get('PWD');
  if (claimed?.startsWith('/')) {
    const [a, b]: SysResult<Stat>[] = [yield* sys.newfstatat(-100, claimed, 0), yield* sys.newfstatat(-100, '.', 0)];
    if (a?.ok && b?.ok && a.value.ino === b.value.ino && a.value.dev === b.value.dev) return claimed;
  }
  const real: SysResult<string> = yield* sys.getcwd();
  return real.ok ? real.value : '';
}

export const files: Readonly<Record<string, Builtin>> = {
  cd: { run: cd },
  chdir: { run: cd },
  pwd: { run: pwd },
  umask: { run: umask },
  ulimit: { run: ulimit },
  times: { run: times },
};
