// ReplicaSets and ReplicationControllers: as many pods as asked for. Counterpart: pkg/controller/replicaset, Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import { matchesLabels } from '../apiserver/labelSelector.ts';
import {
  condition,
  controllerOf,
  create,
  isActive,
  isAvailable,
  type Json,
  ownedBy,
  ownerReference,
  type Pass,
  podFrom,
  readySince,
  remove,
  say,
  writeStatus,
} from './workload.ts';

const FIRST_WAIT = 5_000_000n;
const LONGEST_WAIT = 1_000_000_000_000n;

/** Pods without a controller that match become the set's. */
function adopt(pass: Pass, set: KubeObject): void {
  const wanted: Json = set.kind === 'ReplicaSet' ? set.spec.selector?.matchLabels : set.spec.selector;
  const text = Object.entries(wanted ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (text === '' || set.metadata.deletionTimestamp) return;
  for (const pod of pass.api.list('Pod', set.metadata.namespace))
    if (!controllerOf(pod) && isActive(pod) && matchesLabels(text, pod.metadata.labels))
      pass.api.updateStatus('Pod', set.metadata.namespace as string, pod.metadata.name, (old) => ({
        ...old,
        metadata: { ...old.metadata, ownerReferences: [...(old.metadata.ownerReferences ?? []), ownerReference(set)] },
      }));
}

/** Creates missing pods, twice as many per batch; the refusal that stopped it, if any. */
function grow(pass: Pass, set: KubeObject, count: number, component: string): string | undefined {
  let made = 0;
  for (let batch = 1; made < count; batch *= 2) {
    let refusal: string | undefined;
    for (const end = Math.min(count, made + batch); made < end; made++) {
      const pod = create(pass, '', 'pods', podFrom(set, set.spec.template, { name: { generateName: `${set.metadata.name}-` } }));
      if (typeof pod !== 'string') {
        say(pass, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, component);
        continue;
      }
      refusal = pod;
      say(pass, set, 'Warning', 'FailedCreate', `Error creating: ${pod}`, component);
    }
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Those to go first: not running, not ready, youngest. Counterpart: ActivePodsWithRanks */
const expendable = (a: KubeObject, b: KubeObject): number => {
  const rank = (pod: KubeObject): number =>
    (pod.spec.nodeName ? 1 : 0) + (pod.status?.phase === 'Running' ? 2 : 0) + (readySince(pod) ? 4 : 0);
  const age = (pod: KubeObject): string => pod.metadata.creationTimestamp ?? '';
  return rank(a) - rank(b) || (age(a) < age(b) ? 1 : -1);
};

function syncSet(pass: Pass, set: KubeObject, component: string): void {
  adopt(pass, set);
  const wanted: number = set.spec.replicas ?? 1;
  const before = ownedBy(pass.api, 'Pod', set).filter(isActive);
  let refusal: string | undefined;
  const until = pass.failures.until(set);
  if (set.metadata.deletionTimestamp) return;
  if (before.length < wanted && until <= pass.now) {
    refusal = grow(pass, set, wanted - before.length, component);
    if (refusal === undefined) pass.failures.forget(set);
    else pass.again(pass.failures.failed(set, pass.now, FIRST_WAIT, LONGEST_WAIT));
  } else if (before.length < wanted) {
    pass.again(until);
    refusal = (set.status?.conditions ?? []).find((c: Json) => c.type === 'ReplicaFailure')?.message;
  }
  for (const pod of [...before].sort(expendable).slice(0, Math.max(0, before.length - wanted))) {
    remove(pass, '', 'pods', pod);
    say(pass, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, component);
  }
  const pods = ownedBy(pass.api, 'Pod', set).filter(isActive);
  const ready = pods.filter((pod) => readySince(pod) !== undefined);
  const available = ready.filter((pod) => isAvailable(pass, pod, set.spec.minReadySeconds));
  const old: Json[] = set.status?.conditions ?? [];
  const shown = old.find((one) => one.type === 'ReplicaFailure')?.message ?? refusal;
  writeStatus(pass, set, {
    ...(available.length > 0 ? { availableReplicas: available.length } : {}),
    ...(refusal === undefined ? {} : { conditions: [condition(pass, old, 'ReplicaFailure', 'True', 'FailedCreate', shown)] }),
    ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
    observedGeneration: set.metadata.generation ?? 1,
    ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
    replicas: pods.length,
  });
}

/** One pass over all sets. */
export function syncReplicaSets(pass: Pass): void {
  for (const set of pass.api.list('ReplicaSet')) syncSet(pass, set, 'replicaset-controller');
  for (const set of pass.api.list('ReplicationController')) syncSet(pass, set, 'replication-controller');
}
