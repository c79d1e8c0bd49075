// The seeded generator of the machine.

/** The next state and a number, 0 ≤ value < 2^32. Counterpart: mulberry32 */
export function mulberry32(state: number): { readonly seed: number; readonly value: number } {
  const seed = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return { seed, value: (t ^ (t >>> 14)) >>> 0 };
}
