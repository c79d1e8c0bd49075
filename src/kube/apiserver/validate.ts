// Validation of every kind on create and update; all errors are collected, in the server's order.
// Counterpart: kubernetes/pkg/apis/core/validation/validation.go, v1.36.

import { type FieldError, forbidden, invalid } from './field-error.ts';
import { annotations, dns1035Label, dnsLabel, dnsSubdomain, labels, objectMeta, pathSegment } from './names.ts';
import { levelLabels } from './pod-security.ts';
import { ephemeralUpdate } from './validate-ephemeral.ts';
import { kindUpdate } from './validate-kind-update.ts';
import { otherKind } from './validate-kinds.ts';
import { podMetadata, podSpec } from './validate-pod.ts';
import { podUpdate } from './validate-update.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface ValidateOptions {
  readonly allowPrivileged: boolean;
  readonly subresource?: string;
}

/** What names of a kind look like. */
const nameRule = (kind: string): ((name: string) => string[]) => {
  if (kind === 'Namespace' || kind === 'StatefulSet') return dnsLabel;
  return kind === 'Service' ? dns1035Label : /Role/.test(kind) ? pathSegment : dnsSubdomain;
};

/** Errors of an object about to be created. */
export function validateCreate(kind: string, object: Json, options: ValidateOptions, old?: Json): FieldError[] {
  if (kind === 'Pod') {
    const errors = [...podMetadata(object), ...podSpec(object.spec, 'spec', options)];
    for (const list of ['containers', 'initContainers'])
      for (const [i, container] of (object.spec[list] ?? []).entries())
        if (container.image && container.image.trim() !== container.image)
          errors.push(invalid(`spec.${list}[${i}].image`, container.image, 'must not have leading or trailing whitespace'));
    if ((object.spec.ephemeralContainers ?? []).length > 0) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
    if (object.spec.nodeName && (object.spec.schedulingGates ?? []).length > 0)
      errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
    return [...errors, ...annotationsAgree(object)];
  }
  const errors = objectMeta(object.metadata, nameRule(kind));
  if (kind === 'Namespace') return [...errors, ...levelLabels(object.metadata.labels ?? {})];
  return [...errors, ...otherKind(kind, object, options, old)];
}

/** AppArmor and seccomp annotations must say the same as the fields. */
function annotationsAgree(pod: Json): FieldError[] {
  const notes: Record<string, string> = pod.metadata.annotations ?? {};
  const errors: FieldError[] = [];
  const compare = (annotation: string | undefined, profile: Json, at: string, what: string): void => {
    if (annotation === undefined || profile === undefined) return;
    const type =
      annotation === 'unconfined'
        ? 'Unconfined'
        : annotation.startsWith('localhost/')
          ? 'Localhost'
          : annotation === ''
            ? undefined
            : 'RuntimeDefault';
    if (type === undefined) return;
    if (profile.type !== type) errors.push(forbidden(`${at}.type`, `${what} type in annotation and field must match`));
    else if (type === 'Localhost' && profile.localhostProfile !== annotation.slice(10))
      errors.push(forbidden(`${at}.localhostProfile`, `${what} profile in annotation and field must match`));
  };
  compare(
    notes['seccomp.security.alpha.kubernetes.io/pod'],
    pod.spec.securityContext?.seccompProfile,
    'spec.securityContext.seccompProfile',
    'seccomp',
  );
  for (const list of ['initContainers', 'containers']) {
    for (const [i, container] of (pod.spec[list] ?? []).entries()) {
      const at = `spec.${list}[${i}].securityContext`;
      compare(
        notes[`container.seccomp.security.alpha.kubernetes.io/${container.name}`],
        container.securityContext?.seccompProfile,
        `${at}.seccompProfile`,
        'seccomp',
      );
      compare(
        notes[`container.apparmor.security.beta.kubernetes.io/${container.name}`],
        container.securityContext?.appArmorProfile,
        `${at}.appArmorProfile`,
        'apparmor',
      );
    }
  }
  return errors;
}

/** Errors of a changed object. */
export function validateUpdate(kind: string, object: Json, old: Json, options: ValidateOptions): FieldError[] {
  if (options.subresource === 'status') return [];
  if (kind === 'Pod')
    return options.subresource === 'ephemeralcontainers'
      ? [...podSpec(object.spec, 'spec', options), ...ephemeralUpdate(object, old)]
      : podUpdate(object, old, options);
  if (kind === 'Namespace')
    return [
      ...labels(object.metadata.labels, 'metadata.labels'),
      ...annotations(object.metadata.annotations, 'metadata.annotations'),
      ...levelLabels(object.metadata.labels ?? {}, old.metadata.labels),
    ];
  return kindUpdate(kind, object, old, validateCreate(kind, object, options, old));
}
