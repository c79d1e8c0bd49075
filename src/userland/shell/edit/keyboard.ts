// A terminal in the hands of a line editor: raw mode, keys one by one, signals that arrive while nothing is typed.

import { POLLIN } from '#abi/flags.ts';
import { SIGWINCH } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Termios, type Winsize } from '#kernel/uapi/index.ts';
import { textOf } from '../../lib/io.ts';

/** Milliseconds an escape character waits for what belongs to it. Counterpart: busybox 1.35 libbb/read_key.c */
const ESCAPE_WAIT = 50;

/** What came: a character, `window` for a new size, `signal` for any other signal, `end`. */
export type Input = { readonly key: string } | 'window' | 'signal' | 'end';

export class Keyboard {
  columns = 80;
  private readonly fd: number;
  private before: Termios | undefined;
  /** Bytes read beyond the key they were taken for. */
  private ahead = '';

  constructor(fd: number) {
    this.fd = fd;
  }

  /** The terminal's state; undefined when there is none. */
  *state(): Program<Termios | undefined> {
    const got = (yield* sys.ioctl(this.fd, { request: 'TCGETS' })) as SysResult<Termios>;
    return got.ok ? got.value : undefined;
  }

  /** Takes the terminal; `isig`: ^C, ^\ and ^Z stay signals. */
  *open(before: Termios, isig: boolean): Program<void> {
    this.before = before;
    yield* sys.rt_sigaction(SIGWINCH, 'handle');
    yield* sys.ioctl(this.fd, {
      request: 'TCSETS',
      termios: { ...before, icanon: false, echo: false, isig: isig && before.isig, icrnl: false },
    });
    yield* this.measure();
  }

  *measure(): Program<void> {
    const size = (yield* sys.ioctl(this.fd, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
    this.columns = size.ok && size.value.cols > 1 ? size.value.cols : 80;
  }

  /** Gives the terminal back. */
  *close(): Program<void> {
    if (this.before) yield* sys.ioctl(this.fd, { request: 'TCSETS', termios: this.before });
    yield* sys.rt_sigaction(SIGWINCH, 'default');
  }

  /** The next character; `signals` receives the numbers of signals that came instead. */
  *next(signals: (numbers: readonly number[]) => void): Program<Input> {
    if (this.ahead !== '') return { key: this.take() };
    const got: SysResult<Uint8Array> = yield* sys.read(this.fd, 1);
    if (got.ok) return got.value.length === 0 ? 'end' : { key: yield* this.character(got.value[0] as number) };
    if (got.errno !== 'EINTR') return 'end';
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    const numbers = taken.ok ? taken.value : [];
    signals(numbers.filter((number) => number !== SIGWINCH));
    if (!numbers.includes(SIGWINCH)) return 'signal';
    yield* this.measure();
    return 'window';
  }

  /**
   * The rest of an escape sequence, as far as it is in `known`: the longest name whose bytes have come without a pause, or for a
   * `patient` editor at any time. What was read and belongs to none is typed again, but the escape character itself and what a patient
   * editor has waited for.
   */
  *sequence(known: ReadonlyMap<string, string>, patient = false): Program<string | undefined> {
    let text = '';
    for (;;) {
      const name = known.get(text);
      if (name !== undefined) return name;
      const begins = [...known.keys()].some((one) => one.startsWith(text));
      const more: string | undefined = begins ? yield* this.soon(patient) : undefined;
      if (more === undefined) {
        if (!patient) this.ahead = text + this.ahead;
        return undefined;
      }
      text += more;
    }
  }

  private *soon(patient: boolean): Program<string | undefined> {
    if (this.ahead !== '') return this.take();
    if (patient) {
      const next: Input = yield* this.next(() => undefined);
      return typeof next === 'string' ? undefined : next.key;
    }
    const ready = (yield* sys.poll([{ fd: this.fd, events: POLLIN }], ESCAPE_WAIT)) as SysResult<readonly { readonly revents: number }[]>;
    if (!ready.ok || ((ready.value[0]?.revents ?? 0) & POLLIN) === 0) return undefined;
    const got: SysResult<Uint8Array> = yield* sys.read(this.fd, 1);
    return got.ok && got.value.length > 0 ? textOf(got.value) : undefined;
  }

  /** The rest of a character of several bytes is there when its first byte is. */
  private *character(first: number): Program<string> {
    const bytes = [first];
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    while (bytes.length < length) {
      const got: SysResult<Uint8Array> = yield* sys.read(this.fd, 1);
      if (!got.ok || got.value.length === 0) break;
      bytes.push(got.value[0] as number);
    }
    return textOf(new Uint8Array(bytes));
  }

  private take(): string {
    const byte = this.ahead[0] as string;
    this.ahead = this.ahead.slice(1);
    return byte;
  }
}
