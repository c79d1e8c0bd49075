// ip, ifconfig, route: show and change interfaces. Counterpart: busybox 1.35 and iproute2 6.1

import type { Program } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { broadcastOf, change, gatewayOf, type Link, links, networkOf } from './link.ts';

const OBJECTS = ['link', 'address', 'route', 'neighbour', 'rule', 'tunnel'];
const CHANGES = ['add', 'append', 'change', 'chg', 'replace', 'delete', 'flush', 'set', 'down'];

const kindOf = (link: Link): string => (link.name === 'lo' ? 'loopback' : 'ether');
const macOf = (link: Link): readonly [string, string] =>
  link.name === 'lo'
    ? ['00:00:00:00:00:00', '00:00:00:00:00:00']
    : [
        `0a:58:${(link.address ?? '')
          .split('.')
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join(':')}`,
        'ff:ff:ff:ff:ff:ff',
      ];

/** The IPv6 address a link gives itself: ::1, or the link-local one made of the hardware address. Counterpart: RFC 4291, modified EUI-64 */
function ipv6Of(link: Link): string {
  if (link.name === 'lo') return '::1/128';
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = macOf(link)[0]
    .split(':')
    .map((byte) => Number.parseInt(byte, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}/64`;
}

const FOREVER = '       valid_lft forever preferred_lft forever\n';

/** One link as `ip` shows it. Deviates: that of iproute2 without IPv6. */
function linkText(link: Link, addresses: boolean, gnu: boolean): string {
  const [mac, broadcast] = macOf(link);
  const lo = link.name === 'lo';
  const head =
    `${link.index}: ${link.name}${lo ? '' : '@if5'}: <${lo ? 'LOOPBACK,UP,LOWER_UP' : gnu ? 'BROADCAST,MULTICAST,UP,LOWER_UP' : 'BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN'}> ` +
    `mtu ${lo ? 65536 : 1500} qdisc noqueue ${gnu ? `state ${lo ? 'UNKNOWN' : 'UP'} mode DEFAULT group default ` : ''}qlen 1000\n`;
  const shown = addresses ? head.replace('mode DEFAULT ', '') : head;
  const ether = `    link/${kindOf(link)} ${mac} brd ${broadcast}${gnu && !lo ? ' link-netnsid 0' : ''}\n`;
  if (!addresses || link.address === undefined) return shown + ether;
  return (
    `${shown}${ether}    inet ${link.address}/${link.prefix}${lo ? '' : ` brd ${broadcastOf(link.address)}`} scope ${lo ? 'host' : 'global'} ${link.name}\n` +
    `${FOREVER}${gnu ? '' : `    inet6 ${ipv6Of(link)} scope ${lo ? 'host' : 'link'} \n${FOREVER}`}`
  );
}

function* routesText(): Program<string> {
  const eth = (yield* links()).find((link) => link.name === 'eth0');
  if (eth?.address === undefined) return '';
  return `default via ${gatewayOf(eth.address)} dev eth0 \n${networkOf(eth.address)}/24 dev eth0 ${eth.address ? `scope link  src ${eth.address}` : ''} \n`;
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
  const action = args[1] ?? 'show';
  const changing = CHANGES.find((one) => one.startsWith(action)) !== undefined;
  const named =
    object === 'route'
      ? undefined
      : changing
        ? object === 'link'
          ? args.find((arg, at) => at > 1 && arg !== 'dev')
          : args[args.indexOf('dev') + 1]
        : args.find((arg, at) => at > 1 && arg !== 'dev');
  const all = yield* links();
  const one = all.find((link) => link.name === named);
  const link = object === 'link';
  if (named !== undefined && one === undefined && !(link && action === 'add')) {
    yield* errOut(
      gnu
        ? link && changing
          ? `Cannot find device "${named}"\n`
          : `Device "${named}" does not exist.\n`
        : `ip: ${link && changing ? `ioctl 0x8913 failed: No such device` : `can't find device '${named}'`}\n`,
    );
    return 1;
  }
  if (!changing) {
    if (object === 'route') yield* out(yield* routesText());
    else if (link || object === 'address') yield* out((one ? [one] : all).map((shown) => linkText(shown, !link, gnu)).join(''));
    return 0;
  }
  const refused = yield* change();
  if (refused === undefined) return 0;
  const ioctl =
    link && action === 'set'
      ? args.includes('mtu')
        ? 'SIOCSIFMTU'
        : args.includes('address')
          ? 'SIOCSIFHWADDR'
          : 'SIOCSIFFLAGS'
      : undefined;
  yield* errOut(gnu ? `RTNETLINK answers: ${refused}\n` : ioctl ? `ip: ${ioctl}: ${refused}\n` : `ip: RTNETLINK answers: ${refused}\n`);
  // Both leave with 2 where the kernel refused.
  return 2;
};

const counters =
  '          RX packets:0 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:0 errors:0 dropped:0 overruns:0 carrier:0\n          collisions:0 txqueuelen:1000 \n          RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)\n\n';

const ifconfig: Command = function* ({ argv, name }) {
  const all = yield* links();
  const [wanted, ...rest] = argv.slice(1).filter((arg) => arg !== '-a');
  const shown = wanted === undefined ? all : all.filter((link) => link.name === wanted);
  if (shown.length === 0) {
    yield* errOut(
      rest.length
        ? `${name}: SIOCGIFFLAGS: No such device\n`
        : `${name}: ${wanted}: error fetching interface information: Device not found\n`,
    );
    return 1;
  }
  if (rest.length === 0) {
    const order = [...shown].sort((a, b) => b.index - a.index);
    for (const link of order) {
      const lo = link.name === 'lo';
      yield* out(
        `${link.name.padEnd(9)} Link encap:${lo ? 'Local Loopback' : `Ethernet  HWaddr ${macOf(link)[0].toUpperCase()}`}  \n` +
          `          inet addr:${link.address}${lo ? '' : `  Bcast:${broadcastOf(link.address ?? '')}`}  Mask:${lo ? '255.0.0.0' : '255.255.255.0'}\n` +
          `          inet6 addr: ${ipv6Of(link)} Scope:${lo ? 'Host' : 'Link'}\n` +
          `          UP ${lo ? 'LOOPBACK RUNNING  MTU:65536' : 'BROADCAST RUNNING MULTICAST  MTU:1500'}  Metric:1\n${counters}`,
      );
    }
    return 0;
  }
  const refused = yield* change();
  if (refused === undefined) return 0;
  const [first = ''] = rest;
  yield* errOut(
    `${name}: ${/^\d/.test(first) ? 'SIOCSIFADDR' : first === 'mtu' ? 'SIOCSIFMTU' : first === 'hw' ? 'SIOCSIFHWADDR' : first === 'netmask' ? 'SIOCSIFNETMASK' : 'SIOCSIFFLAGS'}: ${refused}\n`,
  );
  return 1;
};

const route: Command = function* ({ argv, name }) {
  const action = argv.find((arg, at) => at > 0 && !arg.startsWith('-'));
  if (action === 'add' || action === 'del') {
    const refused = yield* change();
    if (refused === undefined) return 0;
    yield* errOut(`${name}: ${action === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: ${refused}\n`);
    return 1;
  }
  const eth = (yield* links()).find((link) => link.name === 'eth0');
  const line = (to: string, via: string, mask: string, flags: string): string =>
    `${to.padEnd(15)} ${via.padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} 0      0        0 eth0\n`;
  yield* out('Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n');
  if (eth?.address !== undefined)
    yield* out(
      line('default', gatewayOf(eth.address), '0.0.0.0', 'UG') +
        line(networkOf(eth.address), argv.includes('-n') ? '0.0.0.0' : '*', '255.255.255.0', 'U'),
    );
  return 0;
};

export const ipCommands = { ip, ifconfig, route };
