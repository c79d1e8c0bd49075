// JSON as Go prints it, and positioned trees as plain values.

import type { PositionedNode } from './nodes.ts';

/** The plain JSON value of a node. */
export function toValue(node: PositionedNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map(toValue);
  const value: Record<string, unknown> = {};
  for (const entry of node.entries)
    Object.defineProperty(value, entry.key, { value: toValue(entry.value), enumerable: true, configurable: true, writable: true });
  return value;
}

/** A node as kubectl sends it: keys sorted bytewise. Counterpart: sigs.k8s.io/yaml YAMLToJSON. */
export const toJson = (node: PositionedNode): string => goJson(toValue(node));

/** Compact JSON. Counterpart: encoding/json Marshal with HTML escaping; objects are sorted as Go sorts maps unless `keepOrder`. */
export function goJson(value: unknown, keepOrder = false): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return goString(value);
  if (typeof value === 'number') return goNumber(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item, keepOrder)).join(',')}]`;
  return `{${members(value as object, keepOrder)
    .map(([key, member]) => `${goString(key)}:${goJson(member, keepOrder)}`)
    .join(',')}}`;
}

/** Indented JSON, without a final newline. Counterpart: encoding/json MarshalIndent; `kubectl -o json` indents by 4. */
export function goJsonIndent(value: unknown, indent: string, keepOrder = false, at = ''): string {
  const inner = at + indent;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + goJsonIndent(item, indent, keepOrder, inner)).join(',\n')}\n${at}]`;
  }
  if (typeof value !== 'object' || value === null) return goJson(value);
  const entries = members(value, keepOrder);
  if (entries.length === 0) return '{}';
  return `{\n${entries.map(([key, member]) => `${inner}${goString(key)}: ${goJsonIndent(member, indent, keepOrder, inner)}`).join(',\n')}\n${at}}`;
}

/** What `kubectl -o json` prints, with its final newline. */
export const renderJson = (value: unknown): string => `${goJsonIndent(value, '    ')}\n`;

export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function members(value: object, keepOrder: boolean): [string, unknown][] {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return keepOrder ? entries : entries.sort(([a], [b]) => compareBytes(a, b));
}

function goString(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** strconv with format 'f', or 'e' for exponents below -6 or from 21 on; the same rule as ECMAScript's, but two exponent digits at least. */
function goNumber(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.replace(/e-(\d)$/, 'e-0$1');
}
