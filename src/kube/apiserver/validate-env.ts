// Environment of containers. Counterpart: kubernetes/pkg/apis/core/validation validation.go ValidateEnv, ValidateEnvFrom, v1.36.

import { type FieldError, invalid, notSupported, required } from './field-error.ts';
import { configKey, dnsSubdomain, envName, qualifiedName } from './names.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

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

export function env(list: readonly Json[], at: string): FieldError[] {
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
  if (from.resourceFieldRef !== undefined) errors.push(...resourceFieldRef(from.resourceFieldRef, `${at}.resourceFieldRef`, false));
  for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
    const ref = from[kind];
    if (ref === undefined) continue;
    errors.push(...dnsSubdomain(ref.name ?? '').map((text) => invalid(`${at}.${kind}.name`, ref.name ?? '', text)));
    if (!ref.key) errors.push(required(`${at}.${kind}.key`));
    else errors.push(...configKey(ref.key).map((text) => invalid(`${at}.${kind}.key`, ref.key, text)));
  }
  if (from.fileKeyRef !== undefined)
    for (const key of ['volumeName', 'path', 'key']) if (!from.fileKeyRef[key]) errors.push(required(`${at}.fileKeyRef.${key}`));
  const count = Object.keys(from).length;
  if (count === 0)
    errors.push(invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'));
  else if (variable.value) errors.push(invalid(at, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
  return errors;
}

const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const bytes = (what: string): { readonly values: readonly string[]; readonly text: string } => ({
  values: BYTE_DIVISORS,
  text: `only divisor's values ${BYTE_DIVISORS.join(', ')} are supported with the ${what} resource`,
});
/** What the kind of a resource may be divided by. */
const DIVISORS: Readonly<Record<string, { readonly values: readonly string[]; readonly text: string }>> = {
  cpu: { values: ['1m', '1'], text: "only divisor's values 1m and 1 are supported with the cpu resource" },
  memory: bytes('memory'),
  'ephemeral-storage': bytes('local ephemeral storage'),
  hugepages: bytes('hugepages'),
};

/** A resource of a container; volumes must name it. */
export function resourceFieldRef(ref: Json, at: string, inVolume: boolean): FieldError[] {
  const resource: string = ref.resource ?? '';
  const errors: FieldError[] = [];
  if (inVolume && !ref.containerName) errors.push(required(`${at}.containerName`));
  else if (resource === '') errors.push(required(`${at}.resource`));
  else if (!RESOURCE_FIELDS.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource))
    errors.push(notSupported(`${at}.resource`, resource, RESOURCE_FIELDS));
  const divisor = DIVISORS[resource.replace(/^(limits|requests)\./, '').replace(/^hugepages-.*/, 'hugepages')];
  const given = String(ref.divisor ?? '0');
  if (divisor !== undefined && given !== '0' && !divisor.values.includes(given))
    errors.push(invalid(`${at}.divisor`, resource, divisor.text));
  return errors;
}

/** A field of the Pod; `allowed`: those that may be asked for here. */
export function fieldRef(ref: Json, at: string, allowed: readonly string[] = ENV_FIELDS): FieldError[] {
  const path: string = ref.fieldPath ?? '';
  if (path === '') return [required(`${at}.fieldPath`)];
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(path);
  if (subscript !== null) {
    const key = subscript[1] === 'metadata.annotations' ? (subscript[2] as string).toLowerCase() : (subscript[2] as string);
    return qualifiedName(key).map((text) => invalid(at, key, text));
  }
  if (!CONVERTIBLE.includes(path))
    return [invalid(`${at}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`)];
  return allowed.includes(path) ? [] : [notSupported(`${at}.fieldPath`, path, allowed)];
}

export function envFrom(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((source, i) => {
    const field = `${at}[${i}]`;
    const errors: FieldError[] = source.prefix ? envName(source.prefix).map((text) => invalid(`${field}.prefix`, source.prefix, text)) : [];
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => source[kind] !== undefined);
    for (const kind of kinds) {
      const { name } = source[kind];
      if (name) errors.push(...dnsSubdomain(name).map((text) => invalid(`${field}.${kind}.name`, name, text)));
      else errors.push(required(`${field}.${kind}.name`));
    }
    if (kinds.length === 0) errors.push(invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (kinds.length > 1) errors.push(invalid(at, '', 'may not have more than one field specified at a time'));
    return errors;
  });
}
