// Which resource a word on the command line or a kind in a manifest means. Counterpart: discovery and the REST mapper of kubectl

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
}

const row = (group: string, kind: string, plural: string, shortNames = '', namespaced = true): Resource => ({
  group,
  version: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  shortNames: shortNames === '' ? [] : shortNames.split(','),
  namespaced,
});

/** In the order of `kubectl api-resources`. */
export const RESOURCES: readonly Resource[] = [
  row('', 'ConfigMap', 'configmaps', 'cm'),
  row('', 'Event', 'events', 'ev'),
  row('', 'LimitRange', 'limitranges', 'limits'),
  row('', 'Namespace', 'namespaces', 'ns', false),
  row('', 'Node', 'nodes', 'no', false),
  row('', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc'),
  row('', 'PersistentVolume', 'persistentvolumes', 'pv', false),
  row('', 'Pod', 'pods', 'po'),
  row('', 'ResourceQuota', 'resourcequotas', 'quota'),
  row('', 'Secret', 'secrets'),
  row('', 'ServiceAccount', 'serviceaccounts', 'sa'),
  row('', 'Service', 'services', 'svc'),
  row('apps', 'DaemonSet', 'daemonsets', 'ds'),
  row('apps', 'Deployment', 'deployments', 'deploy'),
  row('apps', 'ReplicaSet', 'replicasets', 'rs'),
  row('apps', 'StatefulSet', 'statefulsets', 'sts'),
  row('batch', 'CronJob', 'cronjobs', 'cj'),
  row('batch', 'Job', 'jobs'),
  row('node.k8s.io', 'RuntimeClass', 'runtimeclasses', '', false),
  row('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', 'pc', false),
  row('storage.k8s.io', 'CSIDriver', 'csidrivers', '', false),
  row('storage.k8s.io', 'StorageClass', 'storageclasses', 'sc', false),
];

/** What `get all` stands for. */
export const ALL = ['pods', 'services', 'daemonsets', 'deployments', 'replicasets', 'statefulsets', 'cronjobs', 'jobs'];

/** `po`, `pods`, `pod`, `deployments.apps`, `deployments.v1.apps`. */
export function findResource(word: string): Resource | undefined {
  const [name = '', ...rest] = word.toLowerCase().split('.');
  const group = rest[0] === 'v1' ? rest.slice(1).join('.') : rest.join('.');
  return RESOURCES.find(
    (r) => (r.plural === name || r.singular === name || r.shortNames.includes(name)) && (rest.length === 0 || r.group === group),
  );
}

export const resourceOfKind = (apiVersion: string, kind: string): Resource | undefined =>
  RESOURCES.find(
    (r) => r.kind.toLowerCase() === kind.toLowerCase() && (r.group === '' ? r.version : `${r.group}/${r.version}`) === apiVersion,
  );

/** `pod/x`, `deployment.apps/x` */
export const shownName = (r: Resource, name: string): string => `${r.singular}${r.group === '' ? '' : `.${r.group}`}/${name}`;
/** `pods`, `deployments.apps` */
export const shownPlural = (r: Resource): string => `${r.plural}${r.group === '' ? '' : `.${r.group}`}`;
