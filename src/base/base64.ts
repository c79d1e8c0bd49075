// Base64 without the page's helpers. Counterpart: RFC 4648

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes behind a base64 text; characters outside the alphabet are skipped. */
export function bytesOfBase64(text: string): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) continue;
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.push((bits >> held) & 255);
    bits &= (1 << held) - 1;
  }
  return Uint8Array.from(out);
}

/** The URL-safe form without padding, as in a JSON Web Token. */
export function base64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const length = Math.min(bytes.length - i, 3) + 1;
    for (let c = 0; c < length; c++) text += ALPHABET[(group >> (18 - 6 * c)) & 63];
  }
  return text.replace(/\+/g, '-').replace(/\//g, '_');
}
