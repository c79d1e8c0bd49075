// StatefulSets and DaemonSets. Counterpart: pkg/controller/{statefulset,daemon}, Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import {
  create,
  isActive,
  isAvailable,
  type Json,
  ownedBy,
  type Pass,
  podFrom,
  readySince,
  remove,
  say,
  templateHash,
  writeStatus,
} from './workload.ts';

const FIRST_WAIT = 5_000_000n;
const LONGEST_WAIT = 1_000_000_000_000n;
const REVISION = 'controller-revision-hash';

const ordinalOf = (pod: KubeObject): number => Number(pod.metadata.name.replace(/^.*-/, ''));

/** The claims of one pod of a set, made where they are missing; the volumes that name them. */
function claims(pass: Pass, set: KubeObject, pod: string): Json[] {
  const namespace = set.metadata.namespace as string;
  return (set.spec.volumeClaimTemplates ?? []).map((template: Json) => {
    const claimName = `${template.metadata.name}-${pod}`;
    if (!pass.api.get('PersistentVolumeClaim', namespace, claimName))
      create(pass, '', 'persistentvolumeclaims', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: claimName, namespace, labels: set.spec.selector?.matchLabels },
        spec: structuredClone(template.spec),
      });
    return { name: template.metadata.name, persistentVolumeClaim: { claimName } };
  });
}

function makeOrdinal(pass: Pass, set: KubeObject, ordinal: number, revision: string): boolean {
  const name = `${set.metadata.name}-${ordinal}`;
  const volumes = claims(pass, set, name);
  const taken = new Set(volumes.map((one) => one.name));
  const { template, serviceName } = set.spec;
  const made = create(
    pass,
    '',
    'pods',
    podFrom(set, template, {
      name: { name, generateName: `${set.metadata.name}-` },
      labels: { 'apps.kubernetes.io/pod-index': String(ordinal), [REVISION]: revision, 'statefulset.kubernetes.io/pod-name': name },
      spec: {
        hostname: name,
        ...(serviceName ? { subdomain: serviceName } : {}),
        ...(volumes.length > 0
          ? { volumes: [...(template.spec.volumes ?? []).filter((one: Json) => !taken.has(one.name)), ...volumes] }
          : {}),
      },
    }),
  );
  const what = `create Pod ${name} in StatefulSet ${set.metadata.name}`;
  if (typeof made === 'string') {
    say(pass, set, 'Warning', 'FailedCreate', `${what} failed error: ${made}`, 'statefulset-controller');
    pass.again(pass.failures.failed(set, pass.now, FIRST_WAIT, LONGEST_WAIT));
    return false;
  }
  pass.failures.forget(set);
  say(pass, set, 'Normal', 'SuccessfulCreate', `${what} successful`, 'statefulset-controller');
  return true;
}

