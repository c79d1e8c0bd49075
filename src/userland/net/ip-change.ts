// What `ip … add|del|set|flush` asks the kernel for, from its words. Counterpart: iproute2 6.1, busybox 1.35 networking/libiproute
// Deviates: of the kinds of links only dummy can be made; metrics, tables, scopes and labels are refused.

import type { Errno } from '#abi/errno.ts';
import type { NetLink, NetRoute, NetSettings } from '#kernel/uapi/index.ts';
import { macOf, networkOf, withLink } from './link.ts';

/** A change to make; or what the kernel will answer to it, with iproute2's words where it has some; or a complaint of the command itself. */
export type Wanted =
  | { readonly next: NetSettings; readonly ioctl?: string; readonly flush?: true }
  | { readonly errno: Errno; readonly gnu?: string; readonly ioctl?: string }
  | 'nothing to do'
  | { readonly busybox: string; readonly gnu: string; readonly status: number; readonly gnuStatus: number };

const complaint = (busybox: string, gnu = busybox, gnuStatus = 1, status = 1): Wanted => ({ busybox, gnu, status, gnuStatus });
const refused = (word: string): Wanted => complaint(`'${word}' is not simulated here`);
const noDevice = (name: string, link: boolean): Wanted =>
  complaint(`can't find device '${name}'`, link ? `Cannot find device "${name}"` : `Cannot find device "${name}"`);

const PREFIX = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/;

function setLink(now: NetSettings, words: readonly string[], gnu: boolean): Wanted {
  const [name = '', ...rest] = words.filter((word, at) => !(word === 'dev' && at === 0));
  const link = now.links.find((one) => one.name === name);
  let over: Partial<NetLink> = {};
  let ioctl = 'SIOCGIFFLAGS';
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] as string;
    if (word === 'up' || word === 'down') {
      over = { ...over, up: word === 'up' };
      ioctl = 'SIOCSIFFLAGS';
      continue;
    }
    const value = rest[++at];
    if (value === undefined && ['mtu', 'address', 'name'].includes(word))
      return complaint('command line is not complete', 'Command line is not complete. Try option "help"', 255);
    if (word === 'mtu') {
      if (!/^\d+$/.test(value as string))
        return complaint(`invalid argument '${value}' to 'mtu'`, `Error: argument "${value}" is wrong: Invalid "mtu" value\n`, 255, 2);
      over = { ...over, mtu: Number(value) };
      ioctl = 'SIOCSIFMTU';
    } else if (word === 'address') {
      over = { ...over, mac: value as string };
      ioctl = 'SIOCSIFHWADDR';
    } else if (word === 'name') {
      over = { ...over, name: value as string };
      ioctl = 'SIOCSIFNAME';
    } else if (value !== undefined) return refused(word);
    else
      return complaint(
        `either "dev" is duplicate, or "${word}" is garbage`,
        `Error: either "dev" is duplicate, or "${word}" is a garbage.`,
        255,
        2,
      );
  }
  if (link === undefined)
    return complaint(`${ioctl === 'SIOCSIFFLAGS' ? 'SIOCGIFFLAGS' : ioctl}: No such device`, `Cannot find device "${name}"`, 1, 2);
  // busybox looks at the flags first.
  if (!gnu && Object.keys(over).every((key) => key === 'up' && over.up === link.up)) return 'nothing to do';
  return { next: withLink(now, name, over), ioctl };
}

function addLink(now: NetSettings, words: readonly string[]): Wanted {
  const named = words[0] === 'name' || words[0] === 'dev' ? words.slice(1) : words;
  const kind = named[named.indexOf('type') + 1];
  const name = named[0] === 'type' ? `${kind}0` : (named[0] ?? '');
  if (!named.includes('type')) return complaint('command line is not complete', 'Not enough information: "type" argument is required', 255);
  if (now.links.some((link) => link.name === name)) return { errno: 'EEXIST' };
  if (kind !== 'dummy') return { errno: 'EOPNOTSUPP', gnu: 'Error: Unknown device type.' };
  const index = Math.max(...now.links.map((link) => link.index)) + 1;
  const mac = macOf(`${index}.${name.length}.${name.charCodeAt(0)}.${name.charCodeAt(name.length - 1)}`);
  const link: NetLink = { index, name, kind: 'dummy', mac, up: false, mtu: 1500, addresses: [] };
  return { next: { ...now, links: [...now.links, link] } };
}

