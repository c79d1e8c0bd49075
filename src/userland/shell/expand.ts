// Word expansion: parameters, commands, arithmetic, splitting, path names. The quick path at the end of the file handles
// what loops do most, without any generator.

import { textOf } from '../lib/io.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { ArithFault, type Compiled, compileArith, type Num } from './arith.ts';
import type { Node, ParamPart, Part, Word } from './ast.ts';
import { globPaths } from './glob.ts';
import { hasGlob, quotePattern, substitute, trim } from './pattern.ts';
import { type Shell, ShellFault } from './state.ts';
import { homeOf } from './tilde.ts';

/** Runs commands for `$(…)` and `<(…)`; the executor gives it. */
export interface Runner {
  substitute(shell: Shell, body: Node | null): Program<string>;
  processSubstitution(shell: Shell, body: Node | null, out: boolean): Program<string>;
}

const DEFAULT_IFS = ' \t\n';

interface Field {
  text: string;
  /** The same with quoted characters escaped for matching. */
  pattern: string;
}

/** Collects the fields of one word. */
class Fields {
  readonly list: Field[] = [];
  text = '';
  pattern = '';
  any = false;
  readonly ifs: string;
  constructor(ifs: string) {
    this.ifs = ifs;
  }
  quoted(s: string): void {
    this.text += s;
    this.pattern += quotePattern(s);
    this.any = true;
  }
  literal(s: string): void {
    this.text += s;
    this.pattern += s.replace(/\\/g, '\\\\');
    this.any = true;
  }
  finish(): void {
    this.list.push({ text: this.text, pattern: this.pattern });
    this.text = '';
    this.pattern = '';
    this.any = false;
  }
  split(s: string): void {
    const { ifs } = this;
    if (ifs === '') {
      if (s !== '') this.literal(s);
      return;
    }
    let afterBlank = false;
    for (let at = 0; at < s.length; at++) {
      const c = s[at] as string;
      if (!ifs.includes(c)) {
        let end = at + 1;
        while (end < s.length && !ifs.includes(s[end] as string)) end++;
        this.literal(s.slice(at, end));
        at = end - 1;
        afterBlank = false;
      } else if (c === ' ' || c === '\t' || c === '\n') {
        if (this.any) {
          this.finish();
          afterBlank = true;
        }
      } else if (afterBlank) afterBlank = false;
      else this.finish();
    }
  }
}

type Mode = 'fields' | 'single' | 'pattern';

export class Expander {
  private readonly runner: Runner;
  constructor(runner: Runner) {
    this.runner = runner;
  }

  /** All fields of a list of words, with path names expanded. */
  *words(shell: Shell, words: readonly Word[]): Program<string[]> {
    const list: string[] = [];
    for (const word of words) {
      const fast = quickWord(shell, word);
      if (fast !== undefined) {
        list.push(fast);
        continue;
      }
      const alternatives = shell.d.bash ? braces(word) : [word];
      for (const each of alternatives) {
        const fields = new Fields(shell.get('IFS') ?? DEFAULT_IFS);
        yield* this.parts(shell, each, fields, 'fields');
        if (fields.any) fields.finish();
        for (const field of fields.list) {
          if (shell.opts.f || !hasGlob(field.pattern)) list.push(field.text);
          else {
            const found = yield* globPaths(field.pattern);
            if (found.length > 0) list.push(...found);
            else list.push(field.text);
          }
        }
      }
    }
    return list;
  }

  /** A word as one text: assignments, here-documents, `case`. */
  *text(shell: Shell, word: Word): Program<string> {
    const fast = quickWord(shell, word, true);
    if (fast !== undefined) return fast;
    const fields = new Fields('');
    yield* this.parts(shell, word, fields, 'single');
    return fields.list.length === 0 ? fields.text : [...fields.list.map((f) => f.text), ...(fields.any ? [fields.text] : [])].join(' ');
  }

  /** A word as a pattern, its quoted characters escaped. */
  *pattern(shell: Shell, word: Word): Program<string> {
    if (word.plain !== null) return quotePattern(word.plain);
    const fields = new Fields('');
    yield* this.parts(shell, word, fields, 'pattern');
    return [...fields.list.map((f) => f.pattern), fields.pattern].join(' ');
  }

