// ip, ifconfig, route: show and change interfaces. Counterpart: busybox 1.35 and iproute2 6.1

import { strerror } from '#abi/errno.ts';
import type { NetRoute, NetSettings, Program } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { type Wanted, wanted } from './ip-change.ts';
import { broadcastOf, change, type Link, links, networkOf, settings, withLink } from './link.ts';

const OBJECTS = ['link', 'address', 'route', 'neighbour', 'rule', 'tunnel'];
const CHANGES = ['add', 'append', 'change', 'replace', 'delete', 'flush', 'set'];

const isLo = (link: Link): boolean => link.kind === 'loopback';
const kindOf = (link: Link): string => (isLo(link) ? 'loopback' : 'ether');
const broadcastMac = (link: Link): string => (isLo(link) ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff');

/** The IPv6 address a link gives itself when it comes up: ::1, or the link-local one of its hardware address. Counterpart: RFC 4291, modified EUI-64 */
function ipv6Of(link: Link): string | undefined {
  if (!link.up || link.addresses.length === 0) return undefined;
  if (isLo(link)) return '::1/128';
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = link.mac.split(':').map((byte) => Number.parseInt(byte, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}/64`;
}

const FOREVER = '       valid_lft forever preferred_lft forever\n';

function flagsOf(link: Link, gnu: boolean): string {
  const kind = { loopback: 'LOOPBACK', veth: 'BROADCAST,MULTICAST', dummy: 'BROADCAST,NOARP' }[link.kind];
  return kind + (link.up ? `,UP,LOWER_UP${link.kind === 'veth' && !gnu ? ',M-DOWN' : ''}` : '');
}
const stateOf = (link: Link): string => (!link.up ? 'DOWN' : link.kind === 'veth' ? 'UP' : 'UNKNOWN');

/** The lines of the addresses of a link, each with its second one. */
function addressLines(link: Link): readonly string[] {
  const brd = (address: string): string => (link.kind === 'veth' ? ` brd ${broadcastOf(address)}` : '');
  const scope = (address: string): string => (address.startsWith('127.') ? 'host' : 'global');
  const v6 = ipv6Of(link);
  return [
    ...link.addresses.map(({ address, prefix }) => `inet ${address}/${prefix}${brd(address)} scope ${scope(address)} ${link.name}\n`),
    ...(v6 === undefined ? [] : [`inet6 ${v6} scope ${isLo(link) ? 'host' : 'link'} \n`]),
  ].map((line) => line + FOREVER);
}

/** One link as `ip` shows it. */
function linkText(link: Link, addresses: boolean, gnu: boolean, oneline: boolean): string {
  const joined = (text: string): string => (oneline ? `${text.slice(0, -1).replaceAll('\n', '\\')}\n` : text);
  if (addresses && oneline)
    return addressLines(link)
      .map((line) => joined(`${link.index}: ${link.name}    ${line}`))
      .join('');
  const qdisc = link.kind === 'dummy' && !link.up ? 'noop' : 'noqueue';
  const mode = addresses ? '' : 'mode DEFAULT ';
  const head =
    `${link.index}: ${link.name}${link.kind === 'veth' ? '@if5' : ''}: <${flagsOf(link, gnu)}> ` +
    `mtu ${link.mtu} qdisc ${qdisc} ${gnu ? `state ${stateOf(link)} ${mode}group default ` : ''}qlen 1000\n` +
    `    link/${kindOf(link)} ${link.mac} brd ${broadcastMac(link)}${gnu && link.kind === 'veth' ? ' link-netnsid 0' : ''}\n`;
  return joined(
    head +
      (addresses
        ? addressLines(link)
            .map((line) => `    ${line}`)
            .join('')
        : ''),
  );
}

const routeOrder = ({ to }: NetRoute): string =>
  to === 'default'
    ? ''
    : to
        .split('/')[0]!
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.');

/** The routes, default first, then by address, as `ip route` lists them. */
const routesText = ({ routes }: NetSettings): string =>
  [...routes]
    .sort((a, b) => (routeOrder(a) < routeOrder(b) ? -1 : 1))
    .map(
      ({ to, via, dev, src }) =>
        `${to}${via ? ` via ${via}` : ''} dev ${dev} ${via ? '' : src ? `scope link  src ${src} ` : 'scope link '}\n`,
    )
    .join('');

/** Makes a change; the status, after a complaint of the command or the kernel. */
function* make(what: Wanted, gnu: boolean): Program<number> {
  if (what === 'nothing to do') return 0;
  if ('busybox' in what) {
    yield* errOut(gnu ? `${what.gnu}\n` : `ip: ${what.busybox}\n`);
    return gnu ? what.gnuStatus : what.status;
  }
  const asked = 'next' in what ? what.next : what.errno;
  const refusal = yield* change(asked);
  if (refusal === undefined) return 0;
  if ('next' in what && what.flush) {
    yield* errOut(gnu ? `Failed to send flush request: ${refusal}\n` : `ip: can't send flush request: ${refusal}\n`);
    return gnu ? 255 : 1;
  }
  const own = 'errno' in what && refusal === strerror(what.errno) ? what.gnu : undefined;
  yield* errOut(gnu ? `${own ?? `RTNETLINK answers: ${refusal}`}\n` : `ip: ${what.ioctl ?? 'RTNETLINK answers'}: ${refusal}\n`);
  // Both leave with 2 where the kernel refused.
  return 2;
}

const ip: Command = function* ({ argv, flavour }) {
  const gnu = flavour === 'gnu';
  const args = argv.slice(1).filter((arg) => !arg.startsWith('-'));
  const object = args[0] === undefined ? undefined : OBJECTS.find((one) => one.startsWith(args[0] as string));
  if (object === undefined) {
    if (args[0] === undefined || !gnu) {
      yield* errOut(
        gnu
          ? 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n       ip [ -force ] -batch filename\n'
          : 'BusyBox v1.35.0 (2026-11-23 06:25:37 UTC) multi-call binary.\n\nUsage: ip [OPTIONS] address|route|link|tunnel|neigh|rule [ARGS]\n\nOPTIONS := -f[amily] inet|inet6|link | -o[neline]\n',
      );
      return gnu ? 255 : 1;
    }
    yield* errOut(`Object "${args[0]}" is unknown, try "ip help".\n`);
    return 1;
  }
  const settled = yield* settings();
  const [, given = 'show', ...words] = args;
  const action = CHANGES.find((one) => one.startsWith(given));
  if (action !== undefined && object !== 'neighbour') return yield* make(wanted(settled, object, action, words, gnu), gnu);
  const named = words.find((word) => word !== 'dev');
  const all = yield* links();
  const one = all.find((link) => link.name === named);
  if (object === 'route') yield* out(routesText(settled));
  else if (object === 'link' || object === 'address') {
    if (named !== undefined && one === undefined) {
      yield* errOut(gnu ? `Device "${named}" does not exist.\n` : `ip: can't find device '${named}'\n`);
      return 1;
    }
    const oneline = argv.includes('-o') || argv.includes('-oneline');
    yield* out((one ? [one] : all).map((link) => linkText(link, object === 'address', gnu, oneline)).join(''));
  }
  return 0;
};

const counters =
  '          RX packets:0 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0\n          collisions:0 txqueuelen:1000 \n          RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n\n';

const maskOf = (prefix: number): string => networkOf('255.255.255.255', prefix);
const prefixOf = (mask: string): number =>
  mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replaceAll('0', '').length, 0);

