// Field selectors: which fields each kind offers, and the errors for others.
// Counterpart: k8s.io/apimachinery/pkg/fields/selector.go, kubernetes/pkg/apis/*/v1/conversion.go, v1.36

import type { KubeObject } from '../api/object.ts';

interface Term {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

export type ParsedFields = { readonly ok: true; readonly terms: readonly Term[] } | { readonly ok: false; readonly error: string };

const EVERYWHERE = ['metadata.name', 'metadata.namespace'];

/** Fields beside name and namespace. A kind that is not named here offers those two only, and words its error differently. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  ReplicationController: ['status.replicas'],
  Job: ['status.successful'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

function unsupported(kind: string, field: string): string | undefined {
  const offered = OFFERED[kind];
  if (EVERYWHERE.includes(field) || offered?.includes(field)) return undefined;
  if (kind === 'Job') return `field label "${field}" not supported for Job`;
  return offered === undefined
    ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${field}`;
}

/** A value with its escapes taken away, or why it cannot be read. */
function withoutEscapes(text: string): { readonly value: string } | { readonly error: string } {
  let value = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '\\') {
      const next = text[++i];
      if (next === undefined || !'\\,='.includes(next))
        return { error: `invalid field selector: invalid escape sequence: \\${next ?? ''}` };
      value += next;
    } else if (char === '=' || char === ',')
      return { error: `invalid field selector: unescaped character in value: ${char.charCodeAt(0)}` };
    else value += char;
  }
  return { value };
}

/** Reads a field selector for a kind; the error is the server's text. */
export function parseFieldSelector(text: string, kind: string): ParsedFields {
  const terms: Term[] = [];
  for (const part of text.split(/(?<!\\),/)) {
    if (part === '') continue;
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(part);
    if (match === null) return { ok: false, error: `invalid selector: '${text}'; can't understand '${part}'` };
    const value = withoutEscapes(match[3] as string);
    if ('error' in value) return { ok: false, error: value.error };
    terms.push({ field: match[1] as string, equal: match[2] !== '!=', value: value.value });
  }
  const wrong = terms.map(({ field }) => unsupported(kind, field)).find((error) => error !== undefined);
  return wrong === undefined ? { ok: true, terms } : { ok: false, error: wrong };
}

function shownField(object: KubeObject, field: string): string {
  let value: unknown = object;
  if (field === 'status.podIPs')
    value = (object as { status?: { podIPs?: { ip: string }[] } }).status?.podIPs?.map(({ ip }) => ip).join(',');
  else if (field === 'source' || field === 'reportingComponent') value = (object as { source?: { component?: string } }).source?.component;
  else
    for (const part of field.split('.'))
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  if (field === 'spec.hostNetwork' || field === 'spec.unschedulable') return String(value ?? false);
  if (field === 'status.successful') return String((object as { status?: { succeeded?: number } }).status?.succeeded ?? 0);
  return String(value ?? '');
}

/** Whether an object has the values asked for. */
export const matchesFields = (terms: readonly Term[], object: KubeObject): boolean =>
  terms.every(({ field, equal, value }) => (shownField(object, field) === value) === equal);