  private *parts(shell: Shell, word: Word, fields: Fields, mode: Mode): Program<void> {
    const { parts } = word;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as Part;
      switch (part.t) {
        case 'lit': {
          if (part.q) fields.quoted(part.s);
          else if (part.s.includes('~')) fields.literal(yield* this.tilde(shell, part.s, at === 0 && !fields.any, parts.length === at + 1, mode, fields));
          else fields.literal(part.s);
          break;
        }
        case 'cmd':
          add(fields, yield* this.runner.substitute(shell, part.body), part.q, mode);
          break;
        case 'proc':
          fields.quoted(yield* this.runner.processSubstitution(shell, part.body, part.out));
          break;
        case 'arith': {
          const source = part.word.plain ?? (yield* this.text(shell, part.word));
          add(fields, String(evaluate(shell, source, part)), part.q, mode);
          break;
        }
        case 'param':
          yield* this.param(shell, part, fields, mode);
      }
    }
  }

  private *tilde(shell: Shell, s: string, first: boolean, last: boolean, mode: Mode, fields: Fields): Program<string> {
    // In an assignment a tilde counts after each colon, elsewhere only at the beginning.
    const pieces = mode === 'single' ? s.split(':') : [s];
    const result: string[] = [];
    for (let at = 0; at < pieces.length; at++) {
      const piece = pieces[at] as string;
      const whole = last || at < pieces.length - 1 || piece.includes('/');
      const m = piece.startsWith('~') && (first || at > 0) && whole ? /^~([^/]*)/.exec(piece) : null;
      const home = m ? yield* homeOf(m[1] as string, shell.get('HOME')) : undefined;
      result.push(m && home !== undefined ? home + piece.slice(m[0].length) : piece);
    }
    void fields;
    return result.join(':');
  }

  private *param(shell: Shell, part: ParamPart, fields: Fields, mode: Mode): Program<void> {
    const { name, op, q } = part;
    if (op === 'bad') {
      throw new ShellFault(shell.d.bash ? `${part.text}: bad substitution` : shell.d.badSubstitution, shell.d.bash ? 1 : 2);
    }
    if ((name === '@' || name === '*') && op !== 'length') {
      const had = shell.params.length > 0 && !(part.colon && shell.params.every((p) => p === ''));
      if (op === '+' ? had : (op === '-' || op === '?') && !had) return yield* this.alternative(shell, part, fields, mode);
      if (op === '+') return;
      let values: readonly string[] = shell.params;
      if (op === '%' || op === '%%' || op === '#' || op === '##') {
        const pattern = yield* this.pattern(shell, part.word as Word);
        values = values.map((v) => trim(v, op, pattern));
      } else if (op === 'substring') {
        const from = Number(evaluate(shell, yield* this.text(shell, part.word as Word)));
        const len = part.word2 ? Number(evaluate(shell, yield* this.text(shell, part.word2))) : undefined;
        values = [shell.arg0, ...values].slice(from, len === undefined ? undefined : from + len);
      }
      const ifs = shell.get('IFS') ?? DEFAULT_IFS;
      if (name === '*' && (q || mode !== 'fields')) {
        fields.quoted(values.join(ifs === '' ? '' : (ifs[0] as string)));
        return;
      }
      if (mode !== 'fields') {
        fields.quoted(values.join(' '));
        return;
      }
      for (let at = 0; at < values.length; at++) {
        if (at > 0 && fields.any) fields.finish();
        else if (at > 0 && q) fields.finish();
        if (q) fields.quoted(values[at] as string);
        else fields.split(values[at] as string);
      }
      return;
    }
    let value = paramValue(shell, name);
    if (op === 'indirect') value = value === undefined ? undefined : paramValue(shell, value);
    const missing = value === undefined || (part.colon && value === '');
    switch (op) {
      case '-':
        if (missing) return yield* this.alternative(shell, part, fields, mode);
        break;
      case '+':
        if (!missing) return yield* this.alternative(shell, part, fields, mode);
        return;
      case '=':
        if (missing) {
          if (!/^[A-Za-z_]/.test(name)) throw new ShellFault(shell.d.bash ? `$${name}: cannot assign in this way` : `${name}: bad variable name`, shell.d.bash ? 1 : 2);
          value = yield* this.text(shell, part.word as Word);
          shell.set(name, value);
        }
        break;
      case '?':
        if (missing) {
          const text = yield* this.text(shell, part.word as Word);
          throw new ShellFault(`${name}: ${text !== '' ? text : part.colon ? shell.d.notSetOrNull : shell.d.bash ? 'parameter not set' : shell.d.notSet}`, shell.d.bash ? 127 : 2);
        }
        break;
      case 'length':
        if (value === undefined && shell.opts.u) unsetFault(shell, name);
        value = String(name === '@' || name === '*' ? shell.params.length : [...(value ?? '')].length);
        break;
      default:
        if (value === undefined) {
          if (shell.opts.u) unsetFault(shell, name);
          if (q) fields.any = true;
          return;
        }
        value = yield* this.edit(shell, part, value);
    }
    add(fields, value ?? '', q, mode);
  }

  private *alternative(shell: Shell, part: ParamPart, fields: Fields, mode: Mode): Program<void> {
    const word = part.word as Word;
    if (part.q) {
      yield* this.parts(shell, word, fields, mode);
      fields.any = true;
      return;
    }
    // Unquoted text of the word takes part in splitting, its quoted parts do not.
    for (const inner of word.parts) {
      if (inner.t === 'lit' && !inner.q && mode === 'fields') {
        const text = inner.s.startsWith('~') ? yield* this.tilde(shell, inner.s, true, true, mode, fields) : inner.s;
        fields.split(text);
      } else yield* this.parts(shell, { ...word, parts: [inner] }, fields, mode);
    }
  }

  private *edit(shell: Shell, part: ParamPart, value: string): Program<string> {
    switch (part.op) {
      case '%':
      case '%%':
      case '#':
      case '##':
        return trim(value, part.op, yield* this.pattern(shell, part.word as Word));
      case '/':
      case '//': {
        const pattern = yield* this.pattern(shell, part.word as Word);
        return substitute(value, pattern, part.word2 ? yield* this.text(shell, part.word2) : '', part.op === '//');
      }
      case 'substring': {
        const chars = [...value];
        let from = Number(evaluate(shell, yield* this.text(shell, part.word as Word)));
        if (from < 0) from = Math.max(0, chars.length + from);
        let to = chars.length;
        if (part.word2) {
          const len = Number(evaluate(shell, yield* this.text(shell, part.word2)));
          to = len < 0 ? chars.length + len : from + len;
        }
        return chars.slice(from, Math.max(from, to)).join('');
      }
      case '^^':
        return value.toUpperCase();
      case ',,':
        return value.toLowerCase();
      case '^':
        return value.slice(0, 1).toUpperCase() + value.slice(1);
      case ',':
        return value.slice(0, 1).toLowerCase() + value.slice(1);
      default:
        return value;
    }
  }
}

