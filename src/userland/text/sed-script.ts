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

/** Reads a script; a text is the complaint. Counterpart: compile_program of GNU sed 4.9 */
export function parseSed(script: string, extended: boolean): SedCommand[] | string {
  const commands: SedCommand[] = [];
  const blocks: number[] = [];
  let at = 0;
  const spaces = (pattern: RegExp): void => {
    while (at < script.length && pattern.test(script[at] as string)) at++;
  };
  /** Text up to an unescaped delimiter; `at` ends behind it. */
  const until = (delimiter: string, inRegex: boolean): string | undefined => {
    let text = '';
    for (; at < script.length; at++) {
      const c = script[at] as string;
      if (c === delimiter) {
        at++;
        return text;
      }
      if (c === '\\') {
        const next = script[at + 1];
        at++;
        if (next === delimiter)
          text += inRegex && /[|(){}+?.*^$[\]]/.test(delimiter) ? `\\${delimiter}` : delimiter === '&' || !inRegex ? next : delimiter;
        else if (next === '\n' && inRegex) text += '\n';
        else text += `\\${next ?? ''}`;
      } else if (inRegex && c === '[') {
        const set = /^\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]])*\]/.exec(script.slice(at));
        if (!set) return undefined;
        text += set ? set[0] : c;
        at += set ? set[0].length - 1 : 0;
      } else text += c;
    }
    return undefined;
  };
  const compile = (source: string, flags: string): RegExp | string | undefined =>
    source === '' ? undefined : compileRegex(source, extended, flags);
  const address = (): Address | string | undefined => {
    const number = /^(\d+)(?:~(\d+))?/.exec(script.slice(at));
    if (number) {
      at += number[0].length;
      return number[2] === undefined
        ? { kind: 'line', line: Number(number[1]) }
        : { kind: 'step', first: Number(number[1]), step: Number(number[2]) };
    }
    const c = script[at];
    if (c === '$') {
      at++;
      return { kind: 'last' };
    }
    if (c !== '/' && c !== '\\') return undefined;
    at += c === '/' ? 1 : 2;
    const source = until(script[at - 1] as string, true);
    if (source === undefined) return 'unterminated address regex';
    let flags = '';
    while (script[at] === 'I' || script[at] === 'M') flags += script[at++] === 'I' ? 'i' : 'm';
    const regex = compile(source, flags);
    return typeof regex === 'string' ? regex : { kind: 'regex', regex };
  };
  while (at < script.length) {
    spaces(/[\s;]/);
    if (at >= script.length) break;
    if (script[at] === '#') {
      while (at < script.length && script[at] !== '\n') at++;
      continue;
    }
    const from = address();
    if (typeof from === 'string') return from;
    let to: Address | undefined;
    spaces(/[ \t]/);
    if (from && script[at] === ',') {
      at++;
      spaces(/[ \t]/);
      const relative = /^([+~])(\d+)/.exec(script.slice(at));
      if (relative) {
        at += relative[0].length;
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
    while (script[at] === '!') {
      not = true;
      at++;
      spaces(/[ \t]/);
    }
    const name = script[at++];
    if (name === undefined) return 'missing command';
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
      const delimiter = script[at++] ?? '\n';
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
        const letters = /^[gpiIme\d]*/.exec(script.slice(at))?.[0] ?? '';
        at += letters.length;
        let file: string | undefined;
        if (script[at] === 'w') {
          file = /^w[ \t]*([^\n]*)/.exec(script.slice(at))?.[1];
          while (at < script.length && script[at] !== '\n') at++;
        }
        flags = { global: letters.includes('g'), print: letters.includes('p'), nth: Number(/\d+/.exec(letters)?.[0] ?? 1), file };
        const compiled = compile(left, `g${/[iI]/.test(letters) ? 'i' : ''}${/[mM]/.test(letters) ? 'm' : ''}`);
        if (typeof compiled === 'string') return compiled;
        regex = compiled;
        replacement = right;
      }
    } else if ('aic'.includes(name)) {
      spaces(/[ \t]/);
      if (script[at] === '\\') {
        at++;
        spaces(/[ \t]/);
        if (script[at] === '\n') at++;
      }
      if (at >= script.length) return "expected \\ after `a', `c' or `i'";
      for (; at < script.length && script[at] !== '\n'; at++) {
        if (script[at] === '\\' && at + 1 < script.length) at++;
        text += script[at];
      }
      text += '\n';
    } else if (':btT'.includes(name)) {
      spaces(/[ \t]/);
      text = (name === ':' ? /^[^\n;]*/ : /^[^\n;}]*/).exec(script.slice(at))?.[0] ?? '';
      at += text.length;
      text = text.trim();
      if (name === ':' && text === '') return '":" lacks a label';
    } else if ('rRwW'.includes(name)) {
      spaces(/[ \t]/);
      text = /^[^\n]*/.exec(script.slice(at))?.[0] ?? '';
      at += text.length;
      if (text === '') return 'missing filename in r/R/w/W commands';
    } else if ('qQlL'.includes(name)) {
      spaces(/[ \t]/);
      text = /^\d*/.exec(script.slice(at))?.[0] ?? '';
      at += text.length;
    } else if (!'=dDgGhHnNpPxzF'.includes(name)) return `unknown command: \`${name}'`;
    commands.push({ name, from, to, not, text, regex, replacement, flags, map, end: -1, active: undefined });
    if (name === '{') continue;
    spaces(/[ \t]/);
    if (at < script.length && !/[\n;}#]/.test(script[at] as string))
      return name === 's' ? "unknown option to `s'" : 'extra characters after command';
  }
  return blocks.length > 0 ? "unmatched `{'" : commands;
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
