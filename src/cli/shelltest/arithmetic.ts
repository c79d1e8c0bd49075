// Arithmetic expressions by chance, right ones and (rarely) wrong ones.

import type { Random } from './random.ts';

const ATOMS = [
  '0',
  '1',
  '2',
  '3',
  '7',
  '010',
  '0x1f',
  '9223372036854775807',
  'n',
  '$n',
  'a',
  '$#',
  '-1',
  'unsetvar',
  '100',
  '08',
  '1x',
  '',
  '$b',
];
const COMMON = ATOMS.slice(0, 7);
const OPERATORS = ['+', '-', '*', '/', '%', '<<', '>>', '<', '<=', '>', '>=', '==', '!=', '&', '^', '|', '&&', '||'];

/** An expression of at most this depth. */
export function arithmetic(r: Random, depth: number): string {
  if (depth === 0 || r.chance(25)) return r.chance(85) ? r.pick(COMMON) : r.pick(ATOMS);
  const inner = (): string => arithmetic(r, depth - 1);
  const space = r.chance(40) ? ' ' : '';
  return r.pick([
    () => inner() + space + r.pick(OPERATORS) + space + inner(),
    () => inner() + space + r.pick(OPERATORS) + space + inner(),
    () => inner() + space + r.pick(OPERATORS) + space + inner(),
    () => `(${inner()})`,
    () => r.pick(['-', '+', '!', '~']) + inner(),
    () => `${inner()}?${inner()}:${inner()}`,
    () => `n${r.pick(['=', '+=', '-=', '*=', '/=', '%=', '<<=', '>>=', '&=', '|=', '^='])}${inner()}`,
    () => `${inner()},${inner()}`,
    () => r.pick(['n++', '++n', 'n--', '--n', 'n**2']),
  ])();
}
