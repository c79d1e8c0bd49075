// The types as `kubectl explain` asks for them. Counterpart: the /openapi/v3 documents of the API server

import { fieldText } from './docs.ts';
import { type FieldType, fieldsOf } from './schema.ts';

export interface OpenApiField {
  readonly name: string;
  readonly type: string; // "string", "[]Container", "map[string]string"
  /** The struct behind the field, if it has one. */
  readonly struct?: string;
  readonly required: boolean;
  /** The values it can have, if the document lists them. */
  readonly values?: readonly string[];
  /** Our own words; undefined: there are none here. */
  readonly text?: string;
}

function typeName(type: FieldType, opaque: () => string): string {
  switch (type.kind) {
    case 'list':
      return `[]${typeName(type.of, opaque)}`;
    case 'map':
      return `map[string]${typeName(type.of, opaque)}`;
    case 'struct':
      return type.name;
    case 'bool':
      return 'boolean';
    case 'int':
      return 'integer';
    case 'quantity':
      return 'Quantity';
    case 'intOrString':
      return 'IntOrString';
    case 'any':
      return opaque();
    case 'string':
    case 'time':
    case 'bytes':
      return 'string';
  }
}

/** Values of named strings that the document lists. Counterpart: +enum in k8s.io/api, v1.36 */
const VALUES: Readonly<Record<string, string>> = {
  AppArmorProfileType: 'Localhost RuntimeDefault Unconfined',
  CompletionMode: 'Indexed NonIndexed',
  ConcurrencyPolicy: 'Allow Forbid Replace',
  DNSPolicy: 'ClusterFirst ClusterFirstWithHostNet Default None',
  DaemonSetUpdateStrategyType: 'OnDelete RollingUpdate',
  DeploymentStrategyType: 'Recreate RollingUpdate',
  HostPathType: '"" BlockDevice CharDevice Directory DirectoryOrCreate File FileOrCreate Socket',
  IPFamilyPolicy: 'PreferDualStack RequireDualStack SingleStack',
  MountPropagationMode: 'Bidirectional HostToContainer None',
  NodeInclusionPolicy: 'Honor Ignore',
  NodeSelectorOperator: 'DoesNotExist Exists Gt In Lt NotIn',
  PersistentVolumeMode: 'Block Filesystem',
  PersistentVolumeReclaimPolicy: 'Delete Recycle Retain',
  PodFSGroupChangePolicy: 'Always OnRootMismatch',
  PodManagementPolicyType: 'OrderedReady Parallel',
  PodReplacementPolicy: 'Failed TerminatingOrFailed',
  PreemptionPolicy: 'Never PreemptLowerPriority',
  ProcMountType: 'Default Unmasked',
  Protocol: 'SCTP TCP UDP',
  PullPolicy: 'Always IfNotPresent Never',
  RestartPolicy: 'Always Never OnFailure',
  SeccompProfileType: 'Localhost RuntimeDefault Unconfined',
  ServiceAffinity: 'ClientIP None',
  ServiceExternalTrafficPolicy: 'Cluster Local',
  ServiceInternalTrafficPolicy: 'Cluster Local',
  ServiceType: 'ClusterIP ExternalName LoadBalancer NodePort',
  StatefulSetUpdateStrategyType: 'OnDelete RollingUpdate',
  SupplementalGroupsPolicy: 'Merge Strict',
  TaintEffect: 'NoExecute NoSchedule PreferNoSchedule',
  TerminationMessagePolicy: 'FallbackToLogsOnError File',
  TolerationOperator: 'Equal Exists Gt Lt',
  URIScheme: 'HTTP HTTPS',
  UnsatisfiableConstraintAction: 'DoNotSchedule ScheduleAnyway',
  VolumeBindingMode: 'Immediate WaitForFirstConsumer',
};

/** The struct behind a field whose members the schema here does not know. */
const OPAQUE: Readonly<Record<string, string>> = {
  'ClusterRole.aggregationRule': 'AggregationRule',
  'CSIDriverSpec.tokenRequests': 'TokenRequest',
  'Event.eventTime': 'string',
  'Event.related': 'ObjectReference',
  'Event.series': 'EventSeries',
  'JobSpec.podFailurePolicy': 'PodFailurePolicy',
  'JobSpec.successPolicy': 'SuccessPolicy',
  'Node.spec': 'NodeSpec',
  'ObjectMeta.managedFields': 'ManagedFieldsEntry',
  'PersistentVolumeClaimSpec.dataSource': 'TypedLocalObjectReference',
  'PersistentVolumeClaimSpec.dataSourceRef': 'TypedObjectReference',
  'PersistentVolumeSpec.claimRef': 'ObjectReference',
  'PersistentVolumeSpec.nodeAffinity': 'VolumeNodeAffinity',
  'ResourceQuotaSpec.scopeSelector': 'ScopeSelector',
  'RuntimeClass.scheduling': 'Scheduling',
  'ServiceAccount.secrets': 'ObjectReference',
  'ServiceSpec.sessionAffinityConfig': 'SessionAffinityConfig',
  'StorageClass.allowedTopologies': 'TopologySelectorTerm',
};
/** Kinds of volumes are called after their field. */
const SOURCES = ['VolumeSource', 'PersistentVolumeSource'];
const SPELT: Readonly<Record<string, string>> = {
  awsElasticBlockStore: 'AWSElasticBlockStore',
  cephfs: 'CephFS',
  fc: 'FC',
  gcePersistentDisk: 'GCEPersistentDisk',
  iscsi: 'ISCSI',
  rbd: 'RBD',
  storageos: 'StorageOS',
  vsphereVolume: 'VsphereVirtualDisk',
};
const PERSISTENT = ['azureFile', 'cephfs', 'cinder', 'flexVolume', 'glusterfs', 'iscsi', 'rbd', 'scaleIO', 'storageos'];

function opaqueName(struct: string, field: string): string {
  if (field === 'status') return `${struct}Status`;
  if (!SOURCES.includes(struct)) return OPAQUE[`${struct}.${field}`] ?? 'Object';
  const name = SPELT[field] ?? field.charAt(0).toUpperCase() + field.slice(1);
  const own = struct === 'PersistentVolumeSource' && PERSISTENT.includes(field) ? 'Persistent' : '';
  return `${name.replace(/Volume$/, '')}${own}VolumeSource`;
}

const valuesOf = (type: FieldType): readonly string[] | undefined =>
  type.kind === 'string' ? VALUES[type.name.replace('v1.', '')]?.split(' ') : undefined;

const structOf = (type: FieldType): string | undefined =>
  type.kind === 'struct' ? type.name : type.kind === 'list' || type.kind === 'map' ? structOf(type.of) : undefined;

export { structText } from './docs.ts';

/** The fields of a kind or of a struct by name; undefined: it is not known. */
export function openApiFields(struct: string): readonly OpenApiField[] | undefined {
  return fieldsOf(struct)
    ?.map(({ json, type, always, embedded }): OpenApiField => {
      const of = structOf(type);
      const home = embedded.at(-1) ?? struct;
      const text = fieldText(home, json);
      const values = valuesOf(type);
      return {
        name: json,
        type: json === 'metadata' ? 'ObjectMeta' : typeName(type, () => opaqueName(home, json)),
        ...(of === undefined ? {} : { struct: of }),
        // resources are always written, but optional.
        required: always && json !== 'resources',
        ...(values === undefined ? {} : { values }),
        ...(text === undefined ? {} : { text }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
