// Names that look random but follow from the session's random numbers.

/** 64 hex digits. */
export function randomId(random: () => number): string {
  let id = '';
  while (id.length < 64) id += (random() >>> 0).toString(16).padStart(8, '0');
  return id;
}

/** A digest-like name of a text: 64 hex digits, the same for the same text. (FNV-1a with eight seeds.) */
export function pseudoDigest(text: string): string {
  let out = '';
  for (let seed = 0; seed < 8; seed++) {
    let hash = (0x811c9dc5 ^ (seed * 0x9e3779b9)) >>> 0;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    out += hash.toString(16).padStart(8, '0');
  }
  return out;
}

/** A UUID of random digits, as the names of network namespaces have it. */
export function randomUuid(random: () => number): string {
  return randomId(random).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
