// Reads JSONPath templates into nodes. Counterpart: k8s.io/client-go/util/jsonpath/parser.go, v1.36

import type { Json } from './session.ts';

/** One of the three numbers of [start:end:step]; derived: the end of a single index. */
export interface Param {
  readonly value: number;
  readonly known: boolean;
  readonly derived: boolean;
}

export type PathNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: number | boolean }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'slice'; readonly params: readonly [Param, Param, Param] }
  | { readonly kind: 'filter'; readonly left: List; readonly operator: string; readonly right: List }
  | { readonly kind: 'union'; readonly lists: readonly List[] };
/** What stands between braces: nodes that work one after another on what the one before found. */
export type List = readonly PathNode[];

export class ParseError extends Error {}

const isTerminator = (char: string | undefined): boolean => char === undefined || /[\s.,[\]$@{}]/.test(char);

/** A quoted text of Go, in either kind of quotes. */
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  try {
    return JSON.parse(`"${text.startsWith("'") ? inner.replace(/\\'/g, "'").replace(/"/g, '\\"') : inner}"`) as string;
  } catch {
    throw new ParseError(`unquote string ${text} error invalid syntax`);
  }
}

/** The nodes of one template: texts, and lists for what stands in braces. */
export function parseTemplate(input: string): readonly (string | List)[] {
  const root: (string | List)[] = [];
  let at = 0;
  while (at < input.length) {
    const open = input.indexOf('{', at);
    if (open < 0) {
      root.push(input.slice(at));
      break;
    }
    if (open > at) root.push(input.slice(at, open));
    const action = parseAction(input, open + 1);
    root.push(action.nodes);
    at = action.end;
  }
  return root;
}

/** The nodes of `{text}`. */
export const parseList = (text: string): List => parseAction(`${text}}`, 0).nodes;

function parseAction(input: string, from: number): { readonly nodes: List; readonly end: number } {
  const nodes: PathNode[] = [];
  let at = from;
  const field = (): void => {
    let name = '';
    while (!isTerminator(input[at])) {
      if (input[at] === '\\') at++;
      name += input[at++] ?? '';
    }
    nodes.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', name });
  };
  for (;;) {
    const char = input[at];
    if (char === '}') return { nodes, end: at + 1 };
    if (input.startsWith('[?(', at)) {
      const end = endOfFilter(input, at + 3);
      nodes.push(filterOf(input.slice(at + 3, end)));
      at = end + 2;
    } else if (input.startsWith('..', at)) {
      if (nodes.at(-1)?.kind === 'recursive') throw new ParseError('invalid multiple recursive descent');
      at += 2;
      nodes.push({ kind: 'recursive' });
      if (/[\p{L}\p{N}_]/u.test(input[at] ?? '')) field();
    } else if (char === undefined || char === '\n' || char === '\r') throw new ParseError('unclosed action');
    else if (char === ' ' || char === '@' || char === '$') at++;
    else if (char === '[') {
      const end = input.slice(at).search(/[\]\n]/);
      if (end < 0 || input[at + end] === '\n') throw new ParseError('unterminated array');
      nodes.push(...arrayOf(input.slice(at + 1, at + end)));
      at += end + 1;
    } else if (char === '"' || char === "'") {
      let end = at + 1;
      for (; input[end] !== char || input[end - 1] === '\\'; end++)
        if (input[end] === undefined || input[end] === '\n') throw new ParseError('unterminated quoted string');
      nodes.push({ kind: 'text', text: unquote(input.slice(at, end + 1)) });
      at = end + 1;
    } else if (char === '.') {
      at++;
      field();
    } else if (/[+\-\d]/.test(char)) {
      const [number = ''] = /^[+-]?[\d.]*/.exec(input.slice(at)) ?? [];
      at += number.length;
      if (number === '' || Number.isNaN(Number(number)) || !/\d/.test(number)) throw new ParseError(`cannot parse number ${number}`);
      nodes.push({ kind: 'value', value: Number(number) });
    } else if (/[\p{L}\p{N}_]/u.test(char)) {
      let name = '';
      while (!isTerminator(input[at])) name += input[at++];
      nodes.push(name === 'true' || name === 'false' ? { kind: 'value', value: name === 'true' } : { kind: 'identifier', name });
    } else {
      const code = (char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0');
      throw new ParseError(`unrecognized character in action: U+${code} '${char}'`);
    }
  }
}

/** Where the `)` of `[?( … )]` is; quotes are honoured once. */
function endOfFilter(input: string, from: number): number {
  let quote = '';
  let closed = false;
  for (let at = from; ; at++) {
    const char = input[at];
    if (char === undefined || char === '\n') throw new ParseError('unterminated filter');
    if (char === '"' || char === "'") {
      if (quote === '') quote = char;
      else if (char === quote && input[at - 1] !== '\\') closed = true;
    } else if (char === ')' && (quote !== '') === closed) {
      if (input[at + 1] !== ']') throw new ParseError('unclosed array expect ]');
      return at;
    }
  }
}

function filterOf(text: string): PathNode {
  const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
  if (parts === null) return { kind: 'filter', left: parseList(text), operator: 'exists', right: [] };
  return { kind: 'filter', left: parseList(parts[1] as string), operator: parts[2] as string, right: parseList(parts[3] as string) };
}

function arrayOf(inner: string): List {
  const text = inner === '*' ? ':' : inner;
  const members = text.split(',');
  if (members.length > 1) return [{ kind: 'union', lists: members.map((member) => parseList(`[${member.trim()}]`)) }];
  const key = /^'([^']*)'$/.exec(text);
  if (key !== null) return parseList(`.${key[1]}`);
  const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (slice === null) throw new ParseError(`invalid array index ${text}`);
  const param = (digits: string): Param => ({ value: Number(digits || 0), known: digits !== '', derived: false });
  const start = param(slice[1] as string);
  const end = slice[2] === undefined ? { value: start.value + 1, known: start.known, derived: true } : param(slice[2].slice(1));
  return [{ kind: 'slice', params: [start, end, param((slice[3] ?? ':').slice(1))] }];
}

/** Whether a JSON value can be walked into. */
export const isMap = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
