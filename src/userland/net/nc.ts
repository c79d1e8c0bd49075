// nc: who may listen where, and whether somebody does. Counterpart: busybox 1.35 networking/nc_bloaty.c
// Deviates: no bytes travel; where a connection would be made, the program says that this is not simulated.

import { strerror } from '#abi/errno.ts';
import { SIGINT, SIGQUIT, SIGTERM } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { resolve } from './clients.ts';
import { links } from './link.ts';
import { listeningPorts } from './netstat.ts';

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;

/** A port of the command line; undefined after a complaint. */
function* portOf(cli: Cli, text: string): Program<number | undefined> {
  if (/^\d+$/.test(text) && Number(text) < 65536) return Number(text);
  yield* cli.error(`bad port '${text}'`);
  return undefined;
}

/** Waits as a listener to whom nobody speaks: until the time is over, or a signal that it answers with a word. */
function* listenAlone(cli: Cli, seconds: number | undefined): Program<number> {
  for (const sig of [SIGINT, SIGQUIT, SIGTERM]) yield* sys.rt_sigaction(sig, 'handle');
  if (seconds === undefined) yield* sys.pause();
  else yield* sys.nanosleep(BigInt(seconds) * 1_000_000_000n);
  const taken: SysResult<readonly number[]> = yield* sys.sigtake();
  const [signal] = taken.ok ? taken.value : [];
  if (signal === undefined) return yield* cli.error('timeout');
  yield* errOut('punt!\n');
  yield* sys.rt_sigaction(signal, 'default');
  const self: SysResult<number> = yield* sys.getpid();
  if (self.ok) yield* sys.kill(self.value, signal);
  return 128 + signal;
}

function* listenAt(cli: Cli, port: number, udp: boolean, local: string | undefined): Program<number | undefined> {
  const socket: SysResult<number> = yield* sys.syscall('socket', AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (!socket.ok) return yield* cli.error(`socket: ${strerror(socket.errno)}`);
  if (local !== undefined && !/^(0|127)\./.test(local) && !(yield* links()).some(({ address }) => address === local))
    return yield* cli.error(`bind: ${strerror('EADDRNOTAVAIL')}`);
  const bound: SysResult<number> = yield* sys.syscall('bind', socket.value, port);
  if (!bound.ok) return yield* cli.error(`bind: ${strerror(bound.errno)}`);
  if (!udp) yield* sys.syscall('listen', socket.value, port);
  return undefined;
}

export const nc = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'beklnuvzi:o:p:s:w:', gnu: '' });
  if (typeof options === 'number') return options;
  if (cli.context.argv.length === 1) return yield* cli.usage();
  const wait = options.get('w');
  const given = options.get('p');
  const port = given === undefined ? 0 : yield* portOf(cli, given);
  if (port === undefined) return 1;
  if (options.has('l')) {
    const failed = yield* listenAt(cli, port, options.has('u'), options.get('s'));
    if (failed !== undefined) return failed;
    if (options.has('v')) yield* errOut(`listening on [::]:${port} ...\n`);
    return yield* listenAlone(cli, wait === undefined ? undefined : Number(wait));
  }
  const [host = '', service] = options.args;
  const address = yield* resolve(cli, host);
  if (address === undefined || service === undefined) return 1;
  const to = yield* portOf(cli, service);
  if (to === undefined) return 1;
  const own = address.startsWith('127.') || (yield* links()).some((link) => link.address === address);
  if (!own) return yield* cli.error('connections to other hosts are not simulated here');
  // A refusal is no news: only the status tells.
  if (!(yield* listeningPorts()).includes(to)) return 1;
  return options.has('z') ? 0 : yield* cli.error('connections are not simulated here');
});
