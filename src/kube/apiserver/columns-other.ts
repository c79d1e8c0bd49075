// Columns of storage, network and policy objects. Counterpart: kubernetes/pkg/printers/internalversion/printers.go, v1.36.

import { age, type Columns, capacity, modes, selectorText } from './cells.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects are open JSON
type Json = any;

const portText = (port: Json): string => `${port.port}${port.nodePort ? `:${port.nodePort}` : ''}/${port.protocol ?? 'TCP'}`;

function externalIp(service: Json): string {
  const outside: string[] = service.spec.externalIPs ?? [];
  if (service.spec.type === 'ExternalName') return service.spec.externalName ?? '<none>';
  if (service.spec.type === 'LoadBalancer') return outside.join(',') || '<pending>';
  return outside.join(',') || '<none>';
}

/** `cpu: 1/2, pods: 0/4`, for names that are or are not limits. */
const usage = (quota: Json, limits: boolean): string =>
  Object.keys(quota.spec.hard ?? {})
    .filter((name) => name.startsWith('limits.') === limits)
    .sort()
    .map((name) => `${name}: ${quota.status?.used?.[name] ?? '0'}/${quota.status?.hard?.[name] ?? quota.spec.hard[name]}`)
    .join(', ');

const subjects = (binding: Json, kind: string): string =>
  (binding.subjects ?? [])
    .filter((one: Json) => one.kind === kind)
    .map((one: Json) => (kind === 'ServiceAccount' ? `${one.namespace ?? ''}/${one.name}` : one.name))
    .join(', ');

const BINDING: Columns = {
  names: ['Name', 'Role', 'Age'],
  wide: ['Users', 'Groups', 'ServiceAccounts'],
  row: (o, now) => [
    o.metadata.name,
    `${o.roleRef.kind}/${o.roleRef.name}`,
    age(o, now),
    subjects(o, 'User'),
    subjects(o, 'Group'),
    subjects(o, 'ServiceAccount'),
  ],
};

export const OTHER_COLUMNS: Readonly<Record<string, Columns>> = {
  PersistentVolumeClaim: {
    names: ['Name', 'Status', 'Volume', 'Capacity', 'Access Modes', 'StorageClass', 'VolumeAttributesClass', 'Age'],
    wide: ['VolumeMode'],
    row: (o, now) => [
      o.metadata.name,
      o.metadata.deletionTimestamp ? 'Terminating' : o.status?.phase,
      o.spec.volumeName ?? '',
      capacity(o.status?.capacity),
      o.spec.volumeName ? modes(o.status?.accessModes) : '',
      o.spec.storageClassName ?? '',
      '<unset>',
      age(o, now),
      o.spec.volumeMode ?? '',
    ],
  },
  PersistentVolume: {
    names: [
      'Name',
      'Capacity',
      'Access Modes',
      'Reclaim Policy',
      'Status',
      'Claim',
      'StorageClass',
      'VolumeAttributesClass',
      'Reason',
      'Age',
    ],
    wide: ['VolumeMode'],
    row: (o, now) => [
      o.metadata.name,
      capacity(o.spec.capacity),
      modes(o.spec.accessModes),
      o.spec.persistentVolumeReclaimPolicy,
      o.status?.phase,
      o.spec.claimRef ? `${o.spec.claimRef.namespace}/${o.spec.claimRef.name}` : '',
      o.spec.storageClassName ?? '',
      '<unset>',
      o.status?.reason ?? '',
      age(o, now),
      o.spec.volumeMode ?? '',
    ],
  },
  Role: { names: ['Name', 'Created At'], wide: [], row: (o) => [o.metadata.name, o.metadata.creationTimestamp ?? ''] },
  ClusterRole: { names: ['Name', 'Created At'], wide: [], row: (o) => [o.metadata.name, o.metadata.creationTimestamp ?? ''] },
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  RuntimeClass: { names: ['Name', 'Handler', 'Age'], wide: [], row: (o, now) => [o.metadata.name, o.handler, age(o, now)] },
  Service: {
    names: ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age'],
    wide: ['Selector'],
    row: (o, now) => [
      o.metadata.name,
      o.spec.type,
      o.spec.clusterIP || '<none>',
      externalIp(o),
      (o.spec.ports ?? []).map(portText).join(',') || '<none>',
      age(o, now),
      selectorText({ matchLabels: o.spec.selector }),
    ],
  },
  ResourceQuota: {
    names: ['Name', 'Request', 'Limit', 'Age'],
    wide: [],
    row: (o, now) => [o.metadata.name, usage(o, false), usage(o, true), age(o, now)],
  },
  StorageClass: {
    names: ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'],
    wide: [],
    row: (o, now) => [
      o.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ? `${o.metadata.name} (default)` : o.metadata.name,
      o.provisioner,
      o.reclaimPolicy ?? 'Delete',
      o.volumeBindingMode ?? 'Immediate',
      String(o.allowVolumeExpansion ?? false),
      age(o, now),
    ],
  },
  CSIDriver: {
    names: ['Name', 'AttachRequired', 'PodInfoOnMount', 'StorageCapacity', 'TokenRequests', 'RequiresRepublish', 'Modes', 'Age'],
    wide: [],
    row: (o, now) => [
      o.metadata.name,
      String(o.spec.attachRequired ?? true),
      String(o.spec.podInfoOnMount ?? false),
      String(o.spec.storageCapacity ?? false),
      (o.spec.tokenRequests ?? []).map((request: Json) => request.audience).join(',') || '<unset>',
      String(o.spec.requiresRepublish ?? false),
      (o.spec.volumeLifecycleModes ?? []).join(',') || '<none>',
      age(o, now),
    ],
  },
  PriorityClass: {
    names: ['Name', 'Value', 'Global-Default', 'Age', 'PreemptionPolicy'],
    wide: [],
    row: (o, now) => [
      o.metadata.name,
      o.value,
      String(o.globalDefault ?? false),
      age(o, now),
      o.preemptionPolicy ?? 'PreemptLowerPriority',
    ],
  },
};
