// The text vi works on: lines of bytes, a cursor, and what can be undone.

interface Snapshot {
  readonly lines: readonly string[];
  readonly row: number;
  readonly col: number;
}

const SPACE = /[ \t]/;
const WORD = /[A-Za-z0-9_\x80-\xff]/;
const kind = (c: string | undefined): number => (c === undefined || SPACE.test(c) ? 0 : WORD.test(c) ? 1 : 2);

export class Buffer {
  lines: string[];
  row = 0;
  col = 0;
  modified = false;
  /** What was done with whole lines, to be told once. */
  note: string | undefined;
  /** What y and d took: whole lines, or a part of one. */
  register: { readonly text: readonly string[]; readonly whole: boolean } = { text: [], whole: true };
  private readonly past: Snapshot[] = [];

  constructor(text: string) {
    this.lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`;
  }

  get line(): string {
    return this.lines[this.row] as string;
  }

  set line(text: string) {
    this.lines[this.row] = text;
    this.modified = true;
  }

  /** Remembers the state before a change. */
  mark(): void {
    this.past.push({ lines: [...this.lines], row: this.row, col: this.col });
  }

  /** Back to the state before the last change; false when there is none. */
  undo(): boolean {
    const last = this.past.pop();
    if (!last) return false;
    this.lines = [...last.lines];
    this.row = last.row;
    this.col = last.col;
    this.modified = true;
    return true;
  }

  /** Keeps the cursor on the text; while inserting it may stand behind the last letter. */
  settle(inserting: boolean): void {
    this.row = Math.max(0, Math.min(this.lines.length - 1, this.row));
    this.col = Math.max(0, Math.min(this.line.length - (inserting ? 0 : 1), this.col));
  }

  insert(text: string): void {
    this.line = this.line.slice(0, this.col) + text + this.line.slice(this.col);
    this.col += text.length;
  }

  split(): void {
    const rest = this.line.slice(this.col);
    this.line = this.line.slice(0, this.col);
    this.lines.splice(++this.row, 0, rest);
    this.col = 0;
  }

  /** Joins a line with the next, with so much between. */
  join(row: number, glue: string): void {
    const next = this.lines[row + 1];
    if (next === undefined) return;
    this.lines.splice(row, 2, (this.lines[row] as string) + glue + next);
    this.modified = true;
  }

  backspace(): void {
    if (this.col > 0) {
      this.line = this.line.slice(0, this.col - 1) + this.line.slice(this.col);
      this.col--;
    } else if (this.row > 0) {
      this.row--;
      this.col = this.line.length;
      this.join(this.row, '');
    }
  }

  /** `Delete 1 lines (8 chars) from [D]` */
  private tell(what: string): void {
    const { text } = this.register;
    this.note = `${what} ${text.length} lines (${text.reduce((sum, line) => sum + line.length + 1, 0)} chars) from [D]`;
  }

  /** Copies lines into the register. */
  yankLines(from: number, to: number): void {
    this.register = { text: this.lines.slice(from, to + 1), whole: true };
    this.tell('Yank');
  }

  /** Takes out lines into the register. */
  cutLines(from: number, to: number): void {
    const [low, high] = [Math.min(from, to), Math.min(this.lines.length - 1, Math.max(from, to))];
    this.register = { text: this.lines.splice(low, high - low + 1), whole: true };
    this.tell('Delete');
    if (this.lines.length === 0) this.lines = [''];
    this.row = low;
    this.modified = true;
    this.settle(false);
    this.col = this.indent();
  }

  /** Takes out part of a line into the register. */
  cut(from: number, to: number): void {
    this.register = { text: [this.line.slice(from, to)], whole: false };
    this.line = this.line.slice(0, from) + this.line.slice(to);
    this.col = from;
  }

  put(after: boolean): void {
    const { text, whole } = this.register;
    if (text.length === 0) return;
    if (whole) {
      this.tell('Put');
      this.row += after ? 1 : 0;
      this.lines.splice(this.row, 0, ...text);
      this.modified = true;
      this.col = this.indent();
    } else {
      this.col = Math.min(this.line.length, this.col + (after && this.line !== '' ? 1 : 0));
      this.insert(text[0] as string);
      this.col--;
    }
  }

  indent(): number {
    return /^[ \t]*/.exec(this.line)?.[0].length ?? 0;
  }

  /** Column of the next word in the line; its length when there is none. */
  wordEnd(from: number): number {
    let at = from;
    const start = kind(this.line[at]);
    while (at < this.line.length && kind(this.line[at]) === start && start !== 0) at++;
    while (at < this.line.length && kind(this.line[at]) === 0) at++;
    return at;
  }

  nextWord(): void {
    const at = this.wordEnd(this.col);
    if (at < this.line.length || this.row === this.lines.length - 1) this.col = at;
    else {
      this.row++;
      this.col = this.indent();
    }
  }

  previousWord(): void {
    if (this.col === 0 && this.row > 0) {
      this.row--;
      this.col = this.line.length;
    }
    while (this.col > 0 && kind(this.line[this.col - 1]) === 0) this.col--;
    const start = kind(this.line[this.col - 1]);
    while (this.col > 0 && kind(this.line[this.col - 1]) === start) this.col--;
  }

  endOfWord(): void {
    let at = this.col + 1;
    while (at < this.line.length && kind(this.line[at]) === 0) at++;
    const start = kind(this.line[at]);
    while (at + 1 < this.line.length && kind(this.line[at + 1]) === start) at++;
    this.col = at;
  }

  /** Moves to the next match, around the end if need be; false when there is none. */
  search(pattern: RegExp, forward: boolean): boolean {
    const count = this.lines.length;
    for (let step = 0; step <= count; step++) {
      const row = (this.row + (forward ? step : -step) + count * 2) % count;
      const columns = [...(this.lines[row] as string).matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))].map(
        (match) => match.index,
      );
      const fits = columns.filter((col) => step > 0 || (forward ? col > this.col : col < this.col));
      const col = forward ? fits[0] : fits.at(-1);
      if (col === undefined) continue;
      [this.row, this.col] = [row, col];
      return true;
    }
    return false;
  }
}
