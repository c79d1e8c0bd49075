// Texts that show a value or an array of bash so that a shell reads them back.

import { type Elements, keysOf } from './arrays.ts';

const NEEDS_ANSI = /[\x00-\x1f\x7f]/;
const ANSI: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

/** `$'…'`. Counterpart: ansic_quote, bash lib/sh/strtrans.c */
const ansiQuoted = (text: string): string =>
  `$'${text.replace(/[\x00-\x1f\x7f\\']/g, (c) => ANSI[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)}'`;

/** A value as `declare -p` shows it. */
export const doubleQuoted = (text: string): string => (NEEDS_ANSI.test(text) ? ansiQuoted(text) : `"${text.replace(/[\\"$`]/g, '\\$&')}"`);

/** A text that the shell reads back as one word, `${x@Q}`. */
export const quotedForReuse = (text: string): string => (NEEDS_ANSI.test(text) ? ansiQuoted(text) : `'${text.replace(/'/g, `'\\''`)}'`);

/** `([0]="a" [1]="b")`, and for associative arrays with the blank that bash puts before the parenthesis. */
export function compoundText(elements: Elements): string {
  const items = keysOf(elements).map((key) => {
    const shown = elements.assoc && /[^A-Za-z0-9_./:+,%=-]/.test(key) ? doubleQuoted(key) : key;
    return `[${shown}]=${doubleQuoted(elements.map.get(key) as string)}`;
  });
  return `(${items.join(' ')}${elements.assoc && items.length > 0 ? ' ' : ''})`;
}
