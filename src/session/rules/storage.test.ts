// Claims, volumes and where they bind, where no recording covers it.

import { type Json, type PodRule, podRules } from './harness.ts';

const WHY = "kubectl get events --field-selector reason=FailedScheduling -o jsonpath='{.items[0].message}'";
const SAID = (kind: string): string =>
  `kubectl get events --field-selector involvedObject.kind=${kind} -o custom-columns=T:.type,R:.reason,M:.message --no-headers | tr -s " "`;
const claim = (spec: Json, name = 'c'): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const volume = (spec: Json, more: Json = {}): Json => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: 'pv', ...more },
  spec: {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '1Gi' },
    hostPath: { path: '/srv/pv', type: 'DirectoryOrCreate' },
    storageClassName: '',
    ...spec,
  },
});
const storageClass = (provisioner: string): Json => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'sc' },
  provisioner,
});
const using = (claimName = 'c', more: Json = {}): Json => ({
  volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }],
  container: { volumeMounts: [{ name: 'v', mountPath: '/v' }], ...more.container },
  ...more.pod,
});
const PHASE = "kubectl get pvc c -o jsonpath='{.status.phase} {.spec.volumeName}'; kubectl get pv pv -o jsonpath=' {.status.phase}'";

const rows: readonly PodRule[] = [
  {
    rule: 'a claim finds the volume that fits',
    source: 'pkg/controller/volume/persistentvolume/index.go findMatchingVolume',
    objects: [volume({}), claim({ storageClassName: '' })],
    shows: { [PHASE]: 'Bound pv Bound' },
  },
  {
    rule: 'a claim that is too large finds none',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go syncUnboundClaim, FailedBinding',
    objects: [volume({}), claim({ storageClassName: '', resources: { requests: { storage: '2Gi' } } })],
    shows: {
      [PHASE]: 'Pending  Available',
      [SAID('PersistentVolumeClaim')]: 'Normal FailedBinding no persistent volumes available for this claim and no storage class is set\n',
    },
  },
  {
    rule: 'another mode of access finds none',
    source: 'pkg/controller/volume/persistentvolume/index.go findByClaim',
    objects: [volume({}), claim({ storageClassName: '', accessModes: ['ReadWriteMany'] })],
    shows: { [PHASE]: 'Pending  Available' },
  },
  {
    rule: 'a volume kept for another claim',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go syncUnboundClaim: volume already bound',
    objects: [volume({ claimRef: { namespace: 'default', name: 'other' } }), claim({ storageClassName: '', volumeName: 'pv' })],
    shows: {
      [SAID('PersistentVolumeClaim')]: 'Warning FailedBinding volume "pv" already bound to a different claim.\n',
    },
  },
  {
    rule: 'a class that is not there',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go provisionClaim',
    objects: [claim({ storageClassName: 'none' })],
    shows: {
      [SAID('PersistentVolumeClaim')]: 'Warning ProvisioningFailed storageclass.storage.k8s.io "none" not found\n',
    },
  },
  {
    rule: 'a class that makes no volumes',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go syncUnboundClaim, no-provisioner',
    objects: [storageClass('kubernetes.io/no-provisioner'), claim({ storageClassName: 'sc' })],
    shows: { [SAID('PersistentVolumeClaim')]: 'Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner\n' },
  },
  {
    rule: 'a claim is in use by one pod only',
    source: 'pkg/scheduler/framework/plugins/volumerestrictions ErrReasonReadWriteOncePodConflict',
    objects: [
      volume({ accessModes: ['ReadWriteOncePod'] }),
      claim({ storageClassName: '', accessModes: ['ReadWriteOncePod'] }),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'first' },
        spec: {
          volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }],
          containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '1h'], volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
        },
      },
    ],
    pod: using(),
    shows: {
      [WHY]:
        '0/1 nodes are available: 1 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    },
  },
  {
    rule: 'what is used stays until it is not',
    source: 'pkg/controller/volume/pvcprotection/pvc_protection_controller.go processPVC',
    objects: [volume({}), claim({ storageClassName: '' })],
    pod: using(),
    shows: {
      "kubectl delete pvc c --wait=false; kubectl get pvc c -o jsonpath='{.metadata.finalizers[0]} {.status.phase}'":
        'persistentvolumeclaim "c" deleted from default namespace\nkubernetes.io/pvc-protection Bound',
      'kubectl delete pod x >/dev/null; sleep 3; kubectl get pvc c': 'Error from server (NotFound): persistentvolumeclaims "c" not found\n',
    },
  },
  {
    rule: 'Retain: the volume stays, released',
    source: 'pkg/controller/volume/persistentvolume/pv_controller.go reclaimVolume',
    objects: [volume({}), claim({ storageClassName: '' })],
    shows: { "kubectl delete pvc c >/dev/null; sleep 3; kubectl get pv pv -o jsonpath='{.status.phase}'": 'Released' },
  },
  {
    rule: 'the group of a volume, by its annotation, is one of the pod’s',
    source: 'pkg/kubelet/kubelet_volumes.go; pkg/volume VolumeGidAnnotationKey: supplementary group',
    objects: [volume({}, { annotations: { 'pv.beta.kubernetes.io/gid': '4321' } }), claim({ storageClassName: '' })],
    pod: using('c', { container: { securityContext: { runAsUser: 1000 } } }),
    shows: { '$ id -G': '0 4321\n' },
  },
];
podRules(rows);
