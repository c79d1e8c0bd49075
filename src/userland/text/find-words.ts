// Words and numbers of find's expressions.

import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock } from '#abi/mode.ts';

export const TYPES: Readonly<Record<string, (mode: number) => boolean>> = {
  f: isReg,
  d: isDir,
  l: isLnk,
  b: isBlk,
  c: isChr,
  p: isFifo,
  s: isSock,
};
export const UNITS: Readonly<Record<string, number>> = { '': 512, b: 512, c: 1, w: 2, k: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** +N, -N or N against a number. */
export const compare = (text: string, value: number): boolean =>
  text.startsWith('+') ? value > Number(text.slice(1)) : text.startsWith('-') ? value < Number(text.slice(1)) : value === Number(text);
