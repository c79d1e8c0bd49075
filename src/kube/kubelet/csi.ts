// Volumes of CSI drivers: what a driver's node plugin does, and what the kubelet asks of it.

import { AT_FDCWD, MNT_DETACH, MS_BIND, MS_RDONLY, MS_REMOUNT } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import { type Failure, makeDirs, pathError } from './files.ts';

/** A driver whose node plugin runs on the node. */
export interface CsiDriver {
  /** The node plugin has the capability VOLUME_MOUNT_GROUP: it applies fsGroup itself. */
  readonly volumeMountGroup?: boolean;
}

export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
  /** Name of the PersistentVolume, or of the pod's volume. */
  readonly name: string;
  readonly fsType: string;
  /** Of the PersistentVolume; null for an inline volume, which is always ReadWriteOnce. */
  readonly accessModes: readonly string[] | null;
  readonly readOnly: boolean;
  readonly mode: 'Persistent' | 'Ephemeral';
}

const BACKEND = '/var/lib/csi';

/** Where the contents of a volume are on the node until a pod uses it. */
export const diskPath = (handle: string): string => `${BACKEND}/${handle}`;

/**
 * The storage behind all drivers: a disk per volume, attached to the node at its first use.
 * Deviates: every disk is ext4, without lost+found; stages are the driver's staging directory and one bind mount a pod.
 */
export class CsiNode {
  readonly drivers: Readonly<Record<string, CsiDriver>>;
  private readonly disks = new Map<string, string>();
  private readonly users = new Map<string, Set<string>>();

  constructor(drivers: Readonly<Record<string, CsiDriver>> = {}) {
    this.drivers = drivers;
  }

  /** Mounts the disk of a volume to be filled before a pod uses it. */
  *disk(handle: string): Program<void> {
    yield* makeDirs(BACKEND, 0o700);
    yield* makeDirs(diskPath(handle), 0o755);
    yield* this.mountDisk(handle, diskPath(handle), '');
  }

  /** Mounts the disk of a volume, and nowhere else; it is empty if nobody used it before. */
  *mountDisk(handle: string, path: string, options: string): Program<Failure> {
    yield* sys.umount2(diskPath(handle), MNT_DETACH);
    const known = this.disks.get(handle);
    const device = known ?? `/dev/sd${String.fromCharCode(98 + (this.disks.size % 25))}`;
    this.disks.set(handle, device);
    const mounted = yield* sys.mount(device, path, 'ext4', 0, options);
    if (!mounted.ok) return pathError('mount', path, mounted.errno);
    if (known === undefined) yield* sys.fchmodat(AT_FDCWD, path, 0o755);
    return undefined;
  }

  /** A pod begins to use a volume; true: it is the first on this node. */
  acquire(handle: string, pod: string): boolean {
    const users = this.users.get(handle) ?? new Set();
    this.users.set(handle, users.add(pod));
    return users.size === 1;
  }

  /** A pod has ended with a volume; true: nobody uses it now. */
  release(handle: string, pod: string): boolean {
    const users = this.users.get(handle);
    users?.delete(pod);
    return users === undefined || users.size === 0;
  }
}

/** Whether a driver takes volumes of this life cycle; the text of the refusal. Counterpart: supportsVolumeLifecycleMode, csi_mounter.go */
export function lifecycleProblem(driver: KubeObject | undefined, volume: CsiVolume): Failure {
  if (!driver)
    return volume.mode === 'Persistent'
      ? undefined
      : `volume mode "${volume.mode}" not supported by driver ${volume.driver} (no CSIDriver object)`;
  const modes: readonly string[] = driver.spec.volumeLifecycleModes ?? ['Persistent'];
  if (modes.includes(volume.mode)) return undefined;
  return `volume mode "${volume.mode}" not supported by driver ${volume.driver} (only supports [${modes.map((mode) => `"${mode}"`).join(' ')}])`;
}

/**
 * Why the kubelet does or does not walk a volume for fsGroup.
 * Counterpart: supportsFSGroup and getFSGroupPolicy, pkg/volume/csi/csi_mounter.go, Kubernetes 1.36
 */
export function fsGroupDecision(
  driver: KubeObject | undefined,
  plugin: CsiDriver,
  volume: CsiVolume,
): 'walk' | 'delegated' | 'policy None' | 'read-only' | 'no fsType' | 'not ReadWriteOnce' {
  if (plugin.volumeMountGroup) return 'delegated';
  const policy: string = driver?.spec.fsGroupPolicy ?? 'ReadWriteOnceWithFSType';
  if (policy === 'None') return 'policy None';
  if (volume.readOnly) return 'read-only';
  if (policy === 'File') return 'walk';
  if (volume.fsType === '') return 'no fsType';
  const modes = volume.accessModes;
  return modes === null || modes.some((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod') ? 'walk' : 'not ReadWriteOnce';
}

/** Puts a staged volume where the pod expects it: NodePublishVolume of the driver. */
export function* publish(source: string, target: string, readOnly: boolean): Program<Failure> {
  const failure = yield* makeDirs(target, 0o750);
  if (failure !== undefined) return failure;
  const bound = yield* sys.mount(source, target, '', MS_BIND, '');
  if (!bound.ok) return pathError('mount', target, bound.errno);
  if (readOnly) yield* sys.mount('', target, '', MS_BIND | MS_REMOUNT | MS_RDONLY, '');
  return undefined;
}

/** The kubelet's staging directory. Counterpart: makeDeviceMountPath, csi_attacher.go (with the handle instead of its hash) */
export const stagingPath = (volume: CsiVolume): string =>
  `/var/lib/kubelet/plugins/kubernetes.io/csi/${volume.driver}/${volume.handle}/globalmount`;

/** Stages a volume on the node, once for all pods. `options`: mount options, none is "". */
export function* stage(node: CsiNode, volume: CsiVolume, options: string): Program<Failure> {
  const path = stagingPath(volume);
  return (yield* makeDirs(path, 0o750)) ?? (yield* node.mountDisk(volume.handle, path, options));
}

/** Takes the staging away with the last pod. */
export function* unstage(volume: CsiVolume): Program<void> {
  yield* sys.umount2(stagingPath(volume), MNT_DETACH);
}
