// Commands of util-linux and the like, in both userlands.

import type { Command, CommandTable } from '../lib/command.ts';
import { busyboxAccounts } from './accounts-busybox.ts';
import { debianAddUser } from './adduser-debian.ts';
import { chfn } from './chfn.ts';
import { debianDelUser } from './deluser-debian.ts';
import { fileAttributeCommands } from './fileattrs.ts';
import { findmntCommands } from './findmnt.ts';
import { hardwareCommands } from './hardware.ts';
import { ipcmk, ipcrm } from './ipcmk.ts';
import { ipcs } from './ipcs.ts';
import { busyboxPasswd, loginCommands } from './logins.ts';
import { machineCommands } from './machine.ts';
import { mountCommands } from './mount.ts';
import { nsenter } from './nsenter.ts';
import { renice } from './renice.ts';
import { runitCommands } from './runit.ts';
import { busyboxRunners, runnerCommands } from './runners.ts';
import { runuser } from './runuser.ts';
import { schedulingCommands } from './scheduling.ts';
import { setarchCommands } from './setarch.ts';
import { debianPasswd, shadowCommands } from './shadow/index.ts';
import { busyboxSmall, smallCommands } from './small.ts';
import { timeCommand } from './time.ts';
import { unshare } from './unshare.ts';
import { userCommands } from './users.ts';

const BUSYBOX_ONLY = [
  ...Object.keys({ ...busyboxRunners, ...runitCommands, ...busyboxSmall, ...setarchCommands }),
  'reboot',
  'halt',
  'poweroff',
  'insmod',
  'rmmod',
  'time',
];
const DEBIAN_ONLY = [
  ...Object.keys(shadowCommands).filter((name) => name !== 'chpasswd'),
  'chfn',
  'runuser',
  'keyctl',
  'newgrp',
  'findmnt',
  'getfattr',
];

const either =
  (busybox: Command, gnu: Command): Command =>
  (context) =>
    (context.flavour === 'gnu' ? gnu : busybox)(context);

const all: Readonly<Record<string, Command>> = {
  ...mountCommands,
  ...userCommands,
  unshare,
  nsenter,
  ...machineCommands,
  ...schedulingCommands,
  ipcs,
  ipcmk,
  ipcrm,
  renice,
  runuser,
  ...hardwareCommands,
  ...setarchCommands,
  ...findmntCommands,
  ...fileAttributeCommands,
  time: timeCommand,
  ...loginCommands,
  adduser: either(busyboxAccounts.adduser, debianAddUser),
  addgroup: either(busyboxAccounts.addgroup, debianAddUser),
  deluser: either(busyboxAccounts.deluser, debianDelUser),
  delgroup: either(busyboxAccounts.delgroup, debianDelUser),
  chfn,
  ...shadowCommands,
  passwd: either(busyboxPasswd, debianPasswd),
  chpasswd: either(busyboxAccounts.chpasswd, shadowCommands.chpasswd),
  ...runnerCommands,
  ...busyboxRunners,
  ...runitCommands,
  ...smallCommands,
  ...busyboxSmall,
};

/** The commands of this package. */
export const systemCommands: CommandTable = Object.fromEntries(
  Object.entries(all).map(([name, run]) => [
    name,
    { run, in: BUSYBOX_ONLY.includes(name) ? ['busybox'] : DEBIAN_ONLY.includes(name) ? ['gnu'] : ['busybox', 'gnu'] },
  ]),
);
