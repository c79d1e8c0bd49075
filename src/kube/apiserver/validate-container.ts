// Containers. Counterpart: validation.go validateContainerCommon, validateContainers, validateInitContainers, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { duplicate, type FieldError, forbidden, invalid, required } from './field-error.ts';
import { dnsLabel, portName } from './names.ts';
import { env, envFrom } from './validate-env.ts';
import { ephemeralContainers } from './validate-ephemeral.ts';
import { mounts } from './validate-mount.ts';
import { NOT_NEGATIVE } from './validate-number.ts';
import { hooks, probes } from './validate-probe.ts';
import { inRange, securityContext, supported } from './validate-security.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface ContainerOptions {
  readonly volumes: ReadonlyMap<string, Json>;
  readonly hostUsers: boolean;
  readonly allowPrivileged: boolean;
  readonly grace: number | undefined;
  readonly restartPolicy: string | undefined;
}

/** All containers and init containers of a Pod. */
export function containers(spec: Json, at: string, options: ContainerOptions): FieldError[] {
  const list: Json[] = spec.containers ?? [];
  const names = new Set<string>();
  const errors: FieldError[] = [];
  if (list.length === 0) errors.push(required(`${at}.containers`));
  list.forEach((container, i) => {
    const field = `${at}.containers[${i}]`;
    errors.push(...common(container, field, options));
    if (names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    else names.add(container.name);
    errors.push(...hooks(container, field, options.grace), ...probes(container, field));
    errors.push(...restartPolicy(container, field));
  });
  errors.push(...hostPorts(list, `${at}.containers`));
  (spec.initContainers ?? []).forEach((container: Json, i: number) => {
    const field = `${at}.initContainers[${i}]`;
    errors.push(...common(container, field, options));
    if (names.has(container.name)) errors.push(duplicate(`${field}.name`, container.name));
    else names.add(container.name);
    // Each by itself, because they run one by one; the path has the index of that list of one.
    errors.push(...hostPorts([container], `${at}.initContainers`));
    if (container.restartPolicy === 'Always') errors.push(...hooks(container, field, options.grace), ...probes(container, field));
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

/** Ports of the node that two containers want. */
function hostPorts(list: readonly Json[], at: string): FieldError[] {
  const taken = new Set<string>();
  return list.flatMap((container, i) =>
    (container.ports ?? []).flatMap((port: Json, j: number) => {
      if (!port.hostPort) return [];
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) return [duplicate(`${at}[${i}].ports[${j}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
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
  errors.push(...resizePolicy(container.resizePolicy ?? [], `${at}.resizePolicy`, options.restartPolicy));
  errors.push(...securityContext(container.securityContext, `${at}.securityContext`, options.hostUsers, options.allowPrivileged));
  return errors;
}

/** What a resize of cpu or memory does to the container. */
function resizePolicy(list: readonly Json[], at: string, podRestartPolicy: string | undefined): FieldError[] {
  const seen = new Set<string>();
  return list.flatMap((rule, i) => {
    const errors: FieldError[] = seen.has(rule.resourceName) ? [duplicate(`${at}[${i}]`, rule.resourceName)] : [];
    seen.add(rule.resourceName);
    const oneOf = (value: string | undefined, values: readonly string[]): FieldError[] =>
      value ? supported(at, value, values) : [required(at)];
    errors.push(...oneOf(rule.resourceName, ['cpu', 'memory']), ...oneOf(rule.restartPolicy, ['NotRequired', 'RestartContainer']));
    if (podRestartPolicy === 'Never' && rule.restartPolicy !== 'NotRequired')
      errors.push(invalid(at, rule.restartPolicy ?? '', "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    return errors;
  });
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
      if (nano < 0n) errors.push(invalid(field, String(amount), NOT_NEGATIVE));
      if (name.includes('/') && nano % 1_000_000_000n !== 0n) errors.push(invalid(field, String(amount), 'must be an integer'));
      const limit = value.limits?.[name];
      if (list === 'requests' && limit !== undefined && nano > nanoOf(limit))
        errors.push(invalid(`${at}.requests`, String(amount), `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return errors;
}