function dismiss(pass: Pass, set: KubeObject, pod: KubeObject): void {
  remove(pass, '', 'pods', pod);
  const text = `delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
  say(pass, set, 'Normal', 'SuccessfulDelete', text, 'statefulset-controller');
}

/** One step: replace what has ended, then fill up in order, then shrink from the end, then update from the end. */
function step(pass: Pass, set: KubeObject, revision: string): void {
  const wanted: number = set.spec.replicas ?? 1;
  const pods = ownedBy(pass.api, 'Pod', set);
  const parallel = set.spec.podManagementPolicy === 'Parallel';
  const healthy = (pod: KubeObject): boolean => isActive(pod) && isAvailable(pass, pod, set.spec.minReadySeconds);
  if (pass.failures.until(set) > pass.now) return pass.again(pass.failures.until(set));
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = pods.find((one) => ordinalOf(one) === ordinal);
    if (pod && ['Failed', 'Succeeded'].includes(pod.status?.phase)) return dismiss(pass, set, pod);
    if (!pod && !makeOrdinal(pass, set, ordinal, revision)) return;
    if (!parallel && !(pod && healthy(pod))) return;
  }
  const beyond = pods.filter((pod) => ordinalOf(pod) >= wanted).sort((a, b) => ordinalOf(b) - ordinalOf(a));
  for (const pod of beyond) {
    if (!pod.metadata.deletionTimestamp) dismiss(pass, set, pod);
    if (!parallel) return;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete' || pods.some((pod) => !healthy(pod))) return;
  const from: number = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const stale = pods.filter((pod) => ordinalOf(pod) >= from && pod.metadata.labels?.[REVISION] !== revision);
  const last = stale.sort((a, b) => ordinalOf(b) - ordinalOf(a))[0];
  if (last) dismiss(pass, set, last);
}

export function syncStatefulSets(pass: Pass): void {
  for (const set of pass.api.list('StatefulSet')) {
    if (set.metadata.deletionTimestamp) continue;
    const revision = `${set.metadata.name}-${templateHash(set.spec.template)}`;
    step(pass, set, revision);
    const pods = ownedBy(pass.api, 'Pod', set).filter((pod) => ordinalOf(pod) < (set.spec.replicas ?? 1));
    const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length;
    const ready = pods.filter((pod) => readySince(pod) !== undefined);
    const done = updated === pods.length;
    writeStatus(pass, set, {
      availableReplicas: ready.filter((pod) => isAvailable(pass, pod, set.spec.minReadySeconds)).length,
      collisionCount: 0,
      ...(updated > 0 ? { currentReplicas: done ? updated : pods.length - updated } : {}),
      currentRevision: done ? revision : (set.status?.currentRevision ?? revision),
      observedGeneration: set.metadata.generation ?? 1,
      ...(ready.length > 0 ? { readyReplicas: ready.length } : {}),
      replicas: pods.length,
      updateRevision: revision,
      ...(updated > 0 ? { updatedReplicas: updated } : {}),
    });
  }
}

/** What a daemon's pod bears so that it stays on its node. Counterpart: AddOrUpdateDaemonPodTolerations */
function daemonTolerations(spec: Json): Json[] {
  const trouble = [
    'disk-pressure',
    'memory-pressure',
    'pid-pressure',
    'unschedulable',
    ...(spec.hostNetwork ? ['network-unavailable'] : []),
  ];
  return [
    ...(spec.tolerations ?? []),
    ...['not-ready', 'unreachable'].map((key) => ({ effect: 'NoExecute', key: `node.kubernetes.io/${key}`, operator: 'Exists' })),
    ...trouble.map((key) => ({ effect: 'NoSchedule', key: `node.kubernetes.io/${key}`, operator: 'Exists' })),
  ];
}

export function syncDaemonSets(pass: Pass): void {
  const component = 'daemonset-controller';
  for (const set of pass.api.list('DaemonSet')) {
    if (set.metadata.deletionTimestamp) continue;
    const { template } = set.spec;
    const revision = templateHash(template);
    const node = pass.api.get('Node', '', pass.nodeName);
    const fits = Object.entries(template.spec.nodeSelector ?? {}).every(([key, value]) => node?.metadata.labels?.[key] === value);
    const pods = ownedBy(pass.api, 'Pod', set);
    const dismiss = (pod: KubeObject, type: 'Normal' | 'Warning', reason: string, text: string): void => {
      say(pass, set, type, reason, text, component);
      remove(pass, '', 'pods', pod);
    };
    for (const pod of pods.filter((one) => !one.metadata.deletionTimestamp)) {
      const place = `${pod.metadata.namespace}/${pod.metadata.name}`;
      if (pod.status?.phase === 'Failed')
        dismiss(pod, 'Warning', 'FailedDaemonPod', `Found failed daemon pod ${place} on node ${pass.nodeName}, will try to kill it`);
      else if (!fits || (pod.metadata.labels?.[REVISION] !== revision && set.spec.updateStrategy?.type !== 'OnDelete'))
        dismiss(pod, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
    if (pass.failures.until(set) > pass.now) pass.again(pass.failures.until(set));
    else if (fits && ownedBy(pass.api, 'Pod', set).length === 0) {
      const affinity = {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [pass.nodeName] }] }],
          },
        },
      };
      const made = create(
        pass,
        '',
        'pods',
        podFrom(set, template, {
          name: { generateName: `${set.metadata.name}-` },
          labels: { [REVISION]: revision, 'pod-template-generation': String(set.metadata.generation ?? 1) },
          spec: { affinity, tolerations: daemonTolerations(template.spec) },
        }),
      );
      if (typeof made === 'string') {
        say(pass, set, 'Warning', 'FailedCreate', `Error creating: ${made}`, component);
        pass.again(pass.failures.failed(set, pass.now, FIRST_WAIT, LONGEST_WAIT));
      } else {
        pass.failures.forget(set);
        say(pass, set, 'Normal', 'SuccessfulCreate', `Created pod: ${made.metadata.name}`, component);
      }
    }
    const own = ownedBy(pass.api, 'Pod', set).filter(isActive);
    const desired = fits ? 1 : 0;
    const available = own.filter((pod) => isAvailable(pass, pod, set.spec.minReadySeconds)).length;
    const updated = own.filter((pod) => pod.metadata.labels?.[REVISION] === revision).length;
    writeStatus(pass, set, {
      currentNumberScheduled: own.length,
      desiredNumberScheduled: desired,
      ...(available > 0 ? { numberAvailable: available } : {}),
      numberMisscheduled: 0,
      numberReady: own.filter((pod) => readySince(pod) !== undefined).length,
      ...(desired > available ? { numberUnavailable: desired - available } : {}),
      observedGeneration: set.metadata.generation ?? 1,
      ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    });
  }
}
