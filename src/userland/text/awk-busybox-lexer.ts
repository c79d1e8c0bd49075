// awk of busybox: the words of a program. What a word is depends on what may stand there.

import { busyboxEscape, busyboxUnescape } from '../lib/busybox-escapes.ts';
import { compileRegex } from '../lib/regex.ts';
import { AwkError } from './awk-syntax.ts';

const KEYWORDS = new Set(
  'in if do for break continue delete print printf next nextfile return exit while else getline func function BEGIN END'.split(' '),
);
/** Built-in functions and how many arguments they take at least. */
export const BUSYBOX_BUILTINS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    and: 2,
    compl: 1,
    lshift: 2,
    or: 2,
    rshift: 2,
    xor: 2,
    close: 1,
    system: 1,
    fflush: 0,
    atan2: 2,
    cos: 1,
    exp: 1,
    int: 1,
    log: 1,
    rand: 0,
    sin: 1,
    sqrt: 1,
    srand: 0,
    gensub: 3,
    gsub: 2,
    index: 2,
    match: 2,
    split: 2,
    sprintf: 0,
    sub: 2,
    substr: 2,
    systime: 0,
    strftime: 0,
    mktime: 0,
    tolower: 1,
    toupper: 1,
    length: 0,
  }),
);

const OPERATOR = /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|>>|[-{}()[\];,+*/%^!<>|?:~$=])/;

type Kind = 'num' | 'str' | 're' | 'name' | 'array' | 'fn' | 'builtin' | 'key' | 'op' | 'nl' | 'eof';
export interface Token {
  readonly k: Kind;
  readonly v: string;
  readonly n: number;
  readonly line: number;
  readonly start: number;
}

/** A number as awk's text has it: hexadecimal and octal too. Counterpart: my_strtod() */
export function leadingNumber(text: string): { readonly value: number; readonly length: number } {
  const hex = /^0[xX][0-9a-fA-F]+/.exec(text);
  if (hex) return { value: Number(hex[0]), length: hex[0].length };
  const octal = /^0[0-7]*/.exec(text);
  if (octal && /^0\d/.test(text) && !/^[\d.]/.test(text.slice(octal[0].length)))
    return { value: Number.parseInt(octal[0], 8), length: octal[0].length };
  const match = /^\s*([-+]?)(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|(inf(?:inity)?)|(nan))/i.exec(text);
  if (!match) return { value: 0, length: 0 };
  const size = match[2] !== undefined ? Number(match[2]) : match[3] !== undefined ? Number.POSITIVE_INFINITY : Number.NaN;
  return { value: match[1] === '-' ? -size : size, length: match[0].length };
}

/** Escapes of string literals and of -v values. */
export const unescapeString = (text: string): string => busyboxUnescape(text, true);

/** An expression; one that is malformed ends awk. */
export function busyboxRegex(source: string): RegExp {
  const compiled = compileRegex(source, true);
  if (typeof compiled === 'string') throw new AwkError(`bad regex '${source}': ${compiled}`, undefined, '');
  return compiled;
}

/** Words are read one ahead, and no farther: how one is read depends on what the parser expects. */
export class AwkLexer {
  private readonly source: string;
  protected readonly file: string;
  private at = 0;
  private line = 1;
  private ahead: Token | undefined;
  /** The word before: newlines mean nothing behind some, and a mistake behind a newline has another text. */
  protected last: Token = { k: 'op', v: '', n: 0, line: 1, start: 0 };
  /** Is `last` one after which newlines mean nothing? */
  private open = true;
  protected redirects = false;

  constructor(source: string, file: string) {
    this.source = source;
    this.file = file;
  }

  protected error(text: string, line = this.peek().line): AwkError {
    return new AwkError(text, undefined, `${this.file}:${line}: `);
  }
  protected unexpected(): AwkError {
    return this.error(this.last.k === 'nl' || this.last.k === 'eof' ? 'Unexpected end of string' : 'Unexpected token', this.ahead?.line);
  }

