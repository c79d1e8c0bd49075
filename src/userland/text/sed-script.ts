// Scripts of sed: from text to commands.

import { compileRegex } from '../lib/regex.ts';

export type Address =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'regex'; readonly regex: RegExp | undefined } // undefined: the last one used
  | { readonly kind: 'step'; readonly first: number; readonly step: number }
  | { readonly kind: 'plus'; readonly count: number }
  | { readonly kind: 'multiple'; readonly of: number };

export interface SedCommand {
  readonly name: string;
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly not: boolean;
  /** Text of a i c, label of b t T :, file of r w, exit code of q Q. */
  readonly text: string;
  readonly regex: RegExp | undefined;
  readonly replacement: string;
  readonly flags: { readonly global: boolean; readonly print: boolean; readonly nth: number; readonly file: string | undefined };
  /** y: byte → byte. */
  readonly map: ReadonlyMap<string, string> | undefined;
  /** Index of the matching } of a {. */
  end: number;
  /** Where a range stands: the line it ends at, or undefined outside one. */
  active: number | undefined;
}

export const NO_FLAGS = { global: false, print: false, nth: 1, file: undefined };

/** Reads a script; a text is the complaint, with the place where it was noticed. Counterpart: compile_program of GNU sed 4.9 */
export function parseSed(parts: readonly string[], extended: boolean): SedCommand[] | string {
  const reader = { at: 0 };
  const commands = compile(parts.join('\n'), extended, reader);
  if (typeof commands !== 'string') return commands;
  let part = 0;
  let char = reader.at;
  for (; part < parts.length - 1 && char > (parts[part] as string).length; part++) char -= (parts[part] as string).length + 1;
  return `-e expression #${part + 1}, char ${Math.min(char, (parts[part] as string).length)}: ${commands}`;
}

