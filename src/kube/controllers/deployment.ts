// Deployments: one ReplicaSet per template, and the way from one to the next. Counterpart: pkg/controller/deployment, Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import { sortKeys } from '../apiserver/write.ts';
import {
  condition,
  create,
  isActive,
  type Json,
  ownedBy,
  ownerReference,
  type Pass,
  remove,
  say,
  templateHash,
  timestamp,
  writeStatus,
} from './workload.ts';

const COMPONENT = 'deployment-controller';
const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MOST = 'deployment.kubernetes.io/max-replicas';
const HASH = 'pod-template-hash';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A number of pods, or a share of all. Counterpart: GetScaledValueFromIntOrPercent */
function share(value: number | string | undefined, total: number, up: boolean): number {
  if (typeof value === 'number') return value;
  const percent = (Number.parseInt(value ?? '25%', 10) * total) / 100;
  return up ? Math.ceil(percent) : Math.floor(percent);
}

function limits(deployment: KubeObject): { surge: number; unavailable: number } {
  const { replicas, strategy } = deployment.spec;
  if (strategy?.type === 'Recreate') return { surge: 0, unavailable: 0 };
  const surge = share(strategy?.rollingUpdate?.maxSurge, replicas, true);
  const unavailable = share(strategy?.rollingUpdate?.maxUnavailable, replicas, false);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function withoutHash(template: Json): string {
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return JSON.stringify(sortKeys([labels, template.metadata?.annotations ?? {}, template.spec]));
}

const revisionOf = (object: KubeObject): number => Number(object.metadata.annotations?.[REVISION] ?? 0);

function annotate(pass: Pass, object: KubeObject, annotations: Readonly<Record<string, string>>): void {
  const old = object.metadata.annotations ?? {};
  if (Object.entries(annotations).every(([key, value]) => old[key] === value)) return;
  pass.api.updateStatus(object.kind, object.metadata.namespace as string, object.metadata.name, (now) => ({
    ...now,
    metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...annotations } },
  }));
}

function scale(pass: Pass, deployment: KubeObject, set: KubeObject, to: number): void {
  const from: number = set.spec.replicas;
  if (from === to) return;
  pass.api.updateStatus('ReplicaSet', set.metadata.namespace as string, set.metadata.name, (old) => ({
    ...old,
    metadata: { ...old.metadata, generation: (old.metadata.generation ?? 1) + 1 },
    spec: { ...old.spec, replicas: to },
  }));
  const text = `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`;
  say(pass, deployment, 'Normal', 'ScalingReplicaSet', text, COMPONENT);
}

