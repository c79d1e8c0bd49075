// securityContext of Pods and containers.
// Counterpart: kubernetes/pkg/apis/core/validation/validation.go validatePodSpecSecurityContext, ValidateSecurityContext, v1.36.

import { internalJson } from '../api/internal.ts';
import { duplicate, type FieldError, forbidden, invalid, invalidJson, notSupported, required, tooLong } from './field-error.ts';
import { dnsSubdomain } from './names.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const MAX_ID = 2147483647;
const PROFILE_TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];

export const inRange = (field: string, value: unknown, min: number, max: number): FieldError[] =>
  typeof value === 'number' && (value < min || value > max)
    ? [invalid(field, BigInt(value) >= 2n ** 63n ? 2n ** 63n - 1n : value, `must be between ${min} and ${max}, inclusive`)]
    : [];
const id = (field: string, value: unknown): FieldError[] => inRange(field, value, 0, MAX_ID);
const oneOf = (field: string, value: string | undefined, supported: readonly string[]): FieldError[] =>
  value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];

export const supported = oneOf;

/** A path below some directory: relative, no "..". Counterpart: validateLocalDescendingPath */
export function localPath(field: string, value: string): FieldError[] {
  const errors = value.startsWith('/') ? [invalid(field, value, 'must be a relative path')] : [];
  return value.split('/').includes('..') ? [...errors, invalid(field, value, "must not contain '..'")] : errors;
}

function seccomp(profile: Json, at: string): FieldError[] {
  if (profile === undefined) return [];
  const errors: FieldError[] = [];
  const { type, localhostProfile } = profile;
  if (type === 'Localhost') {
    if (localhostProfile === undefined) errors.push(required(`${at}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    else errors.push(...localPath(`${at}.localhostProfile`, localhostProfile));
  } else if (localhostProfile !== undefined) {
    errors.push(
      invalidJson(`${at}.localhostProfile`, internalJson('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'),
    );
  }
  if (type === '') errors.unshift(required(`${at}.type`, 'type is required when seccompProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.unshift(notSupported(`${at}.type`, type, PROFILE_TYPES));
  return errors;
}

function appArmor(given: Json, at: string): FieldError[] {
  if (given === undefined) return [];
  const { type, localhostProfile } = given;
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${at}.type`, 'type is required when appArmorProfile is set'));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(`${at}.type`, type, PROFILE_TYPES));
  const field = `${at}.localhostProfile`;
  if (type === 'Localhost') {
    const profile = String(localhostProfile ?? '');
    if (profile === '') errors.push(required(field, 'must be set when AppArmor type is Localhost'));
    else if (profile.trim() !== profile) errors.push(invalid(field, profile, 'must not be padded with whitespace'));
    if (profile.length > 4095) errors.push(tooLong(field, 4095));
  } else if (localhostProfile !== undefined && type !== '')
    errors.push(invalid(field, localhostProfile, 'can only be set when AppArmor type is Localhost'));
  return errors;
}

