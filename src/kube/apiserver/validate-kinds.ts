// Validation of the kinds besides Pod and Namespace.
// Counterpart: kubernetes/pkg/apis/{core,apps,batch,node,storage,scheduling}/validation, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { type FieldError, forbidden, invalid, notSupported, required } from './field-error.ts';
import { dnsLabel, labels, portName, qualifiedName } from './names.ts';
import type { ValidateOptions } from './validate.ts';
import { configMap, secret } from './validate-data.ts';
import { NOT_NEGATIVE } from './validate-number.ts';
import { bindingErrors, roleErrors } from './validate-rbac.ts';
import { claim, csiDriver, storageClass, volume } from './validate-storage.ts';
import { workload } from './validate-workload.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Errors of the own fields of an object that is neither a Pod nor a Namespace. */
export function otherKind(kind: string, object: Json, options: ValidateOptions, old?: Json): FieldError[] {
  switch (kind) {
    case 'ConfigMap':
      return configMap(object);
    case 'Secret':
      return secret(object);
    case 'PersistentVolumeClaim':
      return claim(object);
    case 'PersistentVolume':
      return volume(object);
    case 'Event':
      return object.involvedObject.namespace === object.metadata.namespace
        ? []
        : [invalid('involvedObject.namespace', object.involvedObject.namespace ?? '', 'does not match event.namespace')];
    case 'Role':
    case 'ClusterRole':
      return roleErrors(kind, object);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return bindingErrors(kind, object, old);
    case 'RuntimeClass':
      return dnsLabel(object.handler ?? '').map((text) => invalid('handler', object.handler ?? '', text));
    case 'StorageClass':
      return storageClass(object);
    case 'CSIDriver':
      return csiDriver(object);
    case 'Service':
      return service(object.spec ?? {});
    case 'ResourceQuota':
      return Object.entries(object.spec?.hard ?? {}).flatMap(([name, amount]) => [
        ...qualifiedName(name).map((text) => invalid(`spec.hard[${name}]`, name, text)),
        ...(isNegative(amount) ? [invalid(`spec.hard[${name}]`, String(amount), NOT_NEGATIVE)] : []),
      ]);
    case 'LimitRange':
      return (object.spec?.limits ?? []).flatMap((limit: Json, i: number) => limitRangeItem(limit, `spec.limits[${i}]`));
    default:
      return workload(kind, object, options, old);
  }
}

const oneOf = (at: string, value: string | undefined, allowed: readonly string[]): FieldError[] =>
  value === undefined || allowed.includes(value) ? [] : [notSupported(at, value, allowed)];

const inPortRange = (port: unknown): boolean => typeof port === 'number' && port >= 1 && port <= 65535;

function service(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const ports: Json[] = spec.ports ?? [];
  if (ports.length === 0 && spec.clusterIP !== 'None' && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  ports.forEach((port, i) => {
    const at = `spec.ports[${i}]`;
    if (!port.name && ports.length > 1) errors.push(required(`${at}.name`));
    else if (port.name) errors.push(...dnsLabel(port.name).map((text) => invalid(`${at}.name`, port.name, text)));
    if (!inPortRange(port.port)) errors.push(invalid(`${at}.port`, port.port ?? 0, 'must be between 1 and 65535, inclusive'));
    errors.push(...oneOf(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    if (typeof port.targetPort === 'number' && !inPortRange(port.targetPort))
      errors.push(invalid(`${at}.targetPort`, port.targetPort, 'must be between 1 and 65535, inclusive'));
    if (typeof port.targetPort === 'string')
      errors.push(...portName(port.targetPort).map((text) => invalid(`${at}.targetPort`, port.targetPort, text)));
  });
  errors.push(...labels(spec.selector, 'spec.selector'));
  errors.push(...oneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']));
  errors.push(...oneOf('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  return errors;
}

const isNegative = (amount: unknown): boolean => nanoOf(String(amount)) < 0n;

const LIMITED: Readonly<Record<string, readonly string[]>> = {
  Pod: ['max', 'min', 'maxLimitRequestRatio'],
  Container: ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'],
};

/** Counterpart: ValidateLimitRange; names of resources are not looked at here. */
function limitRangeItem(limit: Json, at: string): FieldError[] {
  const more = (a: unknown, b: unknown): boolean => nanoOf(String(a)) > nanoOf(String(b));
  const { type, max = {}, min = {}, default: own = {}, defaultRequest: asked = {}, maxLimitRequestRatio: ratios = {} } = limit;
  const errors: FieldError[] = [];
  if (type === 'Pod')
    for (const field of ['default', 'defaultRequest'])
      if (Object.keys(limit[field] ?? {}).length > 0) errors.push(forbidden(`${at}.${field}`, "may not be specified when `type` is 'Pod'"));
  if (type === 'PersistentVolumeClaim' && min.storage === undefined && max.storage === undefined)
    errors.push(required(`${at}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
  const names = new Set((LIMITED[type] ?? LIMITED.Container ?? []).flatMap((field) => Object.keys(limit[field] ?? {})));
  for (const name of [...names].sort()) {
    const say = (field: string, value: unknown, text: string): number =>
      errors.push(invalid(`${at}.${field}[${name}]`, String(value), text));
    const [high, low, limitOf, request, ratio] = [max, min, type === 'Pod' ? {} : own, type === 'Pod' ? {} : asked, ratios].map(
      (list) => list[name],
    );
    const compare = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && more(a, b);
    if (compare(low, high)) say('min', low, `min value ${low} is greater than max value ${high}`);
    if (compare(low, request)) say('defaultRequest', request, `min value ${low} is greater than default request value ${request}`);
    if (compare(request, high)) say('defaultRequest', request, `default request value ${request} is greater than max value ${high}`);
    if (compare(request, limitOf))
      say('defaultRequest', request, `default request value ${request} is greater than default limit value ${limitOf}`);
    if (compare(low, limitOf)) say('default', low, `min value ${low} is greater than default value ${limitOf}`);
    if (compare(limitOf, high)) say('default', high, `default value ${limitOf} is greater than max value ${high}`);
    if (compare('1', ratio)) say('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
    if (ratio !== undefined && low !== undefined && high !== undefined) {
      const span = Number(nanoOf(String(high))) / Number(nanoOf(String(low)));
      if (Number(nanoOf(String(ratio))) / 1e9 > span)
        say('maxLimitRequestRatio', ratio, `ratio ${ratio} is greater than max/min = ${span.toFixed(6)}`);
    }
  }
  return errors;
}
