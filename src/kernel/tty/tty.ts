// The line discipline of terminals, over plain state. Counterpart: drivers/tty/n_tty.c, pty.c, termios(3)

import { SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH } from '#abi/signal.ts';
import { aboutCause, causeOf } from '../causes.ts';
import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import type { Kgid, Kuid, Tty } from '../state.ts';
import { signalGroup } from '../task/signals.ts';
import type { Termios, Winsize } from '../uapi/index.ts';

/** What a terminal starts with (`stty sane`). */
export const SANE: Termios = { icanon: true, echo: true, isig: true, icrnl: true, opost: true };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const LINE_MAX = 4095;
const MERGE = 4096;
const OUTPUT_MAX = 65536;

export const ttyOf = (k: Kernel, id: number): Tty => k.state.ttys.get(id) as Tty;

export function updateTty(k: Kernel, id: number, change: Partial<Tty>): void {
  k.state = withState(k.state, { ttys: k.state.ttys.set(id, { ...ttyOf(k, id), ...change }) });
}

/** A new pty pair; its number is the lowest free one of its devpts instance. */
export function createPty(
  k: Kernel,
  devpts: number | null,
  owner: { readonly uid: Kuid; readonly gid: Kgid; readonly mode: number },
  winsize: Winsize,
): number {
  const used = new Set<number>();
  for (const [, tty] of k.state.ttys.entries()) if (tty.devpts === devpts && tty.masters + tty.slaves > 0) used.add(tty.index);
  let index = 0;
  while (used.has(index)) index++;
  const id = k.state.ttys.length;
  const tty: Tty = {
    index,
    devpts,
    termios: SANE,
    winsize,
    edit: '',
    input: [],
    output: [],
    session: null,
    foreground: null,
    masters: 0,
    slaves: 0,
    opened: false,
    column: 0,
    begun: 0,
    ...owner,
  };
  k.state = withState(k.state, { ttys: k.state.ttys.push(tty) });
  return id;
}

const CRLF = encoder.encode('\r\n');

/** Output of programs on its way to the master: \n becomes \r\n. */
function processed(termios: Termios, data: Uint8Array): Uint8Array {
  if (!termios.opost || !data.includes(10)) return data;
  const out: number[] = [];
  for (const byte of data) {
    if (byte === 10) out.push(CRLF[0] as number, 10);
    else out.push(byte);
  }
  return new Uint8Array(out);
}

/** Where the cursor is after an output, as the line discipline counts it: it knows tabs, backspaces and ends of lines. */
function columnAfter(chunk: Uint8Array, before: number): number {
  const start = Math.max(chunk.lastIndexOf(10), chunk.lastIndexOf(13)) + 1;
  let column = start > 0 ? 0 : before;
  for (let at = start; at < chunk.length; at++) {
    const byte = chunk[at] as number;
    if (byte === 9) column += 8 - (column % 8);
    else if (byte === 8) column = Math.max(0, column - 1);
    else if (byte >= 32 && byte !== 127 && (byte & 0xc0) !== 0x80) column++;
  }
  return column;
}

/** A program writes to its terminal. */
export function slaveWrite(k: Kernel, id: number, data: Uint8Array): void {
  const tty = ttyOf(k, id);
  if (data.length === 0) return;
  const { output } = tty;
  const last = output.at(-1);
  const chunk = processed(tty.termios, data);
  const column = columnAfter(chunk, tty.column);
  if (last !== undefined && last.length + chunk.length <= MERGE && causeOf(last) === k.cause) {
    const both = new Uint8Array(last.length + chunk.length);
    both.set(last);
    both.set(chunk, last.length);
    updateTty(k, id, { column, output: [...output.slice(0, -1), aboutCause(both, k.cause)] });
  } else updateTty(k, id, { column, output: [...output, k.cause === undefined ? chunk : aboutCause(chunk.slice(), k.cause)] });
  k.wake(`ttym:${id}`);
}

/** Has the master not taken what was printed? A writer waits then, so that a flood cannot fill the memory. */
export function outputFull(tty: Tty): boolean {
  let length = 0;
  for (const chunk of tty.output) length += chunk.length;
  return length >= OUTPUT_MAX;
}

const echo = (k: Kernel, id: number, text: string): void => slaveWrite(k, id, encoder.encode(text));

/** How many columns a character takes when it is echoed: control characters as ^X take two, the others one. */
const columns = (char: string): number => ((char.codePointAt(0) as number) < 32 || char === '\x7f' ? 2 : 1);

/** Takes characters back on the screen, the last one first; `left` stays before them. Counterpart: eraser, n_tty.c */
function erase(k: Kernel, id: number, chars: readonly string[], left: readonly string[]): void {
  const tty = ttyOf(k, id);
  if (!tty.termios.echo) return;
  let text = '';
  chars.forEach((char, index) => {
    if (char !== '\t') text += '\b \b'.repeat(columns(char));
    else {
      // Back to where the tab began: counted from the tab before it, or from where the line began.
      const before = [...left, ...chars.slice(index + 1).reverse()];
      const tab = before.lastIndexOf('\t');
      const start = tab < 0 ? tty.begun : 0;
      const width = before.slice(tab + 1).reduce((sum, one) => sum + columns(one), start);
      text += '\b'.repeat(8 - (width % 8));
    }
  });
  echo(k, id, text);
}

/**
 * Bytes typed at the master. Canonical mode edits a line (^? ^U ^W), ^D ends it, ISIG turns ^C ^\ ^Z into signals for the
 * foreground group and flushes the input.
 */
export function masterInput(k: Kernel, id: number, data: Uint8Array): void {
  const first = ttyOf(k, id);
  if (!first.termios.icanon && !first.termios.isig && !first.termios.echo && !first.termios.icrnl) {
    ready(k, id, data);
    return;
  }
  for (const char of decoder.decode(data)) typed(k, id, char);
}