function compile(script: string, extended: boolean, reader: { at: number }): SedCommand[] | string {
  const commands: SedCommand[] = [];
  const blocks: number[] = [];
  const spaces = (pattern: RegExp): void => {
    while (reader.at < script.length && pattern.test(script[reader.at] as string)) reader.at++;
  };
  /** Text up to an unescaped delimiter; `reader.at` ends behind it. */
  const until = (delimiter: string, inRegex: boolean): string | undefined => {
    let text = '';
    for (; reader.at < script.length; reader.at++) {
      const c = script[reader.at] as string;
      if (c === delimiter) {
        reader.at++;
        return text;
      }
      if (c === '\\') {
        const next = script[reader.at + 1];
        reader.at++;
        if (next === delimiter)
          text += inRegex && /[|(){}+?.*^$[\]]/.test(delimiter) ? `\\${delimiter}` : delimiter === '&' || !inRegex ? next : delimiter;
        else if (next === '\n' && inRegex) text += '\n';
        else text += `\\${next ?? ''}`;
      } else if (inRegex && c === '[') {
        const set = /^\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]])*\]/.exec(script.slice(reader.at));
        if (!set) {
          reader.at = script.length;
          return undefined;
        }
        text += set ? set[0] : c;
        reader.at += set ? set[0].length - 1 : 0;
      } else text += c;
    }
    return undefined;
  };
  const regexOf = (source: string, flags: string): RegExp | string | undefined =>
    source === '' ? undefined : compileRegex(source, extended, flags);
  const address = (): Address | string | undefined => {
    const number = /^(\d+)(?:~(\d*))?/.exec(script.slice(reader.at));
    if (number) {
      reader.at += number[0].length;
      return number[2] === undefined
        ? { kind: 'line', line: Number(number[1]) }
        : { kind: 'step', first: Number(number[1]), step: Number(number[2]) };
    }
    const c = script[reader.at];
    if (c === '$') {
      reader.at++;
      return { kind: 'last' };
    }
    if (c !== '/' && c !== '\\') return undefined;
    reader.at += c === '/' ? 1 : 2;
    const source = until(script[reader.at - 1] as string, true);
    if (source === undefined) return 'unterminated address regex';
    let flags = '';
    while (script[reader.at] === 'I' || script[reader.at] === 'M') flags += script[reader.at++] === 'I' ? 'i' : 'm';
    const regex = regexOf(source, flags);
    return typeof regex === 'string' ? regex : { kind: 'regex', regex };
  };
  while (reader.at < script.length) {
    spaces(/[\s;]/);
    if (reader.at >= script.length) break;
    if (script[reader.at] === '#') {
      while (reader.at < script.length && script[reader.at] !== '\n') reader.at++;
      continue;
    }
    const from = address();
    if (typeof from === 'string') return from;
    let to: Address | undefined;
    spaces(/[ \t]/);
    if (from && script[reader.at] === ',') {
      reader.at++;
      spaces(/[ \t]/);
      const relative = /^([+~])(\d+)/.exec(script.slice(reader.at));
      if (relative) {
        reader.at += relative[0].length;
        to = relative[1] === '+' ? { kind: 'plus', count: Number(relative[2]) } : { kind: 'multiple', of: Number(relative[2]) };
      } else {
        const second = address();
        if (second === undefined) return "unexpected `,'";
        if (typeof second === 'string') return second;
        to = second;
      }
    }
    spaces(/[ \t]/);
    let not = false;
    while (script[reader.at] === '!') {
      reader.at++;
      if (not) return "multiple `!'s";
      not = true;
      spaces(/[ \t]/);
    }
    const name = script[reader.at++];
    if (name === undefined) return 'missing command';
    if (from?.kind === 'line' && from.line === 0 && to?.kind !== 'regex') return 'invalid usage of line address 0';
    let text = '';
    let regex: RegExp | undefined;
    let replacement = '';
    let flags: SedCommand['flags'] = NO_FLAGS;
    let map: Map<string, string> | undefined;
    if (name === '}') {
      const open = blocks.pop();
      if (open === undefined) return "unexpected `}'";
      (commands[open] as SedCommand).end = commands.length;
    } else if (name === '{') blocks.push(commands.length);
    else if (name === 's' || name === 'y') {
      const delimiter = script[reader.at++] ?? '\n';
      const left = until(delimiter, name === 's');
      const right = left === undefined ? undefined : until(delimiter, false);
      if (left === undefined || right === undefined) return `unterminated \`${name}' command`;
      if (name === 'y') {
        const plain = (part: string): string[] => [
          ...part.replace(/\\([\s\S])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c)),
        ];
        const [a, b] = [plain(left), plain(right)];
        if (a.length !== b.length) return "strings for `y' command are different lengths";
        map = new Map(a.map((byte, i) => [byte, b[i] as string]));
      } else {
        const letters = /^[gpiIme\d]*/.exec(script.slice(reader.at))?.[0] ?? '';
        reader.at += letters.length;
        let file: string | undefined;
        if (script[reader.at] === 'w') {
          file = /^w[ \t]*([^\n]*)/.exec(script.slice(reader.at))?.[1];
          while (reader.at < script.length && script[reader.at] !== '\n') reader.at++;
        }
        flags = { global: letters.includes('g'), print: letters.includes('p'), nth: Number(/\d+/.exec(letters)?.[0] ?? 1), file };
        const compiled = regexOf(left, `g${/[iI]/.test(letters) ? 'i' : ''}${/[mM]/.test(letters) ? 'm' : ''}`);
        if (typeof compiled === 'string') return compiled;
        regex = compiled;
        replacement = right;
      }
    } else if ('aic'.includes(name)) {
      spaces(/[ \t]/);
      if (script[reader.at] === '\\') {
        reader.at++;
        spaces(/[ \t]/);
        if (script[reader.at] === '\n') reader.at++;
      }
      if (reader.at >= script.length) return "expected \\ after `a', `c' or `i'";
      for (; reader.at < script.length && script[reader.at] !== '\n'; reader.at++) {
        if (script[reader.at] === '\\' && reader.at + 1 < script.length) reader.at++;
        text += script[reader.at];
      }
      text += '\n';
    } else if (':btT'.includes(name)) {
      spaces(/[ \t]/);
      text = (name === ':' ? /^[^\n;]*/ : /^[^\n;}]*/).exec(script.slice(reader.at))?.[0] ?? '';
      reader.at += text.length;
      text = text.trim();
      if (name === ':' && text === '') return '":" lacks a label';
    } else if (name === 'e') return 'the command e is not simulated here';
    else if ('rRwW'.includes(name)) {
      spaces(/[ \t]/);
      text = /^[^\n]*/.exec(script.slice(reader.at))?.[0] ?? '';
      reader.at += text.length;
      if (text === '') return 'missing filename in r/R/w/W commands';
    } else if ('qQlL'.includes(name)) {
      spaces(/[ \t]/);
      text = /^\d*/.exec(script.slice(reader.at))?.[0] ?? '';
      reader.at += text.length;
    } else if (!'=dDgGhHnNpPxzF'.includes(name)) return `unknown command: \`${name}'`;
    commands.push({ name, from, to, not, text, regex, replacement, flags, map, end: -1, active: undefined });
    if (name === '{') continue;
    spaces(/[ \t]/);
    if (reader.at < script.length && !/[\n;}#]/.test(script[reader.at] as string)) {
      reader.at++;
      return name === 's' ? "unknown option to `s'" : 'extra characters after command';
    }
  }
  if (blocks.length === 0) return commands;
  reader.at = 0;
  return "unmatched `{'";
}

/** The replacement of s for one match: & \1 \n \t \U \L \u \l \E. */
export function expandReplacement(text: string, groups: readonly (string | undefined)[]): string {
  let result = '';
  let mode = '';
  let once = '';
  const add = (part: string): void => {
    let shown = mode === 'U' ? part.toUpperCase() : mode === 'L' ? part.toLowerCase() : part;
    if (once !== '' && shown !== '') {
      shown = (once === 'u' ? (shown[0] as string).toUpperCase() : (shown[0] as string).toLowerCase()) + shown.slice(1);
      once = '';
    }
    result += shown;
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '&') add(groups[0] ?? '');
    else if (c !== '\\') add(c);
    else {
      const next = text[++at] ?? '';
      if (/\d/.test(next)) add(groups[Number(next)] ?? '');
      else if (next === 'n') add('\n');
      else if (next === 't') add('\t');
      else if (next === 'U' || next === 'L') mode = next;
      else if (next === 'E') mode = '';
      else if (next === 'u' || next === 'l') once = next;
      else add(next);
    }
  }
  return result;
}
