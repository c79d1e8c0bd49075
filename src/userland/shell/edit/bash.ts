// bash's line editor: which key does what. Counterpart: readline 8.2 in emacs mode
// Deviates: no numeric arguments, no vi mode, of inputrc only enable-bracketed-paste, no programmable completion; the last cut text only.

import { SIGINT } from '#abi/signal.ts';
import type { Program, SysResult, Termios } from '#kernel/uapi/index.ts';
import { bytesOf, readFile, textOf, writeAll } from '../../lib/io.ts';
import type { Shell } from '../state.ts';
import { expandHistory } from './bang.ts';
import { BASH_KEYS } from './bashkeys.ts';
import { BashLine } from './bashline.ts';
import { BashCompletion } from './bashtab.ts';
import { Display } from './display.ts';
import { appendLines, History } from './history.ts';
import { type Input, Keyboard } from './keyboard.ts';
import type { Editor, Read } from './types.ts';

const BEGIN = '\x1b[?2004h';
const END = '\x1b[?2004l\r';

/** Does the terminal get told that pastes are wanted in brackets? Of /etc/inputrc this is the one setting that counts here. */
function* pastes(): Program<boolean> {
  const got: SysResult<Uint8Array> = yield* readFile('/etc/inputrc');
  const value = got.ok ? /^\s*set\s+enable-bracketed-paste\s+(\S+)/im.exec(textOf(got.value))?.[1] : undefined;
  return value === undefined || /^(on|1)$/i.test(value);
}

export class BashEditor implements Editor {
  readonly history = new History();
  readonly line = new BashLine();
  readonly display = new Display();
  private readonly keyboard = new Keyboard(0);
  private readonly completion = new BashCompletion(this);
  private prompt = '';
  private at = 0;
  /** The line that was being written when an older one was called up. */
  private written = '';
  private pasted: readonly [number, number] | undefined;
  private interrupted = false;
  private unsaved: string[] = [];
  private utf8 = false;

  *read(shell: Shell, prompt: string): Program<Read | undefined> {
    const before: Termios | undefined = yield* this.keyboard.state();
    if (before === undefined) return undefined;
    yield* this.history.load(shell.get('HISTFILE'));
    this.utf8 = /utf-?8/i.test(shell.get('LC_ALL') || shell.get('LC_CTYPE') || shell.get('LANG') || '');
    yield* this.keyboard.open(before, true);
    const { line, display, history } = this;
    display.width = this.keyboard.columns;
    this.at = history.lines.length;
    this.written = '';
    this.pasted = undefined;
    this.interrupted = false;
    this.prompt = prompt;
    line.begin();
    const [begin, end] = (yield* pastes()) ? [BEGIN, END] : ['', ''];
    display.out += begin;
    display.setPrompt(prompt);
    display.fresh('', 0);
    const how = yield* this.edit(shell);
    display.out += how === 'line' ? end : how === 'end' ? `${end}\n` : `^C${end}${begin}${end}`;
    yield* this.flush();
    yield* this.keyboard.close();
    if (how !== 'line') return how;
    return yield* this.done(shell);
  }

  /** A line was entered: history is looked up in it, and it is remembered. */
  private *done(shell: Shell): Program<Read> {
    const { history, line } = this;
    const expanded = shell.opts.H ? expandHistory(line.text, history.lines) : line.text;
    if (typeof expanded !== 'string') {
      yield* writeAll(2, bytesOf(`${shell.prefix('')}${expanded.complaint}\n`));
      return { line: '' };
    }
    if (expanded !== line.text) yield* writeAll(2, bytesOf(`${expanded}\n`));
    const control = (shell.get('HISTCONTROL') ?? '').split(':');
    const dups = control.includes('ignoredups') || control.includes('ignoreboth');
    const spaces = control.includes('ignorespace') || control.includes('ignoreboth');
    if (!(spaces && expanded.startsWith(' ')) && history.add(expanded, dups)) this.unsaved.push(expanded);
    return { line: expanded };
  }

  *save(shell: Shell): Program<void> {
    yield* appendLines(shell.get('HISTFILE'), this.unsaved.splice(0));
  }

  *flush(): Program<void> {
    if (this.display.out !== '') yield* writeAll(2, bytesOf(this.display.out));
    this.display.out = '';
  }

