// The three patch formats. Values are never changed in place.

import { goJson } from '#yaml/json.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists that merge by a key, by field name. Counterpart: patchMergeKey tags of k8s.io/api. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  resourceClaims: 'name',
  secrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  addresses: 'type',
  podIPs: 'ip',
  hostIPs: 'ip',
};
const MERGED_SETS = new Set(['finalizers']);

/** Counterpart: RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Counterpart: k8s.io/apimachinery/pkg/util/strategicpatch StrategicMergePatch. */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'delete') return {};
  if (patch.$patch === 'replace') return without(patch, '$patch');
  let result: Json = isObject(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    const keep = new Set(patch.$retainKeys as string[]);
    result = Object.fromEntries(Object.entries(result).filter(([key]) => keep.has(key)));
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$retainKeys' || key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice(key.indexOf('/') + 1);
      if (Array.isArray(result[name]) && Array.isArray(value))
        result[name] = (result[name] as unknown[]).filter((item) => !value.includes(item));
    } else if (value === null) delete result[key];
    else if (Array.isArray(value)) result[key] = patchList(key, result[key], value);
    else result[key] = isObject(value) ? strategicPatch(result[key], value) : value;
  }
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith('$setElementOrder/') || !Array.isArray(value)) continue;
    const name = key.slice(key.indexOf('/') + 1);
    if (Array.isArray(result[name])) result[name] = reorder(name, result[name] as unknown[], value);
  }
  return result;
}

function patchList(name: string, target: unknown, patch: readonly unknown[]): unknown[] {
  const key = MERGE_KEYS[name];
  const old = Array.isArray(target) ? (target as unknown[]) : [];
  if (MERGED_SETS.has(name)) return [...old, ...patch.filter((item) => !old.includes(item))];
  if (key === undefined || !patch.every(isObject)) return [...patch];
  if (patch.some((item) => item.$patch === 'replace')) return patch.filter((item) => item.$patch !== 'replace');
  const result = [...old];
  for (const item of patch) {
    const at = result.findIndex((existing) => isObject(existing) && existing[key] === item[key]);
    if (item.$patch === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategicPatch(result[at], item);
    else result.push(strategicPatch(undefined, item));
  }
  return result;
}

/** Items the order names come in that order; others keep their place after their former predecessor. */
function reorder(name: string, items: readonly unknown[], order: readonly unknown[]): unknown[] {
  const key = MERGE_KEYS[name];
  const id = (item: unknown): unknown => (key !== undefined && isObject(item) ? item[key] : item);
  const position = (item: unknown): number => order.findIndex((entry) => id(entry) === id(item));
  const named = items.filter((item) => position(item) >= 0).sort((a, b) => position(a) - position(b));
  const result = [...named];
  items.forEach((item, i) => {
    if (position(item) >= 0) return;
    const before = i === 0 ? -1 : result.indexOf(items[i - 1]);
    result.splice(before + 1, 0, item);
  });
  return result;
}

function without(value: Json, key: string): Json {
  const { [key]: _, ...rest } = value;
  return rest;
}

/** Counterpart: RFC 6902; a text is the reason it cannot be applied. */
export function jsonPatch(target: unknown, operations: readonly unknown[]): { readonly value: unknown } | string {
  let value: unknown = structuredClone(target);
  for (const operation of operations) {
    const { op, path, value: operand, from } = operation as { op: string; path: string; value?: unknown; from?: string };
    const moved = op === 'move' || op === 'copy' ? lookup(value, from ?? '') : undefined;
    if (moved !== undefined && 'missing' in moved)
      return `${op} operation does not apply: doc is missing from path: ${from}: missing value`;
    if (op === 'test') {
      const found = lookup(value, path);
      if ('missing' in found || goJson(found.value) !== goJson(operand)) return `testing value ${path} failed: test failed`;
      continue;
    }
    if (op === 'move') value = edit(value, from ?? '', 'remove', undefined).value;
    const result = edit(value, path, op === 'move' || op === 'copy' ? 'add' : op, moved === undefined ? operand : moved.value);
    if (result.error !== undefined) return result.error;
    value = result.value;
  }
  return { value };
}

const parts = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function lookup(value: unknown, path: string): { readonly value: unknown } | { readonly missing: true; readonly value?: undefined } {
  let at = value;
  for (const part of parts(path)) {
    if (typeof at !== 'object' || at === null || !(part in at)) return { missing: true };
    at = (at as Json)[part];
  }
  return { value: at };
}

function edit(value: unknown, path: string, op: string, operand: unknown): { value: unknown; error?: string } {
  const steps = parts(path);
  const last = steps.pop();
  if (last === undefined) return { value: operand };
  const parent = lookup(value, steps.length === 0 ? '' : path.slice(0, path.lastIndexOf('/')));
  const missing = (kind: string): { value: unknown; error: string } => ({
    value,
    error: `${op} operation does not apply: doc is missing ${kind}: ${path}: missing value`,
  });
  if ('missing' in parent || typeof parent.value !== 'object' || parent.value === null) return missing('path');
  if (Array.isArray(parent.value)) {
    const index = last === '-' ? parent.value.length : /^[0-9]+$/.test(last) ? Number(last) : Number.POSITIVE_INFINITY;
    if (index > parent.value.length || (op !== 'add' && index === parent.value.length)) return missing('key');
    if (op === 'add') parent.value.splice(index, 0, operand);
    else if (op === 'remove') parent.value.splice(index, 1);
    else parent.value[index] = operand;
    return { value };
  }
  const object = parent.value as Json;
  if (op !== 'add' && !(last in object))
    return op === 'remove'
      ? { value, error: `remove operation does not apply: doc is missing key: ${path}: missing value` }
      : missing('key');
  if (op === 'remove') delete object[last];
  else object[last] = operand;
  return { value };
}
