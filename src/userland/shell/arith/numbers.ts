// Numbers of the shells' arithmetic: 64-bit integers, JavaScript numbers while they are exact, else bigint.

export type Num = number | bigint;

/** What evaluation needs from the shell. */
export interface ArithEnv {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  /** Variables that look like expressions are evaluated again (ash, bash). */
  readonly recursive: boolean;
  /** Variables being evaluated as expressions (ash). */
  busy?: readonly string[] | undefined;
}

export type Compiled = (env: ArithEnv) => Num;

export type ArithProblem = 'syntax' | 'divide' | 'number' | 'paren' | 'exponent' | 'loop' | 'told';

/** Thrown by evaluation, caught where `$((` is expanded. 'told': `token` is the shell's whole message. */
export class ArithFault {
  readonly problem: ArithProblem;
  readonly token: string;
  constructor(problem: ArithProblem, token = '') {
    this.problem = problem;
    this.token = token;
  }
}

/** A value as a 64-bit integer. */
export const wrap = (value: bigint): Num => {
  const w = BigInt.asIntN(64, value);
  return w >= -9007199254740991n && w <= 9007199254740991n ? Number(w) : w;
};
const norm = (value: number): Num | undefined => (Number.isSafeInteger(value) ? value : undefined);
export const B = (value: Num): bigint => BigInt(value);
/** Truth of a value: not zero. */
export const truth = (value: Num): boolean => value !== 0 && value !== 0n;

export const pow = (a: Num, b: Num): Num => {
  if (b < 0) throw new ArithFault('exponent');
  let result = 1n;
  let base = B(a);
  for (let e = B(b); e > 0n; e >>= 1n) {
    if (e & 1n) result = BigInt.asIntN(64, result * base);
    base = BigInt.asIntN(64, base * base);
  }
  return wrap(result);
};

/** Binary operators by their text. */
export const BINARY: Readonly<Record<string, (a: Num, b: Num) => Num>> = {
  '+': (a, b) => (typeof a === 'number' && typeof b === 'number' ? norm(a + b) : undefined) ?? wrap(B(a) + B(b)),
  '-': (a, b) => (typeof a === 'number' && typeof b === 'number' ? norm(a - b) : undefined) ?? wrap(B(a) - B(b)),
  '*': (a, b) => (typeof a === 'number' && typeof b === 'number' ? norm(a * b) : undefined) ?? wrap(B(a) * B(b)),
  '/': (a, b) => {
    if (!truth(b)) throw new ArithFault('divide', '0');
    return typeof a === 'number' && typeof b === 'number' ? Math.trunc(a / b) + 0 : wrap(B(a) / B(b));
  },
  '%': (a, b) => {
    if (!truth(b)) throw new ArithFault('divide', '0');
    return typeof a === 'number' && typeof b === 'number' ? (a % b) + 0 : wrap(B(a) % B(b));
  },
  '**': pow,
  '<<': (a, b) => wrap(B(a) << (B(b) & 63n)),
  '>>': (a, b) => wrap(B(a) >> (B(b) & 63n)),
  '&': (a, b) => wrap(B(a) & B(b)),
  '|': (a, b) => wrap(B(a) | B(b)),
  '^': (a, b) => wrap(B(a) ^ B(b)),
  '<': (a, b) => (a < b ? 1 : 0),
  '>': (a, b) => (a > b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '>=': (a, b) => (a >= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
};
