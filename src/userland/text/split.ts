// split. Counterpart: coreutils 9.1 split(1); busybox 1.35

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { unbin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { writeAll } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { quoted } from '../lib/quote.ts';
import { parseSize } from '../lib/size.ts';

/** aa, ab, …: when the names of this length run out, those that begin with the last letter are two letters longer. */
function nameEnding(index: number, length: number, radix: number, widen: boolean): string | undefined {
  let [left, width, lead] = [index, length, ''];
  const last = radix === 26 ? 'z' : radix === 10 ? '9' : 'f';
  for (;;) {
    const room = widen ? (radix - 1) * radix ** (width - 1) : radix ** width;
    if (left < room) break;
    if (!widen) return undefined;
    left -= room;
    width++;
    lead += last;
  }
  const digit = (i: number): number => Math.floor(left / radix ** (width - 1 - i)) % radix;
  return (
    lead + Array.from({ length: width }, (_, i) => (radix === 26 ? String.fromCharCode(97 + digit(i)) : digit(i).toString(radix))).join('')
  );
}

/** Pieces of at most `size` bytes that end with a line where they can. */
function wholeLines(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.length - at <= size ? text.length - at : text.lastIndexOf('\n', at + size - 1) - at + 1;
    const taken = end > 0 ? end : size;
    pieces.push(text.slice(at, at + taken));
    at += taken;
  }
  return pieces;
}

/** N, l/N and r/N of -n; a number is the status after a complaint. */
function* inChunks(cli: Cli, text: string, spec: string): Program<string[] | number> {
  const found = /^(?:([lr])\/)?(\d+)(?:\/(\d+))?$/.exec(spec);
  const count = Number(found?.[2]);
  if (!found || count === 0) return yield* cli.error(`invalid number of chunks: ${quoted(found?.[2] ?? spec)}`);
  if (found[3] !== undefined) return yield* cli.error('-n K/N is not simulated here');
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (found[1] === 'r') return Array.from({ length: count }, (_, k) => lines.filter((__, at) => at % count === k).join(''));
  const size = Math.floor(text.length / count);
  const ends = Array.from({ length: count }, (_, k) => (k === count - 1 ? text.length : (k + 1) * size));
  if (found[1] === undefined) return ends.map((end, k) => text.slice(k === 0 ? 0 : ends[k - 1], end));
  const pieces = Array.from({ length: count }, () => '');
  let [k, at] = [0, 0];
  for (const line of lines) {
    pieces[k] += line;
    at += line.length;
    while (k < count - 1 && at >= (ends[k] as number)) k++;
  }
  return pieces;
}

/** Counterpart: split(1) */
export const split = command(function* (cli) {
  // `-72` is an old way to write `-l 72`.
  const argv = cli.context.argv.map((arg) => (cli.gnu && /^-\d+$/.test(arg) ? `-l${arg.slice(1)}` : arg));
  const reader: Cli = Object.assign(Object.create(cli) as Cli, { context: { ...cli.context, argv } });
  const options = yield* reader.options({
    busybox: 'l:b:a:',
    gnu: 'a:b:C:del:n:x',
    long: {
      verbose: 'verbose',
      'suffix-length=': 'a',
      'bytes=': 'b',
      'lines=': 'l',
      'numeric-suffixes=?': 'd',
      'hex-suffixes=?': 'x',
      'line-bytes=': 'C',
      'number=': 'n',
      'additional-suffix=': 'suffix',
      'elide-empty-files': 'e',
    },
  });
  if (typeof options === 'number') return options;
  const [name = '-', prefix = 'x', extra] = options.args;
  if (extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  const count = options.get('l') ?? '1000';
  const lines = yield* cli.count(count, `invalid number of lines: ${quoted(count)}`);
  if (lines === undefined) return 1;
  if (lines === 0) return cli.gnu ? yield* cli.error(`invalid number of lines: ${quoted(count)}: ${strerror('ERANGE')}`) : 0;
  const got = yield* slurp(name);
  if (!got.ok) return yield* cli.fail(got.errno, `can't open '${name}'`, `cannot open ${quoted(name)} for reading`);
  const suffix = options.get('suffix') ?? '';
  if (suffix.includes('/')) return yield* cli.misuse(`invalid suffix ${quoted(suffix)}, contains directory separator`);
  if (['b', 'l', 'n', 'C'].filter((key) => options.has(key)).length > 1) return yield* cli.misuse('cannot split in more than one way');
  for (const key of ['b', 'C'])
    if (cli.gnu && options.has(key) && !parseSize(options.get(key) as string))
      return yield* cli.error(`invalid number of bytes: ${quoted(options.get(key) as string)}`);
  const chunks = options.has('n') ? yield* inChunks(cli, got.value, options.get('n') as string) : undefined;
  if (typeof chunks === 'number') return chunks;
  const bytes = options.has('b') ? parseSize(options.get('b') as string) : undefined;
  const radix = options.has('d') ? 10 : options.has('x') ? 16 : 26;
  const first = Number(options.get('d') || options.get('x') || 0);
  const all = bytes === undefined ? (got.value.match(/[^\n]*\n|[^\n]+$/g) ?? []) : [];
  const pieces =
    chunks !== undefined
      ? chunks.filter((piece) => piece !== '' || !options.has('e'))
      : options.has('C')
        ? wholeLines(got.value, parseSize(options.get('C') as string) as number)
        : bytes === undefined
          ? Array.from({ length: Math.ceil(all.length / lines) }, (_, at) => all.slice(at * lines, (at + 1) * lines).join(''))
          : (got.value.match(new RegExp(`[\\s\\S]{1,${bytes}}`, 'g')) ?? []);
  const length = Number(options.get('a') ?? 2);
  const widen = cli.gnu && !options.has('a');
  for (const [index, piece] of pieces.entries()) {
    const letters = nameEnding(index + first, length, radix, widen);
    if (letters === undefined) return yield* cli.error(cli.gnu ? 'output file suffixes exhausted' : 'suffixes exhausted');
    const path = prefix + letters + suffix;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (!fd.ok) return yield* cli.fail(fd.errno, `can't open '${path}'`, `${path}`);
    if (options.has('verbose')) yield* cli.text(`creating file ${quoted(path)}\n`);
    yield* writeAll(fd.value, unbin(piece));
    yield* sys.close(fd.value);
  }
  return yield* cli.finish();
});
