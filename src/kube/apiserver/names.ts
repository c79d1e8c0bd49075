// The rules for names, labels and keys; each returns the messages of what is wrong.
// Counterpart: k8s.io/apimachinery/pkg/util/validation validation.go and pkg/apis/meta/v1/validation, v1.36.

import { type FieldError, invalid, required, tooLong } from './field-error.ts';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const matches = (pattern: string, text: string): boolean => new RegExp(`^(${pattern})$`).test(text);
const bytes = (text: string): number => new TextEncoder().encode(text).length;

const LABEL_TEXT = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`;
const SUBDOMAIN_TEXT = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
const QUALIFIED_TEXT = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`;
const VALUE_TEXT = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${QUALIFIED})?')`;

/** A DNS label; a subdomain in its place only lacks nothing but dots. */
export function dnsLabel(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 63) errors.push('must be no more than 63 characters');
  if (!matches(LABEL, value)) errors.push(matches(SUBDOMAIN, value) ? 'must not contain dots' : LABEL_TEXT);
  return errors;
}

/** A DNS label that begins with a letter: what Services are named. */
export function dns1035Label(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 63) errors.push('must be no more than 63 characters');
  if (!matches('[a-z]([-a-z0-9]*[a-z0-9])?', value))
    errors.push(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
    );
  return errors;
}

export function dnsSubdomain(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 253) errors.push('must be no more than 253 characters');
  if (!matches(SUBDOMAIN, value)) errors.push(SUBDOMAIN_TEXT);
  return errors;
}

const UNDERSCORE = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';

/** A subdomain that may have underscores inside: what resolvers search. */
export function underscoreSubdomain(value: string): string[] {
  const pattern = `${UNDERSCORE}(\\.${UNDERSCORE})*`;
  const errors: string[] = [];
  if (bytes(value) > 253) errors.push('must be no more than 253 characters');
  if (!matches(pattern, value))
    errors.push(
      `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${pattern}')`,
    );
  return errors;
}

/** What stands in a path of the API by itself. Counterpart: k8s.io/apimachinery/pkg/api/validation/path IsValidPathSegmentName */
export function pathSegment(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((sign) => value.includes(sign)).map((sign) => `may not contain '${sign}'`);
}

export function qualifiedName(value: string): string[] {
  const parts = value.split('/');
  const errors: string[] = [];
  if (parts.length > 2)
    return [`a qualified name ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) as string;
  if (parts.length === 2) {
    const prefix = parts[0] as string;
    if (prefix === '') errors.push('prefix part must be non-empty');
    else errors.push(...dnsSubdomain(prefix).map((text) => `prefix part ${text}`));
  }
  if (name === '') errors.push('name part must be non-empty');
  else if (bytes(name) > 63) errors.push('name part must be no more than 63 bytes');
  if (!matches(QUALIFIED, name)) errors.push(`name part ${QUALIFIED_TEXT}`);
  return errors;
}

export function labelValue(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 63) errors.push('must be no more than 63 bytes');
  if (!matches(`(${QUALIFIED})?`, value)) errors.push(VALUE_TEXT);
  return errors;
}

export function configKey(value: string): string[] {
  const errors: string[] = [];
  if (bytes(value) > 253) errors.push('must be no more than 253 characters');
  if (!/^[-._a-zA-Z0-9]+$/.test(value))
    errors.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  if (value === '.') errors.push("must not be '.'");
  else if (value === '..') errors.push("must not be '..'");
  else if (value.startsWith('..')) errors.push("must not start with '..'");
  return errors;
}

export function portName(value: string): string[] {
  const errors: string[] = [];
  if (value.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (/^-|-$/.test(value)) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function envName(value: string): string[] {
  return /^[\x20-\x3c\x3e-\x7e]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function labels(map: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  return sorted(map).flatMap(([key, value]) => [
    ...qualifiedName(key).map((text) => invalid(field, key, text)),
    ...labelValue(value).map((text) => invalid(field, value, text)),
  ]);
}

export function annotations(map: Readonly<Record<string, string>> | undefined, field: string): FieldError[] {
  const errors = sorted(map).flatMap(([key]) => qualifiedName(key.toLowerCase()).map((text) => invalid(field, key, text)));
  const size = sorted(map).reduce((sum, [key, value]) => sum + bytes(key) + bytes(value), 0);
  if (size > 262144) errors.push(tooLong(field, 262144));
  return errors;
}

interface Meta {
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Counterpart: k8s.io/apimachinery/pkg/api/validation ValidateObjectMeta. */
export function objectMeta(meta: Meta, nameRule: (name: string) => string[], field = 'metadata'): FieldError[] {
  const errors: FieldError[] = [];
  if (meta.generateName)
    for (const text of nameRule(meta.generateName.replace(/-$/, 'a')))
      errors.push(invalid(`${field}.generateName`, meta.generateName, text));
  if (!meta.name) errors.push(required(`${field}.name`, 'name or generateName is required'));
  else for (const text of nameRule(meta.name)) errors.push(invalid(`${field}.name`, meta.name, text));
  return [...errors, ...labels(meta.labels, `${field}.labels`), ...annotations(meta.annotations, `${field}.annotations`)];
}

function sorted(map: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
