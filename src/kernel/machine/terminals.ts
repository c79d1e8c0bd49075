// What the outside takes from a terminal.

import { causeOf } from '../causes.ts';
import type { Kernel } from '../context.ts';
import { takeOutput } from '../tty/tty.ts';

/** Output that is about one refused call (the id of its record), or about none. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly cause: number | undefined;
}

/** Everything a terminal printed since the last call. */
export function takePieces(k: Kernel, tty: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (;;) {
    const bytes = takeOutput(k, tty, Number.MAX_SAFE_INTEGER);
    if (bytes.length === 0) break;
    pieces.push({ bytes, cause: causeOf(bytes) });
  }
  if (pieces.length > 0) k.wake(`ttyw:${tty}`);
  return pieces;
}

/** The bytes of all pieces. */
export function joined(pieces: readonly Piece[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of pieces) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}
