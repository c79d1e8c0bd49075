// What bash's line editor writes so that the screen shows its prompt and line: the difference to what stands there, in as few characters
// as the original takes. Counterpart: readline 8.2 display.c for a terminal like xterm: rl_redisplay, update_line, _rl_move_cursor_relative

/** A place on the screen. `before`: escape sequences of the prompt that stand before it and take no column. */
interface Cell {
  readonly text: string;
  readonly marked: boolean; // shown in reverse
  readonly before: string;
}

const same = (a: Cell | undefined, b: Cell | undefined): boolean => a?.text === b?.text && a?.marked === b?.marked;
const plain = (text: string, marked: boolean): Cell => ({ text, marked, before: '' });

/** How the characters of a line are shown: ^X for control characters, spaces up to the next stop for a tab. */
function shown(
  line: string,
  from: number,
  marks: readonly [number, number] | undefined,
): { readonly cells: Cell[]; readonly at: number[] } {
  const cells: Cell[] = [];
  const at: number[] = [];
  [...line].forEach((c, index) => {
    const marked = marks !== undefined && index >= marks[0] && index < marks[1];
    at.push(cells.length);
    const code = c.codePointAt(0) as number;
    if (c === '\t') for (let n = 8 - ((from + cells.length) % 8); n > 0; n--) cells.push(plain(' ', marked));
    else if (code < 32 || code === 127) cells.push(plain('^', marked), plain(String.fromCharCode(code ^ 64), marked));
    else cells.push(plain(c, marked));
  });
  at.push(cells.length);
  return { cells, at };
}

export class Display {
  width = 80;
  out = '';
  private old: Cell[][] = [[]];
  private row = 0;
  private column = 0;
  private prefix = '';
  private prompt: Cell[] = [];
  /** The prompt has sequences that take no column. */
  private hidden = false;
  private hiddenBytes = 0;

  /** Sets the prompt; `\x01` and `\x02` enclose what takes no column, and what stands before its last line is printed once. */
  setPrompt(prompt: string): void {
    const start = prompt.lastIndexOf('\n') + 1;
    this.prefix = prompt.slice(0, start).replace(/[\x01\x02]/g, '');
    this.prompt = [];
    let before = '';
    for (const part of prompt.slice(start).match(/\x01[^\x02]*\x02?|[\s\S]/gu) ?? []) {
      if (part.startsWith('\x01')) before += part.replace(/[\x01\x02]/g, '');
      else {
        this.prompt.push({ text: part, marked: false, before });
        before = '';
      }
    }
    this.hidden = prompt.includes('\x01');
    this.hiddenBytes = this.prompt.reduce((sum, cell) => sum + cell.before.length, 0);
  }

  /** Nothing of this line stands on the screen: everything is drawn. */
  fresh(line: string, point: number): void {
    this.old = [[]];
    this.row = 0;
    this.column = 0;
    this.out += this.prefix;
    if (!this.hidden) {
      this.show(line, point);
      return;
    }
    this.show('', 0);
    this.out += '\x1b[K';
    if (line !== '') this.show(line, point);
  }

  /** Makes the screen show the line with the cursor before character `point`; `marks`: what is shown in reverse. */
  show(line: string, point: number, marks?: readonly [number, number]): void {
    const { width } = this;
    const { cells, at } = shown(line, this.prompt.length, marks);
    const all = [...this.prompt, ...cells];
    const rows: Cell[][] = [];
    for (let from = 0; from <= all.length; from += width) rows.push(all.slice(from, from + width));
    const bottom = rows.length - 1;
    const wasBottom = this.old.length - 1;
    for (const [index, row] of rows.entries()) this.update(this.old[index] ?? [], row, index, bottom, wasBottom);
    for (let index = rows.length; index <= wasBottom; index++) {
      this.vertical(index);
      this.horizontal(0, []);
      this.out += '\x1b[K';
    }
    this.old = rows;
    const cursor = this.prompt.length + (at[[...line.slice(0, point)].length] as number);
    this.vertical(Math.floor(cursor / width));
    this.horizontal(cursor % width, rows[Math.floor(cursor / width)] ?? []);
  }

