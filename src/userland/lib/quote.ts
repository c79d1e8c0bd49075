// How GNU programs quote names. Counterpart: quotearg of gnulib, style shell-escape, in the C locale

import { toBin } from './bytes.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** Quotes a name for a shell, if it needs it or always. Takes text, returns ASCII. */
export function shellQuote(text: string, always: boolean): string {
  const name = toBin(text);
  const plain = /^[\x20-\x7e]*$/.test(name);
  if (plain && !/[\s!"$&'()*;<=>?[\\^`|]/.test(name) && !/^[~#]/.test(name) && !/^[{}]$/.test(name) && name !== '')
    return always ? `'${name}'` : name;
  if (plain) {
    if (!name.includes("'")) return `'${name}'`;
    return /["$`\\]/.test(name) ? `'${name.replace(/'/g, "'\\''")}'` : `"${name}"`;
  }
  // biome-ignore lint/complexity/useRegexLiterals: byte ranges are clearer as text
  const parts = name.match(new RegExp("[\\x20-\\x26\\x28-\\x7e]+|'|[^\\x20-\\x7e]+", 'g')) ?? [];
  const quoted = parts.map((part) => {
    if (part === "'") return "\\'";
    if (/^[\x20-\x7e]/.test(part)) return `'${part}'`;
    return `$'${[...part].map((c) => ESCAPES[c] ?? `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}'`;
  });
  return (parts[0] && /^[^\x20-\x7e]/.test(parts[0]) ? "''" : '') + quoted.join('');
}

/** Always in quotes, for messages. */
export const quoted = (name: string): string => shellQuote(name, true);
/** In quotes only when needed, for `NAME: message`. */
export const quotedIfNeeded = (name: string): string =>
  /[\s:'"\\]|[^\x20-\x7e]/.test(name) || name === '' ? shellQuote(name, true) : name;
