// Programs that take the whole screen: vi, less, more.

import type { CommandTable } from '../lib/command.ts';
import { less } from './less.ts';
import { more } from './pager.ts';
import { vi } from './vi.ts';

/** The commands of this package. A Debian image has neither vi nor less. */
export const editCommands: CommandTable = {
  vi: { run: vi, in: ['busybox'] },
  less: { run: less, in: ['busybox'] },
  more: { run: more, in: ['busybox', 'gnu'] },
};
