// What wc counts, over bytes as they come: nothing is kept.

const TAB = 9;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/** Lines, words, bytes and the longest line of an input. Counterpart: wc(1) in the C locale, where a character is a byte */
export class WordCount {
  lines = 0;
  words = 0;
  bytes = 0;
  private widest = 0;
  private width = 0;
  private inWord = false;

  add(chunk: Uint8Array): void {
    let { lines, words, inWord, width, widest } = this;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte > SPACE || byte < TAB || (byte > CARRIAGE_RETURN && byte < SPACE)) {
        if (!inWord) words++;
        inWord = true;
        width++;
        continue;
      }
      inWord = false;
      if (byte === NEWLINE) {
        lines++;
        if (width > widest) widest = width;
        width = 0;
      } else if (byte === TAB) width += 8 - (width % 8);
      else width++;
    }
    this.bytes += chunk.length;
    Object.assign(this, { lines, words, inWord, width, widest });
  }

  /** Length of the longest line, tabs expanded. */
  get longest(): number {
    return Math.max(this.widest, this.width);
  }
}
