// declare, typeset and bash's local.

import type { Program } from '#kernel/uapi/index.ts';
import { errOut, out } from '../../lib/io.ts';
import { compoundText, doubleQuoted } from '../arraytext.ts';
import { type Shell, ShellFault, type Variable } from '../state.ts';
import { attributes } from '../transforms.ts';
import { assignWord } from './compound.ts';
import type { BuiltinCall } from './types.ts';

/** A variable as a command that would make it. */
export function declaration(name: string, v: Variable): string {
  const value = v.array ? compoundText(v.array) : v.value === undefined ? undefined : doubleQuoted(v.value);
  return `declare -${attributes(v) || '-'} ${name}${value === undefined ? '' : `=${value}`}\n`;
}

/** Makes the name a variable of the running function. */
function makeLocal(shell: Shell, name: string): void {
  const scope = shell.locals.at(-1);
  if (!scope || scope.has(name)) return;
  const old = shell.vars.get(name);
  if (old?.readonly) throw new ShellFault(`${name}: readonly variable`, 1);
  scope.set(name, old);
  shell.vars.set(name, { value: undefined, exported: old?.exported ?? false, readonly: false });
}

/** Counterpart: declare_internal, declare.def of bash 5.2; -f, -n, -t and -I are not simulated. */
export function* declare({ shell, args }: BuiltinCall): Program<number> {
  const self = args[0] as string;
  if (self === 'local' && shell.locals.length === 0) throw new ShellFault('can only be used in a function', 1);
  let at = 1;
  const on = new Set<string>();
  const off = new Set<string>();
  for (; at < args.length && /^[-+]./.test(args[at] as string); at++) {
    const arg = args[at] as string;
    if (arg === '--') {
      at++;
      break;
    }
    for (const letter of arg.slice(1)) {
      if (!'aAilruxgpfFntI'.includes(letter)) {
        yield* shell.warn(`-${letter}: invalid option`, self);
        yield* errOut(`${self}: usage: ${self} ${self === 'local' ? '[option] name[=value] ...' : USAGE}\n`);
        return 2;
      }
      if ('fntI'.includes(letter)) throw new ShellFault(`-${letter} is not simulated here`, 1);
      (arg[0] === '-' ? on : off).add(letter);
    }
  }
  const names = args.slice(at);
  if (on.has('F')) {
    const funcs = [...shell.funcs.keys()].sort();
    if (names.length === 0) yield* out(funcs.map((name) => `declare -f ${name}\n`).join(''));
    let status = 0;
    for (const name of names)
      if (shell.funcs.has(name)) yield* out(`${name}\n`);
      else status = 1;
    return status;
  }
  if (on.has('p') || names.length === 0) return yield* shown(shell, self, names, on);
  for (const arg of names) {
    const name = assignWord(shell, arg, (one) => {
      if ((self === 'local' || shell.locals.length > 0) && !on.has('g')) makeLocal(shell, one);
      const v = shell.vars.get(one) ?? { value: undefined, exported: shell.opts.a === true, readonly: false };
      shell.vars.set(one, v);
      if (on.has('A') && v.array && !v.array.assoc) throw new ShellFault(`${one}: cannot convert indexed to associative array`, 1);
      if (on.has('a') && v.array?.assoc) throw new ShellFault(`${one}: cannot convert associative to indexed array`, 1);
      if (on.has('A') || on.has('a')) shell.arrayOf(one, on.has('A'));
      const shape = (['i', 'l', 'u'] as const).find((letter) => on.has(letter));
      if (shape) v.shape = shape;
      else if (v.shape && off.has(v.shape)) v.shape = undefined;
    });
    const v = shell.vars.get(name) as Variable;
    if (off.has('r') && v.readonly) throw new ShellFault(`${name}: readonly variable`, 1);
    if (on.has('r')) v.readonly = true;
    if (on.has('x')) v.exported = true;
    if (off.has('x')) v.exported = false;
  }
  return 0;
}

const USAGE = '[-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]';

function* shown(shell: Shell, self: string, names: readonly string[], on: ReadonlySet<string>): Program<number> {
  let status = 0;
  for (const name of names) {
    const v = shell.vars.get(name);
    if (v) yield* out(declaration(name, v));
    else {
      yield* shell.warn(`${name}: not found`, self);
      status = 1;
    }
  }
  if (names.length > 0) return status;
  const wanted = [...on].filter((letter) => 'aAilrux'.includes(letter));
  const all = self === 'local' ? [...(shell.locals.at(-1)?.keys() ?? [])] : [...shell.vars.keys()];
  for (const name of all.sort()) {
    const v = shell.vars.get(name);
    if (v && wanted.every((letter) => attributes(v).includes(letter))) yield* out(declaration(name, v));
  }
  return status;
}
