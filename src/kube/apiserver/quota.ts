// ResourceQuota: what a namespace may use of pods, cpu and memory.

import { nanoOf, sumOf } from '#base/quantity.ts';
import type { KubeObject } from '../api/object.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
type Json = any;

interface Objects {
  list(kind: string, namespace?: string): readonly KubeObject[];
}

/** `requests.cpu` of a quota is also called `cpu`. */
const COMPUTE: Readonly<Record<string, readonly ['requests' | 'limits', string]>> = {
  cpu: ['requests', 'cpu'],
  memory: ['requests', 'memory'],
  'requests.cpu': ['requests', 'cpu'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
};
const COUNTS = new Set(['pods', 'count/pods']);

const containersOf = (pod: KubeObject): readonly Json[] => [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])];

/** How much of a quota's resource a pod takes; undefined: the resource is not about pods. */
function usageOf(pod: KubeObject, resource: string): string | undefined {
  if (COUNTS.has(resource)) return '1';
  const compute = COMPUTE[resource];
  if (compute === undefined) return undefined;
  const [field, name] = compute;
  const amounts = (pod.spec.containers ?? []).flatMap((c: Json) => c.resources?.[field]?.[name] ?? []);
  return amounts.length === 0 ? '0' : sumOf(amounts);
}

const countsIn = (pod: KubeObject): boolean => !['Succeeded', 'Failed'].includes(pod.status?.phase);

/** What the pods of a namespace use of a resource. Counterpart: podEvaluator, pkg/quota/v1/evaluator/core */
export function quotaUsage(objects: Objects, namespace: string, resource: string): string | undefined {
  if (!COUNTS.has(resource) && COMPUTE[resource] === undefined) return undefined;
  const amounts = objects
    .list('Pod', namespace)
    .filter(countsIn)
    .map((pod) => usageOf(pod, resource) as string);
  const positive = amounts.filter((amount) => nanoOf(amount) > 0n);
  return positive.length === 0 ? '0' : sumOf(positive);
}

/**
 * Why a new pod does not fit into the quotas of its namespace, or undefined.
 * Counterpart: checkRequest, k8s.io/apiserver/pkg/admission/plugin/resourcequota, v1.36. Deviates: scopes and other kinds than pods are not counted.
 */
export function exceededQuota(objects: Objects, pod: KubeObject, namespace: string): string | undefined {
  for (const quota of objects.list('ResourceQuota', namespace)) {
    const hard: Readonly<Record<string, string>> = quota.spec?.hard ?? {};
    const missing = Object.keys(hard)
      .sort()
      .flatMap((resource) => {
        const compute = COMPUTE[resource];
        if (compute === undefined) return [];
        const without = containersOf(pod).filter((c) => c.resources?.[compute[0]]?.[compute[1]] === undefined);
        return without.length === 0 ? [] : [`${resource} for: ${without.map((c) => c.name).join(',')}`];
      });
    if (missing.length > 0) return `failed quota: ${quota.metadata.name}: must specify ${missing.join('; ')}`;
    const over = Object.keys(hard)
      .sort()
      .flatMap((resource) => {
        const requested = usageOf(pod, resource);
        const used = quotaUsage(objects, namespace, resource);
        const limited = hard[resource] as string;
        if (requested === undefined || used === undefined || nanoOf(requested) + nanoOf(used) <= nanoOf(limited)) return [];
        return [{ resource, requested, used, limited }];
      });
    if (over.length === 0) continue;
    const list = (field: 'requested' | 'used' | 'limited'): string => over.map((one) => `${one.resource}=${one[field]}`).join(',');
    return `exceeded quota: ${quota.metadata.name}, requested: ${list('requested')}, used: ${list('used')}, limited: ${list('limited')}`;
  }
  return undefined;
}
