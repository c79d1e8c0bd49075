// Validation of the kinds besides Pod and Namespace.
// Counterpart: kubernetes/pkg/apis/{core,apps,batch,node,storage,scheduling}/validation, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { goJson } from '#yaml/json.ts';
import { type FieldError, forbidden, invalid, invalidJson, notSupported, required, tooLong } from './field-error.ts';
import { annotations, configKey, dnsLabel, labels, portName, qualifiedName } from './names.ts';
import { templateOf } from './template.ts';
import type { ValidateOptions } from './validate.ts';
import { podSpec } from './validate-pod.ts';
import { bindingErrors, roleErrors } from './validate-rbac.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const MAX_DATA = 1024 * 1024;
const NOT_NEGATIVE = 'must be greater than or equal to 0';

/** Errors of the own fields of an object that is neither a Pod nor a Namespace. */
export function otherKind(kind: string, object: Json, options: ValidateOptions, old?: Json): FieldError[] {
  switch (kind) {
    case 'ConfigMap':
      return configMap(object);
    case 'Secret': {
      const errors = Object.keys(object.data ?? {}).flatMap((key) => configKey(key).map((text) => invalid(`data[${key}]`, key, text)));
      const size = Object.values<string>(object.data ?? {}).reduce(
        (sum, value) => sum + Math.floor((value.replace(/=+$/, '').length * 3) / 4),
        0,
      );
      return size > MAX_DATA ? [...errors, tooLong('data', MAX_DATA)] : errors;
    }
    case 'PersistentVolumeClaim': {
      const errors = accessModes(object.spec.accessModes ?? []);
      if (object.spec.resources?.requests?.storage === undefined) errors.push(required('spec.resources[storage]'));
      return errors;
    }
    case 'PersistentVolume': {
      const errors = accessModes(object.spec.accessModes ?? []);
      if (object.spec.capacity === undefined) errors.push(required('spec.capacity'));
      else if (object.spec.capacity.storage === undefined)
        errors.push(notSupported('spec.capacity', goJson(object.spec.capacity), ['storage']));
      if (!['hostPath', 'nfs', 'local', 'csi'].some((source) => object.spec[source] !== undefined))
        errors.push(required('spec', 'must specify a volume type'));
      return errors;
    }
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
      return object.handler ? dnsLabel(object.handler).map((text) => invalid('handler', object.handler, text)) : [required('handler')];
    case 'StorageClass':
      return object.provisioner ? [] : [required('provisioner')];
    case 'CSIDriver':
      return oneOf('spec.fsGroupPolicy', object.spec?.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType']);
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
      return workload(kind, object, options);
  }
}

function configMap(object: Json): FieldError[] {
  const { data = {}, binaryData = {} } = object;
  const errors = Object.keys(data).flatMap((key) => [
    ...configKey(key).map((text) => invalid(`data[${key}]`, key, text)),
    ...(binaryData[key] === undefined ? [] : [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]),
  ]);
  errors.push(...Object.keys(binaryData).flatMap((key) => configKey(key).map((text) => invalid(`binaryData[${key}]`, key, text))));
  const size = Object.values<string>(data).reduce((sum, value) => sum + new TextEncoder().encode(value).length, 0);
  // The path is that of the whole object, which prints as [].
  return size > MAX_DATA ? [...errors, tooLong('[]', MAX_DATA)] : errors;
}

const oneOf = (at: string, value: string | undefined, allowed: readonly string[]): FieldError[] =>
  value === undefined || allowed.includes(value) ? [] : [notSupported(at, value, allowed)];

function accessModes(given: readonly string[]): FieldError[] {
  const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
  const errors = given.length === 0 ? [required('spec.accessModes', 'at least 1 access mode is required')] : [];
  errors.push(...given.filter((mode) => !modes.includes(mode)).map((mode) => notSupported('spec.accessModes', mode, modes)));
  if (given.length > 1 && given.includes('ReadWriteOncePod'))
    errors.push(forbidden('spec.accessModes', 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

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

function limitRangeItem(limit: Json, at: string): FieldError[] {
  const more = (a: unknown, b: unknown): boolean => nanoOf(String(a)) > nanoOf(String(b));
  const names = new Set(['max', 'min', 'default', 'defaultRequest'].flatMap((field) => Object.keys(limit[field] ?? {})));
  return [...names].sort().flatMap((name) => {
    const errors: FieldError[] = [];
    const { max, min, default: own, defaultRequest } = limit;
    const compare = (path: string, low: Json, high: Json, text: string): void => {
      if (low?.[name] !== undefined && high?.[name] !== undefined && more(low[name], high[name]))
        errors.push(invalid(`${at}.${path}[${name}]`, String(low[name]), text));
    };
    compare('min', min, max, `min value ${min?.[name]} is greater than max value ${max?.[name]}`);
    compare(
      'defaultRequest',
      min,
      defaultRequest,
      `min value ${min?.[name]} is greater than default request value ${defaultRequest?.[name]}`,
    );
    compare(
      'defaultRequest',
      defaultRequest,
      max,
      `default request value ${defaultRequest?.[name]} is greater than max value ${max?.[name]}`,
    );
    compare(
      'defaultRequest',
      defaultRequest,
      own,
      `default request value ${defaultRequest?.[name]} is greater than default limit value ${own?.[name]}`,
    );
    compare('default', min, own, `min value ${min?.[name]} is greater than default value ${own?.[name]}`);
    compare('default', own, max, `default value ${own?.[name]} is greater than max value ${max?.[name]}`);
    return errors;
  });
}

/** The selector of an apps/v1 workload or of a ReplicationController, and whether the template carries it. */
function selectorErrors(kind: string, spec: Json, own: Readonly<Record<string, string>>, at: string): FieldError[] {
  const plain = kind === 'ReplicationController';
  const wanted: Record<string, string> = (plain ? spec.selector : spec.selector?.matchLabels) ?? {};
  const none = plain ? Object.keys(wanted).length === 0 : spec.selector === undefined;
  const errors: FieldError[] = none ? [required('spec.selector')] : [];
  if (!plain && !none && Object.keys(wanted).length === 0 && (spec.selector.matchExpressions ?? []).length === 0)
    errors.push(invalidJson('spec.selector', goJson(spec.selector), `empty selector is invalid for ${kind.toLowerCase()}`));
  if (none || Object.entries(wanted).some(([key, value]) => own[key] !== value))
    errors.push(
      invalidJson(
        `${at}.metadata.labels`,
        Object.keys(own).length === 0 ? 'null' : goJson(own),
        '`selector` does not match template `labels`',
      ),
    );
  return errors;
}

function workload(kind: string, object: Json, options: ValidateOptions): FieldError[] {
  const found = templateOf(kind, object);
  if (found === undefined) return kind === 'ReplicationController' ? [required('spec.template')] : [];
  const { template, at } = found;
  const isJob = kind === 'Job' || kind === 'CronJob';
  const errors: FieldError[] = [];
  const own: Record<string, string> = template.metadata?.labels ?? {};
  for (const field of ['replicas', 'minReadySeconds', 'revisionHistoryLimit', 'parallelism', 'completions', 'backoffLimit'])
    if (typeof object.spec?.[field] === 'number' && object.spec[field] < 0)
      errors.push(invalid(`spec.${field}`, object.spec[field], NOT_NEGATIVE));
  if (kind === 'CronJob') errors.push(...cronJob(object.spec));
  if (!isJob && kind !== 'PodTemplate') errors.push(...selectorErrors(kind, object.spec, own, at));
  errors.push(
    ...labels(own, `${at}.labels`),
    ...annotations(template.metadata?.annotations, `${at}.annotations`),
    ...podSpec(template.spec ?? {}, `${at}.spec`, options),
  );
  const policy = template.spec?.restartPolicy;
  if (isJob) {
    if (policy === 'Always') errors.push(required(`${at}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  } else if (kind !== 'PodTemplate') {
    if (policy !== 'Always' && policy !== undefined) errors.push(notSupported(`${at}.spec.restartPolicy`, policy, ['Always']));
    if (template.spec?.activeDeadlineSeconds !== undefined && kind !== 'ReplicationController')
      errors.push(forbidden(`${at}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`));
  }
  return errors;
}

function cronJob(spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.schedule) errors.push(required('spec.schedule'));
  else {
    const fields = String(spec.schedule).trim().split(/\s+/).length;
    if (!/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$|^@every \S+$/.test(spec.schedule) && fields !== 5)
      errors.push(
        invalid(
          'spec.schedule',
          spec.schedule,
          `expected exactly 5 fields, found ${fields}: [${String(spec.schedule).trim().split(/\s+/).join(' ')}]`,
        ),
      );
  }
  errors.push(...oneOf('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']));
  return errors;
}
