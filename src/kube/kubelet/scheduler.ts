// A scheduler for a cluster of one node: binds at once, or says why it cannot.

import type { KubeObject } from '../api/object.ts';
import { bindLate, bindsLate, type Provisioners } from '../controllers/persistentVolumes.ts';
import type { Json } from './effective.ts';
import { misfit } from './fit.ts';
import type { KubeletApi } from './options.ts';
import { qosClass } from './status.ts';

const NO_HELP = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
const NO_VICTIMS = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';

/** Has another pod of the node a claim that only one pod may use? Counterpart: volumerestrictions.go */
function usedByAnother(api: KubeletApi, pod: KubeObject, claim: KubeObject): boolean {
  if (!claim.spec.accessModes?.includes('ReadWriteOncePod')) return false;
  return api
    .list('Pod', pod.metadata.namespace)
    .some(
      (other) =>
        other.spec.nodeName &&
        !['Succeeded', 'Failed'].includes(other.status?.phase) &&
        other.spec.volumes?.some((v: Json) => v.persistentVolumeClaim?.claimName === claim.metadata.name),
    );
}

/** What of a pod's claims keeps it from a node; 'wait' says nothing yet. Binds those that waited for a consumer. */
function claimObstacle(api: KubeletApi, pod: KubeObject, node: string, drivers: Provisioners): string | undefined {
  const late: KubeObject[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    if (name === undefined) continue;
    const claim = api.get('PersistentVolumeClaim', pod.metadata.namespace as string, name);
    if (!claim) return `persistentvolumeclaim "${name}" not found. not found`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted. not found`;
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName}". not found`;
    if (usedByAnother(api, pod, claim))
      return `1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode. ${NO_VICTIMS}`;
    if (claim.status?.phase === 'Bound') continue;
    if (!bindsLate(api, claim)) return 'pod has unbound immediate PersistentVolumeClaims. not found';
    late.push(claim);
  }
  const bound = late.map((claim) => bindLate(api, claim, drivers, node));
  if (bound.includes('none')) return `1 node(s) didn't find available persistent volumes to bind. ${NO_HELP}`;
  return bound.includes('waiting') ? 'wait' : undefined;
}

function obstacle(api: KubeletApi, pod: KubeObject, node: string, drivers: Provisioners): string | undefined {
  const object = api.get('Node', '', node);
  const others = api.list('Pod').filter((one) => one.spec.nodeName === node && !['Succeeded', 'Failed'].includes(one.status?.phase));
  const reason = object && misfit(pod, object, others);
  if (reason) return `${reason.text}. ${reason.preemptible ? NO_VICTIMS : NO_HELP}`;
  return claimObstacle(api, pod, node, drivers);
}

/**
 * Assigns every unassigned pod to the node; returns those that were.
 * Counterpart: kube-scheduler 1.36. Deviates: one node, no preemption; see misfit() for the filters.
 */
export function schedule(api: KubeletApi, nodeName: string, now: string, drivers: Provisioners): void {
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
    const found = obstacle(api, pod, nodeName, drivers);
    if (found === 'wait') continue;
    const problem = found === undefined ? undefined : `0/1 nodes are available: ${found}`;
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
