// The roles a new cluster has for users, and their bindings.
// Counterpart: kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, v1.36.
// Deviates: without the roles of the control plane's own components, and without rules for the group "extensions", which is not served

import type { KubeObject } from '../api/object.ts';
import { type PolicyRule, RBAC_GROUP } from './rbac.ts';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** `GROUP: resource…`, one rule a line; "core" is the group without name. */
const rules = (verbs: readonly string[], text: string): readonly PolicyRule[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [group = '', ...resources] = line.trim().split(/:? /);
      return { apiGroups: [group === 'core' ? '' : group], resources, verbs };
    });

const VIEW = rules(
  READ,
  `core: configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status
  core: bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status
  core: namespaces
  discovery.k8s.io: endpointslices
  apps: controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status
  autoscaling: horizontalpodautoscalers horizontalpodautoscalers/status
  batch: cronjobs cronjobs/status jobs jobs/status
  policy: poddisruptionbudgets poddisruptionbudgets/status
  networking.k8s.io: ingresses ingresses/status networkpolicies`,
);

const EDIT = [
  ...rules(READ, 'core: pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  ...rules(['impersonate'], 'core: serviceaccounts'),
  ...rules(WRITE, 'core: pods pods/attach pods/exec pods/portforward pods/proxy'),
  ...rules(['create'], 'core: pods/eviction'),
  ...rules(
    WRITE,
    `core: configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy
    apps: daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale
    autoscaling: horizontalpodautoscalers
    batch: cronjobs jobs
    policy: poddisruptionbudgets
    networking.k8s.io: ingresses networkpolicies`,
  ),
  ...rules(['create'], 'core: serviceaccounts/token'),
  ...rules([...WRITE, ...READ].sort(), 'coordination.k8s.io: leases'),
];

const ADMIN = [
  ...rules(['create'], 'authorization.k8s.io: localsubjectaccessreviews'),
  ...rules([...WRITE, ...READ].sort(), `${RBAC_GROUP}: rolebindings roles`),
];

const urls = (...nonResourceURLs: string[]): PolicyRule => ({ nonResourceURLs, verbs: ['get'] });

const ROLES: Readonly<Record<string, readonly PolicyRule[]>> = {
  admin: [...ADMIN, ...EDIT, ...VIEW],
  'cluster-admin': [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ],
  edit: [...EDIT, ...VIEW],
  'system:basic-user': [
    ...rules(['create'], 'authorization.k8s.io: selfsubjectaccessreviews selfsubjectrulesreviews'),
    ...rules(['create'], 'authentication.k8s.io: selfsubjectreviews'),
  ],
  'system:discovery': [
    urls('/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'),
  ],
  'system:public-info-viewer': [urls('/healthz', '/livez', '/readyz', '/version', '/version/')],
  view: VIEW,
};

/** Role → the groups that have it. */
const BINDINGS: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
};

const meta = (name: string): KubeObject['metadata'] => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

export const BOOTSTRAP: readonly KubeObject[] = [
  ...Object.entries(ROLES).map(([name, own]) => ({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: meta(name),
    rules: own,
  })),
  ...Object.entries(BINDINGS).map(([name, groups]) => ({
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: meta(name),
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: RBAC_GROUP, kind: 'Group', name: group })),
  })),
];
