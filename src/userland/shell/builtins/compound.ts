// Words of export, declare and their relatives; arrays given as a whole.

import { type Given, nextIndex } from '../arrays.ts';
import { type Shell, ShellFault, type Variable } from '../state.ts';

const DECLARED = /^([A-Za-z_][A-Za-z0-9_]*)(\[([\s\S]*?)\])?(?:(\+?)=([\s\S]*))?$/;

/** `name=(…)` and `name+=(…)`. Counterpart: assign_compound_array_list, arrayfunc.c of bash 5.2 */
export function assignCompound(shell: Shell, name: string, items: readonly Given[], append: boolean): void {
  const elements = shell.arrayOf(name);
  if (!append) elements.map.clear();
  if (elements.assoc && items.every((item) => item.index === undefined)) {
    for (let at = 0; at < items.length; at += 2) shell.setElement(name, (items[at] as Given).value, items[at + 1]?.value ?? '');
    return;
  }
  let next = nextIndex(elements);
  for (const item of items) {
    if (item.index === undefined && elements.assoc)
      throw new ShellFault(`${name}: ${item.value}: must use subscript when assigning associative array`, 1);
    const key = item.index === undefined ? String(next) : shell.keyOf(name, item.index, elements);
    shell.setElement(name, key, item.value, item.append);
    next = Number(key) + 1;
  }
  const v = shell.vars.get(name) as Variable;
  v.value = elements.map.get('0');
}

/** Gives the variable of a word like NAME, NAME=value or NAME=(…) what the word says; its name. */
export function assignWord(shell: Shell, arg: string, prepare?: (name: string) => void): string {
  const [, name, subscript, key = '', plus, value] = DECLARED.exec(arg) ?? [];
  if (name === undefined) throw new ShellFault(`\`${arg}': not a valid identifier`, 1);
  prepare?.(name);
  const items = shell.compounds?.get(arg);
  if (items) assignCompound(shell, name, items, plus === '+');
  else if (value !== undefined && subscript !== undefined) shell.setElement(name, shell.keyOf(name, key), value, plus === '+');
  else if (value !== undefined) shell.set(name, plus === '+' ? (shell.get(name) ?? '') + value : value);
  return name;
}
