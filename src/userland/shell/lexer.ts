// Operators, redirections and here-documents. One lexer lives for one complete command.

import type { Redir, RedirOp, Word } from './ast.ts';
import { NeedMore } from './faults.ts';
import { unquoted } from './word.ts';
import { WordLexer } from './words.ts';

export type Token =
  | 'EOF'
  | 'NL'
  | ';'
  | '&'
  | '&&'
  | '||'
  | '|'
  | '|&'
  | '('
  | ')'
  | ';;'
  | ';&'
  | ';;&'
  | 'REDIR'
  | 'WORD'
  | '!'
  | '{'
  | '}'
  | 'if'
  | 'then'
  | 'else'
  | 'elif'
  | 'fi'
  | 'do'
  | 'done'
  | 'while'
  | 'until'
  | 'for'
  | 'in'
  | 'case'
  | 'esac'
  | 'function'
  | 'select'
  | '[['
  | 'time'
  | '((';

export abstract class Lexer extends WordLexer {
  wordTok: Word | undefined;
  redirTok: Redir | undefined;
  protected hereDocs: Redir[] = [];

  protected lex(): Token {
    for (;;) {
      const c = this.peek();
      if (c === undefined) return 'EOF';
      if (c === ' ' || c === '\t') this.pos++;
      else if (c === '#') {
        while (this.src[this.pos] !== '\n' && this.pos < this.src.length) this.pos++;
      } else break;
    }
    const c = this.next() as string;
    switch (c) {
      case '\n':
        return 'NL';
      case ';': {
        if (this.peek() !== ';') return this.d.bash && this.src[this.pos] === '&' ? this.take(';&') : ';';
        this.pos++;
        if (this.d.bash && this.peek() === '&') return this.take(';;&');
        return ';;';
      }
      case '&': {
        if (this.peek() === '&') return this.take('&&');
        if (this.d.extended && this.src[this.pos] === '>') {
          this.pos++;
          const append = this.d.bash && this.peek() === '>';
          if (append) this.pos++;
          return this.redir(append ? '&>>' : '&>', 1);
        }
        return '&';
      }
      case '|':
        if (this.peek() === '|') return this.take('||');
        if (this.d.bash && this.src[this.pos] === '&') return this.take('|&');
        return '|';
      case '(':
        return '(';
      case ')':
        return ')';
      case '<':
      case '>':
        if (this.d.extended && this.peek() === '(') {
          this.pos--;
          break;
        }
        return this.redirection(c, c === '<' ? 0 : 1);
      default:
        if (c >= '0' && c <= '9') {
          let at = this.pos;
          while (/[0-9]/.test(this.src[at] ?? '')) at++;
          const after = this.src[at];
          if ((after === '<' || after === '>') && (this.d.extended || at - this.pos < 1)) {
            const fd = Number(this.src.slice(this.pos - 1, at));
            this.pos = at + 1;
            return this.redirection(after, fd);
          }
        }
        this.pos--;
    }
    this.wordTok = this.word({ dq: false, end: undefined });
    return 'WORD';
  }

  private take(token: Token): Token {
    this.pos++;
    return token;
  }

  private redirection(first: string, fd: number): Token {
    const c = this.peek();
    const take = (op: RedirOp): Token => {
      this.pos++;
      return this.redir(op, fd);
    };
    if (first === '>') {
      if (c === '>') return take('>>');
      if (c === '|') return take('>|');
      if (c === '&') return take('>&');
      return this.redir('>', fd);
    }
    if (c === '<') {
      this.pos++;
      const after = this.peek();
      if (after === '-') return take('<<-');
      if (after === '<' && this.d.bash) return take('<<<');
      return this.redir('<<', fd);
    }
    if (c === '>') return take('<>');
    if (c === '&') return take('<&');
    return this.redir('<', fd);
  }

  private redir(op: RedirOp, fd: number): Token {
    this.redirTok = { op, fd, word: undefined as unknown as Word, body: null };
    return 'REDIR';
  }

  /** Reads the bodies of the here-documents announced on this line. */
  protected readHereDocs(): void {
    const docs = this.hereDocs;
    this.hereDocs = [];
    for (const doc of docs) {
      const delim = unquoted(doc.word);
      let body = '';
      let joined = false; // the line before ended with a backslash
      const line = this.line;
      for (;;) {
        const end = this.src.indexOf('\n', this.pos);
        if (end < 0 && !this.eof) throw new NeedMore();
        let text = this.src.slice(this.pos, end < 0 ? this.src.length : end);
        if (end < 0 && text === '') break;
        if (doc.op === '<<-' && !joined) text = text.replace(/^\t+/, '');
        this.pos = end < 0 ? this.src.length : end + 1;
        if (end >= 0) this.line++;
        if (!joined && text === delim) break;
        joined = !doc.word.quoted && /(?:^|[^\\])(?:\\\\)*\\$/.test(text);
        body += end < 0 ? text : `${text}\n`;
        if (end < 0) break;
      }
      if (doc.word.quoted) {
        doc.body = { parts: [{ t: 'lit', s: body, q: true }], text: body, plain: body, quoted: true, simple: true };
      } else {
        doc.body = this.sub(body, line, (inner) => inner.word({ dq: true, end: undefined }));
      }
    }
  }
}
