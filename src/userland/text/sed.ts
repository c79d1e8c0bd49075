// sed: running a script over lines.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin, toBin, unbin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { writeAll } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { busyboxReplacement, parseBusyboxSed } from './sed-busybox.ts';
import { closeFile, emit, emitLine, lookAhead, type Sed } from './sed-lines.ts';
import { type Address, expandReplacement, parseSed, type SedCommand } from './sed-script.ts';

function matchesAddress(sed: Sed, address: Address, space: string, last: boolean): boolean {
  switch (address.kind) {
    case 'line':
      return sed.number === address.line;
    case 'last':
      return last;
    case 'step':
      return address.step === 0
        ? sed.number === address.first
        : sed.number >= address.first && (sed.number - address.first) % address.step === 0;
    case 'regex': {
      if (address.regex) sed.lastRegex = address.regex;
      sed.lastRegex.lastIndex = 0;
      return sed.lastRegex.test(space);
    }
    default:
      return false;
  }
}

function selected(sed: Sed, command_: SedCommand, space: string, last: boolean): boolean {
  const { from, to } = command_;
  if (!from) return true;
  if (!to) return matchesAddress(sed, from, space, last);
  if (command_.active !== undefined) {
    const ends = command_.active >= 0 ? sed.number >= command_.active : matchesAddress(sed, to, space, last);
    if (ends) {
      const passed = command_.active > 0 && sed.number > command_.active;
      command_.active = undefined;
      if (passed) return matchesAddress(sed, from, space, last);
    }
    return true;
  }
  const zero = sed.cli.gnu && from.kind === 'line' && from.line === 0 && sed.number === 1;
  if (!zero && !matchesAddress(sed, from, space, last)) return false;
  if (zero && matchesAddress(sed, to, space, last)) return true;
  const end =
    to.kind === 'line'
      ? to.line
      : to.kind === 'plus'
        ? sed.number + to.count
        : to.kind === 'multiple'
          ? to.of === 0
            ? sed.number
            : Math.ceil(sed.number / to.of) * to.of
          : -1;
  if (!(end >= 0 && end <= sed.number) && !(to.kind === 'last' && last)) command_.active = end;
  return true;
}

function* writeTo(sed: Sed, file: string, line: string): Program<void> {
  if (file === '/dev/stdout' && sed.cli.gnu) return yield* emit(sed, `${line}\n`);
  const fd = sed.files.get(file);
  if (fd !== undefined) yield* writeAll(fd, unbin(`${line}\n`));
}

function substitute(sed: Sed, command_: SedCommand, space: string): string | undefined {
  const regex =
    command_.regex ?? new RegExp(sed.lastRegex.source, sed.lastRegex.flags.includes('g') ? sed.lastRegex.flags : `${sed.lastRegex.flags}g`);
  sed.lastRegex = regex;
  let count = 0;
  let result = '';
  let at = 0;
  let changed = false;
  for (const match of space.matchAll(regex)) {
    count++;
    // An empty match right behind the previous one does not count.
    if (match[0] === '' && match.index === at && count > 1 && changed) continue;
    if (count < command_.flags.nth) continue;
    result += space.slice(at, match.index) + (sed.cli.gnu ? expandReplacement : busyboxReplacement)(command_.replacement, match);
    at = match.index + match[0].length;
    changed = true;
    if (!command_.flags.global) break;
  }
  return changed ? result + space.slice(at) : undefined;
}

