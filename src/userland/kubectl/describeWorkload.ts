// kubectl describe of workloads, Services and quotas.
// Counterpart: k8s.io/kubectl/pkg/describe/describe.go, v1.36. Deployment, ReplicaSet and Job are laid out as recorded.

import { containerLines, eventLines, tolerationLines } from './describePod.ts';
import { annotationLines, humanDuration, Lines, mapLines, rfc1123 } from './describeText.ts';
import { describeVolumes } from './describeVolumes.ts';
import type { Json } from './session.ts';

/** What the server knows besides the object. */
export interface Surroundings {
  readonly events: readonly Json[];
  readonly now: number;
  /** Pods that the object's selector selects. */
  readonly pods: readonly Json[];
  readonly replicaSets: readonly Json[];
}

const pairs = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${map?.[key]}`)
    .join(',');

/** Counterpart: metav1.FormatLabelSelector */
function selectorText(selector: Json): string {
  const expressions = (selector?.matchExpressions ?? []).map((e: Json) =>
    e.operator === 'In' || e.operator === 'NotIn'
      ? `${e.key} ${e.operator.toLowerCase()} (${[...e.values].sort().join(',')})`
      : `${e.operator === 'DoesNotExist' ? '!' : ''}${e.key}`,
  );
  return [pairs(selector?.matchLabels), ...expressions].filter((part) => part !== '').join(',') || '<none>';
}

function controlledBy(lines: Lines, metadata: Json): void {
  const owner = (metadata.ownerReferences ?? []).find((o: Json) => o.controller);
  if (owner) lines.add(0, `Controlled By:\t${owner.kind}/${owner.name}`);
}

function podsStatus(pods: readonly Json[]): string {
  const count = (phase: string): number => pods.filter((pod) => (pod.status?.phase ?? 'Pending') === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

/** Counterpart: DescribePodTemplate */
function templateLines(lines: Lines, template: Json): void {
  lines.add(0, 'Pod Template:');
  mapLines(lines, 1, 'Labels', template.metadata?.labels);
  const annotations = Object.entries(template.metadata?.annotations ?? {});
  if (annotations.length > 0) mapLines(lines, 1, 'Annotations', template.metadata.annotations, ': ');
  const { spec } = template;
  if (spec.serviceAccountName) lines.add(1, `Service Account:\t${spec.serviceAccountName}`);
  for (const [list, label] of [
    ['initContainers', 'Init Containers'],
    ['containers', 'Containers'],
  ] as const) {
    if (!spec[list]?.length) continue;
    lines.add(1, `${label}:`);
    for (const container of spec[list]) containerLines(lines, container, undefined, { metadata: {}, spec }, ' ');
  }
  describeVolumes(lines, spec.volumes ?? [], true);
  if (spec.priorityClassName) lines.add(1, `Priority Class Name:\t${spec.priorityClassName}`);
  mapLines(lines, 1, 'Node-Selectors', spec.nodeSelector);
  tolerationLines(lines, 1, spec.tolerations);
}

function conditionLines(lines: Lines, conditions: readonly Json[] | undefined): void {
  if (!conditions?.length) return;
  lines.add(0, 'Conditions:');
  lines.add(1, 'Type\tStatus\tReason');
  lines.add(1, '----\t------\t------');
  for (const c of conditions) lines.add(1, `${c.type} \t${c.status}\t${c.reason ?? ''}`);
}

const named = (lines: Lines, { metadata }: Json): void => {
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Namespace:\t${metadata.namespace}`);
};

