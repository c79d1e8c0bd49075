// Commands of util-linux and the like, in both userlands.

import type { Command, CommandTable } from '../lib/command.ts';
import { machineCommands } from './machine.ts';
import { mountCommands } from './mount.ts';
import { namespaceCommands } from './namespaces.ts';
import { userCommands } from './users.ts';

const BUSYBOX_ONLY = ['reboot', 'halt', 'poweroff'];

const all: Readonly<Record<string, Command>> = { ...mountCommands, ...userCommands, ...namespaceCommands, ...machineCommands };

/** The commands of this package. */
export const systemCommands: CommandTable = Object.fromEntries(
  Object.entries(all).map(([name, run]) => [name, { run, in: BUSYBOX_ONLY.includes(name) ? ['busybox'] : ['busybox', 'gnu'] }]),
);
