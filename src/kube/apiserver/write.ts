// create, update and patch: the order of stages is the real server's.
// Counterpart: k8s.io/apiserver/pkg/endpoints/handlers and pkg/registry/generic/registry/store.go, v1.36.

import type { RestRequest } from '#base/rest.ts';
import type { Origin } from '#provenance/origin.ts';
import { goJson, toValue } from '#yaml/json.ts';
import { parseYaml } from '#yaml/parse.ts';
import { decode } from '../api/decode.ts';
import type { KubeObject } from '../api/object.ts';
import { addTolerations, admitPod, keepPriority } from './admission.ts';
import { applyDefaults, Defaulter } from './defaults.ts';
import { duplicateFields } from './duplicates.ts';
import { failure, goQuote, invalidStatus, type Status } from './field-error.ts';
import { applyLimitDefaults, outsideLimits } from './limitRanger.ts';
import { createdOrigins, updatedOrigins } from './origins.ts';
import { jsonPatch, mergePatch, strategicPatch } from './patch.ts';
import { podSecurity, podSecurityNamespaceWarnings } from './pod-security.ts';
import { exceededQuota } from './quota.ts';
import {
  type Answer,
  admissionReasons,
  answer,
  decodingReasons,
  podSecurityReasons,
  refuse,
  refuseObject,
  type Submitted,
  validationReasons,
} from './refusal.ts';
import { apiVersionOf, qualifiedPlural, type Resource } from './resources.ts';
import type { ApiServerDeps } from './server.ts';
import { allocateClusterIp } from './services.ts';
import type { Store } from './store.ts';
import { prepareForCreate } from './strategy.ts';
import { rfc3339 } from './time.ts';
import { validateCreate, validateUpdate } from './validate.ts';
import { warningsFor } from './warnings.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** What the write path needs of the server. */
export interface Writer {
  readonly store: Store;
  readonly deps: ApiServerDeps;
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
  newUid(): string;
  randomSuffix(length: number): string;
  missing(resource: Resource, name: string): Status;
  furnish(namespace: string): void;
  finishNamespace(namespace: string): void;
}

interface Prepared {
  readonly object: KubeObject;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly warnings: readonly string[];
}

/** Creates an object: decode, defaults, admission, validation, warnings, Pod Security, store. */
export function createObject(server: Writer, resource: Resource, namespace: string, request: RestRequest): Answer {
  const twice = request.body === undefined ? duplicateFields(request.raw ?? '') : [];
  const body = request.body ?? toJsonBody(request.raw);
  const prepared = prepareCreate(server, resource, namespace, body, request.query ?? {}, request.raw, twice, request.user);
  if ('code' in prepared) return prepared;
  const { object, origins, warnings } = prepared;
  const { name } = object.metadata;
  const existing = server.get(resource.kind, namespace, name);
  if (existing !== undefined) {
    const deleting = existing.metadata.deletionTimestamp !== undefined ? 'object is being deleted: ' : '';
    return refuse(
      failure(409, 'AlreadyExists', `${deleting}${qualifiedPlural(resource)} "${name}" already exists`, { name, kind: resource.plural }),
      warnings,
    );
  }
  if (request.query?.dryRun === 'All') return answer(object, 201, warnings);
  const stored = server.store.put(object, origins);
  if (resource.kind === 'Namespace') server.furnish(name);
  return answer(stored, 201, warnings);
}

function toJsonBody(raw: string | undefined): unknown {
  const root = parseYaml(raw ?? '').documents[0]?.root;
  return root === null || root === undefined ? {} : toValue(root);
}

