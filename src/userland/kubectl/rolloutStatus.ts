// What `kubectl rollout status` says about each kind. Counterpart: k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go, v1.36

import type { Json } from './session.ts';

export interface RolloutStatus {
  readonly message: string;
  readonly done: boolean;
  /** The rollout has failed for good. */
  readonly error?: string;
}

const more = (message: string): RolloutStatus => ({ message, done: false });

function deployment(o: Json): RolloutStatus {
  const { name, generation } = o.metadata;
  const status = o.status ?? {};
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
  if ((generation ?? 0) > (status.observedGeneration ?? 0)) return more('Waiting for deployment spec update to be observed...\n');
  const progressing = (status.conditions ?? []).find((c: Json) => c.type === 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { message: '', done: false, error: `deployment ${JSON.stringify(name)} exceeded its progress deadline` };
  const head = `Waiting for deployment ${JSON.stringify(name)} rollout to finish:`;
  if (o.spec.replicas !== undefined && updatedReplicas < o.spec.replicas)
    return more(`${head} ${updatedReplicas} out of ${o.spec.replicas} new replicas have been updated...\n`);
  if (replicas > updatedReplicas) return more(`${head} ${replicas - updatedReplicas} old replicas are pending termination...\n`);
  if (availableReplicas < updatedReplicas)
    return more(`${head} ${availableReplicas} of ${updatedReplicas} updated replicas are available...\n`);
  return { message: `deployment ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function daemonSet(o: Json): RolloutStatus {
  const { name, generation } = o.metadata;
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0, observedGeneration = 0 } = o.status ?? {};
  if ((generation ?? 0) > observedGeneration) return more('Waiting for daemon set spec update to be observed...\n');
  const head = `Waiting for daemon set ${JSON.stringify(name)} rollout to finish:`;
  if (updatedNumberScheduled < desiredNumberScheduled)
    return more(`${head} ${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...\n`);
  if (numberAvailable < desiredNumberScheduled)
    return more(`${head} ${numberAvailable} of ${desiredNumberScheduled} updated pods are available...\n`);
  return { message: `daemon set ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function statefulSet(o: Json): RolloutStatus {
  const { observedGeneration = 0, readyReplicas = 0, currentReplicas = 0, updateRevision, currentRevision } = o.status ?? {};
  if (o.spec.updateStrategy?.type === 'OnDelete')
    return { message: '', done: false, error: 'rollout status is only available for RollingUpdate strategy type' };
  if (observedGeneration === 0 || (o.metadata.generation ?? 0) > observedGeneration)
    return more('Waiting for statefulset spec update to be observed...\n');
  if (o.spec.replicas !== undefined && readyReplicas < o.spec.replicas)
    return more(`Waiting for ${o.spec.replicas - readyReplicas} pods to be ready...\n`);
  if (updateRevision !== currentRevision)
    return more(
      `waiting for statefulset rolling update to complete ${o.status?.updatedReplicas ?? 0} pods at revision ${updateRevision}...\n`,
    );
  return { message: `statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...\n`, done: true };
}

const VIEWERS: Readonly<Record<string, (o: Json) => RolloutStatus>> = {
  Deployment: deployment,
  DaemonSet: daemonSet,
  StatefulSet: statefulSet,
};

/** undefined: the kind has no rollouts. */
export const viewerOf = (kind: string): ((o: Json) => RolloutStatus) | undefined => VIEWERS[kind];
