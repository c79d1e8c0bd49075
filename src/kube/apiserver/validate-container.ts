// Containers. Counterpart: validation.go validateContainerCommon, validateContainers, validateInitContainers, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from './field-error.ts';
import { configKey, dnsLabel, dnsSubdomain, envName, portName, qualifiedName } from './names.ts';
import { ephemeralContainers } from './validate-ephemeral.ts';
import { inRange, securityContext, supported } from './validate-security.ts';
import { mounts } from './validate-volume.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface ContainerOptions {
  readonly volumes: ReadonlyMap<string, Json>;
  readonly hostUsers: boolean;
  readonly allowPrivileged: boolean;
}

/** All containers and init containers of a Pod. */
export function containers(spec: Json, at: string, options: ContainerOptions): FieldError[] {
  const list: Json[] = spec.containers ?? [];
  const names = new Set<string>();
  const errors: FieldError[] = [];
  if (list.length === 0) errors.push(required(`${at}.containers`));
  const hostPorts = new Set<string>();
  list.forEach((container, i) => {
    const field = `${at}.containers[${i}]`;
    errors.push(...common(container, field, options));
    if (names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    else names.add(container.name);
    errors.push(...hooks(container, field), ...probes(container, field));
    errors.push(...restartPolicy(container, field));
    (container.ports ?? []).forEach((port: Json, j: number) => {
      if (!port.hostPort) return;
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (hostPorts.has(key)) errors.push(duplicate(`${field}.ports[${j}].hostPort`, key));
      hostPorts.add(key);
    });
  });
  (spec.initContainers ?? []).forEach((container: Json, i: number) => {
    const field = `${at}.initContainers[${i}]`;
    errors.push(...common(container, field, options));
    if (names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    else names.add(container.name);
    if (container.restartPolicy === 'Always') errors.push(...hooks(container, field), ...probes(container, field));
    else {
      if (container.lifecycle !== undefined)
        errors.push(forbidden(`${field}.lifecycle`, 'may not be set for init containers without restartPolicy=Always'));
      for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
        if (container[probe] !== undefined)
          errors.push(forbidden(`${field}.${probe}`, 'may not be set for init containers without restartPolicy=Always'));
    }
    errors.push(...restartPolicy(container, field));
  });
  (spec.ephemeralContainers ?? []).forEach((container: Json, i: number) => {
    errors.push(...common(container, `${at}.ephemeralContainers[${i}]`, options));
  });
  return [...errors, ...ephemeralContainers(spec, at)];
}

const restartPolicy = (container: Json, field: string): FieldError[] =>
  supported(`${field}.restartPolicy`, container.restartPolicy, ['Always', 'Never', 'OnFailure']);

/** What holds for every container, ephemeral ones included. */
function common(container: Json, at: string, options: ContainerOptions): FieldError[] {
  const errors: FieldError[] = [];
  if (!container.name) errors.push(required(`${at}.name`));
  else errors.push(...dnsLabel(container.name).map((text) => invalid(`${at}.name`, container.name, text)));
  if (!container.image) errors.push(required(`${at}.image`));
  errors.push(...supported(`${at}.terminationMessagePolicy`, container.terminationMessagePolicy, ['File', 'FallbackToLogsOnError']));
  errors.push(
    ...ports(container.ports ?? [], `${at}.ports`),
    ...env(container.env ?? [], `${at}.env`),
    ...envFrom(container.envFrom ?? [], `${at}.envFrom`),
  );
  errors.push(...mounts(container, at, options.volumes));
  if (!options.hostUsers && (container.volumeDevices ?? []).length > 0)
    errors.push(forbidden(`${at}.volumeDevices`, 'when `hostUsers` is false'));
  errors.push(...supported(`${at}.imagePullPolicy`, container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']));
  errors.push(...resources(container.resources ?? {}, `${at}.resources`));
  for (const rule of container.resizePolicy ?? []) {
    errors.push(
      ...supported(`${at}.resizePolicy`, rule.resourceName, ['cpu', 'memory']),
      ...supported(`${at}.resizePolicy`, rule.restartPolicy, ['NotRequired', 'RestartContainer']),
    );
  }
  errors.push(...securityContext(container.securityContext, `${at}.securityContext`, options.hostUsers, options.allowPrivileged));
  return errors;
}

function ports(list: readonly Json[], at: string): FieldError[] {
  const names = new Set<string>();
  return list.flatMap((port, i) => {
    const field = `${at}[${i}]`;
    const errors: FieldError[] = [];
    if (port.name) {
      const bad = portName(port.name);
      errors.push(...bad.map((text) => invalid(`${field}.name`, port.name, text)));
      if (bad.length === 0 && names.has(port.name)) errors.push(duplicate(`${field}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(required(`${field}.containerPort`));
    else errors.push(...inRange(`${field}.containerPort`, port.containerPort, 1, 65535));
    if (port.hostPort) errors.push(...inRange(`${field}.hostPort`, port.hostPort, 1, 65535));
    errors.push(...supported(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']));
    return errors;
  });
}

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const CONVERTIBLE = [
  ...ENV_FIELDS,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.hostNetwork',
];
const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

function env(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((variable, i) => {
    const field = `${at}[${i}]`;
    const errors: FieldError[] = variable.name
      ? envName(variable.name).map((text) => invalid(`${field}.name`, variable.name, text))
      : [required(`${field}.name`)];
    return [...errors, ...valueFrom(variable, `${field}.valueFrom`)];
  });
}

function valueFrom(variable: Json, at: string): FieldError[] {
  const from = variable.valueFrom;
  if (from === undefined) return [];
  const errors: FieldError[] = [];
  if (from.fieldRef !== undefined) errors.push(...fieldRef(from.fieldRef, `${at}.fieldRef`));
  if (from.resourceFieldRef !== undefined) {
    const { resource } = from.resourceFieldRef;
    if (!resource) errors.push(required(`${at}.resourceFieldRef.resource`));
    else if (!RESOURCE_FIELDS.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
      errors.push(notSupported(`${at}.resourceFieldRef.resource`, resource, RESOURCE_FIELDS));
  }
  for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
    const ref = from[kind];
    if (ref === undefined) continue;
    errors.push(...dnsSubdomain(ref.name ?? '').map((text) => invalid(`${at}.${kind}.name`, ref.name ?? '', text)));
    if (!ref.key) errors.push(required(`${at}.${kind}.key`));
    else errors.push(...configKey(ref.key).map((text) => invalid(`${at}.${kind}.key`, ref.key, text)));
  }
  const count = Object.keys(from).length;
  if (count === 0)
    errors.push(invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'));
  else if (variable.value) errors.push(invalid(at, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
  return errors;
}

function fieldRef(ref: Json, at: string): FieldError[] {
  const path: string = ref.fieldPath ?? '';
  if (path === '') return [required(`${at}.fieldPath`)];
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path);
  if (subscript !== null) return qualifiedName(subscript[2] as string).map((text) => invalid(`${at}.fieldPath`, path, text));
  if (!CONVERTIBLE.includes(path))
    return [invalid(`${at}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  return ENV_FIELDS.includes(path) ? [] : [notSupported(`${at}.fieldPath`, path, ENV_FIELDS)];
}

function envFrom(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((source, i) => {
    const field = `${at}[${i}]`;
    const errors: FieldError[] = source.prefix ? envName(source.prefix).map((text) => invalid(`${field}.prefix`, source.prefix, text)) : [];
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => source[kind] !== undefined);
    for (const kind of kinds)
      errors.push(...dnsSubdomain(source[kind].name ?? '').map((text) => invalid(`${field}.${kind}.name`, source[kind].name ?? '', text)));
    if (kinds.length === 0) errors.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (kinds.length > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];

/** limits and requests. */
export function resources(value: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const list of ['limits', 'requests']) {
    for (const [name, amount] of Object.entries(value[list] ?? {})) {
      const field = `${at}.${list}[${name}]`;
      if (!name.includes('/') && !STANDARD.includes(name) && !name.startsWith('hugepages-'))
        errors.push(
          invalid(field, name, 'must be a standard resource type or fully qualified'),
          invalid(field, name, 'must be a standard resource for containers'),
        );
      const nano = nanoOf(String(amount));
      if (nano < 0n) errors.push(invalid(field, String(amount), 'must be greater than or equal to 0'));
      if (name.includes('/') && nano % 1_000_000_000n !== 0n) errors.push(invalid(field, String(amount), 'must be an integer'));
      const limit = value.limits?.[name];
      if (list === 'requests' && limit !== undefined && nano > nanoOf(limit))
        errors.push(invalid(`${at}.requests`, String(amount), `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return errors;
}

function probes(container: Json, at: string): FieldError[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
    const probe = container[name];
    if (probe === undefined) return [];
    const field = `${at}.${name}`;
    const errors = handler(probe, field, ['exec', 'httpGet', 'tcpSocket', 'grpc']);
    for (const key of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']) {
      if ((probe[key] ?? 0) < 0) errors.push(invalid(`${field}.${key}`, probe[key], 'must be greater than or equal to 0'));
    }
    if (name !== 'readinessProbe' && probe.successThreshold !== 1)
      errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'));
    return errors;
  });
}

function hooks(container: Json, at: string): FieldError[] {
  return ['postStart', 'preStop'].flatMap((hook) =>
    container.lifecycle?.[hook] === undefined
      ? []
      : handler(container.lifecycle[hook], `${at}.lifecycle.${hook}`, ['exec', 'httpGet', 'tcpSocket', 'sleep']),
  );
}

function handler(value: Json, at: string, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const given = kinds.filter((kind) => value[kind] !== undefined);
  for (const [i, kind] of given.entries()) {
    const field = `${at}.${kind}`;
    if (i > 0) errors.push(forbidden(field, 'may not specify more than 1 handler type'));
    else if (kind === 'exec' && (value.exec.command ?? []).length === 0) errors.push(required(`${field}.command`));
    else if ((kind === 'httpGet' || kind === 'tcpSocket') && typeof (value[kind].port ?? 0) === 'number')
      errors.push(...inRange(`${field}.port`, value[kind].port ?? 0, 1, 65535));
    else if (kind === 'httpGet' || kind === 'tcpSocket')
      errors.push(...portName(value[kind].port).map((text) => invalid(`${field}.port`, value[kind].port, text)));
    if (i === 0 && kind === 'httpGet' && !['HTTP', 'HTTPS'].includes(value.httpGet.scheme))
      errors.push(notSupported(`${field}.scheme`, value.httpGet.scheme, ['HTTP', 'HTTPS']));
  }
  if (given.length === 0) errors.push(required(at, 'must specify a handler type'));
  return errors;
}
