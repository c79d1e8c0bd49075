// Scripts of busybox's sed, which reads them by rules of its own and says different things about what it cannot read.

import { compileRegex } from '../lib/regex.ts';
import { type Address, NO_FLAGS, type SedCommand } from './sed-script.ts';

/** A script that cannot be read. */
class Fault extends Error {}

/** Letters after a backslash that stand for a byte. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07', b: '\b' };

/** One script while it is read. */
/** White space within a line: a newline ends the command. */
const BLANK = /[^\S\n]/;

class Reader {
  private at = 0;
  /** Has a regular expression been read, which an empty one could mean? */
  private regexSeen = false;

  private readonly script: string;
  private readonly extended: boolean;

  constructor(script: string, extended: boolean) {
    this.script = script;
    this.extended = extended;
  }

  private get char(): string {
    return this.script[this.at] ?? '';
  }

  private skip(pattern: RegExp): void {
    while (this.char !== '' && pattern.test(this.char)) this.at++;
  }

  private take(pattern: RegExp): string {
    const found = pattern.exec(this.script.slice(this.at))?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** Text up to the delimiter, where it is not escaped; with `brackets`, not in a bracket expression either. */
  private until(delimiter: string, brackets: boolean): string {
    let text = '';
    for (let set = -1; this.char !== ''; this.at++) {
      const c = this.char;
      if (set >= 0) {
        if (c === ']' && !(set === this.at - 1 || (set === this.at - 2 && this.script[this.at - 1] === '^'))) set = -1;
        text += c;
      } else if (c === '\\') {
        const next = this.script[++this.at] ?? '';
        text += next === delimiter && !(brackets && /[|(){}+?.*^$[\]]/.test(next)) && next !== '&' ? next : this.escaped(next, brackets);
      } else if (c === delimiter) {
        this.at++;
        return text;
      } else {
        if (brackets && c === '[') set = this.at;
        text += c;
      }
    }
    throw new Fault(`unmatched '${delimiter}'`);
  }

  private escaped(next: string, inRegex: boolean): string {
    const byte = ESCAPES[next];
    return byte === undefined || (inRegex && next === 'b') ? `\\${next}` : byte;
  }

  private compile(source: string, flags: string): RegExp | undefined {
    if (source === '') return undefined;
    this.regexSeen = true;
    const regex = compileRegex(source, this.extended, flags);
    if (typeof regex === 'string') throw new Fault(`bad regex '${source}': ${regex}`);
    return regex;
  }

  private address(): Address | undefined {
    const number = this.take(/^\d+/);
    if (number !== '') return { kind: 'line', line: Number(number) };
    if (this.char === '$') {
      this.at++;
      return { kind: 'last' };
    }
    if (this.char !== '/' && this.char !== '\\') return undefined;
    this.at += this.char === '/' ? 1 : 2;
    const source = this.until(this.script[this.at - 1] ?? '', true);
    if (source === '' && !this.regexSeen) throw new Fault('no previous regexp');
    return { kind: 'regex', regex: this.compile(source, '') };
  }

  /** Counterpart: busybox editors/sed.c, parse_subst_cmd */
  private substitution(): Pick<SedCommand, 'regex' | 'replacement' | 'flags'> {
    if (this.char === '') throw new Fault('bad format in substitution expression');
    const delimiter = this.script[this.at++] as string;
    const match = this.until(delimiter, true);
    const replacement = this.until(delimiter, false);
    const flags = { global: false, print: false, nth: 1, file: undefined as string | undefined };
    let ignoreCase = '';
    const anchored = match.startsWith('^');
    for (; this.char !== '' && this.char !== '\n'; this.at++) {
      const c = this.char;
      if (/\d/.test(c)) {
        const nth = Number(this.take(/^\d+/));
        this.at--;
        if (!anchored) Object.assign(flags, { nth: Math.max(1, nth), global: nth === 0 });
      } else if (c === 'g') {
        if (!anchored) Object.assign(flags, { nth: 1, global: true });
      } else if (c === 'p') flags.print = true;
      else if (c === 'i' || c === 'I') ignoreCase = 'i';
      else if (c === 'w') {
        this.at++;
        flags.file = this.fileName();
        break;
      } else if (c === '#') {
        this.skip(/[^\n]/);
        break;
      } else if (c === ';' || c === '}') break;
      else if (!/\s/.test(c)) throw new Fault('bad option in substitution expression');
    }
    return { regex: this.compile(match, `g${ignoreCase}`), replacement, flags };
  }

  private fileName(): string {
    this.skip(/[ \t]/);
    const name = this.take(/^[^\n]*/);
    if (name === '') throw new Fault('empty filename');
    return name;
  }

  /** y/abc/xyz/. What has no partner stays as it is. */
  private translation(): ReadonlyMap<string, string> {
    if (this.char === '') throw new Fault('bad format in substitution expression');
    const delimiter = this.script[this.at++] as string;
    const plain = (part: string): string => part.replace(/\\([\s\S])/g, '$1');
    const from = plain(this.until(delimiter, false));
    const to = plain(this.until(delimiter, false));
    const map = new Map<string, string>();
    for (let i = 0; i < from.length && i < to.length; i++) map.set(from[i] as string, to[i] as string);
    return map;
  }

  /** The text of a, i and c. */
  private text(): string {
    this.skip(/[^\S\n\\]/);
    if (this.char === '\n' || this.char === '\\') {
      this.at++;
      this.take(/^[ \t]*\n/);
    }
    let text = '';
    for (; this.char !== '' && this.char !== '\n'; this.at++) {
      if (this.char !== '\\') text += this.char;
      else {
        const next = this.script[++this.at] ?? '';
        text += ESCAPES[next] ?? next;
      }
    }
    return `${text}\n`;
  }

  /** Counterpart: busybox editors/sed.c, add_cmd and parse_cmd_args */
  *commands(): Generator<SedCommand> {
    for (;;) {
      this.skip(/[\s;]/);
      if (this.char === '') return;
      if (this.char === '#') {
        this.skip(/[^\n]/);
        continue;
      }
      let from = this.address();
      let to: Address | undefined;
      this.skip(BLANK);
      if (from && this.char === ',') {
        this.at++;
        this.skip(BLANK);
        const plus = this.take(/^\+\d+/);
        to = plus === '' ? this.address() : { kind: 'plus', count: Number(plus.slice(1)) };
        if (to === undefined) throw new Fault('no address after comma');
      } else if (from?.kind === 'line' && from.line === 0) from = undefined;
      this.skip(BLANK);
      const not = this.char === '!';
      if (not) this.at++;
      this.skip(BLANK);
      if (this.char === '' || this.char === '\n') throw new Fault('missing command');
      const name = this.script[this.at++] as string;
      const parts: Pick<SedCommand, 'regex' | 'replacement' | 'flags'> & { text: string; map: SedCommand['map'] } = {
        regex: undefined,
        replacement: '',
        flags: NO_FLAGS,
        text: '',
        map: undefined,
      };
      if ('air'.includes(name) && to && !(to.kind === 'line' && to.line === 0)) throw new Fault(`command '${name}' uses only one address`);
      if (name === 's') Object.assign(parts, this.substitution());
      else if (name === 'y') parts.map = this.translation();
      else if ('aic'.includes(name)) parts.text = this.text();
      else if (name === 'r' || name === 'w') parts.text = this.fileName();
      else if (':btT'.includes(name)) {
        this.skip(BLANK);
        parts.text = this.take(/^[^;\s]*/);
      } else if (!'dDgGhHlnNpPqx={}'.includes(name)) throw new Fault(`unsupported command ${name}`);
      yield { name, from, to, not, ...parts, end: -1, active: undefined };
    }
  }
}

/** Reads a script; a text is the complaint. A { without its } has no end, which only a line that skips it will find out. */
export function parseBusyboxSed(script: string, extended: boolean): SedCommand[] | string {
  try {
    const commands = [...new Reader(script, extended).commands()];
    const blocks: SedCommand[] = [];
    commands.forEach((command, at) => {
      if (command.name === '{') blocks.push(command);
      else if (command.name === '}') Object.assign(blocks.pop() ?? {}, { end: at });
    });
    return commands;
  } catch (fault) {
    if (fault instanceof Fault) return fault.message;
    throw fault;
  }
}

/** The replacement of s for one match: & and \1, nothing else. */
export function busyboxReplacement(text: string, groups: readonly (string | undefined)[]): string {
  return text.replace(/\\([\s\S])|&/g, (_, next: string | undefined) =>
    next === undefined ? (groups[0] ?? '') : /\d/.test(next) ? (groups[Number(next)] ?? '') : next,
  );
}
