// read and getopts.

import { POLLIN } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, errOut, textOf, writeAll } from '../../lib/io.ts';
import { lateBuiltin } from '../bashparts.ts';
import { type Shell, ShellFault } from '../state.ts';
import type { Builtin, BuiltinCall } from './types.ts';

interface Line {
  readonly text: string;
  /** Which characters were escaped by a backslash. */
  readonly escaped: readonly boolean[];
  readonly eof: boolean;
  readonly interrupted: boolean;
}

/** Reads up to a delimiter, byte by byte, as what comes after it is for others. */
export function* readLine(fd: number, raw: boolean, max: number, delimiter: string): Program<Line> {
  const bytes: number[] = [];
  const marks: boolean[] = [];
  let escaping = false;
  let count = 0;
  const done = (eof: boolean, interrupted = false): Line => {
    const text = textOf(new Uint8Array(bytes));
    return { text, escaped: text.length === marks.length ? marks : [...text].map(() => false), eof, interrupted };
  };
  for (;;) {
    if (count >= max) return done(false);
    const got: SysResult<Uint8Array> = yield* sys.read(fd, 1);
    if (!got.ok) return done(true, got.errno === 'EINTR');
    const byte = got.value[0];
    if (byte === undefined) return done(true);
    count++;
    if (escaping) {
      escaping = false;
      if (byte !== 10) {
        bytes.push(byte);
        marks.push(true);
      }
    } else if (byte === 92 && !raw) escaping = true;
    else if (byte === delimiter.charCodeAt(0)) return done(false);
    else if (byte !== 0) {
      bytes.push(byte);
      marks.push(false);
    }
  }
}

/** Splits a line among variables, the last one taking the rest. */
function distribute(shell: Shell, line: Line, names: readonly string[]): void {
  const ifs = shell.get('IFS') ?? ' \t\n';
  const { text, escaped } = line;
  const isSep = (at: number): boolean => !escaped[at] && ifs.includes(text[at] as string);
  const isBlank = (at: number): boolean => isSep(at) && /[ \t\n]/.test(text[at] as string);
  let at = 0;
  while (at < text.length && isBlank(at)) at++;
  names.forEach((name, index) => {
    if (index === names.length - 1) {
      let end = text.length;
      while (end > at && isBlank(end - 1)) end--;
      // One trailing separator ends the only field that is left.
      const inner = text.slice(at, end);
      const first = [...inner].findIndex((_, i) => isSep(at + i));
      if (first >= 0 && first === inner.length - 1) end--;
      shell.set(name, text.slice(at, end));
      return;
    }
    let end = at;
    while (end < text.length && !isSep(end)) end++;
    shell.set(name, text.slice(at, end));
    at = end;
    while (at < text.length && isBlank(at)) at++;
    if (at < text.length && isSep(at)) {
      at++;
      while (at < text.length && isBlank(at)) at++;
    }
  });
}

/** All fields of a line, for `read -a`. */
function fields({ text, escaped }: Line, ifs: string): string[] {
  const isSep = (at: number): boolean => !escaped[at] && ifs.includes(text[at] as string);
  const isBlank = (at: number): boolean => isSep(at) && /[ \t\n]/.test(text[at] as string);
  const list: string[] = [];
  let at = 0;
  while (at < text.length && isBlank(at)) at++;
  while (at < text.length) {
    let end = at;
    while (end < text.length && !isSep(end)) end++;
    list.push(text.slice(at, end));
    at = end;
    while (at < text.length && isBlank(at)) at++;
    if (at < text.length && isSep(at)) {
      at++;
      while (at < text.length && isBlank(at)) at++;
    }
  }
  return list;
}

const READ_USAGE =
  'read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]\n';

