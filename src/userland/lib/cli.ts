// What every command line program has: its name in messages, buffered standard output, an exit status, and options read
// as getopt_long(3) reads them, with the complaints of busybox or of the GNU programs.

import type { Errno } from '#abi/errno.ts';
import { strerror } from '#abi/errno.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { toBin, unbin } from './bytes.ts';
import type { CommandContext, ShownText } from './command.ts';
import { knownOptions } from './help-options.ts';
import { errOut, writeAll } from './io.ts';

/** The buffer of standard output. */
const STDIO = 4096;

/** First line of every busybox usage text. */
export const BUSYBOX_BANNER = 'BusyBox v1.35.0 (2026-11-23 06:25:37 UTC) multi-call binary.\n';

export interface OptionSpec {
  /** getopt(3) letters, `x:` with argument, `x::` with optional one; a leading `+` stops at the first operand. false: an applet
   *  that takes every word as an operand. */
  readonly busybox: string | false;
  /** An applet that calls getopt(3), to which `--foo` is a cluster of letters. */
  readonly plain?: boolean;
  /** Exit status of the applet for a bad option. */
  readonly busyboxStatus?: number;
  readonly gnu: string;
  /** Long options: name → letter (or a longer key); a trailing `=` takes an argument, `=?` an optional one. */
  readonly long?: Readonly<Record<string, string>>;
  /** Long options busybox has too, separated by spaces; `*` for all. */
  readonly busyboxLong?: string;
  /** Exit status of the GNU program for a bad option. */
  readonly status?: number;
  /** What the GNU program says after a complaint, where it is not `Try 'NAME --help' …`. */
  readonly hint?: (prog: string) => string;
}

export class Options {
  /** In the order given. */
  readonly list: { readonly key: string; readonly value: string }[] = [];
  args: string[] = [];

  has(key: string): boolean {
    return this.list.some((option) => option.key === key);
  }
  /** Value of the last occurrence. */
  get(key: string): string | undefined {
    return this.list.findLast((option) => option.key === key)?.value;
  }
  /** Which of these keys came last. */
  last(...keys: string[]): string | undefined {
    return this.list.findLast((option) => keys.includes(option.key))?.key;
  }
}

/**
 * Options and operands of a command line, or the complaint without the program's name.
 * Counterpart: getopt_long(3) of glibc; getopt(3) when there are no long options at all
 */
export function getopt(args: readonly string[], short: string, long?: Readonly<Record<string, string>>): Options | string {
  const found = new Options();
  const stopEarly = short.startsWith('+');
  const longs = Object.entries(long ?? {}).map(([name, key]) => {
    const [, plain = '', mark = ''] = /^(.*?)(=\??)?$/.exec(name) as RegExpExecArray;
    return { name: plain, mark, key };
  });
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') {
      found.args.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith('--') && long !== undefined) {
      const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) as RegExpExecArray;
      const exact = longs.filter((option) => option.name === name);
      const candidates = exact.length ? exact : longs.filter((option) => option.name.startsWith(name));
      const option = candidates[0];
      if (!option) return `unrecognized option '${arg}'`;
      if (candidates.some((other) => other.key !== option.key))
        return `option '${arg}' is ambiguous; possibilities: ${candidates.map((other) => `'--${other.name}'`).join(' ')}`;
      if (value !== undefined && option.mark === '') return `option '--${option.name}' doesn't allow an argument`;
      if (value === undefined && option.mark === '=') {
        if (at + 1 >= args.length) return `option '--${option.name}' requires an argument`;
        found.list.push({ key: option.key, value: args[++at] as string });
      } else found.list.push({ key: option.key, value: value ?? '' });
      continue;
    }
    if (arg.length < 2 || arg[0] !== '-') {
      if (stopEarly) {
        found.args.push(...args.slice(at));
        break;
      }
      found.args.push(arg);
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i] as string;
      const where = letter === ':' || letter === '+' ? -1 : short.indexOf(letter);
      if (where < 0) return `invalid option -- '${letter}'`;
      if (short[where + 1] !== ':') {
        found.list.push({ key: letter, value: '' });
        continue;
      }
      const rest = arg.slice(i + 1);
      if (rest !== '' || short[where + 2] === ':') found.list.push({ key: letter, value: rest });
      else if (at + 1 >= args.length) return `option requires an argument -- '${letter}'`;
      else found.list.push({ key: letter, value: args[++at] as string });
      break;
    }
  }
  return found;
}

