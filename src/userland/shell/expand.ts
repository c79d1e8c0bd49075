// Word expansion: parameters, commands, arithmetic, splitting, path names. The quick path at the end of the file handles
// what loops do most, without any generator.

import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { bytesOf, textOf } from '../lib/io.ts';
import type { Node, ParamPart, Part, Word } from './ast.ts';
import { bashParts } from './bashparts.ts';
import { braces } from './braces.ts';
import type { Dialect } from './dialect.ts';
import { edit, listed, window } from './edits.ts';
import { globPaths } from './glob.ts';
import { hasGlob, quotePattern, trim } from './pattern.ts';
import { type Shell, ShellFault } from './state.ts';
import { homeOf } from './tilde.ts';
import { DEFAULT_IFS, evaluate, paramValue, quickWord, unsetFault } from './values.ts';

/** Runs commands for `$(…)` and `<(…)`; the executor gives it. */
export interface Runner {
  substitute(shell: Shell, body: Node | null): Program<string>;
  processSubstitution(shell: Shell, body: Node | null, out: boolean): Program<string>;
}

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
  private readonly d: Dialect;
  constructor(ifs: string, d: Dialect) {
    this.ifs = ifs;
    this.d = d;
  }
  quoted(s: string): void {
    this.text += s;
    this.pattern += quotePattern(s);
    this.any = true;
  }
  literal(s: string): void {
    this.text += s;
    // In ash and dash a backslash that an expansion gave quotes the next character; [^…] is no negation in dash.
    if (this.d.bash) this.pattern += s.replace(/\\/g, '\\\\');
    else this.pattern += this.d.name === 'dash' ? s.replace(/\[\^/g, '[\\^') : s;
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

/** `~`, `~user`, and bash's `~+` and `~-`. */
function* tildeOf(shell: Shell, user: string): Program<string | undefined> {
  if (shell.d.bash && (user === '+' || user === '-')) return shell.get(user === '+' ? 'PWD' : 'OLDPWD');
  return yield* homeOf(user, shell.get('HOME'));
}

/** Stands between the parameters while `${@%x}` trims all of them. */
const BORDER = '\x01';

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
        const fields = new Fields(shell.get('IFS') ?? DEFAULT_IFS, shell.d);
        yield* this.parts(shell, each, fields, 'fields');
        if (fields.any) fields.finish();
        for (const field of fields.list) {
          if (shell.opts.f || !hasGlob(field.pattern)) list.push(field.text);
          else {
            const found = yield* globPaths(field.pattern, shell.shopts.get('dotglob'));
            if (found.length > 0) list.push(...found);
            else if (shell.shopts.get('nullglob') !== true) list.push(field.text);
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
    const fields = new Fields('', shell.d);
    yield* this.parts(shell, word, fields, 'single');
    return fields.list.length === 0 ? fields.text : [...fields.list.map((f) => f.text), ...(fields.any ? [fields.text] : [])].join(' ');
  }

  /** A word as a pattern, its quoted characters escaped. */
  *pattern(shell: Shell, word: Word): Program<string> {
    if (word.plain !== null) return quotePattern(word.plain);
    const fields = new Fields('', shell.d);
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
          else if (part.s.includes('~'))
            fields.literal(yield* this.tilde(shell, part.s, at === 0 && !fields.any, parts.length === at + 1, mode, fields));
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
      const home = m ? yield* tildeOf(shell, m[1] as string) : undefined;
      result.push(m && home !== undefined ? home + piece.slice(m[0].length) : piece);
    }
    void fields;
    return result.join(':');
  }

  private *param(shell: Shell, part: ParamPart, fields: Fields, mode: Mode): Program<void> {
    const { op, q, index } = part;
    let { name } = part;
    if (op === 'bad') {
      throw new ShellFault(shell.d.bash ? `${part.text}: bad substitution` : shell.d.badSubstitution, shell.d.bash ? 1 : 2);
    }
    if (part.indirect && op !== 'keys') {
      const target = paramValue(shell, name);
      if (target === undefined) throw new ShellFault(`${name}: invalid indirect expansion`, 1);
      const all = /^([A-Za-z_]\w*)\[([@*])\]$/.exec(target);
      if (all)
        return yield* this.param(shell, { ...part, name: all[1] as string, index: all[2] as '@' | '*', indirect: false }, fields, mode);
      name = target;
    }
    if (typeof index === 'object') name = `${name}[${yield* this.text(shell, index)}]`;
    const elements = typeof index === 'string' ? listed(shell, name, op) : undefined;
    const kind = typeof index === 'string' ? index : name;
    if (elements && op === 'length') return add(fields, String(elements.length), q, mode);
    if ((name === '@' || name === '*' || elements) && op !== 'length') {
      const all = elements ?? shell.params;
      const had = shell.d.bash
        ? all.length > 0 && !(part.colon && all.every((p) => p === ''))
        : !part.colon || shell.params.join(' ') !== '';
      if (op === '+' ? had : (op === '-' || op === '?') && !had) return yield* this.alternative(shell, part, fields, mode);
      if (op === '+') return;
      let values: readonly string[] = all;
      if (op === '%' || op === '%%' || op === '#' || op === '##') {
        const pattern = yield* this.pattern(shell, part.word as Word);
        // dash and ash trim the whole list as one text.
        values = shell.d.bash ? values.map((v) => trim(v, op, pattern)) : trim(values.join(BORDER), op, pattern).split(BORDER);
      } else if (op === 'substring') {
        const from = Number(evaluate(shell, yield* this.text(shell, part.word as Word)));
        const len = part.word2 ? Number(evaluate(shell, yield* this.text(shell, part.word2))) : undefined;
        values = elements
          ? window(shell, name, from, len)
          : [shell.arg0, ...values].slice(from, len === undefined ? undefined : from + len);
      } else if (shell.d.bash && op !== '' && op !== '-' && op !== '?' && !op.startsWith('names') && op !== 'keys') {
        const edited: string[] = [];
        for (const value of values) edited.push(yield* edit(this, shell, part, value));
        values = (op[0] === '@' && (yield* bashParts()).whole(shell, name, op)) || edited;
      }
      const ifs = shell.get('IFS') ?? DEFAULT_IFS;
      if ((kind === '*' && q) || (mode !== 'fields' && (kind === '*' || !shell.d.bash))) {
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
    const missing = value === undefined || (part.colon && value === '');
    switch (op) {
      case '-':
        if (missing) return yield* this.alternative(shell, part, fields, mode);
        break;
      case '+':
        if (!missing) return yield* this.alternative(shell, part, fields, mode);
        if (q) fields.any = true;
        return;
      case '=':
        if (missing) {
          if (!/^[A-Za-z_]/.test(name))
            throw new ShellFault(shell.d.bash ? `$${name}: cannot assign in this way` : `${name}: bad variable name`, shell.d.bash ? 1 : 2);
          value = yield* this.text(shell, part.word as Word);
          shell.set(name, value);
        }
        break;
      case '?':
        if (missing) {
          const text = yield* this.text(shell, part.word as Word);
          throw new ShellFault(
            `${name}: ${text !== '' ? text : part.colon ? shell.d.notSetOrNull : shell.d.bash ? 'parameter not set' : shell.d.notSet}`,
            shell.d.bash ? 127 : 2,
          );
        }
        break;
      case 'length':
        if (value === undefined && shell.opts.u) unsetFault(shell, name);
        value = String(
          shell.d.bash && (name === '@' || name === '*')
            ? shell.params.length
            : shell.d.name === 'dash'
              ? bytesOf(value ?? '').length
              : [...(value ?? '')].length,
        );
        break;
      default:
        if (value === undefined) {
          if (shell.opts.u) unsetFault(shell, name);
          if (q) fields.any = true;
          return;
        }
        value = yield* edit(this, shell, part, value);
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
}

function add(fields: Fields, value: string, q: boolean, mode: Mode): void {
  if (q) fields.quoted(value);
  else if (mode === 'fields') fields.split(value);
  else fields.literal(value);
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
