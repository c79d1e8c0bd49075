// kubectl logs, on the node's side.

import { rfc3339Nano } from '#base/time.ts';
import type { RuntimeService } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';

/** The text of a log, or the message of the BadRequest the server answers with. */
export type LogAnswer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

export interface LogQuery {
  readonly container: string;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Lines before this moment, in ns of CLOCK_REALTIME, are left out. */
  readonly oldest?: bigint;
}

const IMAGE_REASONS: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
};

function render(runtime: RuntimeService, id: string, query: LogQuery): string {
  // The run has been cleared away; its end is still in the pod's status.
  if (!runtime.ContainerStatus(id).ok) return `unable to retrieve container logs for containerd://${id}`;
  const decoder = new TextDecoder();
  const oldest = query.oldest ?? 0n;
  const lines: string[] = [];
  const open = { stdout: '', stderr: '' };
  for (const { stream, time, data } of runtime.Log(id)) {
    if (time < oldest) continue;
    const parts = (open[stream] + decoder.decode(data)).split('\n');
    open[stream] = parts.pop() as string;
    for (const line of parts) lines.push(`${query.timestamps ? `${rfc3339Nano(time)} ` : ''}${line}\n`);
  }
  for (const rest of [open.stdout, open.stderr]) if (rest !== '') lines.push(rest);
  const kept = query.tailLines === undefined || query.tailLines < 0 ? lines : query.tailLines === 0 ? [] : lines.slice(-query.tailLines);
  const text = kept.join('');
  return query.limitBytes === undefined ? text : text.slice(0, query.limitBytes);
}

/** The log of a container as the API server's log subresource gives it. Counterpart: validateContainerLogStatus, pkg/kubelet/kubelet_pods.go, Kubernetes 1.36 */
export function podLog(runtime: RuntimeService, pod: KubeObject, query: LogQuery): LogAnswer {
  if (!pod.spec.nodeName) return { ok: true, text: '' };
  const named = `container "${query.container}" in pod "${pod.metadata.name}"`;
  const statuses: Json[] = [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.ephemeralContainerStatuses ?? []),
  ];
  const status = statuses.find((s) => s.name === query.container);
  if (!status) return { ok: false, message: `${named} is not available` };
  const idOf = (state: Json): string => String(state?.containerID ?? '').replace(/^.*:\/\//, '');
  const last = idOf(status.lastState?.terminated);
  if (query.previous)
    return last === ''
      ? { ok: false, message: `previous terminated ${named} not found` }
      : { ok: true, text: render(runtime, last, query) };
  if (status.state?.running || status.state?.terminated)
    return { ok: true, text: render(runtime, idOf(status.state.terminated ?? status), query) };
  if (last !== '') return { ok: true, text: render(runtime, last, query) };
  const reason = status.state?.waiting?.reason ?? 'ContainerCreating';
  return { ok: false, message: `${named} is waiting to start: ${IMAGE_REASONS[reason] ?? reason}` };
}
