// netstat: sockets and routes of the own network namespace. Counterpart: busybox 1.35 networking/netstat.c

import type { Program } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { readFile, textOf } from '../lib/io.ts';
import { gatewayOf, links, networkOf } from './link.ts';

/** Ports that /proc/net/tcp6 shows in state LISTEN. */
export function* listeningPorts(): Program<readonly number[]> {
  const table = yield* readFile('/proc/net/tcp6');
  const rows = table.ok ? textOf(table.value).split('\n').slice(1) : [];
  return rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    return state === '0A' ? [Number.parseInt(local.slice(local.indexOf(':') + 1), 16)] : [];
  });
}

function* routes(): Program<string> {
  const eth = (yield* links()).find((link) => link.name === 'eth0');
  const row = (to: string, via: string, mask: string, flags: string): string =>
    `${to.padEnd(15)} ${via.padEnd(15)} ${mask.padEnd(16)}${flags.padEnd(6)}    0 0          0 eth0\n`;
  const head = 'Kernel IP routing table\nDestination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n';
  if (eth?.address === undefined) return head;
  return head + row('0.0.0.0', gatewayOf(eth.address), '0.0.0.0', 'UG') + row(networkOf(eth.address), '0.0.0.0', '255.255.255.0', 'U');
}

/** Counterpart: netstat of busybox. Deviates: -p is refused, as is -r without -n. */
export const netstat = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'laentuwxrWp', gnu: '', plain: true });
  if (typeof options === 'number') return options;
  if (options.has('p')) return yield* cli.error('-p is not simulated here');
  if (options.has('r')) {
    if (!options.has('n')) return yield* cli.error('-r without -n is not simulated here');
    yield* cli.text(yield* routes());
    return yield* cli.finish();
  }
  const which = options.has('a') ? 'servers and established' : options.has('l') ? 'only servers' : 'w/o servers';
  const all = !['t', 'u', 'w', 'x'].some((key) => options.has(key));
  const wide = options.has('W') ? 51 : 23;
  if (all || ['t', 'u', 'w'].some((key) => options.has(key))) {
    yield* cli.text(
      `Active Internet connections (${which})\nProto Recv-Q Send-Q ${'Local Address'.padEnd(wide)} ${'Foreign Address'.padEnd(wide)} State       \n`,
    );
    const shown = (all || options.has('t')) && which !== 'w/o servers' ? yield* listeningPorts() : [];
    for (const port of shown) yield* cli.text(`tcp        0      0 ${`:::${port}`.padEnd(wide)} ${':::*'.padEnd(wide)} LISTEN      \n`);
  }
  if (all || options.has('x'))
    yield* cli.text(`Active UNIX domain sockets (${which})\nProto RefCnt Flags       Type       State         I-Node Path\n`);
  return yield* cli.finish();
});
