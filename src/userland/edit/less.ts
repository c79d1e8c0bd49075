// less. Counterpart: busybox 1.35 miscutils/less.c
// Deviates: marks, brackets, !, s, E, - and :e, :d are not there; input is read whole before it is shown.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import type { Options } from '../lib/cli.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { compileRegex } from '../lib/regex.ts';
import { type Row, rowsOf, visible } from './lessRows.ts';
import { Screen } from './screen.ts';

interface File {
  readonly name: string;
  readonly text: string;
}

const hilite = (text: string): string => `\x1b[7m${text}\x1b[m`;

class Pager {
  private readonly cli: Cli;
  private readonly screen: Screen;
  private readonly options: Options;
  private readonly names: readonly string[];
  private file: File;
  private current = 1;
  private rows: readonly Row[] = [];
  private top = 0;
  private pattern: RegExp | undefined;
  private matches: number[] = [];
  private match = 0;

  constructor(cli: Cli, screen: Screen, options: Options, names: readonly string[], file: File) {
    [this.cli, this.screen, this.options, this.names, this.file] = [cli, screen, options, names, file];
  }

  private get page(): number {
    return this.screen.rows - 1;
  }
  /** The last row that may be on top: busybox shows one line beyond the text. */
  private get end(): number {
    return this.rows.length <= this.page ? 0 : this.rows.length + 1 - this.page;
  }
  private get atEnd(): boolean {
    return this.top >= this.rows.length - this.page;
  }

