// The escapes of busybox's tools: one letter, up to three octal digits, \x with one or two hexadecimal ones.

import { LETTERS } from './escape-letters.ts';

/**
 * Reads what stands behind a backslash at `at`: the byte and the index behind it. What is no escape gives the backslash and stays there.
 * Counterpart: busybox libbb/process_escape_sequence.c, bb_process_escape_sequence()
 */
export function busyboxEscape(text: string, at: number): { readonly byte: string; readonly next: number } {
  const hex = /^x([0-9a-fA-F]{1,2})/.exec(text.slice(at, at + 3));
  if (hex) return { byte: String.fromCharCode(Number.parseInt(hex[1] as string, 16)), next: at + hex[0].length };
  let [octal = ''] = /^[0-7]{1,3}/.exec(text.slice(at, at + 3)) ?? [];
  if (Number.parseInt(octal, 8) > 255) octal = octal.slice(0, 2);
  if (octal !== '') return { byte: String.fromCharCode(Number.parseInt(octal, 8)), next: at + octal.length };
  const letter = LETTERS[text[at] ?? ''];
  return letter === undefined ? { byte: '\\', next: at } : { byte: letter, next: at + 1 };
}

/**
 * A text with all its escapes read. `dropped`: the backslash before a character that makes no escape goes.
 * Counterpart: strcpy_and_process_escape_sequences(); nextchar() of awk
 */
export function busyboxUnescape(text: string, dropped = false): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '\\') {
      result += text[at++];
      continue;
    }
    const { byte, next } = busyboxEscape(text, at + 1);
    const unknown = dropped && next === at + 1 && next < text.length;
    result += unknown ? text[next] : byte;
    at = unknown ? next + 1 : next;
  }
  return result;
}
