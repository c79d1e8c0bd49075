// busybox's line editor: which key does what. Counterpart: busybox 1.35 libbb/lineedit.c, emacs mode
// Deviates: no vi mode.

import type { Program, Termios } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../../lib/io.ts';
import type { Shell } from '../state.ts';
import { ASH_KEYS } from './ashkeys.ts';
import { AshLine } from './ashline.ts';
import { AshCompletion } from './ashtab.ts';
import { appendLines, History } from './history.ts';
import { type Input, Keyboard } from './keyboard.ts';
import type { Editor, Read } from './types.ts';

export class AshEditor implements Editor {
  readonly history = new History();
  private readonly keyboard = new Keyboard(0);
  private readonly line = new AshLine();
  private readonly completion = new AshCompletion(this.line);
  /** What is shown of the history: its lines, the last one the line that is being written. */
  private shown: string[] = [];
  private at = 0;
  private prompt = '';

  /** Reads a line behind a prompt; undefined when the terminal does not ask for an editor. Counterpart: read_line_input */
  *read(shell: Shell, prompt: string): Program<Read | undefined> {
    const before: Termios | undefined = yield* this.keyboard.state();
    if (before === undefined || (before.icanon && !before.echo)) return undefined;
    const file = shell.get('HISTFILE');
    yield* this.history.load(file);
    yield* this.keyboard.open(before, false);
    const { line, history } = this;
    line.width = this.keyboard.columns;
    this.shown = [...history.lines, ''];
    this.at = this.shown.length - 1;
    this.prompt = prompt;
    this.completion.forget();
    line.begin(this.prompt);
    const how = yield* this.edit(shell);
    const { text } = line;
    yield* this.flush();
    if (how === 'line' && history.add(text, true)) yield* appendLines(file, [text]);
    yield* this.keyboard.close();
    if (how === 'interrupt') yield* writeAll(1, bytesOf('^C'));
    return how === 'line' ? { line: text } : how;
  }

  private *flush(): Program<void> {
    if (this.line.out !== '') yield* writeAll(1, bytesOf(this.line.out));
    this.line.out = '';
  }

  /** The next key: a byte or a name. */
  private *key(shell: Shell): Program<string | undefined> {
    for (;;) {
      yield* this.flush();
      const got: Input = yield* this.keyboard.next((numbers) => shell.signalled(numbers));
      if (got === 'end') return undefined;
      if (got === 'window') this.line.resize(this.keyboard.columns);
      else if (got !== 'signal') return got.key === '\x1b' ? ((yield* this.keyboard.sequence(ASH_KEYS)) ?? '\x1b') : got.key;
    }
  }

  private *edit(shell: Shell): Program<'line' | 'end' | 'interrupt'> {
    const { line } = this;
    for (;;) {
      let key: string | undefined = yield* this.key(shell);
      if (key === '\x12') key = yield* this.search(shell);
      if (key === undefined) return 'end';
      if (key !== '\t') this.completion.again = false;
      switch (key) {
        case '\r':
        case '\n':
          line.leave();
          return 'line';
        case '\x03':
          return 'interrupt';
        case '\x04':
          if (line.text === '') return 'end';
          line.delete();
          break;
        case '\t':
          yield* this.completion.tab(shell);
          break;
        case 'up':
        case '\x10':
          this.older();
          break;
        case 'down':
        case '\x0e':
          this.newer();
          break;
        default:
          if (key.length > 1 || key < ' ' || key === '\x7f') MOVES[key]?.(line);
          else line.insert(key);
      }
    }
  }

  /** The line goes into the history where it stands, so that a change to an old line is seen until the next prompt. */
  private keep(): void {
    if (this.line.text !== '') this.shown[this.at] = this.line.text;
  }

  private older(): void {
    if (this.at === 0) {
      this.line.beep();
      this.line.beep();
      return;
    }
    this.keep();
    this.line.replace(this.shown[--this.at] as string);
  }

  private newer(): void {
    if (this.at === this.shown.length - 1) {
      this.line.beep();
      return;
    }
    this.keep();
    this.line.replace(this.shown[++this.at] as string);
  }

  /** ^R: looks for a text backwards; the key that ends the search. */
  private *search(shell: Shell): Program<string | undefined> {
    const { line } = this;
    let wanted = '';
    let found: string | undefined;
    const show = (): void => {
      const behind = line.text.length - line.cursor;
      line.setPrompt(`(reverse-i-search)'${wanted}': `);
      line.redraw(behind);
    };
    show();
    for (;;) {
      const key: string | undefined = yield* this.key(shell);
      if (key === '\b' || key === '\x7f') wanted = wanted.slice(0, -1);
      else if (key !== '\x12') {
        if (key === undefined || key.length > 1 || key < ' ') {
          const behind = line.text.length - line.cursor;
          if (found !== undefined) line.text = found;
          line.setPrompt(this.prompt);
          line.redraw(behind);
          return key;
        }
      }
      const tried = key !== undefined && key >= ' ' && key !== '\x7f' ? wanted + key : wanted;
      let at = key === '\x12' ? this.at - 1 : this.at;
      while (at >= 0 && !(this.shown[at] as string).includes(tried)) at--;
      if (at < 0 || (this.shown[at] as string) === '') {
        line.beep();
        continue;
      }
      wanted = tried;
      this.at = at;
      found = this.shown[at] as string;
      line.text = found;
      line.cursor = found.indexOf(wanted);
      show();
    }
  }
}

const MOVES: Readonly<Record<string, (line: AshLine) => void>> = {
  left: (line) => line.back(1),
  '\x02': (line) => line.back(1),
  right: (line) => line.forward(),
  '\x06': (line) => line.forward(),
  home: (line) => line.back(line.cursor),
  '\x01': (line) => line.back(line.cursor),
  end: (line) => line.end(),
  '\x05': (line) => line.end(),
  '\b': (line) => line.backspace(),
  '\x7f': (line) => line.backspace(),
  delete: (line) => line.delete(),
  '\x0b': (line) => line.killToEnd(),
  '\x15': (line) => line.killToStart(),
  '\x17': (line) => line.eraseWord(),
  '\x0c': (line) => line.clearScreen(),
  'word left': (line) => line.wordLeft(),
  'word right': (line) => line.wordRight(),
  'delete word': (line) => line.deleteWord(),
  'erase word': (line) => line.eraseWordLeft(),
};
