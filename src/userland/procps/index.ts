// Commands of procps, in both userlands.

import type { CommandTable } from '../lib/command.ts';
import { killCommands } from './killall.ts';
import { ps } from './ps.ts';

/** The commands of this package. */
export const procpsCommands: CommandTable = {
  ps: { run: ps, in: ['busybox', 'gnu'] },
  killall: { run: killCommands.killall, in: ['busybox'] },
  pgrep: { run: killCommands.pgrep, in: ['busybox', 'gnu'] },
  pkill: { run: killCommands.pkill, in: ['busybox', 'gnu'] },
};
