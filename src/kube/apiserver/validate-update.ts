// What may change in a stored Pod. Counterpart: validation.go ValidatePodUpdate, v1.36.

import { goJson } from '#yaml/json.ts';
import { internalLines, toInternal } from '../api/internal.ts';
import { type FieldError, forbidden, invalid, invalidJson, required } from './field-error.ts';
import { annotations, labels } from './names.ts';
import { unifiedDiff } from './unifiedDiff.ts';
import type { ValidateOptions } from './validate.ts';
import { gatesOnlyGo } from './validate-placement.ts';
import { podMetadata, podSpec } from './validate-pod.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const HEAD =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
/** Annotations that stay as they were, by how they begin. */
const KEPT_ANNOTATIONS = [
  ['container.apparmor.security.beta.kubernetes.io/', 'AppArmor annotations'],
  ['kubernetes.io/config.mirror', 'mirror pod annotation'],
] as const;

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
  for (const [prefix, what] of KEPT_ANNOTATIONS) {
    for (const key of Object.keys(before))
      if (key.startsWith(prefix) && after[key] !== before[key])
        errors.push(forbidden(`metadata.annotations[${key}]`, `may not remove or update ${what}`));
    for (const key of Object.keys(after))
      if (key.startsWith(prefix) && before[key] === undefined)
        errors.push(forbidden(`metadata.annotations[${key}]`, `may not add ${what}`));
  }
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
    errors.push(invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'));
  munged.activeDeadlineSeconds = was;
  errors.push(...tolerationsGrow(pod.spec.tolerations ?? [], old.spec.tolerations ?? []));
  errors.push(...gatesOnlyGo(pod.spec.schedulingGates ?? [], old.spec.schedulingGates ?? [], 'spec.schedulingGates'));
  munged.schedulingGates = old.spec.schedulingGates;
  munged.tolerations = old.spec.tolerations;
  if (pod.spec.terminationGracePeriodSeconds === 1 && old.spec.terminationGracePeriodSeconds < 0)
    munged.terminationGracePeriodSeconds = old.spec.terminationGracePeriodSeconds;
  munged.ephemeralContainers = old.spec.ephemeralContainers;
  if ((old.spec.schedulingGates ?? []).length > 0) errors.push(...gated(munged, old.spec));
  const a = internalLines('PodSpec', old.spec);
  const b = internalLines('PodSpec', munged);
  if (a.join('\n') !== b.join('\n')) errors.push(forbidden('spec', `${HEAD}\n${unifiedDiff(a, b)}\n`));
  return errors;
}

/** While a pod waits at its gates, what chooses its node may become stricter; such changes are taken out of `munged`. */
function gated(munged: Json, old: Json): FieldError[] {
  const errors: FieldError[] = [];
  const kept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => munged.nodeSelector?.[key] === value);
  if (!kept)
    errors.push(
      invalidJson(
        'spec.nodeSelector',
        munged.nodeSelector === undefined ? 'null' : goJson(munged.nodeSelector),
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)',
      ),
    );
  munged.nodeSelector = old.nodeSelector;
  const before = old.affinity?.nodeAffinity;
  errors.push(...nodeAffinityGrows(munged.affinity?.nodeAffinity, before));
  const affinity = { ...munged.affinity, nodeAffinity: before };
  munged.affinity = old.affinity === undefined && Object.values(affinity).every((value) => value === undefined) ? undefined : affinity;
  return errors;
}

function nodeAffinityGrows(is: Json, was: Json): FieldError[] {
  const field = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const terms = (affinity: Json): readonly Json[] => affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const [before, after] = [terms(was), terms(is)];
  const shown = (term: Json): unknown => toInternal('NodeSelectorTerm', term);
  if (before.length > 0 && before.length !== after.length)
    return [
      invalidJson(
        field,
        after.length === 0 ? 'null' : goJson(after.map(shown), true),
        'no additions/deletions to non-empty NodeSelectorTerms list are allowed',
      ),
    ];
  return before.flatMap((term, i) =>
    onlyAdds(after[i], term)
      ? []
      : [invalidJson(`${field}[${i}]`, goJson(shown(after[i]), true), 'only additions are allowed (no mutations or deletions)')],
  );
}

function onlyAdds(is: Json, was: Json): boolean {
  const lists = ['matchExpressions', 'matchFields'];
  if (lists.every((list) => (was[list] ?? []).length === 0)) return lists.every((list) => (is[list] ?? []).length === 0);
  return lists.every((list) => {
    const before: readonly Json[] = was[list] ?? [];
    return before.every((rule, i) => goJson(rule) === goJson((is[list] ?? [])[i] ?? null));
  });
}

function tolerationsGrow(list: readonly Json[], old: readonly Json[]): FieldError[] {
  const same = (x: Json, y: Json): boolean => ['key', 'operator', 'value', 'effect'].every((key) => (x[key] ?? '') === (y[key] ?? ''));
  return old.every((item) => list.some((other) => same(item, other)))
    ? []
    : [forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds')];
}
