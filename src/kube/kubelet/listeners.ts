// Whether something listens on a port of a container's network.

import type { Program } from '#kernel/uapi/index.ts';
import { textOf } from './files.ts';
import type { KubeletOptions } from './options.ts';

/** TCP_LISTEN of include/net/tcp_states.h, as /proc/net/tcp shows it. */
const LISTEN = '0A';

/**
 * Whether a connection to the port would be accepted, from the node.
 * Deviates: the kernel here makes no connections; its table of listening sockets is looked at instead.
 */
export function* listens({ runtime }: KubeletOptions, id: string, port: number): Program<boolean> {
  const status = runtime.ContainerStatus(id);
  if (!status.ok || status.value.taskId === null) return false;
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['tcp', 'tcp6'])
    for (const line of (yield* textOf(`/proc/${status.value.taskId}/net/${table}`)).split('\n')) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (local.endsWith(wanted) && state === LISTEN) return true;
    }
  return false;
}
