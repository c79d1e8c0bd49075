// `${…}`: names, subscripts, operators and their words.

import type { ParamOp, ParamPart, Part, Word } from './ast.ts';
import { CharReader } from './chars.ts';
import { NeedMore, type SyntaxFault } from './faults.ts';
import type { WordContext } from './word.ts';

const NAME_START = /[A-Za-z_]/;
const NAME = /[A-Za-z0-9_]/;
const NAME_AT = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Reads parameter expansions; their words are read by the lexer above it. */
export abstract class ParamLexer extends CharReader {
  abstract word(context: WordContext): Word;
  protected abstract endFault(end: string): SyntaxFault;

  /** Runs a lexer of the same kind over another text. */
  protected abstract sub<T>(text: string, line: number, run: (inner: ParamLexer) => T): T;

  protected takeName(): string {
    NAME_AT.lastIndex = this.pos;
    const m = NAME_AT.exec(this.src);
    const name = m ? m[0] : '';
    this.pos += name.length;
    if (this.pos >= this.src.length) this.peek();
    return name;
  }

  protected braceParam(q: boolean): Part {
    const start = this.pos - 2;
    const bad = (name: string): Part => {
      const word = this.word({ dq: q, end: '}' });
      this.pos++;
      return { t: 'param', name, op: 'bad', colon: false, word, word2: null, q, text: this.src.slice(start, this.pos) };
    };
    let length = false;
    let indirect = false;
    let c = this.peek();
    if (c === '#' && this.peek(1) !== '}') {
      const after = this.src[this.pos + 1] ?? '';
      // ${#x} is a length, ${#-x} and ${##x} are forms of $#.
      if (
        NAME.test(after) ||
        ((after === '@' || after === '*' || after === '#' || after === '?' || after === '-' || after === '$' || after === '!') &&
          this.src[this.pos + 2] === '}')
      ) {
        length = true;
        this.pos++;
        c = this.peek();
      }
    } else if (c === '!' && this.d.bash && /^(?:\w|[#@*]\})/.test(this.src.slice(this.pos + 1, this.pos + 3))) {
      indirect = true;
      this.pos++;
      c = this.peek();
    }
    let name: string;
    if (c !== undefined && NAME_START.test(c)) name = this.takeName();
    else if (c !== undefined && /[0-9]/.test(c)) {
      name = '';
      while (/[0-9]/.test(this.peek() ?? '')) name += this.next();
    } else if (c !== undefined && /[@*#?\-$!]/.test(c)) {
      name = c;
      this.pos++;
    } else return bad('');
    const done = (op: ParamOp, colon = false, word: Word | null = null, word2: Word | null = null): Part => {
      this.pos++;
      const base = { t: 'param' as const, name, op, colon, word, word2, q, text: this.src.slice(start, this.pos) };
      return index === undefined && !indirect ? base : { ...base, ...(index === undefined ? {} : { index }), indirect };
    };
    let index: Word | '@' | '*' | undefined;
    if (this.d.bash && NAME_START.test(name) && this.peek() === '[') index = this.subscript();
    let o = this.peek();
    if (indirect && index !== undefined && typeof index === 'string' && o === '}') return done('keys');
    if (indirect && (o === '*' || o === '@') && this.src[this.pos + 1] === '}') {
      this.pos++;
      indirect = false;
      return { ...(done(o === '*' ? 'names*' : 'names@') as ParamPart), index: o };
    }
    if (o === '}') return done(length ? 'length' : '');
    if (length || o === undefined) return bad(name);
    if (o === '@' && this.d.bash && /[QULuEPAKak]/.test(this.src[this.pos + 1] ?? '') && this.src[this.pos + 2] === '}') {
      this.pos += 2;
      return done(`@${this.src[this.pos - 1]}` as ParamOp);
    }
    let colon = false;
    if (o === ':') {
      this.pos++;
      o = this.peek();
      colon = true;
      if (o === undefined || !'-=?+'.includes(o)) {
        if (o === '}' && !this.d.bash) throw this.endFault('}');
        if (!this.d.extended) return bad(name);
        const from = this.operand(':', q);
        let len: Word | null = null;
        if (this.peek() === ':') {
          this.pos++;
          len = this.operand('}', q);
        }
        return done('substring', false, from, len);
      }
    }
    if ('-=?+'.includes(o)) {
      this.pos++;
      return done(o as ParamOp, colon, this.word({ dq: q, end: '}' }));
    }
    if (o === '%' || o === '#') {
      this.pos++;
      const twice = this.peek() === o;
      if (twice) this.pos++;
      return done((twice ? o + o : o) as ParamOp, false, this.word({ dq: false, end: '}' }));
    }
    if (o === '/' && this.d.extended) {
      this.pos++;
      const all = this.peek() === '/';
      if (all) this.pos++;
      const pattern = this.operand('/', false);
      let text: Word | null = null;
      if (this.peek() === '/') {
        this.pos++;
        text = this.word({ dq: q && !this.d.bash, end: '}' });
      }
      return done(all ? '//' : '/', false, pattern, text);
    }
    if ((o === '^' || o === ',') && this.d.bash) {
      this.pos++;
      const twice = this.peek() === o;
      if (twice) this.pos++;
      return done((twice ? o + o : o) as ParamOp, false, this.peek() === '}' ? null : this.word({ dq: false, end: '}' }));
    }
    return bad(name);
  }

  /** `[…]` behind a name: every element, or the word between the brackets. */
  private subscript(): Word | '@' | '*' {
    this.pos++;
    const only = this.peek();
    if ((only === '@' || only === '*') && this.src[this.pos + 1] === ']') {
      this.pos += 2;
      return only;
    }
    const word = this.operand(']', false);
    this.pos++;
    return word;
  }

  /** An operand of ${x:a:b} or ${x/a/b}: ends at the separator or the closing brace, which stay unread. */
  private operand(separator: string, q: boolean): Word {
    let at = this.pos;
    let depth = 0;
    for (; at < this.src.length; at++) {
      const c = this.src[at] as string;
      if (c === '\\') at++;
      else if (separator === ']' && c === '[') depth++;
      else if (separator === ']' && c === ']' && depth > 0) depth--;
      else if (c === "'" && !q) at = Math.max(at, this.src.indexOf("'", at + 1));
      else if (c === '{' || c === '(') depth++;
      else if (c === ')' || (c === '}' && depth > 0)) depth--;
      else if (depth === 0 && (c === separator || (c === '}' && separator !== ']'))) break;
    }
    if (at >= this.src.length) {
      if (!this.eof) throw new NeedMore();
      throw this.endFault('}');
    }
    const text = this.src.slice(this.pos, at);
    this.pos = at;
    // A NUL ends the text so that the ordinary reader for `${..}` words can be used.
    return this.sub(`${text}\0`, this.line, (inner) => inner.word({ dq: q, end: '\0' }));
  }
}
