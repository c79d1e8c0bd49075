// set, alias, unalias, history, help.

import type { Program } from '#kernel/uapi/index.ts';
import { errOut, out } from '../../lib/io.ts';
import { OPTION_LETTERS, type OptionLetter, type Shell, ShellFault } from '../state.ts';
import { singleQuoted } from '../trace.ts';
import { builtinNames } from './names.ts';
import type { Builtin, BuiltinCall } from './types.ts';

/** Letters of the options of `set`, in the order in which each shell lists them. */
export const LISTED: Readonly<Record<string, string>> = { ash: 'efImnxvCabuTVP', dash: 'efIimnsxvVECabupld', bash: 'aBbTEehCHfmnuPpvx' };

/** Sets options from words like -eu, +x, -o name. Gives the index of the first operand. */
export function setOptions(shell: Shell, args: readonly string[], from: number): number {
  let at = from;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (!/^[-+]/.test(arg) || arg === '-' || arg === '--' || arg === '+') break;
    const on = arg[0] === '-';
    for (const c of arg.slice(1)) {
      if (c === 'o') {
        const name = args[at + 1];
        if (name === undefined) return -1;
        at++;
        const entry = Object.entries(OPTION_LETTERS).find(([letter, n]) => n === name && (LISTED[shell.d.name] as string).includes(letter));
        if (!entry)
          throw new ShellFault(
            shell.d.name === 'dash'
              ? `Illegal option -o ${name}`
              : shell.d.bash
                ? `${name}: invalid option name`
                : `illegal option ${arg[0]}o ${name}`,
            shell.d.name === 'ash' ? 1 : 2,
          );
        shell.opts[entry[0] as OptionLetter] = on;
      } else if (
        (LISTED[shell.d.name] as string).replace('P', '').includes(c) ||
        ('cis'.includes(c) && from === 1 && shell.commandName === undefined)
      )
        shell.opts[c as OptionLetter] = on;
      else throw badOption(shell, c);
    }
  }
  return at;
}

/** bash adds its usage to the error. */
function badOption(shell: Shell, c: string): ShellFault {
  if (!shell.d.bash) return new ShellFault(shell.d.name === 'dash' ? `Illegal option -${c}` : `illegal option -${c}`, 2);
  return new ShellFault(
    `-${c}: invalid option${shell.commandName === 'set' ? '\nset: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]' : ''}`,
    2,
  );
}

/**
 * What `set` lists: the variables, and those that have a place of their own in the shell. ash shows FUNCNAME and LINENO as they
 * stand in its table, where they are empty; their values are made when they are asked for.
 */
function listedVariables(shell: Shell): readonly (readonly [string, string])[] {
  const listed = new Map<string, string>();
  if (!shell.d.bash) listed.set('PPID', String(shell.ppid));
  if (shell.d.name === 'ash') for (const name of ['FUNCNAME', 'LINENO']) listed.set(name, '');
  for (const [name, { value }] of shell.vars) if (value !== undefined) listed.set(name, value);
  return [...listed].sort(([a], [b]) => (a < b ? -1 : 1));
}

function* set({ shell, args }: BuiltinCall): Program<number> {
  if (args.length === 1) {
    for (const [name, value] of listedVariables(shell))
      yield* out(`${name}=${shell.d.bash && /^[A-Za-z0-9_@%+=:,./-]*$/.test(value) ? value : singleQuoted(value, shell.d.bash)}\n`);
    return 0;
  }
  let at: number;
  try {
    at = setOptions(shell, args, 1);
  } catch (reason) {
    // ash goes on after `set -o nosuch`.
    if (!(reason instanceof ShellFault) || reason.status !== 1 || reason.message === undefined) throw reason;
    yield* shell.warn(reason.message);
    return 1;
  }
  if (shell.opts.m && !shell.jobControl && !shell.d.bash) {
    yield* shell.warn("can't access tty; job control turned off");
    shell.opts.m = false;
  }
  if (at < 0) {
    if (args[args.length - 1] === '+o') {
      for (const letter of LISTED[shell.d.name] as string)
        yield* out(`set ${shell.opts[letter as OptionLetter] ? '-' : '+'}o ${OPTION_LETTERS[letter as OptionLetter]}\n`);
      return 0;
    }
    if (shell.d.name === 'dash') yield* out('Current option settings\n');
    for (const letter of LISTED[shell.d.name] as string) {
      yield* out(
        `${OPTION_LETTERS[letter as OptionLetter].padEnd(shell.d.bash ? 15 : 16)}${shell.d.bash ? '\t' : ''}${shell.opts[letter as OptionLetter] ? 'on' : 'off'}\n`,
      );
    }
    return 0;
  }
  if (at < args.length) {
    const dashes = args[at] === '--' || args[at] === '-';
    if (args[at] === '-') Object.assign(shell.opts, { x: false, v: false });
    if (args[at] !== '-' || at + 1 < args.length) shell.params = args.slice(dashes ? at + 1 : at);
  }
  return 0;
}

function* unknownAlias(shell: Shell, command: string, name: string): Program<void> {
  if (shell.d.bash) yield* shell.warn(`${name}: not found`);
  else yield* errOut(`${command}: ${name} not found\n`);
}

function* alias({ shell, args }: BuiltinCall): Program<number> {
  const show = (name: string): string =>
    `${shell.d.bash ? 'alias ' : ''}${name}=${singleQuoted(shell.aliases.get(name) ?? '', shell.d.bash)}\n`;
  if (args.length === 1) {
    for (const name of [...shell.aliases.keys()].sort()) yield* out(show(name));
    return 0;
  }
  let status = 0;
  for (const arg of args.slice(1)) {
    const at = arg.indexOf('=', 1);
    if (at >= 0) shell.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else if (shell.aliases.has(arg)) yield* out(show(arg));
    else {
      yield* unknownAlias(shell, 'alias', arg);
      status = 1;
    }
  }
  return status;
}

export const settings: Readonly<Record<string, Builtin>> = {
  set: { run: set },
  alias: { run: alias },
  unalias: {
    *run({ shell, args }) {
      let status = 0;
      for (const arg of args.slice(1)) {
        if (arg === '-a') shell.aliases.clear();
        else if (!shell.aliases.delete(arg)) {
          yield* unknownAlias(shell, 'unalias', arg);
          status = 1;
        }
      }
      return status;
    },
  },
  history: {
    *run({ shell }) {
      const lines = shell.editor?.history.lines ?? [];
      for (const [index, line] of lines.entries())
        yield* out(shell.d.bash ? `${String(index + 1).padStart(5)}  ${line}\n` : `${String(index).padStart(4)} ${line}\n`);
      return 0;
    },
  },
  help: {
    *run({ shell }) {
      yield* out(`Built-in commands:\n------------------\n\t${builtinNames(shell.d).join(' ')}\n`);
      return 0;
    },
  },
};
