// Commands of procps, in both userlands.

import type { CommandTable } from '../lib/command.ts';
import { ps } from './ps.ts';

/** The commands of this package. */
export const procpsCommands: CommandTable = { ps: { run: ps, in: ['busybox', 'gnu'] } };
