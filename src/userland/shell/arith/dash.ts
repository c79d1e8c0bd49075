// Arithmetic of dash: recursive descent with one token of look-ahead, no comma, no ++, no **. Counterpart: dash 0.5.12 arith_yacc.c

import { type ArithEnv, ArithFault, B, BINARY, type Compiled, type Num, truth, wrap } from './numbers.ts';

const PRECEDENCE: Readonly<Record<string, number>> = {
  '*': 0,
  '/': 0,
  '%': 0,
  '+': 1,
  '-': 1,
  '<<': 2,
  '>>': 2,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '==': 4,
  '!=': 4,
  '&': 5,
  '^': 6,
  '|': 7,
};
const LOWEST = 8;
const ASSIGN = /^(?:[-+*/%&|^]|<<|>>)?=$/;
const TOKEN =
  /[ \t\n]*(?:(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)|([A-Za-z_][A-Za-z0-9_]*)|(<<=|>>=|&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%&|^]=|[-+*/%&|^!~<>=?:()])|$|[\s\S])/y;

interface Tok {
  /** num, name, an operator's text, `end` or `bad`. */
  readonly kind: string;
  readonly text: string;
}

const MAX = 9223372036854775807n;
const MIN = -9223372036854775808n;

function literal(text: string): bigint {
  return BigInt(/^0[0-7]+$/.test(text) ? `0o${text.slice(1)}` : text);
}

