// delete. Counterpart: k8s.io/apiserver/pkg/registry/generic/registry/store.go Delete, v1.36.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import { failure } from './field-error.ts';
import { answer, refuse } from './refusal.ts';
import { isServed, RESOURCES, type Resource, resourceOfKind } from './resources.ts';
import { rfc3339 } from './time.ts';
import type { Writer } from './write.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** DELETE: Pods that run end gracefully, everything else goes at once. */
export function deleteObject(server: Writer, resource: Resource, namespace: string, name: string, request: RestRequest): RestResponse {
  const entry = server.store.get(resource.kind, namespace, name);
  if (entry === undefined) return refuse(server.missing(resource, name));
  const { object } = entry;
  if (request.query?.dryRun === 'All') return answer(object, 200);
  const success = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, kind: resource.plural, uid: object.metadata.uid },
  };
  if (resource.kind === 'Namespace') {
    if (['default', 'kube-system', 'kube-public'].includes(name))
      return refuse(
        failure(403, 'Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`, { name, kind: 'namespaces' }),
      );
    server.store.put(
      {
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: rfc3339(server.deps.now()) },
        status: { ...object.status, phase: 'Terminating' },
      },
      entry.origins,
    );
    emptyNamespace(server, name, request);
    server.finishNamespace(name);
    return answer(success, 200);
  }
  const body = request.body as Json;
  const asked = request.query?.gracePeriodSeconds ?? body?.gracePeriodSeconds;
  const grace = Number(asked ?? object.spec?.terminationGracePeriodSeconds ?? 30);
  const ended = ['Failed', 'Succeeded'].includes(object.status?.phase);
  if (resource.kind !== 'Pod' || grace === 0 || !object.spec.nodeName || (ended && asked === undefined)) {
    // Claims and volumes wait until nobody uses them: a controller takes them away.
    if (resource.kind.startsWith('PersistentVolume') && object.metadata.finalizers?.length) {
      if (object.metadata.deletionTimestamp === undefined) {
        const marked = { ...object.metadata, deletionTimestamp: rfc3339(server.deps.now()), deletionGracePeriodSeconds: 0 };
        server.store.put({ ...object, metadata: marked }, entry.origins);
      }
      return answer(success, 200);
    }
    server.store.remove(resource.kind, namespace, name);
    server.finishNamespace(namespace);
    return answer(resource.kind === 'Pod' ? object : success, 200);
  }
  const earlier = object.metadata.deletionGracePeriodSeconds;
  if (earlier !== undefined && earlier <= grace) return answer(object, 200);
  const deletionTimestamp = rfc3339(server.deps.now() + BigInt(grace) * 1_000_000_000n);
  const generation = (object.metadata.generation ?? 1) + (earlier === undefined ? 1 : 0);
  return answer(
    server.store.put(
      { ...object, metadata: { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: grace, generation } },
      entry.origins,
    ),
    200,
  );
}

function emptyNamespace(server: Writer, namespace: string, request: RestRequest): void {
  const pods = resourceOfKind('Pod') as Resource;
  for (const { kind } of RESOURCES.filter((one) => one.namespaced && one.kind !== 'Pod' && isServed(one))) {
    for (const object of server.list(kind, namespace)) server.store.remove(kind, namespace, object.metadata.name);
  }
  for (const pod of server.list('Pod', namespace))
    deleteObject(server, pods, namespace, pod.metadata.name, { ...request, body: undefined, query: {} });
}