  protected peek(operand = false): Token {
    const { ahead } = this;
    if (ahead && !(operand && ahead.k === 'op' && ahead.v.startsWith('/'))) return ahead;
    if (ahead) this.at = ahead.start;
    this.ahead = this.read(operand);
    return this.ahead;
  }

  private read(operand: boolean): Token {
    const { source } = this;
    for (;;) {
      const [blank = ''] = /^(?:[ \t]|\\\n)+/.exec(source.slice(this.at)) ?? [];
      this.line += blank.split('\n').length - 1;
      this.at += blank.length;
      const { line } = this;
      if (source[this.at] === '#') while (this.at < source.length && source[this.at] !== '\n') this.at++;
      const start = this.at;
      const c = source[start];
      const token = (k: Kind, v: string, n = 0): Token => ({ k, v, n, line, start });
      const mistake = (text: string): AwkError => new AwkError(text, undefined, `${this.file}:${line}: `);
      if (c === undefined) return token('eof', '');
      if (c === '\n') {
        this.at++;
        this.line++;
        if (this.open) continue;
        return token('nl', c);
      }
      if (c === '"') {
        const text = /^"((?:\\[\s\S]|[^"\\\n])*)"/.exec(source.slice(start));
        if (!text) throw mistake('Unexpected end of string');
        this.at += text[0].length;
        return token('str', unescapeString(text[1] as string));
      }
      if (c === '/' && operand) return token('re', this.regex(mistake));
      if (/[\d.]/.test(c)) {
        const { value, length } = leadingNumber(source.slice(start));
        this.at += length || 1;
        if (source[this.at] === '.' || length === 0) throw mistake('Unexpected token');
        return token('num', '', value);
      }
      const [word] = /^\w+/.exec(source.slice(start)) ?? [];
      if (word !== undefined) {
        this.at += word.length;
        if (KEYWORDS.has(word)) return token('key', word);
        if (BUSYBOX_BUILTINS.has(word)) return token('builtin', word);
        const declared = this.last.k === 'key' && this.last.v.startsWith('func');
        const [, gap = '', next] = /^([ \t]*)(.?)/s.exec(source.slice(this.at)) ?? [];
        if (next === '(' && (gap === '' || declared)) {
          this.at += gap.length + 1;
          return token('fn', word);
        }
        if (next === '[') {
          this.at += gap.length + 1;
          return token('array', word);
        }
        return token('name', word);
      }
      // Where a redirection may stand, >= and || are > and | with something behind.
      const [operator] = (this.redirects ? /^(?:>>?|\|)/.exec(source.slice(start)) : null) ?? OPERATOR.exec(source.slice(start)) ?? [];
      if (operator === undefined) throw mistake('Unexpected token');
      this.at += operator.length;
      return token('op', operator.replace('**', '^'));
    }
  }

  /** Reads `/…/`, in which a slash always ends it unless a backslash stands before. */
  private regex(mistake: (text: string) => AwkError): string {
    const { source } = this;
    let text = '';
    for (this.at++; source[this.at] !== '/'; ) {
      const c = source[this.at];
      if (c === undefined || c === '\n') throw mistake('Unexpected end of string');
      this.at++;
      if (c !== '\\') {
        text += c;
        continue;
      }
      const { byte, next } = busyboxEscape(source, this.at);
      text += byte;
      if (source[this.at] === '\\') text += '\\';
      if (next === this.at) text += source[this.at++] ?? '';
      else this.at = next;
    }
    this.at++;
    return text;
  }

  /** Takes the word that was looked at. `open`: newlines behind it mean nothing. */
  protected take(open = false): Token {
    const token = this.peek();
    this.ahead = undefined;
    this.last = token;
    this.open = open || token.k === 'nl' || (token.k === 'op' && ['{', '}', ';'].includes(token.v));
    return token;
  }
  protected is(v: string): boolean {
    const token = this.peek();
    return (token.k === 'op' || token.k === 'key') && token.v === v;
  }
  protected accept(v: string, open = false): boolean {
    if (!this.is(v)) return false;
    this.take(open);
    return true;
  }
  protected expect(v: string, open = false): void {
    if (!this.accept(v, open)) throw this.unexpected();
  }
}