/** The value of a variable's text. Counterpart: dash mystring.c, atomax with base 0 */
export function dashNumber(text: string): Num {
  const m = /^[ \t\n\v\f\r]*(?:([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*))?[ \t\n\v\f\r]*$/.exec(text);
  if (!m) throw new ArithFault('told', `Illegal number: ${text}`);
  if (m[2] === undefined) return 0;
  const value = m[1] === '-' ? -literal(m[2]) : literal(m[2]);
  if (value > MAX || value < MIN) throw new ArithFault('told', `Illegal number: ${text}`);
  return wrap(value);
}

const lookup = (env: ArithEnv, name: string): Num => {
  const text = env.get(name);
  if (text === undefined || text === '') return 0;
  return text.length < 15 && /^(?:0|-?[1-9][0-9]*)$/.test(text) ? Number(text) : dashNumber(text);
};

class DashArith {
  private readonly text: string;
  private at = 0;
  private last: Tok = { kind: 'end', text: '' };
  /** With it everything is computed while it is read, so that the first of several errors is the one told. */
  private readonly env: ArithEnv | undefined;
  private skipping = 0;
  constructor(text: string, env?: ArithEnv) {
    this.text = text;
    this.env = env;
  }

  whole(): Compiled {
    const code = this.assignment(this.lex());
    if (this.look !== 'end') throw this.fault('expecting EOF');
    return code;
  }

  /** The kind of the token just read. */
  private get look(): string {
    return this.last.kind;
  }

  private made(code: Compiled): Compiled {
    if (this.env === undefined) return code;
    const value = this.skipping > 0 ? 0 : code(this.env);
    return () => value;
  }

  /** Reads a part whose value does not count when `skip` says so. */
  private part(skip: (env: ArithEnv) => boolean, read: () => Compiled): Compiled {
    const off = this.env !== undefined && (this.skipping > 0 || skip(this.env)) ? 1 : 0;
    this.skipping += off;
    const code = read();
    this.skipping -= off;
    return code;
  }

  private fault(what: string): ArithFault {
    return new ArithFault('told', `arithmetic expression: ${what}: "${this.text}"`);
  }

  private lex(): Tok {
    TOKEN.lastIndex = this.at;
    const m = TOKEN.exec(this.text) as RegExpExecArray;
    this.at = TOKEN.lastIndex;
    const kind =
      m[1] !== undefined
        ? 'num'
        : m[2] !== undefined
          ? 'name'
          : (m[3] ?? (this.at >= this.text.length && m[0].trim() === '' ? 'end' : 'bad'));
    this.last = { kind, text: m[1] ?? m[2] ?? m[3] ?? '' };
    return this.last;
  }

  private assignment(token: Tok): Compiled {
    const op = token.kind === 'end' ? token : this.lex();
    if (token.kind !== 'name' || !ASSIGN.test(op.kind)) return this.cond(token, op);
    const right = this.assignment(this.lex());
    const name = token.text;
    const apply = op.kind === '=' ? undefined : this.operator(op.kind.slice(0, -1));
    return this.made((env) => {
      const value = right(env);
      const result = apply ? apply(lookup(env, name), value) : value;
      env.set(name, String(result));
      return result;
    });
  }

  private operator(op: string): (a: Num, b: Num) => Num {
    const apply = BINARY[op] as (a: Num, b: Num) => Num;
    if (op !== '/' && op !== '%') return apply;
    return (a, b) => {
      if (!truth(b)) throw this.fault('division by zero');
      return apply(a, b);
    };
  }

  private cond(token: Tok, op: Tok): Compiled {
    const test = this.or(token, op);
    if (this.look !== '?') return test;
    const yes = this.part(
      (env) => !truth(test(env)),
      () => this.assignment(this.lex()),
    );
    if (this.last.text !== ':') throw this.fault("expecting ':'");
    const next = this.lex();
    const no = this.part(
      (env) => truth(test(env)),
      () => this.cond(next, this.lex()),
    );
    return this.made((env) => (truth(test(env)) ? yes(env) : no(env)));
  }

  private or(token: Tok, op: Tok): Compiled {
    const left = this.and(token, op);
    if (this.look !== '||') return left;
    const next = this.lex();
    const right = this.part(
      (env) => truth(left(env)),
      () => this.or(next, this.lex()),
    );
    return this.made((env) => (truth(left(env)) || truth(right(env)) ? 1 : 0));
  }

  private and(token: Tok, op: Tok): Compiled {
    const left = this.binary(token, op);
    if (this.look !== '&&') return left;
    const next = this.lex();
    const right = this.part(
      (env) => !truth(left(env)),
      () => this.and(next, this.lex()),
    );
    return this.made((env) => (truth(left(env)) && truth(right(env)) ? 1 : 0));
  }

  private binary(token: Tok, op: Tok): Compiled {
    const left = this.primary(token, op);
    return this.look in PRECEDENCE ? this.climb(left, this.look, LOWEST) : left;
  }

  private climb(first: Compiled, operator: string, limit: number): Compiled {
    let left = first;
    let op = operator;
    for (;;) {
      const token = this.lex();
      let right = this.primary(token, this.lex());
      let next = this.look;
      const own = PRECEDENCE[op] as number;
      if (next in PRECEDENCE && (PRECEDENCE[next] as number) < own) {
        right = this.climb(right, next, own);
        next = this.look;
      }
      const [a, b, apply] = [left, right, this.operator(op)];
      left = this.made((env) => apply(a(env), b(env)));
      if (!(next in PRECEDENCE) || (PRECEDENCE[next] as number) >= limit) return left;
      op = next;
    }
  }

  /** `op` is the token behind `token`, already read. */
  private primary(token: Tok, op: Tok): Compiled {
    switch (token.kind) {
      case '(': {
        const inner = this.assignment(op);
        if (this.look !== ')') throw this.fault("expecting ')'");
        this.lex();
        return inner;
      }
      case 'num': {
        const value = literal(token.text);
        const number = wrap(value > MAX ? MAX : value);
        return () => number;
      }
      case 'name':
        return this.made((env) => lookup(env, token.text));
      case '+':
        return this.primary(op, this.lex());
      case '-': {
        const inner = this.primary(op, this.lex());
        return (env) => wrap(-B(inner(env)));
      }
      case '!': {
        const inner = this.primary(op, this.lex());
        return (env) => (truth(inner(env)) ? 0 : 1);
      }
      case '~': {
        const inner = this.primary(op, this.lex());
        return (env) => wrap(~B(inner(env)));
      }
      default:
        throw this.fault('expecting primary');
    }
  }
}

/** Makes a function of an expression; a syntax error is thrown when it is evaluated. */
export function compileDash(text: string): Compiled {
  try {
    return new DashArith(text).whole();
  } catch (fault) {
    if (!(fault instanceof ArithFault)) throw fault;
    return (env) => new DashArith(text, env).whole()(env);
  }
}
