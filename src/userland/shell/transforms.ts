// What `${x@Q}` and its like make of a variable.

import { keysOf } from './arrays.ts';
import { compoundText, doubleQuoted, quotedForReuse } from './arraytext.ts';
import type { ParamOp, ParamPart } from './ast.ts';
import { ansiC } from './escapes.ts';
import { type Shell, ShellFault, type Variable } from './state.ts';

/** `${name[@]@k}`: keys and values as words. */
function pairs(shell: Shell, name: string): string[] {
  const elements = shell.elements(name);
  return elements === undefined ? [] : keysOf(elements).flatMap((key) => [key, elements.map.get(key) as string]);
}

/** The letters of a variable's attributes, as `declare -p` shows them. */
export const attributes = (v: Variable | undefined): string =>
  v === undefined
    ? ''
    : [
        v.array === undefined ? '' : v.array.assoc ? 'A' : 'a',
        v.shape === 'i' ? 'i' : '',
        v.readonly ? 'r' : '',
        v.exported ? 'x' : '',
        v.shape === 'l' ? 'l' : v.shape === 'u' ? 'u' : '',
      ].join('');

/** `${name[@]@A}` and `${name[@]@K}`: the whole variable as a command, or as keys and values. */
function showWhole(shell: Shell, name: string, op: '@A' | '@K'): string {
  const v = shell.vars.get(name);
  const elements = shell.elements(name);
  if (elements === undefined) return '';
  if (op === '@K')
    return keysOf(elements)
      .map((key) => `${key} ${doubleQuoted(elements.map.get(key) as string)}`)
      .join(' ');
  const letters = attributes(v);
  const value = v?.array ? compoundText(v.array) : quotedForReuse(v?.value ?? '');
  return `${letters === '' ? '' : `declare -${letters} `}${name}=${value}`;
}

/** What `${name[@]@A}`, `@K` and `@k` list of the whole variable; undefined for an operator that takes each element by itself. */
export function whole(shell: Shell, name: string, op: ParamOp): string[] | undefined {
  return op === '@A' || op === '@K' ? [showWhole(shell, name, op)] : op === '@k' ? pairs(shell, name) : undefined;
}

/** One value after an operator that begins with @. */
export function transform(shell: Shell, part: ParamPart, value: string): string {
  switch (part.op) {
    case '@U':
      return value.toUpperCase();
    case '@L':
      return value.toLowerCase();
    case '@u':
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case '@Q':
    case '@K':
    case '@k':
      return quotedForReuse(value);
    case '@E':
      return ansiC(value);
    case '@P':
      throw new ShellFault(`${part.text}: not simulated here`, 1);
    case '@A':
      return showWhole(shell, part.name, '@A');
    case '@a':
      return attributes(shell.vars.get(part.name));
    default:
      return value;
  }
}
