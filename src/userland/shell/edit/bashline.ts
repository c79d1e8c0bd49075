// The line that bash's editor changes: its text, the cursor, what was cut and what can be undone. Counterpart: readline 8.2 kill.c, undo.c, text.c

const isWord = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{N}]/u.test(c);
/** Characters typed one after the other that are undone together. */
const TOGETHER = 20;

export class BashLine {
  text = '';
  point = 0;
  private cut = '';
  private cutting = false; // the command before has cut too
  private cutNow = false;
  private yanked = false; // the command before has put in what was cut
  private yankedNow = false;
  private typed = 0;
  private past: { readonly text: string; readonly point: number }[] = [];

  begin(): void {
    this.text = '';
    this.point = 0;
    this.past = [];
    this.typed = 0;
    this.cutting = false;
  }

  /** A command begins. */
  command(inserts: boolean): void {
    this.cutting = this.cutNow;
    this.cutNow = false;
    this.yanked = this.yankedNow;
    this.yankedNow = false;
    if (!inserts) this.typed = 0;
  }

  private change(text: string, point: number): void {
    this.past.push({ text: this.text, point: this.point });
    this.text = text;
    this.point = point;
  }

  insert(text: string, one: boolean): void {
    const next = this.text.slice(0, this.point) + text + this.text.slice(this.point);
    if (one && this.typed > 0 && this.typed < TOGETHER) {
      this.text = next;
      this.point += text.length;
    } else this.change(next, this.point + text.length);
    this.typed = one ? (this.typed % TOGETHER) + 1 : 0;
  }

  /** Another line takes this one's place. */
  replace(text: string): void {
    this.text = text;
    this.point = text.length;
    this.past = [];
  }

  undo(): boolean {
    const before = this.past.pop();
    if (before === undefined) return false;
    this.text = before.text;
    this.point = before.point;
    return true;
  }

  revert(): void {
    while (this.undo());
  }

  remove(from: number, to: number): void {
    this.change(this.text.slice(0, from) + this.text.slice(to), from);
  }

  /** Cuts a part; parts that are cut one after the other are one. */
  kill(from: number, to: number): void {
    if (from === to) return;
    const part = this.text.slice(from, to);
    this.cut = !this.cutting ? part : from < this.point ? part + this.cut : this.cut + part;
    this.cutNow = true;
    this.remove(from, to);
  }

  /** After a yank: puts in the cut text before; there is one. */
  cutAgain(): boolean {
    return this.yanked;
  }

  yank(): boolean {
    if (this.cut === '') return false;
    this.yankedNow = true;
    this.insert(this.cut, false);
    return true;
  }

  wordEnd(): number {
    let at = this.point;
    while (at < this.text.length && !isWord(this.text[at])) at++;
    while (isWord(this.text[at])) at++;
    return at;
  }

  wordStart(): number {
    let at = this.point;
    while (at > 0 && !isWord(this.text[at - 1])) at--;
    while (at > 0 && isWord(this.text[at - 1])) at--;
    return at;
  }

  /** Where the text between blanks before the cursor begins. */
  blankStart(): number {
    let at = this.point;
    while (at > 0 && /[ \t]/.test(this.text[at - 1] as string)) at--;
    while (at > 0 && !/[ \t]/.test(this.text[at - 1] as string)) at--;
    return at;
  }

  /** Changes the case of the next word. */
  recase(how: (word: string) => string): void {
    const end = this.wordEnd();
    if (end === this.point) return;
    const word = this.text.slice(this.point, end);
    this.change(this.text.slice(0, this.point) + how(word) + this.text.slice(end), end);
  }

  /** Exchanges the characters around the cursor; false when there are not two. */
  transpose(): boolean {
    const at = this.point === this.text.length ? this.point - 1 : this.point;
    if (at < 1 || this.text.length < 2) return false;
    this.change(this.text.slice(0, at - 1) + (this.text[at] as string) + (this.text[at - 1] as string) + this.text.slice(at + 1), at + 1);
    return true;
  }
}