function deployment(lines: Lines, o: Json, { replicaSets }: Surroundings): void {
  named(lines, o);
  lines.add(0, `CreationTimestamp:\t${rfc1123(o.metadata.creationTimestamp)}`);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  lines.add(0, `Selector:\t${selectorText(o.spec.selector)}`);
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = o.status ?? {};
  lines.add(
    0,
    `Replicas:\t${o.spec.replicas} desired | ${updatedReplicas} updated | ${replicas} total | ${availableReplicas} available | ${unavailableReplicas} unavailable`,
  );
  lines.add(0, `StrategyType:\t${o.spec.strategy?.type ?? 'RollingUpdate'}`);
  lines.add(0, `MinReadySeconds:\t${o.spec.minReadySeconds ?? 0}`);
  const rolling = o.spec.strategy?.rollingUpdate;
  if (rolling) lines.add(0, `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`);
  templateLines(lines, o.spec.template);
  conditionLines(lines, o.status?.conditions);
  const own = replicaSets.filter((set) => (set.metadata.ownerReferences ?? []).some((r: Json) => r.uid === o.metadata.uid));
  const text = (sets: readonly Json[]): string =>
    sets.map((set) => `${set.metadata.name} (${set.status?.replicas ?? 0}/${set.spec.replicas} replicas created)`).join(', ') || '<none>';
  const revision = (set: Json): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  const newest = [...own].sort((a, b) => revision(b) - revision(a))[0];
  lines.add(0, `OldReplicaSets:\t${text(own.filter((set) => set !== newest))}`);
  lines.add(0, `NewReplicaSet:\t${text(newest ? [newest] : [])}`);
}

function replicaSet(lines: Lines, o: Json, { pods }: Surroundings): void {
  named(lines, o);
  lines.add(0, `Selector:\t${o.kind === 'ReplicationController' ? pairs(o.spec.selector) : selectorText(o.spec.selector)}`);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  controlledBy(lines, o.metadata);
  lines.add(0, `Replicas:\t${o.status?.replicas ?? 0} current / ${o.spec.replicas} desired`);
  lines.add(0, `Pods Status:\t${podsStatus(pods)}`);
  templateLines(lines, o.spec.template);
  conditionLines(lines, o.status?.conditions);
}

