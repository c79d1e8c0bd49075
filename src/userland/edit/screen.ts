// A terminal in the hands of a full-screen program: its size, single keys, and the state it had before.

import { AT_FDCWD, O_RDWR } from '#abi/flags.ts';
import { SIGWINCH } from '#abi/signal.ts';
import type { Program, SysResult, Termios, Winsize } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { binOf } from '../lib/bytes.ts';

const ARROWS: Readonly<Record<string, string>> = { A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end' };
const NUMBERED: Readonly<Record<string, string>> = { '1': 'home', '3': 'delete', '4': 'end', '5': 'pageup', '6': 'pagedown' };

export class Screen {
  rows = 24;
  cols = 80;
  private fd = 0;
  private before: Termios | undefined;
  private pending = '';

  /**
   * Takes the keyboard: standard input, or the terminal itself when that is not one. False when there is none. A program that watches the
   * window is given the key "window" when its size changes.
   */
  *open(watching = false): Program<boolean> {
    let state = (yield* sys.ioctl(0, { request: 'TCGETS' })) as SysResult<Termios>;
    if (!state.ok) {
      const tty: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/tty', O_RDWR);
      if (!tty.ok) return false;
      this.fd = tty.value;
      state = (yield* sys.ioctl(this.fd, { request: 'TCGETS' })) as SysResult<Termios>;
      if (!state.ok) return false;
    }
    this.before = state.value;
    if (watching) yield* sys.rt_sigaction(SIGWINCH, 'handle');
    yield* sys.ioctl(this.fd, { request: 'TCSETS', termios: { ...state.value, icanon: false, echo: false, isig: false, icrnl: false } });
    yield* this.measure();
    return true;
  }

  private *measure(): Program<void> {
    const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
    if (size.ok && size.value.rows > 0) this.rows = size.value.rows;
    if (size.ok && size.value.cols > 0) this.cols = size.value.cols;
  }

  /** Gives the terminal back as it was. */
  *close(): Program<void> {
    if (this.before) yield* sys.ioctl(this.fd, { request: 'TCSETS', termios: this.before });
  }

  /** The next key: a byte, or the name of an arrow and the like; undefined when the terminal is gone. */
  *key(): Program<string | undefined> {
    if (this.pending === '') {
      const got: SysResult<Uint8Array> = yield* sys.read(this.fd, 256);
      if (!got.ok && got.errno === 'EINTR') {
        const taken: SysResult<readonly number[]> = yield* sys.sigtake();
        if (!taken.ok || !taken.value.includes(SIGWINCH)) return yield* this.key();
        yield* this.measure();
        return 'window';
      }
      if (!got.ok || got.value.length === 0) return undefined;
      this.pending = binOf(got.value);
    }
    const sequence = /^\x1b(?:\[|O)(?:([A-DHF])|([1-6])~)/.exec(this.pending);
    const name = sequence && (ARROWS[sequence[1] ?? ''] ?? NUMBERED[sequence[2] ?? '']);
    const key = name ?? (this.pending[0] as string);
    this.pending = this.pending.slice(name && sequence ? sequence[0].length : 1);
    return key;
  }

  /** Are more keys waiting that were read together with the last? Drawing can wait for them. */
  get typedAhead(): boolean {
    return this.pending !== '';
  }
}