  beep(): void {
    this.display.out += '\x07';
  }

  private redraw(): void {
    this.display.show(this.line.text, this.line.point, this.pasted);
  }

  /** The next key: a character, a name, or undefined at the end or at an interrupt. */
  *key(shell: Shell): Program<string | undefined> {
    for (;;) {
      yield* this.flush();
      const got: Input = yield* this.keyboard.next((numbers) => {
        if (numbers.includes(SIGINT)) this.interrupted = true;
        shell.signalled(numbers.filter((number) => number !== SIGINT));
      });
      if (got === 'end' || this.interrupted) return undefined;
      if (got === 'window') this.display.resize(this.keyboard.columns, this.line.text, this.line.point);
      else if (got !== 'signal') return got.key === '\x1b' ? ((yield* this.keyboard.sequence(BASH_KEYS, true)) ?? 'unbound') : got.key;
    }
  }

  private *edit(shell: Shell): Program<'line' | 'end' | 'interrupt'> {
    const { line, display } = this;
    for (let again: string | undefined; ; ) {
      const key: string | undefined = again ?? (yield* this.key(shell));
      again = undefined;
      if (key === undefined) return this.interrupted ? 'interrupt' : 'end';
      const types = key.length === 1 && key >= ' ' && key !== '\x7f' && (this.utf8 || key < '\x80');
      this.pasted = undefined;
      line.command(types);
      if (key !== '\t') this.completion.again = false;
      if (key === '\r' || key === '\n' || key === '\x0f') {
        this.redraw();
        display.leave();
        return 'line';
      }
      if (key === '\x04' && line.text === '') return 'end';
      if (key === '\x12') {
        again = yield* this.search(shell);
        if (again === undefined) return this.interrupted ? 'interrupt' : 'end';
      } else if (key === '\t') yield* this.completion.tab(shell);
      else if (key === 'paste') yield* this.paste(shell);
      else if (key === '\x16') line.insert((yield* this.key(shell)) ?? '', false);
      else if (key === '\x0c') display.clearScreen(line.text, line.point);
      else if ((key === '\x7f' || key === '\b') && line.point === line.text.length && line.point > 0) this.eraseLast();
      else if (types) line.insert(key, true);
      else if (COMMANDS[key]?.(line, this) === false || COMMANDS[key] === undefined) this.beep();
      this.redraw();
    }
  }

  private eraseLast(): void {
    const { line, display } = this;
    const last = line.text.at(-1) as string;
    const low = /[\udc00-\udfff]/.test(last);
    line.remove(line.point - (low ? 2 : 1), line.point);
    if (last >= ' ') display.eraseLast(1);
  }

  private *paste(shell: Shell): Program<void> {
    let text = '';
    while (!text.endsWith('\x1b[201~')) {
      const got: Input = yield* this.keyboard.next((numbers) => shell.signalled(numbers));
      if (got === 'end') return;
      if (typeof got !== 'string') text += got.key === '\r' ? '\n' : got.key;
    }
    const from = this.line.point;
    this.line.insert(text.slice(0, -6), false);
    this.pasted = [from, this.line.point];
  }

  /** Calls up another line of the history; one that was changed stays so. */
  go(to: number): boolean {
    const { lines } = this.history;
    if (to < 0 || to > lines.length || to === this.at) return false;
    if (this.at === lines.length) this.written = this.line.text;
    else lines[this.at] = this.line.text;
    this.at = to;
    this.line.replace(to === lines.length ? this.written : (lines[to] as string));
    return true;
  }

  older = (): boolean => this.go(this.at - 1);
  newer = (): boolean => this.go(this.at + 1);
  first = (): boolean => this.go(0);
  last = (): boolean => this.go(this.history.lines.length);

  /** The last word of the line before. */
  lastArgument(): boolean {
    const word = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+\s*$/.exec(this.history.lines.at(-1) ?? '')?.[0].trimEnd();
    if (word === undefined) return false;
    this.line.insert(word, false);
    return true;
  }

