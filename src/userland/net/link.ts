// The interfaces of the own network namespace: ip, ifconfig, route, ping, nc.
// Deviates: the kernel here has no interfaces, only the permission to change them. Shown are lo, and eth0 with the address
// the kubelet wrote into /etc/hosts for the pod's host name; changes are permitted or refused, not remembered.

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys, type Utsname } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly address: string | undefined;
  readonly prefix: number;
}

/** The links of the own network namespace, loopback first. */
export function* links(): Program<readonly Link[]> {
  const lo: Link = { index: 1, name: 'lo', address: '127.0.0.1', prefix: 8 };
  const uts: SysResult<Utsname> = yield* sys.uname();
  const hosts = yield* readFile('/etc/hosts');
  const lines = hosts.ok
    ? textOf(hosts.value)
        .split('\n')
        .map((line) => line.split(/\s+/))
    : [];
  const own = lines.find(
    ([address = '', ...names]) =>
      uts.ok && names.includes(uts.value.nodename) && /^\d+(\.\d+){3}$/.test(address) && !address.startsWith('127.'),
  );
  return own ? [lo, { index: 2, name: 'eth0', address: own[0], prefix: 24 }] : [lo];
}

/** Asks for a change of interfaces, addresses or routes; the text of the refusal, or undefined. */
export function* change(): Program<string | undefined> {
  const done: SysResult<number> = yield* sys.syscall('netlink');
  return done.ok ? undefined : strerror(done.errno);
}

/** What `address/prefix` broadcasts to. */
export const broadcastOf = (address: string): string => address.replace(/\d+$/, '255');
export const networkOf = (address: string): string => address.replace(/\d+$/, '0');
export const gatewayOf = (address: string): string => address.replace(/\d+$/, '1');
