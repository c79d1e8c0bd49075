// Grammar of the shell: one complete command (a line's list) per call. The order in which tokens are read follows dash's
// and busybox ash's parsers closely, because it decides which token an error message names.

import { assignment } from './assign.ts';
import type { Assign, CaseItem, Node, Redir, Word } from './ast.ts';
import { BracketReader } from './brackets.ts';
import type { Token } from './lexer.ts';
import { CHKALIAS, CHKKWD, CHKNL } from './tokens.ts';
import { makeWord } from './word.ts';
import type { WordLexer } from './words.ts';

const END_LIST = new Set<Token>(['EOF', ')', ';;', ';&', ';;&', 'then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}']);
const SPECIAL = new Set([
  '.',
  ':',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
]);
const GOOD_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface Parsed {
  /** null: an empty line; 'eof': nothing left. */
  readonly node: Node | null | 'eof';
  /** What is left of the text. */
  readonly rest: string;
  readonly line: number;
  /** The command ended with the text, not with a newline. */
  readonly atEof: boolean;
}

export class Parser extends BracketReader {
  /** Parses the next line's list. */
  command(): Parsed {
    const node = this.list(true, false);
    const atEof = this.pushed && this.last === 'EOF';
    return { node: node === null && atEof ? 'eof' : node, rest: this.src.slice(this.pos), line: this.line, atEof };
  }

  protected sub<T>(text: string, line: number, run: (inner: WordLexer) => T): T {
    return run(new Parser(text, line, true, this.d, this.aliases));
  }

  protected parseText(text: string, line: number): Node | null {
    const inner = new Parser(text, line, true, this.d, this.aliases);
    const node = inner.list(false, true);
    // ash and dash do not look at what is left, as after a stray `)`.
    if (this.d.bash && inner.read() !== 'EOF') throw inner.unexpected();
    return node;
  }

  protected parseNested(_close: ')'): Node | null {
    const { pushed, last, check, hereDocs, redirTok, wordTok, tokStart } = this;
    this.pushed = false;
    this.hereDocs = [];
    const node = this.list(false, true);
    if (this.read() !== ')') throw this.unexpected('")"', true);
    this.pushed = pushed;
    this.last = last;
    this.check = check;
    this.hereDocs = hereDocs;
    this.redirTok = redirTok;
    this.wordTok = wordTok;
    this.tokStart = tokStart;
    return node;
  }

  private list(top: boolean, mayBeEmpty: boolean): Node | null {
    const newlines = top ? 0 : CHKNL;
    const items: Node[] = [];
    let may = mayBeEmpty;
    const result = (): Node | null => (items.length === 0 ? null : items.length === 1 ? (items[0] as Node) : { t: 'semi', list: items });
    for (;;) {
      this.check = newlines | CHKKWD | CHKALIAS;
      const token = this.read();
      if (token === 'NL') return result();
      if (token === 'EOF') {
        this.readHereDocs();
        this.back();
        return result();
      }
      this.back();
      if (!top && may && END_LIST.has(token)) return result();
      may = true;
      const start = this.src.length - this.tokStart;
      const node = this.andOr();
      const after = this.read();
      if (after === '&') items.push({ t: 'bg', body: node, text: this.textFrom(start) });
      else items.push(node);
      if (after === 'NL' || after === 'EOF') this.back();
      else if (after !== '&' && after !== ';') {
        if (top) throw this.unexpected();
        this.back();
        return result();
      }
    }
  }

  private andOr(): Node {
    let left = this.pipeline();
    for (;;) {
      const token = this.read();
      if (token !== '&&' && token !== '||') {
        this.back();
        return left;
      }
      this.check = CHKNL | CHKKWD | CHKALIAS;
      left = { t: token === '&&' ? 'and' : 'or', left, right: this.pipeline() };
    }
  }

