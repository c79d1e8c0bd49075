// The `claims` and `node.csiDrivers` of a session file as objects of the cluster: volumes, claims bound to them, drivers.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '#kube/api/object.ts';
import { bindVolume, type VolumeApi } from '#kube/controllers/persistentVolumes.ts';
import { type CsiNode, diskPath } from '#kube/kubelet/csi.ts';
import type { ImageEntry } from '#runtime/image.ts';
import type { CsiDriverSettings, NodeSettings } from '#runtime/node.ts';
import { makeEntries } from './node.ts';

/** A PersistentVolumeClaim that is bound when the session begins. */
export interface ClaimSettings {
  readonly files?: readonly ImageEntry[];
  readonly fsType?: string;
  readonly accessModes?: readonly string[];
  readonly csi?: CsiDriverSettings & { readonly driver?: string };
}

export type Claims = Readonly<Record<string, ClaimSettings>>;

const DRIVER = 'csi.example.com';
const CAPACITY = '1Gi';
const LOCAL_CLAIMS = '/srv/claims';

/** All drivers that run on the node: those named as such, and those of claims. */
export function csiDrivers(node: NodeSettings, claims: Claims): Readonly<Record<string, CsiDriverSettings>> {
  const drivers: Record<string, CsiDriverSettings> = { ...node.csiDrivers };
  for (const { csi } of Object.values(claims))
    if (csi) {
      const { driver = DRIVER, ...settings } = csi;
      drivers[driver] = { ...drivers[driver], ...settings };
    }
  return drivers;
}

function driverObject(name: string, settings: CsiDriverSettings): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name },
    spec: {
      attachRequired: settings.attachRequired ?? true,
      fsGroupPolicy: settings.fsGroupPolicy ?? 'ReadWriteOnceWithFSType',
      podInfoOnMount: false,
      requiresRepublish: false,
      seLinuxMount: settings.seLinuxMount ?? false,
      storageCapacity: false,
      volumeLifecycleModes: settings.ephemeral ? ['Persistent', 'Ephemeral'] : ['Persistent'],
    },
  };
}

function volumeObject(name: string, claim: ClaimSettings, node: string): KubeObject {
  const { csi, fsType = 'ext4', accessModes = ['ReadWriteOnce'] } = claim;
  const local = {
    local: { path: `${LOCAL_CLAIMS}/${name}` },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] }] },
    },
  };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pv-${name}`, finalizers: ['kubernetes.io/pv-protection'] },
    spec: {
      accessModes,
      capacity: { storage: CAPACITY },
      ...(csi ? { csi: { driver: csi.driver ?? DRIVER, fsType, volumeHandle: name } } : local),
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    },
    status: { phase: 'Available' },
  };
}

/** Puts the objects into the cluster. */
export function publishClaims(api: VolumeApi, node: string, drivers: Readonly<Record<string, CsiDriverSettings>>, claims: Claims): void {
  for (const [name, settings] of Object.entries(drivers)) api.put(driverObject(name, settings));
  for (const [name, settings] of Object.entries(claims)) {
    const volume = api.put(volumeObject(name, settings, node));
    const claim = api.put({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'default', finalizers: ['kubernetes.io/pvc-protection'] },
      spec: {
        accessModes: volume.spec.accessModes,
        resources: { requests: { storage: CAPACITY } },
        storageClassName: '',
        volumeMode: 'Filesystem',
        volumeName: volume.metadata.name,
      },
      status: { phase: 'Pending' },
    });
    bindVolume(api, volume, claim);
  }
}

/** Where the contents of a claim's volume are on the node. */
export const claimDirectory = (name: string, claim: ClaimSettings): string => (claim.csi ? diskPath(name) : `${LOCAL_CLAIMS}/${name}`);

/** Fills the volumes. Runs as root on the node. */
export function* fillClaims(csi: CsiNode, claims: Claims): Program<void> {
  for (const [name, claim] of Object.entries(claims)) {
    const directory = claimDirectory(name, claim);
    if (claim.csi) yield* csi.disk(name);
    else yield* sys.mkdirat(AT_FDCWD, directory, 0o755);
    yield* makeEntries(directory, claim.files ?? []);
  }
}
