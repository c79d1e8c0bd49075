// Arithmetic of bash. Counterpart: bash 5.2 expr.c

import { type ArithEnv, ArithFault, B, BINARY, type Compiled, type Num, pow, truth, wrap } from './numbers.ts';

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|[0-9]+#[0-9a-zA-Z@_]+|[0-9]+[A-Za-z_]*)|([A-Za-z_][A-Za-z0-9_]*)|(<<=|>>=|\*\*|&&|\|\||\+\+|--|<<|>>|<=|>=|==|!=|[-+*/%&|^]=|[-+*/%&|^!~<>=?:(),]))/y;

interface Tok {
  readonly kind: 'num' | 'name' | 'op' | 'end';
  readonly text: string;
}

function tokens(text: string): Tok[] {
  const list: Tok[] = [];
  for (let at = 0; ; ) {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(text);
    if (!m) {
      if (/^\s*$/.test(text.slice(at))) break;
      throw new ArithFault('syntax', text.slice(at).trimStart());
    }
    at = TOKEN.lastIndex;
    if (m[2] !== undefined && text[at] === '[') {
      let depth = 0;
      const from = at;
      do {
        if (text[at] === '[') depth++;
        else if (text[at] === ']') depth--;
        at++;
      } while (depth > 0 && at < text.length);
      list.push({ kind: 'name', text: m[2] + text.slice(from, at) });
      continue;
    }
    list.push({ kind: m[1] !== undefined ? 'num' : m[2] !== undefined ? 'name' : 'op', text: m[0].trim() });
  }
  list.push({ kind: 'end', text: '' });
  return list;
}

/** The value of a number as C writes it: 0x1f, 017, 12, and base#digits. */
export function numberOf(text: string): Num {
  const based = /^(\d+)#(.+)$/.exec(text);
  if (based) {
    const radix = Number(based[1]);
    let value = 0n;
    for (const c of based[2] as string) {
      const lower = /[a-z0-9]/.test(c)
        ? Number.parseInt(c, 36)
        : c === '@'
          ? 62
          : c === '_'
            ? 63
            : c.charCodeAt(0) - 65 + (radix <= 36 ? 10 : 36);
      if (lower >= radix || radix < 2 || radix > 64) throw new ArithFault('number', text);
      value = value * BigInt(radix) + BigInt(lower);
    }
    return wrap(value);
  }
  if (/^0[xX]/.test(text)) return wrap(BigInt(text));
  if (!/^\d+$/.test(text)) throw new ArithFault('number', text);
  if (text.length > 1 && text[0] === '0') {
    if (!/^[0-7]+$/.test(text)) throw new ArithFault('number', text);
    return wrap(BigInt(`0o${text}`));
  }
  return text.length < 15 ? Number(text) : wrap(BigInt(text));
}

const variableValue = (env: ArithEnv, name: string, depth = 0): Num => {
  const text = env.get(name);
  if (text === undefined || text === '') return 0;
  if (text.length < 15 && /^(?:0|-?[1-9][0-9]*)$/.test(text)) return Number(text);
  const t = text.trim();
  if (/^[-+]?[0-9]/.test(t) && /^[-+]?(?:0[xX][0-9a-fA-F]+|\d+)$/.test(t)) {
    const value = numberOf(t.replace(/^[-+]/, ''));
    return t[0] === '-' ? wrap(-B(value)) : value;
  }
  if (!env.recursive) throw new ArithFault('number', text);
  if (depth > 20) throw new ArithFault('loop', text);
  return compileBash(t)({ ...env, get: (n) => env.get(n), set: (n, v) => env.set(n, v), recursive: depth < 20 });
};

class ArithParser {
  private at = 0;
  private readonly list: readonly Tok[];
  constructor(text: string) {
    this.list = tokens(text);
  }

  whole(): Compiled {
    if ((this.list[0] as Tok).kind === 'end') return () => 0;
    const code = this.comma();
    if (this.tok.kind !== 'end') throw this.bad();
    return code;
  }

  private get tok(): Tok {
    return this.list[this.at] as Tok;
  }

  private bad(): ArithFault {
    return new ArithFault(
      'syntax',
      this.list
        .slice(Math.max(0, this.tok.kind === 'end' ? this.at - 1 : this.at))
        .map((t) => t.text)
        .join(' ')
        .trim(),
    );
  }

