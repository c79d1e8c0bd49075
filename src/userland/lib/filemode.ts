// chmod(1)'s mode language.

import { isDir } from '#abi/mode.ts';

/**
 * The new permission bits for a mode text, or undefined when it is malformed.
 * Counterpart: mode_compile and mode_adjust of gnulib; bb_parse_mode of busybox
 * Deviates: none known; `umask` matters only where no who is given.
 */
export function applyMode(text: string, mode: number, umask: number, gnu: boolean): number | undefined {
  const old = mode & 0o7777;
  if (/^[0-7]+$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    if (bits > 0o7777) return undefined;
    // GNU leaves set-id bits of a directory alone unless the number mentions them or has five digits.
    return gnu && isDir(mode) && text.length < 5 ? bits | (old & 0o6000) : bits;
  }
  let bits = old;
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]|[0-7]+))+)$/.exec(clause);
    // Only GNU takes numbers after an operator, and only for everybody.
    if (!match || (/[0-7]/.test(clause) && !(gnu && match[1] === ''))) return undefined;
    const who = match[1] as string;
    const all = who === '' || who.includes('a');
    const mask =
      (all || who.includes('u') ? 0o4700 : 0) |
      (all || who.includes('g') ? 0o2070 : 0) |
      (all || who.includes('o') ? 0o007 : 0) |
      (all ? 0o1000 : 0) |
      (who.includes('o') ? 0o1000 : 0);
    for (const [, op, perm = ''] of (match[2] as string).matchAll(/([-+=])([rwxXst]*[rwxXst]|[ugo]|[0-7]+|)/g)) {
      let value = 0;
      let affected = mask;
      if (/^[0-7]+$/.test(perm)) {
        value = Number.parseInt(perm, 8);
        affected = 0o7777;
      } else if (/^[ugo]$/.test(perm)) {
        const triple = (bits >> { u: 6, g: 3, o: 0 }[perm as 'u' | 'g' | 'o']) & 7;
        value = triple * 0o111;
      } else {
        for (const letter of perm) {
          if (letter === 'r') value |= 0o444;
          if (letter === 'w') value |= 0o222;
          if (letter === 'x' || (letter === 'X' && (isDir(mode) || (gnu || op !== '=' ? bits : bits & ~mask) & 0o111))) value |= 0o111;
          if (letter === 's') value |= 0o6000;
          if (letter === 't') value |= 0o1000;
        }
      }
      value &= affected;
      if (who === '' && !/^[0-7]+$/.test(perm)) value &= ~umask;
      if (op === '+') bits |= value;
      else if (op === '-') bits &= ~value;
      else {
        // GNU: = keeps a directory's set-id bits unless s is mentioned.
        const keep = gnu && isDir(mode) && !perm.includes('s') && !/^[0-7]/.test(perm) ? 0o6000 : 0;
        bits = (bits & (~affected | keep)) | value;
      }
    }
  }
  return bits & 0o7777;
}
