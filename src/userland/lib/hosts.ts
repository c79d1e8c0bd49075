// /etc/hosts, the only names a container knows here.

import type { Program } from '#kernel/uapi/index.ts';
import { readFile, textOf } from './io.ts';

/** The address /etc/hosts gives a name. Counterpart: hosts(5) */
export function* addressOf(name: string): Program<string | undefined> {
  return (yield* hostEntry(name))?.[0];
}

/** The words of the line of /etc/hosts that has a name: the address, the full name, the others. */
export function* hostEntry(name: string): Program<readonly string[] | undefined> {
  const hosts = yield* readFile('/etc/hosts');
  const rows = (hosts.ok ? textOf(hosts.value) : '').split('\n').map((row) => row.split(/\s+/));
  return rows.find((words) => words.slice(1).includes(name));
}
