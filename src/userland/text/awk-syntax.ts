// awk: the tree of a program, and the words of its text.

import { compileRegex } from '../lib/regex.ts';

export type Expr =
  | { readonly t: 'num'; readonly v: number }
  | { readonly t: 'str'; readonly v: string }
  | { readonly t: 'regex'; readonly v: RegExp }
  | { readonly t: 'var'; readonly name: string }
  | { readonly t: 'index'; readonly name: string; readonly keys: readonly Expr[] }
  | { readonly t: 'field'; readonly of: Expr }
  | { readonly t: 'assign'; readonly op: string; readonly to: Expr; readonly v: Expr }
  | { readonly t: 'cond'; readonly c: Expr; readonly a: Expr; readonly b: Expr }
  | { readonly t: 'bin'; readonly op: string; readonly a: Expr; readonly b: Expr }
  | { readonly t: 'un'; readonly op: string; readonly a: Expr }
  | { readonly t: 'step'; readonly by: number; readonly pre: boolean; readonly a: Expr }
  | { readonly t: 'in'; readonly keys: readonly Expr[]; readonly name: string }
  | { readonly t: 'match'; readonly not: boolean; readonly a: Expr; readonly b: Expr }
  | { readonly t: 'call'; readonly name: string; readonly args: readonly Expr[]; readonly own: boolean }
  | { readonly t: 'getline'; readonly to: Expr | undefined; readonly from: Expr | undefined; readonly pipe: boolean }
  | { readonly t: 'group'; readonly list: readonly Expr[] };

/** A statement, and where it stands for messages, where that is known. */
export type Stmt = Bare & { readonly place?: string };
type Bare =
  | { readonly t: 'expr'; readonly e: Expr }
  | { readonly t: 'print'; readonly args: readonly Expr[]; readonly format: boolean; readonly op: string; readonly to: Expr | undefined }
  | { readonly t: 'if'; readonly c: Expr; readonly a: Stmt; readonly b: Stmt | undefined }
  | {
      readonly t: 'loop';
      readonly init: Stmt | undefined;
      readonly c: Expr | undefined;
      readonly step: Stmt | undefined;
      readonly body: Stmt;
      readonly post: boolean;
    }
  | { readonly t: 'forin'; readonly v: string; readonly name: string; readonly body: Stmt }
  | { readonly t: 'block'; readonly list: readonly Stmt[] }
  | { readonly t: 'jump'; readonly kind: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return'; readonly v: Expr | undefined }
  | { readonly t: 'delete'; readonly name: string; readonly keys: readonly Expr[] | undefined };

export interface Rule {
  readonly kind: 'BEGIN' | 'END' | 'main';
  readonly from: Expr | undefined;
  readonly to: Expr | undefined;
  readonly body: Stmt | undefined;
  active: boolean;
  readonly place?: string;
}
export interface Fn {
  readonly params: readonly string[];
  readonly body: Stmt;
}
export interface AwkProgram {
  readonly rules: Rule[];
  readonly functions: Map<string, Fn>;
}

/** A mistake in a program, in busybox's words with `place` before them; `mawk` has mawk's, where they are known. */
export class AwkError extends Error {
  readonly mawk: string | undefined;
  readonly place: string | undefined;
  constructor(message: string, mawk?: string, place?: string) {
    super(message);
    this.mawk = mawk;
    this.place = place;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  '/': '/',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};
/** Escapes of string literals and of -v values. */
export const awkUnescape = (text: string): string =>
  text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (whole, c: string) =>
    c.length > 1 && c.startsWith('x')
      ? String.fromCharCode(Number.parseInt(c.slice(1), 16))
      : /^[0-7]/.test(c)
        ? String.fromCharCode(Number.parseInt(c, 8) & 255)
        : (ESCAPES[c] ?? whole),
  );

export const BUILTINS = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'systime',
  'strftime',
  'and',
  'or',
  'xor',
  'lshift',
  'rshift',
]);
const KEYWORDS = new Set([
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
]);

export interface Token {
  readonly k: 'num' | 'str' | 're' | 'name' | 'fn' | 'key' | 'op' | 'nl' | 'eof';
  readonly v: string;
  readonly line: number;
}

