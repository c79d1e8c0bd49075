// The simulated kube-apiserver: the one door to the store for kubectl, kubelet and controllers.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import type { Origin, TextRange } from '#provenance/origin.ts';
import type { Refusal } from '#provenance/refusal.ts';
import type { Change, EventInput, KubeObject } from '../api/object.ts';
import { deleteObject } from './delete.ts';
import { diagnose } from './diagnose.ts';
import { EventRecorder } from './events.ts';
import { failure } from './field-error.ts';
import { matchesFields, parseFieldSelector } from './fieldSelector.ts';
import { matchesLabels, parseLabelSelector } from './labelSelector.ts';
import type { PodSecurityConfiguration } from './pod-security-policy.ts';
import { unauthorized } from './rbac.ts';
import { BOOTSTRAP } from './rbacRoles.ts';
import type { Answer } from './refusal.ts';
import { apiVersionOf, isServed, qualifiedPlural, RESOURCES, type Resource, resourceNamed, resourceOfKind } from './resources.ts';
import { selfReview } from './reviews.ts';
import { ROOT_CERTIFICATE } from './rootCertificate.ts';
import { requestToken } from './serviceAccountToken.ts';
import { KUBERNETES_SERVICE } from './services.ts';
import { Store } from './store.ts';
import { evict, scale } from './subresources.ts';
import { toTable } from './table.ts';
import { rfc3339 } from './time.ts';
import { createObject, patchObject, replaceObject, type Writer } from './write.ts';

export interface ApiServerDeps {
  now(): bigint; // simulated time, nanoseconds since 1970
  random(): number; // 0 ≤ n < 2^32, deterministic
  readonly nodeName: string;
  readonly allowPrivileged?: boolean; // default true
  readonly podSecurity?: PodSecurityConfiguration | undefined;
  /** Told of every refused request, with what decided. */
  refused?(refusal: Refusal): void;
  /** Lines of a decoded Pod that change nothing on the node; for the editor only, no server knows them. */
  effects?(pod: unknown): readonly { readonly pointer: string; readonly message: string }[];
}

