// Floating numbers as printf(3) of C writes them: the exact value is rounded, a tie to the even digit.

/** `value` times ten to the `digits`, as a whole number. */
function scaled(value: number, digits: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const raw = Number((word >> 52n) & 0x7ffn);
  const mantissa = (word & 0xfffffffffffffn) | (raw === 0 ? 0n : 1n << 52n);
  const exponent = Math.max(raw, 1) - 1075;
  let top = mantissa * (digits > 0 ? 10n ** BigInt(digits) : 1n) * (exponent > 0 ? 1n << BigInt(exponent) : 1n);
  const bottom = (exponent < 0 ? 1n << BigInt(-exponent) : 1n) * (digits < 0 ? 10n ** BigInt(-digits) : 1n);
  const rest = top % bottom;
  top /= bottom;
  return 2n * rest > bottom || (2n * rest === bottom && top % 2n === 1n) ? top + 1n : top;
}

const pointed = (digits: string, places: number): string =>
  places === 0 ? digits : `${digits.padStart(places + 1, '0').slice(0, -places)}.${digits.padStart(places + 1, '0').slice(-places)}`;

/** Digits and exponent of `d.ddde±xx` with so many places. */
function scientific(value: number, places: number): { readonly text: string; readonly exponent: number } {
  if (value === 0) return { text: pointed('0'.repeat(places + 1), places), exponent: 0 };
  let exponent = Number(value.toExponential().split('e')[1]);
  let digits = String(scaled(value, places - exponent));
  if (digits.length > places + 1) {
    exponent++;
    digits = String(scaled(value, places - exponent));
  }
  return { text: pointed(digits, places), exponent };
}

const withExponent = (text: string, exponent: number): string =>
  `${text}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;

/**
 * %f, %e and %g of a finite number, without flags but `#` (`alternate`).
 * Counterpart: printf(3) of glibc
 */
export function formatDouble(value: number, letter: 'f' | 'e' | 'g', precision = 6, alternate = false): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const places = Math.min(precision, 400);
  if (letter === 'f') return sign + pointed(String(scaled(size, places)), places) + (alternate && places === 0 ? '.' : '');
  if (letter === 'e') {
    const { text, exponent } = scientific(size, places);
    return sign + withExponent(text + (alternate && places === 0 ? '.' : ''), exponent);
  }
  const digits = Math.max(1, places);
  const { text, exponent } = scientific(size, digits - 1);
  const short = (shown: string): string => (!alternate && shown.includes('.') ? shown.replace(/\.?0+$/, '') : shown);
  if (exponent < -4 || exponent >= digits) return sign + withExponent(short(text), exponent);
  return sign + short(pointed(String(scaled(size, digits - 1 - exponent)), digits - 1 - exponent));
}
