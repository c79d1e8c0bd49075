// Byte strings: text tools of the C locale see bytes, not characters. A byte string holds one byte per UTF-16 unit
// (0–255), so that JavaScript's string functions and regular expressions work on bytes and nothing is lost.

import { bytesOf, textOf } from './io.ts';

const CHUNK = 8192;

/** Byte string of bytes. */
export function binOf(bytes: Uint8Array): string {
  // The decoder of UTF-8 is by far the quickest way, where all bytes are ASCII: a text of as many characters without U+FFFD.
  const text = textOf(bytes);
  if (text.length === bytes.length && !text.includes('\ufffd')) return text;
  let result = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    result += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  return result;
}

/** Bytes of a byte string. */
export function unbin(bin: string): Uint8Array {
  const ascii = bytesOf(bin);
  if (ascii.length === bin.length) return ascii;
  const bytes = new Uint8Array(bin.length);
  for (let at = 0; at < bin.length; at++) bytes[at] = bin.charCodeAt(at);
  return bytes;
}

const ASCII = /^[\0-\x7f]*$/;

/** Byte string of a text, as the program would see it in argv. */
export const toBin = (text: string): string => (ASCII.test(text) ? text : binOf(bytesOf(text)));

/** Text of a byte string, as system calls take it. */
export const fromBin = (bin: string): string => (ASCII.test(bin) ? bin : textOf(unbin(bin)));
