// Commands about the network: only what shows who may do it.

import type { CommandTable } from '../lib/command.ts';
import { clientCommands } from './clients.ts';
import { ipCommands } from './ip.ts';
import { nc } from './nc.ts';
import { netstat } from './netstat.ts';
import { talkCommands } from './talk.ts';

/** The commands of this package. */
export const netCommands: CommandTable = {
  ip: { run: ipCommands.ip, in: ['busybox', 'gnu'] },
  ping: { run: talkCommands.ping, in: ['busybox', 'gnu'] },
  ifconfig: { run: ipCommands.ifconfig, in: ['busybox'] },
  route: { run: ipCommands.route, in: ['busybox'] },
  arping: { run: talkCommands.arping, in: ['busybox'] },
  netstat: { run: netstat, in: ['busybox'] },
  wget: { run: clientCommands.wget, in: ['busybox'] },
  telnet: { run: clientCommands.telnet, in: ['busybox'] },
  nslookup: { run: clientCommands.nslookup, in: ['busybox'] },
  nc: { run: nc, in: ['busybox'] },
};
