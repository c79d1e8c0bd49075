// JSON values into API objects, strictly: type errors, unknown fields, and what Go drops or keeps.

import { parseQuantity, QUANTITY_ERROR } from '#base/quantity.ts';
import { compareBytes, goJson } from '#yaml/json.ts';
import { escapePointer } from '#yaml/nodes.ts';
import { type Field, type FieldType, fieldOf, fieldsOf, goTypeName } from './schema.ts';

export interface DecodeProblem {
  readonly message: string;
  readonly pointer: string;
}

export interface Decoded {
  /** The value without unknown fields, nulls and omitted zero values. */
  readonly value: unknown;
  /** Go's decoder stops at the first wrong type. */
  readonly typeError: DecodeProblem | null;
  readonly unknown: readonly DecodeProblem[]; // message: `unknown field "spec.foo"`
}

interface Place {
  readonly struct: string;
  readonly path: string; // as encoding/json prints it: no list indices, no map keys
  readonly strict: string; // as the strict decoder prints it: with both
  readonly pointer: string;
}

/**
 * Decodes a value as a struct of the tables, members in sorted order as kubectl sends them.
 * Counterpart: sigs.k8s.io/json UnmarshalStrict, case-sensitive, into k8s.io/api types.
 */
export function decode(struct: string, value: unknown): Decoded {
  const decoder = new Decoder();
  const result = decoder.struct(struct, value, { struct: '', path: '', strict: '', pointer: '' }, { kind: 'struct', name: struct });
  return { value: result ?? {}, typeError: decoder.typeError, unknown: decoder.unknown };
}

class Decoder {
  typeError: DecodeProblem | null = null;
  readonly unknown: DecodeProblem[] = [];

  struct(name: string, value: unknown, at: Place, type: FieldType): Record<string, unknown> | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.mismatch(value, at, type);
      return undefined;
    }
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort(compareBytes)) {
      const member = (value as Record<string, unknown>)[key];
      const field = fieldOf(name, key);
      const strict = at.strict === '' ? key : `${at.strict}.${key}`;
      const pointer = `${at.pointer}/${escapePointer(key)}`;
      if (field === undefined) {
        this.unknown.push({ message: `unknown field "${strict}"`, pointer });
        continue;
      }
      const path = [at.path, ...field.embedded, key].filter((part) => part !== '').join('.');
      const decoded = member === null ? undefined : this.value(field.type, member, { struct: name, path, strict, pointer });
      if (decoded !== undefined && (field.pointer || field.always || !isZero(decoded, field.type))) result[key] = decoded;
    }
    for (const field of fieldsOf(name) ?? []) if (field.always && result[field.json] === undefined) setZero(result, field);
    return result;
  }

  private value(type: FieldType, value: unknown, at: Place): unknown {
    switch (type.kind) {
      case 'any':
        return value;
      case 'struct':
        return this.struct(type.name, value, at, type);
      case 'string':
        return typeof value === 'string' ? value : this.mismatch(value, at, type);
      case 'bool':
        return typeof value === 'boolean' ? value : this.mismatch(value, at, type);
      case 'int': {
        if (typeof value !== 'number') return this.mismatch(value, at, type);
        const limit = type.name === 'int32' ? 2147483647 : 2 ** 63;
        if (!Number.isInteger(value) || value > limit || value < -limit - 1) return this.mismatch(value, at, type, true);
        return value;
      }
      case 'list':
        if (!Array.isArray(value)) return this.mismatch(value, at, type);
        return value.flatMap((item, index) => {
          const inner = { ...at, strict: `${at.strict}[${index}]`, pointer: `${at.pointer}/${index}` };
          const decoded = item === null ? emptyOf(type.of) : this.value(type.of, item, inner);
          return decoded === undefined ? [] : [decoded];
        });
      case 'map': {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.mismatch(value, at, type);
        const result: Record<string, unknown> = {};
        for (const key of Object.keys(value).sort(compareBytes)) {
          const inner = { ...at, strict: `${at.strict}.${key}`, pointer: `${at.pointer}/${escapePointer(key)}` };
          const member = (value as Record<string, unknown>)[key];
          const decoded = member === null ? emptyOf(type.of) : this.value(type.of, member, inner);
          if (decoded !== undefined) result[key] = decoded;
        }
        return result;
      }
      case 'quantity': {
        const text = typeof value === 'number' ? String(value) : value;
        const parsed = typeof text === 'string' ? parseQuantity(text) : undefined;
        if (parsed === undefined) this.fail(QUANTITY_ERROR, at);
        return parsed?.canonical;
      }
      case 'time':
        if (typeof value !== 'string') return this.mismatch(value, at, { kind: 'string', name: 'string' });
        if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/.test(value))
          this.fail(`parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`, at);
        return value;
      case 'intOrString':
        return typeof value === 'number' || typeof value === 'string' ? value : this.mismatch(value, at, { kind: 'int', name: 'int32' });
      case 'bytes':
        if (typeof value !== 'string') return this.mismatch(value, at, type);
        if (badBase64(value) >= 0) this.fail(`illegal base64 data at input byte ${badBase64(value)}`, at);
        return value;
    }
  }

  private mismatch(value: unknown, at: Place, type: FieldType, literal = false): undefined {
    const kind = Array.isArray(value)
      ? 'array'
      : typeof value === 'object'
        ? 'object'
        : typeof value === 'boolean'
          ? 'bool'
          : literal
            ? `number ${goJson(value)}`
            : typeof value;
    const where =
      at.struct === '' ? `Go value of type ${goTypeName(type)}` : `Go struct field ${at.struct}.${at.path} of type ${goTypeName(type)}`;
    this.fail(`json: cannot unmarshal ${kind} into ${where}`, at);
    return undefined;
  }

  private fail(message: string, at: Place): void {
    this.typeError ??= { message, pointer: at.pointer };
  }
}

function isZero(value: unknown, type: FieldType): boolean {
  if (value === '' || value === false || value === 0) return true;
  if (type.kind === 'list') return (value as unknown[]).length === 0;
  if (type.kind === 'map') return Object.keys(value as object).length === 0;
  return false;
}

function emptyOf(type: FieldType): unknown {
  if (type.kind === 'struct') {
    const value: Record<string, unknown> = {};
    for (const field of fieldsOf(type.name) ?? []) if (field.always) setZero(value, field);
    return value;
  }
  return type.kind === 'string' ? '' : type.kind === 'int' ? 0 : undefined;
}

function setZero(into: Record<string, unknown>, field: Field): void {
  if (field.pointer || field.type.kind === 'list' || field.type.kind === 'any') return;
  const zero = field.type.kind === 'bool' ? false : emptyOf(field.type);
  if (zero !== undefined) into[field.json] = zero;
}

/** The index of the first illegal byte, or -1. Counterpart: encoding/base64 StdEncoding. */
function badBase64(text: string): number {
  const bytes = text.replace(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(bytes);
  if (bad !== null) return bad.index;
  const body = bytes.replace(/=+$/, '');
  const inner = body.indexOf('=');
  if (inner >= 0) return inner;
  return bytes.length % 4 === 0 && body.length % 4 !== 1
    ? -1
    : bytes.length - (bytes.length % 4 === 0 ? 0 : bytes.length % 4 === 1 ? 1 : 0);
}
