// What the kubelet remembers of a container on the node, and the end of all containers of a pod.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { Backoff } from './images.ts';
import type { KubeletOptions } from './options.ts';
import type { ContainerRecord } from './status.ts';

export interface Live extends ContainerRecord {
  backoff?: Backoff;
  /** When the last failure happened, for the next try. */
  retryAt: bigint;
  spec: Json;
  pointer: string;
  /** Runtime id of the run before the current one. */
  older?: string;
}

/** Stops the containers that run, all at once, then the sandbox; removes every run that is kept. `killing` hears of each stop. */
export function* stopAndRemove(
  runtime: KubeletOptions['runtime'],
  records: readonly Live[],
  sandbox: { readonly id: string } | null,
  grace: number,
  killing: (record: ContainerRecord) => void,
): Program<void> {
  const running = records.filter((r) => r.current?.state === 'CONTAINER_RUNNING');
  const stoppers: number[] = [];
  for (const record of running) {
    killing(record);
    const id = (record.current as { readonly id: string }).id;
    const child = yield* sys.clone({
      flags: 0,
      main: function* stop(): Program<number> {
        yield* runtime.StopContainer(id, grace);
        return 0;
      },
    });
    if (child.ok) stoppers.push(child.value);
    else yield* runtime.StopContainer(id, grace);
  }
  for (const stopper of stoppers) yield* sys.wait4(stopper, 0);
  if (sandbox) yield* runtime.StopPodSandbox(sandbox.id);
  for (const record of records) {
    if (record.older !== undefined) yield* runtime.RemoveContainer(record.older);
    if (record.current) yield* runtime.RemoveContainer(record.current.id);
  }
  if (sandbox) yield* runtime.RemovePodSandbox(sandbox.id);
}

/** An event about a pod or one of its containers. */
export function podEvent(
  api: KubeletOptions['api'],
  pod: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  fieldPath?: string,
  component = 'kubelet',
): void {
  const { name, namespace, uid } = pod.metadata;
  api.recordEvent({
    involvedObject: { kind: 'Pod', apiVersion: 'v1', name, namespace, uid },
    type,
    reason,
    message,
    component,
    ...(fieldPath === undefined ? {} : { fieldPath }),
  });
}

/** How long until an image may be pulled again: the rest of its backoff, or the usual time. */
export const pullDelay = (backoff: Backoff | undefined, now: bigint, usual: bigint): bigint =>
  backoff && backoff.since + backoff.duration > now ? backoff.since + backoff.duration - now : usual;

/** Where the container stands in the pod's spec, as events name it. */
export const fieldPath = (record: ContainerRecord): string => `spec.${record.list}{${record.name}}`;

/** The node's clock. */
export function* realNow(): Program<bigint> {
  const now = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? now.value : 0n;
}