function add(fields: Fields, value: string, q: boolean, mode: Mode): void {
  if (q) fields.quoted(value);
  else if (mode === 'fields') fields.split(value);
  else fields.literal(value);
}

function unsetFault(shell: Shell, name: string): never {
  throw new ShellFault(`${name}: ${shell.d.notSet}`, shell.d.bash ? 127 : 2);
}

/** The value of a parameter, also a special one; undefined when it is unset. */
export function paramValue(shell: Shell, name: string): string | undefined {
  const c = name.charCodeAt(0);
  if ((c >= 97 && c <= 122) || c === 95 || (c >= 65 && c <= 90)) {
    const v = shell.vars.get(name);
    if (v !== undefined) return v.value;
    return dynamic(shell, name);
  }
  if (c >= 48 && c <= 57) return name === '0' ? shell.arg0 : shell.params[Number(name) - 1];
  switch (name) {
    case '?': return String(shell.status);
    case '#': return String(shell.params.length);
    case '$': return String(shell.pid);
    case '!': return shell.bgPid === undefined ? (shell.d.bash ? undefined : '') : String(shell.bgPid);
    case '-': return shell.flags();
    default: return shell.params.join((shell.get('IFS') ?? DEFAULT_IFS).slice(0, 1));
  }
}

function dynamic(shell: Shell, name: string): string | undefined {
  switch (name) {
    case 'LINENO': return shell.d.extended ? String(shell.line) : undefined; // Debian's dash is built without it
    case 'PPID': return String(shell.ppid);
    case 'RANDOM':
      if (!shell.d.extended) return undefined;
      shell.seed = (Math.imul(shell.seed, 1103515245) + 12345) >>> 0;
      return String((shell.seed >>> 16) & 0x7fff);
    default: return undefined;
  }
}

/** The value of an arithmetic expression; its errors end the shell. */
export function evaluate(shell: Shell, text: string, part?: { cache?: { text: string; code: Compiled } }): Num {
  try {
    let cached = part?.cache;
    if (cached?.text !== text) {
      cached = { text, code: compileArith(text) };
      if (part) part.cache = cached;
    }
    return cached.code(shell.arith);
  } catch (fault) {
    if (!(fault instanceof ArithFault)) throw fault;
    throw arithFault(shell, text, fault);
  }
}

