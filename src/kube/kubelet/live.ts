// What the kubelet remembers of a container on the node, and its events.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { Backoff } from './images.ts';
import type { KubeletOptions } from './options.ts';
import type { ContainerRecord } from './status.ts';

export interface Live extends ContainerRecord {
  backoff?: Backoff;
  spec: Json;
  pointer: string;
  /** What of the spec the running container was made from; a different one restarts it. */
  startedFrom: string;
  /** Why the running container has to be stopped and started again. */
  restartBecause: string | null;
  /** What the run that ended last has left as its message. */
  lastWords?: { readonly id: string; readonly text: string };
  /** The run whose probes have been started. */
  probed: string;
}

/** What of a container's spec cannot change under a running container. Counterpart: HashContainer, pkg/kubelet/container/helpers.go */
export const startedFrom = (spec: Json): string => JSON.stringify([spec.name, spec.image]);

/** The newest run that has ended. */
export const lastEnded = (record: ContainerRecord): ContainerRecord['older'] =>
  record.current?.state === 'CONTAINER_EXITED' ? record.current : record.older;

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

/** Where the container stands in the pod's spec, as events name it. */
export const fieldPath = (record: ContainerRecord): string => `spec.${record.list}{${record.name}}`;

/** The node's clock. */
export function* realNow(): Program<bigint> {
  const now = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? now.value : 0n;
}