/** Runs the script for every line; the exit status. */
function* run(sed: Sed): Program<number> {
  const { cli, commands } = sed;
  const labels = new Map(commands.flatMap((c, at) => (c.name === ':' ? [[c.text, at] as const] : [])));
  let hold = '';
  let space = '';
  let restart = false; // D without reading
  let steps = 0;
  const append: { readonly text?: string; readonly file?: string }[] = [];
  const readLine = function* (): Program<boolean> {
    if (!(yield* lookAhead(sed))) return false;
    const raw = sed.ahead as string;
    sed.ahead = undefined;
    sed.newline = raw.endsWith('\n');
    space = raw.endsWith('\n') ? raw.slice(0, -1) : raw;
    sed.number++;
    // busybox always holds the next line too, and so finds files missing early.
    if (!cli.gnu) yield* lookAhead(sed);
    return true;
  };
  const flushAppends = function* (): Program<void> {
    for (const item of append.splice(0)) {
      if (item.text !== undefined) yield* emit(sed, item.text);
      const got = item.file === undefined ? undefined : yield* slurp(fromBin(item.file));
      if (got?.ok) yield* emit(sed, got.value);
    }
  };
  const endCycle = function* (print: boolean): Program<void> {
    if (print && !sed.quiet) yield* emitLine(sed, space);
    yield* flushAppends();
  };
  for (;;) {
    if (!restart && !(yield* readLine())) {
      if (!(sed.inPlace || sed.separate) || !sed.reader) return cli.status;
      yield* closeFile(sed);
      continue;
    }
    restart = false;
    let replaced = false;
    let print = true;
    for (let at = 0; at < commands.length; at++) {
      if (++steps % 5000 === 0) yield* sys.sched_yield();
      const c = commands[at] as SedCommand;
      const last = c.from?.kind === 'last' || c.to?.kind === 'last' ? !(yield* lookAhead(sed)) : false;
      if (selected(sed, c, space, last) === c.not) {
        if (c.name === '{' && c.end < 0) return yield* cli.error('unterminated {');
        if (c.name === '{') at = c.end;
        continue;
      }
      const jump = (label: string): number | undefined => (label === '' ? commands.length : labels.get(label));
      switch (c.name) {
        case 's': {
          const result = substitute(sed, c, space);
          if (result === undefined) break;
          space = result;
          replaced = true;
          if (c.flags.print) yield* emitLine(sed, space);
          if (c.flags.file) yield* writeTo(sed, c.flags.file, space);
          break;
        }
        case 'y':
          space = [...space].map((byte) => c.map?.get(byte) ?? byte).join('');
          break;
        case 'p':
          // busybox ends every line but those that are printed of themselves.
          if (cli.gnu) yield* emitLine(sed, space);
          else yield* emit(sed, `${space}\n`);
          break;
        case 'P':
          yield* emit(sed, `${space.split('\n')[0]}\n`);
          break;
        case 'd':
          print = false;
          at = commands.length;
          break;
        case 'D':
          print = false;
          if (space.includes('\n')) {
            space = space.slice(space.indexOf('\n') + 1);
            restart = true;
          }
          at = commands.length;
          break;
        case 'a':
          append.push({ text: c.text });
          break;
        case 'i':
          yield* emit(sed, c.text);
          break;
        case 'c':
          if (!c.to || c.active === undefined || c.not) yield* emit(sed, c.text);
          print = false;
          at = commands.length;
          break;
        case 'n':
          if (!(yield* lookAhead(sed))) {
            yield* endCycle(true);
            if (sed.inPlace) yield* closeFile(sed);
            return cli.status;
          }
          yield* endCycle(true);
          yield* readLine();
          break;
        case 'N': {
          if (!(yield* lookAhead(sed))) {
            yield* endCycle(true);
            if (sed.inPlace) yield* closeFile(sed);
            return cli.status;
          }
          const before = space;
          yield* flushAppends();
          yield* readLine();
          space = `${before}\n${space}`;
          break;
        }
        case 'g':
          space = hold;
          break;
        case 'G':
          space = `${space}\n${hold}`;
          if (!cli.gnu) sed.newline = true;
          break;
        case 'h':
          hold = space;
          break;
        case 'H':
          hold = `${hold}\n${space}`;
          break;
        case 'x':
          [space, hold] = [hold, space];
          if (!cli.gnu) sed.newline = true;
          break;
        case 'z':
          space = '';
          break;
        case '=':
          if (cli.gnu || sed.inPlace) yield* emit(sed, `${sed.number}\n`);
          // busybox does not look whether the line before has ended.
          else yield* cli.out(`${sed.number}\n`);
          break;
        case 'F':
          yield* emit(sed, `${toBin(sed.current)}\n`);
          break;
        case 'l':
          // busybox takes the command and does nothing.
          if (!cli.gnu) break;
          yield* emit(
            sed,
            `${[...space].map((byte) => (byte === '\\' ? '\\\\' : byte === '\n' ? '\\n' : byte === '\t' ? '\\t' : /[ -~]/.test(byte) ? byte : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)).join('')}$\n`,
          );
          break;
        case 'r':
          append.push({ file: c.text });
          break;
        case 'w':
          yield* writeTo(sed, c.text, space);
          break;
        case 'b':
        case 't':
        case 'T': {
          if (c.name === 't' ? !replaced : c.name === 'T' ? replaced : false) break;
          if (c.name !== 'b') replaced = false;
          at = jump(c.text) ?? -1;
          if (at < 0) return yield* cli.error(`can't find label for jump to '${c.text}'`);
          break;
        }
        case 'q':
        case 'Q':
          if (c.name === 'q') yield* endCycle(true);
          if (sed.inPlace) yield* closeFile(sed);
          return Number(c.text || cli.status);
        default:
          break;
      }
    }
    yield* endCycle(print);
  }
}