function* read({ shell, executor, args }: BuiltinCall): Program<number> {
  let at = 1;
  let raw = false;
  let fd = 0;
  let max = Number.POSITIVE_INFINITY;
  let delimiter = '\n';
  let promptText: string | undefined;
  let wait: number | undefined;
  let array: string | undefined;
  for (; at < args.length && /^-./.test(args[at] as string); at++) {
    const arg = args[at] as string;
    if (arg === '--') {
      at++;
      break;
    }
    for (let i = 1; i < arg.length; i++) {
      const c = arg[i] as string;
      if (c === 'r') raw = true;
      else if ((c === 's' && shell.d.extended) || (c === 'e' && shell.d.bash)) continue;
      else if (c === 'p' || (shell.d.extended && 'ntud'.includes(c)) || (shell.d.bash && 'aNi'.includes(c))) {
        const value = arg.slice(i + 1) || (args[++at] ?? '');
        if (c === 'p') promptText = value;
        else if (c === 'a') array = value;
        else if (c === 'N') [max, delimiter] = [Number(value), '\uffff'];
        else if (c === 'n') max = Number(value);
        else if (c === 't') wait = Number(value);
        else if (c === 'u') fd = Number(value);
        else if (c === 'd') delimiter = value === '' ? '\0' : value;
        break;
      } else if (shell.d.bash) {
        yield* shell.warn(`-${c}: invalid option`);
        yield* errOut(READ_USAGE);
        return 2;
      } else throw new ShellFault(shell.d.name === 'dash' ? `Illegal option -${c}` : `illegal option -${c}`, 2);
    }
  }
  const names = args.slice(at);
  if (names.length === 0 && shell.d.name === 'dash') throw new ShellFault('arg count', 2);
  const wrong = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong !== undefined && !shell.d.bash) {
    if (shell.d.name === 'dash') throw new ShellFault(`${wrong}: bad variable name`, 2);
    yield* errOut(`${shell.applet}: read: '${wrong}': bad variable name\n`);
    return 1;
  }
  if (promptText !== undefined && (yield* sys.ioctl(fd, { request: 'TCGETS' })).ok) yield* errOut(promptText);
  if (wait !== undefined) {
    const ready = yield* sys.poll([{ fd, events: POLLIN }], Math.ceil(wait * 1000));
    if (!ready.ok || ready.value.length === 0 || wait === 0) return ready.ok && ready.value.length > 0 ? 0 : 1;
  }
  const line = yield* readLine(fd, raw, max, delimiter);
  if (line.interrupted) {
    yield* executor.signals(shell);
    return 130;
  }
  if (array !== undefined) shell.setArray(array, fields(line, shell.get('IFS') ?? ' \t\n'));
  else if (names.length === 0) shell.set('REPLY', line.text);
  else distribute(shell, line, names);
  return line.eof ? 1 : 0;
}

function* getopts({ shell, args }: BuiltinCall): Program<number> {
  const [, spec, name] = args;
  if (spec === undefined || name === undefined)
    throw new ShellFault(shell.d.name === 'dash' ? 'Usage: getopts optstring var [arg...]' : 'usage: getopts optstring var [arg]', 2);
  if (!shell.d.bash && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new ShellFault(`${name}: bad variable name`, 2);
  const words = args.length > 3 ? args.slice(3) : shell.params;
  let index = Number(shell.get('OPTIND') ?? 1) || 1;
  let off = shell.optoff;
  // dash and ash show the next word's number already while they are inside a word.
  if (off > 0 && !shell.d.bash) index--;
  if (!shell.d.bash && index > words.length + 1) [index, off] = [1, 0];
  const finish = (value: string, status: number): number => {
    shell.set('OPTIND', String(off > 0 && !shell.d.bash ? index + 1 : index));
    shell.optoff = off;
    shell.set(name, value);
    return status;
  };
  const word = words[index - 1];
  if (off === 0) {
    if (word === undefined || !word.startsWith('-') || word === '-') return finish('?', 1);
    if (word === '--') {
      index++;
      return finish('?', 1);
    }
    off = 1;
  }
  const c = (word as string)[off] as string;
  off++;
  const quiet = spec.startsWith(':');
  const place = spec.indexOf(c, quiet ? 1 : 0);
  const advance = (): void => {
    if (off >= (word as string).length) {
      index++;
      off = 0;
    }
  };
  const complain = function* (text: string): Program<void> {
    yield* writeAll(2, bytesOf(`${shell.d.bash ? `${shell.arg0}: ` : ''}${text}\n`));
  };
  if (place < 0 || c === ':') {
    advance();
    if (quiet) shell.set('OPTARG', c);
    else {
      shell.vars.delete('OPTARG');
      yield* complain(shell.d.bash ? `illegal option -- ${c}` : `Illegal option -${c}`);
    }
    return finish('?', 0);
  }
  if (spec[place + 1] === ':') {
    let value: string | undefined = (word as string).slice(off);
    index++;
    off = 0;
    if (value === '') value = words[index++ - 1];
    if (value === undefined) {
      index--;
      if (quiet) {
        shell.set('OPTARG', c);
        return finish(':', 0);
      }
      shell.vars.delete('OPTARG');
      yield* complain(shell.d.bash ? `option requires an argument -- ${c}` : `No arg for -${c} option`);
      return finish('?', 0);
    }
    shell.set('OPTARG', value);
  } else {
    advance();
    shell.set('OPTARG', '');
  }
  return finish(c, 0);
}

export const reading: Readonly<Record<string, Builtin>> = {
  mapfile: lateBuiltin('mapfile'),
  readarray: lateBuiltin('mapfile'),
  read: { run: read },
  getopts: { run: getopts },
};
