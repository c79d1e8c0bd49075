// Times as Go prints them.

/** `2026-11-23T07:45:02.123456789Z`, without zeros at the end of the fraction. Counterpart: time.RFC3339Nano in UTC */
export function rfc3339Nano(ns: bigint): string {
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}
