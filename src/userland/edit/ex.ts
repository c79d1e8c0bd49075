// vi's commands after a colon. Counterpart: busybox 1.35 editors/vi.c, colon

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { unbin } from '../lib/bytes.ts';
import { writeAll } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { compileRegex } from '../lib/regex.ts';
import { Buffer } from './buffer.ts';

export interface Edited {
  buffer: Buffer;
  name: string | undefined;
  quit: boolean;
  /** Shown in the last line once; in reverse when it is a complaint. */
  status: string | undefined;
  /** The file may not be written. */
  readonly: boolean;
}

const bold = (text: string): string => `\x1b[7m${text}\x1b[m`;

/** Writes the text; true when that went well. */
export function* save(edited: Edited, given: string | undefined, force = false): Program<boolean> {
  if (edited.readonly && given === undefined && !force) {
    edited.status = bold(`'${edited.name}' is read only`);
    return false;
  }
  const name = given ?? edited.name;
  if (name === undefined) {
    edited.status = bold('No current filename');
    return false;
  }
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
  const { text, lines } = edited.buffer;
  const wrong = fd.ok ? yield* writeAll(fd.value, unbin(text)) : fd.errno;
  if (fd.ok) yield* sys.close(fd.value);
  if (wrong !== undefined) {
    edited.status = bold(`'${name}' ${strerror(wrong)}`);
    return false;
  }
  edited.status = `'${name}' ${lines.length}L, ${text.length}C`;
  edited.name ??= name;
  if (name === edited.name) edited.buffer.modified = false;
  return true;
}

/** s/old/new/flags on lines [from, to]. */
function substitute(edited: Edited, from: number, to: number, rest: string): void {
  const { buffer } = edited;
  const separator = rest[0] ?? '/';
  const [find = '', put = '', flags = ''] = rest.slice(1).split(separator);
  const pattern = compileRegex(find, false, `${flags.includes('g') ? 'g' : ''}${flags.includes('i') ? 'i' : ''}`);
  if (typeof pattern === 'string') {
    edited.status = bold(pattern);
    return;
  }
  buffer.mark();
  let changes = 0;
  for (let row = from; row <= to; row++) {
    const before = buffer.lines[row] as string;
    const after = before.replace(pattern, (found: string, ...groups: unknown[]) => {
      changes++;
      return put.replace(/\\([0-9&\\])|&/g, (_, code?: string) =>
        code === undefined || code === '0' ? found : /\d/.test(code) ? String(groups[Number(code) - 1] ?? '') : code,
      );
    });
    buffer.lines[row] = after;
    if (after !== before) [buffer.row, buffer.col] = [row, 0];
  }
  if (changes === 0) edited.status = bold('No match');
  else buffer.modified = true;
}

/** Line number of `12`, `.`, `$`, from zero. */
const address = (text: string, buffer: Buffer): number => {
  const at = text === '.' ? buffer.row : text === '$' ? buffer.lines.length - 1 : Number(text) - 1;
  return Math.max(0, Math.min(buffer.lines.length - 1, at));
};

export function* colon(edited: Edited, typed: string): Program<void> {
  const { buffer } = edited;
  const [, range = '', command = '', force = '', rest = ''] = /^\s*(%|(?:\d+|[.$])(?:,(?:\d+|[.$]))?)?\s*([a-z]*)(!?)\s*([\s\S]*)$/.exec(
    typed,
  ) as RegExpExecArray;
  const [first, second] = range.split(',') as [string, string?];
  const from = range === '%' ? 0 : range === '' ? buffer.row : address(first, buffer);
  const to = range === '%' ? buffer.lines.length - 1 : second === undefined ? from : address(second, buffer);
  const word = rest.trim() === '' ? undefined : rest.trim();
  if (command === '' && force === '' && rest === '') {
    if (range !== '') [buffer.row, buffer.col] = [to, 0];
  } else if (/^(w|write)$/.test(command)) yield* save(edited, word, force !== '');
  else if (/^(wq|wn|x)$/.test(command)) {
    if (command === 'x' && !buffer.modified) edited.quit = true;
    else if (yield* save(edited, word, force !== '')) edited.quit = true;
  } else if (/^(q|quit)$/.test(command)) {
    if (buffer.modified && force === '') edited.status = bold(`No write since last change (:${command}! overrides)`);
    else edited.quit = true;
  } else if (/^(e|edit)$/.test(command)) {
    if (buffer.modified && force === '') {
      edited.status = bold(`No write since last change (:${command}! overrides)`);
      return;
    }
    const name = word ?? edited.name;
    const got = yield* slurp(name ?? '');
    edited.buffer = new Buffer(got.ok ? got.value : '');
    edited.name = name;
  } else if (/^(r|read)$/.test(command) && word !== undefined) {
    const got = yield* slurp(word);
    if (!got.ok) edited.status = bold(`'${word}' ${strerror(got.errno)}`);
    else {
      buffer.mark();
      buffer.lines.splice(from + 1, 0, ...new Buffer(got.value).lines);
      [buffer.row, buffer.col, buffer.modified] = [from + 1, 0, true];
    }
  } else if (/^d(elete)?$/.test(command)) {
    buffer.mark();
    buffer.cutLines(from, to);
  } else if (/^y(ank)?$/.test(command)) buffer.register = { text: buffer.lines.slice(from, to + 1), whole: true };
  else if (command === 's') substitute(edited, from, to, rest);
  else if (/^(f|file)$/.test(command)) edited.status = undefined;
  else edited.status = bold(`':${typed}' is not implemented`);
}
