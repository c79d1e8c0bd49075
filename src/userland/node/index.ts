// The programs of a node, and ssh, which leads there: file names and what they run.

import type { ProgramMain } from '#kernel/uapi/index.ts';
import { crictl } from './crictl.ts';
import { ctr, runc } from './lowLevel.ts';
import type { NodePort } from './port.ts';
import { aaStatus, getenforce } from './security.ts';
import { ssh } from './ssh.ts';
import { journalctl, systemctl } from './units.ts';

/** Programs by the name their images carry ("own/NAME"). */
export const nodePrograms = (port: NodePort): Readonly<Record<string, ProgramMain>> => ({
  crictl: crictl(port),
  ctr: ctr(port),
  runc: runc(port),
  journalctl: journalctl(port),
  systemctl: systemctl(port),
  getenforce,
  'aa-status': aaStatus,
  ssh: ssh(port),
});

/** Where the node has them. */
export const NODE_PROGRAMS: Readonly<Record<string, string>> = {
  '/usr/bin/crictl': 'own/crictl',
  '/usr/bin/ctr': 'own/ctr',
  '/usr/sbin/runc': 'own/runc',
  '/usr/bin/journalctl': 'own/journalctl',
  '/usr/bin/systemctl': 'own/systemctl',
  '/usr/sbin/getenforce': 'own/getenforce',
  '/usr/sbin/aa-status': 'own/aa-status',
};
