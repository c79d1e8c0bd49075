// Making words from their parts.

import type { ParamOp, Part, Word } from './ast.ts';

/** Where a word is read. */
export interface WordContext {
  /** Inside double quotes or a here-document. */
  readonly dq: boolean;
  /** Double quotes inside the braces of an expansion: there dash and ash let a backslash quote a brace. */
  readonly braced?: boolean;
  /** Character that ends the word: } for ${..}, " for quotes, ) for arithmetic; undefined for an ordinary word. */
  readonly end: string | undefined;
}

const GLOB = /[*?~{]|\[[\s\S]*\]/;

/** A parameter without operands. */
export const param = (name: string, op: ParamOp, q: boolean, text: string): Part => ({
  t: 'param',
  name,
  op,
  colon: false,
  word: null,
  word2: null,
  q,
  text,
});

/** A word from its parts, with what the quick paths want to know. */
export function makeWord(parts: readonly Part[], text: string, quoted: boolean): Word {
  let plain: string | null = '';
  for (const part of parts) {
    if (part.t !== 'lit' || (!part.q && GLOB.test(part.s))) {
      plain = null;
      break;
    }
    plain += part.s;
  }
  if (parts.length === 0 && !quoted) plain = plain === null ? null : '';
  const first = parts[0];
  const simple =
    parts.length === 1 &&
    first !== undefined &&
    (first.t === 'arith' || (first.t === 'param' && first.op === '' && first.index === undefined && !first.indirect));
  return { parts, text, plain, quoted, simple };
}

/** The text of a word with its quotes removed and nothing expanded, as a here-document's delimiter is taken. */
export const unquoted = (word: Word): string =>
  word.parts
    .map((part) => (part.t === 'lit' ? part.s : part.t === 'param' ? part.text : part.t === 'cmd' ? `$(${part.text})` : ''))
    .join('');
