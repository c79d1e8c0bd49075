// Words that are assignments.

import type { Assign, Word } from './ast.ts';
import { makeWord } from './word.ts';

const ASSIGN = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/;

/** NAME=value as an assignment; undefined if the word is none. */
export function assignment(word: Word, append: boolean): Assign | undefined {
  const first = word.parts[0];
  if (first?.t !== 'lit' || first.q) return undefined;
  const m = ASSIGN.exec(first.s);
  if (!m || (m[2] === '+' && !append)) return undefined;
  const rest = first.s.slice(m[0].length);
  const parts = rest === '' ? word.parts.slice(1) : [{ t: 'lit' as const, s: rest, q: false }, ...word.parts.slice(1)];
  const text = word.text.slice(m[0].length);
  return { name: m[1] as string, append: m[2] === '+', word: makeWord(parts, text, parts.length !== 1 || word.quoted) };
}
