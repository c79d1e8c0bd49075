// more. Counterpart: busybox 1.35 util-linux/more.c; util-linux 2.38 more(1)

import type { Program } from '#kernel/uapi/index.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { Screen } from './screen.ts';

/** Texts of the files; without any, standard input. */
function* texts(cli: Cli, names: readonly string[]): Program<{ readonly name: string; readonly text: string }[]> {
  const found: { name: string; text: string }[] = [];
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) found.push({ name, text: got.value });
    else yield* cli.fail(got.errno, `can't open '${name}'`, `cannot open ${name}`);
  }
  return found;
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
