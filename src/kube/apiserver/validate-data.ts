// ConfigMaps and Secrets. Counterpart: validation.go ValidateConfigMap, ValidateSecret and their updates, v1.36.

import { goJson } from '#yaml/json.ts';
import { type FieldError, forbidden, invalid, required, tooLong } from './field-error.ts';
import { configKey } from './names.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const MAX_DATA = 1024 * 1024;

const keys = (data: Json, at: string): FieldError[] =>
  Object.keys(data).flatMap((key) => configKey(key).map((text) => invalid(`${at}[${key}]`, key, text)));

/** How many bytes base64 stands for. */
const decodedLength = (value: string): number => Math.floor((value.replace(/=+$/, '').length * 3) / 4);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export function configMap({ data = {}, binaryData = {} }: Json): FieldError[] {
  const errors = Object.keys(data).flatMap((key) => [
    ...configKey(key).map((text) => invalid(`data[${key}]`, key, text)),
    ...(binaryData[key] === undefined ? [] : [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]),
  ]);
  errors.push(...keys(binaryData, 'binaryData'));
  const size =
    sum(Object.values<string>(data).map((value) => new TextEncoder().encode(value).length)) +
    sum(Object.values<string>(binaryData).map(decodedLength));
  // The path is that of the whole object, which prints as [].
  return size > MAX_DATA ? [...errors, tooLong('[]', MAX_DATA)] : errors;
}

/** What the data of a type of Secret must have. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function secret({ metadata, type, data = {} }: Json): FieldError[] {
  const errors = keys(data, 'data');
  if (sum(Object.values<string>(data).map(decodedLength)) > MAX_DATA) errors.push(tooLong('data', MAX_DATA));
  for (const key of NEEDED[type] ?? []) if (data[key] === undefined) errors.push(required(`data[${key}]`));
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.['kubernetes.io/service-account.name'])
    errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined)
    errors.push(required('data[username]'), required('data[password]'));
  if (type === 'kubernetes.io/ssh-auth' && !data['ssh-privatekey']) errors.push(required('data[ssh-privatekey]'));
  return errors;
}

/** What an object that was declared immutable keeps. */
export function keptData(kind: 'ConfigMap' | 'Secret', object: Json, old: Json): FieldError[] {
  const changed = (field: string): boolean => goJson(object[field] ?? {}) !== goJson(old[field] ?? {});
  const errors: FieldError[] = kind === 'Secret' && object.type !== old.type ? [invalid('type', object.type, 'field is immutable')] : [];
  if (!old.immutable) return errors;
  const fields = kind === 'Secret' ? ['data'] : ['data', 'binaryData'];
  if (!object.immutable) fields.unshift('immutable');
  return [
    ...errors,
    ...fields
      .filter((field) => field === 'immutable' || changed(field))
      .map((field) => forbidden(field, 'field is immutable when `immutable` is set')),
  ];
}
