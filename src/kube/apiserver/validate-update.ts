// What may change in a stored Pod. Counterpart: validation.go ValidatePodUpdate, v1.36.

import { internalLines } from '../api/internal.ts';
import { type FieldError, forbidden, invalid, required } from './field-error.ts';
import { annotations, labels } from './names.ts';
import { unifiedDiff } from './unifiedDiff.ts';
import type { ValidateOptions } from './validate.ts';
import { gatesOnlyGo } from './validate-placement.ts';
import { podMetadata, podSpec } from './validate-pod.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const HEAD =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

export function podUpdate(pod: Json, old: Json, options: ValidateOptions): FieldError[] {
  const errors: FieldError[] = [
    ...labels(pod.metadata.labels, 'metadata.labels'),
    ...annotations(pod.metadata.annotations, 'metadata.annotations'),
  ];
  errors.push(
    ...podMetadata(pod).filter((e) => !e.field.startsWith('metadata.labels') && e.field !== 'metadata.annotations'),
    ...podSpec(pod.spec, 'spec', options),
  );
  const before: Record<string, string> = old.metadata.annotations ?? {};
  const after: Record<string, string> = pod.metadata.annotations ?? {};
  for (const key of Object.keys(before))
    if (key.startsWith(APPARMOR) && after[key] !== before[key])
      errors.push(forbidden(`metadata.annotations[${key}]`, 'may not remove or update AppArmor annotations'));
  for (const key of Object.keys(after))
    if (key.startsWith(APPARMOR) && before[key] === undefined)
      errors.push(forbidden(`metadata.annotations[${key}]`, 'may not add AppArmor annotations'));
  for (const list of ['containers', 'initContainers']) {
    if ((pod.spec[list] ?? []).length !== (old.spec[list] ?? []).length)
      return [...errors, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
  }
  const munged = structuredClone(pod.spec);
  for (const list of ['containers', 'initContainers']) {
    (munged[list] ?? []).forEach((container: Json, i: number) => {
      const field = `spec.${list}[${i}].image`;
      if (!container.image) errors.push(required(field));
      else if (container.image.trim() !== container.image)
        errors.push(invalid(field, container.image, 'must not have leading or trailing whitespace'));
      container.image = old.spec[list][i].image;
    });
  }
  const was = old.spec.activeDeadlineSeconds;
  const is = pod.spec.activeDeadlineSeconds;
  if (is !== undefined && (is < 0 || is > 2147483647))
    return [...errors, invalid('spec.activeDeadlineSeconds', is, 'must be between 0 and 2147483647, inclusive')];
  if (is !== undefined && was !== undefined && is > was)
    return [...errors, invalid('spec.activeDeadlineSeconds', is, 'must be less than or equal to previous value')];
  if (is === undefined && was !== undefined)
    return [...errors, invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value')];
  munged.activeDeadlineSeconds = was;
  errors.push(...gatesOnlyGo(pod.spec.schedulingGates ?? [], old.spec.schedulingGates ?? [], 'spec.schedulingGates'));
  munged.schedulingGates = old.spec.schedulingGates;
  errors.push(...tolerationsGrow(pod.spec.tolerations ?? [], old.spec.tolerations ?? []));
  munged.tolerations = old.spec.tolerations;
  if (pod.spec.terminationGracePeriodSeconds === 1 && old.spec.terminationGracePeriodSeconds < 0)
    munged.terminationGracePeriodSeconds = old.spec.terminationGracePeriodSeconds;
  munged.ephemeralContainers = old.spec.ephemeralContainers;
  const a = internalLines('PodSpec', old.spec);
  const b = internalLines('PodSpec', munged);
  if (a.join('\n') !== b.join('\n')) errors.push(forbidden('spec', `${HEAD}\n${unifiedDiff(a, b)}\n`));
  return errors;
}

function tolerationsGrow(list: readonly Json[], old: readonly Json[]): FieldError[] {
  const same = (x: Json, y: Json): boolean => ['key', 'operator', 'value', 'effect'].every((key) => (x[key] ?? '') === (y[key] ?? ''));
  return old.every((item) => list.some((other) => same(item, other)))
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}
