// Probes and lifecycle hooks of containers. Counterpart: kubernetes/pkg/apis/core/validation validation.go validateProbe,
// validateLifecycle, validateHandler, v1.36.

import { type FieldError, forbidden, invalid, notSupported, required } from './field-error.ts';
import { portName } from './names.ts';
import { NOT_NEGATIVE } from './validate-number.ts';
import { inRange } from './validate-security.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Of the whole Pod, which a hook's sleep may not exceed. */
export type Grace = number | undefined;

const HEADER_TEXT =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

export function probes(container: Json, at: string): FieldError[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = container[name];
    if (probe === undefined) return [];
    const field = `${at}.${name}`;
    const errors = handler(probe, field, ['exec', 'httpGet', 'tcpSocket', 'grpc']);
    for (const key of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']) {
      if ((probe[key] ?? 0) < 0) errors.push(invalid(`${field}.${key}`, probe[key], NOT_NEGATIVE));
    }
    const grace = probe.terminationGracePeriodSeconds;
    if (grace !== undefined && grace <= 0) errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'));
    if (name !== 'readinessProbe') {
      if (probe.successThreshold !== 1) errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
    } else if (grace !== undefined)
      errors.push(invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
    return errors;
  });
}

export function hooks(container: Json, at: string, grace: Grace): FieldError[] {
  return ['postStart', 'preStop'].flatMap((hook) =>
    container.lifecycle?.[hook] === undefined
      ? []
      : handler(container.lifecycle[hook], `${at}.lifecycle.${hook}`, ['exec', 'httpGet', 'tcpSocket', 'sleep'], grace),
  );
}

/** A port by number or by name; an absent one is the number 0. */
function port(value: unknown, field: string): FieldError[] {
  return typeof (value ?? 0) === 'number'
    ? inRange(field, value ?? 0, 1, 65535)
    : portName(value as string).map((text) => invalid(field, value, text));
}

function oneHandler(kind: string, value: Json, field: string, grace: Grace): FieldError[] {
  switch (kind) {
    case 'exec':
      return (value.command ?? []).length === 0 ? [required(`${field}.command`)] : [];
    case 'httpGet': {
      const errors = [...(value.path ? [] : [required(`${field}.path`)]), ...port(value.port, `${field}.port`)];
      if (!['HTTP', 'HTTPS'].includes(value.scheme)) errors.push(notSupported(`${field}.scheme`, value.scheme, ['HTTP', 'HTTPS']));
      for (const { name } of value.httpHeaders ?? [])
        if (!/^[-A-Za-z0-9]+$/.test(name ?? '')) errors.push(invalid(`${field}.httpHeaders`, name ?? '', HEADER_TEXT));
      return errors;
    }
    case 'sleep':
      return grace !== undefined && ((value.seconds ?? 0) < 0 || value.seconds > grace)
        ? [invalid(field, value.seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
        : [];
    default:
      return port(value.port, `${field}.port`);
  }
}

function handler(value: Json, at: string, kinds: readonly string[], grace?: Grace): FieldError[] {
  const given = kinds.filter((kind) => value[kind] !== undefined);
  if (given.length === 0) return [required(at, 'must specify a handler type')];
  return given.flatMap((kind, i) =>
    i > 0
      ? [forbidden(`${at}.${kind}`, 'may not specify more than 1 handler type')]
      : oneHandler(kind, value[kind], `${at}.${kind}`, grace),
  );
}
