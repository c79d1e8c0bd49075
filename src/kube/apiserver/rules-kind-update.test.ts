// What may change in other kinds: rules that no recording covers. Sources: kubernetes v1.36 pkg/apis/*/validation/validation.go, the function named.

import { type Json, type KindRule, kindRules } from './ruleHarness.ts';

const labels = { app: 'x' };
const template = (spec: Json = {}): Json => ({ metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
const of = (spec: Json = {}): Json => ({ spec: { selector: { matchLabels: labels }, template: template(), ...spec } });
const jobOf = (spec: Json = {}): Json => ({ spec: { template: template({ restartPolicy: 'Never' }), ...spec } });
const SET = '`immutable` is set';
const IMMUTABLE = 'field is immutable';
const other = { selector: { matchLabels: { more: 'y' } }, template: { metadata: { labels: { more: 'y' } } } };
const CLAIM = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, storageClassName: 'a' } };
const VOLUME = { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' } } };

const rows: readonly KindRule[] = [
  {
    kind: 'Secret',
    rule: 'its type stays',
    source: 'core ValidateSecretUpdate',
    given: {},
    change: { type: 'other' },
    says: [`type: Invalid value: "other": ${IMMUTABLE}`],
  },
  {
    kind: 'Secret',
    rule: 'declared immutable',
    source: 'core ValidateSecretUpdate',
    given: { immutable: true, data: { a: 'YQ==' } },
    change: { immutable: false, data: { a: 'Yg==' } },
    says: [`immutable: Forbidden: ${IMMUTABLE} when ${SET}`, `data: Forbidden: ${IMMUTABLE} when ${SET}`],
  },
  {
    kind: 'ConfigMap',
    rule: 'declared immutable',
    source: 'core ValidateConfigMapUpdate',
    given: { immutable: true, data: { a: '1' } },
    change: { immutable: null, data: { a: '2' }, binaryData: { b: 'YQ==' } },
    says: ['immutable', 'data', 'binaryData'].map((field) => `${field}: Forbidden: ${IMMUTABLE} when ${SET}`),
  },
  {
    kind: 'ConfigMap',
    rule: 'declared immutable, it still gets labels',
    source: 'core ValidateConfigMapUpdate',
    given: { immutable: true, data: { a: '1' } },
    change: { metadata: { labels: { a: 'b' } } },
    says: [],
  },
  ...['Deployment', 'ReplicaSet', 'DaemonSet'].map((kind) => ({
    kind,
    rule: 'its selector stays',
    source: `pkg/registry/apps/${kind.toLowerCase()}/strategy.go ValidateUpdate`,
    given: of(),
    change: { spec: other },
    says: [`spec.selector: Invalid value: {"matchLabels":{"app":"x","more":"y"}}: ${IMMUTABLE}`],
  })),
  {
    kind: 'StatefulSet',
    rule: 'what else may change',
    source: 'apps ValidateStatefulSetUpdate (revisionHistoryLimit since v1.33)',
    given: of({ serviceName: 's' }),
    change: { spec: { serviceName: 't', replicas: 3 } },
    says: [
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ],
  },
  {
    kind: 'StatefulSet',
    rule: 'what may change',
    source: 'apps ValidateStatefulSetUpdate',
    given: of(),
    change: { spec: { replicas: 3, minReadySeconds: 1, revisionHistoryLimit: 2, template: { metadata: { labels: { b: 'c' } } } } },
    says: [],
  },
  {
    kind: 'Job',
    rule: 'how many pods it needs stays',
    source: 'batch validateCompletions',
    given: jobOf({ completions: 1 }),
    change: { spec: { completions: 2 } },
    says: [`spec.completions: Invalid value: 2: ${IMMUTABLE}`],
  },
  {
    kind: 'Job',
    rule: 'how many run at once changes',
    source: 'batch ValidateJobSpecUpdate',
    given: jobOf(),
    change: { spec: { parallelism: 3, suspend: true } },
    says: [],
  },
  {
    kind: 'Job',
    rule: 'indexes are added with what runs at once',
    source: 'batch validateCompletions',
    given: jobOf({ completionMode: 'Indexed', completions: 2, parallelism: 2 }),
    change: { spec: { completions: 3 } },
    says: ['spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism'],
  },
  {
    kind: 'Job',
    rule: 'its mode and limits stay',
    source: 'batch ValidateJobSpecUpdate',
    given: jobOf({ completions: 2, parallelism: 2 }),
    change: { spec: { completionMode: 'Indexed', managedBy: 'example.com/c' } },
    says: [`spec.completionMode: Invalid value: "Indexed": ${IMMUTABLE}`, `spec.managedBy: Invalid value: "example.com/c": ${IMMUTABLE}`],
  },
  {
    kind: 'Job',
    rule: 'suspended, its pods may go elsewhere',
    source: 'batch validatePodTemplateUpdate, AllowMutableSchedulingDirectives',
    given: jobOf({ suspend: true }),
    change: { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } },
    says: [],
  },
  {
    kind: 'PersistentVolume',
    rule: 'its source stays',
    source: 'core ValidatePersistentVolumeUpdate',
    given: VOLUME,
    change: { spec: { hostPath: { path: '/b' } } },
    says: [
      [
        'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
        '@@ -2,7 +2,7 @@',
        '  "GCEPersistentDisk": null,',
        '  "AWSElasticBlockStore": null,',
        '  "HostPath": {',
        '-  "Path": "/a",',
        '+  "Path": "/b",',
        '   "Type": ""',
        '  },',
        '  "Glusterfs": null,',
        '',
        '',
      ].join('\n'),
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    rule: 'unbound, it keeps its size',
    source: 'core ValidatePersistentVolumeClaimUpdate',
    given: CLAIM,
    change: { spec: { resources: { requests: { storage: '3Gi' } } } },
    says: [
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
        '@@ -6,7 +6,7 @@',
        '  "Resources": {',
        '   "Limits": null,',
        '   "Requests": {',
        '-   "storage": "2Gi"',
        '+   "storage": "3Gi"',
        '   }',
        '  },',
        '  "VolumeName": "",',
        '',
        '',
      ].join('\n'),
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    rule: 'bound, it grows',
    source: 'core ValidatePersistentVolumeClaimUpdate',
    given: CLAIM,
    status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    change: { spec: { resources: { requests: { storage: '3Gi' } } } },
    says: [],
  },
  {
    kind: 'PersistentVolumeClaim',
    rule: 'bound, it does not shrink',
    source: 'core ValidatePersistentVolumeClaimUpdate, RecoverVolumeExpansionFailure',
    given: CLAIM,
    status: { phase: 'Bound', capacity: { storage: '2Gi' } },
    change: { spec: { resources: { requests: { storage: '1Gi' } } } },
    says: ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
  },
  {
    kind: 'StorageClass',
    rule: 'it stays',
    source: 'storage ValidateStorageClassUpdate',
    given: { provisioner: 'p', parameters: { a: '1' } },
    change: { provisioner: 'q', parameters: { a: '2' }, reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer' },
    says: [
      'parameters: Forbidden: updates to parameters are forbidden.',
      'provisioner: Forbidden: updates to provisioner are forbidden.',
      'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
      `volumeBindingMode: Invalid value: "WaitForFirstConsumer": ${IMMUTABLE}`,
    ],
  },
  {
    kind: 'StorageClass',
    rule: 'volumes of it may begin to grow',
    source: 'storage ValidateStorageClassUpdate',
    given: { provisioner: 'p' },
    change: { allowVolumeExpansion: true },
    says: [],
  },
  {
    kind: 'CSIDriver',
    rule: 'what it does stays; the group policy may change',
    source: 'storage ValidateCSIDriverUpdate',
    given: { spec: {} },
    change: { spec: { attachRequired: false, fsGroupPolicy: 'File', volumeLifecycleModes: ['Persistent', 'Ephemeral'] } },
    says: [
      `spec.attachedRequired: Invalid value: false: ${IMMUTABLE}`,
      `spec.volumeLifecycleModes: Invalid value: ["Persistent","Ephemeral"]: ${IMMUTABLE}`,
    ],
  },
  {
    kind: 'RuntimeClass',
    rule: 'its handler stays',
    source: 'node ValidateRuntimeClassUpdate',
    given: { handler: 'a' },
    change: { handler: 'b' },
    says: [`handler: Invalid value: "b": ${IMMUTABLE}`],
  },
  {
    kind: 'Service',
    rule: 'its address stays',
    source: 'core validateUpgradeDowngradeClusterIPs',
    given: { spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] } },
    change: { spec: { clusterIP: '10.96.0.10', clusterIPs: ['10.96.0.10'] } },
    says: ['spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set'],
  },
  {
    kind: 'RoleBinding',
    rule: 'what it binds stays',
    source: 'rbac ValidateRoleBindingUpdate',
    given: { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' } },
    change: { roleRef: { name: 'b' } },
    says: ['roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: cannot change roleRef'],
  },
];

kindRules(rows);