/** The ReplicaSet of the current template, made if there is none; a text: why it could not be. */
function currentSet(pass: Pass, deployment: KubeObject, sets: readonly KubeObject[], replicas: number): KubeObject | string {
  const { template, selector } = deployment.spec;
  const known = sets.find((set) => withoutHash(set.spec.template) === withoutHash(template));
  const newest = Math.max(0, ...sets.filter((set) => set !== known).map(revisionOf));
  const revision = known && revisionOf(known) > newest ? revisionOf(known) : newest + 1;
  const { [LAST_APPLIED]: _, ...own } = deployment.metadata.annotations ?? {};
  const annotations = {
    ...own,
    [DESIRED]: String(deployment.spec.replicas),
    [MOST]: String(deployment.spec.replicas + limits(deployment).surge),
    [REVISION]: String(revision),
  };
  annotate(pass, deployment, { [REVISION]: String(revision) });
  if (known) {
    annotate(pass, known, annotations);
    return known;
  }
  const hash = templateHash(template);
  const name = `${deployment.metadata.name}-${hash}`;
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  const made = create(pass, 'apps', 'replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { annotations, labels, name, namespace: deployment.metadata.namespace, ownerReferences: [ownerReference(deployment)] },
    spec: {
      ...(deployment.spec.minReadySeconds ? { minReadySeconds: deployment.spec.minReadySeconds } : {}),
      replicas,
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, [HASH]: hash } },
      template: { ...structuredClone(template), metadata: { ...template.metadata, labels } },
    },
  });
  if (typeof made !== 'string' && replicas > 0)
    say(pass, deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`, COMPONENT);
  return made;
}

const sum = (sets: readonly KubeObject[], of: (set: KubeObject) => number | undefined): number =>
  sets.reduce((all, set) => all + (of(set) ?? 0), 0);

/** Moves replicas from old sets to the new one. Counterpart: rolloutRolling, rolloutRecreate */
function rollOut(pass: Pass, deployment: KubeObject, fresh: KubeObject, others: readonly KubeObject[]): void {
  const wanted: number = deployment.spec.replicas;
  const { surge, unavailable } = limits(deployment);
  const all = [fresh, ...others];
  if (deployment.spec.strategy?.type === 'Recreate') {
    for (const set of others) scale(pass, deployment, set, 0);
    const left = others.flatMap((set) => ownedBy(pass.api, 'Pod', set));
    if (left.length === 0) scale(pass, deployment, fresh, wanted);
    return;
  }
  const total = sum(all, (set) => set.spec.replicas);
  if (fresh.spec.replicas > wanted) scale(pass, deployment, fresh, wanted);
  else if (fresh.spec.replicas < wanted) {
    const room = others.length === 0 ? wanted : wanted + surge - total;
    if (room > 0) return scale(pass, deployment, fresh, Math.min(wanted, fresh.spec.replicas + room));
  }
  // Old replicas may go as far as enough remain available.
  let spare = total - (wanted - unavailable) - (fresh.spec.replicas - (fresh.status?.availableReplicas ?? 0));
  for (const set of [...others].sort((a, b) => revisionOf(a) - revisionOf(b))) {
    const less = Math.min(set.spec.replicas, Math.max(0, spare));
    if (less === 0) continue;
    scale(pass, deployment, set, set.spec.replicas - less);
    spare -= less;
  }
}

interface Progress {
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** Whether nothing has got better for too long. Counterpart: DeploymentProgressing, DeploymentTimedOut, deployment_util.go */
function timedOut(pass: Pass, deployment: KubeObject, progressing: Json | undefined, now: Progress): boolean {
  const seconds: number = deployment.spec.progressDeadlineSeconds ?? Number.POSITIVE_INFINITY;
  const was = deployment.status ?? {};
  const better =
    now.updated > (was.updatedReplicas ?? 0) || now.ready > (was.readyReplicas ?? 0) || now.available > (was.availableReplicas ?? 0);
  if (progressing === undefined || better || progressing.reason === 'NewReplicaSetAvailable' || !Number.isFinite(seconds)) return false;
  if (progressing.reason === 'ProgressDeadlineExceeded') return true;
  const end = BigInt(Date.parse(progressing.lastUpdateTime)) * 1_000_000n + BigInt(seconds) * 1_000_000_000n;
  if (end > pass.now) pass.again(end);
  return end <= pass.now;
}

function status(pass: Pass, deployment: KubeObject, fresh: KubeObject, sets: readonly KubeObject[]): Json {
  const old: Json[] = deployment.status?.conditions ?? [];
  const wanted: number = deployment.spec.replicas;
  const replicas = sum(sets, (set) => set.status?.replicas);
  const available = sum(sets, (set) => set.status?.availableReplicas);
  const ready = sum(sets, (set) => set.status?.readyReplicas);
  const updated: number = fresh.status?.replicas ?? 0;
  const enough = available >= wanted - limits(deployment).unavailable;
  const done = updated === wanted && replicas === wanted && available === wanted;
  const name = `ReplicaSet "${fresh.metadata.name}"`;
  const progressing = old.find((one) => one.type === 'Progressing');
  const [reason, message] = done
    ? ['NewReplicaSetAvailable', `${name} has successfully progressed.`]
    : progressing && (updated !== (deployment.status?.updatedReplicas ?? 0) || progressing.reason !== 'NewReplicaSetCreated')
      ? ['ReplicaSetUpdated', `${name} is progressing.`]
      : ['NewReplicaSetCreated', `Created new replica set "${fresh.metadata.name}"`];
  const late = done ? undefined : timedOut(pass, deployment, progressing, { updated, ready, available });
  const failure = (fresh.status?.conditions ?? []).find((one: Json) => one.type === 'ReplicaFailure');
  const dated = (one: Json): Json => {
    const { lastTransitionTime, ...rest } = one;
    const before = old.find((had) => had.type === one.type);
    const same = before?.status === one.status && before?.reason === one.reason && before?.message === one.message;
    return { lastTransitionTime, lastUpdateTime: same ? before.lastUpdateTime : timestamp(pass), ...rest };
  };
  const conditions = [
    late
      ? dated(condition(pass, old, 'Progressing', 'False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`))
      : dated(condition(pass, old, 'Progressing', 'True', reason as string, message as string)),
    dated(
      enough
        ? condition(pass, old, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
        : condition(pass, old, 'Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
    ),
    ...(failure ? [dated(failure)] : []),
  ];
  const some = (field: string, value: number): Json => (value > 0 ? { [field]: value } : {});
  return {
    ...some('availableReplicas', available),
    conditions,
    observedGeneration: deployment.metadata.generation ?? 1,
    ...some('readyReplicas', ready),
    ...some('replicas', replicas),
    ...some('unavailableReplicas', Math.max(0, Math.max(replicas, wanted) - available)),
    ...some('updatedReplicas', updated),
  };
}

/** One pass over all deployments. */
export function syncDeployments(pass: Pass): void {
  for (const deployment of pass.api.list('Deployment')) {
    if (deployment.metadata.deletionTimestamp) continue;
    const sets = ownedBy(pass.api, 'ReplicaSet', deployment);
    const template = withoutHash(deployment.spec.template);
    const others = sets.filter((set) => withoutHash(set.spec.template) !== template);
    const busy = others.some((set) => set.spec.replicas > 0 || ownedBy(pass.api, 'Pod', set).some(isActive));
    const room = !busy
      ? deployment.spec.replicas
      : deployment.spec.strategy?.type === 'Recreate'
        ? 0
        : Math.max(0, deployment.spec.replicas + limits(deployment).surge - sum(sets, (set) => set.spec.replicas));
    if (deployment.spec.paused) continue;
    const made = currentSet(pass, deployment, sets, Math.min(room, deployment.spec.replicas));
    if (typeof made === 'string') continue;
    const fresh = pass.api.get('ReplicaSet', made.metadata.namespace as string, made.metadata.name) ?? made;
    rollOut(
      pass,
      deployment,
      fresh,
      others.filter((set) => set.spec.replicas > 0),
    );
    const after = ownedBy(pass.api, 'ReplicaSet', deployment);
    const current = after.find((set) => set.metadata.name === fresh.metadata.name) ?? fresh;
    const known = pass.api.get('Deployment', deployment.metadata.namespace as string, deployment.metadata.name) ?? deployment;
    writeStatus(pass, known, status(pass, known, current, after));
    const idle = after
      .filter((set) => set !== current && set.spec.replicas === 0 && !set.status?.replicas)
      .sort((a, b) => revisionOf(b) - revisionOf(a));
    for (const set of idle.slice(deployment.spec.revisionHistoryLimit ?? 10)) remove(pass, 'apps', 'replicasets', set);
  }
}
