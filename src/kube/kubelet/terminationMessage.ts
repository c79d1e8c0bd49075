// What a container leaves behind at its end: its termination message file, or the end of its log.

import { AT_FDCWD, O_CLOEXEC, O_RDONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { ContainerStatus, RuntimeService } from '#runtime/cri.ts';
import type { Live } from './live.ts';

const MOST = 4096;
const MOST_OF_LOG = 2048;
const LINES_OF_LOG = 80;

const tail = (bytes: Uint8Array, most: number): string => new TextDecoder().decode(bytes.subarray(Math.max(0, bytes.length - most)));

function* readAll(path: string): Program<Uint8Array> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (!fd.ok) return new Uint8Array(0);
  const parts: number[] = [];
  for (;;) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd.value, MOST);
    if (!chunk.ok || chunk.value.length === 0) break;
    parts.push(...chunk.value);
  }
  yield* sys.close(fd.value);
  return Uint8Array.from(parts);
}

function endOfLog(runtime: RuntimeService, id: string): string {
  const decoder = new TextDecoder();
  const text = runtime
    .Log(id)
    .map(({ data }) => decoder.decode(data))
    .join('');
  const lines = text.split(/(?<=\n)/).slice(-LINES_OF_LOG);
  return tail(new TextEncoder().encode(lines.join('')), MOST_OF_LOG);
}

/**
 * The status of a run that has ended, with the container's own words behind the runtime's.
 * Counterpart: getTerminationMessage, pkg/kubelet/kuberuntime/kuberuntime_container.go, Kubernetes 1.36
 */
export function* withLastWords(runtime: RuntimeService, record: Live, status: ContainerStatus): Program<ContainerStatus> {
  if (status.state !== 'CONTAINER_EXITED') return status;
  if (record.lastWords?.id !== status.id) {
    const path = status.mounts.find((mount) => mount.container_path === (record.spec.terminationMessagePath ?? '/dev/termination-log'));
    let text = path ? tail(yield* readAll(path.host_path), MOST) : '';
    if (text === '' && status.exitCode !== 0 && record.spec.terminationMessagePolicy === 'FallbackToLogsOnError')
      text = endOfLog(runtime, status.id);
    record.lastWords = { id: status.id, text };
  }
  const message = [status.message, record.lastWords.text].filter((part) => part !== '').join(': ');
  return message === status.message ? status : { ...status, message };
}