/** One run of a command. */
export class Cli {
  readonly context: CommandContext;
  /** busybox names the applet; GNU programs what they were called by. */
  readonly prog: string;
  readonly gnu: boolean;
  status = 0;
  private pending = '';
  private lines: boolean | undefined;
  private failed: Errno | undefined;

  constructor(context: CommandContext) {
    this.context = context;
    this.gnu = context.flavour === 'gnu';
    this.prog = this.gnu ? (context.argv[0] ?? context.name) : context.name;
  }

  /** Value of an environment variable. */
  getenv(name: string): string | undefined {
    return this.context.env.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  }

  /** Reads the options; a number is the exit status of a program that has already complained (or helped). */
  *options(spec: OptionSpec): Program<Options | number> {
    const long: Record<string, string> = {};
    for (const [name, key] of Object.entries(spec.long ?? {})) {
      const plain = name.replace(/=\??$/, '');
      if (this.gnu || spec.busyboxLong === '*' || spec.busyboxLong?.split(' ').includes(plain)) long[name] = key;
    }
    // What the help text names beyond that: the real program has it, so it is not unknown, only not simulated.
    const known = this.gnu && this.context.help?.help ? knownOptions(this.context.help.help.text) : undefined;
    const names = Object.keys(long).map((name) => name.replace(/=\??$/, ''));
    for (const [name, key] of Object.entries(known?.long ?? {}))
      if (!names.includes(name.replace(/=\??$/, ''))) long[name] = spec.long === undefined ? key : `?--${name.replace(/=\??$/, '')}`;
    if (this.gnu) Object.assign(long, { help: '--help', version: '--version' });
    const args = this.context.argv.slice(1);
    if (!this.gnu && spec.busybox === false) {
      const all = new Options();
      all.args = [...args];
      return all;
    }
    const letters = this.gnu ? spec.gnu : (spec.busybox as string);
    const options = getopt(args, letters, !this.gnu && spec.plain ? undefined : long);
    if (typeof options === 'string') {
      const letter = /^invalid option -- '(.)'/.exec(options)?.[1];
      if (letter !== undefined && known?.letters.includes(letter)) return yield* this.error(`-${letter} is not simulated here`);
      // getopt names the program as it was called.
      yield* errOut(`${this.context.argv[0] ?? this.prog}: ${options}\n`);
      const hint = this.context.help?.hint;
      if (this.gnu && hint !== undefined) return yield* this.show(hint);
      if (this.gnu && spec.hint !== undefined) {
        yield* errOut(spec.hint(this.prog));
        return spec.status ?? 1;
      }
      const status = yield* this.usage(spec.status ?? 1);
      return this.gnu ? status : (spec.busyboxStatus ?? status);
    }
    const missing = options.list.find(({ key }) => key.startsWith('?--'))?.key.slice(1);
    if (missing !== undefined) return yield* this.error(`${missing} is not simulated here`);
    const wanted = options.last('--help', '--version');
    if (wanted !== undefined) {
      const shown = wanted === '--help' ? this.context.help?.help : this.context.help?.version;
      if (shown !== undefined) return yield* this.show(shown);
      yield* errOut(`${this.prog}: the text of ${wanted} is not simulated here\n`);
      return 1;
    }
    return options;
  }

  /** Prints one of the program's recorded texts; its status. */
  *show({ text, toStderr, status }: ShownText): Program<number> {
    if (toStderr) yield* errOut(text);
    else yield* this.text(text);
    return yield* this.finish(status);
  }

