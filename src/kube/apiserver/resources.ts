// The resources the server serves; what `kubectl api-resources` and discovery show.

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
}

const row = (group: string, kind: string, plural: string, shortNames: string, namespaced = true): Resource => ({
  group,
  version: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  shortNames: shortNames === '' ? [] : shortNames.split(','),
  namespaced,
});

export const RESOURCES: readonly Resource[] = [
  row('', 'ConfigMap', 'configmaps', 'cm'),
  row('', 'Event', 'events', 'ev'),
  row('', 'Namespace', 'namespaces', 'ns', false),
  row('', 'Node', 'nodes', 'no', false),
  row('', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc'),
  row('', 'PersistentVolume', 'persistentvolumes', 'pv', false),
  row('', 'Pod', 'pods', 'po'),
  row('', 'Secret', 'secrets', ''),
  row('', 'ServiceAccount', 'serviceaccounts', 'sa'),
  row('apps', 'DaemonSet', 'daemonsets', 'ds'),
  row('apps', 'Deployment', 'deployments', 'deploy'),
  row('apps', 'ReplicaSet', 'replicasets', 'rs'),
  row('apps', 'StatefulSet', 'statefulsets', 'sts'),
  row('batch', 'CronJob', 'cronjobs', 'cj'),
  row('batch', 'Job', 'jobs', ''),
  row('node.k8s.io', 'RuntimeClass', 'runtimeclasses', '', false),
  row('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', 'pc', false),
  row('storage.k8s.io', 'CSIDriver', 'csidrivers', '', false),
  row('storage.k8s.io', 'StorageClass', 'storageclasses', 'sc', false),
];

export const resourceOfKind = (kind: string): Resource | undefined => RESOURCES.find((resource) => resource.kind === kind);
export const resourceNamed = (group: string, version: string, plural: string): Resource | undefined =>
  RESOURCES.find((resource) => resource.group === group && resource.version === version && resource.plural === plural);
export const apiVersionOf = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
/** As errors name it: pods, deployments.apps. */
export const qualifiedPlural = (resource: Resource): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