  private take(op: string): boolean {
    if (this.tok.kind !== 'op' || this.tok.text !== op) return false;
    this.at++;
    return true;
  }

  private comma(): Compiled {
    let left = this.assign();
    while (this.take(',')) {
      const [a, b] = [left, this.assign()];
      left = (env) => {
        a(env);
        return b(env);
      };
    }
    return left;
  }

  private assign(): Compiled {
    const name = this.tok;
    const op = this.list[this.at + 1];
    if (name.kind === 'name' && op?.kind === 'op' && /^(?:[-+*/%&|^]|<<|>>)?=$/.test(op.text)) {
      this.at += 2;
      const right = this.assign();
      const apply = BINARY[op.text.slice(0, -1)];
      return (env) => {
        const value = apply ? apply(variableValue(env, name.text), right(env)) : right(env);
        env.set(name.text, String(value));
        return value;
      };
    }
    return this.ternary();
  }

  private ternary(): Compiled {
    const cond = this.or();
    if (!this.take('?')) return cond;
    const yes = this.comma();
    if (!this.take(':')) throw this.bad();
    const no = this.assign();
    return (env) => (truth(cond(env)) ? yes(env) : no(env));
  }

  private or(): Compiled {
    let left = this.and();
    while (this.take('||')) {
      const [a, b] = [left, this.and()];
      left = (env) => (truth(a(env)) || truth(b(env)) ? 1 : 0);
    }
    return left;
  }

  private and(): Compiled {
    let left = this.binary(0);
    while (this.take('&&')) {
      const [a, b] = [left, this.binary(0)];
      left = (env) => (truth(a(env)) && truth(b(env)) ? 1 : 0);
    }
    return left;
  }

  private binary(level: number): Compiled {
    const ops = LEVELS[level];
    if (!ops) return this.power();
    let left = this.binary(level + 1);
    while (this.tok.kind === 'op' && ops.includes(this.tok.text)) {
      const apply = BINARY[this.tok.text] as (a: Num, b: Num) => Num;
      this.at++;
      const [a, b] = [left, this.binary(level + 1)];
      left = (env) => apply(a(env), b(env));
    }
    return left;
  }

  private power(): Compiled {
    const base = this.unary();
    if (!this.take('**')) return base;
    const exponent = this.power();
    return (env) => pow(base(env), exponent(env));
  }

  private unary(): Compiled {
    const { kind, text } = this.tok;
    if (kind === 'op') {
      if (text === '++' || text === '--') {
        const name = this.list[this.at + 1];
        if (name?.kind === 'name') {
          this.at += 2;
          return step(name.text, text, false);
        }
      }
      if (text === '-' || text === '+' || text === '!' || text === '~' || text === '++' || text === '--') {
        this.at++;
        const inner = this.unary();
        if (text === '-') return (env) => wrapNeg(inner(env));
        if (text === '!') return (env) => (truth(inner(env)) ? 0 : 1);
        if (text === '~') return (env) => wrap(~B(inner(env)));
        return inner;
      }
      if (text === '(') {
        this.at++;
        const inner = this.comma();
        if (!this.take(')')) throw new ArithFault('paren');
        return inner;
      }
      throw this.bad();
    }
    if (kind === 'end') throw this.bad();
    this.at++;
    if (kind === 'num') {
      const value = numberOf(text);
      return () => value;
    }
    if (this.tok.kind === 'op' && (this.tok.text === '++' || this.tok.text === '--')) {
      const op = this.tok.text;
      this.at++;
      return step(text, op, true);
    }
    return (env) => variableValue(env, text);
  }
}

const wrapNeg = (value: Num): Num => (typeof value === 'number' ? 0 - value : wrap(-value));

const step = (name: string, op: string, post: boolean): Compiled => {
  const apply = BINARY[op[0] as string] as (a: Num, b: Num) => Num;
  return (env) => {
    const old = variableValue(env, name);
    const value = apply(old, 1);
    env.set(name, String(value));
    return post ? old : value;
  };
};

/** Makes a function of an expression; throws ArithFault for a syntax error. */
export function compileBash(text: string): Compiled {
  return new ArithParser(text).whole();
}
