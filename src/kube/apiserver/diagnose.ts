// What the editor shows while typing: everything kubectl and the server would say, each at its place in the text.

import type { Refusal } from '#provenance/refusal.ts';
import { toValue } from '#yaml/json.ts';
import { type PositionedNode, rangeAt } from '#yaml/nodes.ts';
import { parseYaml } from '#yaml/parse.ts';
import { decode } from '../api/decode.ts';
import { type FieldError, pointerOf, type Status } from './field-error.ts';
import { apiVersionOf, RESOURCES, resourceOfKind } from './resources.ts';
import type { Finding } from './server.ts';
import { prepareCreate, type Writer } from './write.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document may be anything
type Json = any;

/** Findings of all documents of a manifest, in order of their places. */
export function diagnose(text: string, server: Writer): readonly Finding[] {
  const parsed = parseYaml(text);
  const findings: Finding[] = parsed.diagnostics.map(({ severity, message, range }) => ({ severity, source: 'yaml', message, range }));
  // Objects of earlier documents count, as they do when the file is applied.
  const pending = new Set<string>();
  for (const { root } of parsed.documents) {
    if (root === null) continue;
    findings.push(...documentFindings(root, server, pending));
    const value = toValue(root) as Json;
    if (value?.kind === 'Namespace') pending.add(String(value.metadata?.name));
  }
  return findings.sort((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0));
}

function documentFindings(root: PositionedNode, server: Writer, pending: ReadonlySet<string>): Finding[] {
  const at = (pointer: string, key = false) => rangeAt(root, pointer, key);
  const error = (message: string, pointer: string, source: Finding['source'] = 'api-server', key = false): Finding => ({
    severity: 'error',
    source,
    message,
    range: at(pointer, key),
    pointer,
  });
  if (root.kind !== 'map') return [error('error validating data: invalid object to validate', '')];
  const value = toValue(root) as Json;
  const unset = ['apiVersion', 'kind'].filter((key) => value[key] === undefined || value[key] === null).map((key) => `${key} not set`);
  if (unset.length > 0)
    return [
      {
        ...error(unset.length === 1 ? (unset[0] as string) : `[${unset.join(', ')}]`, ''),
        range: { ...root.range, end: Math.min(root.range.end, root.range.start + 1) },
      },
    ];
  const resource = resourceOfKind(String(value.kind));
  if (resource === undefined || apiVersionOf(resource) !== value.apiVersion) {
    const known = RESOURCES.some((candidate) => apiVersionOf(candidate) === value.apiVersion);
    return [error(`no matches for kind "${value.kind}" in version "${value.apiVersion}"`, known ? '/kind' : '/apiVersion')];
  }
  const decoded = decode(resource.kind, value);
  if (decoded.typeError !== null) return [error(decoded.typeError.message, decoded.typeError.pointer)];
  const unknown = decoded.unknown.map((problem) => error(problem.message, problem.pointer, 'api-server', true));
  if (value.metadata?.name === undefined && value.metadata?.generateName === undefined)
    return [...unknown, error('resource name may not be empty', '/metadata')];

  const wanted = String(value.metadata?.namespace ?? 'default');
  const namespace = pending.has(wanted) && server.get('Namespace', '', wanted) === undefined ? 'default' : wanted;
  const body = namespace === wanted ? value : { ...value, metadata: { ...value.metadata, namespace } };
  const result = prepareCreate(server, resource, namespace, body, { fieldValidation: 'Ignore' });
  const findings = [...unknown];
  if ('code' in result) {
    const status = result.body as Status;
    const causes = status.details?.causes;
    if (causes !== undefined)
      for (const cause of causes) findings.push(error(`${cause.field}: ${cause.message}`, specPointer(cause.field)));
    else findings.push(...forbidden(status.message ?? '', result.refusal, error));
  }
  for (const text of result.warnings) {
    const psa = text.startsWith('would violate PodSecurity');
    const field = /^((?:metadata|spec)[^:]*(?:\[[^\]]*\])?[^:]*):/.exec(text)?.[1];
    findings.push({
      severity: 'warning',
      source: psa ? 'pod-security' : 'api-server',
      message: text,
      range: at(field === undefined ? '/spec' : specPointer(field), field === undefined),
      pointer: field === undefined ? '/spec' : specPointer(field),
    });
  }
  if (resource.kind === 'Pod')
    for (const { pointer, message } of server.deps.effects?.(decoded.value) ?? [])
      findings.push({ severity: 'info', source: 'effect', message, range: at(pointer, true), pointer });
  return findings;
}

/** A Forbidden by Pod Security stands at each field that broke a check; others at the field they are about. */
function forbidden(
  message: string,
  refusal: Refusal | undefined,
  error: (message: string, pointer: string, source?: Finding['source'], key?: boolean) => Finding,
): Finding[] {
  const text = message.replace(/^\S+ "[^"]*" is forbidden: /, '');
  const broken = (refusal?.reasons ?? []).filter(({ rule }) => rule.startsWith('psa.'));
  if (broken.length > 0)
    return broken.flatMap(({ operands: { policy, reason, detail }, fields }) => {
      const words = `violates PodSecurity "${policy}": ${reason}${detail === '' ? '' : ` (${detail})`}`;
      const set = fields.filter(({ origin }) => origin !== undefined);
      // Of fields that should be there, one place is enough.
      const places = set.length > 0 ? set : fields.slice(0, 1);
      return places.map(({ pointer }) => error(words, pointer, 'pod-security', true));
    });
  const pointer = /service account/.test(text)
    ? '/spec/serviceAccountName'
    : /PriorityClass/.test(text)
      ? '/spec/priorityClassName'
      : /RuntimeClass/.test(text)
        ? '/spec/runtimeClassName'
        : /^namespaces/.test(text)
          ? '/metadata/namespace'
          : '/metadata/name';
  return [error(text, pointer)];
}

/** Some messages name a place that is not where the user wrote it. */
function specPointer(field: FieldError['field']): string {
  return pointerOf(field)
    .replace('/spec/HostPID', '/spec/hostPID')
    .replace('/spec/HostIPC', '/spec/hostIPC')
    .replace('/spec/securityContext/shareProcessNamespace', '/spec/shareProcessNamespace');
}
