// A pod's volumes on the node's disk, before its containers start, and away again after they ended.

import { MNT_DETACH } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import { sameContent, timestampName, writeAtomically } from './atomicWriter.ts';
import type { Json } from './effective.ts';
import { quantity } from './environment.ts';
import { type Failure, makeDirs, pathError } from './files.ts';
import { checkHostPath } from './hostPath.ts';
import { changeOwnership } from './ownership.ts';
import { payload } from './payload.ts';
import { claim, csi } from './persistent.ts';
import { done, failed, podDirectory, type ReadyVolume, type SetUp, type VolumeContext } from './setUp.ts';

function* tmpfs(path: string, bytes: number): Program<Failure> {
  const mounted = yield* sys.mount('tmpfs', path, 'tmpfs', 0, `size=${Math.floor(bytes / 1024)}k,noswap`);
  return mounted.ok ? undefined : pathError('mount', path, mounted.errno);
}

/**
 * The size of a memory volume: the smallest of the node's memory, the pod's limit and the volume's own.
 * Counterpart: calculateEmptyDirMemorySize, pkg/volume/emptydir/empty_dir.go
 */
export function memoryVolumeSize(pod: KubeObject, sizeLimit: string | undefined, nodeBytes: number): number {
  const containers: Json[] = pod.spec.containers;
  const limits = containers.map((c) => quantity(c.resources?.limits?.memory ?? '0'));
  const pods = pod.spec.resources?.limits?.memory
    ? quantity(pod.spec.resources.limits.memory)
    : limits.every((n) => n > 0)
      ? limits.reduce((a, b) => a + b)
      : 0;
  return [pods, quantity(sizeLimit ?? '0')].reduce((size, limit) => (limit > 0 && limit <= size ? limit : size), nodeBytes);
}

function* emptyDir(context: VolumeContext, volume: Json, root: string): Program<SetUp> {
  const path = `${root}/kubernetes.io~empty-dir/${volume.name}`;
  const medium: string = volume.emptyDir.medium ?? '';
  const memory = medium === 'Memory';
  if (medium !== '' && !memory) return failed('huge pages are not simulated');
  let failure = yield* makeDirs(path, 0o777);
  if (failure === undefined && memory)
    failure = yield* tmpfs(path, memoryVolumeSize(context.pod, volume.emptyDir.sizeLimit, context.facts.memoryBytes));
  if (failure !== undefined) return failed(failure);
  if (context.fsGroup !== undefined) yield* changeOwnership(path, { fsGroup: context.fsGroup, readOnly: false, policy: 'Always' });
  return done({ path, relabel: true, unmount: memory ? [path] : [] });
}

function* projected(context: VolumeContext, volume: Json, root: string): Program<SetUp> {
  const kind = volume.configMap ? 'configmap' : volume.secret ? 'secret' : volume.downwardAPI ? 'downward-api' : 'projected';
  const made = payload(context, volume);
  if (!made.ok) return failed(made.message);
  const path = `${root}/kubernetes.io~${kind}/${volume.name}`;
  let failure = yield* makeDirs(path, 0o777);
  if (failure === undefined && kind !== 'configmap') failure = yield* tmpfs(path, context.facts.memoryBytes);
  if (failure === undefined) {
    if (context.fsGroup !== undefined) yield* changeOwnership(path, { fsGroup: context.fsGroup, readOnly: false, policy: 'Always' });
    failure = yield* writeAtomically(path, made.value, timestampName(context.nowNs, context.random()), context.fsGroup);
  }
  return failure === undefined
    ? done({ path, alwaysReadOnly: true, relabel: true, files: made.value, unmount: kind === 'configmap' ? [] : [path] })
    : failed(failure);
}

/**
 * Brings a volume's files to what its sources say now; a text: that failed. The running containers see them, but for mounts of a subPath.
 * Counterpart: SetUpAt of pkg/volume/{configmap,secret,downwardapi,projected} on a remount, Kubernetes 1.36
 */
export function* updateVolume(context: VolumeContext, volume: Json, ready: ReadyVolume): Program<ReadyVolume | string> {
  const before = ready.files ?? new Map();
  const made = payload(context, volume, before);
  if (!made.ok) return made.message;
  if (sameContent(before, made.value)) return ready;
  const directory = timestampName(context.nowNs, context.random());
  const failure = yield* writeAtomically(ready.path, made.value, directory, context.fsGroup, before);
  return failure ?? { ...ready, files: made.value };
}

/** Sets one volume up. Counterpart: the SetUpAt functions of pkg/volume/…, Kubernetes 1.36 */
export function* setUpVolume(context: VolumeContext, volume: Json): Program<SetUp> {
  const root = `${podDirectory(context.pod.metadata.uid as string)}/volumes`;
  if (volume.hostPath) {
    const failure = yield* checkHostPath(volume.hostPath);
    return failure === undefined ? done({ path: volume.hostPath.path, relabel: false, unmount: [] }) : failed(failure);
  }
  if (volume.emptyDir) return yield* emptyDir(context, volume, root);
  if (volume.configMap || volume.secret || volume.downwardAPI || volume.projected) return yield* projected(context, volume, root);
  if (volume.persistentVolumeClaim) return yield* claim(context, volume.name, volume.persistentVolumeClaim, root);
  if (volume.ephemeral) return yield* claim(context, volume.name, { claimName: `${context.pod.metadata.name}-${volume.name}` }, root);
  if (volume.csi) {
    const { driver, fsType = '', readOnly = false } = volume.csi;
    const handle = `csi-${context.pod.metadata.uid}-${volume.name}`;
    return yield* csi(context, { driver, handle, name: volume.name, fsType, accessModes: null, readOnly, mode: 'Ephemeral' }, root);
  }
  if (volume.image) return done({ path: '', alwaysReadOnly: true, relabel: true, image: volume.image.reference, unmount: [] });
  return failed(`no volume plugin matched`);
}

/** Unmounts what setUpVolume mounted; the directories go with the pod's. */
export function* tearDownVolume(ready: ReadyVolume): Program<void> {
  for (const path of ready.unmount) yield* sys.umount2(path, MNT_DETACH);
  if (ready.release) yield* ready.release();
}
