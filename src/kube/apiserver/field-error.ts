// Field errors: type, path, bad value, detail; and the Status objects made of them.

import { escapePointer } from '#yaml/nodes.ts';

export type ErrorType =
  | 'Required'
  | 'Invalid'
  | 'NotSupported'
  | 'Forbidden'
  | 'TooLong'
  | 'TooMany'
  | 'Duplicate'
  | 'NotFound'
  | 'Internal';

export interface FieldError {
  readonly type: ErrorType;
  readonly field: string;
  readonly body: string; // everything after "field: "
}

const WORDS: Readonly<Record<ErrorType, string>> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  Forbidden: 'Forbidden',
  TooLong: 'Too long',
  TooMany: 'Too many',
  Duplicate: 'Duplicate value',
  NotFound: 'Not found',
  Internal: 'Internal error',
};

const CAUSES: Readonly<Record<ErrorType, string>> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  NotSupported: 'FieldValueNotSupported',
  Forbidden: 'FieldValueForbidden',
  TooLong: 'FieldValueTooLong',
  TooMany: 'FieldValueTooMany',
  Duplicate: 'FieldValueDuplicate',
  NotFound: 'FieldValueNotFound',
  Internal: 'InternalError',
};

/** Go's %q for the texts that occur in manifests. */
export const goQuote = (text: string): string =>
  JSON.stringify(text)
    .replace(/[\u007f-\u00a0\u00ad\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\\u00([0-9a-f]{2})/g, (_, hex: string) => `\\x${hex}`);

const show = (value: unknown): string => (typeof value === 'string' ? goQuote(value) : String(value));
const make = (type: ErrorType, field: string, rest: string): FieldError => ({ type, field, body: WORDS[type] + rest });
const tail = (detail: string): string => (detail === '' ? '' : `: ${detail}`);

export const required = (field: string, detail = ''): FieldError => make('Required', field, tail(detail));
export const forbidden = (field: string, detail: string): FieldError => make('Forbidden', field, tail(detail));
export const invalid = (field: string, value: unknown, detail: string): FieldError =>
  make('Invalid', field, `: ${show(value)}${tail(detail)}`);
/** value: already rendered JSON. */
export const invalidJson = (field: string, json: string, detail: string): FieldError => make('Invalid', field, `: ${json}${tail(detail)}`);
export const duplicate = (field: string, value: unknown): FieldError => make('Duplicate', field, `: ${show(value)}`);
export const notFound = (field: string, value: string, detail = ''): FieldError =>
  make('NotFound', field, `: ${show(value)}${tail(detail)}`);
export const tooLong = (field: string, max: number): FieldError => make('TooLong', field, `: may not be more than ${max} bytes`);
/** json: the value, already rendered. */
export const notSupportedJson = (field: string, json: string, supported: readonly string[]): FieldError =>
  make('NotSupported', field, `: ${json}: supported values: ${supported.map(goQuote).join(', ')}`);
export const notSupported = (field: string, value: string, supported: readonly string[]): FieldError =>
  notSupportedJson(field, goQuote(value), supported);

export const errorText = (error: FieldError): string => `${error.field}: ${error.body}`;

/** The JSON Pointer a field path such as spec.containers[0].name or metadata.labels[a] names. */
export function pointerOf(field: string): string {
  const parts = [...field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
  return parts.map((part) => `/${escapePointer(part.startsWith('Host') ? part.replace('Host', 'host') : part)}`).join('');
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Record<string, never>;
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly StatusCause[];
    readonly uid?: string;
  };
  readonly code?: number;
}

/** A failure Status. */
export function failure(code: number, reason: string, message: string, details?: Status['details']): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** Counterpart: apimachinery/pkg/api/errors NewInvalid; identical errors are named once in the message. */
export function invalidStatus(kind: string, group: string, name: string, errors: readonly FieldError[]): Status {
  const texts = [...new Set(errors.map(errorText))];
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const causes = errors.map((error) => ({ reason: CAUSES[error.type], message: error.body, field: error.field }));
  const shown = group === '' ? kind : `${kind}.${group}`;
  return failure(422, 'Invalid', `${shown} ${goQuote(name)} is invalid: ${list}`, {
    name,
    ...(group === '' ? {} : { group }),
    kind,
    causes,
  });
}
