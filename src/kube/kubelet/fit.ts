// Whether a pod fits on the node: what it asks for, what the node has, what the others have taken.

import { podResources } from '#base/podResources.ts';
import { nanoOf } from '#base/quantity.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'] as const;

const total = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

/** What a pod asks of a resource, in units of 10^-9. */
export const podRequest = (pod: KubeObject, resource: string): bigint => nanoOf(podResources(pod.spec, 'requests')[resource] ?? '0');

const hostPorts = (pod: KubeObject): string[] =>
  (pod.spec.containers ?? []).flatMap((c: Json) =>
    (c.ports ?? []).filter((p: Json) => p.hostPort).map((p: Json) => `${p.hostPort}/${p.protocol ?? 'TCP'}`),
  );

function matches(labels: Readonly<Record<string, string>>, { key, operator, values = [] }: Json): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** Counterpart: GetRequiredNodeAffinity, component-helpers/scheduling/corev1/nodeaffinity */
function affinityFits(pod: KubeObject, node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {};
  if (Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value)) return false;
  const terms: Json[] | undefined = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!terms) return true;
  const fields = { 'metadata.name': node.metadata.name };
  return terms.some(
    (term) =>
      (term.matchExpressions?.length || term.matchFields?.length) &&
      (term.matchExpressions ?? []).every((one: Json) => matches(labels, one)) &&
      (term.matchFields ?? []).every((one: Json) => matches(fields, one)),
  );
}

const tolerates = (pod: KubeObject, taint: Json): boolean =>
  (pod.spec.tolerations ?? []).some(
    (t: Json) =>
      (!t.effect || t.effect === taint.effect) &&
      (!t.key || t.key === taint.key) &&
      (t.operator === 'Exists' || (t.value ?? '') === (taint.value ?? '')),
  );

/** Why a node is no place for a pod, and whether the end of other pods would help. */
export interface Misfit {
  readonly text: string;
  readonly preemptible: boolean;
}

/**
 * The first filter that turns a pod away.
 * Counterpart: the Filter plugins NodeUnschedulable, TaintToleration, NodeAffinity, NodePorts and NodeResourcesFit of kube-scheduler 1.36
 * Deviates: affinity between pods and topology spread are not looked at; on one node they rarely decide.
 */
export function misfit(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): Misfit | undefined {
  const no = (text: string, preemptible = false): Misfit => ({ text, preemptible });
  const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  if (node.spec?.unschedulable && !tolerates(pod, unschedulable)) return no('1 node(s) were unschedulable');
  const taint = (node.spec?.taints ?? []).find((one: Json) => one.effect !== 'PreferNoSchedule' && !tolerates(pod, one));
  if (taint) return no(`1 node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
  if (!affinityFits(pod, node)) return no("1 node(s) didn't match Pod's node affinity/selector");
  const taken = new Set(others.flatMap(hostPorts));
  if (hostPorts(pod).some((port) => taken.has(port))) return no("1 node(s) didn't have free ports for the requested pod ports", true);
  const allocatable: Readonly<Record<string, string>> = node.status?.allocatable ?? {};
  const short: string[] = [];
  let hopeless = false;
  if (others.length + 1 > Number(allocatable.pods ?? 110)) short.push('1 Too many pods');
  for (const resource of RESOURCES) {
    const wanted = podRequest(pod, resource);
    if (wanted === 0n) continue;
    const all = nanoOf(allocatable[resource] ?? '0');
    if (wanted <= all - total(others.map((other) => podRequest(other, resource)))) continue;
    short.push(`1 Insufficient ${resource}`);
    if (wanted > all) hopeless = true;
  }
  return short.length === 0 ? undefined : no(short.sort().join(', '), !hopeless);
}
