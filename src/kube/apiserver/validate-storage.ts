// Claims, volumes, classes and drivers.
// Counterpart: validation.go ValidatePersistentVolume…; pkg/apis/storage/validation/validation.go, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { goJson } from '#yaml/json.ts';
import { internalLines } from '../api/internal.ts';
import { fieldsOf } from '../api/schema.ts';
import { type FieldError, forbidden, invalid, invalidJson, notSupported, notSupportedJson, required, tooLong } from './field-error.ts';
import { dnsSubdomain, qualifiedName } from './names.ts';
import { unifiedDiff } from './unifiedDiff.ts';
import { oneSource } from './validate-volume.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];
const NOT_POSITIVE = 'must be greater than zero';
const IMMUTABLE = 'field is immutable';

/** A claim is told how many modes it needs, a volume only that they are required. */
function accessModes(given: readonly string[], none: string): FieldError[] {
  const errors = given.length === 0 ? [required('spec.accessModes', none)] : [];
  errors.push(...given.filter((mode) => !MODES.includes(mode)).map((mode) => notSupported('spec.accessModes', mode, MODES)));
  if (given.includes('ReadWriteOncePod') && given.some((mode) => mode !== 'ReadWriteOncePod' && MODES.includes(mode)))
    errors.push(forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

const className = (name: string | undefined): FieldError[] =>
  name ? dnsSubdomain(name).map((text) => invalid('spec.storageClassName', name, text)) : [];

const volumeMode = (mode: string | undefined): FieldError[] =>
  mode === undefined || VOLUME_MODES.includes(mode) ? [] : [notSupported('spec.volumeMode', mode, VOLUME_MODES)];

export function claim({ spec }: Json): FieldError[] {
  const errors = accessModes(spec.accessModes ?? [], 'at least 1 access mode is required');
  const size = spec.resources?.requests?.storage;
  if (size === undefined) errors.push(required('spec.resources[storage]'));
  else if (nanoOf(String(size)) <= 0n) errors.push(invalid('spec.resources[storage]', String(size), NOT_POSITIVE));
  return [...errors, ...className(spec.storageClassName), ...volumeMode(spec.volumeMode)];
}

const SOURCES = (fieldsOf('PersistentVolumeSource') ?? []).map(({ json }) => json);

export function volume({ spec }: Json): FieldError[] {
  const errors = accessModes(spec.accessModes ?? [], '');
  const { capacity = {} } = spec;
  const amounts = Object.entries<string>(capacity);
  if (amounts.length === 0) errors.push(required('spec.capacity'));
  if (capacity.storage === undefined || amounts.length > 1)
    errors.push(notSupportedJson('spec.capacity', spec.capacity === undefined ? 'null' : goJson(capacity), ['storage']));
  for (const [name, amount] of amounts) {
    const nano = nanoOf(String(amount));
    if (nano < 0n) errors.push(invalid(`spec.capacity[${name}]`, nano / 1_000_000_000n, 'must be a valid resource quantity'));
    if (nano <= 0n) errors.push(invalid(`spec.capacity[${name}]`, String(amount), NOT_POSITIVE));
  }
  const policies = ['Delete', 'Recycle', 'Retain'];
  const policy = spec.persistentVolumeReclaimPolicy;
  if (policy && !policies.includes(policy)) errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, policies));
  errors.push(...sourceOf(spec));
  if (spec.hostPath !== undefined && /^\/+$/.test(spec.hostPath.path ?? '') && policy === 'Recycle')
    errors.push(forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  return [...errors, ...className(spec.storageClassName), ...volumeMode(spec.volumeMode)];
}

function sourceOf(spec: Json): FieldError[] {
  const given = SOURCES.filter((source) => spec[source] !== undefined);
  if (given.length === 0) return [required('spec', 'must specify a volume type')];
  const errors = given.slice(1).map((source) => forbidden(`spec.${source}`, 'may not specify more than 1 volume type'));
  const [first] = given;
  if (first === 'hostPath' || first === 'nfs') errors.push(...oneSource(first, spec[first], `spec.${first}`));
  if (first === 'local') {
    if (!spec.local.path) errors.push(required('spec.local.path'));
    if (spec.nodeAffinity === undefined) errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (first === 'csi') {
    if (!spec.csi.driver) errors.push(required('spec.csi.driver'));
    if (!spec.csi.volumeHandle) errors.push(required('spec.csi.volumeHandle'));
  }
  return errors;
}

const MAX_PARAMETERS = 512;
const MAX_PARAMETER_BYTES = 262144;

export function storageClass({ provisioner, parameters = {}, reclaimPolicy, volumeBindingMode }: Json): FieldError[] {
  const errors: FieldError[] = provisioner
    ? qualifiedName(provisioner.toLowerCase()).map((text) => invalid('provisioner', provisioner, text))
    : [required('provisioner')];
  const given = Object.entries<string>(parameters);
  if (given.length > MAX_PARAMETERS) return [...errors, tooLong('parameters', MAX_PARAMETERS)];
  if (given.some(([key]) => key === '')) errors.push(invalid('parameters', '', 'field can not be empty.'));
  if (given.reduce((sum, [key, value]) => sum + key.length + value.length, 0) > MAX_PARAMETER_BYTES)
    errors.push(tooLong('parameters', MAX_PARAMETER_BYTES));
  const policies = ['Delete', 'Retain'];
  if (!policies.includes(reclaimPolicy)) errors.push(notSupported('reclaimPolicy', reclaimPolicy, policies));
  const modes = ['Immediate', 'WaitForFirstConsumer'];
  return modes.includes(volumeBindingMode) ? errors : [...errors, notSupported('volumeBindingMode', volumeBindingMode, modes)];
}

const POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const LIFECYCLES = ['Ephemeral', 'Persistent'];

export function csiDriver({ spec = {} }: Json): FieldError[] {
  const policy = spec.fsGroupPolicy;
  const errors = policy === undefined || POLICIES.includes(policy) ? [] : [notSupported('spec.fsGroupPolicy', policy, POLICIES)];
  return [
    ...(spec.volumeLifecycleModes ?? [])
      .filter((mode: string) => !LIFECYCLES.includes(mode))
      .map((mode: string) => notSupported('spec.volumeLifecycleModes', mode, LIFECYCLES)),
    ...errors,
  ];
}

const differs = (a: Json, b: Json): boolean => goJson(a ?? null) !== goJson(b ?? null);
const immutable = (field: string, is: Json, was: Json): FieldError[] =>
  differs(is, was) ? [invalidJson(field, goJson(is ?? null), IMMUTABLE)] : [];

/** What a claim keeps: everything but its size and class of attributes once it is bound. */
export function claimUpdate(object: Json, old: Json): FieldError[] {
  const is = structuredClone(object.spec);
  const was = structuredClone(old.spec);
  if (!was.volumeName) was.volumeName = is.volumeName;
  if (was.storageClassName === undefined && is.storageClassName !== undefined) is.storageClassName = undefined;
  if (object.status?.phase === 'Bound') {
    if (is.resources?.requests !== undefined) is.resources.requests.storage = was.resources?.requests?.storage;
    if (is.volumeAttributesClassName !== undefined) is.volumeAttributesClassName = was.volumeAttributesClassName;
  }
  const errors: FieldError[] = [];
  const [before, after] = [was, is].map((spec) => internalLines('PersistentVolumeClaimSpec', spec)) as [string[], string[]];
  if (before.join('\n') !== after.join('\n')) {
    const text = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden('spec', `${text}\n${unifiedDiff(before, after)}\n`));
  }
  const size = (given: Json): bigint => nanoOf(String(given ?? '0'));
  const wanted = size(object.spec.resources?.requests?.storage);
  if (wanted < size(old.spec.resources?.requests?.storage) && wanted <= size(old.status?.capacity?.storage))
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  return [...errors, ...immutable('volumeMode', object.spec.volumeMode, old.spec.volumeMode)];
}

/** What a volume keeps: its source, its mode, and a node affinity once it has one. */
export function volumeUpdate(object: Json, old: Json): FieldError[] {
  const [before, after] = [old, object].map(({ spec }) => internalLines('PersistentVolumeSource', spec)) as [string[], string[]];
  const errors: FieldError[] = [];
  if (before.join('\n') !== after.join('\n')) {
    const field = 'spec.persistentvolumesource';
    errors.push(forbidden(field, `${field} is immutable after creation\n${unifiedDiff(before, after)}\n`));
  }
  errors.push(...immutable('volumeMode', object.spec.volumeMode, old.spec.volumeMode));
  if (old.spec.nodeAffinity !== undefined && differs(object.spec.nodeAffinity, old.spec.nodeAffinity))
    errors.push(
      invalidJson('nodeAffinity', goJson(object.spec.nodeAffinity ?? null), `${IMMUTABLE}, except for updating from beta label to GA`),
    );
  return errors;
}

/** What a class keeps. */
export function storageClassUpdate(object: Json, old: Json): FieldError[] {
  return [
    ...['parameters', 'provisioner', 'reclaimPolicy']
      .filter((field) => differs(object[field], old[field]))
      .map((field) => forbidden(field, `updates to ${field} are forbidden.`)),
    ...immutable('volumeBindingMode', object.volumeBindingMode, old.volumeBindingMode),
  ];
}

/** What a driver keeps; the first field is misspelt in the original. */
export const csiDriverUpdate = (object: Json, old: Json): FieldError[] => [
  ...immutable('spec.attachedRequired', object.spec?.attachRequired, old.spec?.attachRequired),
  ...immutable('spec.volumeLifecycleModes', object.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes),
];
