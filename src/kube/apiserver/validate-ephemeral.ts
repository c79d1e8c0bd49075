// Ephemeral containers: what they may say, and that existing ones stay as they are.
// Counterpart: kubernetes/pkg/apis/core/validation validateEphemeralContainers, ValidatePodEphemeralContainersUpdate, v1.36.

import { internalLines } from '../api/internal.ts';
import { duplicate, type FieldError, forbidden, notFound } from './field-error.ts';
import { unifiedDiff } from './unifiedDiff.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const FORBIDDEN = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe', 'ports', 'resizePolicy', 'resources', 'restartPolicy'];

const isEmpty = (value: Json): boolean => value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

/** What is wrong with ephemeral containers besides what holds for every container. */
export function ephemeralContainers(spec: Json, at: string): FieldError[] {
  const others: string[] = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((c: Json) => c.name);
  const seen = new Set(others);
  return (spec.ephemeralContainers ?? []).flatMap((container: Json, i: number) => {
    const field = `${at}.ephemeralContainers[${i}]`;
    const errors: FieldError[] = [];
    if (seen.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    seen.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.includes(target)) errors.push(notFound(`${field}.targetContainerName`, target));
    for (const key of FORBIDDEN)
      if (!isEmpty(container[key])) errors.push(forbidden(`${field}.${key}`, 'cannot be set for an Ephemeral Container'));
    (container.volumeMounts ?? []).forEach((mount: Json, m: number) => {
      for (const key of ['subPath', 'subPathExpr'])
        if (mount[key]) errors.push(forbidden(`${field}.volumeMounts[${m}].${key}`, 'cannot be set for an Ephemeral Container'));
    });
    return errors;
  });
}

/** An update through the subresource: containers may only come in addition. */
export function ephemeralUpdate(pod: Json, old: Json): FieldError[] {
  const given: Json[] = pod.spec.ephemeralContainers ?? [];
  return (old.spec.ephemeralContainers ?? []).flatMap((before: Json) => {
    const after = given.find((c) => c.name === before.name);
    if (after === undefined)
      return [forbidden('spec.ephemeralContainers', `existing ephemeral containers "${before.name}" may not be removed\n`)];
    const [a, b] = [internalLines('EphemeralContainer', before), internalLines('EphemeralContainer', after)];
    if (a.join('\n') === b.join('\n')) return [];
    return [
      forbidden('spec.ephemeralContainers', `existing ephemeral containers "${before.name}" may not be changed\n${unifiedDiff(a, b)}\n`),
    ];
  });
}
