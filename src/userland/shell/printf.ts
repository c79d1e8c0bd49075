// printf(1), the same engine for the builtins and the programs. Counterpart: dash printf.c, busybox printf.c, coreutils.

import { shellQuote } from '../lib/quote.ts';
import { echoEscapes } from './escapes.ts';

export type PrintfStyle = 'ash' | 'dash' | 'bash' | 'gnu';

export interface Printed {
  readonly text: string;
  readonly errors: readonly string[];
  readonly status: number;
}

const LONG = /^%([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?(?:hh|h|ll|l|L|j|z|t|q(?=\w))?([a-zA-Z%(])/;
/** dash knows no lengths. */
const SHORT = /^%([-+ #0]*)(\*|\d+)?(?:\.(\*|-?\d+)?)?([a-zA-Z%(])/;

const pad = (s: string, flags: string, width: number): string =>
  s.length >= width
    ? s
    : flags.includes('-')
      ? s.padEnd(width)
      : flags.includes('0')
        ? s.replace(/^([-+ ]?(?:0x)?)(.*)$/s, (_, sign: string, rest: string) => sign + rest.padStart(width - sign.length, '0'))
        : s.padStart(width);

/** Formats arguments; the format is used again while arguments are left. */
export function printf(format: string, args: readonly string[], style: PrintfStyle): Printed {
  const errors: string[] = [];
  let status = 0;
  let text = '';
  let at = 0;
  const fail = (message: string): void => {
    errors.push(message);
    status = 1;
  };
  const number = (given: string | undefined, signed = true): bigint => {
    const arg = given ?? '';
    if (arg === '' && style !== 'ash') return 0n;
    if (/^["']/.test(arg)) return BigInt(arg.codePointAt(1) ?? 0);
    const m = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(arg);
    let value = m ? BigInt(/^0[0-7]+$/.test(m[2] as string) ? `0o${(m[2] as string).slice(1)}` : (m[2] as string)) : 0n;
    if (!m || m[0].length < arg.length) {
      fail(
        style === 'ash'
          ? `invalid number '${arg}'`
          : style === 'dash'
            ? `${arg}: ${m ? 'not completely converted' : 'expected numeric value'}`
            : style === 'bash'
              ? `${arg}: invalid number`
              : `'${arg}': ${m ? 'value not completely converted' : 'expected a numeric value'}`,
      );
    }
    if (m?.[1] === '-') value = -value;
    if (style === 'ash' && (!m || m[0].length < arg.length)) return 0n;
    const [low, high] = [-(1n << 63n), (1n << 63n) - 1n];
    if (value < low || value > (1n << 64n) - 1n || (value > high && signed)) {
      fail(
        style === 'ash'
          ? `invalid number '${arg}'`
          : style === 'gnu'
            ? `'${arg}': Numerical result out of range`
            : `${style === 'bash' ? 'warning: ' : ''}${arg}: Numerical result out of range`,
      );
      return style === 'ash' ? 0n : value < low ? low : signed ? high : (1n << 64n) - 1n;
    }
    return value;
  };
  const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
  do {
    const start = at;
    for (let i = 0; i < format.length; i++) {
      const c = format[i] as string;
      if (c === '\\') {
        if (format[i + 1] === 'c' && style !== 'dash') return { text, errors, status };
        const m = /^\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|"|.)/s.exec(format.slice(i));
        if (!m) {
          text += '\\';
          continue;
        }
        i += m[0].length - 1;
        text +=
          m[0] === '\\c'
            ? m[0]
            : m[0] === '\\"'
              ? '"'
              : /^\\[0-7]/.test(m[0])
                ? String.fromCharCode(Number.parseInt(m[0].slice(1), 8) & 255)
                : echoEscapes(m[0], style !== 'dash').text;
        continue;
      }
      if (c !== '%') {
        text += c;
        continue;
      }
      const m = (style === 'dash' ? SHORT : LONG).exec(format.slice(i));
      if (!m) {
        fail(style === 'ash' ? `${format}: invalid format` : style === 'dash' ? 'missing format character' : `%: invalid directive`);
        return { text, errors, status: style === 'dash' ? 2 : 1 };
      }
      const from = i;
      i += m[0].length - 1;
      const conv = m[m.length - 1] as string;
      if (conv === '%' && (m[0] === '%%' || (style !== 'ash' && style !== 'dash'))) {
        text += '%';
        continue;
      }
      let flags = m[1] as string;
      let width = m[2] === '*' ? Number(number(args[at++])) : Number(m[2] ?? 0);
      if (width < 0) {
        flags += '-';
        width = -width;
      }
      const dot = m[0].includes('.');
      const precision = !dot ? undefined : m[3] === '*' ? Number(number(args[at++])) : Number(m[3] ?? 0);
      if (!'diouxXcsbqeEfFgGaA'.includes(conv) || (conv === 'q' && (style === 'dash' || style === 'ash'))) {
        fail(
          style === 'ash'
            ? `${format.slice(from).replace(/^(%[-+ #0-9.*]*)(?:hh|h|ll|l|L|j|z|t)/, '$1')}: invalid format`
            : style === 'dash'
              ? `${m[0]}: invalid directive`
              : style === 'bash'
                ? `\`${conv}': invalid format character`
                : // Lengths of numbers are passed over; what follows is the conversion.
                  `${m[0]}${/[hlLjzt]/.test(conv) ? (format[i + 1] ?? '') : ''}: invalid conversion specification`,
        );
        return { text, errors, status: style === 'dash' ? 2 : 1 };
      }
      const arg = args[at++];
      if (conv === 's' || conv === 'b' || conv === 'c' || conv === 'q') {
        let s = arg ?? '';
        if (conv === 'b') {
          const got = echoEscapes(s, style !== 'dash');
          s = got.text;
          if (got.stop) return { text: text + pad(s, flags.replace('0', ''), width), errors, status };
        } else if (conv === 'c') s = [...s][0] ?? '\0';
        else if (conv === 'q' && style === 'gnu') s = shellQuote(s, false);
        else if (conv === 'q') s = s === '' ? "''" : s.replace(/[^A-Za-z0-9_@%+=:,./-]/g, '\\$&');
        if (precision !== undefined && conv !== 'c') s = s.slice(0, precision);
        text += pad(s, flags.replace('0', ''), width);
      } else if ('diouxX'.includes(conv)) {
        const value = number(arg, conv === 'd' || conv === 'i');
        let digits: string;
        if (conv === 'd' || conv === 'i') {
          digits = (value < 0n ? -value : value).toString().padStart(precision ?? 0, '0');
          digits = (value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + digits;
        } else {
          const u = unsigned(value);
          digits = (conv === 'u' ? u.toString() : conv === 'o' ? u.toString(8) : u.toString(16)).padStart(precision ?? 0, '0');
          if (flags.includes('#') && u !== 0n) digits = (conv === 'o' ? '0' : conv === 'u' ? '' : '0x') + digits;
          if (conv === 'X') digits = digits.toUpperCase();
        }
        text += pad(digits, precision === undefined ? flags : flags.replace('0', ''), width);
      } else {
        const value = arg === undefined || arg === '' ? 0 : Number(arg);
        if (Number.isNaN(value))
          fail(
            style === 'ash' ? `invalid number '${arg}'` : style === 'dash' ? `${arg}: expected numeric value` : `${arg}: invalid number`,
          );
        text += pad(
          (value >= 0 && flags.includes('+') ? '+' : '') + float(Number.isNaN(value) ? 0 : value, conv, precision ?? 6),
          flags,
          width,
        );
      }
    }
    if (at === start) break;
  } while (at < args.length);
  return { text, errors, status };
}

function float(value: number, conv: string, precision: number): string {
  const expo = (s: string): string => s.replace(/e([-+])(\d)$/, 'e$10$2');
  const lower = conv.toLowerCase();
  let s = lower === 'f' ? value.toFixed(precision) : lower === 'e' ? expo(value.toExponential(precision)) : '';
  if (s === '') {
    const p = precision === 0 ? 1 : precision;
    const e = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
    s = e < -4 || e >= p ? expo(value.toExponential(p - 1)).replace(/\.?0+e/, 'e') : value.toFixed(Math.max(0, p - 1 - e));
    if (s.includes('.') && !s.includes('e')) s = s.replace(/\.?0+$/, '');
  }
  return conv === lower ? s : s.toUpperCase();
}