  private pipeline(): Node {
    let negate = false;
    let timed = false;
    let token = this.read();
    const start = this.src.length - this.tokStart;
    if (token === 'time') {
      timed = true;
      this.check = CHKKWD | CHKALIAS;
      token = this.read();
    }
    while (token === '!') {
      negate = !negate;
      this.check = CHKKWD | CHKALIAS;
      token = this.read();
      if (!this.d.bash) break;
    }
    this.back();
    if (timed && (token === 'NL' || token === 'EOF' || token === ';')) return { t: 'time', body: null };
    let node = this.simpleOrCompound();
    const parts = [node];
    for (;;) {
      const bar = this.read();
      if (bar !== '|' && bar !== '|&') break;
      if (bar === '|&') parts[parts.length - 1] = this.withStderr(parts[parts.length - 1] as Node);
      this.check = CHKNL | CHKKWD | CHKALIAS;
      parts.push(this.simpleOrCompound());
    }
    const text = this.textFrom(start);
    this.back();
    if (parts.length > 1) node = { t: 'pipe', parts, text };
    if (negate) node = { t: 'not', body: node };
    return timed ? { t: 'time', body: node } : node;
  }

  private withStderr(node: Node): Node {
    const word = makeWord([{ t: 'lit', s: '1', q: true }], '1', false);
    const redir: Redir = { op: '>&', fd: 2, word, body: null };
    if ('redirs' in node) return { ...node, redirs: [...node.redirs, redir] };
    return { t: 'brace', body: node, redirs: [redir], text: '' };
  }

  private expect(token: Token): void {
    if (this.read() !== token) throw this.unexpected(`"${token}"`);
  }

  private doGroup(): Node | null {
    this.expect('do');
    const body = this.list(false, false);
    this.expect('done');
    return body;
  }

  private simpleOrCompound(): Node {
    const token = this.read();
    const line = this.line;
    const start = this.src.length - this.tokStart;
    switch (token) {
      case 'if': {
        const node = this.ifNode();
        return { ...node, redirs: this.trailingRedirs() };
      }
      case 'while':
      case 'until': {
        const cond = this.list(false, false);
        const body = this.doGroup();
        return { t: 'while', until: token === 'until', cond, body, redirs: this.trailingRedirs() };
      }
      case 'for':
      case 'select':
        return this.forNode(line, token === 'select');
      case 'case':
        return this.caseNode(line);
      case '(': {
        if (this.d.bash && this.src[this.pos] === '(') {
          this.pos++;
          const word = this.arithText();
          return { t: 'arithcmd', word, redirs: this.trailingRedirs() };
        }
        const body = this.list(false, false);
        this.expect(')');
        const redirs = this.trailingRedirs();
        return { t: 'subshell', body, redirs, text: this.textFrom(start) };
      }
      case '{': {
        const body = this.list(false, false);
        this.expect('}');
        const redirs = this.trailingRedirs();
        return { t: 'brace', body, redirs, text: this.textFrom(start) };
      }
      case 'function': {
        if (this.read() !== 'WORD') throw this.unexpected();
        const name = (this.wordTok as Word).text;
        this.check = CHKNL | CHKKWD | CHKALIAS;
        if (this.read() === '(') {
          this.expect(')');
          this.check = CHKNL | CHKKWD | CHKALIAS;
        } else {
          this.back();
          this.check = CHKNL | CHKKWD | CHKALIAS;
        }
        return { t: 'func', name, body: this.simpleOrCompound() };
      }
      case '[[':
        return this.testNode(line);
      case 'WORD':
      case 'REDIR':
        this.back();
        return this.simple(line, start);
      default:
        throw this.unexpected();
    }
  }

  private ifNode(): Extract<Node, { t: 'if' }> {
    const cond = this.list(false, false);
    this.expect('then');
    const then = this.list(false, false);
    const token = this.read();
    if (token === 'elif') return { t: 'if', cond, then, else: this.ifNode(), redirs: [] };
    let otherwise: Node | null = null;
    if (token === 'else') otherwise = this.list(false, false);
    else this.back();
    this.expect('fi');
    return { t: 'if', cond, then, else: otherwise, redirs: [] };
  }

