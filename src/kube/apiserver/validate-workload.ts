// Kinds with a pod template. Counterpart: pkg/apis/{apps,batch}/validation/validation.go, ValidateReplicationController, v1.36.

import { goJson } from '#yaml/json.ts';
import { internalJson } from '../api/internal.ts';
import { type FieldError, forbidden, invalid, invalidJson, notSupported, notSupportedJson, required } from './field-error.ts';
import { annotations, labels } from './names.ts';
import { matchesSelector } from './selectors.ts';
import { templateOf } from './template.ts';
import type { ValidateOptions } from './validate.ts';
import { cronJobSpec, jobSpec } from './validate-job.ts';
import { NOT_NEGATIVE, notNegative } from './validate-number.ts';
import { labelSelector } from './validate-placement.ts';
import { podSpec } from './validate-pod.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Errors of an object with a pod template. */
export function workload(kind: string, object: Json, options: ValidateOptions, old?: Json): FieldError[] {
  const found = templateOf(kind, object);
  if (found === undefined) return kind === 'ReplicationController' ? [required('spec.template')] : [];
  const { at } = found;
  const { spec } = object;
  const pods = [...templateErrors(found.template, at, options)];
  const numbers = (...fields: string[]): FieldError[] => fields.flatMap((field) => notNegative(spec, field, 'spec'));
  const template = (): FieldError[] => [
    ...mismatch(kind, spec, found.template, at),
    ...pods,
    ...running(kind, found.template.spec ?? {}, at),
  ];
  switch (kind) {
    case 'Deployment':
      return [
        ...numbers('replicas'),
        ...selector(spec, 'deployment'),
        ...template(),
        ...deploymentStrategy(spec.strategy ?? {}),
        ...numbers('minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'),
        ...(typeof spec.progressDeadlineSeconds === 'number' && spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)
          ? [invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds')]
          : []),
      ];
    case 'ReplicaSet':
      return [...numbers('replicas', 'minReadySeconds'), ...selector(spec, 'deployment'), ...template()];
    case 'DaemonSet':
      return [
        ...mismatch(kind, spec, found.template, at),
        ...(spec.selector === undefined ? [] : selector(spec, 'daemonset')),
        ...pods,
        ...running(kind, found.template.spec ?? {}, at),
        ...numbers('minReadySeconds'),
        ...daemonStrategy(spec.updateStrategy ?? {}),
        ...numbers('revisionHistoryLimit'),
      ];
    case 'StatefulSet':
      return [
        ...statefulStrategy(spec),
        ...numbers('replicas', 'minReadySeconds'),
        ...notNegative(spec.ordinals, 'start', 'spec.ordinals'),
        ...selector(spec, 'statefulset'),
        ...template(),
      ];
    case 'Job':
      return jobSpec(spec, 'spec', found.template.spec ?? {}, pods);
    case 'CronJob':
      return cronJobSpec(spec, object.metadata, found.template.spec ?? {}, pods, old);
    case 'ReplicationController':
      return [
        ...numbers('replicas', 'minReadySeconds'),
        ...(Object.keys(spec.selector ?? {}).length === 0 ? [required('spec.selector')] : []),
        ...template(),
      ];
    default:
      return pods;
  }
}

const templateErrors = (template: Json, at: string, options: ValidateOptions): FieldError[] => [
  ...labels(template.metadata?.labels, `${at}.labels`),
  ...annotations(template.metadata?.annotations, `${at}.annotations`),
  ...podSpec(template.spec ?? {}, `${at}.spec`, options),
];

function selector({ selector: given }: Json, name: string): FieldError[] {
  if (given === undefined) return [required('spec.selector')];
  const errors = labelSelector(given, 'spec.selector');
  const empty = Object.keys(given.matchLabels ?? {}).length + (given.matchExpressions ?? []).length === 0;
  return empty ? [...errors, invalidJson('spec.selector', goJson(given), `empty selector is invalid for ${name}`)] : errors;
}

/** Whether the template's labels are those the selector looks for. */
function mismatch(kind: string, spec: Json, template: Json, at: string): FieldError[] {
  const own: Record<string, string> = template.metadata?.labels ?? {};
  const given = kind === 'ReplicationController' ? { matchLabels: spec.selector } : spec.selector;
  const none = kind === 'ReplicationController' ? Object.keys(spec.selector ?? {}).length === 0 : given === undefined;
  if (!none && matchesSelector(given, own)) return [];
  const shown = Object.keys(own).length === 0 ? 'null' : goJson(own);
  return [invalidJson(`${at}.metadata.labels`, shown, '`selector` does not match template `labels`')];
}

