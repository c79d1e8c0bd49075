// What `${x…}` makes of a value, and the texts that `${a[@]…}` stands for.

import type { Program } from '#kernel/uapi/index.ts';
import { keysOf, nextIndex, valuesOf } from './arrays.ts';
import type { ParamOp, ParamPart, Word } from './ast.ts';
import { bashParts } from './bashparts.ts';
import { matches, substitute, trim } from './pattern.ts';
import { type Shell, ShellFault } from './state.ts';
import { evaluate } from './values.ts';

/** Who expands the words of operators. */
export interface Texts {
  text(shell: Shell, word: Word): Program<string>;
  pattern(shell: Shell, word: Word): Program<string>;
}

/** What `${name[@]…}` lists: values, keys, or the names that begin with `name`. */
export function listed(shell: Shell, name: string, op: ParamOp): string[] {
  if (op === 'names@' || op === 'names*') return [...shell.vars.keys()].filter((one) => one.startsWith(name)).sort();
  const elements = shell.elements(name);
  return elements === undefined ? [] : op === 'keys' ? keysOf(elements) : valuesOf(elements);
}

/** `${name[@]:from:len}`: of an indexed array from that index on, of others by position. */
export function window(shell: Shell, name: string, from: number, len: number | undefined): string[] {
  const elements = shell.elements(name);
  if (elements === undefined) return [];
  const start = from < 0 ? nextIndex(elements) + from : from;
  if (start < 0) return [];
  if (len !== undefined && len < 0) throw new ShellFault(`${len}: substring expression < 0`, 1);
  const keys = keysOf(elements);
  const rest = elements.assoc ? keys.slice(Math.max(0, start - 1)) : keys.filter((key) => Number(key) >= start);
  return rest.slice(0, len).map((key) => elements.map.get(key) as string);
}

/** The value of a parameter after its operator. */
export function* edit(expander: Texts, shell: Shell, part: ParamPart, value: string): Program<string> {
  switch (part.op) {
    case '%':
    case '%%':
    case '#':
    case '##':
      return trim(value, part.op, yield* expander.pattern(shell, part.word as Word));
    case '/':
    case '//': {
      const pattern = yield* expander.pattern(shell, part.word as Word);
      return substitute(value, pattern, part.word2 ? yield* expander.text(shell, part.word2) : '', part.op === '//', shell.d.bash);
    }
    case 'substring': {
      const chars = [...value];
      let from = Number(evaluate(shell, yield* expander.text(shell, part.word as Word)));
      if (from < 0) from = Math.max(0, chars.length + from);
      let to = chars.length;
      if (part.word2) {
        const len = Number(evaluate(shell, yield* expander.text(shell, part.word2)));
        to = len < 0 ? chars.length + len : from + len;
      }
      return chars.slice(from, Math.max(from, to)).join('');
    }
    case '^^':
    case ',,':
    case '^':
    case ',': {
      const pattern = part.word ? yield* expander.pattern(shell, part.word) : '?';
      const change = (c: string): string => (!matches(pattern, c) ? c : part.op[0] === '^' ? c.toUpperCase() : c.toLowerCase());
      return part.op.length === 2 ? [...value].map(change).join('') : value && change(value.slice(0, 1)) + value.slice(1);
    }
    default:
      return part.op[0] === '@' ? (yield* bashParts()).transform(shell, part, value) : value;
  }
}
