// What bash's `select` shows and asks.

import type { Program } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Shell } from './state.ts';

const TAB = 8;

/** Tabs and blanks that lead from one column of the screen to another. */
function gap(from: number, to: number): string {
  let text = '';
  let at = from;
  while (at < to) {
    const stop = at + TAB - (at % TAB);
    text += stop <= to ? '\t' : ' ';
    at = stop <= to ? stop : at + 1;
  }
  return text;
}

/** The numbered words, in as many columns as fit. Counterpart: print_select_list, execute_cmd.c of bash 5.2 */
export function menu(words: readonly string[], screen: number): string {
  const digits = String(words.length).length;
  const widest = Math.max(...words.map((word) => word.length)) + digits + 4;
  let rows = Math.ceil(words.length / Math.max(1, Math.floor(screen / widest)));
  if (rows === 1) rows = words.length;
  let text = '';
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (let at = row; at < words.length; at += rows) {
      const shown = `${String(at + 1).padStart(column === 0 ? String(rows).length : digits)}) ${words[at]}`;
      text += shown;
      if (at + rows < words.length) text += gap(column + shown.length, column + widest);
      column += widest;
    }
    text += '\n';
  }
  return text;
}

/**
 * Asks until a line with something on it comes, which is then REPLY. Gives the word of that number, or nothing for another
 * answer; undefined at the end of the input. Counterpart: select_query, execute_cmd.c of bash 5.2
 */
export function* ask(shell: Shell, words: readonly string[], again: boolean, read: () => Program<number>): Program<string | undefined> {
  let show = !again;
  for (;;) {
    const list = show ? menu(words, Number(shell.get('COLUMNS')) || 80) : '';
    yield* writeAll(2, bytesOf(`${list}${shell.get('PS3') ?? '#? '}`));
    if ((yield* read()) !== 0) {
      yield* writeAll(1, bytesOf('\n'));
      return undefined;
    }
    const reply = shell.get('REPLY') ?? '';
    if (reply !== '') return /^\s*\d+\s*$/.test(reply) ? (words[Number(reply) - 1] ?? '') : '';
    show = true;
  }
}
