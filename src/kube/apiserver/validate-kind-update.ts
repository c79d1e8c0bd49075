// What may change in stored objects other than Pods and Namespaces.
// Counterpart: the Validate…Update functions of kubernetes/pkg/apis/{core,apps,batch,node,storage}/validation and ValidateUpdate of pkg/registry/apps/*/strategy.go, v1.36.

import { goJson } from '#yaml/json.ts';
import { toInternal } from '../api/internal.ts';
import { type FieldError, forbidden, invalid, invalidJson } from './field-error.ts';
import { keptData } from './validate-data.ts';
import { claimUpdate, csiDriverUpdate, storageClassUpdate, volumeUpdate } from './validate-storage.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const IMMUTABLE = 'field is immutable';
const same = (a: Json, b: Json): boolean => goJson(a ?? null) === goJson(b ?? null);

/** A field that keeps its value; `shown`: the new value as the server prints it. */
const kept = (field: string, is: Json, was: Json, shown = goJson(is ?? null)): FieldError[] =>
  same(is, was) ? [] : [invalidJson(field, shown, IMMUTABLE)];

/** Errors of a changed object; `errors`: what is wrong with it as such. */
export function kindUpdate(kind: string, object: Json, old: Json, errors: readonly FieldError[]): FieldError[] {
  const [is, was] = [object.spec ?? {}, old.spec ?? {}];
  switch (kind) {
    case 'ConfigMap':
    case 'Secret':
      return [...keptData(kind, object, old), ...errors];
    case 'StorageClass':
      return [...errors.filter((error) => error.field.startsWith('metadata')), ...storageClassUpdate(object, old)];
    case 'PersistentVolumeClaim':
      return [...errors, ...claimUpdate(object, old)];
    case 'PersistentVolume':
      return [...errors, ...volumeUpdate(object, old)];
    case 'CSIDriver':
      return [...errors, ...csiDriverUpdate(object, old)];
    case 'RuntimeClass':
      return [...errors, ...kept('handler', object.handler, old.handler)];
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
      return [...errors, ...kept('spec.selector', is.selector, was.selector)];
    case 'StatefulSet':
      return [...errors, ...statefulSet(is, was)];
    case 'Job':
      return [...errors, ...job(is, was, old.status)];
    case 'Service':
      return [...errors, ...clusterIp(is, was)];
    default:
      return [...errors];
  }
}

const STATEFUL = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function statefulSet(is: Json, was: Json): FieldError[] {
  const rest = (spec: Json): Json => Object.fromEntries(Object.entries(spec).filter(([key]) => !STATEFUL.includes(key)));
  if (same(rest(is), rest(was))) return [];
  const names = STATEFUL.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [forbidden('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

/** A template as the server's own type prints it: its metadata is embedded. */
function internalTemplate({ metadata = {}, spec = {} }: Json): string {
  const own = Object.fromEntries(
    ['name', 'labels', 'annotations'].flatMap((key) => (metadata[key] === undefined ? [] : [[key, metadata[key]]])),
  );
  return goJson({ ...own, Spec: toInternal('PodSpec', spec) }, true);
}

/** The template of a job that is suspended and has not begun may still be placed elsewhere. */
function job(is: Json, was: Json, status: Json): FieldError[] {
  const before = structuredClone(was.template ?? {});
  const after = is.template ?? {};
  if (was.suspend && status?.startTime === undefined) {
    before.metadata = { ...before.metadata, labels: after.metadata?.labels, annotations: after.metadata?.annotations };
    for (const key of ['nodeSelector', 'tolerations', 'schedulingGates']) before.spec[key] = after.spec?.[key];
    before.spec.affinity = { ...before.spec.affinity, nodeAffinity: after.spec?.affinity?.nodeAffinity };
    if (Object.values(before.spec.affinity).every((value) => value === undefined)) before.spec.affinity = undefined;
  }
  return [
    ...completions(is, was),
    ...kept('spec.selector', is.selector, was.selector),
    ...kept('spec.template', after, before, internalTemplate(after)),
    ...['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'].flatMap((field) =>
      kept(`spec.${field}`, is[field], was[field]),
    ),
  ];
}

/** Only a job with indexes can be made larger or smaller, together with how many run at once. */
function completions(is: Json, was: Json): FieldError[] {
  if (is.completionMode !== 'Indexed') return kept('spec.completions', is.completions, was.completions);
  return is.completions === was.completions || is.completions === undefined || is.completions === is.parallelism
    ? []
    : [invalid('spec.completions', is.completions, 'can only be modified in tandem with spec.parallelism')];
}

function clusterIp(is: Json, was: Json): FieldError[] {
  if (is.type === 'ExternalName' || was.type === 'ExternalName' || !was.clusterIP || is.clusterIP === was.clusterIP) return [];
  return [invalidJson('spec.clusterIPs[0]', goJson(is.clusterIPs ?? []), 'may not change once set')];
}
