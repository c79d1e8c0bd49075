// The subresources scale and eviction. Counterpart: kubernetes/pkg/registry/{apps,core/pod}/storage, v1.36

import type { RestRequest, RestResponse } from '#base/rest.ts';
import { deleteObject } from './delete.ts';
import { failure } from './field-error.ts';
import { mergePatch } from './patch.ts';
import { answer, refuse } from './refusal.ts';
import type { Resource } from './resources.ts';
import { patchObject, type Writer } from './write.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const SCALABLE = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'];

/** The number of replicas as an object of its own, which can be read and patched. */
export function scale(server: Writer, resource: Resource, namespace: string, name: string, request: RestRequest): RestResponse {
  if (!SCALABLE.includes(resource.kind)) return refuse(failure(404, 'NotFound', 'the server could not find the requested resource'));
  const object: Json = server.get(resource.kind, namespace, name);
  if (object === undefined) return refuse(server.missing(resource, name));
  if (request.verb === 'get') return answer(scaleOf(object), 200);
  const wanted = (mergePatch(scaleOf(object), request.body) as Json).spec.replicas;
  const done = patchObject(server, resource, namespace, name, {
    ...request,
    subresource: '',
    patchType: 'merge',
    body: { spec: { replicas: wanted } },
  });
  return done.code < 400 ? { ...done, body: scaleOf(done.body) } : done;
}

function scaleOf(object: Json): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { creationTimestamp, name, namespace, resourceVersion, uid },
    spec: { replicas: object.spec.replicas },
    status: { replicas: object.status?.replicas ?? 0 },
  };
}

/** Deletes a pod for its eviction. Deviates: no disruption budgets are simulated. */
export function evict(server: Writer, resource: Resource, namespace: string, name: string): RestResponse {
  const query = {};
  const done = deleteObject(server, resource, namespace, name, {
    verb: 'delete',
    group: resource.group,
    version: resource.version,
    resource: resource.plural,
    namespace,
    name,
    query,
  });
  return done.code < 400 ? answer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }, 201) : done;
}