  private forNode(line: number, select: boolean): Node {
    if (this.d.bash && !select && this.peek() !== undefined && /^[ \t]*\(\(/.test(this.src.slice(this.pos))) return this.arithFor();
    const token = this.read();
    const name = token === 'WORD' ? (this.wordTok as Word) : undefined;
    if (!name || name.quoted || !GOOD_NAME.test(name.text)) {
      if (this.d.bash) {
        if (name === undefined) throw this.unexpected();
      } else throw this.fault(this.d.syntaxError(this.d.badFor));
    }
    let words: Word[] | null = null;
    this.check = CHKNL | CHKKWD | CHKALIAS;
    if (this.read() === 'in') {
      words = [];
      while (this.read() === 'WORD') words.push(this.wordTok as Word);
      if ((this.last as Token) !== 'NL' && (this.last as Token) !== ';') throw this.unexpected();
    } else if ((this.last as Token) !== ';') this.back();
    this.check = CHKNL | CHKKWD | CHKALIAS;
    const body = this.doGroup();
    return { t: 'for', select, name: (name as Word).text, words, body, redirs: this.trailingRedirs(), line };
  }

  private arithFor(): Node {
    this.pos = this.src.indexOf('((', this.pos) + 2;
    const [init = '', test = '', step = ''] = this.arithText().text.split(';');
    this.check = CHKNL | CHKKWD | CHKALIAS;
    if (this.read() !== ';') this.back();
    this.check = CHKNL | CHKKWD | CHKALIAS;
    return { t: 'arithfor', init, test, step, body: this.doGroup(), redirs: this.trailingRedirs() };
  }

  private caseNode(line: number): Node {
    if (this.read() !== 'WORD') throw this.unexpected('word');
    const word = this.wordTok as Word;
    this.check = CHKNL | CHKKWD | CHKALIAS;
    this.expect('in');
    const items: CaseItem[] = [];
    this.check = CHKNL | CHKKWD;
    let token = this.read();
    while (token !== 'esac') {
      if (token === '(') this.read();
      const patterns: Word[] = [];
      for (;;) {
        // A keyword may be a pattern: the word behind the token is still there.
        if ((this.last as Token) !== 'EOF') patterns.push(this.wordTok as Word);
        if (this.read() !== '|') break;
        this.read();
      }
      if ((this.last as Token) !== ')') throw this.unexpected('")"');
      const body = this.list(false, true);
      this.check = CHKNL | CHKKWD;
      token = this.read();
      const end = token === ';;' || token === ';&' || token === ';;&' ? token : ';;';
      items.push({ patterns, body, end });
      if (token !== 'esac') {
        if (token !== end) throw this.unexpected('";;"');
        this.check = CHKNL | CHKKWD;
        token = this.read();
      }
    }
    return { t: 'case', word, items, redirs: this.trailingRedirs(), line };
  }

  private simple(line: number, start: number): Node {
    const assigns: Assign[] = [];
    const words: Word[] = [];
    const redirs: Redir[] = [];
    let first = true;
    for (;;) {
      this.check = first ? CHKALIAS : 0;
      const token = this.read();
      if (token === 'WORD') {
        const word = this.compoundWord(this.wordTok as Word, first, words[0]);
        const assign = first ? assignment(word, this.d.bash) : undefined;
        if (assign) assigns.push(assign);
        else {
          first = false;
          words.push(word);
        }
      } else if (token === 'REDIR') redirs.push(this.redirTarget());
      else if ((token === '&&' || token === '||') && this.d.name === 'ash' && words[0]?.text === '[[' && words.at(-1)?.text !== ']]') {
        const text = token === '&&' ? '-a' : '-o';
        words.push(makeWord([{ t: 'lit', s: text, q: true }], text, false));
      } else if (token === '(' && words.length === 1 && assigns.length === 0 && redirs.length === 0) {
        const name = words[0] as Word;
        if (this.read() !== ')') throw this.unexpected(this.d.bash ? undefined : '")"');
        if (!this.d.bash && (name.quoted || !GOOD_NAME.test(name.text) || SPECIAL.has(name.text)))
          throw this.fault(this.d.syntaxError(this.d.badFunction));
        this.check = CHKNL | CHKKWD | CHKALIAS;
        const start = this.pos;
        const body = this.simpleOrCompound();
        if (this.d.bash && body.t === 'simple' && body.words[0]?.text !== '[[') {
          this.pos = start;
          this.pushed = false;
          this.check = CHKNL;
          this.read();
          throw this.unexpected();
        }
        return { t: 'func', name: name.text, body };
      } else {
        this.back();
        return { t: 'simple', assigns, words, redirs, line, text: this.textFrom(start) };
      }
    }
  }
}
