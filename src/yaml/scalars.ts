// What a plain scalar means to kubectl: YAML 1.1 as go-yaml v2 (the fork in sigs.k8s.io/yaml) reads it.

export type ScalarValue = string | number | boolean | null;

const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/**
 * The value of a plain, untagged scalar.
 * Counterpart: sigs.k8s.io/yaml/goyaml.v2 resolve.go `resolve`.
 * Deviates: integers beyond 2^53 lose precision; timestamps stay text (as they do on the way to JSON).
 */
export function resolvePlain(text: string): ScalarValue {
  if (NULL.has(text)) return null;
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (!/^[-+.0-9]/.test(text)) return text;
  const plain = text.replaceAll('_', '');
  const integer = goInteger(plain);
  if (integer !== undefined) return integer;
  if (FLOAT.test(plain)) return Number(plain);
  return text;
}

/** strconv.ParseInt with base 0, then go-yaml's own "0b" and "0o" forms; undefined: not an integer. */
function goInteger(text: string): number | undefined {
  const negative = text.startsWith('-');
  const digits = /^[-+]/.test(text) ? text.slice(1) : text;
  const sign = (value: number): number => (negative && value !== 0 ? -value : value);
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return sign(Number.parseInt(digits.slice(2), 16));
  if (/^0[bB][01]+$/.test(digits)) return sign(Number.parseInt(digits.slice(2), 2));
  if (/^0[oO]?[0-7]+$/.test(digits)) return sign(Number.parseInt(digits.replace(/^0[oO]?/, ''), 8));
  if (/^(0|[1-9][0-9]*)$/.test(digits)) return sign(Number(digits));
  return undefined;
}

/** Whether a text written plainly would be read back as something else than this text. */
export function plainMeansOther(text: string): boolean {
  return (
    typeof resolvePlain(text) !== 'string' ||
    /^\d{4}-\d{1,2}-\d{1,2}([Tt ].*)?$/.test(text) ||
    /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/.test(text)
  );
}
