// Kinds besides Pods: rules that no recording covers. Sources: kubernetes v1.36 pkg/apis/*/validation/validation.go, the function named.

import { type Json, type KindRule, kindRules } from './ruleHarness.ts';

const NOT_NEGATIVE = 'must be greater than or equal to 0';
const SIZE = { resources: { requests: { storage: '1Gi' } } };
const MODES = 'supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"';
const claim = (spec: Json): Json => ({ spec: { accessModes: ['ReadWriteOnce'], ...SIZE, ...spec } });
const volume = (spec: Json): Json => ({
  spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/a' }, ...spec },
});
const limits = (item: Json): Json => ({ spec: { limits: [{ type: 'Container', ...item }] } });
const KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const data: readonly KindRule[] = [
  {
    kind: 'ConfigMap',
    rule: 'keys',
    source: 'core ValidateConfigMap; apimachinery IsConfigMapKey',
    given: { data: { 'a b': '', '.': '', '..': '', '..c': '' } },
    says: [
      'data[.]: Invalid value: ".": must not be \'.\'',
      'data[..]: Invalid value: "..": must not be \'..\'',
      'data[..c]: Invalid value: "..c": must not start with \'..\'',
      `data[a b]: Invalid value: "a b": ${KEY}`,
    ],
  },
  {
    kind: 'ConfigMap',
    rule: 'text and bytes share one mebibyte',
    source: 'core ValidateConfigMap, MaxSecretSize',
    given: { data: { a: 'x'.repeat(1048573) }, binaryData: { b: 'eHh4eA==' } },
    says: ['[]: Too long: may not be more than 1048576 bytes'],
  },
  ...(
    [
      ['kubernetes.io/service-account-token', {}, ['metadata.annotations[kubernetes.io/service-account.name]']],
      ['kubernetes.io/dockercfg', {}, ['data[.dockercfg]']],
      ['kubernetes.io/dockerconfigjson', {}, ['data[.dockerconfigjson]']],
      ['kubernetes.io/basic-auth', {}, ['data[username]', 'data[password]']],
      ['kubernetes.io/basic-auth', { username: 'YQ==' }, []],
      ['kubernetes.io/ssh-auth', { 'ssh-privatekey': '' }, ['data[ssh-privatekey]']],
      ['kubernetes.io/tls', {}, ['data[tls.crt]', 'data[tls.key]']],
    ] as const
  ).map(([type, given, missing]) => ({
    kind: 'Secret',
    rule: `what ${type} needs, given ${JSON.stringify(given)}`,
    source: 'core ValidateSecret',
    given: { type, data: given },
    says: missing.map((field) => `${field}: Required value`),
  })),
];

