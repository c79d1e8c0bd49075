import { expect, test } from 'vitest';
import { ApiServer } from './server.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
type Json = any;

const server = (): ApiServer => {
  let seed = 1;
  return new ApiServer({
    now: () => 1_795_420_800_000_000_000n,
    random: () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0),
    nodeName: 'node-1',
  });
};

/** What creating an object is answered with. */
function said(resource: string, body: Json, group = ''): string {
  const answer = server().request({
    verb: 'create',
    group,
    version: 'v1',
    resource,
    namespace: 'default',
    body,
    query: { fieldValidation: 'Strict' },
  });
  return answer.code === 201 ? 'created' : (answer.body as Json).message;
}

const template = { metadata: { labels: { app: 'w' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
const deployment = (spec: Json): Json => ({
  metadata: { name: 'w' },
  spec: { selector: { matchLabels: { app: 'w' } }, template, ...spec },
});

test('rules that no recording covers, from kubernetes/pkg/apis/*/validation, v1.36', () => {
  const meta = { metadata: { name: 'x' } };
  const cases: readonly (readonly [string, string])[] = [
    // core/validation ValidateService
    [said('services', { ...meta, spec: {} }), 'Service "x" is invalid: spec.ports: Required value'],
    [
      said('services', { ...meta, spec: { ports: [{ port: 0 }] } }),
      // The target port is defaulted to the port before.
      'Service "x" is invalid: [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]',
    ],
    [
      said('services', { ...meta, spec: { type: 'Foo', ports: [{ port: 80 }] } }),
      'Service "x" is invalid: spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
    [said('services', { ...meta, spec: { ports: [{ port: 80 }] } }), 'created'],
    // core/validation ValidateConfigMap, ValidatePersistentVolumeClaim
    [
      said('configmaps', { ...meta, data: { a: '1' }, binaryData: { a: 'MQ==' } }),
      'ConfigMap "x" is invalid: data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ],
    [
      said('persistentvolumeclaims', {
        ...meta,
        spec: { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      }),
      'PersistentVolumeClaim "x" is invalid: spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ],
    // apps/validation ValidateDeploymentSpec, whose template is ValidatePodTemplateSpecForReplicaSet's
    [
      said('deployments', deployment({ replicas: -1 }), 'apps'),
      'Deployment.apps "w" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      said('deployments', deployment({ template: { ...template, spec: { ...template.spec, activeDeadlineSeconds: 5 } } }), 'apps'),
      'Deployment.apps "w" is invalid: spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    ],
    // batch/validation validateScheduleString
    [
      said(
        'cronjobs',
        {
          ...meta,
          spec: {
            schedule: '* *',
            jobTemplate: { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } } },
          },
        },
        'batch',
      ),
      'CronJob.batch "x" is invalid: spec.schedule: Invalid value: "* *": expected exactly 5 fields, found 2: [* *]',
    ],
    // core/validation validateProbe: an absent port is the number 0
    [
      said('pods', { ...meta, spec: { containers: [{ name: 'c', image: 'i', livenessProbe: { tcpSocket: {} } }] } }),
      'Pod "x" is invalid: spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    // apiserver/pkg/registry/rest EnsureObjectNamespaceMatchesRequestNamespace
    [
      said('configmaps', { metadata: { name: 'x', namespace: 'other' } }),
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    // a kind that discovery names and nobody stores
    [said('networkpolicies', meta, 'networking.k8s.io'), 'networkpolicies.networking.k8s.io are not simulated here'],
  ];
  expect(cases.map(([got]) => got)).toEqual(cases.map(([, wanted]) => wanted));
});

test('ephemeral containers come in addition, through their subresource; rules of validateEphemeralContainers, v1.36', () => {
  const api = server();
  const pods = { group: '', version: 'v1', resource: 'pods', namespace: 'default' };
  api.request({ verb: 'create', ...pods, body: { metadata: { name: 'x' }, spec: { containers: [{ name: 'c', image: 'i' }] } } });
  const add = (container: Json): string => {
    const answer = api.request({
      verb: 'patch',
      patchType: 'strategic',
      ...pods,
      name: 'x',
      subresource: 'ephemeralcontainers',
      body: { spec: { ephemeralContainers: [container] } },
    });
    return answer.code === 200 ? 'patched' : (answer.body as Json).message;
  };
  expect([
    add({ name: 'c', image: 'i' }),
    add({ name: 'd', image: 'i', targetContainerName: 'nope' }),
    add({ name: 'd', image: 'i', ports: [{ containerPort: 1 }] }),
    add({ name: 'd', image: 'i', targetContainerName: 'c' }),
    api.get('Pod', 'default', 'x')?.metadata.generation,
  ]).toEqual([
    'Pod "x" is invalid: spec.ephemeralContainers[0].name: Duplicate value: "c"',
    'Pod "x" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "nope"',
    'Pod "x" is invalid: spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    'patched',
    2,
  ]);
});
