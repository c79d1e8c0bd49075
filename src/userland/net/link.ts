// Links, addresses and routes of the own network namespace: as a pod gets them, and as they were changed since.
// Deviates: lo, and eth0 with the address the kubelet wrote into /etc/hosts for the pod's host name, are what every namespace begins
// with; nothing is sent through any of them.

import { type Errno, strerror } from '#abi/errno.ts';
import { type NetLink, type NetRoute, type NetSettings, type Program, type SysResult, sys, type Utsname } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';

/** A link as most commands want it: with its first address. */
export interface Link extends NetLink {
  readonly address: string | undefined;
  readonly prefix: number;
}

/** What `address/prefix` broadcasts to. */
export const broadcastOf = (address: string): string => address.replace(/\d+$/, '255');
export const gatewayOf = (address: string): string => address.replace(/\d+$/, '1');

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
/** The network an address is in. */
export const networkOf = (address: string, prefix = 24): string =>
  dotted(prefix === 0 ? 0 : numberOf(address) & (0xffffffff << (32 - prefix)));

/** A hardware address made of four numbers, as CNI's bridge does. */
export const macOf = (address: string): string =>
  `0a:58:${address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`;

function* ownAddress(): Program<string | undefined> {
  const uts: SysResult<Utsname> = yield* sys.uname();
  const hosts = yield* readFile('/etc/hosts');
  const lines = hosts.ok ? textOf(hosts.value).split('\n') : [];
  const own = lines
    .map((line) => line.split(/\s+/))
    .find(
      ([address = '', ...names]) =>
        uts.ok && names.includes(uts.value.nodename) && /^\d+(\.\d+){3}$/.test(address) && !address.startsWith('127.'),
    );
  return own?.[0];
}

/** Everything that is set in the own network namespace. */
export function* settings(): Program<NetSettings> {
  const changed: SysResult<NetSettings | null> = yield* sys.netlink(null);
  if (changed.ok && changed.value) return changed.value;
  const address = yield* ownAddress();
  const local = [{ address: '127.0.0.1', prefix: 8 }];
  const lo: NetLink = { index: 1, name: 'lo', kind: 'loopback', mac: '00:00:00:00:00:00', up: true, mtu: 65536, addresses: local };
  if (address === undefined) return { links: [lo], routes: [] };
  return {
    links: [lo, { index: 2, name: 'eth0', kind: 'veth', mac: macOf(address), up: true, mtu: 1500, addresses: [{ address, prefix: 24 }] }],
    routes: [
      { to: 'default', via: gatewayOf(address), dev: 'eth0' },
      { to: `${networkOf(address)}/24`, dev: 'eth0', src: address },
    ],
  };
}

/** The links of the own network namespace, loopback first. */
export function* links(): Program<readonly Link[]> {
  return (yield* settings()).links.map((link) => ({
    ...link,
    address: link.addresses[0]?.address,
    prefix: link.addresses[0]?.prefix ?? 24,
  }));
}

/** Sets links and routes anew; the errno of the refusal, or undefined. An errno instead of settings is a change that nobody may make. */
export function* change(next: NetSettings | Errno): Program<string | undefined> {
  // The permission comes before the kernel looks at what is asked.
  const done: SysResult<unknown> = yield* sys.netlink(typeof next === 'string' ? yield* settings() : next);
  if (!done.ok) return strerror(done.errno);
  return typeof next === 'string' ? strerror(next) : undefined;
}

/** The routes that a link's addresses bring while it is up. */
export const connected = ({ name, kind, up, addresses }: NetLink): readonly NetRoute[] =>
  kind === 'loopback' || !up
    ? []
    : addresses
        .filter(({ prefix }) => prefix < 32)
        .map(({ address, prefix }) => ({ to: `${networkOf(address, prefix)}/${prefix}`, dev: name, src: address }));

/** A link with other properties: going down takes all its routes away, coming up brings those of its addresses. */
export function withLink({ links: all, routes }: NetSettings, name: string, over: Partial<NetLink>): NetSettings {
  const old = all.find((link) => link.name === name) as NetLink;
  const now = { ...old, ...over };
  const brought = connected(old).map(({ to }) => to);
  const kept = routes.filter((route) => route.dev !== name || (now.up && !brought.includes(route.to)));
  return { links: all.map((link) => (link === old ? now : link)), routes: [...kept, ...connected(now)] };
}