  /** Draws one row. */
  private update(old: Cell[], next: readonly Cell[], index: number, bottom: number, wasBottom: number): void {
    let before = old;
    // At the right edge the next character makes the terminal wrap.
    if (this.column === this.width && this.row === index - 1) {
      this.write(next.length > 0 ? next.slice(0, 1) : [plain(' ', false)]);
      this.row++;
      this.column = 1;
      if (before.length > 0 && next.length > 0) before = [next[0] as Cell, ...before.slice(1)];
    }
    let first = 0;
    while (first < before.length && first < next.length && same(before[first], next[first])) first++;
    if (first === before.length && first === next.length) return;
    let [end, nextEnd] = [before.length - 1, next.length - 1];
    let blank = true;
    while (end > first && nextEnd > first && same(before[end], next[nextEnd])) {
      if (before[end]?.text !== ' ') blank = false;
      end--;
      nextEnd--;
    }
    if (blank) [end, nextEnd] = [before.length, next.length];
    else if (!same(before[end], next[nextEnd])) {
      end++;
      nextEnd++;
    }
    this.vertical(index);
    this.horizontal(first, before);
    const more = nextEnd - first - (end - first);
    if (more > 0) {
      const growing = index >= wasBottom && bottom > wasBottom;
      if (end < before.length && !growing) {
        this.out += `\x1b[${more}@`;
        this.put(next.slice(first, nextEnd));
      } else this.put(next.slice(first));
      return;
    }
    const left = next.length - first;
    if (2 * left >= -more) {
      if (more < 0) this.out += `\x1b[${-more}P`;
      this.put(next.slice(first, nextEnd));
      return;
    }
    this.put(next.slice(first));
    if (index < bottom) this.out += ' '.repeat(before.length - next.length) + '\b'.repeat(before.length - next.length);
    else this.out += '\x1b[K';
  }

  private put(cells: readonly Cell[]): void {
    this.write(cells);
    this.column += cells.length;
  }

  private write(cells: readonly Cell[]): void {
    let marked = false;
    for (const cell of cells) {
      if (cell.marked !== marked) {
        this.out += cell.marked ? '\x1b[7m' : '\x1b[27m';
        marked = cell.marked;
      }
      this.out += cell.before + cell.text;
    }
    if (marked) this.out += '\x1b[27m';
  }

  private vertical(row: number): void {
    if (row === this.row) return;
    if (row > this.row) {
      this.out += `${'\n'.repeat(row - this.row)}\r`;
      this.column = 0;
    } else this.out += '\x1b[A'.repeat(this.row - row);
    this.row = row;
  }

  /** Moves within a row: back by backspaces or from its beginning, forward by writing what stands there. */
  private horizontal(column: number, cells: readonly Cell[]): void {
    if (column === this.column) return;
    // It counts the hidden part of the prompt for the way from the beginning.
    const far = column + 1 + (this.row === 0 ? this.hiddenBytes : 0);
    if (column === 0 || far < this.column - column || this.column === this.width) {
      this.out += '\r';
      this.column = 0;
    }
    if (column > this.column) this.write(cells.slice(this.column, column));
    else this.out += '\b'.repeat(this.column - column);
    this.column = column;
  }

  /** The last character has been taken back at the end of the line. Counterpart: _rl_erase_at_end_of_line */
  eraseLast(count: number): void {
    const last = this.old.at(-1) as Cell[];
    if (this.column < count || last.length < count) return;
    this.out += '\b'.repeat(count) + ' '.repeat(count) + '\b'.repeat(count);
    last.splice(last.length - count, count);
    this.column -= count;
  }

  /** Goes below the line. */
  leave(): void {
    this.vertical(this.old.length - 1);
    this.out += '\n';
    this.row = 0;
    this.column = 0;
  }

  /** The window has another size: rows are cleared and drawn again. Counterpart: _rl_redisplay_after_sigwinch */
  resize(width: number, line: string, point: number): void {
    this.vertical(this.old.length - 1);
    this.out += '\r\x1b[K';
    for (let row = this.row; row > 0; row--) this.out += '\x1b[A\x1b[K';
    this.width = width;
    this.old = [[]];
    this.row = 0;
    this.out += '\r';
    this.column = 0;
    this.show(line, point);
  }

  clearScreen(line: string, point: number): void {
    this.out += '\x1b[H\x1b[2J';
    this.fresh(line, point);
  }
}
