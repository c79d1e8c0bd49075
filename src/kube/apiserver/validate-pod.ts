// PodSpec and Pod metadata. Counterpart: validation.go ValidatePodSpec, validatePodMetadataAndSpec, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { type FieldError, forbidden, invalid, notFound, required } from './field-error.ts';
import { dnsLabel, dnsSubdomain, labels, objectMeta } from './names.ts';
import type { ValidateOptions } from './validate.ts';
import { type ContainerOptions, containers } from './validate-container.ts';
import { affinity, dnsConfig, hostAliases, readinessGates, schedulingGates, spread, tolerations } from './validate-placement.ts';
import { inRange, localPath, podOs, podSecurityContext, supported } from './validate-security.ts';
import { volumes } from './validate-volume.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** metadata of a Pod with its security annotations. */
export function podMetadata(pod: Json): FieldError[] {
  const errors = objectMeta(pod.metadata, dnsSubdomain);
  const notes: [string, string][] = Object.entries(pod.metadata.annotations ?? {});
  const all = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => (pod.spec[list] ?? []).map((c: Json) => c.name));
  for (const [key, value] of notes.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (key === 'seccomp.security.alpha.kubernetes.io/pod' || key.startsWith('container.seccomp.security.alpha.kubernetes.io/')) {
      const field = `metadata.annotations.${key}`;
      if (value.startsWith('localhost/')) errors.push(...localPath(field, value.slice(10)));
      else if (!['runtime/default', 'docker/default', 'unconfined'].includes(value))
        errors.push(invalid(field, value, 'must be a valid seccomp profile'));
    }
    const prefix = 'container.apparmor.security.beta.kubernetes.io/';
    if (key.startsWith(prefix)) {
      const field = `metadata.annotations[${key}]`;
      const name = key.slice(prefix.length);
      if (!all.includes(name)) errors.push(invalid(field, name, 'container not found'));
      if (value !== '' && value !== 'runtime/default' && value !== 'unconfined' && !value.startsWith('localhost/'))
        errors.push(invalid(field, value, `invalid AppArmor profile name: "${value}"`));
    }
  }
  return errors;
}

const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

