// awk of busybox: from words to a tree. Operators bind by one table, whatever stands around them.

import { AwkLexer, busyboxRegex, type Token } from './awk-busybox-lexer.ts';
import type { AwkProgram, Expr, Stmt } from './awk-syntax.ts';

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

const isOperand = (token: Token): boolean =>
  'num str name array fn builtin'.includes(token.k) ||
  (token.k === 'op' && '( $ ! ++ --'.split(' ').includes(token.v)) ||
  token.v === 'getline';

class Parser extends AwkLexer {
  private readonly program: AwkProgram;
  private loops = 0;

  constructor(source: string, file: string, program: AwkProgram) {
    super(source, file);
    this.program = program;
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
        if (this.last.k !== 'str' && this.last.v !== '++' && this.last.v !== '--') {
          this.take();
          left = { t: 'step', by: operator === '++' ? 1 : -1, pre: false, a: left };
          continue;
        }
      }
      if (priority === undefined || priority === 9) {
        const joins = 'name num str'.includes(this.last.k) || [')', ']', '++', '--'].includes(this.last.v) || this.last.v === 'length';
        if (!isOperand(token) || CONCAT > most) return left;
        // What follows an expression in slashes without an operator is read and forgotten.
        if (!joins) this.prefix();
        else left = { t: 'bin', op: ' ', a: left, b: this.expression(CONCAT - 1) };
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