// newline | number | name | string | operator
const WORD =
  /^(?:(\n)|(0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|"((?:[^"\\\n]|\\[\s\S])*)"|(\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|>>|[-{}()[\];,+*/%^!<>|?:~$=]))/;

/** The words of a program; throws AwkError. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const value = (): boolean => {
    const last = tokens.at(-1);
    return (
      last !== undefined &&
      (last.k === 'num' ||
        last.k === 'str' ||
        last.k === 're' ||
        last.k === 'name' ||
        (last.k === 'op' && /^(\)|\]|\$|\+\+|--)$/.test(last.v)))
    );
  };
  while (at < source.length) {
    const rest = source.slice(at);
    const [blank = ''] = /^(?:[ \t\r]|\\\r?\n|#[^\n]*)+/.exec(rest) ?? [];
    if (blank !== '') {
      line += blank.split('\n').length - 1;
      at += blank.length;
      continue;
    }
    if (rest[0] === '/' && !value()) {
      const regex = /^\/((?:[^/\\[\n]|\\.|\[\^?\]?(?:\[:\w+:\]|[^\]\n])*\])*)\//.exec(rest);
      if (!regex)
        throw new AwkError('unterminated regexp', `line ${line}: runaway regular expression ${/^[^\n]{0,10}/.exec(rest)?.[0]} ...`);
      tokens.push({ k: 're', v: regex[1] as string, line });
      at += regex[0].length;
      continue;
    }
    const found = WORD.exec(rest);
    if (!found)
      throw rest[0] === '"'
        ? new AwkError('unterminated string', `line ${line}: runaway string constant ${/^[^\n]{0,10}/.exec(rest)?.[0]} ...`)
        : new AwkError(`unexpected character '${rest[0]}'`, `${line}: unexpected character '${rest[0]}'`);
    const [whole, newline, number, name, text, operator = ''] = found;
    if (newline) tokens.push({ k: 'nl', v: '\n', line: line++ });
    else if (number) tokens.push({ k: 'num', v: number, line });
    else if (name)
      tokens.push({ k: KEYWORDS.has(name) ? 'key' : rest[name.length] === '(' && !BUILTINS.has(name) ? 'fn' : 'name', v: name, line });
    else if (text !== undefined) tokens.push({ k: 'str', v: awkUnescape(text.replace(/\\\n/g, '')), line });
    // To mawk ** is two stars.
    else if (operator.startsWith('**')) tokens.push({ k: 'op', v: '*', line }, { k: 'op', v: operator.slice(1), line });
    else tokens.push({ k: 'op', v: operator, line });
    at += whole.length;
  }
  tokens.push({ k: 'eof', v: '', line: line + 1 });
  return tokens;
}

/** A word that may not stand where it does. Counterpart: mawk 1.3.4 parse.y, yyerror() and unexpected_char() */
export function unexpected(tokens: readonly Token[], at: number): AwkError {
  const { k, v, line } = tokens[at] as Token;
  const open = (from: string, to: string): number =>
    tokens.slice(0, at).reduce((depth, token) => depth + (token.k !== 'op' ? 0 : token.v === from ? 1 : token.v === to ? -1 : 0), 0);
  const near =
    k === 'eof'
      ? open('{', '}') > 0
        ? 'missing } near end of file'
        : 'syntax error at or near end of line'
      : v === ')' && open('(', ')') <= 0
        ? "extra ')'"
        : (v === '}' || v === '\n' || v === ';') && open('(', ')') > 0
          ? `missing ) near ${v === '\n' ? 'end of line' : v}`
          : `syntax error at or near ${k === 'nl' ? 'end of line' : k === 're' ? `/${v}/` : v}`;
  return new AwkError(k === 'eof' ? 'Unexpected end of string' : 'Unexpected token', `line ${line}: ${near}`);
}

/** An extended expression as awk writes it. */
export function awkRegex(source: string): RegExp {
  const compiled = compileRegex(source.replace(/\\\//g, '/').replace(/\\"/g, '"'), true);
  if (typeof compiled === 'string') throw new AwkError(compiled);
  return compiled;
}