/** A Pod's or template's spec. */
export function podSpec(spec: Json, at: string, options: ValidateOptions): FieldError[] {
  const errors: FieldError[] = [];
  const vols = volumes(spec.volumes ?? [], `${at}.volumes`);
  const containerOptions: ContainerOptions = {
    volumes: vols.valid,
    hostUsers: spec.hostUsers !== false,
    allowPrivileged: options.allowPrivileged,
    grace: spec.terminationGracePeriodSeconds,
    restartPolicy: spec.restartPolicy,
  };
  errors.push(...vols.errors, ...containers(spec, at, containerOptions));
  if (spec.restartPolicy === '' || spec.restartPolicy === undefined) errors.push(required(`${at}.restartPolicy`));
  else errors.push(...supported(`${at}.restartPolicy`, spec.restartPolicy, ['Always', 'OnFailure', 'Never']));
  errors.push(...supported(`${at}.dnsPolicy`, spec.dnsPolicy, DNS_POLICIES));
  errors.push(...labels(spec.nodeSelector, `${at}.nodeSelector`));
  errors.push(...podResources(spec.resources, at, spec));
  const sc = podSecurityContext(spec, at);
  errors.push(...sc.filter((e) => e.field.endsWith('.hostPort')), ...sc.filter((e) => !e.field.endsWith('.hostPort')));
  errors.push(
    ...affinity(spec.affinity, `${at}.affinity`),
    ...dnsConfig(spec.dnsConfig, spec.dnsPolicy, `${at}.dnsConfig`),
    ...readinessGates(spec.readinessGates ?? [], `${at}.readinessGates`),
    ...schedulingGates(spec.schedulingGates ?? [], `${at}.schedulingGates`),
  );
  errors.push(...spread(spec.topologySpreadConstraints ?? [], `${at}.topologySpreadConstraints`));
  errors.push(...hostProcess(spec, at));
  if (spec.hostUsers === false) {
    if (spec.hostNetwork) errors.push(forbidden(`${at}.hostNetwork`, 'when `hostUsers` is false'));
    if (spec.hostPID) errors.push(forbidden(`${at}.HostPID`, 'when `hostUsers` is false'));
    if (spec.hostIPC) errors.push(forbidden(`${at}.HostIPC`, 'when `hostUsers` is false'));
  }
  const subdomain = (key: string): void => {
    if (spec[key]) errors.push(...dnsSubdomain(spec[key]).map((text) => invalid(`${at}.${key}`, spec[key], text)));
  };
  subdomain('serviceAccountName');
  subdomain('nodeName');
  if (spec.activeDeadlineSeconds !== undefined)
    errors.push(...inRange(`${at}.activeDeadlineSeconds`, spec.activeDeadlineSeconds, 1, 2147483647));
  for (const key of ['hostname', 'subdomain'])
    if (spec[key]) errors.push(...dnsLabel(spec[key]).map((text) => invalid(`${at}.${key}`, spec[key], text)));
  if (spec.hostnameOverride !== undefined) {
    if (spec.hostnameOverride.length > 64)
      errors.push(invalid(`${at}.hostnameOverride`, spec.hostnameOverride, 'must be no more than 64 characters'));
    errors.push(...dnsSubdomain(spec.hostnameOverride).map((text) => invalid(`${at}.hostnameOverride`, spec.hostnameOverride, text)));
    if (spec.hostNetwork) errors.push(forbidden(`${at}.hostnameOverride`, 'may not be specified when hostNetwork is true'));
  }
  errors.push(...tolerations(spec.tolerations ?? [], `${at}.tolerations`), ...hostAliases(spec.hostAliases ?? [], `${at}.hostAliases`));
  subdomain('priorityClassName');
  subdomain('runtimeClassName');
  return [...errors, ...podOs(spec, at)];
}

function podResources(value: Json, at: string, spec: Json): FieldError[] {
  if (value === undefined) return [];
  const errors: FieldError[] = [];
  if ((value.claims ?? []).length > 0) {
    errors.push(forbidden(`${at}.resources.claims`, 'claims may not be set for Resources at pod-level'));
    value.claims.forEach((claim: Json, i: number) => {
      errors.push(
        notFound(`${at}.resources.claims[${i}]`, claim.name, 'must be one of the names in pod.spec.resourceClaims which is empty'),
      );
    });
  }
  for (const [name, amount] of Object.entries(value.requests ?? {})) {
    const total = (spec.containers ?? []).reduce((sum: bigint, c: Json) => sum + nanoOf(c.resources?.requests?.[name] ?? '0'), 0n);
    if (nanoOf(String(amount)) < total) {
      const shown = total % 1_000_000_000n === 0n ? String(total / 1_000_000_000n) : `${total / 1_000_000n}m`;
      errors.push(
        invalid(
          `${at}.resources.requests[${name}]`,
          String(amount),
          `must be greater than or equal to aggregate container requests of ${shown}`,
        ),
      );
    }
  }
  return errors;
}

function hostProcess(spec: Json, at: string): FieldError[] {
  const pod = spec.securityContext?.windowsOptions?.hostProcess;
  const errors: FieldError[] = [];
  let yes = 0;
  const all: [Json, string][] = ['initContainers', 'containers'].flatMap((list) =>
    (spec[list] ?? []).map((c: Json, i: number): [Json, string] => [c, `${at}.${list}[${i}]`]),
  );
  for (const [container, field] of all) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (pod !== undefined && own !== undefined && pod !== own)
      errors.push(
        invalid(
          `${field}.securityContext.windowsOptions.hostProcess`,
          own,
          `pod hostProcess value must be identical if both are specified, was ${pod}`,
        ),
      );
    if (own ?? pod) yes += 1;
  }
  if (yes === 0) return errors;
  if (yes < all.length)
    errors.push(invalid(at, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  if (!spec.hostNetwork)
    errors.push(invalid(`${at}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'));
  return errors;
}
