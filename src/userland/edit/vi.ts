// vi: the screen and the modes. Counterpart: busybox 1.35 editors/vi.c
// Deviates: the terminal is not asked for its size with an escape; marks, named registers, `.` and :set are not there, and a line
// that is wider than the screen is cut.

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { compileRegex } from '../lib/regex.ts';
import { ask } from './ask.ts';
import { Buffer } from './buffer.ts';
import { colon, type Edited, save } from './ex.ts';
import { type Asked, commandKey } from './keys.ts';
import { Screen } from './screen.ts';

type Mode = '-' | 'I' | 'R';

class Editor {
  private mode: Mode = '-';
  private keys = '';
  private top = 0;
  private drawn: string[] = [];
  private shownStatus = '';
  private pattern: RegExp | undefined;
  private forward = true;
  readonly cli: Cli;
  readonly screen: Screen;
  readonly edited: Edited;

  constructor(cli: Cli, screen: Screen, edited: Edited) {
    this.cli = cli;
    this.screen = screen;
    this.edited = edited;
  }

  private wide(line: string): string {
    let result = '';
    for (const c of line)
      result += c === '\t' ? ' '.repeat(8 - (result.length % 8)) : c < ' ' ? `^${String.fromCharCode(c.charCodeAt(0) + 64)}` : c;
    return result;
  }

  private status(): string {
    const { buffer, name, status } = this.edited;
    if (status !== undefined) return status;
    const [row, all] = [buffer.row + 1, buffer.lines.length];
    return `${this.mode} ${name ?? 'No file'}${this.edited.readonly ? ' [Readonly]' : ''}${buffer.modified ? ' [Modified]' : ''} ${row}/${all} ${Math.floor((row * 100) / all)}%`;
  }

  /** Draws what has changed. */
  private *draw(): Program<void> {
    const { buffer } = this.edited;
    const height = this.screen.rows - 1;
    if (buffer.row < this.top) this.top = buffer.row;
    if (buffer.row >= this.top + height) this.top = buffer.row - height + 1;
    const before = this.wide(buffer.line.slice(0, buffer.col)).length;
    const cursor = `\x1b[${buffer.row - this.top + 1};${Math.min(this.screen.cols, before + 1)}H`;
    let frame = '';
    for (let row = 0; row < height; row++) {
      const line = buffer.lines[this.top + row];
      const text = line === undefined ? '~' : this.wide(line).slice(0, this.screen.cols);
      if (this.drawn[row] === text) continue;
      frame += `\x1b[${row + 1};1H${text}${this.drawn[row] === undefined || this.drawn[row] === '' ? '' : '\x1b[K'}`;
      this.drawn[row] = text;
    }
    frame += cursor;
    const status = this.status();
    if (status !== this.shownStatus) frame += `\x1b[${this.screen.rows};1H\x1b[K${status}${cursor}`;
    this.shownStatus = status;
    this.edited.status = undefined;
    yield* this.cli.out(frame);
    yield* this.cli.flush();
  }

  private insertKey(key: string): void {
    const { buffer } = this.edited;
    if (key === '\x1b') {
      this.mode = '-';
      if (buffer.col > 0) buffer.col--;
    } else if (key === '\r' || key === '\n') buffer.split();
    else if (key === '\x7f' || key === '\b') buffer.backspace();
    else if (key.length > 1) {
      const [rows, columns] = { up: [-1, 0], down: [1, 0], left: [0, -1], right: [0, 1] }[key] ?? [0, 0];
      buffer.row += rows as number;
      buffer.col += columns as number;
      if (key === 'home') buffer.col = 0;
      if (key === 'end') buffer.col = buffer.lines[buffer.row]?.length ?? 0;
    } else {
      if (this.mode === 'R' && buffer.col < buffer.line.length)
        buffer.line = buffer.line.slice(0, buffer.col) + buffer.line.slice(buffer.col + 1);
      buffer.insert(key);
    }
    buffer.settle(this.mode !== '-');
  }

  private *prompted(prompt: string): Program<string | undefined> {
    this.shownStatus = '\0';
    return yield* ask(this.cli, this.screen, prompt);
  }

  private again(forward: boolean): void {
    if (this.pattern === undefined) this.edited.status = '\x1b[7mNo previous pattern\x1b[m';
    else if (!this.edited.buffer.search(this.pattern, forward)) this.edited.status = '\x1b[7mPattern not found\x1b[m';
  }

  private *answer(asked: Asked): Program<void> {
    const { edited } = this;
    if (asked === 'insert' || asked === 'replace') {
      // Text that is typed in one go is undone in one go.
      edited.buffer.mark();
      this.mode = asked === 'insert' ? 'I' : 'R';
    } else if (asked === 'colon') {
      const typed = yield* this.prompted(':');
      if (typed) yield* colon(edited, typed);
    } else if (asked === 'search' || asked === 'search back') {
      this.forward = asked === 'search';
      const typed = yield* this.prompted(this.forward ? '/' : '?');
      const compiled = typed === undefined || typed === '' ? this.pattern : compileRegex(typed, false);
      if (typeof compiled === 'string') edited.status = `\x1b[7m${compiled}\x1b[m`;
      else {
        this.pattern = compiled;
        if (typed !== undefined) this.again(this.forward);
      }
    } else if (asked === 'again') this.again(this.forward);
    else if (asked === 'again back') this.again(!this.forward);
    else if (asked === 'write and quit') edited.quit = !edited.buffer.modified || (yield* save(edited, undefined));
  }

  *run(): Program<void> {
    yield* this.cli.out('\x1b[?1049h\x1b[H\x1b[J');
    while (!this.edited.quit) {
      if (!this.screen.typedAhead) yield* this.draw();
      const key = yield* this.screen.key();
      if (key === undefined) break;
      if (this.mode !== '-') this.insertKey(key);
      else if (key === '\x1b' || key === '\x03') this.keys = '';
      else {
        const { asked, more } = commandKey(this.edited.buffer, this.keys, key, this.screen.rows);
        this.keys = more ?? '';
        this.edited.status = this.edited.buffer.note;
        this.edited.buffer.note = undefined;
        if (asked) yield* this.answer(asked);
      }
    }
    yield* this.cli.out(`\x1b[${this.screen.rows};1H\x1b[K\x1b[?1049l`);
    yield* this.cli.flush();
  }
}

export const vi = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'c:HhR', gnu: '' });
  if (typeof options === 'number') return options;
  for (const key of 'H') if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const screen = new Screen();
  if (!(yield* isTty(1)) || !(yield* screen.open())) return yield* cli.error('there is no terminal to edit on; kubectl exec needs -it');
  for (const name of options.args.length ? options.args : [undefined]) {
    const got = name === undefined ? undefined : yield* slurp(name);
    const may: SysResult<void> | undefined = name !== undefined && got?.ok ? yield* sys.faccessat2(AT_FDCWD, name, 2, 0) : undefined;
    const edited: Edited = {
      readonly: options.has('R') || may?.ok === false,
      buffer: new Buffer(got?.ok ? got.value : ''),
      name,
      quit: false,
      status: undefined,
    };
    const first = options.get('c');
    if (first !== undefined) yield* colon(edited, first);
    yield* new Editor(cli, screen, edited).run();
  }
  yield* screen.close();
  return yield* cli.finish();
});
