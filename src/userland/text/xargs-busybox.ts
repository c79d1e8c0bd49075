// xargs of busybox: command lines are filled while the input is read, byte by byte of a fixed room.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import type { Program, SysResult, WaitStatus } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin, toBin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { execvp } from '../lib/exec.ts';
import { errOut } from '../lib/io.ts';
import { LineReader, slurp } from '../lib/lines.ts';

/** Bytes for the words of a command line. */
const ROOM = 32 * 1024 - 2048;
const INT_MAX = 2 ** 31 - 1;
const isSpace = (c: string): boolean => c === ' ' || (c >= '\t' && c <= '\r');

/** What one reading of the input gave: whole words, and the beginning of one that the room was too small for. */
interface Batch {
  readonly words: readonly string[];
  readonly rest: string;
}
/** Undefined for a quote without its partner. */
type Reader = (room: number, most: number, begun: string) => Batch | { readonly unmatched: string };

/** Words with quotes and backslashes; `stop` is the word that ends the input. */
function quotedWords(input: string, stop: string | undefined): Reader {
  let at = 0;
  let quote = '';
  let escaped = false;
  return (room, most, begun) => {
    const words: string[] = [];
    let word = begun;
    for (let used = begun.length; ; ) {
      const c = input[at++];
      let ends = false;
      let kept = false;
      if (c === undefined) {
        if (word === '') return { words, rest: '' };
        ends = true;
      } else if (escaped) {
        escaped = false;
        kept = true;
      } else if (quote !== '') {
        if (c === quote) quote = '';
        else kept = true;
      } else if (isSpace(c)) ends = word !== '';
      else if (c === '\\') escaped = true;
      else if (c === "'" || c === '"') quote = c;
      else kept = true;
      if (kept) word += c;
      if (kept || ends) used++;
      if (ends) {
        if (quote !== '') return { unmatched: quote };
        if (word === stop) {
          at = input.length;
          return { words, rest: '' };
        }
        words.push(word);
        word = '';
        if (words.length === most) return { words, rest: '' };
      }
      if (used === room) return { words, rest: word };
    }
  };
}

/** Words that end with NUL. */
function nulWords(input: string): Reader {
  let at = 0;
  return (room, most, begun) => {
    const words: string[] = [];
    let word = begun;
    for (let used = begun.length; ; ) {
      const c = input[at++];
      if (c === undefined && word === '') return { words, rest: '' };
      used++;
      if (c === undefined || c === '\0') {
        words.push(word);
        word = '';
        if (words.length === most) return { words, rest: '' };
      } else word += c;
      if (used === room) return { words, rest: word };
    }
  };
}

/** -I: one command line for each line of input, without its leading space. */
function lines(input: string, end: string, argv: readonly string[], mark: string): Reader {
  const waiting = input
    .split(end)
    .map((line) => line.replace(/^[\t-\r ]+/, ''))
    .filter((line) => line !== '');
  return (room) => {
    const line = waiting.shift();
    if (line === undefined) return { words: [], rest: '' };
    return line.length < room
      ? { words: argv.map((word) => (mark === '' ? word : word.replaceAll(mark, () => line))), rest: '' }
      : { words: [], rest: line };
  };
}

/** The answer to a question is read from the terminal, not from standard input; undefined when there is none. */
function* confirmed(cli: Cli): Program<boolean | undefined> {
  const tty: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/tty', O_RDONLY);
  if (!tty.ok) {
    yield* cli.error(`can't open '/dev/tty': ${strerror(tty.errno)}`);
    return undefined;
  }
  yield* errOut(' ?...');
  const answer = yield* new LineReader(tty.value).next();
  yield* sys.close(tty.value);
  return /^\s*[yY]/.test(answer ?? '');
}

/** Runs the command lines, up to `most` at a time, and keeps the exit status. Counterpart: xargs_exec() */
class Runner {
  status = 0;
  private readonly cli: Cli;
  private readonly most: number;
  private readonly running = new Map<number, string>();

  constructor(cli: Cli, most: number) {
    this.cli = cli;
    this.most = most;
  }

