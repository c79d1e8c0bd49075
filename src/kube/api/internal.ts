// API objects as the server's internal Go types print in JSON: Go field names, nulls and zero values included.

import { goJson, goJsonIndent } from '#yaml/json.ts';
import { type FieldType, fieldsOf } from './schema.ts';

type Json = Record<string, unknown>;

/** A struct value with Go names in the internal order. Counterpart: encoding/json on kubernetes/pkg/apis/core types. */
export function toInternal(struct: string, value: Json): Json {
  const result: Json = {};
  for (const field of fieldsOf(struct) ?? []) {
    if (!field.internal) continue;
    if (struct === 'PodSpec' && field.json === 'securityContext') result[field.goName] = internalPodSecurityContext(value);
    else result[field.goName] = member(field.type, value[field.json], field.pointer);
  }
  return result;
}

/** Host namespaces are part of the security context in the internal type. */
function internalPodSecurityContext(spec: Json): Json | null {
  if (spec.securityContext === undefined) return null;
  const head = {
    HostNetwork: spec.hostNetwork ?? false,
    HostPID: spec.hostPID ?? false,
    HostIPC: spec.hostIPC ?? false,
    ShareProcessNamespace: spec.shareProcessNamespace ?? null,
    HostUsers: spec.hostUsers ?? null,
  };
  return { ...head, ...toInternal('PodSecurityContext', spec.securityContext as Json) };
}

function member(type: FieldType, value: unknown, pointer: boolean): unknown {
  if (value === undefined || value === null) return pointer ? null : zero(type);
  if (type.kind === 'struct') return toInternal(type.name, value as Json);
  if (type.kind === 'list') return (value as unknown[]).map((item) => member(type.of, item, false));
  return value;
}

function zero(type: FieldType): unknown {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'struct':
      return toInternal(type.name, {});
    default:
      return null;
  }
}

/** As a bad value in a field error. */
export const internalJson = (struct: string, value: Json): string => goJson(toInternal(struct, value), true);
/** As the lines of an update's difference. */
export const internalLines = (struct: string, value: Json): string[] => goJsonIndent(toInternal(struct, value), ' ', true).split('\n');