  /** What follows a wrong command line: busybox shows its usage, GNU a hint. Returns the exit status. */
  *usage(status = 1): Program<number> {
    const hint = this.context.help?.hint?.text;
    if (this.gnu) yield* errOut(hint?.startsWith('Try ') ? hint : `Try '${this.prog} --help' for more information.\n`);
    else yield* showUsage(this.context);
    return this.gnu ? status : 1;
  }

  /** A complaint about operands with the GNU text, where busybox only shows its usage. */
  *misuse(gnuText: string, status = 1): Program<number> {
    if (this.gnu) yield* this.error(gnuText);
    return yield* this.usage(status);
  }

  /** Adds a byte string to standard output. Lines go out at once on a terminal, blocks otherwise, as with stdio. */
  *out(bin: string): Program<void> {
    if (this.put(bin)) yield* this.settle();
  }

  /** The same without a generator, for each of many lines: true when `settle` is due. */
  put(bin: string): boolean {
    this.pending += bin;
    return this.lines !== false || this.pending.length >= STDIO;
  }

  /** Writes what has come together, if it is time: a full buffer, on a terminal a line. */
  *settle(): Program<void> {
    if (this.lines === undefined) this.lines = yield* isTty(1);
    if (this.lines ? this.pending.includes('\n') : this.pending.length >= STDIO) yield* this.flush();
  }

  /** Adds text to standard output. */
  *text(text: string): Program<void> {
    yield* this.out(toBin(text));
  }

  *flush(): Program<void> {
    const bin = this.pending;
    this.pending = '';
    if (bin !== '' && this.failed === undefined) this.failed = yield* writeAll(1, unbin(bin));
  }

  /** Has writing failed? Endless producers stop then. */
  get broken(): boolean {
    return this.failed !== undefined;
  }

  /** Prints `NAME: message` to standard error and sets the exit status. */
  *error(message: string, status = 1): Program<number> {
    yield* this.flush();
    this.status = status;
    yield* errOut(`${this.prog}: ${message}\n`);
    return status;
  }

  /** A whole number; a complaint and undefined when the text is none. Counterpart: xatou of busybox */
  *count(text: string, gnuText: string, status = 1): Program<number | undefined> {
    if (/^\d+$/.test(text)) return Number(text);
    yield* this.error(this.gnu ? gnuText : `invalid number '${text}'`, status);
    return undefined;
  }

  /** Prints `NAME: message` to standard error, and that is all. */
  *warn(message: string): Program<void> {
    yield* this.flush();
    yield* errOut(`${this.prog}: ${message}\n`);
  }

  /** A complaint about a failed call; each flavour has its own words before the errno's text. */
  *fail(errno: Errno, busybox: string, gnu: string = busybox): Program<number> {
    return yield* this.error(`${this.gnu ? gnu : busybox}: ${strerror(errno)}`);
  }

  /** Flushes and gives the exit status. Counterpart: close_stdout of gnulib, fflush_stdout_and_exit of busybox */
  *finish(status = this.status): Program<number> {
    yield* this.flush();
    if (this.failed === undefined) return status;
    yield* errOut(`${this.prog}: write error${this.gnu || this.failed !== 'EPIPE' ? `: ${strerror(this.failed)}` : ': Broken pipe'}\n`);
    return status || 1;
  }
}

/** Prints the usage of a busybox applet; the status it then ends with. Counterpart: busybox libbb/appletlib.c, bb_show_usage */
export function* showUsage({ usage }: CommandContext): Program<number> {
  yield* errOut(BUSYBOX_BANNER + (usage ?? '\nNo help available\n'));
  return 1;
}

/** Is the descriptor a terminal? Counterpart: isatty(3) */
export function* isTty(fd: number): Program<boolean> {
  const got: SysResult<unknown> = yield* sys.ioctl(fd, { request: 'TCGETS' });
  return got.ok;
}
