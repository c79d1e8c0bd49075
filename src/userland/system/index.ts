// Commands of util-linux and the like, in both userlands.

import type { Command, CommandTable } from '../lib/command.ts';
import { fileAttributeCommands } from './fileattrs.ts';
import { findmntCommands } from './findmnt.ts';
import { hardwareCommands } from './hardware.ts';
import { loginCommands } from './logins.ts';
import { machineCommands } from './machine.ts';
import { mountCommands } from './mount.ts';
import { namespaceCommands } from './namespaces.ts';
import { timeCommand } from './time.ts';
import { userCommands } from './users.ts';

const BUSYBOX_ONLY = ['reboot', 'halt', 'poweroff', 'insmod', 'rmmod', 'time'];
const DEBIAN_ONLY = ['keyctl', 'newgrp', 'findmnt', 'getfattr'];

const all: Readonly<Record<string, Command>> = {
  ...mountCommands,
  ...userCommands,
  ...namespaceCommands,
  ...machineCommands,
  ...hardwareCommands,
  ...findmntCommands,
  ...fileAttributeCommands,
  time: timeCommand,
  ...loginCommands,
};

/** The commands of this package. */
export const systemCommands: CommandTable = Object.fromEntries(
  Object.entries(all).map(([name, run]) => [
    name,
    { run, in: BUSYBOX_ONLY.includes(name) ? ['busybox'] : DEBIAN_ONLY.includes(name) ? ['gnu'] : ['busybox', 'gnu'] },
  ]),
);
