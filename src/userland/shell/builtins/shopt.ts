// shopt: bash's options that `set` does not know. Counterpart: bash 5.2, builtins/shopt.def

import type { Program } from '#kernel/uapi/index.ts';
import { out } from '../../lib/io.ts';
import { OPTION_LETTERS, type OptionLetter, type Shell, ShellFault } from '../state.ts';
import { LISTED, setOptions } from './settings.ts';
import type { BuiltinCall } from './types.ts';

const OFF = `autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs compat31 compat32 compat40 compat41 compat42 compat43
compat44 direxpand dirspell dotglob execfail expand_aliases extdebug extglob failglob globstar gnu_errfmt histappend histreedit
histverify huponexit inherit_errexit lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn
no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob progcomp_alias restricted_shell shift_verbose
varredir_close xpg_echo`;
const ON = `checkwinsize cmdhist complete_fullquote extquote force_fignore globasciiranges globskipdots hostcomplete
interactive_comments patsub_replacement progcomp promptvars sourcepath`;
/** What a shell starts with; an interactive one expands aliases. */
const DEFAULTS: ReadonlyMap<string, boolean> = new Map(
  [...OFF.split(/\s+/).map((name) => [name, false] as const), ...ON.split(/\s+/).map((name) => [name, true] as const)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  ),
);
/** Those this shell can change: it obeys them, or they are about what it has not (history, hash checks, window sizes). */
const FREE = new Set(
  `nullglob dotglob checkwinsize cmdhist histappend histreedit histverify lithist checkhash mailwarn hostcomplete progcomp
progcomp_alias no_empty_cmd_completion complete_fullquote force_fignore dirspell direxpand`.split(/\s+/),
);

const isOn = (shell: Shell, name: string): boolean =>
  shell.shopts.get(name) ?? (name === 'expand_aliases' ? shell.opts.i === true : (DEFAULTS.get(name) as boolean));

const letterOf = (name: string): OptionLetter | undefined =>
  (Object.keys(OPTION_LETTERS) as OptionLetter[]).find(
    (letter) => OPTION_LETTERS[letter] === name && (LISTED.bash as string).includes(letter),
  );

/**
 * Shows and sets options. Statuses: 1 for an unknown name and for a query of one that is off, 2 for a bad option.
 * Deviates: an option whose behaviour is not simulated cannot be set to what it is not already; the complaint says so.
 */
export function* shopt({ shell, args }: BuiltinCall): Program<number> {
  let given = '';
  let at = 1;
  for (; at < args.length && /^-./.test(args[at] as string); at++) {
    if (args[at] === '--') {
      at++;
      break;
    }
    for (const c of (args[at] as string).slice(1)) {
      if (!'pqsuo'.includes(c)) throw new ShellFault(`-${c}: invalid option\nshopt: usage: shopt [-pqsu] [-o] [optname ...]`, 2);
      given += c;
    }
  }
  const has = (letter: string): boolean => given.includes(letter);
  if (has('s') && has('u')) {
    yield* shell.warn('cannot set and unset shell options simultaneously');
    return 1;
  }
  const known = (name: string): boolean => (has('o') ? letterOf(name) !== undefined : DEFAULTS.has(name));
  const value = (name: string): boolean => (has('o') ? shell.opts[letterOf(name) as OptionLetter] === true : isOn(shell, name));
  const show = (name: string): string => {
    if (!has('p')) return `${name.padEnd(15)}\t${value(name) ? 'on' : 'off'}\n`;
    return has('o') ? `set ${value(name) ? '-' : '+'}o ${name}\n` : `shopt -${value(name) ? 's' : 'u'} ${name}\n`;
  };
  const names = args.slice(at);
  if (names.length === 0) {
    const all = has('o') ? [...(LISTED.bash as string)].map((letter) => OPTION_LETTERS[letter as OptionLetter]) : [...DEFAULTS.keys()];
    const wanted = all.filter((name) => (has('s') ? value(name) : has('u') ? !value(name) : true));
    if (!has('q')) yield* out(wanted.map(show).join(''));
    return 0;
  }
  let status = 0;
  for (const name of names) {
    if (!known(name)) {
      yield* shell.warn(`${name}: invalid ${has('o') ? '' : 'shell '}option name`);
      status = 1;
    } else if (has('s') || has('u')) {
      if (has('o')) setOptions(shell, ['shopt', `${has('s') ? '-' : '+'}o`, name], 1);
      else if (FREE.has(name)) shell.shopts.set(name, has('s'));
      else if (isOn(shell, name) !== has('s')) {
        yield* shell.warn(`${name}: this option is not simulated`);
        status = 1;
      }
    } else {
      if (!has('q')) yield* out(show(name));
      if (!value(name)) status = 1;
    }
  }
  return status;
}