function typed(k: Kernel, id: number, given: string): void {
  const tty = ttyOf(k, id);
  const { termios } = tty;
  if (termios.isig) {
    const signal = given === '\x03' ? SIGINT : given === '\x1c' ? SIGQUIT : given === '\x1a' ? SIGTSTP : 0;
    if (signal !== 0) {
      updateTty(k, id, { edit: '', input: [], output: tty.output });
      if (termios.echo) echo(k, id, `^${String.fromCharCode(given.charCodeAt(0) + 64)}`);
      if (tty.foreground !== null) signalGroup(k, tty.foreground, signal, null);
      return;
    }
  }
  const char = given === '\r' && termios.icrnl ? '\n' : given;
  if (!termios.icanon) {
    if (termios.echo) echoChar(k, id, char);
    ready(k, id, encoder.encode(char));
    return;
  }
  canonical(k, id, tty, char);
}

function echoChar(k: Kernel, id: number, char: string): void {
  const code = char.codePointAt(0) as number;
  if (char === '\n' || char === '\t') echo(k, id, char);
  else if (code < 32) echo(k, id, `^${String.fromCharCode(code + 64)}`);
  else echo(k, id, char === '\x7f' ? '^?' : char);
}

function canonical(k: Kernel, id: number, tty: Tty, char: string): void {
  const chars = [...tty.edit];
  switch (char) {
    case '\x7f': {
      const last = chars.pop();
      if (last === undefined) return;
      updateTty(k, id, { edit: chars.join('') });
      erase(k, id, [last], chars);
      return;
    }
    case '\x15': {
      updateTty(k, id, { edit: '' });
      erase(k, id, chars.reverse(), []);
      return;
    }
    case '\x17': {
      const gone: string[] = [];
      while (chars.length > 0 && /\s/.test(chars.at(-1) as string)) gone.push(chars.pop() as string);
      while (chars.length > 0 && !/\s/.test(chars.at(-1) as string)) gone.push(chars.pop() as string);
      updateTty(k, id, { edit: chars.join('') });
      erase(k, id, gone, chars);
      return;
    }
    case '\x04':
      updateTty(k, id, { edit: '' });
      ready(k, id, encoder.encode(tty.edit)); // an empty chunk is an end of file
      return;
    case '\n':
      if (tty.termios.echo) echo(k, id, '\n');
      updateTty(k, id, { edit: '' });
      ready(k, id, encoder.encode(`${tty.edit}\n`));
      return;
    default:
      if (tty.edit.length >= LINE_MAX) return;
      if (tty.edit === '') updateTty(k, id, { begun: tty.column });
      if (tty.termios.echo) echoChar(k, id, char);
      updateTty(k, id, { edit: tty.edit + char });
  }
}

function ready(k: Kernel, id: number, chunk: Uint8Array): void {
  updateTty(k, id, { input: [...ttyOf(k, id).input, chunk] });
  k.wake(`tty:${id}`);
}

/** Takes up to `count` bytes for a reader; undefined: nothing there. One chunk at a time: a line, in canonical mode. */
export function takeInput(k: Kernel, id: number, count: number): Uint8Array | undefined {
  const { input } = ttyOf(k, id);
  const [first, ...rest] = input;
  if (first === undefined) return undefined;
  if (first.length <= count) updateTty(k, id, { input: rest });
  else updateTty(k, id, { input: [first.subarray(count), ...rest] });
  return first.subarray(0, count);
}

/** Takes up to `count` bytes of output for the master's reader; what is about one refused call stays apart from the rest. */
export function takeOutput(k: Kernel, id: number, count: number): Uint8Array {
  const { output } = ttyOf(k, id);
  const cause = output[0] && causeOf(output[0]);
  const other = output.findIndex((chunk) => causeOf(chunk) !== cause);
  const taken = other === -1 ? output : output.slice(0, other);
  let length = 0;
  for (const chunk of taken) length += chunk.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of taken) {
    all.set(chunk, at);
    at += chunk.length;
  }
  const rest = length > count ? [aboutCause(all.subarray(count), cause)] : [];
  if (length > 0) updateTty(k, id, { output: [...rest, ...output.slice(taken.length)] });
  return aboutCause(all.subarray(0, count), cause);
}

/** Changes the size; a real change is told to the foreground group. */
export function resize(k: Kernel, id: number, winsize: Winsize): void {
  const tty = ttyOf(k, id);
  if (tty.winsize.rows === winsize.rows && tty.winsize.cols === winsize.cols) return;
  updateTty(k, id, { winsize });
  if (tty.foreground !== null) signalGroup(k, tty.foreground, SIGWINCH, null);
}

/** The last master is gone: the session gets SIGHUP, readers see the end. Counterpart: pty_close, tty_vhangup */
export function hangup(k: Kernel, id: number): void {
  const tty = ttyOf(k, id);
  updateTty(k, id, { session: null, foreground: null, edit: '', input: [] });
  k.wake(`tty:${id}`);
  for (const [, task] of [...k.state.tasks.entries()]) {
    if (task.tty !== id) continue;
    k.updateTask(task.id, { tty: null });
  }
  if (tty.session !== null) {
    const leader = k.task(tty.session);
    if (leader !== undefined) {
      signalGroup(k, leader.pgrp, SIGHUP, null);
      signalGroup(k, leader.pgrp, SIGCONT, null);
    }
  }
  if (tty.foreground !== null && tty.foreground !== tty.session) {
    signalGroup(k, tty.foreground, SIGHUP, null);
    signalGroup(k, tty.foreground, SIGCONT, null);
  }
}