function job(lines: Lines, o: Json): void {
  named(lines, o);
  if (o.spec.selector) lines.add(0, `Selector:\t${selectorText(o.spec.selector)}`);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  controlledBy(lines, o.metadata);
  const { spec, status = {} } = o;
  if (spec.parallelism !== undefined) lines.add(0, `Parallelism:\t${spec.parallelism}`);
  lines.add(0, `Completions:\t${spec.completions ?? '<unset>'}`);
  if (spec.completionMode) lines.add(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec.suspend !== undefined) lines.add(0, `Suspend:\t${spec.suspend}`);
  if (spec.backoffLimit !== undefined) lines.add(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec.ttlSecondsAfterFinished !== undefined) lines.add(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  if (status.startTime) lines.add(0, `Start Time:\t${rfc1123(status.startTime)}`);
  if (status.completionTime) {
    lines.add(0, `Completed At:\t${rfc1123(status.completionTime)}`);
    lines.add(0, `Duration:\t${humanDuration((new Date(status.completionTime).getTime() - new Date(status.startTime).getTime()) / 1000)}`);
  }
  if (spec.activeDeadlineSeconds !== undefined) lines.add(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  lines.add(
    0,
    `Pods Statuses:\t${status.active ?? 0} Active (${status.ready ?? 0} Ready) / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  );
  templateLines(lines, spec.template);
}

function cronJob(lines: Lines, o: Json): void {
  named(lines, o);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  const { spec, status = {} } = o;
  lines.add(0, `Schedule:\t${spec.schedule}`);
  lines.add(0, `Concurrency Policy:\t${spec.concurrencyPolicy ?? 'Allow'}`);
  lines.add(0, `Suspend:\t${spec.suspend === true ? 'True' : 'False'}`);
  lines.add(0, `Successful Job History Limit:\t${spec.successfulJobsHistoryLimit ?? 3}`);
  lines.add(0, `Failed Job History Limit:\t${spec.failedJobsHistoryLimit ?? 1}`);
  lines.add(
    0,
    `Starting Deadline Seconds:\t${spec.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`}`,
  );
  const inner = spec.jobTemplate.spec;
  lines.add(0, `Selector:\t${inner.selector ? selectorText(inner.selector) : '<unset>'}`);
  lines.add(0, `Parallelism:\t${inner.parallelism ?? '<unset>'}`);
  lines.add(0, `Completions:\t${inner.completions ?? '<unset>'}`);
  templateLines(lines, inner.template);
  lines.add(0, `Last Schedule Time:\t${status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>'}`);
  lines.add(0, `Active Jobs:\t${(status.active ?? []).map((ref: Json) => ref.name).join(', ') || '<none>'}`);
}

function daemonSet(lines: Lines, o: Json, { pods }: Surroundings): void {
  named(lines, o);
  lines.add(0, `Selector:\t${selectorText(o.spec.selector)}`);
  lines.add(0, `Node-Selector:\t${pairs(o.spec.template.spec?.nodeSelector) || '<none>'}`);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  const { status = {} } = o;
  lines.add(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`);
  lines.add(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`);
  lines.add(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
  lines.add(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
  lines.add(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`);
  lines.add(0, `Pods Status:\t${podsStatus(pods)}`);
  templateLines(lines, o.spec.template);
}

function statefulSet(lines: Lines, o: Json, { pods }: Surroundings): void {
  named(lines, o);
  lines.add(0, `CreationTimestamp:\t${rfc1123(o.metadata.creationTimestamp)}`);
  lines.add(0, `Selector:\t${selectorText(o.spec.selector)}`);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  lines.add(0, `Replicas:\t${o.spec.replicas} desired | ${o.status?.replicas ?? 0} total`);
  lines.add(0, `Update Strategy:\t${o.spec.updateStrategy?.type ?? 'RollingUpdate'}`);
  if (o.spec.updateStrategy?.rollingUpdate?.partition !== undefined)
    lines.add(1, `Partition:\t${o.spec.updateStrategy.rollingUpdate.partition}`);
  lines.add(0, `Pods Status:\t${podsStatus(pods)}`);
  templateLines(lines, o.spec.template);
  if (!o.spec.volumeClaimTemplates?.length) lines.add(0, 'Volume Claims:\t<none>');
  else lines.add(0, `Volume Claims:\t${o.spec.volumeClaimTemplates.map((claim: Json) => claim.metadata?.name).join(', ')}`);
}

function service(lines: Lines, o: Json): void {
  named(lines, o);
  mapLines(lines, 0, 'Labels', o.metadata.labels);
  annotationLines(lines, o.metadata.annotations);
  const { spec } = o;
  lines.add(0, `Selector:\t${pairs(spec.selector) || '<none>'}`);
  lines.add(0, `Type:\t${spec.type}`);
  if (spec.ipFamilyPolicy) lines.add(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`);
  lines.add(0, `IP Families:\t${(spec.ipFamilies ?? []).join(',') || '<none>'}`);
  lines.add(0, `IP:\t${spec.clusterIP ?? ''}`);
  lines.add(0, `IPs:\t${(spec.clusterIPs ?? []).join(',') || '<none>'}`);
  for (const port of spec.ports ?? []) {
    lines.add(0, `Port:\t${port.name ?? '<unset>'}\t${port.port}/${port.protocol}`);
    lines.add(0, `TargetPort:\t${port.targetPort}/${port.protocol}`);
    if (port.nodePort) lines.add(0, `NodePort:\t${port.name ?? '<unset>'}\t${port.nodePort}/${port.protocol}`);
  }
  lines.add(0, `Session Affinity:\t${spec.sessionAffinity ?? 'None'}`);
  if (spec.internalTrafficPolicy) lines.add(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`);
}

const DESCRIBERS: Readonly<Record<string, (lines: Lines, object: Json, around: Surroundings) => void>> = {
  Deployment: deployment,
  ReplicaSet: replicaSet,
  ReplicationController: replicaSet,
  DaemonSet: daemonSet,
  StatefulSet: statefulSet,
  Job: job,
  CronJob: cronJob,
  Service: service,
};

export const isWorkload = (kind: string): boolean => DESCRIBERS[kind] !== undefined;

/** The description of a workload or a Service. */
export function describeWorkload(kind: string, object: Json, around: Surroundings): string {
  const lines = new Lines();
  DESCRIBERS[kind]?.(lines, object, around);
  eventLines(lines, around.events, around.now);
  return lines.render();
}

/** A quota and what of it is used; it has no events. */
export function describeQuota(object: Json): string {
  const lines = new Lines();
  named(lines, object);
  lines.add(0, 'Resource\tUsed\tHard');
  lines.add(0, '--------\t----\t----');
  for (const name of Object.keys(object.spec?.hard ?? {}).sort())
    lines.add(0, `${name}\t${object.status?.used?.[name] ?? '0'}\t${object.status?.hard?.[name] ?? object.spec.hard[name]}`);
  return lines.render();
}
