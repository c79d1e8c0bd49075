// What the controllers of workloads share: their door to the API server, the pods they own, and how they make and remove pods.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import type { EventInput, KubeObject } from '../api/object.ts';
import { rfc3339 } from '../apiserver/time.ts';
import { sortKeys } from '../apiserver/write.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any;

export interface WorkloadApi {
  request(request: RestRequest): RestResponse;
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
  updateStatus(kind: string, namespace: string, name: string, mutate: (object: KubeObject) => KubeObject): void;
  recordEvent(event: EventInput): void;
}

/** One pass of the controllers: the API server, the time, and when something has to be looked at again. */
export interface Pass {
  readonly api: WorkloadApi;
  readonly nodeName: string;
  readonly now: bigint;
  /** Asks for another pass at this moment. */
  again(at: bigint): void;
  /** When an object may be tried again after failures; each call doubles the wait. */
  readonly failures: Failures;
}

export const timestamp = (pass: Pass): string => rfc3339(pass.now);
const namespaceOf = (object: KubeObject): string => object.metadata.namespace as string;

/** Waits that double with every failure of an object. Counterpart: ItemExponentialFailureRateLimiter, client-go/util/workqueue */
export class Failures {
  private readonly waits = new Map<string, { count: number; until: bigint }>();

  /** The moment before which nothing is tried, if any. */
  until(object: KubeObject): bigint {
    return this.waits.get(object.metadata.uid as string)?.until ?? 0n;
  }

  failed(object: KubeObject, now: bigint, first: bigint, longest: bigint): bigint {
    const uid = object.metadata.uid as string;
    const count = this.waits.get(uid)?.count ?? 0;
    const wait = first << BigInt(Math.min(count, 30));
    const until = now + (wait > longest ? longest : wait);
    this.waits.set(uid, { count: count + 1, until });
    return until;
  }

  forget(object: KubeObject): void {
    this.waits.delete(object.metadata.uid as string);
  }
}

export function controllerOf(object: KubeObject): Json | undefined {
  return (object.metadata.ownerReferences ?? []).find((one: Json) => one.controller);
}

/** The objects of a kind that an owner controls. */
export const ownedBy = (api: WorkloadApi, kind: string, owner: KubeObject): readonly KubeObject[] =>
  api.list(kind, namespaceOf(owner)).filter((one) => controllerOf(one)?.uid === owner.metadata.uid);

export const ownerReference = (owner: KubeObject): Json => ({
  apiVersion: owner.apiVersion,
  blockOwnerDeletion: true,
  controller: true,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
});

/** Counterpart: IsPodActive, pkg/controller/controller_utils.go */
export const isActive = (pod: KubeObject): boolean =>
  !['Succeeded', 'Failed'].includes(pod.status?.phase) && !pod.metadata.deletionTimestamp;

export const readySince = (pod: KubeObject): string | undefined =>
  (pod.status?.conditions ?? []).find((c: Json) => c.type === 'Ready' && c.status === 'True')?.lastTransitionTime;

/** Ready for as long as the owner asks. Counterpart: IsPodAvailable, pkg/api/v1/pod/util.go */
export function isAvailable(pass: Pass, pod: KubeObject, minReadySeconds = 0): boolean {
  const since = readySince(pod);
  if (since === undefined) return false;
  const at = BigInt(Date.parse(since)) * 1_000_000n + BigInt(minReadySeconds) * 1_000_000_000n;
  if (at > pass.now) pass.again(at);
  return at <= pass.now;
}

export function say(pass: Pass, about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, component: string): void {
  const { kind, apiVersion } = about;
  const { name, namespace, uid, resourceVersion } = about.metadata;
  pass.api.recordEvent({
    involvedObject: {
      kind,
      apiVersion,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type,
    reason,
    message,
    component,
  });
}

/** The service accounts whose names are not the kind's. */
const ACCOUNTS: Readonly<Record<string, string>> = { DaemonSet: 'daemon-set', ReplicationController: 'replication' };

/** The user a controller is to the API server. Counterpart: kube-controller-manager with --use-service-account-credentials */
const accountOf = (kind: string): string => `system:serviceaccount:kube-system:${ACCOUNTS[kind] ?? kind.toLowerCase()}-controller`;

/** Creates an object through the API server, with all its admission; a text: why it was refused. */
export function create(pass: Pass, group: string, plural: string, object: Json): KubeObject | string {
  const answer = pass.api.request({
    verb: 'create',
    group,
    version: 'v1',
    resource: plural,
    namespace: object.metadata.namespace,
    user: accountOf(controllerOf(object)?.kind ?? ''),
    body: object,
  });
  return answer.code < 400 ? (answer.body as KubeObject) : (answer.body as { message: string }).message;
}

/** A pod of an owner, from its template. */
export function podFrom(owner: KubeObject, template: Json, more: Json): Json {
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: owner.metadata.namespace,
      ...(labels || more.labels ? { labels: { ...labels, ...more.labels } } : {}),
      ...(annotations || more.annotations ? { annotations: { ...annotations, ...more.annotations } } : {}),
      ownerReferences: [ownerReference(owner)],
      ...more.name,
    },
    spec: { ...structuredClone(template.spec), ...more.spec },
  };
}

/** Deletes an object as a user without further wishes would. */
export function remove(pass: Pass, group: string, plural: string, object: KubeObject): void {
  pass.api.request({ verb: 'delete', group, version: 'v1', resource: plural, namespace: namespaceOf(object), name: object.metadata.name });
}

/** Writes a status if it is another one. */
export function writeStatus(pass: Pass, object: KubeObject, status: Json): void {
  if (JSON.stringify(object.status ?? {}) === JSON.stringify(status)) return;
  pass.api.updateStatus(object.kind, namespaceOf(object), object.metadata.name, (old) => ({ ...old, status }));
}

/** A condition; its transition time stays while its status does. */
export function condition(pass: Pass, old: readonly Json[], type: string, status: string, reason: string, message: string): Json {
  const before = old.find((one) => one.type === type);
  const now = timestamp(pass);
  return { lastTransitionTime: before?.status === status ? before.lastTransitionTime : now, message, reason, status, type };
}

/** A short text for a pod template: equal templates have equal ones. Counterpart: ComputeHash and SafeEncodeString. Deviates: another hash. */
export function templateHash(template: Json): string {
  const text = JSON.stringify(sortKeys(template));
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return String(hash >>> 0).replace(/\d/g, (digit) => '456789bcdf'[Number(digit)] as string);
}