function ofLink(now: NetSettings, action: string, words: readonly string[], gnu: boolean): Wanted {
  if (action === 'set' || action === 'change') return setLink(now, words, gnu);
  if (action === 'add') return addLink(now, words);
  if (action !== 'delete') return refused(action);
  const name = words.find((word) => word !== 'dev') ?? '';
  const link = now.links.find((one) => one.name === name);
  if (link === undefined) return complaint(`can't find device '${name}'`, `Cannot find device "${name}"`, 1, 2);
  if (link.kind === 'loopback') return { errno: 'EOPNOTSUPP' };
  return { next: { links: now.links.filter((one) => one !== link), routes: now.routes.filter(({ dev }) => dev !== name) } };
}

function ofAddress(now: NetSettings, action: string, words: readonly string[], gnu: boolean): Wanted {
  const at = words.indexOf('dev');
  const dev = at < 0 ? undefined : words[at + 1];
  const rest = words.filter((_word, index) => at < 0 || (index !== at && index !== at + 1));
  const [text = '', ...more] = rest[0] === 'local' ? rest.slice(1) : rest;
  if (dev === undefined) return complaint('need "dev IFACE"', 'Not enough information: "dev" argument is required.');
  const link = now.links.find((one) => one.name === dev);
  if (action === 'flush') return link === undefined ? noDevice(dev, false) : { next: withLink(now, dev, { addresses: [] }), flush: true };
  const [, address, bits] = PREFIX.exec(text) ?? [];
  // busybox asks the kernel even for a text that is no address.
  if (address === undefined) return gnu ? complaint(`Error: any valid prefix is expected rather than "${text}".`) : { errno: 'ERANGE' };
  if (link === undefined) return noDevice(dev, false);
  if (more.length > 0 && !['brd', 'broadcast'].includes(more[0] as string)) return refused(more[0] as string);
  const prefix = Number(bits ?? 32);
  const there = link.addresses.find((one) => one.address === address && one.prefix === prefix);
  if (action === 'delete') {
    if (there === undefined) return { errno: 'EADDRNOTAVAIL', gnu: 'Error: ipv4: Address not found.' };
    return { next: withLink(now, dev, { addresses: link.addresses.filter((one) => one !== there) }) };
  }
  if (there !== undefined) return { errno: 'EEXIST', gnu: 'Error: ipv4: Address already assigned.' };
  return { next: withLink(now, dev, { addresses: [...link.addresses, { address, prefix }] }) };
}

const inNetwork = (address: string, { to }: NetRoute): boolean => {
  const [network = '', bits = '32'] = to.split('/');
  return to !== 'default' && networkOf(address, Number(bits)) === networkOf(network, Number(bits));
};

function ofRoute(now: NetSettings, action: string, words: readonly string[]): Wanted {
  const [given = '', ...rest] = words;
  const option = (name: string): string | undefined => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
  const strange = rest.find((word, at) => at % 2 === 0 && word !== 'via' && word !== 'dev');
  if (strange !== undefined) return refused(strange);
  const [, address, bits] = PREFIX.exec(given === '0.0.0.0/0' ? '' : given) ?? [];
  if (address === undefined && !['default', '0.0.0.0/0'].includes(given))
    return complaint(`an inet prefix is expected rather than "${given}"`, `Error: any valid prefix is expected rather than "${given}".`);
  const to = address === undefined ? 'default' : bits === undefined || bits === '32' ? address : `${address}/${bits}`;
  const via = option('via');
  if (action === 'delete' || action === 'flush') {
    const left = now.routes.filter((route) => route.to !== to || (via !== undefined && route.via !== via));
    return left.length === now.routes.length ? { errno: 'ESRCH' } : { next: { ...now, routes: left } };
  }
  const dev = option('dev') ?? now.routes.find((route) => via !== undefined && inNetwork(via, route))?.dev;
  if (dev === undefined)
    return { errno: 'ENETUNREACH', gnu: via === undefined ? 'RTNETLINK answers: No such device' : 'Error: Nexthop has invalid gateway.' };
  const link = now.links.find((one) => one.name === dev);
  if (link === undefined) return noDevice(dev, false);
  if (!link.up) return { errno: 'ENETDOWN', gnu: 'Error: Device for nexthop is not up.' };
  if (now.routes.some((route) => route.to === to) && action === 'add') return { errno: 'EEXIST' };
  const others = now.routes.filter((route) => route.to !== to);
  return { next: { ...now, routes: [...others, { to, dev, ...(via !== undefined && { via }) }] } };
}

/** What is asked for by the words after `ip OBJECT ACTION`. */
export function wanted(now: NetSettings, object: string, action: string, words: readonly string[], gnu: boolean): Wanted {
  if (object === 'link') return ofLink(now, action, words, gnu);
  if (object === 'address') return ofAddress(now, action, words, gnu);
  return object === 'route' ? ofRoute(now, action, words) : refused(object);
}