/** Pods of a controller run for ever. */
function running(kind: string, spec: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const policy = spec.restartPolicy;
  if (policy !== 'Always' && policy !== undefined) errors.push(notSupported(`${at}.spec.restartPolicy`, policy, ['Always']));
  // A Deployment's template is looked at as a ReplicaSet's.
  const named = kind === 'Deployment' ? 'ReplicaSet' : kind;
  if (spec.activeDeadlineSeconds !== undefined)
    errors.push(forbidden(`${at}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${named} is not Supported`));
  return errors;
}

const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A count of pods, or a share of them. */
function amount(value: Json, at: string): FieldError[] {
  if (typeof value === 'number') return value < 0 ? [invalid(at, value, NOT_NEGATIVE)] : [];
  return /^[0-9]+%$/.test(value ?? '') ? [] : [invalid(at, value, PERCENT)];
}

const numberOf = (value: Json): number => (/^-?[0-9]+%?$/.test(String(value)) ? Number.parseInt(value, 10) : 0);
const below100 = (value: Json, at: string): FieldError[] =>
  typeof value === 'string' && /^[0-9]+%$/.test(value) && numberOf(value) > 100
    ? [invalid(at, value, 'must not be greater than 100%')]
    : [];

function deploymentStrategy(strategy: Json): FieldError[] {
  const at = 'spec.strategy';
  if (strategy.type === 'Recreate')
    return strategy.rollingUpdate === undefined
      ? []
      : [forbidden(`${at}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  if (strategy.type !== 'RollingUpdate')
    return [notSupportedJson(at, internalJson('DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate'])];
  const { maxUnavailable, maxSurge } = strategy.rollingUpdate;
  const field = `${at}.rollingUpdate.maxUnavailable`;
  return [
    ...amount(maxUnavailable, field),
    ...amount(maxSurge, `${at}.rollingUpdate.maxSurge`),
    ...(numberOf(maxUnavailable) === 0 && numberOf(maxSurge) === 0
      ? [invalid(field, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
      : []),
    ...below100(maxUnavailable, field),
  ];
}

function daemonStrategy(strategy: Json): FieldError[] {
  const at = 'spec.updateStrategy';
  if (strategy.type === 'OnDelete') return [];
  if (strategy.type !== 'RollingUpdate')
    return [notSupportedJson(at, internalJson('DaemonSetUpdateStrategy', strategy), ['RollingUpdate', 'OnDelete'])];
  const { maxUnavailable, maxSurge } = strategy.rollingUpdate;
  const fields = [`${at}.rollingUpdate.maxUnavailable`, `${at}.rollingUpdate.maxSurge`] as const;
  const [some, more] = [numberOf(maxUnavailable) !== 0, numberOf(maxSurge) !== 0];
  return [
    ...amount(maxUnavailable, fields[0]),
    ...amount(maxSurge, fields[1]),
    ...below100(maxUnavailable, fields[0]),
    ...below100(maxSurge, fields[1]),
    ...(some && more ? [invalid(fields[1], maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
    ...(!some && !more ? [required(fields[0], 'cannot be 0 when maxSurge is 0')] : []),
  ];
}

function statefulStrategy(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const policy = spec.podManagementPolicy;
  if (policy !== 'OrderedReady' && policy !== 'Parallel')
    errors.push(invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
  const at = 'spec.updateStrategy';
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type === 'OnDelete' && rollingUpdate !== undefined)
    errors.push(
      invalidJson(
        `${at}.rollingUpdate`,
        internalJson('RollingUpdateStatefulSetStrategy', rollingUpdate),
        "only allowed for updateStrategy 'RollingUpdate'",
      ),
    );
  else if (type === 'RollingUpdate') errors.push(...notNegative(rollingUpdate, 'partition', `${at}.rollingUpdate`));
  else if (type !== 'OnDelete')
    errors.push(invalidJson(at, internalJson('StatefulSetUpdateStrategy', spec.updateStrategy), "must be 'RollingUpdate' or 'OnDelete'"));
  for (const when of ['whenDeleted', 'whenScaled']) {
    const given = spec.persistentVolumeClaimRetentionPolicy?.[when];
    if (given !== 'Retain' && given !== 'Delete')
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, given ?? '', ['Retain', 'Delete']));
  }
  return errors;
}