  /** True when xargs is to stop. */
  *run(argv: readonly string[]): Program<boolean> {
    const { cli } = this;
    if (this.running.size >= this.most && (yield* this.wait())) return true;
    let refused: string | undefined;
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      main: function* () {
        const errno = yield* execvp(argv, cli.context.env);
        yield* errOut(`${cli.prog}: ${argv[0]}: ${strerror(errno)}\n`);
        refused = errno;
        return 127;
      },
    });
    if (!child.ok) {
      this.status = 126;
      yield* cli.warn(`${argv[0]}: ${strerror(child.errno)}`);
      return true;
    }
    this.running.set(child.value, argv[0] ?? '');
    // A program that cannot be started is noticed at once, as with vfork(2).
    if (this.most > 1) yield* sys.sched_yield();
    const stop = this.most === 1 ? yield* this.wait() : false;
    if (refused === undefined) return stop;
    this.running.delete(child.value);
    this.status = refused === 'ENOENT' ? 127 : 126;
    return true;
  }

  *finish(): Program<void> {
    while (this.running.size) if (yield* this.wait()) return;
  }

  private *wait(): Program<boolean> {
    const got: SysResult<{ pid: number; status: WaitStatus | null }> = yield* sys.wait4(-1, 0);
    if (!got.ok) {
      if (got.errno === 'EINTR') return yield* this.wait();
      this.running.clear();
      return false;
    }
    const name = this.running.get(got.value.pid);
    this.running.delete(got.value.pid);
    const ended = got.value.status;
    if (name === undefined || ended === null) return false;
    if (ended.kind === 'signaled') {
      this.status = 125;
      yield* this.cli.warn(`'${name}' terminated by signal ${ended.signal}`);
      return true;
    }
    if (ended.kind !== 'exited' || ended.code === 0) return false;
    this.status = ended.code === 255 ? 124 : 123;
    if (ended.code === 255) yield* this.cli.warn(`${name}: exited with status 255; aborting`);
    return ended.code === 255;
  }
}

/** Counterpart: busybox 1.35 findutils/xargs.c */
export function* busyboxXargs(cli: Cli): Program<number> {
  const options = yield* cli.options({ busybox: '+trn:s:e::E:px0I:i::P:a:', gnu: '', long: { 'no-run-if-empty': 'r' }, busyboxLong: '*' });
  if (typeof options === 'number') return options;
  const parallel = options.get('P');
  if (parallel !== undefined && !/^[-+]?\d+$/.test(parallel)) return yield* cli.error(`invalid number '${parallel}'`);
  const file = options.get('a');
  const input = yield* slurp(file ?? '-');
  if (!input.ok)
    return yield* cli.error(file !== undefined && input.opening ? `can't open '${file}': ${strerror(input.errno)}` : strerror(input.errno));
  const counted = function* (key: string, otherwise: number): Program<number | undefined> {
    const text = options.get(key);
    if (text === undefined) return otherwise;
    if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= INT_MAX) return Number(text);
    yield* cli.error(/^\d+$/.test(text) ? `number ${text} is not in 1..${INT_MAX} range` : `invalid number '${text}'`);
    return undefined;
  };
  const argv = options.args.length ? options.args : ['echo'];
  const bytes = yield* counted('s', ROOM);
  if (bytes === undefined) return 1;
  const room = bytes - argv.reduce((sum, word) => sum + toBin(word).length + 1, 0);
  if (room <= 0) return yield* cli.error("can't fit single argument within argument list size limit");
  const most = yield* counted('n', room);
  if (most === undefined) return 1;
  const replaces = options.has('I') || options.has('i');
  const mark = toBin(options.get(options.last('I', 'i') ?? '') || (options.last('I', 'i') === 'I' ? '' : '{}'));
  const read = replaces
    ? lines(input.value, options.has('0') ? '\0' : '\n', argv.map(toBin), mark)
    : options.has('0')
      ? nulWords(input.value)
      : quotedWords(
          input.value,
          options.get(options.last('E', 'e') ?? '') ? toBin(options.get(options.last('E', 'e') ?? '') ?? '') : undefined,
        );
  const runner = new Runner(cli, parallel === undefined ? 1 : Number(parallel) > 0 ? Number(parallel) : 100);
  let quiet = options.has('r') || replaces;
  for (let begun = ''; ; ) {
    const batch = read(room, most, begun);
    if ('unmatched' in batch) return yield* cli.error(`unmatched ${batch.unmatched === "'" ? 'single' : 'double'} quote`);
    if (batch.words.length === 0) {
      if (batch.rest !== '') return yield* cli.error('argument line too long');
      if (quiet) break;
    }
    quiet = true;
    const words = batch.words.map(fromBin);
    const full = replaces ? words : [...argv, ...words];
    if (options.has('t') || options.has('p')) yield* errOut(full.join(' ') + (options.has('p') ? '' : '\n'));
    const agreed = options.has('p') ? yield* confirmed(cli) : true;
    if (agreed === undefined) return 1;
    if (agreed && (yield* runner.run(full))) break;
    begun = batch.rest;
  }
  yield* runner.finish();
  return runner.status;
}
