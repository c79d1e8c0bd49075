// gzip's file form over the deflate of fflate. Counterpart: gzip(1), RFC 1952
// fflate because it is synchronous and small; the browser's own streams answer later, which a deterministic program cannot wait for.

import { gunzipSync, gzipSync } from 'fflate';

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

type Level = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/** A gzip file with this name in it. Deviates: sizes differ a little from zlib's; the time in it is zero, as with `gzip -n`. */
export const compress = (bytes: Uint8Array, filename: string, level = 6): Uint8Array =>
  gzipSync(bytes, { level: level as Level, mtime: 0, ...(filename !== '' && { filename }) });

/** What a gzip file holds; undefined when it is none or is damaged. */
export function decompress(bytes: Uint8Array): Uint8Array | undefined {
  if (!isGzip(bytes)) return undefined;
  try {
    return gunzipSync(bytes);
  } catch {
    // fflate throws for damaged input; to us that is a value.
    return undefined;
  }
}