function ifconfigText(link: Link): string {
  const lo = isLo(link);
  const v6 = ipv6Of(link);
  const flags = `${lo ? (link.up ? 'UP LOOPBACK RUNNING' : 'LOOPBACK') : `${link.up ? 'UP ' : ''}BROADCAST ${link.up ? 'RUNNING ' : ''}${link.kind === 'dummy' ? 'NOARP' : 'MULTICAST'}`}`;
  return (
    `${link.name.padEnd(9)} Link encap:${lo ? 'Local Loopback' : `Ethernet  HWaddr ${link.mac.toUpperCase()}`}  \n` +
    (link.address === undefined
      ? ''
      : `          inet addr:${link.address}${lo ? '' : `  Bcast:${link.kind === 'veth' ? broadcastOf(link.address) : '0.0.0.0'}`}  Mask:${maskOf(link.prefix)}\n`) +
    (v6 === undefined ? '' : `          inet6 addr: ${v6} Scope:${lo ? 'Host' : 'Link'}\n`) +
    `          ${flags}  MTU:${link.mtu}  Metric:1\n${counters}`
  );
}

/** The change that ifconfig's words ask for, one ioctl after the other; the text of a complaint. */
function* configure(link: Link, words: readonly string[]): Program<string | undefined> {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    const [first, ...others] = link.addresses;
    let over: Partial<Link>;
    let ioctl = 'SIOCSIFFLAGS';
    if (word === 'up' || word === 'down') over = { up: word === 'up' };
    else if (word === 'mtu' || word === 'hw' || word === 'netmask') {
      const value = words[at + (word === 'hw' ? 2 : 1)] ?? '';
      at += word === 'hw' ? 2 : 1;
      ioctl = { mtu: 'SIOCSIFMTU', hw: 'SIOCSIFHWADDR', netmask: 'SIOCSIFNETMASK' }[word];
      if (word === 'mtu') over = { mtu: Number(value) };
      else if (word === 'hw') over = { mac: value.toLowerCase() };
      else over = { addresses: first === undefined ? [] : [{ ...first, prefix: prefixOf(value) }, ...others] };
    } else if (/^\d+(\.\d+){3}$/.test(word)) {
      const leading = Number(word.split('.')[0]);
      over = { up: true, addresses: [{ address: word, prefix: leading < 128 ? 8 : leading < 192 ? 16 : 24 }, ...others] };
      ioctl = 'SIOCSIFADDR';
    } else return `bad address '${word}'`;
    const refused = yield* change(withLink(yield* settings(), link.name, over));
    if (refused !== undefined) return `${ioctl}: ${refused}`;
  }
  return undefined;
}

