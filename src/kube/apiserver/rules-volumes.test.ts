// Rules of volumes, mounts and devices that no recording covers. Sources: files of kubernetes v1.36.

import { type Json, podRules, type Rule } from './ruleHarness.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const vol = (...volumes: Json[]): Json => ({ volumes });
const V = 'spec.volumes[0]';
const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';
const mount = (mounts: Json[], container: Json = {}, volumes: Json[] = [{ name: 'v', emptyDir: {} }]): Json => ({
  volumes,
  container: { ...container, volumeMounts: mounts },
});
const M = 'spec.containers[0].volumeMounts';
const D = 'spec.containers[0].volumeDevices';
const device = (volumeDevices: Json[], container: Json = {}): Json => ({
  volumes: [
    { name: 'p', persistentVolumeClaim: { claimName: 'k' } },
    { name: 'e', emptyDir: {} },
  ],
  container: { volumeDevices, ...container },
});
const projected = (...sources: Json[]): Json => vol({ name: 'v', projected: { sources } });

const rows: readonly Rule[] = [
  {
    rule: 'a host path is there',
    source: `${CORE} validateHostPathVolumeSource`,
    given: vol({ name: 'v', hostPath: { path: '' } }),
    says: [`${V}.hostPath.path: Required value`],
  },
  {
    rule: 'a volume has one source; two of them are spelled by the server in its own way',
    source: `${CORE} validateVolumeSource`,
    given: vol({ name: 'v', emptyDir: {}, hostPath: { path: '/' }, downwardAPI: {} }),
    says: [
      `${V}.hostPath: Forbidden: may not specify more than 1 volume type`,
      `${V}.downwarAPI: Forbidden: may not specify more than 1 volume type`,
    ],
  },
  {
    rule: 'names of volumes',
    source: `${CORE} ValidateVolumes`,
    given: vol({ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }),
    says: ['spec.volumes[1].name: Duplicate value: "v"'],
  },
  {
    rule: 'a volume without a name',
    source: `${CORE} ValidateVolumes`,
    given: vol({ name: '', emptyDir: {} }),
    says: [`${V}.name: Required value`],
  },
  {
    rule: 'a size limit below nothing',
    source: `${CORE} validateVolumeSource`,
    given: vol({ name: 'v', emptyDir: { sizeLimit: '-1' } }),
    says: [`${V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`],
  },
  {
    rule: 'a host path does not step back, and has a known type',
    source: `${CORE} validateHostPathVolumeSource`,
    given: vol({ name: 'v', hostPath: { path: '/a/../b', type: 'Folder' } }),
    says: [
      `${V}.hostPath.path: Invalid value: "/a/../b": must not contain '..'`,
      `${V}.hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"`,
    ],
  },
  {
    rule: 'a Secret’s name',
    source: `${CORE} validateSecretVolumeSource`,
    given: vol({ name: 'v', secret: { defaultMode: 512 } }),
    says: [`${V}.secret.secretName: Required value`, `${V}.secret.defaultMode: Invalid value: 512: ${MODE}`],
  },
  {
    rule: 'items have key, path and mode; paths stay inside and do not begin with two dots',
    source: `${CORE} validateKeyToPath, ValidateLocalNonReservedPath`,
    given: vol({
      name: 'v',
      configMap: {
        name: 'm',
        items: [
          { key: '', path: '' },
          { key: 'k', path: '/a', mode: -1 },
          { key: 'k', path: '..a' },
          { key: 'k', path: '../a' },
        ],
      },
    }),
    says: [
      `${V}.configMap.items[0].key: Required value`,
      `${V}.configMap.items[0].path: Required value`,
      `${V}.configMap.items[1].path: Invalid value: "/a": must be a relative path`,
      `${V}.configMap.items[1].mode: Invalid value: -1: ${MODE}`,
      `${V}.configMap.items[2].path: Invalid value: "..a": must not start with '..'`,
      `${V}.configMap.items[3].path: Invalid value: "../a": must not contain '..'`,
    ],
  },
  {
    rule: 'a claim’s name',
    source: `${CORE} validatePersistentClaimVolumeSource`,
    given: vol({ name: 'v', persistentVolumeClaim: { claimName: '' } }),
    says: [`${V}.persistentVolumeClaim.claimName: Required value`],
  },
  {
    rule: 'an NFS path is absolute, besides being there',
    source: `${CORE} validateNFSVolumeSource`,
    given: vol({ name: 'v', nfs: { server: '', path: '' } }),
    says: [
      `${V}.nfs.server: Required value`,
      `${V}.nfs.path: Required value`,
      `${V}.nfs.path: Invalid value: "": must be an absolute path`,
    ],
  },
  {
    rule: 'a file of the downward API has one source',
    source: `${CORE} validateDownwardAPIVolumeFile`,
    given: vol({
      name: 'v',
      downwardAPI: {
        items: [
          { path: 'a' },
          { path: 'b', fieldRef: { fieldPath: 'metadata.name' }, resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } },
        ],
      },
    }),
    says: [
      `${V}.downwardAPI: Required value: one of fieldRef and resourceFieldRef is required`,
      `${V}.downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be specified simultaneously`,
    ],
  },
  {
    rule: 'a file of the downward API: fields and resources',
    source: `${CORE} validateObjectFieldSelector, validateContainerResourceFieldSelector`,
    given: vol({
      name: 'v',
      downwardAPI: {
        items: [
          { path: 'a', fieldRef: { fieldPath: 'status.podIP' } },
          { path: 'b', resourceFieldRef: { resource: 'limits.cpu' } },
          { path: '', fieldRef: { fieldPath: 'metadata.name' }, mode: 4096 },
        ],
      },
    }),
    says: [
      `${V}.downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"`,
      `${V}.downwardAPI.resourceFieldRef.containerName: Required value`,
      `${V}.downwardAPI.path: Required value`,
      `${V}.downwardAPI.mode: Invalid value: 4096: ${MODE}`,
    ],
  },
  {
    rule: 'sources of a projected volume are checked each, then counted',
    source: `${CORE} validateProjectionSources`,
    given: projected({ secret: { name: '' }, configMap: { name: '' } }),
    says: [
      `${V}.projected.sources[0].secret.name: Required value`,
      `${V}.projected.sources[0].configMap.name: Required value`,
      `${V}.projected.sources[0]: Forbidden: may not specify more than 1 volume type per source`,
    ],
  },
  {
    rule: 'paths of a projected volume are taken once',
    source: `${CORE} validateProjectionSources`,
    given: projected(
      { secret: { name: 's', items: [{ key: 'k', path: 'p' }] } },
      { configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } },
    ),
    says: [`${V}.projected: Invalid value: "m": conflicting duplicate paths`],
  },
  {
    rule: 'a token has a path and lives ten minutes or more',
    source: `${CORE} validateProjectionSources`,
    given: projected(
      { serviceAccountToken: { path: '', expirationSeconds: 599 } },
      { serviceAccountToken: { path: '../t', expirationSeconds: 4294967297 } },
    ),
    says: [
      `${V}.projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes`,
      `${V}.projected.path: Required value`,
      `${V}.projected.sources[1].serviceAccountToken.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds`,
      `${V}.projected.path: Invalid value: "../t": must not contain '..'`,
    ],
  },
  {
    rule: 'a mount has a volume and a path',
    source: `${CORE} ValidateVolumeMounts`,
    given: mount([
      { name: '', mountPath: '' },
      { name: 'w', mountPath: '/w' },
    ]),
    says: [
      `${M}[0].name: Required value`,
      `${M}[0].name: Not found: ""`,
      `${M}[0].mountPath: Required value`,
      `${M}[1].name: Not found: "w"`,
    ],
  },
  {
    rule: 'a path is mounted once',
    source: `${CORE} ValidateVolumeMounts`,
    given: mount([
      { name: 'v', mountPath: '/a' },
      { name: 'v', mountPath: '/a' },
    ]),
    says: [`${M}[1].mountPath: Invalid value: "/a": must be unique`],
  },
  {
    rule: 'sub-paths stay inside; the inner errors carry no index',
    source: `${CORE} ValidateVolumeMounts, validateLocalDescendingPath`,
    given: mount([{ name: 'v', mountPath: '/a', subPath: '../b', subPathExpr: '/c' }]),
    says: [
      `${M}.subPath: Invalid value: "../b": must not contain '..'`,
      `${M}[0].subPathExpr: Invalid value: "/c": subPathExpr and subPath are mutually exclusive`,
      `${M}.subPathExpr: Invalid value: "/c": must be a relative path`,
    ],
  },
  {
    rule: 'mounts go back to the node from privileged containers only',
    source: `${CORE} validateMountPropagation`,
    given: mount([{ name: 'v', mountPath: '/a', mountPropagation: 'Bidirectional' }]),
    says: [`${M}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`],
  },
  {
    rule: 'a propagation that is none',
    source: `${CORE} validateMountPropagation`,
    given: mount([{ name: 'v', mountPath: '/a', mountPropagation: 'Both' }]),
    says: [`${M}.mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"`],
  },
  {
    rule: 'recursively read-only mounts are read-only and not propagated',
    source: `${CORE} validateMountRecursiveReadOnly`,
    given: mount([{ name: 'v', mountPath: '/a', recursiveReadOnly: 'Enabled', mountPropagation: 'HostToContainer' }]),
    says: [
      `${M}.recursiveReadOnly: Forbidden: may only be specified when readOnly is true`,
      `${M}.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified`,
    ],
  },
  {
    rule: 'a recursiveReadOnly that is none',
    source: `${CORE} validateMountRecursiveReadOnly`,
    given: mount([{ name: 'v', mountPath: '/a', readOnly: true, recursiveReadOnly: 'Yes' }]),
    says: [`${M}.recursiveReadOnly: Unsupported value: "Yes": supported values: "Disabled", "Enabled", "IfPossible"`],
  },
  {
    rule: 'a device is of a claim, at a path of its own',
    source: `${CORE} ValidateVolumeDevices`,
    given: device([
      { name: 'e', devicePath: '/dev/a' },
      { name: 'w', devicePath: '/dev/../b' },
      { name: 'p', devicePath: '' },
      { name: 'p', devicePath: '/dev/a' },
    ]),
    says: [
      `${D}[0].name: Invalid value: "e": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
      `${D}[1].name: Not found: "w"`,
      `${D}[1].devicePath: Invalid value: "/dev/../b": can not contain backsteps ('..')`,
      `${D}[2].devicePath: Required value`,
      `${D}[3].name: Invalid value: "p": must be unique`,
      `${D}[3].devicePath: Invalid value: "/dev/a": must be unique`,
    ],
  },
  {
    rule: 'a volume is mounted or a device, not both',
    source: `${CORE} ValidateVolumeMounts, ValidateVolumeDevices`,
    given: device([{ name: 'p', devicePath: '/x' }], { volumeMounts: [{ name: 'p', mountPath: '/x' }] }),
    says: [
      `${M}[0].name: Invalid value: "p": must not already exist in volumeDevices`,
      `${M}[0].mountPath: Invalid value: "/x": must not already exist as a path in volumeDevices`,
      `${D}[0].name: Invalid value: "p": must not already exist in volumeMounts`,
      `${D}[0].devicePath: Invalid value: "/x": must not already exist as a path in volumeMounts`,
    ],
  },
];
podRules(rows);