const storage: readonly KindRule[] = [
  {
    kind: 'PersistentVolumeClaim',
    rule: 'nothing given',
    source: 'core ValidatePersistentVolumeClaimSpec',
    given: { spec: { resources: {} } },
    says: ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
  },
  {
    kind: 'PersistentVolumeClaim',
    rule: 'modes, size, class and volume mode',
    source: 'core ValidatePersistentVolumeClaimSpec',
    given: claim({
      accessModes: ['Often', 'ReadWriteOncePod'],
      resources: { requests: { storage: '0' } },
      storageClassName: 'A',
      volumeMode: 'Tape',
    }),
    says: [
      `spec.accessModes: Unsupported value: "Often": ${MODES}`,
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
      "spec.storageClassName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ],
  },
  {
    kind: 'PersistentVolume',
    rule: 'nothing given',
    source: 'core ValidatePersistentVolumeSpec',
    given: { spec: {} },
    says: [
      'spec.accessModes: Required value',
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: null: supported values: "storage"',
      'spec: Required value: must specify a volume type',
    ],
  },
  {
    kind: 'PersistentVolume',
    rule: 'one source',
    source: 'core ValidatePersistentVolumeSpec',
    given: volume({ nfs: { server: 's', path: '/' }, local: { path: '/l' } }),
    says: [
      'spec.nfs: Forbidden: may not specify more than 1 volume type',
      'spec.local: Forbidden: may not specify more than 1 volume type',
    ],
  },
  {
    kind: 'PersistentVolume',
    rule: 'capacity, reclaim policy, path',
    source: 'core ValidatePersistentVolumeSpec, validateBasicResource, validateHostPathVolumeSource',
    given: volume({ capacity: { storage: '-1' }, persistentVolumeReclaimPolicy: 'Burn', hostPath: { path: '/a/../b' } }),
    says: [
      'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
      'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
      'spec.hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
    ],
  },
  {
    kind: 'PersistentVolume',
    rule: 'the root is not recycled',
    source: 'core ValidatePersistentVolumeSpec',
    given: volume({ persistentVolumeReclaimPolicy: 'Recycle', hostPath: { path: '/' } }),
    says: ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  },
  {
    kind: 'PersistentVolume',
    rule: 'a local one says on which node',
    source: 'core ValidatePersistentVolumeSpec',
    given: volume({ hostPath: null, local: { path: '/l' } }),
    says: ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  },
  {
    kind: 'PersistentVolume',
    rule: 'CSI: driver and handle',
    source: 'core validateCSIPersistentVolumeSource',
    given: volume({ hostPath: null, csi: { driver: '', volumeHandle: '' } }),
    says: ['spec.csi.driver: Required value', 'spec.csi.volumeHandle: Required value'],
  },
  {
    kind: 'StorageClass',
    rule: 'provisioner, policy, mode',
    source: 'storage ValidateStorageClass',
    given: { provisioner: '', reclaimPolicy: 'Recycle', volumeBindingMode: 'Later' },
    says: [
      'provisioner: Required value',
      'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      'volumeBindingMode: Unsupported value: "Later": supported values: "Immediate", "WaitForFirstConsumer"',
    ],
  },
  {
    kind: 'CSIDriver',
    rule: 'group policy and life cycles',
    source: 'storage validateCSIDriverSpec',
    given: { spec: { fsGroupPolicy: 'Ask', volumeLifecycleModes: ['Eternal'] } },
    says: [
      'spec.volumeLifecycleModes: Unsupported value: "Eternal": supported values: "Ephemeral", "Persistent"',
      'spec.fsGroupPolicy: Unsupported value: "Ask": supported values: "File", "None", "ReadWriteOnceWithFSType"',
    ],
  },
  {
    kind: 'RuntimeClass',
    rule: 'handler',
    source: 'node ValidateRuntimeClass',
    given: { handler: '' },
    says: [
      "handler: Invalid value: \"\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
];

const limitsOf: readonly KindRule[] = [
  {
    kind: 'LimitRange',
    rule: 'bounds of containers',
    source: 'core ValidateLimitRange',
    given: limits({ min: { cpu: '2' }, max: { cpu: '1' } }),
    says: [
      'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
      'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1',
    ],
  },
  {
    kind: 'LimitRange',
    rule: 'defaults within the bounds',
    source: 'core ValidateLimitRange',
    given: limits({ max: { cpu: '1' }, default: { cpu: '2' }, defaultRequest: { cpu: '3' } }),
    says: [
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than max value 1',
      'spec.limits[0].defaultRequest[cpu]: Invalid value: "3": default request value 3 is greater than default limit value 2',
      'spec.limits[0].default[cpu]: Invalid value: "1": default value 2 is greater than max value 1',
    ],
  },
  {
    kind: 'LimitRange',
    rule: 'pods have no defaults',
    source: 'core ValidateLimitRange',
    given: limits({ type: 'Pod', default: { cpu: '1' }, defaultRequest: { cpu: '1' } }),
    says: ['default', 'defaultRequest'].map((field) => `spec.limits[0].${field}: Forbidden: may not be specified when \`type\` is 'Pod'`),
  },
  {
    kind: 'LimitRange',
    rule: 'claims have a bound',
    source: 'core ValidateLimitRange',
    given: limits({ type: 'PersistentVolumeClaim' }),
    says: ['spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided'],
  },
  {
    kind: 'LimitRange',
    rule: 'ratios',
    source: 'core ValidateLimitRange',
    given: limits({ type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '3', memory: '500m' } }),
    says: [
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "3": ratio 3 is greater than max/min = 2.000000',
      'spec.limits[0].maxLimitRequestRatio[memory]: Invalid value: "500m": ratio 500m is less than 1',
    ],
  },
  {
    kind: 'ResourceQuota',
    rule: 'amounts',
    source: 'core ValidateResourceQuotaSpec, ValidateResourceQuantityValue',
    given: { spec: { hard: { pods: '-1' } } },
    says: [`spec.hard[pods]: Invalid value: "-1": ${NOT_NEGATIVE}`],
  },
];

kindRules([...data, ...storage, ...limitsOf]);
