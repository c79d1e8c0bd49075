// export, readonly, local, unset, declare, let, shift's relatives.

import type { Program } from '#kernel/uapi/index.ts';
import { out } from '../../lib/io.ts';
import { truth } from '../arith/index.ts';
import { letters, type Shell, ShellFault, type Variable } from '../state.ts';
import { singleQuoted } from '../trace.ts';
import { evaluate } from '../values.ts';
import type { Builtin, BuiltinCall } from './types.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function split(shell: Shell, arg: string): [string, string | undefined] {
  const at = arg.indexOf('=');
  const name = at < 0 ? arg : arg.slice(0, at);
  if (!NAME.test(name))
    throw new ShellFault(shell.d.bash ? `\`${arg}': not a valid identifier` : `${name}: bad variable name`, shell.d.bash ? 1 : 2);
  return [name, at < 0 ? undefined : arg.slice(at + 1)];
}

const quoted = (shell: Shell, value: string): string =>
  shell.d.bash ? `"${value.replace(/[\\"$`]/g, '\\$&')}"` : singleQuoted(value, false);

function* list(shell: Shell, word: string, wanted: (v: Variable) => boolean): Program<number> {
  for (const [name, v] of [...shell.vars].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (wanted(v)) yield* out(`${word} ${name}${v.value === undefined ? '' : `=${quoted(shell, v.value)}`}\n`);
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
        const [name, value] = split(shell, arg);
        if (value !== undefined) shell.set(name, value);
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
  if (!scope) throw new ShellFault(shell.d.bash ? 'can only be used in a function' : 'not in a function', shell.d.bash ? 1 : 2);
  for (const arg of args.slice(1)) {
    if (arg.startsWith('-') && shell.d.bash) continue;
    if (!shell.d.bash && arg.includes('=')) shell.commandName = undefined;
    const [name, value] = split(shell, arg);
    const old = shell.vars.get(name);
    if (old?.readonly && value !== undefined) throw new ShellFault(shell.d.readOnly(name), shell.d.bash ? 1 : 2);
    if (!scope.has(name)) scope.set(name, old && { ...old });
    // dash keeps the outer value until the first assignment; ash and bash start unset.
    if (shell.d.name === 'dash') shell.vars.set(name, { value: old?.value, exported: old?.exported ?? false, readonly: false });
    else shell.vars.set(name, { value: undefined, exported: old?.exported ?? false, readonly: false });
    if (value !== undefined) shell.set(name, value);
  }
  return 0;
}

export const variables: Readonly<Record<string, Builtin>> = {
  export: marking('export'),
  readonly: marking('readonly'),
  local: { run: local },
  unset: {
    *run({ shell, args }) {
      if (!shell.d.bash) letters(shell, args, 'fv');
      let functions = false;
      for (const arg of args.slice(1)) {
        if (arg === '-f') functions = true;
        else if (arg === '-v') functions = false;
        else if (functions) shell.funcs.delete(arg);
        else if (!NAME.test(arg))
          throw new ShellFault(shell.d.bash ? `\`${arg}': not a valid identifier` : `${arg}: bad variable name`, shell.d.bash ? 1 : 2);
        else if (shell.d.bash && !shell.vars.has(arg)) shell.funcs.delete(arg);
        else shell.unset(arg);
      }
      return 0;
    },
  },
  declare: { run: declare },
  typeset: { run: declare },
  let: {
    *run({ shell, args }) {
      if (args.length < 2) throw new ShellFault('expression expected', shell.d.bash ? 1 : 2);
      let status = 0;
      for (const arg of args.slice(1)) status = truth(evaluate(shell, arg)) ? 0 : 1;
      return status;
    },
  },
};

function* declare(call: BuiltinCall): Program<number> {
  const { shell, args } = call;
  const options = args
    .slice(1)
    .filter((a) => /^[-+]/.test(a))
    .join('');
  if (options.includes('p') || args.length === 1) return yield* list(shell, 'declare --', () => true);
  const names = args.slice(1).filter((a) => !/^[-+]/.test(a));
  if (shell.locals.length > 0 && !options.includes('g')) yield* local({ ...call, args: ['local', ...names] });
  for (const arg of names) {
    const [name, value] = split(shell, arg);
    if (value !== undefined) shell.set(name, options.includes('i') ? String(evaluate(shell, value)) : value);
    const v: Variable = shell.vars.get(name) ?? { value: undefined, exported: false, readonly: false };
    if (options.includes('x')) v.exported = true;
    if (options.includes('r')) v.readonly = true;
    shell.vars.set(name, v);
  }
  return 0;
}
