// What vi's keys do in command mode.

import type { Buffer } from './buffer.ts';

/** What a key asks of the editor besides changing the text. */
export type Asked =
  | 'insert'
  | 'replace'
  | 'colon'
  | 'search'
  | 'search back'
  | 'again'
  | 'again back'
  | 'write and quit'
  | 'info'
  | undefined;

/** Moves the cursor; true when the key is a movement. */
function move(buffer: Buffer, key: string, count: number, given: boolean, page: number): boolean {
  const half = Math.floor(page / 2);
  const rows: Readonly<Record<string, number>> = {
    j: count,
    down: count,
    '\n': count,
    '\r': count,
    '+': count,
    k: -count,
    up: -count,
    '-': -count,
    '\x06': page - 2,
    pagedown: page - 2,
    '\x02': 2 - page,
    pageup: 2 - page,
    '\x04': half,
    '\x15': -half,
  };
  const by = rows[key];
  if (by !== undefined) {
    buffer.row = Math.max(0, Math.min(buffer.lines.length - 1, buffer.row + by));
    if ('\r\n+-'.includes(key)) buffer.col = buffer.indent();
    return true;
  }
  if (key === 'h' || key === 'left' || key === '\b' || key === '\x7f') buffer.col -= count;
  else if (key === 'l' || key === 'right' || key === ' ') buffer.col += count;
  else if (key === '0' || key === 'home') buffer.col = 0;
  else if (key === '^') buffer.col = buffer.indent();
  else if (key === '$' || key === 'end') buffer.col = buffer.line.length;
  else if (key === 'w' || key === 'W') for (let n = 0; n < count; n++) buffer.nextWord();
  else if (key === 'b' || key === 'B') for (let n = 0; n < count; n++) buffer.previousWord();
  else if (key === 'e' || key === 'E') for (let n = 0; n < count; n++) buffer.endOfWord();
  else if (key === 'G') {
    buffer.row = given ? count - 1 : buffer.lines.length - 1;
    buffer.settle(false);
    buffer.col = buffer.indent();
  } else return false;
  return true;
}

/** One command: its count, operator and key. Keys that begin a longer command are given with what follows. */
export function commandKey(buffer: Buffer, keys: string, key: string, page: number): { readonly asked?: Asked; readonly more?: string } {
  const text = keys + key;
  const match = /^([1-9]\d*)?([ydcrgZ<>])?([\s\S]*)$/.exec(text) as RegExpExecArray;
  const given = match[1] !== undefined;
  const count = Number(match[1] ?? 1);
  const [, , operator = '', last = ''] = match;
  if (last === '' && key.length === 1) return { more: text };
  // The name of an arrow is one key.
  const word = key.length > 1 ? key : last;
  if (operator !== '') return operate(buffer, operator, word, count, page);
  if (move(buffer, word, count, given, page)) {
    buffer.settle(false);
    return {};
  }
  const change = (): void => buffer.mark();
  if (word === 'i') return { asked: 'insert' };
  if (word === 'a') buffer.col += buffer.line === '' ? 0 : 1;
  else if (word === 'I') buffer.col = buffer.indent();
  else if (word === 'A') buffer.col = buffer.line.length;
  if ('aIA'.includes(word)) return { asked: 'insert' };
  if (word === 'o' || word === 'O') {
    change();
    buffer.lines.splice(word === 'o' ? ++buffer.row : buffer.row, 0, '');
    [buffer.col, buffer.modified] = [0, true];
    return { asked: 'insert' };
  }
  if (word === 'R') return { asked: 'replace' };
  if (word === 'x' || word === 'delete' || word === 's') {
    change();
    if (buffer.line !== '') buffer.cut(buffer.col, buffer.col + count);
    if (word === 's') return { asked: 'insert' };
  } else if (word === 'X') {
    change();
    if (buffer.col > 0) buffer.cut(Math.max(0, buffer.col - count), buffer.col);
  } else if (word === 'D' || word === 'C') {
    change();
    buffer.cut(buffer.col, buffer.line.length);
    if (word === 'C') return { asked: 'insert' };
  } else if (word === 'Y') buffer.yankLines(buffer.row, buffer.row + count - 1);
  else if (word === 'p' || word === 'P') {
    change();
    for (let n = 0; n < count; n++) buffer.put(word === 'p');
  } else if (word === 'J') {
    change();
    buffer.join(buffer.row, ' ');
  } else if (word === '~') {
    change();
    const c = buffer.line[buffer.col] ?? '';
    const other = c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase();
    buffer.line = buffer.line.slice(0, buffer.col) + other + buffer.line.slice(buffer.col + 1);
    buffer.col++;
  } else if (word === 'u') buffer.undo();
  buffer.settle(false);
  const asks: Readonly<Record<string, Asked>> = {
    ':': 'colon',
    '/': 'search',
    '?': 'search back',
    n: 'again',
    N: 'again back',
    '\x07': 'info',
  };
  return { asked: asks[word] };
}

/** y, d, c with a movement; r, gg, ZZ, <<, >>. */
function operate(buffer: Buffer, operator: string, word: string, count: number, page: number): { readonly asked?: Asked } {
  if (operator === 'g') {
    if (word === 'g') [buffer.row, buffer.col] = [0, 0];
    return {};
  }
  if (operator === 'Z') return { asked: word === 'Z' ? 'write and quit' : undefined };
  buffer.mark();
  if (operator === 'r') {
    if (word.length === 1 && word !== '\x1b' && buffer.line !== '')
      buffer.line = buffer.line.slice(0, buffer.col) + word.repeat(count) + buffer.line.slice(buffer.col + count);
    return {};
  }
  if (operator === '<' || operator === '>') {
    for (let row = buffer.row; row < Math.min(buffer.lines.length, buffer.row + count); row++)
      buffer.lines[row] = operator === '>' ? `\t${buffer.lines[row]}` : (buffer.lines[row] as string).replace(/^(\t| {1,8})/, '');
    buffer.modified = true;
    return {};
  }
  const { row, col } = buffer;
  if (word === operator) buffer.row = Math.min(buffer.lines.length - 1, row + count - 1);
  else if (!move(buffer, word === 'w' && operator === 'c' ? 'e' : word, count, false, page)) return {};
  else if (buffer.row === row || 'wWbBeE0^$'.includes(word)) {
    // Within the line: up to the cursor, for e and the end including it.
    const over =
      buffer.row !== row
        ? (buffer.lines[row]?.length ?? 0)
        : buffer.col + (/[eE]/.test(word) || (word === 'w' && operator === 'c') ? 1 : 0);
    buffer.row = row;
    const [from, to] = [Math.min(col, over), Math.max(col, over)];
    if (operator === 'y') {
      buffer.register = { text: [buffer.line.slice(from, to)], whole: false };
      buffer.col = from;
    } else buffer.cut(from, to);
    buffer.settle(operator === 'c');
    return { asked: operator === 'c' ? 'insert' : undefined };
  }
  const [low, high] = [Math.min(row, buffer.row), Math.max(row, buffer.row)];
  if (operator === 'y') {
    buffer.yankLines(low, high);
    [buffer.row, buffer.col] = [low, col];
    return {};
  }
  buffer.cutLines(low, high);
  if (operator === 'd') return {};
  buffer.lines.splice(low, 0, '');
  [buffer.row, buffer.col] = [low, 0];
  return { asked: 'insert' };
}