function windows(options: Json, at: string): FieldError[] {
  if (options === undefined) return [];
  const errors: FieldError[] = [];
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options;
  if (specName !== undefined)
    for (const text of dnsSubdomain(specName)) errors.push(invalid(`${at}.gmsaCredentialSpecName`, specName, text));
  if (spec !== undefined) {
    if (spec === '') errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec cannot be an empty string'));
    else if (spec.length > 65536) errors.push(invalid(`${at}.gmsaCredentialSpec`, spec, 'gmsaCredentialSpec size must be under 64 KiB'));
  }
  if (user === undefined) return errors;
  const field = `${at}.runAsUserName`;
  if (user === '') return [...errors, invalid(field, user, 'runAsUserName cannot be an empty string')];
  if (/[\u0000-\u001f\u007f-\u009f]/.test(user)) errors.push(invalid(field, user, 'runAsUserName cannot contain control characters'));
  const parts = user.split('\\');
  if (parts.length > 2) return [...errors, invalid(field, user, 'runAsUserName cannot contain more than one backslash')];
  const [domain, name] = parts.length === 2 ? [parts[0] as string, parts[1] as string] : [undefined, parts[0] as string];
  if (domain !== undefined && domain.length === 0)
    errors.push(invalid(field, user, "runAsUserName's Domain doesn't match the NetBIOS nor the DNS format"));
  else if (domain !== undefined && domain.length >= 256)
    errors.push(invalid(field, user, "runAsUserName's Domain length must be under 256 characters"));
  if (name === '') errors.push(invalid(field, user, "runAsUserName's User cannot be empty"));
  else if (name.length > 104) errors.push(invalid(field, user, "runAsUserName's User length must not be longer than 104 characters"));
  else if (/^[ .]+$/.test(name)) errors.push(invalid(field, user, "runAsUserName's User cannot contain only periods or spaces"));
  else if (/["/\\:;|=,+*?<>@[\]]/.test(name))
    errors.push(invalid(field, user, 'runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]'));
  return errors;
}

const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function sysctls(list: Json[], at: string, spec: Json): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  list.forEach((sysctl, i) => {
    const field = `${at}[${i}].name`;
    const { name } = sysctl;
    const dotted =
      name.indexOf('/') >= 0 && (name.indexOf('.') < 0 || name.indexOf('/') < name.indexOf('.'))
        ? name.replace(/[./]/g, (c: string) => (c === '.' ? '/' : '.'))
        : name;
    if (name === '') errors.push(required(field));
    else if (name.length > 253 || !SYSCTL.test(name))
      errors.push(
        invalid(
          field,
          name,
          'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
        ),
      );
    else if (names.has(dotted)) errors.push(duplicate(field, dotted));
    if (spec.hostNetwork && dotted.startsWith('net.')) errors.push(invalid(field, name, "may not be specified when 'hostNetwork' is true"));
    if (spec.hostIPC && (/^kernel\.(shm|msg)/.test(dotted) || dotted === 'kernel.sem' || dotted.startsWith('fs.mqueue.')))
      errors.push(invalid(field, name, "may not be specified when 'hostIPC' is true"));
    names.add(dotted);
  });
  return errors;
}

/** spec.securityContext and the host namespaces, which are part of it internally. */
export function podSecurityContext(spec: Json, at: string): FieldError[] {
  const context: Json = spec.securityContext ?? {};
  const sc = `${at}.securityContext`;
  const errors: FieldError[] = [];
  for (const [i, list] of (spec.containers ?? []).entries()) {
    if (!spec.hostNetwork) break;
    for (const [j, port] of (list.ports ?? []).entries()) {
      if (port.hostPort && port.hostPort !== port.containerPort)
        errors.push(
          invalid(`${at}.containers[${i}].ports[${j}].hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'),
        );
    }
  }
  errors.push(
    ...id(`${sc}.fsGroup`, context.fsGroup),
    ...id(`${sc}.runAsUser`, context.runAsUser),
    ...id(`${sc}.runAsGroup`, context.runAsGroup),
  );
  (context.supplementalGroups ?? []).forEach((gid: number, i: number) => {
    errors.push(...id(`${sc}.supplementalGroups[${i}]`, gid));
  });
  if (spec.shareProcessNamespace && spec.hostPID)
    errors.push(invalid(`${sc}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  errors.push(...sysctls(context.sysctls ?? [], `${sc}.sysctls`, spec));
  errors.push(...oneOf(`${sc}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']));
  errors.push(
    ...seccomp(context.seccompProfile, `${sc}.seccompProfile`),
    ...windows(context.windowsOptions, `${sc}.windowsOptions`),
    ...appArmor(context.appArmorProfile, `${sc}.appArmorProfile`),
  );
  errors.push(...oneOf(`${sc}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']));
  errors.push(...oneOf(`${sc}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['Recursive']));
  return errors;
}

/** securityContext of one container. */
export function securityContext(context: Json, at: string, hostUsers: boolean, allowPrivileged: boolean): FieldError[] {
  if (context === undefined) return [];
  const errors: FieldError[] = [];
  if (context.privileged && !allowPrivileged) errors.push(forbidden(`${at}.privileged`, 'disallowed by cluster policy'));
  errors.push(...id(`${at}.runAsUser`, context.runAsUser), ...id(`${at}.runAsGroup`, context.runAsGroup));
  if (context.procMount !== undefined) {
    errors.push(...oneOf(`${at}.procMount`, context.procMount, ['Default', 'Unmasked']));
    if (context.procMount === 'Unmasked' && hostUsers)
      errors.push(invalid(`${at}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...seccomp(context.seccompProfile, `${at}.seccompProfile`));
  if (context.allowPrivilegeEscalation === false) {
    const whole = internalJson('SecurityContext', context);
    if (context.privileged) errors.push(invalidJson(at, whole, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN'))
      errors.push(invalidJson(at, whole, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'));
  }
  errors.push(...windows(context.windowsOptions, `${at}.windowsOptions`), ...appArmor(context.appArmorProfile, `${at}.appArmorProfile`));
  return errors;
}

/** In the order of the messages; names without a prefix stand in the security context, "spec." ones in the spec. */
const POD_LINUX = [
  'appArmorProfile',
  'seLinuxOptions',
  'spec.hostUsers',
  'spec.hostPID',
  'spec.hostIPC',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'spec.shareProcessNamespace',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
];
const CONTAINER_LINUX = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

/** spec.os and what it forbids. */
export function podOs(spec: Json, at: string): FieldError[] {
  if (spec.os === undefined) return [];
  const { name } = spec.os;
  if (name === '') return [required(`${at}.os`)];
  if (name !== 'linux' && name !== 'windows') return [notSupported(`${at}.os`, name, ['linux', 'windows'])];
  const errors: FieldError[] = [];
  const containers: [string, Json][] = ['initContainers', 'containers'].flatMap((list) =>
    (spec[list] ?? []).map((c: Json, i: number): [string, Json] => [`${at}.${list}[${i}].securityContext`, c.securityContext ?? {}]),
  );
  if (name === 'linux') {
    const places: [string, Json][] = [[`${at}.securityContext`, spec.securityContext ?? {}], ...containers];
    for (const [field, context] of places)
      if (context.windowsOptions !== undefined)
        errors.push(forbidden(`${field}.windowsOptions`, 'windows options cannot be set for a linux pod'));
    return errors;
  }
  const text = 'cannot be set for a windows pod';
  for (const key of POD_LINUX) {
    const own = key.startsWith('spec.') ? key.slice(5) : undefined;
    const value = own === undefined ? spec.securityContext?.[key] : spec[own];
    if (value !== undefined) errors.push(forbidden(own === undefined ? `${at}.securityContext.${key}` : `${at}.${own}`, text));
  }
  for (const [field, context] of containers)
    for (const key of CONTAINER_LINUX) if (context[key] !== undefined) errors.push(forbidden(`${field}.${key}`, text));
  return errors;
}
