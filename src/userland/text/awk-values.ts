// awk: values, numbers as text, printf.

import { formatDouble } from '../lib/decimal.ts';

/** A string that came from input and looks like a number compares as one. */
export class StrNum {
  readonly s: string;
  readonly n: number;
  constructor(s: string, n: number) {
    this.s = s;
    this.n = n;
  }
}
/** undefined is the value of what was never set: both 0 and "". */
export type Value = number | string | StrNum | undefined;

const NUMBER = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)/;

const numberOf = (text: string): number => {
  const trimmed = text.trim();
  return /^[-+]/.test(trimmed) ? (trimmed[0] === '-' ? -1 : 1) * Number(trimmed.slice(1)) : Number(trimmed);
};

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  if (value instanceof StrNum) return value.n;
  const match = NUMBER.exec(value);
  return match ? numberOf(match[0]) : 0;
}

/** Input text as a value. */
export function fromInput(text: string): Value {
  const match = NUMBER.exec(text);
  return match && text.slice(match[0].length).trim() === '' ? new StrNum(text, numberOf(match[0])) : text;
}

/** `whole`: integers below it are written without a format (mawk has 32-bit ones). */
export function toText(value: Value, format = '%.6g', whole = 1e16): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (value instanceof StrNum) return value.s;
  return Number.isInteger(value) && Math.abs(value) < whole ? String(value) : (awkPrintf(format, [value]) ?? '');
}

export const truthy = (value: Value): boolean =>
  typeof value === 'string' ? value !== '' : value instanceof StrNum ? value.n !== 0 : (value ?? 0) !== 0;

/** undefined: `strict`, and there are too few arguments. Counterpart: printf of awk */
export function awkPrintf(format: string, args: readonly Value[], convert = '%.6g', strict = false): string | undefined {
  let next = 0;
  const all = format.replace(
    /%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]*([diouxXeEfFgGcsa%])/g,
    (_, flagText: string, widthText: string, precisionText: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      let flags = flagText;
      let width = widthText === '*' ? toNumber(args[next++]) : Number(widthText || 0);
      if (width < 0) {
        flags += '-';
        width = -width;
      }
      const precision =
        precisionText === undefined ? undefined : precisionText === '*' ? toNumber(args[next++]) : Number(precisionText || 0);
      const arg = args[next++];
      let text: string;
      if (kind === 's') text = toText(arg, convert).slice(0, precision);
      else if (kind === 'c')
        text = typeof arg === 'number' || arg instanceof StrNum ? String.fromCharCode(toNumber(arg) & 255) : toText(arg).slice(0, 1);
      else {
        const value = toNumber(arg);
        if (!Number.isFinite(value)) text = Number.isNaN(value) ? '-nan' : value > 0 ? 'inf' : '-inf';
        else if ('di'.includes(kind)) text = String(BigInt(Math.trunc(value)));
        else if ('ouxX'.includes(kind)) {
          const whole = BigInt.asUintN(64, BigInt(Math.trunc(value)));
          text = whole.toString(kind === 'o' ? 8 : kind === 'u' ? 10 : 16);
          if (flags.includes('#') && value !== 0) text = (kind === 'o' ? '0' : kind === 'u' ? '' : '0x') + text;
          if (kind === 'X') text = text.toUpperCase();
        } else if ('fF'.includes(kind)) text = formatDouble(value, 'f', precision, flags.includes('#'));
        else if ('eE'.includes(kind)) text = formatDouble(value, 'e', precision, flags.includes('#'));
        else text = formatDouble(value, 'g', precision, flags.includes('#'));
        if ('EG'.includes(kind)) text = text.toUpperCase();
        if ('diouxX'.includes(kind) && precision !== undefined)
          text = text.replace(/\d+|[0-9a-fA-F]+/, (digits) => digits.padStart(precision, '0'));
        if (!text.startsWith('-') && !'ouxX'.includes(kind)) text = (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text;
        if (flags.includes('0') && !flags.includes('-') && !(precision !== undefined && 'diouxX'.includes(kind))) {
          const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
          text = sign + text.slice(sign.length).padStart(width - sign.length, '0');
        }
      }
      return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
    },
  );
  return strict && next > args.length ? undefined : all;
}

/** Functions of numbers, and of letters' case. */
export function pureFunction(name: string, text: string, x: number, y: number): Value {
  switch (name) {
    case 'int':
      return Math.trunc(x);
    case 'sqrt':
      return Math.sqrt(x);
    case 'exp':
      return Math.exp(x);
    case 'log':
      return Math.log(x);
    case 'sin':
      return Math.sin(x);
    case 'cos':
      return Math.cos(x);
    case 'atan2':
      return Math.atan2(x, y);
    case 'and':
      return Number(BigInt(Math.trunc(x)) & BigInt(Math.trunc(y)));
    case 'or':
      return Number(BigInt(Math.trunc(x)) | BigInt(Math.trunc(y)));
    case 'xor':
      return Number(BigInt(Math.trunc(x)) ^ BigInt(Math.trunc(y)));
    case 'lshift':
      return x * 2 ** y;
    case 'rshift':
      return Math.floor(x / 2 ** y);
    case 'tolower':
      return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    case 'toupper':
      return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
    default:
      return undefined;
  }
}