  /** ^R: looks for a text backwards; the key that ends the search, undefined at the end or an interrupt. */
  private *search(shell: Shell): Program<string | undefined> {
    const { line, display, history } = this;
    const start = { at: this.at, text: line.text, point: line.point };
    const all = [...history.lines];
    if (this.at === all.length) all.push(line.text);
    let wanted = '';
    let [row, column] = [this.at, line.point];
    let failed = false;
    let marks: readonly [number, number] | undefined;
    const show = (): void => {
      display.setPrompt(`(${failed ? 'failed ' : ''}reverse-i-search)\`${wanted}': `);
      display.show(line.text, line.point, marks);
    };
    show();
    for (;;) {
      const key: string | undefined = yield* this.key(shell);
      if (key === undefined) return undefined;
      const more = key.length === 1 && key >= ' ' && key !== '\x7f';
      if (key === '\x07') Object.assign(line, { text: start.text, point: start.point });
      if (!more && key !== '\x12' && key !== '\x7f' && key !== '\b') {
        if (key === '\x07') this.beep();
        else if (wanted !== '' || row !== start.at) {
          if (this.at === history.lines.length) this.written = start.text;
          this.at = row;
        }
        display.setPrompt(this.prompt);
        display.show(line.text, line.point);
        return key === '\x07' || key === 'unbound' ? '' : key;
      }
      if (more) wanted += key;
      else if (key !== '\x12') wanted = wanted.slice(0, -1);
      if (wanted === '') {
        show();
        continue;
      }
      let [r, c] = [row, key === '\x12' ? column - 1 : column];
      let hit = -1;
      for (; r >= 0; r--, c = Number.POSITIVE_INFINITY) {
        const text = all[r] as string;
        if (key === '\x12' && r !== row && text === line.text) continue;
        hit = c < 0 ? -1 : text.lastIndexOf(wanted, c);
        if (hit >= 0) break;
      }
      failed = hit < 0;
      if (failed) {
        this.beep();
        marks = undefined;
      } else {
        [row, column] = [r, hit];
        line.replace(all[r] as string);
        line.point = hit;
        marks = [hit, hit + wanted.length];
      }
      show();
    }
  }
}

/** What a key does; false: nothing to do, which beeps. */
const COMMANDS: Readonly<Record<string, (line: BashLine, editor: BashEditor) => boolean | undefined>> = {
  '': () => undefined,
  left: (line) => (line.point > 0 ? void line.point-- : false),
  right: (line) => (line.point < line.text.length ? void line.point++ : false),
  home: (line) => void (line.point = 0),
  end: (line) => void (line.point = line.text.length),
  up: (_, editor) => editor.older(),
  down: (_, editor) => editor.newer(),
  'first line': (_, editor) => editor.first(),
  'last line': (_, editor) => editor.last(),
  'word left': (line) => void (line.point = line.wordStart()),
  'word right': (line) => void (line.point = line.wordEnd()),
  delete: (line) => (line.point < line.text.length ? void line.remove(line.point, line.point + 1) : false),
  '\x7f': (line) => (line.point > 0 ? void line.remove(line.point - 1, line.point) : false),
  '\x0b': (line) => void line.kill(line.point, line.text.length),
  '\x15': (line) => (line.point > 0 ? void line.kill(0, line.point) : false),
  '\x17': (line) => (line.point > 0 ? void line.kill(line.blankStart(), line.point) : false),
  'delete word': (line) => void line.kill(line.point, line.wordEnd()),
  'erase word': (line) => void line.kill(line.wordStart(), line.point),
  '\x19': (line) => line.yank(),
  '\x14': (line) => line.transpose(),
  '\x1f': (line) => line.undo(),
  'yank pop': (line) => (line.cutAgain() ? undefined : false),
  revert: (line) => void line.revert(),
  upper: (line) => void line.recase((word) => word.toUpperCase()),
  lower: (line) => void line.recase((word) => word.toLowerCase()),
  capital: (line) => void line.recase((word) => word.toLowerCase().replace(/[\p{L}\p{N}]/u, (c) => c.toUpperCase())),
  'last argument': (_, editor) => editor.lastArgument(),
};
for (const [key, name] of Object.entries({
  '\x01': 'home',
  '\x02': 'left',
  '\x04': 'delete',
  '\x05': 'end',
  '\x06': 'right',
  '\b': '\x7f',
  '\x0e': 'down',
  '\x10': 'up',
}))
  (COMMANDS as Record<string, unknown>)[key] = COMMANDS[name];
