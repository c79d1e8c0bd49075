// What the kubelet writes to its log at its default verbosity, as far as pods go. Counterpart: klog structured logging, Kubernetes 1.36
//
// Deviates: the numbers of source lines are left out, since they change with every release.

import type { KubeObject } from '../api/object.ts';
import type { StartFailure } from './startContainer.ts';

/** One line without klog's header. */
export interface LogLine {
  readonly severity: 'I' | 'E';
  readonly source: string; // file of the kubelet
  readonly text: string;
}

export type Journal = (line: LogLine) => void;

const reference = (pod: KubeObject): string => `${pod.metadata.namespace}/${pod.metadata.name}`;

/** A pod came, is to end, or has gone. */
export const syncLoop = (pod: KubeObject, operation: 'ADD' | 'DELETE' | 'REMOVE'): LogLine => ({
  severity: 'I',
  source: 'kubelet.go',
  text: `"SyncLoop ${operation}" source="api" pods=${JSON.stringify([reference(pod)])}`,
});

/** A container began to run or ended. */
export const podLifecycle = (pod: KubeObject, type: 'ContainerStarted' | 'ContainerDied', id: string): LogLine => ({
  severity: 'I',
  source: 'kubelet.go',
  text: `"SyncLoop (PLEG): event for pod" pod="${reference(pod)}" event=${JSON.stringify({ ID: pod.metadata.uid, Type: type, Data: id })}`,
});

/** A container could not be started. */
export const syncError = (pod: KubeObject, container: string, { reason, message }: StartFailure): LogLine => ({
  severity: 'E',
  source: 'pod_workers.go',
  text: `"Error syncing pod, skipping" err=${JSON.stringify(`failed to "StartContainer" for "${container}" with ${reason}: ${JSON.stringify(message)}`)} pod="${reference(pod)}" podUID="${pod.metadata.uid}"`,
});
