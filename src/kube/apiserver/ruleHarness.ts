// For the tables of rules that no recording covers: what the server says of an object, and how a row names its source.

import { expect, it } from 'vitest';
import { ApiServer } from './server.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any;

/** One rule: where it is written, what is sent, and the errors of the answer; none: it is accepted. */
export interface Rule {
  readonly rule: string;
  /** File and function of Kubernetes, or section of a reference. */
  readonly source: string;
  readonly given: Json;
  readonly says: readonly string[];
}

export function ruleServer(): ApiServer {
  let seed = 1;
  return new ApiServer({
    now: () => 1_795_420_800_000_000_000n,
    random: () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0),
    nodeName: 'node-1',
  });
}

/** What creating an object is answered with. */
export function created(api: ApiServer, resource: string, body: Json, group = '', version = 'v1'): string {
  const answer = api.request({
    verb: 'create',
    group,
    version,
    resource,
    namespace: 'default',
    body,
    query: { fieldValidation: 'Strict' },
  });
  return answer.code === 201 ? 'created' : (answer.body as Json).message;
}

/** A Pod with one container; the patch replaces whole fields of the spec, `container` those of the container, `meta` those of the metadata. */
export const podOf = ({ container, meta, ...spec }: Json): Json => ({
  metadata: { name: 'x', ...meta },
  spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec },
});

/** How the server joins the errors of an object. */
export const invalidObject = (what: string, errors: readonly string[]): string =>
  errors.length === 0 ? 'created' : `${what} is invalid: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`;

/** Every row as a test. */
export function podRules(rows: readonly Rule[]): void {
  it.each(rows.map((row) => [row.rule, row] as const))('%s', (_, { source, given, says }) => {
    expect(source).toMatch(/\S+ \S+/);
    expect(created(ruleServer(), 'pods', podOf(given))).toBe(invalidObject('Pod "x"', says));
  });
}

/** A rule for another kind, or for a change of an object. */
export interface KindRule extends Rule {
  readonly kind: string;
  /** A strategic patch of the object `given`, once it is stored; what is said is the answer to that. */
  readonly change?: Json;
  /** A status the controllers would have set in between. */
  readonly status?: Json;
}

/** The path of a kind's objects and its group. */
const KINDS: Readonly<Record<string, readonly [resource: string, group: string]>> = {
  Pod: ['pods', ''],
  ConfigMap: ['configmaps', ''],
  Secret: ['secrets', ''],
  Service: ['services', ''],
  ServiceAccount: ['serviceaccounts', ''],
  Namespace: ['namespaces', ''],
  LimitRange: ['limitranges', ''],
  ResourceQuota: ['resourcequotas', ''],
  PersistentVolume: ['persistentvolumes', ''],
  PersistentVolumeClaim: ['persistentvolumeclaims', ''],
  ReplicationController: ['replicationcontrollers', ''],
  Deployment: ['deployments', 'apps'],
  ReplicaSet: ['replicasets', 'apps'],
  DaemonSet: ['daemonsets', 'apps'],
  StatefulSet: ['statefulsets', 'apps'],
  Job: ['jobs', 'batch'],
  CronJob: ['cronjobs', 'batch'],
  StorageClass: ['storageclasses', 'storage.k8s.io'],
  CSIDriver: ['csidrivers', 'storage.k8s.io'],
  RuntimeClass: ['runtimeclasses', 'node.k8s.io'],
  PriorityClass: ['priorityclasses', 'scheduling.k8s.io'],
  Role: ['roles', 'rbac.authorization.k8s.io'],
  ClusterRole: ['clusterroles', 'rbac.authorization.k8s.io'],
  RoleBinding: ['rolebindings', 'rbac.authorization.k8s.io'],
  ClusterRoleBinding: ['clusterrolebindings', 'rbac.authorization.k8s.io'],
};

/** Every row as a test: objects are called x unless the row names them. */
export function kindRules(rows: readonly KindRule[]): void {
  it.each(rows.map((row) => [`${row.kind}: ${row.rule}`, row] as const))('%s', (_, { kind, source, given, change, status, says }) => {
    expect(source).toMatch(/\S+ \S+/);
    const [resource, group] = KINDS[kind] as readonly [string, string];
    const api = ruleServer();
    const metadata = { name: 'x', ...given.metadata };
    const name = group === '' ? kind : `${kind}.${group}`;
    const wanted = (good: string): string => (says.length === 0 ? good : invalidObject(`${name} "${metadata.name}"`, says));
    const first = created(api, resource, { ...given, metadata }, group);
    if (change === undefined) return expect(first).toBe(wanted('created'));
    expect(first).toBe('created');
    const place = { group, version: 'v1', resource, namespace: 'default', name: metadata.name, patchType: 'strategic' as const };
    if (status !== undefined) api.request({ ...place, verb: 'patch', subresource: 'status', body: { status } });
    const answer = api.request({ ...place, verb: 'patch', body: change, query: { fieldValidation: 'Strict' } });
    expect(answer.code === 200 ? 'changed' : (answer.body as Json).message).toBe(wanted('changed'));
  });
}
