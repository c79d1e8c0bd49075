// export, readonly, local, unset, declare, let, shift's relatives.

import type { Program } from '#kernel/uapi/index.ts';
import { out } from '../../lib/io.ts';
import { truth } from '../arith/numbers.ts';
import { bashParts, lateBuiltin } from '../bashparts.ts';
import { letters, type Shell, ShellFault, type Variable } from '../state.ts';
import { singleQuoted } from '../trace.ts';
import { evaluate } from '../values.ts';
import { assignWord } from './compound.ts';
import type { Builtin, BuiltinCall } from './types.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function split(shell: Shell, arg: string): [string, string | undefined] {
  const at = arg.indexOf('=');
  const name = at < 0 ? arg : arg.slice(0, at);
  if (!NAME.test(name))
    throw new ShellFault(shell.d.bash ? `\`${arg}': not a valid identifier` : `${name}: bad variable name`, shell.d.bash ? 1 : 2);
  return [name, at < 0 ? undefined : arg.slice(at + 1)];
}

function assigned(shell: Shell, arg: string): string {
  const [name, value] = split(shell, arg);
  if (value !== undefined) shell.set(name, value);
  return name;
}

function* list(shell: Shell, word: string, wanted: (v: Variable) => boolean): Program<number> {
  const declaration = shell.d.bash ? (yield* bashParts()).declaration : undefined;
  for (const [name, v] of [...shell.vars].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (wanted(v))
      yield* out(
        declaration ? declaration(name, v) : `${word} ${name}${v.value === undefined ? '' : `=${singleQuoted(v.value, false)}`}\n`,
      );
  }
  return 0;
}

function marking(word: 'export' | 'readonly'): Builtin {
  return {
    *run({ shell, args }) {
      if (!shell.d.bash) letters(shell, args, shell.d.name === 'ash' && word === 'export' ? 'pn' : 'p');
      const options = args.slice(1).filter((a, at, all) => a.startsWith('-') && all.slice(0, at).every((b) => b.startsWith('-')));
      const names = args.slice(1 + options.length);
      const key = word === 'export' ? 'exported' : 'readonly';
      if (names.length === 0) {
        const shown = shell.d.bash ? `declare -${word === 'export' ? 'x' : 'r'}` : word;
        return yield* list(shell, shown, (v) => v[key]);
      }
      for (const arg of names) {
        const name = shell.d.bash ? assignWord(shell, arg) : assigned(shell, arg);
        const v = shell.vars.get(name);
        const on = !options.some((o) => o.includes('n'));
        if (v) v[key] = on;
        else shell.vars.set(name, { value: undefined, exported: false, readonly: false, [key]: on });
      }
      return 0;
    },
  };
}

function* local({ shell, args }: BuiltinCall): Program<number> {
  const scope = shell.locals[shell.locals.length - 1];
  if (!scope) throw new ShellFault('not in a function', 2);
  for (const arg of args.slice(1)) {
    if (arg.includes('=')) shell.commandName = undefined;
    const [name, value] = split(shell, arg);
    const old = shell.vars.get(name);
    if (old?.readonly && value !== undefined) throw new ShellFault(shell.d.readOnly(name), 2);
    if (!scope.has(name)) scope.set(name, old && { ...old });
    // dash keeps the outer value until the first assignment; ash starts unset.
    if (shell.d.name === 'dash') shell.vars.set(name, { value: old?.value, exported: old?.exported ?? false, readonly: false });
    else shell.vars.set(name, { value: undefined, exported: old?.exported ?? false, readonly: false });
    if (value !== undefined) shell.set(name, value);
  }
  return 0;
}

const declare = lateBuiltin('declare');

export const variables: Readonly<Record<string, Builtin>> = {
  export: marking('export'),
  readonly: marking('readonly'),
  local: { run: (call) => (call.shell.d.bash ? declare.run(call) : local(call)) },
  unset: {
    *run({ shell, args }) {
      if (!shell.d.bash) letters(shell, args, 'fv');
      let functions = false;
      for (const arg of args.slice(1)) {
        if (arg === '-f') functions = true;
        else if (arg === '-v') functions = false;
        else if (functions) shell.funcs.delete(arg);
        else if (!shell.d.bash && !NAME.test(arg)) throw new ShellFault(`${arg}: bad variable name`, 2);
        else if (shell.d.bash && !arg.endsWith(']') && !shell.vars.has(arg)) shell.funcs.delete(arg);
        else shell.unset(arg);
      }
      return 0;
    },
  },
  declare,
  typeset: declare,
  let: {
    *run({ shell, args }) {
      if (args.length < 2) throw new ShellFault('expression expected', shell.d.bash ? 1 : 2);
      let status = 0;
      for (const arg of args.slice(1)) status = truth(evaluate(shell, arg)) ? 0 : 1;
      return status;
    },
  },
};
