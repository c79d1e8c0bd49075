// The patch `kubectl apply` sends: what changed against the live object, and what the last apply had and this one has not.

import type { Json } from './session.ts';

const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  secrets: 'name',
  resourceClaims: 'name',
};
const isObject = (value: unknown): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Equal as JSON, whatever the order of keys. */
export function same(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

/**
 * A strategic merge patch; {} when there is nothing to do. Members of lists with a merge key are patched one by one, and
 * `$setElementOrder` is sent when such a list has other members than the live one.
 * Counterpart: CreateThreeWayMergePatch, k8s.io/apimachinery/pkg/util/strategicpatch
 */
export function threeWayPatch(original: Json, modified: Json, current: Json): Record<string, Json> {
  const patch: Record<string, Json> = {};
  for (const [key, was] of Object.entries(isObject(original) ? original : {}))
    if (was !== null && (!(key in modified) || modified[key] === null)) patch[key] = null;
  for (const [key, wanted] of Object.entries(modified as Record<string, Json>)) {
    if (wanted === null) continue;
    const live = isObject(current) ? current[key] : undefined;
    const before = isObject(original) ? original[key] : undefined;
    if (isObject(wanted) && isObject(live)) {
      const inner = threeWayPatch(before, wanted, live);
      if (Object.keys(inner).length > 0) patch[key] = inner;
      else delete patch[key];
      continue;
    }
    const mergeKey = MERGE_KEYS[key];
    if (
      Array.isArray(wanted) &&
      Array.isArray(live) &&
      mergeKey !== undefined &&
      wanted.every((item) => isObject(item) && item[mergeKey] !== undefined)
    ) {
      Object.assign(patch, listPatch(key, mergeKey, Array.isArray(before) ? before : [], wanted, live));
      continue;
    }
    if (same(wanted, live)) delete patch[key];
    else patch[key] = wanted;
  }
  // What the live object never had needs no deletion.
  for (const [key, value] of Object.entries(patch)) if (value === null && !(isObject(current) && key in current)) delete patch[key];
  return patch;
}

function listPatch(
  key: string,
  mergeKey: string,
  before: readonly Json[],
  wanted: readonly Json[],
  live: readonly Json[],
): Record<string, Json> {
  const find = (list: readonly Json[], id: Json): Json => list.find((item) => isObject(item) && item[mergeKey] === id);
  const changes: Json[] = [];
  for (const item of wanted) {
    const old = find(live, item[mergeKey]);
    if (old === undefined) {
      changes.push(item);
      continue;
    }
    const inner = threeWayPatch(find(before, item[mergeKey]), item, old);
    if (Object.keys(inner).length > 0) changes.push({ ...inner, [mergeKey]: item[mergeKey] });
  }
  for (const item of before)
    if (isObject(item) && find(wanted, item[mergeKey]) === undefined && find(live, item[mergeKey]) !== undefined)
      changes.push({ $patch: 'delete', [mergeKey]: item[mergeKey] });
  const ids = (list: readonly Json[]): Json[] => list.map((item) => item[mergeKey]);
  const result: Record<string, Json> = {};
  if (changes.length > 0 || !same(ids(wanted), ids(live)))
    result[`$setElementOrder/${key}`] = wanted.map((item) => ({ [mergeKey]: item[mergeKey] }));
  if (changes.length > 0) result[key] = changes;
  return result;
}
