// What a terminal shows, without the DOM: bytes of output in, styled spans out. History is kept in blocks that never change
// once full, so that the page re-renders only the last one.

import type { Fragment } from '#session/protocol.ts';
import { PLAIN, parseSgr, type Style } from './sgr.ts';

export interface Span {
  readonly text: string;
  readonly style: Style;
  readonly cause?: number;
}

export interface Block {
  readonly id: number;
  readonly lines: number;
  readonly spans: readonly Span[];
}

export interface Screen {
  readonly blocks: readonly Block[];
  /** The unfinished last line: the prompt, most of the time. */
  readonly current: readonly Span[];
}

interface Cell {
  ch: string;
  style: Style;
  cause: number | undefined;
}

const BLOCK_LINES = 64;
const ESCAPE = /^\u001b(?:\[([0-9;?]*)([@-~])|\][^\u0007]*(?:\u0007|\u001b\\)|[()][A-Z0-9]|[A-Z=>78])/;
const PARTIAL = /^\u001b(?:\[[0-9;?]*|\][^\u0007]*|[()])?$/;

/** A terminal's memory. `write` then `snapshot`. Counterpart: ECMA-48, the part that line-oriented programs use. */
export class ScreenBuffer {
  #blocks: Block[] = [];
  #cells: Cell[] = [];
  #column = 0;
  #style: Style = PLAIN;
  #rest = ''; // an escape sequence cut by the end of a fragment
  #nextId = 1;
  readonly #maxLines: number;
  /** Columns of the terminal: programs go on to the next row there, here the line goes on. */
  cols = Number.POSITIVE_INFINITY;

  constructor(maxLines = 5000) {
    this.#maxLines = maxLines;
  }

  write(fragments: readonly Fragment[]): void {
    for (const { text, cause } of fragments) this.#text(this.#rest + text, cause);
    this.#trim();
  }

  /** Forgets everything above the current line, as Ctrl-L does. */
  clear(): void {
    this.#blocks = [];
  }

  snapshot(): Screen {
    return { blocks: [...this.#blocks], current: spansOf(this.#cells) };
  }

  #text(text: string, cause: number | undefined): void {
    this.#rest = '';
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code >= 32 && code !== 127) {
        let end = at + 1;
        while (end < text.length && text.charCodeAt(end) >= 32 && text.charCodeAt(end) !== 127) end++;
        for (const ch of text.slice(at, end)) this.#put(ch, cause);
        at = end;
      } else if (code === 27) {
        const tail = text.slice(at);
        const match = ESCAPE.exec(tail);
        if (match) {
          if (match[2] !== undefined) this.#control(match[2], match[1] ?? '');
          at += match[0].length;
        } else if (PARTIAL.test(tail)) {
          this.#rest = tail;
          return;
        } else at++;
      } else {
        this.#special(code, cause);
        at++;
      }
    }
  }

  #special(code: number, cause: number | undefined): void {
    if (code === 10) this.#newline();
    else if (code === 13) this.#column = this.#rowStart();
    else if (code === 8) this.#column = Math.max(0, this.#column - 1);
    else if (code === 9) {
      const stop = (Math.floor(this.#column / 8) + 1) * 8;
      while (this.#column < stop) this.#put(this.#cells[this.#column]?.ch ?? ' ', cause);
    }
  }

  /** Where the row of the cursor begins; behind the last column it still is in that row. */
  #rowStart(): number {
    return this.#column > this.cols ? Math.floor((this.#column - 1) / this.cols) * this.cols : 0;
  }

  #put(ch: string, cause: number | undefined): void {
    while (this.#cells.length < this.#column) this.#cells.push({ ch: ' ', style: PLAIN, cause: undefined });
    this.#cells[this.#column++] = { ch, style: this.#style, cause };
  }

  #newline(): void {
    const spans = spansOf(this.#cells);
    this.#cells = [];
    this.#column = 0;
    const last = this.#blocks.at(-1);
    if (last && last.lines < BLOCK_LINES) {
      this.#blocks[this.#blocks.length - 1] = { id: last.id, lines: last.lines + 1, spans: joined(last.spans, spans) };
    } else this.#blocks.push({ id: this.#nextId++, lines: 1, spans: joined([], spans) });
  }

  #control(final: string, parameters: string): void {
    const n = Number.parseInt(parameters, 10) || 1;
    if (final === 'm') this.#style = parseSgr(this.#style, parameters);
    else if (final === 'C') this.#column += Math.min(n, 1000);
    else if (final === 'D') this.#column = Math.max(0, this.#column - n);
    else if (final === 'G') this.#column = Math.min(n, 1000) - 1;
    else if (final === 'K') {
      if (parameters === '2') this.#cells = [];
      else if (parameters === '1') for (const cell of this.#cells.slice(0, this.#column + 1)) cell.ch = ' ';
      else this.#cells.length = Math.min(this.#cells.length, this.#column);
    } else if (final === 'J') {
      if (parameters === '2' || parameters === '3') this.#home();
      else this.#cells.length = Math.min(this.#cells.length, this.#column);
    } else if (final === 'H' || final === 'f') this.#home();
  }

  // History is a log, not a grid: going to the top left means starting over, which is what `clear`, `watch` and `top` want.
  #home(): void {
    this.#blocks = [];
    this.#cells = [];
    this.#column = 0;
  }

  #trim(): void {
    let lines = 0;
    for (let i = this.#blocks.length - 1; i >= 0; i--) {
      lines += (this.#blocks[i] as Block).lines;
      if (lines > this.#maxLines) {
        this.#blocks.splice(0, i);
        return;
      }
    }
  }
}

function spansOf(cells: readonly Cell[]): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < cells.length; ) {
    const { style, cause } = cells[i] as Cell;
    let text = '';
    while (i < cells.length && cells[i]?.style === style && cells[i]?.cause === cause) text += cells[i++]?.ch;
    spans.push(cause === undefined ? { text, style } : { text, style, cause });
  }
  return spans;
}

function joined(before: readonly Span[], line: readonly Span[]): Span[] {
  const all = [...before];
  for (const span of [...line, { text: '\n', style: PLAIN } as Span]) {
    const last = all.at(-1);
    if (last && last.style === span.style && last.cause === undefined && span.cause === undefined) {
      all[all.length - 1] = { text: last.text + span.text, style: span.style };
    } else all.push(span);
  }
  return all;
}
