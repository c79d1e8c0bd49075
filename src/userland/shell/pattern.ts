// Shell patterns. In a pattern text a quoted character is preceded by a backslash.

import { bytesOf, textOf } from '../lib/io.ts';

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\r\\f\\v',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
  word: 'A-Za-z0-9_',
};
/** A character of a regular expression that means itself. */
export const escapeRe = (c: string): string => (/[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);
const escapeSet = (c: string): string => (/[\\^[\]-]/.test(c) ? `\\${c}` : c);

/** Backslash-escapes what a pattern would take as special. */
export const quotePattern = (text: string): string => text.replace(/[\\*?[\]!^-]/g, '\\$&');

/** Whether a pattern text has unquoted special characters. */
export const hasGlob = (pattern: string): boolean => /^(?:[^\\]|\\[\s\S])*?(?:[*?]|\[[\s\S]*\])/.test(pattern);

/** The text of a pattern without its backslashes. */
export const unquotePattern = (pattern: string): string => pattern.replace(/\\([\s\S])/g, '$1');

function bracket(pattern: string, start: number): { re: string; end: number } | undefined {
  let at = start + 1;
  let negate = false;
  if (pattern[at] === '!' || pattern[at] === '^') {
    negate = true;
    at++;
  }
  let set = '';
  for (let first = true; ; first = false) {
    const c = pattern[at];
    if (c === undefined || c === '/') return undefined;
    if (c === ']' && !first) break;
    const named = c === '[' ? /^\[:([a-z]+):\]/.exec(pattern.slice(at)) : null;
    if (named) {
      set += CLASSES[named[1] as string] ?? '';
      at += named[0].length;
      continue;
    }
    let from = c;
    if (c === '\\' && at + 1 < pattern.length) from = pattern[++at] as string;
    at++;
    if (pattern[at] === '-' && pattern[at + 1] !== ']' && pattern[at + 1] !== undefined) {
      at++;
      let to = pattern[at] as string;
      if (to === '\\') to = pattern[++at] as string;
      at++;
      if (from <= to) set += `${escapeSet(from)}-${escapeSet(to)}`;
    } else set += escapeSet(from);
  }
  return { re: set === '' ? (negate ? '[\\s\\S]' : '[]') : `[${negate ? '^' : ''}${set}]`, end: at };
}

/** Regular expressions for what stands between the stars of a pattern. */
function segments(pattern: string): string[] {
  const all: string[] = [];
  let re = '';
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at] as string;
    if (c === '\\') {
      at++;
      re += escapeRe(pattern[at] ?? '\\');
    } else if (c === '*') {
      all.push(re);
      re = '';
    } else if (c === '?') re += '[\\s\\S]';
    else if (c === '[') {
      const found = bracket(pattern, at);
      if (found) {
        re += found.re;
        at = found.end;
      } else re += '\\[';
    } else re += escapeRe(c);
  }
  all.push(re);
  return all;
}

/** Source of a regular expression for a pattern. `lazy` makes `*` take as little as possible. */
export const patternSource = (pattern: string, lazy = false): string => segments(pattern).join(lazy ? '[\\s\\S]*?' : '[\\s\\S]*');

/** For a whole text: the first place where a segment fits is as good as any later one, so no star is ever tried again. */
function wholeSource(pattern: string): string {
  const [first = '', ...rest] = segments(pattern);
  const last = rest.pop();
  if (last === undefined) return `^${first}$`;
  const between = rest.filter((segment) => segment !== '').map((segment, at) => `(?=([\\s\\S]*?${segment}))\\${at + 1}`);
  return `^${first}${between.join('')}[\\s\\S]*${last}$`;
}

const cache = new Map<string, RegExp>();
const compiled = (source: string): RegExp => {
  let re = cache.get(source);
  if (!re) {
    if (cache.size > 500) cache.clear();
    re = new RegExp(source, 'u');
    cache.set(source, re);
  }
  return re;
};

const ASCII = /^[\x00-\x7f]*$/;
/** A character per byte of UTF-8: containers have no locale, so `?` is a byte. */
const byteString = (text: string): string => (ASCII.test(text) ? text : String.fromCharCode(...bytesOf(text)));
const fromByteString = (bytes: string): string => (ASCII.test(bytes) ? bytes : textOf(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));

/** Whether a whole text matches a pattern. */
export const matches = (pattern: string, text: string): boolean => compiled(wholeSource(byteString(pattern))).test(byteString(text));

/** Removes a prefix or suffix. Counterpart: POSIX ${x#p} ${x##p} ${x%p} ${x%%p} */
export function trim(value: string, op: '#' | '##' | '%' | '%%', pattern: string): string {
  const text = byteString(value);
  const re = compiled(wholeSource(byteString(pattern)));
  const cuts = [...Array(text.length + 1).keys()];
  if (op === '##' || op === '%') cuts.reverse();
  for (const cut of cuts) {
    if (op[0] === '#') {
      if (re.test(text.slice(0, cut))) return fromByteString(text.slice(cut));
    } else if (re.test(text.slice(cut))) return fromByteString(text.slice(0, cut));
  }
  return value;
}

/** ${x/pattern/text} and ${x//pattern/text}; `anchors`: bash's # and % at the pattern's beginning. */
export function substitute(text: string, pattern: string, replacement: string, all: boolean, anchors: boolean): string {
  if (pattern === '') return text;
  const anchorStart = anchors && !all && pattern[0] === '#';
  const anchorEnd = anchors && !all && pattern[0] === '%';
  const source = patternSource(anchorStart || anchorEnd ? pattern.slice(1) : pattern);
  const re = new RegExp(anchorStart ? `^(?:${source})` : anchorEnd ? `(?:${source})$` : source, all ? 'gu' : 'u');
  return text.replace(re, (found) => (found === '' && all ? '' : replacement));
}
