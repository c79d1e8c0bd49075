import { expect, test } from 'vitest';
import { ApiServer } from './server.ts';
import { humanDuration } from './table.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
type Json = any;

function server(): ApiServer {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed;
  };
  return new ApiServer({ now: () => 1_795_420_800_000_000_000n, random, nodeName: 'node-1' });
}

const pods = { group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
const pod = (spec: Json, metadata: Json = { name: 'x' }): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'c', image: 'busybox:1.36' }], ...spec },
});
const message = (api: ApiServer, body: Json): string => {
  const answer = api.request({ verb: 'create', ...pods, body, query: { fieldValidation: 'Strict' } });
  return answer.code === 201 ? 'created' : (answer.body as Json).message;
};

test('refusals are worded as the recorded server words them', () => {
  const decode = 'Pod in version "v1" cannot be handled as a Pod: ';
  expect([
    message(server(), pod({ securityContext: { runAsUser: '1000' } })),
    message(server(), pod({ volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: '0400' } }] })),
    message(server(), pod({ zeta: 1, securityContext: { runAsUsr: 1 } })),
    message(server(), pod({ securityContext: { runAsUser: -1, fsGroup: -2 } })),
    message(
      server(),
      pod({ containers: [{ name: 'c', image: 'i', securityContext: { privileged: true, allowPrivilegeEscalation: false } }] }),
    ),
    message(server(), pod({ serviceAccountName: 'nosa' })),
    message(server(), pod({ hostUsers: false, hostPID: true })),
  ]).toEqual([
    `${decode}json: cannot unmarshal string into Go struct field PodSecurityContext.spec.securityContext.runAsUser of type int64`,
    `${decode}json: cannot unmarshal string into Go struct field SecretVolumeSource.spec.volumes.VolumeSource.secret.defaultMode of type int32`,
    `${decode}strict decoding error: unknown field "spec.securityContext.runAsUsr", unknown field "spec.zeta"`,
    'Pod "x" is invalid: [spec.securityContext.fsGroup: Invalid value: -2: must be between 0 and 2147483647, inclusive, spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive]',
    'Pod "x" is invalid: spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    'pods "x" is forbidden: error looking up service account default/nosa: serviceaccount "nosa" not found',
    'Pod "x" is invalid: spec.HostPID: Forbidden: when `hostUsers` is false',
  ]);
});

test('changing an immutable field prints the difference of the internal specs', () => {
  const api = server();
  expect(message(api, pod({ securityContext: { runAsUser: 1000 } }))).toBe('created');
  const answer = api.request({
    verb: 'patch',
    patchType: 'strategic',
    ...pods,
    name: 'x',
    body: { spec: { securityContext: { runAsUser: 2000 } } },
  });
  expect((answer.body as Json).details.causes[0].message.split('\n').slice(1)).toEqual([
    '@@ -149,7 +149,7 @@',
    '   "HostUsers": null,',
    '   "SELinuxOptions": null,',
    '   "WindowsOptions": null,',
    '-  "RunAsUser": 1000,',
    '+  "RunAsUser": 2000,',
    '   "RunAsGroup": null,',
    '   "RunAsNonRoot": null,',
    '   "SupplementalGroups": null,',
    '',
    '',
  ]);
});

test('Pod Security refuses, and warns about Pods that are there already', () => {
  const api = server();
  expect(message(api, pod({}))).toBe('created');
  const label = api.request({
    verb: 'patch',
    patchType: 'merge',
    group: '',
    version: 'v1',
    resource: 'namespaces',
    name: 'default',
    body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
  });
  expect(label.warnings).toEqual([
    'existing pods in namespace "default" violate the new PodSecurity enforce level "restricted:latest"',
    'x: allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile',
  ]);
  expect(message(api, pod({}, { name: 'y' }))).toBe(
    'pods "y" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  );
});

test('a Pod on a node ends gracefully; the kubelet removes it; repeated events are counted', () => {
  const api = server();
  message(api, pod({}));
  api.updateStatus('Pod', 'default', 'x', (old) => ({ ...old, spec: { ...old.spec, nodeName: 'node-1' } }));
  const seen: string[] = [];
  api.onChange((change) => seen.push(`${change.type} ${change.kind} ${change.name}`));
  api.request({ verb: 'delete', ...pods, name: 'x' });
  expect(api.get('Pod', 'default', 'x')?.metadata.deletionGracePeriodSeconds).toBe(30);
  expect((api.request({ verb: 'get', ...pods, name: 'x', asTable: true }).body as Json).rows[0].cells).toEqual([
    'x',
    '0/1',
    'Terminating',
    '0',
    '0s',
    '<none>',
    'node-1',
    '<none>',
    '<none>',
  ]);
  api.remove('Pod', 'default', 'x');
  expect(seen).toEqual(['MODIFIED Pod x', 'DELETED Pod x']);
  const event = {
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'x' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    component: 'kubelet',
  } as const;
  api.recordEvent(event);
  api.recordEvent(event);
  expect(api.list('Event').map((e) => [e.reason, e.count])).toEqual([['BackOff', 2]]);
});

test('durations are rounded as in the AGE column', () => {
  expect([0, 117, 247, 240, 5700, 18720, 111600, 273600, 3888000].map(humanDuration)).toEqual([
    '0s',
    '117s',
    '4m7s',
    '4m',
    '95m',
    '5h12m',
    '31h',
    '3d4h',
    '45d',
  ]);
});

test('an object that is replaced by one without a namespace stays in its own', () => {
  const api = server();
  const maps = { group: '', version: 'v1', resource: 'configmaps', namespace: 'default' } as const;
  const body = (a: string): Json => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a } });
  api.request({ verb: 'create', ...maps, body: body('1') });
  api.request({ verb: 'update', ...maps, name: 'm', body: body('2') });
  const stored = api.list('ConfigMap').filter(({ metadata }) => metadata.name === 'm') as Json[];
  expect(stored.map(({ metadata, data }) => [metadata.namespace, data])).toEqual([['default', { a: '2' }]]);
});
