// The pods of `npm run conformance:runc`: one for each field, and the pairs that meet in config.json.

/** A pod with one container; `spec` and `container` are JSON, which is YAML. */
const pod = (name, { spec = {}, container = {}, image = 'busybox:1.36', node } = {}) => ({
  name,
  node,
  yaml: JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: {
      terminationGracePeriodSeconds: 0,
      ...spec,
      containers: [{ name: 'c', image, command: ['sh', '-c', 'sleep 1h'], ...container }],
    },
  }),
});
/** Pod-level and container-level security contexts. */
const secured = (name, podContext, context, more = {}) =>
  pod(name, {
    ...more,
    spec: { ...(podContext && { securityContext: podContext }), ...more.spec },
    container: { ...(context && { securityContext: context }), ...more.container },
  });

const volumes = (list) => ({
  spec: { volumes: list.map(([name, source]) => ({ name, ...source })) },
  container: { volumeMounts: list.map(([name, , mount]) => ({ name, mountPath: `/v/${name}`, ...mount })) },
});
const EMPTY = ['ed', { emptyDir: {} }];
const RUNTIME_DEFAULT = { seccompProfile: { type: 'RuntimeDefault' } };
const AUDIT = { 'audit.json': { defaultAction: 'SCMP_ACT_LOG' } };
const NO_CHMOD = {
  'nochmod.json': {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['chmod', 'fchmod', 'fchmodat'], action: 'SCMP_ACT_ERRNO' }],
  },
};

export const PODS = [
  pod('default'),
  secured('user', { runAsUser: 1000 }),
  secured('user-group', { runAsUser: 1000, runAsGroup: 3000 }),
  secured('container-over-pod', { runAsUser: 1000, runAsGroup: 3000 }, { runAsUser: 2000 }),
  secured('container-root', { runAsUser: 1000 }, { runAsUser: 0 }),
  secured('nobody', { runAsUser: 65534 }),
  secured('group-only', undefined, { runAsGroup: 3000 }),
  secured('supplemental', { runAsUser: 1000, supplementalGroups: [4000, 10, 4000] }),
  secured('strict', { supplementalGroupsPolicy: 'Strict', supplementalGroups: [4000] }),
  secured('image-groups-merge', { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000] }, undefined, {
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.45',
  }),
  secured(
    'image-groups-strict',
    { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000], supplementalGroupsPolicy: 'Strict' },
    undefined,
    {
      image: 'registry.k8s.io/e2e-test-images/agnhost:2.45',
    },
  ),
  pod('image-user', { image: 'example/user1000:1' }),
  pod('image-user-group', { image: 'example/user1000-2000:1' }),
  pod('image-user-name', { image: 'example/userapp:1' }),
  secured('image-accounts', { runAsUser: 2000 }, undefined, { image: 'example/apps:1' }),
  pod('image-environment', { image: 'example/env:1' }),
  secured('fsgroup-emptydir', { runAsUser: 1000, fsGroup: 2000 }, undefined, volumes([EMPTY])),
  secured('fsgroup-only', { fsGroup: 2000 }),
  secured('memory-volume', { runAsUser: 1000, fsGroup: 2000 }, undefined, volumes([['mem', { emptyDir: { medium: 'Memory' } }]])),
  secured('readonly-mount', undefined, undefined, volumes([['ed', { emptyDir: {} }, { readOnly: true }]])),
  secured(
    'downward',
    { runAsUser: 1000 },
    undefined,
    volumes([['dw', { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } }]]),
  ),
  secured('hostpath', undefined, undefined, volumes([['hp', { hostPath: { path: '/srv/data', type: 'DirectoryOrCreate' } }]])),
  secured('add-net-admin', undefined, { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } }),
  secured('drop-all', undefined, { capabilities: { drop: ['ALL'] } }),
  secured('drop-all-add-bind', undefined, { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
  secured('drop-some', undefined, { capabilities: { drop: ['CHOWN', 'MKNOD', 'NET_RAW'] } }),
  secured('add-all', undefined, { capabilities: { add: ['ALL'] } }),
  secured('add-all-drop-some', undefined, { capabilities: { add: ['ALL'], drop: ['SYS_ADMIN', 'SYS_MODULE'] } }),
  secured('unknown-capability', undefined, { capabilities: { add: ['NOSUCH', 'CAP_NET_ADMIN'] } }),
  secured('user-adds-capability', { runAsUser: 1000 }, { capabilities: { add: ['NET_ADMIN'] } }),
  secured('no-new-privs', { runAsUser: 1000 }, { allowPrivilegeEscalation: false }),
  secured('no-new-privs-root', undefined, { allowPrivilegeEscalation: false }),
  secured('privileged', undefined, { privileged: true }),
  secured('privileged-user', { runAsUser: 1000 }, { privileged: true }),
  secured('privileged-drops', undefined, { privileged: true, capabilities: { drop: ['ALL'] }, ...RUNTIME_DEFAULT }),
  secured('readonly-root', undefined, { readOnlyRootFilesystem: true }),
  secured('readonly-root-user', { runAsUser: 1000, fsGroup: 2000 }, { readOnlyRootFilesystem: true }, volumes([EMPTY])),
  secured('seccomp-default', RUNTIME_DEFAULT),
  secured(
    'seccomp-default-user',
    { ...RUNTIME_DEFAULT, runAsUser: 1000 },
    { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  ),
  secured('seccomp-unconfined', { seccompProfile: { type: 'Unconfined' } }),
  secured('seccomp-container-wins', RUNTIME_DEFAULT, { seccompProfile: { type: 'Unconfined' } }),
  secured('seccomp-localhost-audit', { seccompProfile: { type: 'Localhost', localhostProfile: 'audit.json' } }, undefined, {
    node: { seccompProfiles: AUDIT },
  }),
  secured('seccomp-localhost-rules', { seccompProfile: { type: 'Localhost', localhostProfile: 'nochmod.json' } }, undefined, {
    node: { seccompProfiles: NO_CHMOD },
  }),
  pod('seccomp-node-default', { node: { seccompDefault: true } }),
  pod('userns', { spec: { hostUsers: false } }),
  secured('userns-user', { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 }, undefined, { spec: { hostUsers: false } }),
  secured('userns-unmasked', undefined, { procMount: 'Unmasked' }, { spec: { hostUsers: false } }),
  secured(
    'userns-drop-all',
    undefined,
    { capabilities: { drop: ['ALL'] }, allowPrivilegeEscalation: false },
    { spec: { hostUsers: false } },
  ),
  secured(
    'restricted',
    { ...RUNTIME_DEFAULT, runAsNonRoot: true, runAsUser: 1000 },
    { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
  ),
  pod('working-directory', { container: { workingDir: '/tmp/deep/dir' } }),
];