const ifconfig: Command = function* ({ argv, name }) {
  const all = yield* links();
  const [wantedName, ...rest] = argv.slice(1).filter((arg) => arg !== '-a');
  const shown = all.filter((link) => (wantedName === undefined ? link.up || argv.includes('-a') : link.name === wantedName));
  if (wantedName !== undefined && shown.length === 0) {
    const ioctl = /^\d/.test(rest[0] ?? '')
      ? 'SIOCSIFADDR'
      : rest[0] === 'mtu'
        ? 'SIOCSIFMTU'
        : rest[0] === 'netmask'
          ? 'SIOCSIFNETMASK'
          : 'SIOCGIFFLAGS';
    yield* errOut(
      `${name}: ${rest.length ? `${ioctl}: No such device` : `${wantedName}: error fetching interface information: Device not found`}\n`,
    );
    return 1;
  }
  if (rest.length === 0) {
    // By name, as the applet sorts them.
    for (const link of [...shown].sort((a, b) => (a.name < b.name ? -1 : 1))) yield* out(ifconfigText(link));
    return 0;
  }
  const complaint = yield* configure(shown[0] as Link, rest);
  if (complaint === undefined) return 0;
  yield* errOut(`${name}: ${complaint}\n`);
  return 1;
};

const route: Command = function* ({ argv, name }) {
  const now = yield* settings();
  const action = argv.find((arg, at) => at > 0 && !arg.startsWith('-'));
  if (action === 'add' || action === 'del') {
    const words = argv.slice(argv.indexOf(action) + 1).filter((word) => word !== '-net' && word !== '-host');
    const [to = '', ...rest] = words;
    const option = (key: string): string | undefined => (rest.includes(key) ? rest[rest.indexOf(key) + 1] : undefined);
    const mask = option('netmask');
    const gateway = option('gw');
    const dev = option('dev') ?? rest.findLast((word, at) => now.links.some((link) => link.name === word) && rest[at - 1] !== 'gw');
    const target = to === 'default' ? to : mask === undefined ? to : `${to}/${prefixOf(mask)}`;
    const what = wanted(
      now,
      'route',
      action === 'add' ? 'add' : 'delete',
      [target, ...(gateway === undefined ? [] : ['via', gateway]), ...(dev === undefined ? [] : ['dev', dev])],
      false,
    );
    if (what === 'nothing to do') return 0;
    if ('busybox' in what) {
      yield* errOut(
        `${name}: ${dev !== undefined && what.busybox.startsWith("can't find") ? 'SIOCADDRT: No such device' : what.busybox}\n`,
      );
      return 1;
    }
    const refused = yield* change('next' in what ? what.next : what.errno);
    if (refused === undefined) return 0;
    yield* errOut(`${name}: ${action === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: ${refused}\n`);
    return 1;
  }
  const line = (to: string, via: string, mask: string, flags: string, dev: string): string =>
    `${to.padEnd(15)} ${via.padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} 0      0        0 ${dev}\n`;
  yield* out('Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n');
  const numeric = argv.includes('-n');
  for (const { to, via, dev } of [...now.routes].sort((a, b) => (routeOrder(a) < routeOrder(b) ? -1 : 1))) {
    const [network = '', bits = '32'] = to === 'default' ? [numeric ? '0.0.0.0' : to, '0'] : to.split('/');
    const flags = `U${via ? 'G' : ''}${bits === '32' ? 'H' : ''}`;
    yield* out(line(network, via ?? (numeric ? '0.0.0.0' : '*'), maskOf(Number(bits)), flags, dev));
  }
  return 0;
};

export const ipCommands = { ip, ifconfig, route };
