// mawk: from text to a tree.

import { AwkError, type AwkProgram, awkRegex, BUILTINS, type Expr, type Stmt, type Token, tokenize, unexpected } from './awk-syntax.ts';

class Parser {
  private at = 0;
  private readonly tokens: Token[];
  readonly program: AwkProgram = { rules: [], functions: new Map() };
  private noIn = false;
  private noGreater = false;

  private readonly called = new Set<string>();

  constructor(source: string) {
    this.tokens = tokenize(source);
  }

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }
  private is(v: string): boolean {
    return (this.token.k === 'op' || this.token.k === 'key') && this.token.v === v;
  }
  private accept(v: string): boolean {
    if (!this.is(v)) return false;
    this.at++;
    return true;
  }
  private expect(v: string): void {
    if (!this.accept(v)) throw unexpected(this.tokens, this.at);
  }
  private lines(): void {
    while (this.token.k === 'nl' || this.is(';')) this.at++;
  }
  private newlines(): void {
    while (this.token.k === 'nl') this.at++;
  }
  private name(): string {
    const { k, v } = this.token;
    if (k !== 'name' && k !== 'fn') throw unexpected(this.tokens, this.at);
    this.at++;
    return v;
  }

  parse(): AwkProgram {
    for (this.lines(); this.token.k !== 'eof'; this.lines()) {
      if (this.accept('function') || this.accept('func')) {
        const name = this.name();
        this.expect('(');
        const params: string[] = [];
        while (!this.is(')')) {
          params.push(this.name());
          if (!this.accept(',')) break;
          this.newlines();
        }
        this.expect(')');
        this.newlines();
        this.program.functions.set(name, { params, body: this.block() });
        continue;
      }
      const kind = this.accept('BEGIN') ? 'BEGIN' : this.accept('END') ? 'END' : 'main';
      let from: Expr | undefined;
      let to: Expr | undefined;
      if (kind === 'main' && !this.is('{')) {
        from = this.expression();
        if (this.accept(',')) {
          this.newlines();
          to = this.expression();
        }
      }
      this.program.rules.push({ kind, from, to, body: this.is('{') ? this.block() : undefined, active: false });
    }
    const missing = [...this.called].find((name) => !this.program.functions.has(name));
    if (missing !== undefined)
      throw new AwkError('Call to undefined function', `line ${this.tokens.at(-1)?.line}: function ${missing} never defined`);
    return this.program;
  }

  private block(): Stmt {
    this.expect('{');
    const list: Stmt[] = [];
    for (this.lines(); !this.is('}'); this.lines()) list.push(this.statement());
    this.expect('}');
    return { t: 'block', list };
  }

  private end(): void {
    if (this.token.k === 'nl' || this.is(';')) this.at++;
    else if (!this.is('}') && this.token.k !== 'eof') throw unexpected(this.tokens, this.at);
  }

  private body(): Stmt {
    this.newlines();
    if (this.accept(';')) return { t: 'block', list: [] };
    return this.statement();
  }

  private statement(): Stmt {
    if (this.is('{')) return this.block();
    if (this.accept('if')) {
      this.expect('(');
      const c = this.expression();
      this.expect(')');
      const a = this.body();
      const mark = this.at;
      this.lines();
      if (this.accept('else')) return { t: 'if', c, a, b: this.body() };
      this.at = mark;
      return { t: 'if', c, a, b: undefined };
    }
    if (this.accept('while')) {
      this.expect('(');
      const c = this.expression();
      this.expect(')');
      return { t: 'loop', init: undefined, c, step: undefined, body: this.body(), post: false };
    }
    if (this.accept('do')) {
      const body = this.body();
      this.lines();
      this.expect('while');
      this.expect('(');
      const c = this.expression();
      this.expect(')');
      this.end();
      return { t: 'loop', init: undefined, c, step: undefined, body, post: true };
    }
    if (this.accept('for')) {
      this.expect('(');
      const [a, b, c, d] = this.tokens.slice(this.at, this.at + 4);
      if (a?.k === 'name' && b?.v === 'in' && c?.k === 'name' && d?.v === ')') {
        this.at += 4;
        return { t: 'forin', v: a.v, name: c.v, body: this.body() };
      }
      const init = this.is(';') ? undefined : this.simple();
      this.expect(';');
      this.newlines();
      const condition = this.is(';') ? undefined : this.expression();
      this.expect(';');
      this.newlines();
      const step = this.is(')') ? undefined : this.simple();
      this.expect(')');
      return { t: 'loop', init, c: condition, step, body: this.body(), post: false };
    }
    const statement = this.simple();
    this.end();
    return statement;
  }

  private atEnd(): boolean {
    return this.token.k === 'nl' || this.token.k === 'eof' || this.is(';') || this.is('}');
  }

  private simple(): Stmt {
    for (const kind of ['next', 'nextfile', 'break', 'continue', 'exit', 'return'] as const)
      if (this.accept(kind))
        return { t: 'jump', kind, v: (kind === 'exit' || kind === 'return') && !this.atEnd() ? this.expression() : undefined };
    if (this.accept('delete')) {
      const name = this.name();
      return { t: 'delete', name, keys: this.accept('[') ? this.list(']') : undefined };
    }
    if (this.is('print') || this.is('printf')) {
      const format = this.token.v === 'printf';
      this.at++;
      const args: Expr[] = [];
      const outer = this.noGreater;
      this.noGreater = true;
      if (!this.atEnd() && !this.is('>') && !this.is('>>') && !this.is('|')) {
        args.push(this.expression());
        while (this.accept(',')) {
          this.newlines();
          args.push(this.expression());
        }
      }
      const only = args[0];
      const flat = args.length === 1 && only?.t === 'group' ? only.list : args;
      let op = '';
      let to: Expr | undefined;
      if (this.is('>') || this.is('>>') || this.is('|')) {
        op = this.token.v;
        this.at++;
        to = this.ternary();
      }
      this.noGreater = outer;
      return { t: 'print', args: flat, format, op, to };
    }
    return { t: 'expr', e: this.expression() };
  }

  private list(close: string): Expr[] {
    const list: Expr[] = [];
    const [greater, noIn] = [this.noGreater, this.noIn];
    this.noGreater = false;
    this.noIn = false;
    this.newlines();
    while (!this.is(close)) {
      list.push(this.expression());
      this.newlines();
      if (!this.accept(',')) break;
      this.newlines();
    }
    this.expect(close);
    this.noGreater = greater;
    this.noIn = noIn;
    return list;
  }

  private expression(): Expr {
    const left = this.ternary();
    for (const op of ['=', '+=', '-=', '*=', '/=', '%=', '^=']) {
      if (!this.is(op) || !(left.t === 'var' || left.t === 'index' || left.t === 'field')) continue;
      this.at++;
      this.newlines();
      return { t: 'assign', op, to: left, v: this.expression() };
    }
    return left;
  }

  private ternary(): Expr {
    const c = this.or();
    if (!this.accept('?')) return c;
    this.newlines();
    const a = this.expression();
    this.newlines();
    this.expect(':');
    this.newlines();
    return { t: 'cond', c, a, b: this.expression() };
  }

  private or(): Expr {
    let a = this.and();
    while (this.accept('||')) {
      this.newlines();
      a = { t: 'bin', op: '||', a, b: this.and() };
    }
    return a;
  }

  private and(): Expr {
    let a = this.membership();
    while (this.accept('&&')) {
      this.newlines();
      a = { t: 'bin', op: '&&', a, b: this.membership() };
    }
    return a;
  }

  private membership(): Expr {
    let a = this.matching();
    while (!this.noIn && this.accept('in')) a = { t: 'in', keys: a.t === 'group' ? a.list : [a], name: this.name() };
    return a;
  }

  private matching(): Expr {
    let a = this.comparison();
    while (this.is('~') || this.is('!~')) {
      const not = this.token.v === '!~';
      this.at++;
      a = { t: 'match', not, a, b: this.comparison() };
    }
    return a;
  }

  private comparison(): Expr {
    let a = this.concat();
    for (;;) {
      const op = this.token.v;
      if (this.token.k === 'op' && (['<', '<=', '==', '!=', '>='].includes(op) || (op === '>' && !this.noGreater))) {
        this.at++;
        a = { t: 'bin', op, a, b: this.concat() };
      } else if (this.is('|') && this.tokens[this.at + 1]?.v === 'getline') {
        this.at += 2;
        a = { t: 'getline', to: this.target(), from: a, pipe: true };
      } else return a;
    }
  }

  private concat(): Expr {
    let a = this.additive();
    for (;;) {
      const { k, v } = this.token;
      const starts =
        k === 'num' ||
        k === 'str' ||
        k === 're' ||
        k === 'name' ||
        k === 'fn' ||
        (k === 'op' && ['$', '!', '(', '-', '+', '++', '--'].includes(v));
      if (!starts) return a;
      a = { t: 'bin', op: ' ', a, b: this.additive() };
    }
  }

  private additive(): Expr {
    let a = this.product();
    while (this.is('+') || this.is('-')) {
      const op = this.token.v;
      this.at++;
      a = { t: 'bin', op, a, b: this.product() };
    }
    return a;
  }

  private product(): Expr {
    let a = this.unary();
    while (this.is('*') || this.is('/') || this.is('%')) {
      const op = this.token.v;
      this.at++;
      a = { t: 'bin', op, a, b: this.unary() };
    }
    return a;
  }

  private unary(): Expr {
    for (const op of ['!', '-', '+']) if (this.accept(op)) return { t: 'un', op, a: this.unary() };
    return this.power();
  }

  private power(): Expr {
    const a = this.postfix();
    if (!this.accept('^')) return a;
    return { t: 'bin', op: '^', a, b: this.is('-') || this.is('+') || this.is('!') ? this.unary() : this.power() };
  }

  private postfix(): Expr {
    const a = this.primary();
    if (a.t !== 'var' && a.t !== 'index' && a.t !== 'field') return a;
    if (this.accept('++')) return { t: 'step', by: 1, pre: false, a };
    return this.accept('--') ? { t: 'step', by: -1, pre: false, a } : a;
  }

  /** Where getline puts its line, if it says. */
  private target(): Expr | undefined {
    return this.token.k === 'name' || this.is('$') ? this.primary() : undefined;
  }

  private primary(): Expr {
    const { k, v } = this.token;
    this.at++;
    if (k === 'num') return { t: 'num', v: Number(v) };
    if (k === 'str') return { t: 'str', v };
    if (k === 're') return { t: 'regex', v: awkRegex(v) };
    if (k === 'fn') {
      this.expect('(');
      this.called.add(v);
      return { t: 'call', name: v, args: this.list(')'), own: true };
    }
    if (k === 'name') {
      if (BUILTINS.has(v)) {
        if (this.accept('(')) return { t: 'call', name: v, args: this.list(')'), own: false };
        if (v === 'length') return { t: 'call', name: v, args: [], own: false };
      }
      return this.accept('[') ? { t: 'index', name: v, keys: this.list(']') } : { t: 'var', name: v };
    }
    if (k === 'key' && v === 'getline') {
      const to = this.target();
      return { t: 'getline', to, from: this.accept('<') ? this.postfix() : undefined, pipe: false };
    }
    if (k === 'op') {
      if (v === '$') {
        if (this.accept('++')) return { t: 'field', of: { t: 'step', by: 1, pre: true, a: this.primary() } };
        if (this.accept('-')) return { t: 'field', of: { t: 'un', op: '-', a: this.primary() } };
        return { t: 'field', of: this.primary() };
      }
      if (v === '++' || v === '--') return { t: 'step', by: v === '++' ? 1 : -1, pre: true, a: this.primary() };
      if (v === '(') {
        const list = this.list(')');
        const first = list[0];
        if (first && list.length === 1)
          return first.t === 'group' || first.t === 'var' || first.t === 'index' || first.t === 'field'
            ? { t: 'bin', op: '()', a: first, b: first }
            : first;
        return { t: 'group', list };
      }
    }
    throw unexpected(this.tokens, this.at - 1);
  }
}

/** Parses a program; throws AwkError. */
export const parseAwk = (source: string): AwkProgram => new Parser(source).parse();
