// What bash reads between brackets: `[[ … ]]` and `name=( … )`; and redirections behind a command.

import { assignment, compoundItem } from './assign.ts';
import type { CompoundItem, Node, Part, Redir, Word } from './ast.ts';
import { ASSIGNING } from './builtins/names.ts';
import { CHKALIAS, CHKKWD, CHKNL, TokenReader } from './tokens.ts';
import { makeWord } from './word.ts';

/** Characters of private use stand for ASCII ones. */
const HIDE = 0xe000;
const HIDDEN = /[\ue000-\ue07f]/g;

export abstract class BracketReader extends TokenReader {
  protected redirTarget(): Redir {
    const redir = this.redirTok as Redir;
    if (this.read() !== 'WORD') throw this.unexpected();
    redir.word = this.wordTok as Word;
    if (redir.op === '<<' || redir.op === '<<-') this.hereDocs.push(redir);
    return redir;
  }

  protected trailingRedirs(): Redir[] {
    const redirs: Redir[] = [];
    this.check = CHKKWD | CHKALIAS;
    while (this.read() === 'REDIR') {
      redirs.push(this.redirTarget());
      this.check = CHKKWD | CHKALIAS;
    }
    this.back();
    return redirs;
  }

  /** bash's `[[ … ]]` as a simple command whose operators are quoted words. */
  protected testNode(line: number): Node {
    const words: Word[] = [makeWord([{ t: 'lit', s: '[[', q: true }], '[[', false)];
    for (;;) {
      this.check = CHKNL;
      const token = this.read();
      if (token === 'EOF') throw this.unexpected();
      const text = token === 'WORD' ? (this.wordTok as Word).text : token === 'REDIR' ? (this.redirTok as Redir).op : token;
      words.push(token === 'WORD' ? (this.wordTok as Word) : makeWord([{ t: 'lit', s: text, q: true }], text, false));
      if (text === ']]') break;
      if (token === 'WORD' && text === '=~') words.push(this.regexWord());
    }
    return { t: 'simple', assigns: [], words, redirs: this.trailingRedirs(), line, text: '[[' };
  }

  private regexWord(): Word {
    while (this.peek() === ' ') this.pos++;
    let depth = 0;
    const start = this.pos;
    while (this.pos < this.src.length && (depth > 0 || !/\s/.test(this.src[this.pos] as string))) {
      const c = this.src[this.pos] as string;
      if (c === '\\') this.pos++;
      else if (c === "'" || c === '"') this.pos = Math.max(this.pos, this.src.indexOf(c, this.pos + 1));
      if (c === '(') depth++;
      if (c === ')') depth--;
      this.pos++;
    }
    // What is special to the shell but not quoted is read as other characters, and turned back afterwards.
    const text = this.src.slice(start, this.pos);
    const hidden = text.includes('$(')
      ? text
      : text.replace(/\\(?=[^'"\s])|[();|&<>]/g, (c) => String.fromCharCode(HIDE + c.charCodeAt(0)));
    const word = this.sub(hidden, this.line, (inner) => inner.word({ dq: false, end: undefined }));
    const shown = (part: Part): Part =>
      part.t === 'lit' ? { ...part, s: part.s.replace(HIDDEN, (c) => String.fromCharCode(c.charCodeAt(0) - HIDE)) } : part;
    return makeWord(word.parts.map(shown), text, word.quoted);
  }

  /** A word with the parenthesis that follows `name=`; the word itself where none may follow. */
  protected compoundWord(word: Word, first: boolean, command: Word | undefined): Word {
    if (!this.d.bash || this.src[this.pos] !== '(' || !word.text.endsWith('=')) return word;
    if (!first && !ASSIGNING.has(command?.plain ?? '')) return word;
    if (assignment(word, true)?.word.parts.length !== 0) return word;
    this.pos++;
    const compound: CompoundItem[] = [];
    for (;;) {
      this.check = CHKNL;
      const token = this.read();
      if (token === ')') return { ...word, plain: null, simple: false, compound };
      if (token !== 'WORD') throw this.unexpected(undefined, true);
      compound.push(compoundItem(this.wordTok as Word));
    }
  }
}
