// Arrays of bash: their elements, the order in which they are listed, and the texts that show them.

export interface Elements {
  readonly assoc: boolean;
  /** Keys of an indexed array are decimal numbers. */
  readonly map: Map<string, string>;
}

/** An element of `name=(…)` after expansion. */
export interface Given {
  readonly index: string | undefined;
  readonly append: boolean;
  readonly value: string;
}

const BUCKETS = 1024;

/** Counterpart: hash_string, hashlib.c of bash 5.2 (FNV-1 with additions) */
function bucket(key: string): number {
  let hash = 2166136261;
  for (const byte of new TextEncoder().encode(key)) {
    hash = (hash + (hash << 1) + (hash << 4) + (hash << 7) + (hash << 8) + (hash << 24)) >>> 0;
    hash = (hash ^ byte) >>> 0;
  }
  return hash & (BUCKETS - 1);
}

/** The keys in the order of `${!a[@]}`: by number, or bucket by bucket with the newest of each first. */
export function keysOf({ assoc, map }: Elements): string[] {
  const keys = [...map.keys()];
  if (!assoc) return keys.sort((a, b) => Number(a) - Number(b));
  return keys.reverse().sort((a, b) => bucket(a) - bucket(b));
}

/** The values in the order of the keys. */
export const valuesOf = (elements: Elements): string[] => keysOf(elements).map((key) => elements.map.get(key) as string);

/** The number after the highest of an indexed array. */
export const nextIndex = ({ map }: Elements): number => [...map.keys()].reduce((top, key) => Math.max(top, Number(key) + 1), 0);
