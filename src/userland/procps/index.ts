// Commands of procps, in both userlands.

import type { Command, CommandTable, Flavour } from '../lib/command.ts';
import { free } from './free.ts';
import { killCommands } from './killall.ts';
import { ps } from './ps.ts';
import { busyboxSmall, smallCommands } from './small.ts';
import { sysctl } from './sysctl.ts';
import { top } from './top.ts';

const BOTH: readonly Flavour[] = ['busybox', 'gnu'];
const table = (commands: Readonly<Record<string, Command>>, flavours: readonly Flavour[]): CommandTable =>
  Object.fromEntries(Object.entries(commands).map(([name, run]) => [name, { run, in: flavours }]));

/** The commands of this package. */
export const procpsCommands: CommandTable = {
  ...table({ ...smallCommands, free, sysctl, top }, BOTH),
  ...table(busyboxSmall, ['busybox']),
  ps: { run: ps, in: ['busybox', 'gnu'] },
  killall: { run: killCommands.killall, in: ['busybox'] },
  pgrep: { run: killCommands.pgrep, in: ['busybox', 'gnu'] },
  pidof: { run: killCommands.pidof, in: ['busybox'] },
  killall5: { run: killCommands.killall5, in: ['gnu'] },
  pkill: { run: killCommands.pkill, in: ['busybox', 'gnu'] },
};
