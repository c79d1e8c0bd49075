// less and more. Counterpart: busybox 1.35 miscutils/less.c, util-linux/more.c; util-linux 2.38 more(1)
// Deviates: the keys are those most used: space, Enter, b, j, k, g, G, /, n, q and the arrows.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { compileRegex } from '../lib/regex.ts';
import { Screen } from './screen.ts';

/** Texts of the files; without any, standard input. */
function* texts(cli: Cli, names: readonly string[]): Program<{ readonly name: string; readonly text: string }[]> {
  const found: { name: string; text: string }[] = [];
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) found.push({ name, text: got.value });
    else if (cli.context.name === 'less') yield* cli.error(`${name}: ${strerror(got.errno)}`);
    else yield* cli.fail(got.errno, `can't open '${name}'`, `cannot open ${name}`);
  }
  return found;
}

/** Lines as the terminal shows them: tabs widened, long ones folded. */
function shown(text: string, cols: number): string[] {
  return splitLines(text).flatMap((line) => {
    let wide = '';
    for (const c of line) wide += c === '\t' ? ' '.repeat(8 - (wide.length % 8)) : c;
    return wide.match(new RegExp(`.{1,${cols}}`, 'gs')) ?? [''];
  });
}

function* plain(cli: Cli, files: readonly { readonly text: string }[]): Program<number> {
  for (const { text } of files) yield* cli.out(text);
  return yield* cli.finish();
}

export const more = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'dflsu', gnu: 'dflpcsun:' });
  if (typeof options === 'number') return options;
  if (cli.gnu && options.args.length === 0 && (yield* isTty(0))) {
    yield* cli.warn("bad usage\nTry 'more --help' for more information.");
    return 1;
  }
  const files = yield* texts(cli, options.args);
  const screen = new Screen();
  if (!(yield* isTty(1)) || !(yield* screen.open())) return yield* plain(cli, files);
  for (const { name, text } of files) {
    let room = screen.rows - 1;
    let bytes = 0;
    for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
      const height = Math.max(1, Math.ceil((line.length - 1) / screen.cols));
      if (room < height) {
        // busybox divides by whole hundredths of the size and has read one byte ahead.
        const percent = cli.gnu
          ? Math.floor((bytes * 100) / text.length)
          : Math.floor((bytes + 1) / Math.max(1, Math.floor(text.length / 100)));
        const prompt = cli.gnu
          ? `--More--${name === '-' ? '' : `(${percent}%)`}`
          : name === '-'
            ? '--More-- '
            : `--More-- (${percent}% of ${text.length} bytes)`;
        yield* cli.text(cli.gnu ? `\x1b[7m${prompt}\x1b[27m` : prompt);
        yield* cli.flush();
        const key = yield* screen.key();
        yield* cli.text(cli.gnu ? '\r\x1b[K' : `\r${' '.repeat(prompt.length)}\r`);
        if (key === undefined || 'qQ\x03'.includes(key)) {
          yield* screen.close();
          return yield* cli.finish();
        }
        room = '\r\n'.includes(key) ? 1 : screen.rows - 1;
      }
      room -= height;
      bytes += line.length;
      yield* cli.out(line);
    }
  }
  yield* screen.close();
  return yield* cli.finish();
});

export const less = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'EFMmN~ISRsX', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length === 0 && (yield* isTty(0))) {
    yield* cli.warn('missing filename');
    return yield* cli.usage();
  }
  const files = yield* texts(cli, options.args);
  const first = files[0];
  if (first === undefined) return cli.status;
  const screen = new Screen();
  if (!(yield* isTty(1)) || !(yield* screen.open())) return yield* plain(cli, files);
  const numbered = options.has('N');
  // busybox has an empty line after the last newline and shows one line beyond it at the end.
  const lines = [...shown(first.text, screen.cols - (numbered ? 8 : 0)), ''];
  const page = screen.rows - 1;
  const end = lines.length <= page ? 0 : lines.length + 1 - page;
  if (options.has('F') && lines.length < page) {
    yield* screen.close();
    return yield* plain(cli, files);
  }
  let top = 0;
  let pattern: RegExp | undefined;
  let note = '';
  const find = (from: number): void => {
    const at = lines.findIndex((line, index) => index > from && pattern?.test(line));
    note = at < 0 ? 'No matches found' : '';
    if (at >= 0) top = Math.min(at, end);
  };
  for (;;) {
    let frame = '\x1b[0;0H';
    for (let row = 0; row < page; row++) {
      const line = lines[top + row];
      const number = numbered && line !== undefined ? `${String(top + row + 1).padStart(7)} ` : '';
      frame += `\x1b[K${number}${line ?? '~'}\n`;
    }
    const status = note !== '' ? note : top >= end ? '(END)' : top === 0 && first.name !== '-' ? first.name : '';
    frame += `\x1b[${screen.rows};0H\x1b[K${status === '' ? ':' : `\x1b[7m${status}\x1b[m`}`;
    yield* cli.out(frame);
    yield* cli.flush();
    note = '';
    const key = yield* screen.key();
    if (key === undefined || 'qQ\x03'.includes(key)) break;
    const move = (by: number): void => {
      top = Math.max(0, Math.min(end, top + by));
    };
    if (key === ' ' || key === 'f' || key === 'pagedown') move(page);
    else if (key === 'b' || key === 'pageup') move(-page);
    else if (key === 'd') move(Math.floor(page / 2));
    else if (key === 'u') move(-Math.floor(page / 2));
    else if ('\r\nj'.includes(key) || key === 'down') move(1);
    else if (key === 'k' || key === 'up') move(-1);
    else if (key === 'g' || key === 'home') top = 0;
    else if (key === 'G' || key === 'end') top = end;
    else if (key === 'n') find(top);
    else if (key === '/') {
      const text = yield* ask(cli, screen, '/');
      const compiled = text === undefined || text === '' ? undefined : compileRegex(text, true);
      if (typeof compiled === 'string') note = compiled;
      else if (compiled) {
        pattern = compiled;
        find(-1);
      }
    }
  }
  yield* cli.text(`\x1b[${screen.rows};0H\x1b[K`);
  yield* cli.flush();
  yield* screen.close();
  return yield* cli.finish();
});

/** Reads a line at the bottom of the screen; undefined when it was given up. */
export function* ask(cli: Cli, screen: Screen, prompt: string): Program<string | undefined> {
  let text = '';
  for (;;) {
    yield* cli.out(`\x1b[${screen.rows};1H\x1b[K${prompt}${text}`);
    yield* cli.flush();
    const key = yield* screen.key();
    if (key === undefined || key === '\x1b' || key === '\x03') return undefined;
    if ('\r\n'.includes(key)) return text;
    if (key === '\x7f' || key === '\b') {
      if (text === '') return undefined;
      text = text.slice(0, -1);
    } else if (key.length === 1) text += key;
  }
}