function arithFault(shell: Shell, text: string, fault: ArithFault): ShellFault {
  const { problem, token } = fault;
  if (shell.d.name === 'ash') {
    const messages = { divide: 'divide by zero', syntax: 'arithmetic syntax error', number: 'arithmetic syntax error', paren: 'arithmetic syntax error', exponent: 'exponent less than 0', loop: 'expression recursion loop detected' };
    return new ShellFault(messages[problem]);
  }
  if (shell.d.name === 'dash') {
    if (problem === 'number' && !text.includes(token)) return new ShellFault(`Illegal number: ${token}`);
    const what = problem === 'divide' ? 'division by zero' : problem === 'paren' ? "expecting ')'" : token === '' || /^[-+*/%]/.test(token) ? 'expecting primary' : 'expecting EOF';
    return new ShellFault(`arithmetic expression: ${what}: "${text}"`);
  }
  const what = problem === 'divide' ? 'division by 0' : problem === 'number' ? 'value too great for base' : 'syntax error: operand expected';
  return new ShellFault(`${text.trimStart()}: ${what} (error token is "${token}")`, 1);
}

/**
 * A word that is one literal, one plain parameter or one arithmetic expansion, expanded without system calls; undefined
 * when the long way is needed. `single`: no splitting and no path names.
 */
export function quickWord(shell: Shell, word: Word, single = false): string | undefined {
  if (word.plain !== null && (word.parts.length > 0 || word.quoted || single)) return word.plain;
  if (!word.simple) return undefined;
  const part = word.parts[0] as Part;
  let value: string | undefined;
  if (part.t === 'arith') {
    let text = part.word.plain;
    if (text === null) {
      text = '';
      for (const piece of part.word.parts) {
        if (piece.t === 'lit') text += piece.s;
        else if (piece.t === 'param' && piece.op === '' && piece.name !== '@' && piece.name !== '*') {
          const v = paramValue(shell, piece.name);
          if (v === undefined && shell.opts.u) return undefined;
          text += v ?? '';
        } else return undefined;
      }
    }
    value = String(evaluate(shell, text, part));
  } else if (part.t === 'param') {
    if (part.name === '@' || part.name === '*') return undefined;
    value = paramValue(shell, part.name);
    if (value === undefined) return undefined;
  } else return undefined;
  if (single || part.q) return value;
  // A value of letters, digits and the like can neither be split (with the usual IFS) nor match path names.
  if (value === '' || !SAFE.test(value)) return undefined;
  return shell.vars.has('IFS') && shell.get('IFS') !== DEFAULT_IFS ? undefined : value;
}
const SAFE = /^[A-Za-z0-9_./:=,+-]+$/;

/** bash: the words a brace expansion makes. Nothing inside other expansions is looked at. */
function braces(word: Word): readonly Word[] {
  const first = word.parts.findIndex((p) => p.t === 'lit' && !p.q && p.s.includes('{'));
  if (first < 0) return [word];
  if (word.parts.length === 1) {
    const texts = braceTexts((word.parts[0] as { s: string }).s);
    return texts.map((s) => ({ ...word, parts: [{ t: 'lit' as const, s, q: false }], plain: null, simple: false, quoted: false }));
  }
  return [word];
}

function braceTexts(text: string): string[] {
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    let depth = 0;
    const commas: number[] = [at];
    let end = -1;
    for (let i = at; i < text.length; i++) {
      if (text[i] === '{') depth++;
      else if (text[i] === ',' && depth === 1) commas.push(i);
      else if (text[i] === '}' && --depth === 0) {
        end = i;
        break;
      }
    }
    if (end < 0) continue;
    const before = text.slice(0, at);
    const tails = braceTexts(text.slice(end + 1));
    let middles: string[] | undefined;
    if (commas.length > 1) middles = commas.flatMap((c, i) => braceTexts(text.slice(c + 1, commas[i + 1] ?? end)));
    else middles = sequence(text.slice(at + 1, end));
    if (middles) return middles.flatMap((m) => tails.map((tail) => before + m + tail));
  }
  return [text];
}

function sequence(text: string): string[] | undefined {
  const m = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!m) return undefined;
  const letters = /[A-Za-z]/.test(m[1] as string);
  if (letters !== /[A-Za-z]/.test(m[2] as string)) return undefined;
  const number = (s: string): number => (letters ? s.charCodeAt(0) : Number(s));
  const [from, to] = [number(m[1] as string), number(m[2] as string)];
  const by = Math.max(1, Math.abs(Number(m[3] ?? 1)));
  const width = !letters && /^-?0\d/.test(`${m[1]}`) ? (m[1] as string).length : 0;
  const list: string[] = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? by : -by) list.push(letters ? String.fromCharCode(n) : String(n).padStart(width, '0'));
  return list;
}

/** Reads a descriptor to its end and drops trailing newlines, as command substitution does. */
export function* collect(fd: number): Program<string> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(fd, 65536);
    if (!got.ok) {
      if (got.errno === 'EINTR') continue;
      break;
    }
    if (got.value.length === 0) break;
    chunks.push(got.value);
  }
  const text = chunks.map(textOf).join('');
  return text.replace(/\0/g, '').replace(/\n+$/, '');
}

