// Claims find their volumes: binding, the end of bindings, and provisioning by the drivers that are installed.

import { parseQuantity } from '#base/quantity.ts';
import type { EventInput, KubeObject } from '../api/object.ts';
import { matchesSelector } from '../apiserver/selectors.ts';

export interface VolumeApi {
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
  put(object: KubeObject): KubeObject;
  remove(kind: string, namespace: string, name: string): void;
  updateStatus(kind: string, namespace: string, name: string, mutate: (object: KubeObject) => KubeObject): void;
  recordEvent(event: EventInput): void;
}

/** Drivers whose external provisioner runs, by name. */
export type Provisioners = Readonly<Record<string, unknown>>;

const CONTROLLER = 'persistentvolume-controller';
const BOUND_BY = 'pv.kubernetes.io/bound-by-controller';
const COMPLETED = 'pv.kubernetes.io/bind-completed';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';

const annotated = (object: KubeObject, more: Readonly<Record<string, string>>): KubeObject['metadata'] => ({
  ...object.metadata,
  annotations: { ...object.metadata.annotations, ...more },
});

function event(
  api: VolumeApi,
  object: KubeObject,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  component = CONTROLLER,
): void {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  api.recordEvent({
    involvedObject: {
      kind: object.kind,
      apiVersion: 'v1',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    type,
    reason,
    message,
    component,
  });
}

const bytesOf = (text: unknown): bigint => parseQuantity(String(text ?? '0'))?.nano ?? 0n;
const refersTo = (volume: KubeObject, claim: KubeObject): boolean => {
  const ref = volume.spec.claimRef;
  return ref?.name === claim.metadata.name && ref?.namespace === claim.metadata.namespace && (!ref.uid || ref.uid === claim.metadata.uid);
};

/** Whether a volume could serve a claim. Counterpart: CheckVolumeSatisfyClaim and FindMatchingVolume, component-helpers/storage/volume */
function satisfies(volume: KubeObject, claim: KubeObject): boolean {
  const modes: string[] = volume.spec.accessModes ?? [];
  return (
    bytesOf(volume.spec.capacity?.storage) >= bytesOf(claim.spec.resources?.requests?.storage) &&
    (volume.spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
    (claim.spec.accessModes ?? []).every((mode: string) => modes.includes(mode)) &&
    (claim.spec.selector === undefined || matchesSelector(claim.spec.selector, volume.metadata.labels))
  );
}

/** The smallest volume that is free and fits; one that names the claim comes first. */
function bestMatch(api: VolumeApi, claim: KubeObject, onlyPrebound: boolean): KubeObject | undefined {
  const fitting = api.list('PersistentVolume').filter((volume) => !volume.metadata.deletionTimestamp && satisfies(volume, claim));
  const prebound = fitting.find((volume) => refersTo(volume, claim));
  if (prebound || onlyPrebound) return prebound;
  const free = fitting.filter((volume) => !volume.spec.claimRef && volume.status?.phase === 'Available');
  return free.sort((a, b) => (bytesOf(a.spec.capacity?.storage) < bytesOf(b.spec.capacity?.storage) ? -1 : 1))[0];
}

/** Makes the two point at each other. Counterpart: bind, pv_controller.go */
export function bindVolume(api: VolumeApi, volume: KubeObject, claim: KubeObject): void {
  const { name, namespace = 'default', uid, resourceVersion } = claim.metadata;
  const prebound = refersTo(volume, claim);
  api.updateStatus('PersistentVolume', '', volume.metadata.name, (object) => ({
    ...object,
    metadata: prebound ? object.metadata : annotated(object, { [BOUND_BY]: 'yes' }),
    spec: {
      ...object.spec,
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, resourceVersion, uid },
    },
    status: { ...object.status, phase: 'Bound' },
  }));
  const asked = claim.spec.volumeName === volume.metadata.name;
  api.updateStatus('PersistentVolumeClaim', namespace, name, (object) => ({
    ...object,
    metadata: annotated(object, { [COMPLETED]: 'yes', ...(asked ? {} : { [BOUND_BY]: 'yes' }) }),
    spec: { ...object.spec, volumeName: volume.metadata.name },
    status: { accessModes: volume.spec.accessModes, capacity: volume.spec.capacity, phase: 'Bound' },
  }));
}

/** The volume a driver makes for a claim. Counterpart: external-provisioner's CreateVolume answer, pkg/controller/controller.go */
function provision(api: VolumeApi, claim: KubeObject, storageClass: KubeObject): void {
  const driver: string = storageClass.provisioner;
  const { name, namespace = 'default', uid = '' } = claim.metadata;
  const about = `${driver}_csi-provisioner-0_${uid}`;
  event(api, claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${namespace}/${name}"`, about);
  const volumeName = `pvc-${uid}`;
  api.put({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName, annotations: { [PROVISIONED_BY]: driver }, finalizers: ['kubernetes.io/pv-protection'] },
    spec: {
      accessModes: claim.spec.accessModes,
      capacity: { storage: claim.spec.resources.requests.storage },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      csi: {
        driver,
        fsType: storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4',
        volumeAttributes: { 'storage.kubernetes.io/csiProvisionerIdentity': about },
        volumeHandle: volumeName,
      },
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Available' },
  });
  event(api, claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`, about);
}

/** Asks for a new volume, or says why there is none. Counterpart: provisionClaim, pv_controller.go */
export function provisionClaim(api: VolumeApi, claim: KubeObject, provisioners: Provisioners): void {
  const className: string = claim.spec.storageClassName;
  const storageClass = api.get('StorageClass', '', className);
  const failed = (message: string): void => event(api, claim, 'Warning', 'ProvisioningFailed', message);
  if (!storageClass) return failed(`storageclass.storage.k8s.io "${className}" not found`);
  const provisioner: string = storageClass.provisioner;
  if (provisioner.startsWith('kubernetes.io/')) return failed(`no volume plugin matched name: ${provisioner}`);
  const key = 'volume.kubernetes.io/storage-provisioner';
  if (claim.metadata.annotations?.[key] === provisioner && !(provisioner in provisioners)) return;
  const { name, namespace = 'default' } = claim.metadata;
  api.updateStatus('PersistentVolumeClaim', namespace, name, (object) => ({
    ...object,
    metadata: annotated(object, { 'volume.beta.kubernetes.io/storage-provisioner': provisioner, [key]: provisioner }),
  }));
  const waiting = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  event(api, claim, 'Normal', 'ExternalProvisioning', waiting);
  if (!(provisioner in provisioners)) return;
  provision(api, claim, storageClass);
  const volume = api.get('PersistentVolume', '', `pvc-${claim.metadata.uid}`);
  if (volume) bindVolume(api, volume, claim);
}

/** Whether a claim waits until a pod that uses it is scheduled. */
export const bindsLate = (api: VolumeApi, claim: KubeObject): boolean =>
  api.get('StorageClass', '', claim.spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';

/** Says something of an unbound claim once, as long as nothing about it changes. */
function once(api: VolumeApi, claim: KubeObject, reason: string, say: () => void): void {
  const { uid, namespace } = claim.metadata;
  if (!api.list('Event', namespace).some((e) => e.reason === reason && e.involvedObject.uid === uid)) say();
}

/**
 * Binds a claim that waited for its first consumer, now that a pod has a node. 'none': no volume fits and nobody makes one.
 * Counterpart: FindPodVolumes and BindPodVolumes, pkg/scheduler/framework/plugins/volumebinding/binder.go
 */
export function bindLate(api: VolumeApi, claim: KubeObject, provisioners: Provisioners, node: string): 'bound' | 'waiting' | 'none' {
  const volume = bestMatch(api, claim, false);
  if (volume) {
    bindVolume(api, volume, claim);
    return 'bound';
  }
  const provisioner: string = api.get('StorageClass', '', claim.spec.storageClassName ?? '')?.provisioner ?? '';
  if (provisioner === 'kubernetes.io/no-provisioner') return 'none';
  const { name, namespace = 'default' } = claim.metadata;
  api.updateStatus('PersistentVolumeClaim', namespace, name, (object) =>
    object.metadata.annotations?.[SELECTED_NODE] === node ? object : { ...object, metadata: annotated(object, { [SELECTED_NODE]: node }) },
  );
  provisionClaim(api, api.get('PersistentVolumeClaim', namespace, name) as KubeObject, provisioners);
  return provisioner in provisioners ? 'bound' : 'waiting';
}

/** Gives a claim that names no class the default one. Counterpart: the DefaultStorageClass admission plugin, assignDefaultStorageClass */
function assignClass(api: VolumeApi, claim: KubeObject): KubeObject {
  if (claim.spec.storageClassName !== undefined) return claim;
  const chosen = api.list('StorageClass').find((one) => one.metadata.annotations?.[DEFAULT_CLASS] === 'true');
  if (!chosen) return claim;
  const { name, namespace = 'default' } = claim.metadata;
  const storageClassName = chosen.metadata.name;
  api.updateStatus('PersistentVolumeClaim', namespace, name, (object) => ({ ...object, spec: { ...object.spec, storageClassName } }));
  return api.get('PersistentVolumeClaim', namespace, name) as KubeObject;
}

function syncUnbound(api: VolumeApi, claim: KubeObject, provisioners: Provisioners): void {
  const wanted: string = claim.spec.volumeName ?? '';
  if (wanted !== '') {
    const volume = api.get('PersistentVolume', '', wanted);
    if (!volume) return;
    if (volume.spec.claimRef && !refersTo(volume, claim))
      return once(api, claim, 'FailedBinding', () =>
        event(api, claim, 'Warning', 'FailedBinding', `volume "${wanted}" already bound to a different claim.`),
      );
    return bindVolume(api, volume, claim);
  }
  const late = bindsLate(api, claim);
  const volume = bestMatch(api, claim, late);
  if (volume) return bindVolume(api, volume, claim);
  if (late)
    return once(api, claim, 'WaitForFirstConsumer', () =>
      event(api, claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding'),
    );
  if (claim.spec.storageClassName) return once(api, claim, 'ProvisioningFailed', () => provisionClaim(api, claim, provisioners));
  once(api, claim, 'FailedBinding', () =>
    event(api, claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set'),
  );
}

/** A volume whose claim has gone is kept, or deleted by the driver that made it. Counterpart: syncVolume and reclaimVolume */
function syncVolume(api: VolumeApi, volume: KubeObject, provisioners: Provisioners): void {
  const { name } = volume.metadata;
  const phase = (value: string): void =>
    api.updateStatus('PersistentVolume', '', name, (object) => ({ ...object, status: { ...object.status, phase: value } }));
  const ref = volume.spec.claimRef;
  if (!ref) {
    if (volume.status?.phase !== 'Available') phase('Available');
    return;
  }
  const claim = api.get('PersistentVolumeClaim', ref.namespace, ref.name);
  if (!ref.uid || (claim && claim.metadata.uid === ref.uid)) return;
  if (volume.status?.phase === 'Bound') phase('Released');
  if (volume.spec.persistentVolumeReclaimPolicy === 'Delete' && volume.spec.csi?.driver in provisioners)
    api.remove('PersistentVolume', '', name);
}

/** Objects that wait for their users before they go. Counterpart: the pvc-protection and pv-protection controllers */
function finish(api: VolumeApi): void {
  const used = (claim: KubeObject): boolean =>
    api
      .list('Pod', claim.metadata.namespace)
      .some(
        (pod) =>
          !['Succeeded', 'Failed'].includes(pod.status?.phase) &&
          pod.spec.volumes?.some((v: KubeObject['spec']) => v.persistentVolumeClaim?.claimName === claim.metadata.name),
      );
  for (const claim of api.list('PersistentVolumeClaim'))
    if (claim.metadata.deletionTimestamp && !used(claim))
      api.remove('PersistentVolumeClaim', claim.metadata.namespace as string, claim.metadata.name);
  for (const volume of api.list('PersistentVolume'))
    if (volume.metadata.deletionTimestamp && volume.status?.phase !== 'Bound') api.remove('PersistentVolume', '', volume.metadata.name);
}

/**
 * One look at all claims and volumes.
 * Counterpart: pkg/controller/volume/persistentvolume, Kubernetes 1.36. Deviates: events are not repeated while nothing changes;
 * volumes are deleted only where a driver provisioned them.
 */
export function syncPersistentVolumes(api: VolumeApi, provisioners: Provisioners): void {
  finish(api);
  for (const volume of api.list('PersistentVolume')) syncVolume(api, volume, provisioners);
  for (const claim of api.list('PersistentVolumeClaim')) {
    if (claim.metadata.deletionTimestamp) continue;
    if (claim.status?.phase !== 'Bound') {
      syncUnbound(api, assignClass(api, claim), provisioners);
      continue;
    }
    if (api.get('PersistentVolume', '', claim.spec.volumeName) || claim.status.phase === 'Lost') continue;
    api.updateStatus('PersistentVolumeClaim', claim.metadata.namespace as string, claim.metadata.name, (object) => ({
      ...object,
      status: { ...object.status, phase: 'Lost' },
    }));
    event(api, claim, 'Warning', 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  }
}
