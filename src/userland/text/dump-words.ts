// How od, hexdump and xxd write bytes that are no letters.

/** In C's escapes. */
export const CHAR: Readonly<Record<number, string>> = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
};

/** ASCII's names of the control characters. */
export const CONTROLS =
  'nul soh stx etx eot enq ack bel bs ht lf vt ff cr so si dle dcl dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us'.split(' ');
