// awk of busybox: from text to a tree. What a word is depends on what may stand there, and operators bind by one table.

import { busyboxEscape } from '../lib/busybox-escapes.ts';
import { compileRegex } from '../lib/regex.ts';
import { AwkError, type AwkProgram, type Expr, type Stmt } from './awk-syntax.ts';

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

/** How tight an operator binds, the tightest first; even: from right to left. */
const PRIORITY: Readonly<Record<string, number>> = {
  '++': 9,
  '--': 9,
  '^': 15,
  '*': 25,
  '/': 25,
  '%': 25,
  '+': 29,
  '-': 29,
  '|': 37,
  '==': 39,
  '!=': 39,
  '>=': 39,
  '<=': 39,
  '>': 39,
  '<': 39,
  '~': 45,
  '!~': 45,
  in: 49,
  '&&': 55,
  '||': 59,
  '?': 64,
  '=': 74,
  '+=': 74,
  '-=': 74,
  '*=': 74,
  '/=': 74,
  '%=': 74,
  '^=': 74,
  ',': 80,
};
const [FIELD, STEP, PREFIX, CONCAT, TERNARY, ALL] = [4, 8, 18, 35, 66, 80];

const OPERATOR = /^(?:\*\*=|\*\*|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|>>|[-{}()[\];,+*/%^!<>|?:~$=])/;

type Kind = 'num' | 'str' | 're' | 'name' | 'array' | 'fn' | 'builtin' | 'key' | 'op' | 'nl' | 'eof';
interface Token {
  readonly k: Kind;
  readonly v: string;
  readonly n: number;
  readonly line: number;
  readonly start: number;
}

const isOperand = (token: Token): boolean =>
  'num str name array fn builtin'.includes(token.k) ||
  (token.k === 'op' && '( $ ! ++ --'.split(' ').includes(token.v)) ||
  token.v === 'getline';

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

/** Escapes of string literals and of -v values; of an unknown one the backslash goes. Counterpart: nextchar() */
export function unescapeString(text: string): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '\\') {
      result += text[at++];
      continue;
    }
    const { byte, next } = busyboxEscape(text, at + 1);
    const unknown = next === at + 1 && next < text.length;
    result += unknown ? text[next] : byte;
    at = unknown ? next + 1 : next;
  }
  return result;
}

/** An expression; one that is malformed ends awk. */
export function busyboxRegex(source: string): RegExp {
  const compiled = compileRegex(source, true);
  if (typeof compiled === 'string') throw new AwkError(`bad regex '${source}': ${compiled}`, undefined, '');
  return compiled;
}

class Parser {
  private readonly source: string;
  private readonly file: string;
  private readonly program: AwkProgram;
  private at = 0;
  private line = 1;
  private ahead: Token | undefined;
  /** The word before: newlines mean nothing behind some, and a mistake behind a newline has another text. */
  private last: Token = { k: 'op', v: '', n: 0, line: 1, start: 0 };
  /** Is `last` one after which newlines mean nothing? */
  private open = true;
  private redirects = false;
  private loops = 0;

  constructor(source: string, file: string, program: AwkProgram) {
    this.source = source;
    this.file = file;
    this.program = program;
  }

  private error(text: string, line = this.peek().line): AwkError {
    return new AwkError(text, undefined, `${this.file}:${line}: `);
  }
  private unexpected(): AwkError {
    return this.error(this.last.k === 'nl' || this.last.k === 'eof' ? 'Unexpected end of string' : 'Unexpected token', this.ahead?.line);
  }

