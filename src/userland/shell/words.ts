// Words of the shell language with their quotes and expansions. When the text ends although more may come, reading gives up
// with NeedMore and starts again with another line.

import type { Node, Part, Word } from './ast.ts';
import { ansiC } from './escapes.ts';
import { NeedMore, type SyntaxFault } from './faults.ts';
import { ParamLexer } from './params.ts';
import { makeWord, param, type WordContext } from './word.ts';

const NAME_START = /[A-Za-z_]/;
const PLAIN_RUN = /[^\s;&|<>()\\'"`$]+/y;
// NUL ends the text of an operand.
const DQ_RUN = /[^\\"`$\n}\0]+/y;

/** Reads words; knows nothing of commands. */
export abstract class WordLexer extends ParamLexer {
  protected abstract parseNested(close: ')'): Node | null;
  protected abstract parseText(text: string, line: number): Node | null;

  word(context: WordContext): Word {
    const start = this.pos;
    const parts: Part[] = [];
    let quoted = false;
    let lit = '';
    let litQ = context.dq;
    const flush = (): void => {
      if (lit !== '') parts.push({ t: 'lit', s: lit, q: litQ });
      lit = '';
    };
    const add = (s: string, q: boolean): void => {
      if (q !== litQ) {
        flush();
        litQ = q;
      }
      lit += s;
    };
    const push = (part: Part): void => {
      flush();
      parts.push(part);
    };
    const { dq, end } = context;
    for (;;) {
      const run = dq ? DQ_RUN : PLAIN_RUN;
      if (end === undefined || dq) {
        run.lastIndex = this.pos;
        const m = end === ')' ? null : run.exec(this.src);
        if (m) {
          add(m[0], dq);
          this.pos += m[0].length;
        }
      }
      const c = this.peek();
      if (c === undefined) {
        if (end === undefined) break;
        throw this.endFault(dq ? '"' : end);
      }
      if (c === end) break;
      if (c === '\\') {
        this.pos++;
        const e = this.literal();
        if (e === undefined) {
          add('\\', true);
          continue;
        }
        this.pos++;
        if (e === '\n') this.line++;
        if (!dq) {
          quoted = true;
          add(e, true);
        } else if (
          e === '$' ||
          e === '`' ||
          e === '\\' ||
          (e === '"' && end !== undefined) ||
          (e === '}' && (end === '}' || (context.braced && !this.d.bash)))
        ) {
          add(e, true);
        } else add(`\\${e}`, true);
      } else if (c === "'" && !dq) {
        quoted = true;
        this.pos++;
        const close = this.src.indexOf("'", this.pos);
        if (close < 0) {
          if (!this.eof) throw new NeedMore();
          if (!this.d.bash) this.line += this.src.slice(this.pos).split('\n').length - 1;
          throw this.quoteFault("'");
        }
        const text = this.src.slice(this.pos, close);
        this.line += text.split('\n').length - 1;
        this.pos = close + 1;
        flush();
        parts.push({ t: 'lit', s: text, q: true });
      } else if (c === '"' && !(dq && end === undefined)) {
        quoted = true;
        this.pos++;
        if (dq && end === '}') {
          // Inside "${x:-"..."}" the inner quotes only toggle.
          continue;
        }
        flush();
        const inner = this.word({ dq: true, end: '"', braced: end === '}' });
        this.pos++;
        if (inner.parts.length === 0) parts.push({ t: 'lit', s: '', q: true });
        else parts.push(...inner.parts);
      } else if (c === '$') {
        this.pos++;
        const part = this.dollar(dq);
        if (typeof part === 'string') add(part, dq);
        else {
          if (part.t === 'lit') quoted = true;
          push(part);
        }
      } else if (c === '`') {
        this.pos++;
        push(this.backquote(dq));
      } else if (
        (c === '<' || c === '>') &&
        !dq &&
        end === undefined &&
        this.pos === start &&
        this.d.extended &&
        this.src[this.pos + 1] === '('
      ) {
        this.pos += 2;
        push({ t: 'proc', out: c === '>', body: this.parseNested(')'), q: false });
      } else if (!dq && end === undefined && ' \t\n;&|<>()'.includes(c)) {
        // bash reads `name[a b]=` as one word.
        const inside = c === ' ' && this.d.bash && /^[A-Za-z_]\w*\[[^\]]*$/.test(this.src.slice(start, this.pos));
        if (!inside || !/^[^\]\n]*\]\+?=/.test(this.src.slice(this.pos))) break;
        this.pos++;
        add(c, false);
      } else {
        this.next();
        add(c, dq);
      }
    }
    flush();
    return makeWord(parts, this.src.slice(start, this.pos), quoted);
  }

  protected endFault(end: string): SyntaxFault {
    if (end === '"') return this.quoteFault('"');
    return this.fault(this.d.syntaxError(end === '}' ? this.d.missingBrace : this.d.missingParens));
  }

  private quoteFault(quote: string): SyntaxFault {
    if (this.d.bash) return this.fault(`unexpected EOF while looking for matching \`${quote}'`);
    return this.fault(this.d.syntaxError(this.d.unterminatedQuote));
  }

  private backquote(q: boolean): Part {
    let text = '';
    const line = this.line;
    for (;;) {
      const c = this.next();
      if (c === undefined) throw this.fault(this.d.syntaxError(this.d.eofBackquote));
      if (c === '`') break;
      if (c === '\\') {
        const e = this.next();
        if (e === undefined) throw this.fault(this.d.syntaxError(this.d.eofBackquote));
        text += e === '`' || e === '\\' || e === '$' || (q && e === '"') ? e : `\\${e}`;
      } else text += c;
    }
    return { t: 'cmd', body: this.parseText(text, line), text, q };
  }

  /** After a `$`: an expansion, or the literal text it turned out to be. */
  private dollar(q: boolean): Part | string {
    const c = this.peek();
    if (c === '(') {
      this.pos++;
      const start = this.pos;
      if (this.peek() === '(') {
        this.pos++;
        return { t: 'arith', word: this.arithText(), q };
      }
      const body = this.parseNested(')');
      return { t: 'cmd', body, text: this.src.slice(start, this.pos - 1), q };
    }
    if (c === '[' && this.d.bash) {
      this.pos++;
      return { t: 'arith', word: this.arithText('[', ']'), q };
    }
    if (c === '{') {
      this.pos++;
      return this.braceParam(q);
    }
    if (c === "'" && !q && this.d.extended) {
      this.pos++;
      let text = '';
      for (;;) {
        const e = this.next();
        if (e === undefined) throw this.quoteFault("'");
        if (e === "'") break;
        text += e;
        if (e === '\\') text += this.next() ?? '';
      }
      return { t: 'lit', s: ansiC(text), q: true };
    }
    if (c === '"' && !q && this.d.bash) return '';
    if (c !== undefined && NAME_START.test(c)) {
      const name = this.takeName();
      return param(name, '', q, `$${name}`);
    }
    if (c !== undefined && /[0-9@*#?\-$!]/.test(c)) {
      this.pos++;
      return param(c, '', q, `$${c}`);
    }
    return '$';
  }

  /** Text up to the `))` that ends an arithmetic expansion, or the `]` of bash's older form. */
  arithText(open = '(', close = ')'): Word {
    const parts: Part[] = [];
    const start = this.pos;
    const ends = close === ')' ? '))' : close;
    let depth = 0;
    let lit = '';
    for (;;) {
      const c = this.peek();
      if (c === undefined) throw close === ')' ? this.fault(this.d.syntaxError(this.d.missingParens)) : this.quoteFault(close);
      if (c === close) {
        if (depth === 0) {
          if (!this.src.startsWith(ends, this.pos)) {
            this.pos++;
            lit += c;
            continue;
          }
          this.pos += ends.length;
          break;
        }
        depth--;
      }
      if (c === open) depth++;
      this.next();
      if (c === '$' || c === '`') {
        const part = c === '$' ? this.dollar(true) : this.backquote(true);
        if (typeof part === 'string') lit += part;
        else {
          if (lit !== '') parts.push({ t: 'lit', s: lit, q: true });
          lit = '';
          parts.push(part);
        }
      } else if (c === '\\') lit += `\\${this.next() ?? ''}`;
      else if (c !== '"' || !this.d.bash) lit += c;
    }
    if (lit !== '') parts.push({ t: 'lit', s: lit, q: true });
    return makeWord(parts, this.src.slice(start, this.pos - ends.length), true);
  }
}