const LONG = {
  quiet: 'n',
  silent: 'n',
  'expression=': 'e',
  'file=': 'f',
  'in-place=?': 'i',
  'regexp-extended': 'E',
  separate: 's',
  'null-data': 'z',
  posix: 'posix',
  debug: 'debug',
  sandbox: 'sandbox',
  unbuffered: 'u',
};

/** Counterpart: GNU sed 4.9; sed of busybox 1.35 */
export const sed = command(function* (cli) {
  if (!cli.gnu && cli.context.argv[1] === '--version') {
    yield* cli.text('This is not GNU sed version 4.0\n');
    return yield* cli.finish();
  }
  const options = yield* cli.options({
    busybox: 'i::rEne:f:',
    gnu: 'bsnrzuEe:f:l:i::',
    long: LONG,
    busyboxLong: 'in-place regexp-extended quiet silent expression file',
  });
  if (typeof options === 'number') return options;
  const parts: string[] = [];
  for (const { key, value } of options.list) {
    if (key === 'e') parts.push(toBin(value));
    if (key !== 'f') continue;
    const file = yield* slurp(value);
    if (!file.ok)
      return yield* cli.error(
        cli.gnu ? `couldn't open file ${value}: ${strerror(file.errno)}` : `${value}: ${strerror(file.errno)}`,
        cli.gnu ? 4 : 1,
      );
    parts.push(file.value.replace(/\n$/, ''));
  }
  const names = [...options.args];
  if (parts.length === 0) {
    const first = names.shift();
    if (first === undefined) {
      if (!cli.gnu) return yield* cli.usage();
      return yield* cli.context.help?.hint ? cli.show(cli.context.help.hint) : cli.usage();
    }
    parts.push(toBin(first));
  }
  const extended = options.has('E') || options.has('r');
  const commands = cli.gnu ? parseSed(parts, extended) : parseBusyboxSed(parts.join('\n'), extended);
  if (typeof commands === 'string') return yield* cli.error(commands);
  if (!cli.gnu && options.has('i') && names.length === 0) return yield* cli.error('-i requires an argument');
  const labels = new Set(commands.filter((c) => c.name === ':').map((c) => c.text));
  const missing = commands.find((c) => 'btT'.includes(c.name) && c.text !== '' && !labels.has(c.text));
  if (missing && cli.gnu) return yield* cli.error(`can't find label for jump to \`${missing.text}'`, 4);
  const files = new Map<string, number>();
  for (const c of commands) {
    const file = c.name === 'w' ? c.text : c.flags.file;
    if (file === undefined || files.has(file) || (file === '/dev/stdout' && cli.gnu)) continue;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, fromBin(file), O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (!fd.ok)
      return yield* cli.error(
        cli.gnu ? `couldn't open file ${fromBin(file)}: ${strerror(fd.errno)}` : `can't open '${fromBin(file)}': ${strerror(fd.errno)}`,
        cli.gnu ? 4 : 1,
      );
    files.set(file, fd.value);
  }
  const quiet = options.has('n') || /^#n(\n|$)/.test(parts.join('\n'));
  const state: Sed = {
    cli,
    commands,
    quiet,
    inPlace: options.has('i'),
    backup: options.get('i') ?? '',
    separate: cli.gnu && (options.has('s') || options.has('i')),
    files,
    queue: names.length ? names : ['-'],
    reader: undefined,
    current: '-',
    ahead: undefined,
    newline: true,
    lacksNewline: false,
    number: 0,
    held: '',
    lastRegex: /(?:)/,
  };
  const status = yield* run(state);
  return yield* cli.finish(status);
});