  private wrap(): void {
    const width = this.screen.cols - (this.options.has('N') ? 8 : 0);
    // -R takes out what would colour the text.
    const text = this.options.has('R') ? this.file.text.replace(/\x1b(\[[0-9;]*m?)?/g, '') : this.file.text;
    this.rows = rowsOf(text, width, this.options.has('S'));
    this.findMatches();
  }

  private findMatches(): void {
    this.matches = this.rows.flatMap(({ text, line }, at) =>
      this.pattern?.test(text) && (at === 0 || this.rows[at - 1]?.line !== line || !this.pattern.test((this.rows[at - 1] as Row).text))
        ? [at]
        : [],
    );
  }

  private shown(row: Row | undefined): string {
    const numbered = this.options.has('N');
    if (row === undefined) return `${numbered ? ' '.repeat(8) : ''}${this.options.has('~') ? '' : '~'}`;
    const number = numbered ? `${String(row.line).padStart(7)} ` : '';
    if (this.pattern === undefined) return number + visible(row.text, hilite);
    let text = '';
    let from = 0;
    for (const found of row.text.matchAll(new RegExp(this.pattern.source, `${this.pattern.flags}g`))) {
      if (found[0] === '') break;
      text += visible(row.text.slice(from, found.index), hilite) + hilite(found[0]);
      from = found.index + found[0].length;
    }
    return number + text + visible(row.text.slice(from), hilite);
  }

  private *draw(): Program<void> {
    let frame = '\x1b[0;0H';
    for (let row = 0; row < this.page; row++) frame += `\x1b[K${this.shown(this.rows[this.top + row])}\n`;
    yield* this.cli.out(frame);
    if (this.options.has('E') && this.atEnd) return;
    if (this.options.has('M') || this.options.has('m')) yield* this.status(this.longStatus());
    else if (this.top > 0 && !this.atEnd) yield* this.bottom(':');
    else yield* this.status(`${this.top === 0 ? this.file.name : '(END)'}${this.fileCount()}`);
  }

  private fileCount(): string {
    return this.names.length > 1 ? ` (file ${this.current} of ${this.names.length})` : '';
  }

  private longStatus(): string {
    const total = this.rows.at(-1)?.line ?? 1;
    const line = (row: number): number => this.rows[Math.min(row, this.rows.length - 2)]?.line ?? 0;
    const last = this.top + this.page - 1;
    const next = this.names[this.current];
    const place = this.atEnd
      ? ` (END)${next === undefined ? '' : ` - next: ${next}`}`
      : ` ${Math.floor((100 * (last + 1) + (total - 1) / 2) / (total - 1))}%`;
    return `${this.file.name}${this.fileCount()} lines ${line(this.top)}-${line(last)}/${total - 1}${place}`;
  }

  private *bottom(text: string): Program<void> {
    yield* this.cli.out(`\x1b[${this.screen.rows};0H\x1b[K${text}`);
    yield* this.cli.flush();
  }

  private *status(text: string): Program<void> {
    yield* this.bottom(hilite(text));
  }

  private *goTo(row: number): Program<void> {
    this.top = Math.max(0, Math.min(this.end, row));
    yield* this.draw();
  }

  /** Characters after a prompt, until a key that `ends`; that key, and what was typed. undefined: the terminal is gone. */
  private *typed(prompt: string, first: string, ends: (key: string) => boolean): Program<readonly [string, string] | undefined> {
    let text = first;
    const at = (): string => `\x1b[${this.screen.rows};${prompt.length + text.length + 1}H`;
    yield* this.bottom(`${prompt}${text}${at()}`);
    for (;;) {
      const key = yield* this.screen.key();
      if (key === undefined) return undefined;
      if (ends(key)) return [key, text];
      if ((key === '\x7f' || key === '\b') && text !== '') {
        text = text.slice(0, -1);
        yield* this.cli.out(`\b \b${at()}`);
      } else if (key.length === 1 && key >= ' ' && key !== '\x7f' && prompt.length + text.length < this.screen.cols - 1) {
        text += key;
        yield* this.cli.out(`${key}${at()}`);
      }
      yield* this.cli.flush();
    }
  }

  private *search(back: boolean): Program<void> {
    const typed = yield* this.typed(back ? '?' : '/', '', (key) => '\r\n'.includes(key));
    this.pattern = undefined;
    const source = typed?.[1] ?? '';
    if (source === '') return yield* this.draw();
    const compiled = compileRegex(source, false, this.options.has('I') ? 'i' : '');
    if (typeof compiled === 'string') return yield* this.status('Invalid regular expression');
    this.pattern = compiled;
    this.findMatches();
    const after = this.matches.findIndex((row) => row > this.top);
    const next = after < 0 ? this.matches.length : after;
    yield* this.toMatch(back ? next - 1 : next);
  }

  private *toMatch(wanted: number): Program<void> {
    if (this.pattern === undefined) return;
    if (this.matches.length === 0) return yield* this.status('No matches found');
    this.match = Math.max(0, Math.min(this.matches.length - 1, wanted));
    yield* this.goTo(this.matches[this.match] as number);
  }

  /** A number, and the command it is for. */
  private *numbered(first: string): Program<void> {
    const typed = yield* this.typed(':', first, (key) => !/^[0-9\x7f\b]$/.test(key));
    if (typed === undefined) return;
    const [key, text] = typed;
    const number = Number(text);
    if ('jzde \r'.includes(key) || key === 'down') yield* this.goTo(this.top + number);
    else if ('kbwyu'.includes(key) || key === 'up') yield* this.goTo(this.top - number);
    else if ('g<G>'.includes(key)) yield* this.goTo(number - 1);
    else if ('p%'.includes(key)) yield* this.goTo(number * Math.floor((this.rows.length - 1) / 100));
    else if (key === 'n') yield* this.toMatch(this.match + number);
    else if (key === 'N') yield* this.toMatch(this.match - number);
    else yield* this.draw();
  }

  /** Another file, or why not. 0: the first. */
  private *change(direction: number): Program<number | undefined> {
    if (this.current === (direction > 0 ? this.names.length : 1)) {
      yield* this.status(direction > 0 ? 'No next file' : 'No previous file');
      return undefined;
    }
    this.current = direction === 0 ? 1 : this.current + direction;
    const name = this.names[this.current - 1] as string;
    const got = yield* slurp(name);
    if (!got.ok) return yield* this.cli.error(`can't open '${name}': ${strerror(got.errno)}`);
    this.file = { name, text: got.value };
    this.top = 0;
    this.wrap();
    yield* this.draw();
    return undefined;
  }

  private *colon(): Program<number | undefined> {
    yield* this.bottom(`${hilite(' :')}\x1b[${this.screen.rows};3H`);
    const key = yield* this.screen.key();
    if (key === 'n') return yield* this.change(1);
    if (key === 'p') return yield* this.change(-1);
    if (key === 'x') return yield* this.change(0);
    if (key === 'f') yield* this.status(this.longStatus());
    return key === 'q' ? 0 : undefined;
  }

  /** One key; an exit status when it was the last. */
  private *press(key: string): Program<number | undefined> {
    const half = Math.floor(this.page / 2);
    if ('qQ\x03'.includes(key)) return 0;
    if ('ej\r\n'.includes(key) || key === 'down') yield* this.goTo(this.top + 1);
    else if ('yk'.includes(key) || key === 'up') yield* this.goTo(this.top - 1);
    else if (' zf'.includes(key) || key === 'pagedown') yield* this.goTo(this.top + this.page);
    else if ('wb'.includes(key) || key === 'pageup') yield* this.goTo(this.top - this.page);
    else if (key === 'd') yield* this.goTo(this.top + half);
    else if (key === 'u') yield* this.goTo(this.top - half);
    else if ('gp<%'.includes(key) || key === 'home') yield* this.goTo(0);
    else if ('G>'.includes(key) || key === 'end') yield* this.goTo(this.end);
    else if ('rR'.includes(key)) yield* this.draw();
    else if (key === '=') yield* this.status(this.longStatus());
    else if (key === '/' || key === '?') yield* this.search(key === '?');
    else if (key === 'n') yield* this.toMatch(this.match + 1);
    else if (key === 'N') yield* this.toMatch(this.match - 1);
    else if (key === ':') return yield* this.colon();
    else if (/^\d$/.test(key)) yield* this.numbered(key);
    else if (key === 'window') {
      const line = this.rows[this.top]?.line;
      this.wrap();
      yield* this.goTo(this.rows.findIndex((row) => row.line === line));
    }
    return undefined;
  }

  *run(): Program<number> {
    this.wrap();
    yield* this.draw();
    let status: number | undefined;
    while (status === undefined && !(this.options.has('E') && this.atEnd)) {
      const key = yield* this.screen.key();
      status = key === undefined ? 0 : yield* this.press(key);
    }
    yield* this.bottom('');
    return status ?? 0;
  }

  get fits(): boolean {
    this.wrap();
    return this.rows.length < this.page;
  }
}

export const less = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'EFMmN~ISRsX', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length === 0 && (yield* isTty(0))) {
    yield* cli.warn('missing filename');
    return yield* cli.usage();
  }
  const names = options.args.length === 0 ? ['-'] : options.args;
  const screen = new Screen();
  if (!(yield* isTty(1)) || !(yield* screen.open(true))) {
    // Then it is cat.
    for (const name of names) {
      const got = yield* slurp(name);
      if (got.ok) yield* cli.out(got.value);
      else yield* cli.error(`${name}: ${strerror(got.errno)}`);
    }
    return yield* cli.finish();
  }
  const first = names[0] as string;
  const got = yield* slurp(first);
  let status: number;
  if (got.ok) {
    const pager = new Pager(cli, screen, options, names, { name: first === '-' ? 'standard input' : first, text: got.value });
    if (options.has('F') && pager.fits) {
      yield* cli.out(got.value);
      yield* cli.flush();
      status = 0;
    } else status = yield* pager.run();
  } else status = yield* cli.error(`can't open '${first}': ${strerror(got.errno)}`);
  yield* screen.close();
  return status;
});
