// ping and arping: the calls that need a capability. Counterpart: busybox 1.35, iputils
// Deviates: nothing is reachable but the own addresses.

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { showUsage } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { links } from './link.ts';

const AF_INET = 2;
const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const IPPROTO_ICMP = 1;

interface PingArgs {
  readonly count: number;
  readonly host: string | undefined;
  readonly quiet: boolean;
}

function pingArgs(argv: readonly string[]): PingArgs {
  let count = Number.POSITIVE_INFINITY;
  let host: string | undefined;
  let quiet = false;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    const option = /^-([cWwsItiIp])(.*)$/.exec(arg);
    if (!option) {
      if (!arg.startsWith('-')) host = arg;
      else if (arg === '-q') quiet = true;
      continue;
    }
    const value = option[2] === '' ? argv[++at] : option[2];
    if (option[1] === 'c') count = Number(value);
  }
  return { count, host, quiet };
}

function* reachable(address: string): Program<boolean> {
  return /^127\./.test(address) || (yield* links()).some((link) => link.address === address);
}

const ping: Command = function* ({ argv, flavour, name }) {
  const gnu = flavour === 'gnu';
  const { count, host, quiet } = pingArgs(argv);
  if (host === undefined) {
    yield* errOut(`${name}: usage error: Destination address required\n`);
    return gnu ? 1 : 2;
  }
  const address = host === 'localhost' ? '127.0.0.1' : host;
  if (!/^\d+(\.\d+){3}$/.test(address)) {
    yield* errOut(gnu ? `${name}: ${host}: Name or service not known\n` : `${name}: bad address '${host}'\n`);
    return gnu ? 2 : 1;
  }
  const banner = gnu ? `PING ${host} (${address}) 56(84) bytes of data.\n` : `PING ${host} (${address}): 56 data bytes\n`;
  // busybox wants a raw socket; iputils tries a ping socket first.
  let socket: SysResult<number> = yield* sys.syscall('socket', AF_INET, gnu ? SOCK_DGRAM : SOCK_RAW, IPPROTO_ICMP);
  if (!socket.ok && gnu) socket = yield* sys.syscall('socket', AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (!socket.ok) {
    if (gnu) {
      const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
      yield* errOut(`${name}: socktype: SOCK_RAW\n${name}: socket: ${strerror(socket.errno)}\n`);
      if (!ids.ok || ids.value[1] !== 0) yield* errOut(`${name}: => missing cap_net_raw+p capability or setuid?\n`);
    } else {
      yield* out(banner);
      yield* errOut(`${name}: permission denied (are you root?)\n`);
    }
    return gnu ? 2 : 1;
  }
  yield* out(banner);
  const answers = yield* reachable(address);
  let sent = 0;
  while (sent < count) {
    if (sent > 0) yield* sys.nanosleep(1_000_000_000n);
    if (answers && !quiet)
      yield* out(
        gnu
          ? `64 bytes from ${address}: icmp_seq=${sent + 1} ttl=64 time=0.050 ms\n`
          : `64 bytes from ${address}: seq=${sent} ttl=64 time=0.050 ms\n`,
      );
    sent++;
  }
  const received = answers ? sent : 0;
  const loss = answers ? 0 : 100;
  yield* out(
    gnu
      ? `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} received, ${loss}% packet loss, time ${(sent - 1) * 1000}ms\n${answers ? 'rtt min/avg/max/mdev = 0.050/0.050/0.050/0.000 ms\n' : '\n'}`
      : `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${loss}% packet loss\n${answers ? 'round-trip min/avg/max = 0.050/0.050/0.050 ms\n' : ''}`,
  );
  return answers ? 0 : 1;
};

const arping: Command = function* (context) {
  const { argv, name } = context;
  const socket: SysResult<number> = yield* sys.syscall('socket', AF_PACKET, SOCK_DGRAM, 0x0608);
  if (!socket.ok) {
    yield* errOut(`${name}: socket: ${strerror(socket.errno)}\n`);
    return 1;
  }
  // The applet has its socket before it looks at its words.
  if (argv.length === 1) return yield* showUsage(context);
  yield* out('Sent 1 probe(s) (1 broadcast(s))\nReceived 0 response(s) (0 request(s), 0 broadcast(s))\n');
  return 1;
};

export const talkCommands = { ping, arping };
