// Resource quantities: parsing, comparison and the canonical text.

export const QUANTITY_ERROR = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export interface Quantity {
  readonly canonical: string;
  /** The amount in units of 10^-9. */
  readonly nano: bigint;
}

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
};

/**
 * Parses a quantity; undefined if malformed. Amounts below 10^-9 round up.
 * Counterpart: k8s.io/apimachinery/pkg/api/resource ParseQuantity, String.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d+\.?\d*|\.\d+)(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][-+]?\d+)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}` || '0');
  const exponential = /^[eE][-+]?\d/.test(suffix);
  const binary = BINARY[suffix];
  const power = 9 - fraction.length + (exponential ? Number(suffix.slice(1)) : binary === undefined ? (DECIMAL[suffix] ?? 0) : 0);
  const scaled = binary === undefined ? mantissa : mantissa * binary;
  const amount = power >= 0 ? scaled * 10n ** BigInt(Math.min(power, 60)) : (scaled + 10n ** BigInt(-power) - 1n) / 10n ** BigInt(-power);
  const nano = sign === '-' ? -amount : amount;
  return { nano, canonical: canonical(nano, binary !== undefined ? 'binary' : exponential ? 'exponent' : 'decimal') };
}

function canonical(nano: bigint, format: 'binary' | 'decimal' | 'exponent'): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const amount = nano < 0n ? -nano : nano;
  if (format === 'binary' && amount % 1_000_000_000n === 0n && amount >= 1024n * 1_000_000_000n) {
    let value = amount / 1_000_000_000n;
    let suffix = '';
    for (const next of Object.keys(BINARY)) {
      if (value % 1024n !== 0n) break;
      value /= 1024n;
      suffix = next;
    }
    return sign + value + suffix;
  }
  let value = amount;
  let exponent = -9;
  while (value % 1000n === 0n && exponent < 18) {
    value /= 1000n;
    exponent += 3;
  }
  if (format === 'exponent') return `${sign}${value}${exponent === 0 ? '' : `e${exponent}`}`;
  return sign + value + (Object.entries(DECIMAL).find(([, e]) => e === exponent)?.[0] ?? '');
}

/** The value of an already stored quantity; malformed ones count as zero. */
export const nanoOf = (text: string): bigint => parseQuantity(text)?.nano ?? 0n;

/** The sum of stored quantities, in the first one's format. Counterpart: Quantity.Add */
export function sumOf(texts: readonly string[]): string {
  const total = texts.reduce((sum, text) => sum + nanoOf(text), 0n);
  return canonical(total, /[KMGTPE]i$/.test(texts[0] ?? '') ? 'binary' : 'decimal');
}
