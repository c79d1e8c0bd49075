// --sort-by. Counterpart: kubectl/pkg/cmd/get/sorter.go, v1.36
//
// Texts are compared as they are: in all 44 recorded lists of events, sorted by names that end in hexadecimal nanoseconds, digits do not
// count as numbers, though sorter.go calls sortorder.NaturalLess.

import { pathValues } from './jsonpath.ts';
import type { Json } from './session.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number behind a quantity such as 100m or 64Mi; undefined when the text is none. */
function quantity(text: string): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text);
  return match === null
    ? undefined
    : Number(`${match[1]}${match[2] ?? ''}`) * (match[3] === undefined ? 1 : (SUFFIXES[match[3]] as number));
}

function order(a: Json, b: Json): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [quantity(a), quantity(b)];
    if (x !== undefined && y !== undefined) return x - y;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Items by the value at the path, those without one first; a text is the error. */
export function sorted<T>(items: readonly T[], path: string, objectOf: (item: T) => Json): T[] | string {
  const keyed: { readonly item: T; readonly key: Json }[] = [];
  for (const item of items) {
    const found = pathValues(path, objectOf(item));
    if (!found.ok) return found.error;
    keyed.push({ item, key: found.values[0] });
  }
  const shown = path.startsWith('{') ? path : `{${path.startsWith('.') ? '' : '.'}${path}}`;
  if (keyed.length > 0 && keyed.every(({ key }) => key === undefined))
    return `couldn't find any field with path "${shown}" in the list of objects`;
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ item }) => item);
}
