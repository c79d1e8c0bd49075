/** A time as API objects carry it: RFC 3339 in whole seconds. Counterpart: metav1.Time. */
export const rfc3339 = (nanoseconds: bigint): string =>
  new Date(Number(nanoseconds / 1_000_000_000n) * 1000).toISOString().replace('.000Z', 'Z');