/** Everything up to storing. Also what the editor's diagnostics run. */
export function prepareCreate(
  server: Writer,
  resource: Resource,
  namespace: string,
  body: unknown,
  query: Readonly<Record<string, string>>,
  raw?: string,
  twice: readonly string[] = [],
  user?: string,
): Prepared | Answer {
  const { kind } = resource;
  const given = body as Json;
  if (typeof given?.kind === 'string' && given.kind !== kind) {
    const text = `${given.kind} in version "${resource.version}" cannot be handled as a ${kind}: no kind "${given.kind}" is registered for version "${apiVersionOf(resource)}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`;
    return refuse(failure(400, 'BadRequest', text));
  }
  const decoded = decode(kind, body);
  const defaulter = new Defaulter();
  const sent = (name: string): Submitted => ({ kind, namespace, name, given, raw, decided: defaulter.origins });
  const undecodable = (text: string, problems: Parameters<typeof decodingReasons>[0]): Answer =>
    refuseObject(
      failure(400, 'BadRequest', `${kind} in version "${resource.version}" cannot be handled as a ${kind}: ${text}`),
      [],
      sent(String(given?.metadata?.name ?? '')),
      decodingReasons(problems),
    );
  if (decoded.typeError !== null) return undecodable(decoded.typeError.message, [decoded.typeError]);
  const warnings: string[] = [];
  const complaints = [...twice, ...decoded.unknown.map((problem) => problem.message)];
  if (complaints.length > 0) {
    if (query.fieldValidation === 'Strict') return undecodable(`strict decoding error: ${complaints.join(', ')}`, decoded.unknown);
    if (query.fieldValidation !== 'Ignore') warnings.push(...complaints);
  }
  const object: Json = structuredClone(decoded.value);
  object.apiVersion = apiVersionOf(resource);
  object.kind = kind;
  object.metadata = { ...object.metadata };
  if (resource.namespaced && object.metadata.namespace && object.metadata.namespace !== namespace)
    return refuse(failure(400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request'));
  if (resource.namespaced) object.metadata.namespace = namespace;
  else delete object.metadata.namespace;
  delete object.status;
  const bad = (text: string, reasons = admissionReasons(text)): Answer => {
    // Plugins that change objects run before names are generated.
    const full: string = object.metadata.name ?? object.metadata.generateName ?? '';
    const message = `${qualifiedPlural(resource)} "${full}" is forbidden: ${text}`;
    return refuseObject(failure(403, 'Forbidden', message, { name: full, kind: resource.plural }), warnings, sent(full), reasons);
  };

  applyDefaults(kind, object, defaulter);
  if (resource.namespaced) {
    const space = server.get('Namespace', '', namespace);
    if (space === undefined)
      return refuse(failure(404, 'NotFound', `namespaces "${namespace}" not found`, { name: namespace, kind: 'namespaces' }));
    if (space.metadata.deletionTimestamp !== undefined)
      return bad(`unable to create new content in namespace ${namespace} because it is being terminated`);
  }
  if (kind === 'Service') allocateClusterIp(object.spec, server);
  const ranges = kind === 'Pod' ? server.list('LimitRange', namespace) : [];
  applyLimitDefaults(object, ranges, defaulter);
  const refused = kind === 'Pod' ? admitPod(object, server, defaulter) : null;
  if (refused !== null) return bad(refused);
  if (!object.metadata.name && object.metadata.generateName) object.metadata.name = object.metadata.generateName + server.randomSuffix(5);
  object.metadata = { ...object.metadata, creationTimestamp: rfc3339(server.deps.now()), uid: server.newUid() };
  warnings.push(...prepareForCreate(kind, object, defaulter));

  const errors = validateCreate(kind, object, { allowPrivileged: server.deps.allowPrivileged !== false });
  if (errors.length > 0) {
    const full: string = object.metadata.name ?? '';
    return refuseObject(invalidStatus(kind, resource.group, full, errors), warnings, sent(full), validationReasons(errors));
  }
  warnings.push(...warningsFor(kind, object));
  if (kind === 'Namespace') warnings.push(...podSecurityNamespaceWarnings(object, undefined, [], server.deps.podSecurity));
  const outside = outsideLimits(object, ranges);
  if (outside !== undefined) return bad(outside);
  const verdict = podSecurity(kind, object, server.get('Namespace', '', namespace), server.deps.podSecurity, user);
  if (verdict.forbidden !== null) return bad(verdict.forbidden, podSecurityReasons(verdict.violations, verdict.policy));
  const exceeded = kind === 'Pod' ? exceededQuota(server, object, namespace) : undefined;
  if (exceeded !== undefined) return bad(exceeded);
  return { object, origins: createdOrigins(decoded.value, raw, defaulter.origins), warnings: [...warnings, ...verdict.warnings] };
}

/** PUT: the whole object, or its status or ephemeral containers. */
export function replaceObject(server: Writer, resource: Resource, namespace: string, name: string, request: RestRequest): Answer {
  const entry = server.store.get(resource.kind, namespace, name);
  if (entry === undefined) return refuse(server.missing(resource, name));
  const decoded = decode(resource.kind, request.body ?? toJsonBody(request.raw));
  const problem =
    decoded.typeError?.message ??
    (decoded.unknown.length > 0 && request.query?.fieldValidation === 'Strict'
      ? `strict decoding error: ${decoded.unknown.map((p) => p.message).join(', ')}`
      : undefined);
  if (problem !== undefined)
    return refuse(
      failure(400, 'BadRequest', `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: ${problem}`),
    );
  return storeUpdate(server, resource, entry.object, entry.origins, structuredClone(decoded.value) as Json, request);
}

/** PATCH in its four formats. Deviates: no managed fields are kept, so that an apply is a merge without conflicts that removes nothing */
export function patchObject(server: Writer, resource: Resource, namespace: string, name: string, request: RestRequest): Answer {
  const entry = server.store.get(resource.kind, namespace, name);
  if (entry === undefined) {
    if (request.patchType !== 'apply') return refuse(server.missing(resource, name));
    return createObject(server, resource, namespace, { ...request, verb: 'create' });
  }
  const patch = request.patchType === 'apply' ? withLastApplied(entry.object, request.body) : (request.body ?? toJsonBody(request.raw));
  let next: unknown;
  if (request.patchType === 'json') {
    const patched = jsonPatch(entry.object, patch as unknown[]);
    if (typeof patched === 'string')
      return refuse(failure(422, 'Invalid', 'the server rejected our request due to an error in our request'));
    next = patched.value;
  } else next = request.patchType === 'merge' ? mergePatch(entry.object, patch) : strategicPatch(entry.object, patch);
  const decoded = decode(resource.kind, next);
  const strict =
    request.query?.fieldValidation === 'Strict' && decoded.unknown.length > 0
      ? `strict decoding error: ${decoded.unknown.map((p) => p.message).join(', ')}`
      : null;
  const problem = decoded.typeError === null ? strict : patchTypeError(decoded.typeError.message);
  if (problem !== null) {
    const cause = { reason: 'FieldValueInvalid', message: `Invalid value: ${goQuote(goMap(patch))}: ${problem}`, field: 'patch' };
    return refuse(failure(422, 'Invalid', ` "" is invalid: patch: ${cause.message}`, { causes: [cause] }));
  }
  return storeUpdate(server, resource, entry.object, entry.origins, structuredClone(decoded.value) as Json, request);
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object that was applied by the client keeps its annotation up to date. Counterpart: apimachinery/pkg/util/managedfields lastappliedupdater.go */
function withLastApplied(old: KubeObject, body: unknown): unknown {
  const applied = body as Json;
  if (old.metadata.annotations?.[LAST_APPLIED] === undefined) return body;
  const metadata = { ...applied.metadata, ...(old.metadata.namespace ? { namespace: old.metadata.namespace } : {}) };
  const text = `${goJson({ ...applied, metadata })}\n`;
  return { ...applied, metadata: { ...metadata, annotations: { ...metadata.annotations, [LAST_APPLIED]: text } } };
}

/** The converter of patches words type errors differently. Counterpart: apimachinery/pkg/runtime/converter.go fromUnstructured. */
function patchTypeError(message: string): string {
  const [, kind = '', type = ''] = /cannot unmarshal (\S+).* of type (.*)$/.exec(message) ?? [];
  if (type.startsWith('[]')) return `cannot restore slice from ${kind === 'number' ? 'int' : kind === 'object' ? 'map' : kind}`;
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (type.startsWith('v1.') && kind !== 'number' && kind !== 'bool') return `cannot restore struct from: ${kind}`;
  return `unrecognized type: ${type}`;
}

/** A JSON value as Go's %v prints it; the patch machinery has emptied the lists by then. */
function goMap(value: unknown): string {
  if (Array.isArray(value)) return '[]';
  if (typeof value !== 'object' || value === null) return value === null ? '<nil>' : String(value);
  const entries = Object.entries(value).filter(([key, member]) => !Array.isArray(member) && !key.startsWith('$'));
  return `map[${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${key}:${goMap(member)}`)
    .join(' ')}]`;
}

function storeUpdate(
  server: Writer,
  resource: Resource,
  old: KubeObject,
  origins: Readonly<Record<string, Origin>>,
  object: Json,
  request: RestRequest,
): Answer {
  const { kind } = resource;
  if (request.subresource === 'ephemeralcontainers') {
    const { ephemeralContainers } = object.spec ?? {};
    Object.assign(object, structuredClone(old), { spec: { ...structuredClone(old.spec), ephemeralContainers } });
  }
  const defaulter = new Defaulter();
  object.apiVersion = old.apiVersion;
  object.kind = kind;
  const status = request.subresource === 'status' ? object.status : old.status;
  applyDefaults(kind, object, defaulter);
  object.status = status;
  if (status === undefined) delete object.status;
  const kept = {
    name: old.metadata.name,
    namespace: old.metadata.namespace,
    uid: old.metadata.uid,
    creationTimestamp: old.metadata.creationTimestamp,
    resourceVersion: old.metadata.resourceVersion,
    generation: old.metadata.generation,
    deletionTimestamp: old.metadata.deletionTimestamp,
    deletionGracePeriodSeconds: old.metadata.deletionGracePeriodSeconds,
  };
  const name = old.metadata.name;
  const wanted = object.metadata?.resourceVersion;
  if (request.verb === 'update' && wanted !== undefined && wanted !== old.metadata.resourceVersion) {
    return refuse(
      failure(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${qualifiedPlural(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
        { name, kind: resource.plural },
      ),
    );
  }
  object.metadata = { ...object.metadata };
  for (const [key, value] of Object.entries(kept)) {
    if (value === undefined) delete object.metadata[key];
    else object.metadata[key] = value;
  }
  if (kind === 'Pod') {
    addTolerations(object, defaulter);
    keepPriority(object.spec, old.spec);
  }
  if (JSON.stringify(sortKeys(object)) === JSON.stringify(sortKeys(old))) return answer(old, 200);
  const errors = validateUpdate(kind, object, old, {
    allowPrivileged: server.deps.allowPrivileged !== false,
    subresource: request.subresource ?? '',
  });
  const { namespace = '' } = old.metadata;
  const sent: Submitted = { kind, namespace, name, given: object, raw: request.raw, decided: { ...origins, ...defaulter.origins } };
  if (errors.length > 0) return refuseObject(invalidStatus(kind, resource.group, name, errors), [], sent, validationReasons(errors));
  const warnings: string[] = [];
  const unchecked = kind === 'Pod' && !imagesChanged(object, old);
  const verdict = unchecked
    ? undefined
    : podSecurity(kind, object, server.get('Namespace', '', namespace), server.deps.podSecurity, request.user);
  if (verdict !== undefined && verdict.forbidden !== null)
    return refuseObject(
      failure(403, 'Forbidden', `${qualifiedPlural(resource)} "${name}" is forbidden: ${verdict.forbidden}`, {
        name,
        kind: resource.plural,
      }),
      warnings,
      sent,
      podSecurityReasons(verdict.violations, verdict.policy),
    );
  warnings.push(...(verdict?.warnings ?? []));
  if (kind === 'Namespace') warnings.push(...podSecurityNamespaceWarnings(object, old, server.list('Pod', name), server.deps.podSecurity));
  if (JSON.stringify(sortKeys(object.spec)) !== JSON.stringify(sortKeys(old.spec)) && object.metadata.generation !== undefined)
    object.metadata.generation += 1;
  if (request.query?.dryRun === 'All') return answer(object, 200, warnings);
  return answer(server.store.put(object, updatedOrigins({ object: old, origins }, object, request.raw, defaulter.origins)), 200, warnings);
}

function imagesChanged(pod: Json, old: Json): boolean {
  const images = (spec: Json): string =>
    JSON.stringify(
      ['initContainers', 'containers', 'ephemeralContainers'].map((list) => (spec[list] ?? []).map((c: Json) => [c.name, c.image])),
    );
  return images(pod.spec) !== images(old.spec);
}

/** Objects with sorted members, for comparison. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}
