// LimitRanges: requests and limits for containers that name none, and bounds for what they name.
// Counterpart: kubernetes/plugin/pkg/admission/limitranger/admission.go, v1.36.
// Deviates: PersistentVolumeClaims are not bounded; init containers count as containers, not in the sum of a Pod

import { nanoOf, sumOf } from '#base/quantity.ts';
import type { KubeObject } from '../api/object.ts';
import type { Defaulter } from './defaults.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;
type Amounts = Readonly<Record<string, string>>;

const ANNOTATION = 'kubernetes.io/limit-ranger';
const sorted = (map: Amounts | undefined): [string, string][] => Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

const containersOf = (spec: Json): readonly (readonly [container: Json, pointer: string, word: string])[] =>
  (
    [
      ['containers', 'container'],
      ['initContainers', 'init container'],
    ] as const
  ).flatMap(([list, word]) => (spec[list] ?? []).map((one: Json, i: number) => [one, `/spec/${list}/${i}`, word] as const));

/** Gives containers the defaults of a namespace's LimitRanges and says so in an annotation. */
export function applyLimitDefaults(pod: Json, ranges: readonly KubeObject[], defaulter: Defaulter): void {
  for (const range of ranges) {
    const own: readonly Json[] = (range.spec?.limits ?? []).filter(({ type }: Json) => type === 'Container');
    const merged = (field: 'default' | 'defaultRequest'): Amounts => Object.assign({}, ...own.map((limit) => limit[field]));
    const notes: string[] = [];
    for (const [container, pointer, word] of containersOf(pod.spec))
      for (const [field, list] of [
        ['requests', merged('defaultRequest')],
        ['limits', merged('default')],
      ] as const) {
        const missing = sorted(list).filter(([name]) => container.resources?.[field]?.[name] === undefined);
        if (missing.length === 0) continue;
        container.resources = { ...container.resources, [field]: { ...container.resources?.[field] } };
        for (const [name, amount] of missing)
          defaulter.set(container.resources[field], `${pointer}/resources/${field}`, name, amount, 'admission.limitRanger');
        notes.push(`${missing.map(([name]) => name).join(', ')} ${field.slice(0, -1)} for ${word} ${container.name}`);
      }
    if (notes.length === 0) continue;
    pod.metadata.annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}` };
  }
}

/** Why a Pod lies outside the bounds of a LimitRange; undefined: it does not. Every range is asked, the first that objects answers. */
export function outsideLimits(pod: Json, ranges: readonly KubeObject[]): string | undefined {
  for (const range of ranges) {
    const errors = (range.spec?.limits ?? []).flatMap((limit: Json): readonly string[] => {
      if (limit.type === 'Container') return containersOf(pod.spec).flatMap(([container]) => bounds(limit, container.resources ?? {}));
      return limit.type === 'Pod' ? bounds(limit, { requests: total(pod, 'requests'), limits: total(pod, 'limits') }) : [];
    });
    if (errors.length > 0) return errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
  }
  return undefined;
}

/** The sum over the containers, of resources that all of them name. */
function total(pod: Json, field: 'requests' | 'limits'): Amounts {
  const lists: Amounts[] = pod.spec.containers.map((one: Json) => one.resources?.[field] ?? {});
  const names = Object.keys(lists[0] ?? {}).filter((name) => lists.every((list) => list[name] !== undefined));
  return Object.fromEntries(names.map((name) => [name, sumOf(lists.map((list) => list[name] as string))]));
}

function bounds({ type, min, max, maxLimitRequestRatio }: Json, { requests = {}, limits = {} }: Json): readonly string[] {
  const low = sorted(min).flatMap(([name, bound]) => {
    const head = `minimum ${name} usage per ${type} is ${bound}`;
    if (requests[name] === undefined) return [`${head}. No request is specified`];
    if (nanoOf(requests[name]) < nanoOf(bound)) return [`${head}, but request is ${requests[name]}`];
    return limits[name] !== undefined && nanoOf(limits[name]) < nanoOf(bound) ? [`${head}, but limit is ${limits[name]}`] : [];
  });
  const high = sorted(max).flatMap(([name, bound]) => {
    const head = `maximum ${name} usage per ${type} is ${bound}`;
    if (limits[name] === undefined) return [`${head}. No limit is specified`];
    if (nanoOf(limits[name]) > nanoOf(bound)) return [`${head}, but limit is ${limits[name]}`];
    return requests[name] !== undefined && nanoOf(requests[name]) > nanoOf(bound) ? [`${head}, but request is ${requests[name]}`] : [];
  });
  const ratio = sorted(maxLimitRequestRatio).flatMap(([name, bound]) => {
    const head = `${name} max limit to request ratio per ${type} is ${bound}`;
    const [request, limit] = [nanoOf(requests[name] ?? '0'), nanoOf(limits[name] ?? '0')];
    if (request === 0n) return [`${head}, but no request is specified or request is 0`];
    if (limit === 0n) return [`${head}, but no limit is specified or limit is 0`];
    const provided = Number(limit) / Number(request);
    return provided > Number(nanoOf(bound)) / 1e9 ? [`${head}, but provided ratio is ${provided.toFixed(6)}`] : [];
  });
  return [...low, ...high, ...ratio];
}
