// Arithmetic of busybox: two stacks, operators applied by precedence; both sides of ?:, && and || are always computed.
// Counterpart: busybox 1.35 shell/math.c, evaluate_string and arith_apply.

import { type ArithEnv, ArithFault, B, BINARY, type Compiled, type Num, truth, wrap } from './numbers.ts';

const SYNTAX = 'arithmetic syntax error';
const MALFORMED = 'malformed ?: operator';
const ASSIGN_PREC = 2;
const CONDITIONAL_PREC = 4;
const EXPONENT_PREC = 15;
const UNARY_PREC = 16;
const SPECIAL_PREC = 19;

const PRECEDENCE: Readonly<Record<string, number>> = {
  '(': 0,
  ',': 1,
  '=': 2,
  '&=': 2,
  '|=': 2,
  '^=': 2,
  '+=': 2,
  '-=': 2,
  '<<=': 2,
  '>>=': 2,
  '*=': 2,
  '/=': 2,
  '%=': 2,
  '?': CONDITIONAL_PREC,
  ':': CONDITIONAL_PREC,
  '||': 5,
  '&&': 6,
  '|': 7,
  '^': 8,
  '&': 9,
  '==': 10,
  '!=': 10,
  '<': 11,
  '>': 11,
  '>=': 11,
  '<=': 11,
  '<<': 12,
  '>>': 12,
  '+': 13,
  '-': 13,
  '*': 14,
  '/': 14,
  '%': 14,
  '**': EXPONENT_PREC,
  '~': UNARY_PREC,
  '!': UNARY_PREC,
  'u-': 17,
  'u+': 17,
  'pre++': 18,
  'pre--': 18,
  ')': SPECIAL_PREC,
  '++': 20,
  '--': 20,
};
const UNARY_FORMS: Readonly<Record<string, string>> = { '+': 'u+', '-': 'u-', '++': 'pre++', '--': 'pre--' };
const OPERATOR = /<<=|>>=|<<|>>|\|\||&&|!=|<=|>=|==|\|=|&=|\*=|\/=|%=|\^=|\+=|-=|--|\+\+|\*\*|[\^~,?:)(*/%|&+\-<>=!]/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** An entry of the stack of numbers: a variable not looked up yet, or a value; after `:` with a second one. */
interface Item {
  readonly name: string | undefined;
  readonly code: Compiled;
  readonly second?: Compiled;
}

/** A number at a place: C's forms and base#digits. Gives its end. Counterpart: math.c, strto_arith_t */
function number(text: string, at: number): { value: Num; end: number } {
  const m = /^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(text.slice(at)) as RegExpExecArray;
  let end = at + m[0].length;
  const plain = BigInt(/^0[0-7]+$/.test(m[0]) ? `0o${m[0].slice(1)}` : m[0]);
  if (text[end] !== '#' || m[0][0] === '0' || plain < 2n || plain > 64n) return { value: plain >= 1n << 64n ? 0 : wrap(plain), end };
  let value = 0n;
  for (end++; end < text.length; end++) {
    const c = text[end] as string;
    let digit = /[0-9]/.test(c) ? Number(c) : c === '@' ? 62 : c === '_' ? 63 : -1;
    if (/[A-Za-z]/.test(c)) digit = plain > 36n && c < 'a' ? c.charCodeAt(0) - 65 + 36 : Number.parseInt(c, 36);
    if (digit < 0 || BigInt(digit) >= plain) break;
    value = value * plain + BigInt(digit);
  }
  return { value: wrap(value), end };
}

const lookup = (env: ArithEnv, name: string): Num => {
  const text = env.get(name);
  if (text === undefined) return 0;
  if (text.length < 15 && /^(?:0|-?[1-9][0-9]*)$/.test(text)) return Number(text);
  if (env.busy?.includes(name)) throw new ArithFault('told', 'expression recursion loop detected');
  const outer = env.busy;
  env.busy = [...(outer ?? []), name];
  try {
    return compileAsh(text)(env);
  } finally {
    env.busy = outer;
  }
};

/** The value of an item, a variable looked up only now. */
const resolve = ({ name, code }: Item): Compiled => (name === undefined ? code : (env) => lookup(env, name));

/** Two operands in the order in which busybox gets their values: a variable on the left is looked up last. */
function pair(left: Item, right: Item, apply: (a: Num, b: Num) => Num): Compiled {
  const [l, r] = [resolve(left), resolve(right)];
  if (left.name === undefined) return (env) => apply(l(env), r(env));
  return (env) => {
    const b = r(env);
    return apply(l(env), b);
  };
}

const told = (message: string): ArithFault => new ArithFault('told', message);

function power(a: Num, b: Num): Num {
  if (b < 0) throw told('exponent less than 0');
  return (BINARY['**'] as (a: Num, b: Num) => Num)(a, b);
}

function operate(op: string): (a: Num, b: Num) => Num {
  if (op === '**') return power;
  if (op === '&&') return (a, b) => (truth(a) && truth(b) ? 1 : 0);
  if (op === '||') return (a, b) => (truth(a) || truth(b) ? 1 : 0);
  const apply = BINARY[op] as (a: Num, b: Num) => Num;
  if (op !== '/' && op !== '%') return apply;
  return (a, b) => {
    if (!truth(b)) throw told('divide by zero');
    return apply(a, b);
  };
}

