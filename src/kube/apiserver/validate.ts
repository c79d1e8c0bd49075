// Validation of every kind on create and update; all errors are collected, in the server's order.
// Counterpart: kubernetes/pkg/apis/core/validation/validation.go, v1.36.

import { goJson } from '#yaml/json.ts';
import { type FieldError, forbidden, invalid, invalidJson, notSupported, required } from './field-error.ts';
import { annotations, configKey, dnsLabel, dnsSubdomain, labels, objectMeta } from './names.ts';
import { levelLabels } from './pod-security.ts';
import { podMetadata, podSpec } from './validate-pod.ts';
import { podUpdate } from './validate-update.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface ValidateOptions {
  readonly allowPrivileged: boolean;
  readonly subresource?: string;
}

/** Errors of an object about to be created. */
export function validateCreate(kind: string, object: Json, options: ValidateOptions): FieldError[] {
  if (kind === 'Pod') {
    const errors = [...podMetadata(object), ...podSpec(object.spec, 'spec', options)];
    for (const [i, container] of (object.spec.containers ?? []).entries()) {
      if (container.image && container.image.trim() !== container.image)
        errors.push(invalid(`spec.containers[${i}].image`, container.image, 'must not have leading or trailing whitespace'));
    }
    if ((object.spec.ephemeralContainers ?? []).length > 0) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
    return [...errors, ...annotationsAgree(object)];
  }
  const errors = objectMeta(object.metadata, kind === 'Namespace' ? dnsLabel : dnsSubdomain);
  if (kind === 'Namespace') return [...errors, ...levelLabels(object.metadata.labels ?? {})];
  return [...errors, ...other(kind, object, options)];
}

function other(kind: string, object: Json, options: ValidateOptions): FieldError[] {
  switch (kind) {
    case 'ConfigMap': {
      const errors = Object.keys(object.data ?? {}).flatMap((key) => [
        ...configKey(key).map((text) => invalid(`data[${key}]`, key, text)),
        ...(object.binaryData?.[key] === undefined ? [] : [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]),
      ]);
      return [
        ...errors,
        ...Object.keys(object.binaryData ?? {}).flatMap((key) => configKey(key).map((text) => invalid(`binaryData[${key}]`, key, text))),
      ];
    }
    case 'Secret':
      return Object.keys(object.data ?? {}).flatMap((key) => configKey(key).map((text) => invalid(`data[${key}]`, key, text)));
    case 'PersistentVolumeClaim': {
      const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
      const given: string[] = object.spec.accessModes ?? [];
      const errors = given.length === 0 ? [required('spec.accessModes', 'at least 1 access mode is required')] : [];
      errors.push(...given.filter((mode) => !modes.includes(mode)).map((mode) => notSupported('spec.accessModes', mode, modes)));
      if (object.spec.resources?.requests?.storage === undefined) errors.push(required('spec.resources[storage]'));
      return errors;
    }
    case 'RuntimeClass':
      return object.handler ? dnsLabel(object.handler).map((text) => invalid('handler', object.handler, text)) : [required('handler')];
    case 'StorageClass':
      return object.provisioner ? [] : [required('provisioner')];
    default:
      return workload(kind, object, options);
  }
}

function workload(kind: string, object: Json, options: ValidateOptions): FieldError[] {
  const at = kind === 'CronJob' ? 'spec.jobTemplate.spec.template' : 'spec.template';
  const template = kind === 'CronJob' ? object.spec?.jobTemplate?.spec?.template : object.spec?.template;
  if (template === undefined) return [];
  const errors: FieldError[] = [];
  const own: Record<string, string> = template.metadata?.labels ?? {};
  if (!kind.endsWith('Job')) {
    const wanted: Record<string, string> = object.spec.selector?.matchLabels ?? {};
    if (object.spec.selector === undefined) errors.push(required('spec.selector'));
    if (object.spec.selector === undefined || Object.entries(wanted).some(([key, value]) => own[key] !== value))
      errors.push(
        invalidJson(
          `${at}.metadata.labels`,
          Object.keys(own).length === 0 ? 'null' : goJson(own),
          '`selector` does not match template `labels`',
        ),
      );
  }
  errors.push(
    ...labels(own, `${at}.labels`),
    ...annotations(template.metadata?.annotations, `${at}.annotations`),
    ...podSpec(template.spec ?? {}, `${at}.spec`, options),
  );
  const policy = template.spec?.restartPolicy;
  if (kind.endsWith('Job')) {
    if (policy === 'Always') errors.push(required(`${at}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== 'Always' && policy !== undefined) errors.push(notSupported(`${at}.spec.restartPolicy`, policy, ['Always']));
  return errors;
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
    return options.subresource === 'ephemeralcontainers' ? podSpec(object.spec, 'spec', options) : podUpdate(object, old, options);
  if (kind === 'Namespace')
    return [
      ...labels(object.metadata.labels, 'metadata.labels'),
      ...annotations(object.metadata.annotations, 'metadata.annotations'),
      ...levelLabels(object.metadata.labels ?? {}, old.metadata.labels),
    ];
  if ((kind === 'ConfigMap' || kind === 'Secret') && old.immutable && JSON.stringify(object.data) !== JSON.stringify(old.data))
    return [forbidden('data', 'field is immutable when `immutable` is set')];
  return validateCreate(kind, object, options);
}
