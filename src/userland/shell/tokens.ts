// Tokens as the grammar asks for them: with keywords and aliases recognized where they may stand.

import type { Redir, Word } from './ast.ts';
import type { Dialect } from './dialect.ts';
import { SyntaxFault } from './faults.ts';
import { Lexer, type Token } from './lexer.ts';

const KEYWORDS = new Set(['!', '{', '}', 'if', 'then', 'else', 'elif', 'fi', 'do', 'done', 'while', 'until', 'for', 'in', 'case', 'esac']);
const EXTRA_KEYWORDS = new Set(['function', '[[', 'time', 'select']);
export const CHKNL = 1;
export const CHKKWD = 2;
export const CHKALIAS = 4;

/** True for a word that is one of the dialect's reserved words. */
export const isKeyword = (word: string, d: Dialect): boolean =>
  KEYWORDS.has(word) || (EXTRA_KEYWORDS.has(word) && (d.bash || (d.name === 'ash' && word === 'function')));

export abstract class TokenReader extends Lexer {
  protected pushed = false;
  protected last: Token = 'EOF';
  protected check = 0;
  protected aliasEnds: { name: string; remaining: number; blank: boolean }[] = [];
  protected readonly aliases: ReadonlyMap<string, string>;
  protected tokStart = 0;

  constructor(src: string, line: number, eof: boolean, d: Dialect, aliases: ReadonlyMap<string, string>) {
    super(src, line, eof, d);
    this.aliases = aliases;
  }

  protected read(): Token {
    let check = this.check;
    if (this.pushed) {
      this.pushed = false;
      // A pushed-back word has been looked at already, except that keywords may matter now.
      if (this.last === 'NL' && check & CHKNL) return this.read();
      this.check = 0;
      if (this.last !== 'WORD' || !(check & CHKKWD)) return this.last;
    } else {
      for (;;) {
        this.raw();
        if (!(check & CHKNL) || this.last !== 'NL') break;
      }
    }
    for (;;) {
      check |= this.check;
      this.check = 0;
      if (this.last !== 'WORD') return this.last;
      const text = this.wordTok?.plain ?? undefined;
      const word = this.wordTok as Word;
      if (word.quoted || text === undefined) {
        if (word.quoted || word.text !== '{') return this.last;
      }
      const name = word.text;
      if (check & CHKKWD && isKeyword(name, this.d)) {
        this.last = name as Token;
        return this.last;
      }
      const value = check & CHKALIAS ? this.aliases.get(name) : undefined;
      if (value === undefined || this.aliasEnds.some((a) => a.name === name)) return this.last;
      this.src = value + this.src.slice(this.pos);
      this.aliasEnds.push({ name, remaining: this.src.length - value.length, blank: /[ \t]$/.test(value) });
      this.pos = 0;
      do this.raw();
      while (check & CHKNL && (this.last as Token) === 'NL');
    }
  }

  protected raw(): void {
    while (this.aliasEnds.length > 0) {
      const top = this.aliasEnds[this.aliasEnds.length - 1] as { remaining: number; blank: boolean };
      while (this.src[this.pos] === ' ' && this.src.length - this.pos > top.remaining) this.pos++;
      if (this.src.length - this.pos > top.remaining) break;
      this.aliasEnds.pop();
      if (top.blank) this.check |= CHKALIAS;
    }
    this.tokStart = this.pos;
    this.last = this.lex();
    if (this.last === 'NL') this.readHereDocs();
  }

  protected back(): void {
    this.pushed = true;
  }

  /** The error for the token just read. */
  protected unexpected(expecting?: string, substitution = false): SyntaxFault {
    const token = this.last;
    const { d } = this;
    if (d.bash && token === 'EOF' && substitution) return new SyntaxFault("unexpected EOF while looking for matching `)'", this.line + 1);
    if (d.bash) {
      const what =
        token === 'EOF'
          ? 'end of file'
          : token === 'NL'
            ? 'newline'
            : token === 'WORD'
              ? (this.wordTok as Word).text
              : token === 'REDIR'
                ? (this.redirTok as Redir).op
                : token;
      return new SyntaxFault(
        d.unexpected(what),
        token === 'EOF' ? this.line + 1 : token === 'NL' ? this.line - 1 : this.line,
        token !== 'EOF',
      );
    }
    const name =
      token === 'EOF'
        ? 'end of file'
        : token === 'NL'
          ? 'newline'
          : token === 'WORD'
            ? 'word'
            : token === 'REDIR'
              ? 'redirection'
              : `"${token}"`;
    return this.fault(d.syntaxError(d.unexpected(name, expecting)));
  }

  /** Source text from a place (counted from the end) to the token just read. */
  protected textFrom(fromEnd: number): string {
    return this.src.slice(Math.max(0, this.src.length - fromEnd), this.tokStart).trim();
  }
}
