// A scheduler for a cluster of one node: binds at once, or says why it cannot.

import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { KubeletApi } from './options.ts';
import { qosClass } from './status.ts';

function obstacle(pod: KubeObject, node: KubeObject | undefined, hasClaim: (name: string) => boolean): string | undefined {
  const tail = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  for (const volume of pod.spec.volumes ?? []) {
    const claim = volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined && !hasClaim(claim)) return `0/1 nodes are available: persistentvolumeclaim "${claim}" not found. not found`;
  }
  const labels = node?.metadata.labels ?? {};
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  if (wanted.some(([key, value]) => labels[key] !== value))
    return `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${tail}`;
  return undefined;
}

/**
 * Assigns every unassigned pod to the node; returns those that were.
 * Counterpart: kube-scheduler 1.36. Deviates: knows node selectors and missing claims only; resources are never short.
 */
export function schedule(api: KubeletApi, nodeName: string, now: string, claims: Readonly<Record<string, unknown>>): void {
  const node = api.get('Node', '', nodeName);
  for (const pod of api.list('Pod')) {
    if (
      pod.spec.nodeName ||
      pod.metadata.deletionTimestamp ||
      (pod.spec.schedulerName ?? 'default-scheduler') !== 'default-scheduler' ||
      pod.spec.schedulingGates?.length
    )
      continue;
    const { name, uid } = pod.metadata;
    const namespace = pod.metadata.namespace as string;
    const involvedObject = { kind: 'Pod', apiVersion: 'v1', name, namespace, uid };
    const problem = obstacle(pod, node, (claim) => claim in claims || api.get('PersistentVolumeClaim', namespace, claim) !== undefined);
    const generation = pod.metadata.generation ?? 1;
    const condition = (value: Json): Json => ({
      lastProbeTime: null,
      lastTransitionTime: now,
      observedGeneration: generation,
      ...value,
      type: 'PodScheduled',
    });
    if (problem !== undefined) {
      if (pod.status?.conditions?.some((c: Json) => c.message === problem)) continue;
      api.recordEvent({ involvedObject, type: 'Warning', reason: 'FailedScheduling', message: problem, component: 'default-scheduler' });
      api.updateStatus('Pod', namespace, name, (object) => ({
        ...object,
        status: { ...object.status, conditions: [condition({ message: problem, reason: 'Unschedulable', status: 'False' })] },
      }));
      continue;
    }
    api.recordEvent({
      involvedObject,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
      component: 'default-scheduler',
    });
    api.updateStatus('Pod', namespace, name, (object) => ({
      ...object,
      spec: { ...object.spec, nodeName },
      status: {
        ...object.status,
        phase: 'Pending',
        qosClass: object.status?.qosClass ?? qosClass(object),
        conditions: [condition({ status: 'True' })],
      },
    }));
  }
}