function step(name: string, by: 1 | -1, post: boolean): Compiled {
  return (env) => {
    const old = lookup(env, name);
    const value = typeof old === 'number' && Number.isSafeInteger(old + by) ? old + by : wrap(B(old) + BigInt(by));
    env.set(name, String(value));
    return post ? old : value;
  };
}

const item = (code: Compiled, second?: Compiled): Item => ({ name: undefined, code, ...(second ? { second } : {}) });

/** Applies one operator to the stack; a message when the operands do not fit. */
function applyTo(stack: Item[], op: string): string | undefined {
  const top = stack.pop();
  if (top === undefined) return SYNTAX;
  const value = resolve(top);
  switch (op) {
    case 'u+':
      stack.push(item(value, top.second));
      return undefined;
    case 'u-':
      stack.push(item((env) => wrap(-B(value(env))), top.second));
      return undefined;
    case '!':
      stack.push(item((env) => (truth(value(env)) ? 0 : 1), top.second));
      return undefined;
    case '~':
      stack.push(item((env) => wrap(~B(value(env))), top.second));
      return undefined;
    case '++':
    case '--':
    case 'pre++':
    case 'pre--':
      if (top.name === undefined) return SYNTAX;
      stack.push(item(step(top.name, op.endsWith('+') ? 1 : -1, op.length === 2), top.second));
      return undefined;
  }
  const left = stack.pop();
  if (left === undefined) return SYNTAX;
  if ((top.second !== undefined) !== (op === '?')) return MALFORMED;
  if (op === '?') {
    const [test, other] = [resolve(left), top.second as Compiled];
    stack.push(
      item((env) => {
        const [t, yes, no] = [test(env), value(env), other(env)];
        return truth(t) ? yes : no;
      }, left.second),
    );
  } else if (op === ':') {
    if (stack.length === 0) return MALFORMED;
    stack.push(item(resolve(left), value));
  } else if (PRECEDENCE[op] === ASSIGN_PREC) {
    const { name } = left;
    const apply = op === '=' ? undefined : operate(op.slice(0, -1));
    if (name === undefined) {
      // What is on the right is computed before the missing variable is noticed.
      stack.push(item(apply ? pair(left, top, apply) : value));
      return SYNTAX;
    }
    stack.push(
      item((env) => {
        const right = value(env);
        const result = apply ? apply(lookup(env, name), right) : right;
        env.set(name, String(result));
        return result;
      }),
    );
  } else if (op === ',')
    stack.push(
      item(
        pair(left, top, (_, b) => b),
        left.second,
      ),
    );
  else stack.push(item(pair(left, top, operate(op)), left.second));
  return undefined;
}

/** Makes a function of an expression; its faults come when it is evaluated, after what was computed before them. */
export function compileAsh(source: string): Compiled {
  const text = source.trim();
  if (text === '') return () => 0;
  const stack: Item[] = [];
  const fault = (message: string): Compiled => {
    const done = stack.filter((one) => one.name === undefined);
    return (env) => {
      for (const one of done) one.code(env);
      throw told(message);
    };
  };
  const operators = ['('];
  let lastIsNumber = false;
  const end = `${text})`;
  for (let at = 0; at < end.length; ) {
    const c = end[at] as string;
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    NAME.lastIndex = at;
    const name = NAME.exec(end)?.[0];
    if (name !== undefined) {
      stack.push({ name, code: (env) => lookup(env, name) });
      at += name.length;
      lastIsNumber = true;
      continue;
    }
    if (/[0-9]/.test(c)) {
      const got = number(end, at);
      at = got.end;
      stack.push(item(() => got.value));
      lastIsNumber = true;
      continue;
    }
    OPERATOR.lastIndex = at;
    let op = OPERATOR.exec(end)?.[0];
    if (op === undefined) return fault(SYNTAX);
    // ++ and -- are operators only beside a variable, else two signs.
    if ((op === '++' || op === '--') && stack[stack.length - 1]?.name === undefined && !/^\s*[A-Za-z_]/.test(end.slice(at + 2))) op = c;
    at += op.length;
    if (!lastIsNumber) op = UNARY_FORMS[op] ?? op;
    const prec = PRECEDENCE[op] as number;
    if (op !== '(' && (prec < UNARY_PREC || prec >= SPECIAL_PREC)) {
      if (!lastIsNumber) return fault(SYNTAX);
      let closed = false;
      for (let previous = operators.pop(); previous !== undefined; previous = operators.pop()) {
        if (op === ')' && previous === '(') {
          closed = true;
          break;
        }
        const before = PRECEDENCE[previous] as number;
        const rightward = prec === ASSIGN_PREC || prec === CONDITIONAL_PREC || prec === EXPONENT_PREC;
        if (op !== ')' && (before < prec || (before === prec && rightward))) {
          operators.push(previous);
          break;
        }
        const message = applyTo(stack, previous);
        if (message !== undefined) return fault(message);
      }
      if (closed) {
        lastIsNumber = true;
        continue;
      }
      if (op === ')') return fault(SYNTAX);
    }
    operators.push(op);
    lastIsNumber = op === '++' || op === '--';
  }
  const result = stack[0];
  if (result === undefined || stack.length !== 1 || operators.length > 0) return fault(SYNTAX);
  return resolve(result);
}