  private peek(operand = false): Token {
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
  private take(open = false): Token {
    const token = this.peek();
    this.ahead = undefined;
    this.last = token;
    this.open = open || token.k === 'nl' || (token.k === 'op' && ['{', '}', ';'].includes(token.v));
    return token;
  }
  private is(v: string): boolean {
    const token = this.peek();
    return (token.k === 'op' || token.k === 'key') && token.v === v;
  }
  private accept(v: string, open = false): boolean {
    if (!this.is(v)) return false;
    this.take(open);
    return true;
  }
  private expect(v: string, open = false): void {
    if (!this.accept(v, open)) throw this.unexpected();
  }

  parse(): void {
    const { functions, rules } = this.program;
    for (let ruled = false; ; ) {
      const token = this.peek(true);
      if (token.k === 'eof') return;
      if (token.k === 'nl') {
        this.take();
        continue;
      }
      // One semicolon may stand between two rules.
      if (ruled && this.accept(';')) {
        ruled = false;
        continue;
      }
      ruled = true;
      const place = `${this.file}:${token.line}: `;
      if (this.accept('func') || this.accept('function')) {
        const name = this.peek();
        if (name.k !== 'fn') throw this.unexpected();
        this.take();
        if (functions.has(name.v)) throw this.error('Duplicate function', name.line);
        const params: string[] = [];
        while (!this.accept(')')) {
          if (this.peek().k !== 'name') throw this.unexpected();
          params.push(this.take().v);
          if (this.accept(')')) break;
          this.expect(',', true);
          if (this.is(')')) throw this.unexpected();
        }
        while (this.peek().k === 'nl') this.take();
        functions.set(name.v, { params, body: { t: 'block', list: [] } });
        this.expect('{');
        functions.set(name.v, { params, body: this.block() });
        continue;
      }
      const kind = this.accept('BEGIN') ? 'BEGIN' : this.accept('END') ? 'END' : 'main';
      let from: Expr | undefined;
      let to: Expr | undefined;
      if (kind === 'main' && !this.is('{')) {
        from = this.expression(ALL);
        if (from.t === 'group')
          [from, to] = [from.list[0] as Expr, from.list.length > 2 ? { t: 'group', list: from.list.slice(1) } : from.list[1]];
        const end = this.peek();
        if (end.k === 'nl' || end.k === 'eof' || this.is(';')) {
          if (end.k !== 'eof') this.take();
          rules.push({ kind, from, to, body: undefined, active: false, place });
          continue;
        }
      }
      this.expect('{');
      rules.push({ kind, from, to, body: this.block(), active: false, place });
    }
  }

  /** Statements up to the closing brace. */
  private block(): Stmt {
    const list: Stmt[] = [];
    for (;;) {
      while (this.peek(true).k === 'nl') this.take();
      if (this.accept('}')) return { t: 'block', list };
      list.push(this.statement());
    }
  }

  private statement(): Stmt {
    while (this.peek(true).k === 'nl') this.take();
    const place = `${this.file}:${this.peek(true).line}: `;
    return { ...this.bare(), place };
  }

  private parenthesised(): Expr {
    this.expect('(');
    const condition = this.until(')');
    this.expect(')');
    return condition ?? { t: 'str', v: '' };
  }

  private loop(): Stmt {
    this.loops++;
    const body = this.statement();
    this.loops--;
    return body;
  }

  private bare(): Stmt {
    if (this.accept('{')) return this.block();
    if (this.is('}')) throw this.unexpected();
    const token = this.peek(true);
    if (token.k !== 'key' || token.v === 'getline') return this.ended({ t: 'expr', e: this.until() ?? { t: 'str', v: '' } });
    switch (token.v) {
      case 'if': {
        this.take();
        const c = this.parenthesised();
        const a = this.statement();
        return { t: 'if', c, a, b: this.accept('else') ? this.statement() : undefined };
      }
      case 'while': {
        this.take();
        const c = this.parenthesised();
        return { t: 'loop', init: undefined, c, step: undefined, body: this.loop(), post: false };
      }
      case 'do': {
        this.take();
        const body = this.loop();
        this.expect('while');
        return { t: 'loop', init: undefined, c: this.parenthesised(), step: undefined, body, post: true };
      }
      case 'for':
        this.take();
        return this.forLoop();
      case 'print':
      case 'printf':
        this.take();
        return this.print(token.v === 'printf');
      case 'delete': {
        this.take();
        const target = this.until();
        if (!target) throw this.error('Too few arguments');
        if (target.t !== 'var' && target.t !== 'index') throw this.error('Not an array');
        return this.ended({ t: 'delete', name: target.name, keys: target.t === 'index' ? target.keys : undefined });
      }
      case 'break':
      case 'continue':
        this.take();
        if (this.loops === 0) throw this.error(`'${token.v}' not in a loop`, token.line);
        this.until();
        return this.ended({ t: 'jump', kind: token.v, v: undefined });
      case 'next':
      case 'nextfile':
      case 'return':
      case 'exit':
        this.take();
        return this.ended({ t: 'jump', kind: token.v, v: this.until() });
      default:
        throw this.unexpected();
    }
  }

  private forLoop(): Stmt {
    this.expect('(');
    const first = this.until(')');
    if (this.accept(')')) {
      const key = first?.t === 'in' ? first.keys[0] : undefined;
      if (first?.t !== 'in' || key?.t !== 'var') throw this.unexpected();
      return { t: 'forin', v: key.name, name: first.name, body: this.loop() };
    }
    this.expect(';');
    const c = this.until();
    this.expect(';');
    const step = this.until(')');
    this.expect(')');
    const as = (e: Expr | undefined): Stmt | undefined => e && { t: 'expr', e };
    return { t: 'loop', init: as(first), c, step: as(step), body: this.loop(), post: false };
  }

  private print(format: boolean): Stmt {
    this.redirects = true;
    const what = this.until('>', '>>', '|');
    this.redirects = false;
    const args = what === undefined ? [] : what.t === 'group' ? what.list : [what];
    if (!this.is('>') && !this.is('>>') && !this.is('|')) return this.ended({ t: 'print', args, format, op: '', to: undefined });
    const op = this.take().v;
    return this.ended({ t: 'print', args, format, op, to: this.until() ?? { t: 'str', v: '' } });
  }

  /** Takes the end of a statement. */
  private ended(statement: Stmt): Stmt {
    if (this.peek().k === 'nl' || this.is(';')) this.take();
    else if (!this.is('}')) throw this.unexpected();
    return statement;
  }

  /** An expression, unless what ends it stands there already. */
  private until(...ends: string[]): Expr | undefined {
    const token = this.peek(true);
    if (token.k === 'nl' || (token.k === 'op' && [';', '}', ...ends].includes(token.v))) return undefined;
    return this.expression(ALL);
  }

  /** An expression of operators that bind at least as tight as `most`. Counterpart: parse_expr() */
  private expression(most: number): Expr {
    let left = this.prefix();
    for (;;) {
      const token = this.peek();
      const operator = token.k === 'op' || token.v === 'in' ? token.v : '';
      const priority = PRIORITY[operator];
      if (this.redirects && (operator === '>' || operator === '|')) return left;
      if (priority === 9) {
        if (priority > most) return left;
        if (this.last.k !== 'str') {
          this.take();
          left = { t: 'step', by: operator === '++' ? 1 : -1, pre: false, a: left };
          continue;
        }
      }
      if (priority === undefined || priority === 9) {
        const joins = 'name num str'.includes(this.last.k) || [')', ']', '++', '--'].includes(this.last.v) || this.last.v === 'length';
        if (!isOperand(token) || CONCAT > most) return left;
        if (!joins) throw this.unexpected();
        left = { t: 'bin', op: ' ', a: left, b: this.expression(CONCAT - 1) };
        continue;
      }
      if (priority > most) return left;
      this.take(true);
      const right = priority & ~1;
      if (operator === '|') {
        if (!this.accept('getline')) throw this.unexpected();
        left = { t: 'getline', to: this.target(), from: left, pipe: true };
      } else if (operator === '?') {
        const a = this.expression(TERNARY);
        if (!this.is(':')) throw this.error('Possible syntax error');
        this.take(true);
        left = { t: 'cond', c: left, a, b: this.expression(TERNARY) };
      } else if (operator === 'in') {
        const list = this.expression(right);
        if (list.t !== 'var') throw this.unexpected();
        left = { t: 'in', keys: left.t === 'group' ? left.list : [left], name: list.name };
      } else if (operator === ',') {
        const rest = this.expression(right);
        left = { t: 'group', list: rest.t === 'group' ? [left, ...rest.list] : [left, rest] };
      } else if (priority === 74) left = { t: 'assign', op: operator, to: left, v: this.expression(right) };
      else if (operator.endsWith('~')) left = { t: 'match', not: operator === '!~', a: left, b: this.expression(right) };
      else left = { t: 'bin', op: operator, a: left, b: this.expression(right) };
    }
  }

  /** Where getline puts its line, if it says. */
  private target(): Expr | undefined {
    return isOperand(this.peek()) ? this.prefix() : undefined;
  }

  private inside(close: string): Expr | undefined {
    const outer = this.redirects;
    this.redirects = false;
    const inner = this.until(close);
    this.expect(close);
    this.redirects = outer;
    return inner;
  }
  private arguments(): Expr[] {
    const inner = this.inside(')');
    return inner === undefined ? [] : inner.t === 'group' ? [...inner.list] : [inner];
  }

  private prefix(): Expr {
    const { k, v, n } = this.peek(true);
    if (k === 'op' && ['!', '-', '+', '++', '--', '$'].includes(v)) {
      this.take();
      if (v === '$') return { t: 'field', of: this.expression(FIELD) };
      if (v === '++' || v === '--') return { t: 'step', by: v === '++' ? 1 : -1, pre: true, a: this.expression(STEP) };
      return { t: 'un', op: v, a: this.expression(PREFIX) };
    }
    if (k === 'op' && v === '(') {
      this.take();
      const inner = this.inside(')');
      if (!inner) throw this.error('Empty sequence');
      return inner;
    }
    if (k === 'key' && v === 'getline') {
      this.take();
      const to = this.target();
      return { t: 'getline', to, from: this.accept('<') ? this.expression(36) : undefined, pipe: false };
    }
    if (k === 'op' || k === 'key' || k === 'nl' || k === 'eof') throw this.unexpected();
    this.take();
    if (k === 'num') return { t: 'num', v: n };
    if (k === 'str') return { t: 'str', v };
    if (k === 're') return { t: 'regex', v: busyboxRegex(v) };
    if (k === 'name') return { t: 'var', name: v };
    if (k === 'array') return { t: 'index', name: v, keys: [this.inside(']') ?? { t: 'str', v: '' }] };
    if (k === 'fn') return { t: 'call', name: v, args: this.arguments(), own: true };
    if (v !== 'length' || this.is('(')) {
      this.expect('(');
      return { t: 'call', name: v, args: this.arguments(), own: false };
    }
    const next = this.peek();
    if (next.k !== 'nl' && !isOperand(next) && PRIORITY[next.v] === undefined && !this.is(';') && !this.is('}')) throw this.unexpected();
    return { t: 'call', name: v, args: [], own: false };
  }
}

/** Adds the rules of a text to a program; throws AwkError. `file` names the text in messages. */
export function parseBusyboxAwk(source: string, file: string, program: AwkProgram): void {
  new Parser(source, file, program).parse();
}
