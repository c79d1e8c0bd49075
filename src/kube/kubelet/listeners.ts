// Whether something listens on a port of a container's network.

import { AT_FDCWD, O_CLOEXEC, O_RDONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { KubeletOptions } from './options.ts';

const CHUNK = 65536;
/** TCP_LISTEN of include/net/tcp_states.h, as /proc/net/tcp shows it. */
const LISTEN = '0A';

function* linesOf(path: string): Program<readonly string[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (!fd.ok) return [];
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd.value, CHUNK);
    if (!chunk.ok || chunk.value.length === 0) break;
    text += decoder.decode(chunk.value, { stream: true });
  }
  yield* sys.close(fd.value);
  return text.split('\n');
}

/**
 * Whether a connection to the port would be accepted, from the node.
 * Deviates: the kernel here makes no connections; its table of listening sockets is looked at instead.
 */
export function* listens({ runtime }: KubeletOptions, id: string, port: number): Program<boolean> {
  const status = runtime.ContainerStatus(id);
  if (!status.ok || status.value.taskId === null) return false;
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['tcp', 'tcp6'])
    for (const line of yield* linesOf(`/proc/${status.value.taskId}/net/${table}`)) {
      const [, local = '', , state] = line.trim().split(/\s+/);
      if (local.endsWith(wanted) && state === LISTEN) return true;
    }
  return false;
}
