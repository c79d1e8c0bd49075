// The user's terminal while the far side has one of its own.

import { type Program, type SysResult, sys, type Termios } from '#kernel/uapi/index.ts';
import { errOut } from '../lib/io.ts';

/**
 * Hands the keys of the terminal on standard input to the far side unchanged, where the line discipline is then. Gives the settings
 * to restore; undefined when no terminal was wanted or there is none, which is said. Counterpart: StreamOptions.SetupTTY, kubectl/pkg/cmd/exec
 */
export function* rawTerminal(wanted: boolean, interactive: boolean): Program<Termios | undefined> {
  if (!wanted || !interactive) return undefined;
  const settings: SysResult<unknown> = yield* sys.ioctl(0, { request: 'TCGETS' });
  if (!settings.ok) {
    yield* errOut('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    return undefined;
  }
  const termios = settings.value as Termios;
  yield* sys.ioctl(0, {
    request: 'TCSETS',
    termios: { ...termios, icanon: false, echo: false, isig: false, icrnl: false, opost: false },
  });
  return termios;
}

export function* restoreTerminal(termios: Termios | undefined): Program<void> {
  if (termios !== undefined) yield* sys.ioctl(0, { request: 'TCSETS', termios });
}