/** Same shape as a Diagnostic of the session protocol. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly source: 'yaml' | 'api-server' | 'pod-security' | 'effect';
  readonly message: string;
  readonly range: TextRange | null;
  readonly pointer?: string;
}

export class ApiServer implements Writer {
  readonly store = new Store();
  readonly deps: ApiServerDeps;
  private readonly events = new EventRecorder(this);

  constructor(deps: ApiServerDeps) {
    this.deps = deps;
    for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
      this.put({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      });
      this.furnish(name);
    }
    this.put(KUBERNETES_SERVICE);
    for (const object of BOOTSTRAP) this.put(object);
  }

  /** What the server serves. Counterpart: the /api and /apis documents. */
  resources(): readonly Resource[] {
    return RESOURCES;
  }

  /** Answers whatever kubectl can ask; errors are Status objects with the real server's texts. */
  request(request: RestRequest): RestResponse {
    const { refusal, ...response } = this.answer(request);
    if (refusal !== undefined) this.deps.refused?.(refusal);
    return response;
  }

  private answer(request: RestRequest): Answer {
    const resource = resourceNamed(request.group, request.version, request.resource);
    const answer = (body: unknown, code = 200): Answer => ({ code, body, warnings: [] });
    if (resource === undefined) return answer(failure(404, 'NotFound', 'the server could not find the requested resource'), 404);
    const review = selfReview(this, resource, request);
    if (review !== undefined) return review;
    if (!isServed(resource)) return answer(failure(501, 'NotImplemented', `${qualifiedPlural(resource)} are not simulated here`), 501);
    const forbidden = this.forbids(request);
    if (forbidden !== undefined) return forbidden;
    if (request.subresource === 'exec' || request.subresource === 'attach') return answer({});
    const namespace = resource.namespaced ? (request.namespace ?? 'default') : '';
    const name = request.name ?? '';
    const whole = request.query?.includeObject === 'Object';
    if (request.subresource === 'scale') return scale(this, resource, namespace, name, request);
    if (request.subresource === 'eviction') return evict(this, resource, namespace, name);
    if (request.subresource === 'token') return requestToken(this, resource, namespace, name, request);
    switch (request.verb) {
      case 'get': {
        const entry = this.store.get(resource.kind, namespace, name);
        if (entry === undefined) return answer(this.missing(resource, name), 404);
        return answer(
          request.asTable
            ? toTable(resource.kind, [entry.object], this.deps.now(), entry.object.metadata.resourceVersion ?? '', whole)
            : entry.object,
        );
      }
      case 'list': {
        const problem = selectorProblem(resource, request);
        if (problem !== undefined) return answer(failure(400, 'BadRequest', problem), 400);
        const items = this.select(resource, request);
        const resourceVersion = this.store.resourceVersion;
        if (request.asTable) return answer(toTable(resource.kind, items, this.deps.now(), resourceVersion, whole));
        return answer({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata: { resourceVersion }, items });
      }
      case 'create':
        return createObject(this, resource, namespace, request);
      case 'update':
        return replaceObject(this, resource, namespace, name, request);
      case 'patch':
        return patchObject(this, resource, namespace, name, request);
      case 'delete':
        return deleteObject(this, resource, namespace, name, request);
      case 'deletecollection': {
        const problem = selectorProblem(resource, request);
        if (problem !== undefined) return answer(failure(400, 'BadRequest', problem), 400);
        const items = this.select(resource, request);
        for (const item of items) deleteObject(this, resource, item.metadata.namespace ?? '', item.metadata.name, request);
        return answer({
          kind: `${resource.kind}List`,
          apiVersion: apiVersionOf(resource),
          metadata: { resourceVersion: this.store.resourceVersion },
          items,
        });
      }
    }
  }

  /** The answer to a request whose user has no right to it; undefined: it may go on. */
  forbids(request: RestRequest): Answer | undefined {
    const resource = resourceNamed(request.group, request.version, request.resource);
    return resource && unauthorized(this, resource, request);
  }

  /** The stored object, or undefined. namespace is "" for cluster-scoped kinds. */
  get(kind: string, namespace: string, name: string): KubeObject | undefined {
    return this.store.get(kind, namespace, name)?.object;
  }

  /** Stored objects of a kind, by namespace and name. */
  list(kind: string, namespace?: string): readonly KubeObject[] {
    return this.store.list(kind, namespace);
  }

  /** Creates or replaces without admission and validation, as components do for their own objects (Node, token ConfigMap). */
  put(object: KubeObject, origins: Readonly<Record<string, Origin>> = {}): KubeObject {
    const metadata = { uid: this.newUid(), creationTimestamp: rfc3339(this.deps.now()), ...object.metadata };
    return this.store.put({ ...object, metadata }, origins);
  }

  /** Changes any part of a stored object; does nothing if it is gone or mutate returns it unchanged. */
  updateStatus(kind: string, namespace: string, name: string, mutate: (object: KubeObject) => KubeObject): void {
    const entry = this.store.get(kind, namespace, name);
    if (entry === undefined) return;
    const next = mutate(entry.object);
    if (next !== entry.object) this.store.put(next, entry.origins);
  }

  /** Removes at once: what the kubelet does at the end of a graceful deletion. */
  remove(kind: string, namespace: string, name: string): void {
    this.store.remove(kind, namespace, name);
    this.finishNamespace(namespace);
  }

  /** Records an Event; a repeated one raises the count of the first. */
  recordEvent(event: EventInput): void {
    this.events.record(event);
  }

  /** Calls the listener after every change; returns the function that stops that. */
  onChange(listener: (change: Change) => void): () => void {
    return this.store.onChange(listener);
  }

  /** Where the leaves of a stored object came from, by JSON Pointer. */
  originsOf(kind: string, namespace: string, name: string): Readonly<Record<string, Origin>> {
    return this.store.get(kind, namespace, name)?.origins ?? {};
  }

  /** Everything the client or server would say about a manifest, with places in the text. */
  diagnose(text: string): readonly Finding[] {
    return diagnose(text, this);
  }

  /** The objects the controller manager puts into every new namespace. */
  furnish(namespace: string): void {
    this.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    const text =
      'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
    this.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace, annotations: { 'kubernetes.io/description': text } },
      data: { 'ca.crt': ROOT_CERTIFICATE },
    });
  }

  /** A terminating namespace goes when nothing is left in it but what the controllers made. */
  finishNamespace(namespace: string): void {
    if (this.get('Namespace', '', namespace)?.metadata.deletionTimestamp === undefined) return;
    if (this.list('Pod', namespace).length > 0) return;
    this.store.remove('Namespace', '', namespace);
  }

  missing(resource: Resource, name: string): ReturnType<typeof failure> {
    return failure(404, 'NotFound', `${qualifiedPlural(resource)} "${name}" not found`, {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
    });
  }

  newUid(): string {
    const hex = [0, 0, 0, 0].map(() => this.deps.random().toString(16).padStart(8, '0')).join('');
    const variant = '89ab'[this.deps.random() % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** Counterpart: k8s.io/apimachinery/pkg/util/rand String. */
  randomSuffix(length: number): string {
    const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
    return Array.from({ length }, () => alphabet[this.deps.random() % alphabet.length]).join('');
  }

  kindOf(kind: string): Resource | undefined {
    return resourceOfKind(kind);
  }

  private select(resource: Resource, request: RestRequest): readonly KubeObject[] {
    const { labelSelector = '', fieldSelector = '' } = request.query ?? {};
    const all = this.store.list(resource.kind, resource.namespaced && request.namespace ? request.namespace : undefined);
    const fields = parseFieldSelector(fieldSelector, resource.kind);
    return all.filter((object) => matchesLabels(labelSelector, object.metadata.labels) && fields.ok && matchesFields(fields.terms, object));
  }
}

/** Why the selectors of a request cannot be used; undefined: they can. */
function selectorProblem(resource: Resource, { query = {} }: RestRequest): string | undefined {
  const labels = parseLabelSelector(query.labelSelector ?? '');
  if (!labels.ok) return labels.error;
  const fields = parseFieldSelector(query.fieldSelector ?? '', resource.kind);
  return fields.ok ? undefined : fields.error;
}
