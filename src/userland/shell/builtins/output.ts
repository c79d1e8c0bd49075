// echo, printf, test, [ and [[ as builtins.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { bytesOf, errOut, writeAll } from '../../lib/io.ts';
import { type BashParts, bashParts } from '../bashparts.ts';
import { echoEscapes } from '../escapes.ts';
import { printf } from '../printf.ts';
import { letters, type Shell, ShellFault } from '../state.ts';
import { type Asked, testExpression } from '../testexpr.ts';
import { compare, TestFault } from '../testops.ts';
import { evaluate, paramValue } from '../values.ts';
import type { Builtin, BuiltinCall } from './types.ts';

/** What echo prints. `always`: backslashes count without -e (dash). `zero`: octal is \\0nnn alone (bash). */
export function echoText(args: readonly string[], always: boolean, zero = false): string {
  let at = 1;
  let newline = true;
  let escapes = always;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (!(always ? /^-n$/ : /^-[neE]+$/).test(arg)) break;
    for (const c of arg.slice(1)) {
      if (c === 'n') newline = false;
      else escapes = c === 'e';
    }
    if (always) {
      at++;
      break;
    }
  }
  const text = args.slice(at).join(' ');
  if (!escapes) return newline ? `${text}\n` : text;
  const done = echoEscapes(text, !always, zero);
  return done.text + (newline && !done.stop ? '\n' : '');
}

/** Text whose characters above 0x7f came from escapes as bytes is not told apart from UTF-8 here. */
function* emit(shell: Shell, text: string): Program<number> {
  if (text === '') return 0;
  const error = yield* writeAll(1, bytesOf(text));
  if (error === undefined) return 0;
  if (error === 'EPIPE') return 1;
  if (shell.d.name === 'dash') yield* shell.warn(`${shell.commandName}: I/O error`);
  else yield* plainWarn(shell, `write error: ${strerror(error)}`);
  return 1;
}

/** Sets BASH_REMATCH. Counterpart: sh_regmatch of bash 5.2 */
function rematch(parts: BashParts, shell: Shell, text: string, pattern: string): boolean {
  const regex = parts.compileRegex(pattern, true);
  // bash 5.2 only answers 2.
  if (typeof regex === 'string') throw new TestFault('');
  const found = regex.exec(text);
  shell.setArray('BASH_REMATCH', found === null ? [] : [...found].map((part) => part ?? ''));
  return found !== null;
}

const asked = (shell: Shell): Asked => ({
  *matches(text, pattern) {
    return rematch(yield* bashParts(), shell, text, pattern);
  },
  value: (text) => evaluate(shell, text),
  isSet: (name) =>
    /\[[@*]\]$/.test(name) ? (shell.elements(name.slice(0, -3))?.map.size ?? 0) > 0 : paramValue(shell, name) !== undefined,
});

function* runTest({ shell, args }: BuiltinCall): Program<number> {
  const name = args[0] as string;
  let operands = args.slice(1);
  const { bash } = shell.d;
  if (name !== 'test') {
    const close = name === '[' ? ']' : ']]';
    if (operands[operands.length - 1] !== close) {
      yield* plainWarn(shell, bash ? `missing \`${close}'` : `missing ${close}`);
      return 2;
    }
    operands = operands.slice(0, -1);
  }
  try {
    return (yield* testExpression(operands, shell.d.name, name === '[[', bash ? asked(shell) : undefined)) ? 0 : 1;
  } catch (fault) {
    if (!(fault instanceof TestFault)) throw fault;
    if (fault.message !== '') yield* plainWarn(shell, fault.message);
    return 2;
  }
}

/** busybox's applet errors do not name the builtin or the line. */
function* plainWarn(shell: Shell, message: string): Program<void> {
  if (shell.d.name === 'ash') yield* writeAll(2, bytesOf(`${shell.applet}: ${message}\n`));
  else yield* shell.warn(message);
}

const quickTest = (shell: Shell, args: readonly string[]): number | undefined => {
  const count = args[0] === 'test' ? args.length : args.length - 1;
  if (args[0] === '[' && args[count] !== ']') return undefined;
  try {
    if (count === 4) {
      const value = compare(args[1] as string, args[2] as string, args[3] as string, shell.d.name);
      return value === undefined ? undefined : value ? 0 : 1;
    }
    if (count === 3 && (args[1] === '-n' || args[1] === '-z')) return (args[2] === '') === (args[1] === '-z') ? 0 : 1;
  } catch (fault) {
    if (!(fault instanceof TestFault)) throw fault;
  }
  return undefined;
};

const test: Builtin = { run: runTest, quick: quickTest };

export const output: Readonly<Record<string, Builtin>> = {
  echo: {
    *run({ shell, args }) {
      return yield* emit(shell, echoText(args, shell.d.echoEscapes, shell.d.bash));
    },
  },
  printf: {
    *run({ shell, args }) {
      let words = args[1] === '--' ? args.slice(2) : args.slice(1);
      let into: string | undefined;
      if (shell.d.bash && words[0] === '-v') {
        into = words[1];
        words = words.slice(2);
      }
      if (shell.d.name === 'dash' && args[1] !== '--') letters(shell, args.slice(0, 2), '');
      if (words[0] === undefined) {
        if (shell.d.name === 'dash') throw new ShellFault('usage: printf format [arg ...]', 2);
        if (shell.d.bash) yield* errOut('printf: usage: printf [-v var] format [arguments]\n');
        else yield* plainWarn(shell, 'usage: printf FORMAT [ARGUMENT...]');
        return 2;
      }
      const done = printf(words[0], words.slice(1), shell.d.name);
      if (into !== undefined) shell.set(into, done.text);
      for (const error of done.errors) yield* plainWarn(shell, error);
      const status = into === undefined ? yield* emit(shell, done.text) : 0;
      return done.status || status;
    },
  },
  test,
  '[': test,
  '[[': { run: runTest },
};
