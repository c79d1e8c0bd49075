// Byte strings: text tools of the C locale see bytes, not characters. A byte string holds one byte per UTF-16 unit
// (0–255), so that JavaScript's string functions and regular expressions work on bytes and nothing is lost.

import { bytesOf, textOf } from './io.ts';

/** Byte string of bytes. */
export function binOf(bytes: Uint8Array): string {
  let result = '';
  for (let at = 0; at < bytes.length; at += 8192) result += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return result;
}

/** Bytes of a byte string. */
export function unbin(bin: string): Uint8Array {
  const bytes = new Uint8Array(bin.length);
  for (let at = 0; at < bin.length; at++) bytes[at] = bin.charCodeAt(at);
  return bytes;
}

const ASCII = /^[\0-\x7f]*$/;

/** Byte string of a text, as the program would see it in argv. */
export const toBin = (text: string): string => (ASCII.test(text) ? text : binOf(bytesOf(text)));

/** Text of a byte string, as system calls take it. */
export const fromBin = (bin: string): string => (ASCII.test(bin) ? bin : textOf(unbin(bin)));
