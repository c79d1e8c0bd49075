// The line on the screen as busybox draws it: every change is written at once, in as few characters as the original takes.
// Counterpart: busybox 1.35 libbb/lineedit.c with upstream's default configuration: Unicode, where every character takes one column.

/** Characters beyond are shown as a question mark (CONFIG_LAST_SUPPORTED_WCHAR). */
const LAST_CHARACTER = 767;

const blankOrPunct = (c: string): boolean => /[ !-/:-@[-`{-~]/.test(c);

export class AshLine {
  text = '';
  cursor = 0;
  width = 80;
  /** What has been drawn and not yet written. */
  out = '';
  private column = 0;
  private row = 0;
  private whole = '';
  private lastLine = '';
  private promptWidth = 0;

  /** Begins an empty line behind a prompt; `\x01` and `\x02` in it enclose what takes no column. */
  begin(prompt: string): void {
    this.text = '';
    this.cursor = 0;
    this.setPrompt(prompt);
    this.out += this.whole;
    this.toPromptEnd();
  }

  setPrompt(prompt: string): void {
    this.whole = prompt.replace(/[\x01\x02]/g, '');
    const last = prompt.slice(prompt.lastIndexOf('\n') + 1);
    this.lastLine = last.replace(/[\x01\x02]/g, '');
    this.promptWidth = last.replace(/\x01[^\x02]*\x02?/g, '').length;
  }

  private toPromptEnd(): void {
    this.cursor = 0;
    this.row = Math.floor(this.promptWidth / this.width);
    this.column = this.promptWidth % this.width;
  }

  beep(): void {
    this.out += '\x07';
  }

  /** Draws the character under the cursor and steps over it; at the edge it goes to the next row by force. */
  forward(): void {
    if (this.cursor >= this.text.length) return;
    const c = this.text[this.cursor++] as string;
    this.out += c.charCodeAt(0) > LAST_CHARACTER ? '?' : c;
    if (++this.column < this.width) return;
    this.out += '\r\n';
    this.row++;
    this.column = 0;
  }

  end(): void {
    while (this.cursor < this.text.length) this.forward();
  }

  back(count: number): void {
    let left = Math.min(count, this.cursor);
    if (left === 0) return;
    this.cursor -= left;
    if (this.column >= left) {
      this.column -= left;
      this.out += left <= 4 ? '\b'.repeat(left) : `\x1b[${left}D`;
      return;
    }
    left -= this.column;
    const up = 1 + Math.floor((left - 1) / this.width);
    this.column = (this.width * up - left) % this.width;
    this.row -= up;
    this.out += `\r\x1b[${up}A${this.column ? `\x1b[${this.column}C` : ''}`;
  }

  /** Draws prompt and line anew; the cursor ends `behind` characters before the end. */
  redraw(behind: number, row = this.row, whole = false): void {
    if (row > 0) this.out += `\x1b[${row}A`;
    this.out += `\r${whole ? this.whole : this.lastLine}`;
    this.toPromptEnd();
    this.end();
    this.out += '\x1b[J';
    this.back(behind);
  }

  /** The window has another width. */
  resize(width: number): void {
    const behind = this.text.length - this.cursor;
    this.width = width;
    this.redraw(behind);
  }

  replace(text: string): void {
    this.text = text;
    this.redraw(0);
  }

  insert(c: string): void {
    const at = this.cursor;
    this.text = this.text.slice(0, at) + c + this.text.slice(at);
    if (at === this.text.length - 1) this.forward();
    else {
      this.end();
      this.back(this.cursor - at - 1);
    }
  }

  delete(): void {
    const at = this.cursor;
    if (at === this.text.length) return;
    this.text = this.text.slice(0, at) + this.text.slice(at + 1);
    this.end();
    this.out += '\x1b[J';
    this.back(this.cursor - at);
  }

  backspace(): void {
    if (this.cursor === 0) return;
    this.back(1);
    this.delete();
  }

  killToEnd(): void {
    this.text = this.text.slice(0, this.cursor);
    this.out += '\x1b[J';
  }

  killToStart(): void {
    if (this.cursor === 0) return;
    this.text = this.text.slice(this.cursor);
    this.redraw(this.text.length);
  }

  eraseWord(): void {
    while (this.cursor > 0 && /\s/.test(this.text[this.cursor - 1] as string)) this.backspace();
    while (this.cursor > 0 && !/\s/.test(this.text[this.cursor - 1] as string)) this.backspace();
  }

  wordLeft(): void {
    for (;;) {
      this.back(1);
      if (this.cursor === 0) return;
      if (blankOrPunct(this.text[this.cursor] as string)) continue;
      while (this.cursor > 0 && !blankOrPunct(this.text[this.cursor - 1] as string)) this.back(1);
      return;
    }
  }

  wordRight(): void {
    while (this.cursor < this.text.length && blankOrPunct(this.text[this.cursor] as string)) this.forward();
    while (this.cursor < this.text.length && !blankOrPunct(this.text[this.cursor] as string)) this.forward();
  }

  deleteWord(): void {
    const from = this.cursor;
    this.wordRight();
    const count = this.cursor - from;
    this.back(count);
    for (let n = 0; n < count; n++) this.delete();
  }

  eraseWordLeft(): void {
    let from = this.cursor;
    this.wordLeft();
    while (from-- > this.cursor) this.delete();
  }

  clearScreen(): void {
    this.out += '\x1b[H\x1b[J';
    this.redraw(this.text.length - this.cursor, 0, true);
  }

  /** Leaves the line: the cursor goes below it. */
  leave(): void {
    this.end();
    if (this.column > 0) this.out += '\n';
    this.column = 0;
  }
}
