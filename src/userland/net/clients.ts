// wget, telnet and nslookup: programs that ask other hosts. Counterpart: busybox 1.35 networking/wget.c, telnet.c, nslookup.c
// Deviates: names are looked up in /etc/hosts only, since no DNS server answers here, and nothing is sent to a listener: where a real
// connection would succeed or wait, the program says that this is not simulated.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { addressOf } from '../lib/hosts.ts';
import { errOut, readFile, textOf } from '../lib/io.ts';
import { links } from './link.ts';
import { listeningPorts } from './netstat.ts';

/** The address of a host; undefined after a complaint. Counterpart: xhost2sockaddr of busybox */
export function* resolve(cli: Cli, host: string): Program<string | undefined> {
  const address = /^\d+(\.\d+){3}$/.test(host) ? host : yield* addressOf(host);
  if (address === undefined) yield* cli.error(`bad address '${host}'`);
  return address;
}

/** Why a connection to an address fails. */
function* refusal(address: string, port: number): Program<string> {
  const own = yield* links();
  const remote = `can't connect to remote host (${address}): `;
  if (!address.startsWith('127.') && !own.some((link) => link.address === address))
    return own.length > 1 ? 'connections to other hosts are not simulated here' : remote + strerror('ENETUNREACH');
  return (yield* listeningPorts()).includes(port) ? 'connections are not simulated here' : remote + strerror('ECONNREFUSED');
}

const wget = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'cnqSO:o:P:Y:U:T:t:',
    gnu: '',
    long: {
      'header=': 'header',
      'post-data=': 'post',
      'post-file=': 'post',
      spider: 'spider',
      'no-check-certificate': 'no-check',
      quiet: 'q',
      'output-document=': 'O',
    },
    busyboxLong: '*',
  });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.usage();
  for (const url of options.args) {
    const [, scheme = 'http', authority = ''] = /^(?:(\w+):\/\/)?([^/?#]*)/.exec(url) as RegExpExecArray;
    const [, host = '', given] = /^(?:[^@]*@)?(.*?)(?::(\d+))?$/.exec(authority) as RegExpExecArray;
    const port = Number(given ?? (scheme === 'https' ? 443 : scheme === 'ftp' ? 21 : 80));
    const address = yield* resolve(cli, host);
    if (address === undefined) return 1;
    const named = given === undefined ? host : `${host}:${given}`;
    const why = yield* refusal(address, port);
    if (!options.has('q')) yield* errOut(`Connecting to ${named} (${address}:${port})\n`);
    return yield* cli.error(why);
  }
  return 0;
});

const telnet = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'al:', gnu: '' });
  if (typeof options === 'number') return options;
  const [host, service = '23'] = options.args;
  if (host === undefined) return yield* cli.usage();
  if (!/^\d+$/.test(service)) return yield* cli.error(`bad port '${service}'`);
  const address = yield* resolve(cli, host);
  return address === undefined ? 1 : yield* cli.error(yield* refusal(address, Number(service)));
});

const nslookup = command(function* (cli) {
  const words = cli.context.argv.slice(1);
  const [host, given] = words.filter((word) => !word.startsWith('-'));
  if (host === undefined) return yield* cli.usage();
  const conf = yield* readFile('/etc/resolv.conf');
  const server = given ?? (conf.ok ? /^nameserver\s+(\S+)/m.exec(textOf(conf.value))?.[1] : undefined) ?? '127.0.0.1';
  const own = yield* links();
  if (server.startsWith('127.') || own.some((link) => link.address === server))
    yield* cli.error(`write to '${server}': Connection refused`);
  else if (own.length === 1) return yield* cli.error(`can't connect to remote host (${server}): ${strerror('ENETUNREACH')}`);
  // The time a query is repeated before the applet gives up.
  yield* sys.nanosleep(5_000_000_000n);
  yield* cli.text(';; connection timed out; no servers could be reached\n\n');
  return yield* cli.finish(1);
});

export const clientCommands = { wget, telnet, nslookup };
