// /etc/hosts, the only names a container knows here.

import type { Program } from '#kernel/uapi/index.ts';
import { readFile, textOf } from './io.ts';

/** The address /etc/hosts gives a name. Counterpart: hosts(5) */
export function* addressOf(name: string): Program<string | undefined> {
  const hosts = yield* readFile('/etc/hosts');
  const line = (hosts.ok ? textOf(hosts.value) : '').split('\n').find((row) => row.split(/\s+/).slice(1).includes(name));
  return line?.split(/\s+/)[0];
}
