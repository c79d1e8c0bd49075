// A pod's volumes on the node's disk, before its containers start, and away again after they ended.

import { AT_FDCWD, MNT_DETACH, MS_BIND, MS_REC } from '#abi/flags.ts';
import { isBlk, isChr, isDir, isReg, isSock } from '#abi/mode.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { timestampName, writeAtomically } from './atomicWriter.ts';
import type { Json } from './effective.ts';
import { quantity } from './environment.ts';
import { type Failure, makeDirs, pathError, statOf, writeFile } from './files.ts';
import { changeOwnership } from './ownership.ts';
import { type PayloadContext, payload } from './payload.ts';

/** What a PersistentVolumeClaim is bound to: a directory of the node's disk with the properties of its driver. */
export interface ClaimSettings {
  readonly path: string;
  readonly fsType?: string;
  readonly accessModes?: readonly string[];
  readonly csi?: {
    readonly driver?: string;
    readonly fsGroupPolicy?: 'None' | 'File' | 'ReadWriteOnceWithFSType';
    readonly volumeMountGroup?: boolean;
  };
}

export interface VolumeContext extends PayloadContext {
  readonly nowNs: bigint;
  readonly random: () => number;
  readonly claims: Readonly<Record<string, ClaimSettings>>;
}

/** A volume that is ready: where it is on the node, and what its mounts into containers must be. */
export interface ReadyVolume {
  readonly path: string;
  readonly alwaysReadOnly: boolean;
  readonly relabel: boolean;
  /** The image of an image volume, which the runtime mounts itself. */
  readonly image?: string;
}

export type SetUp = { readonly ok: true; readonly volume: ReadyVolume } | { readonly ok: false; readonly message: string };

export const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;

const done = (path: string, alwaysReadOnly: boolean, relabel: boolean): SetUp => ({ ok: true, volume: { path, alwaysReadOnly, relabel } });
const failed = (message: string): SetUp => ({ ok: false, message });

/** Whether the kubelet walks a claim's volume for fsGroup. Counterpart: supportsFSGroup, pkg/volume/csi/csi_mounter.go */
export function claimTakesFsGroup(claim: ClaimSettings, readOnly: boolean): boolean {
  const policy = claim.csi ? (claim.csi.fsGroupPolicy ?? 'ReadWriteOnceWithFSType') : 'File';
  if (readOnly || policy === 'None' || claim.csi?.volumeMountGroup) return false;
  if (policy === 'File') return true;
  return (
    (claim.fsType ?? 'ext4') !== '' &&
    (claim.accessModes ?? ['ReadWriteOnce']).some((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')
  );
}

function* tmpfs(path: string, bytes: number): Program<Failure> {
  const mounted = yield* sys.mount('tmpfs', path, 'tmpfs', 0, `size=${Math.floor(bytes / 1024)}k,noswap`);
  return mounted.ok ? undefined : pathError('mount', path, mounted.errno);
}

function* hostPath(source: Json): Program<SetUp> {
  const path: string = source.path;
  const stat = yield* statOf(path, true);
  const refuse = (what: string): SetUp => failed(`hostPath type check failed: ${path} is not a ${what}`);
  switch (source.type ?? '') {
    case 'DirectoryOrCreate': {
      const failure = stat ? undefined : yield* makeDirs(path, 0o755);
      if (failure !== undefined) return failed(failure);
      return stat && !isDir(stat.mode) ? refuse('directory') : done(path, false, false);
    }
    case 'FileOrCreate': {
      const failure = stat ? undefined : yield* writeFile(path, new Uint8Array(0), 0o644);
      if (failure !== undefined) return failed(failure);
      return stat && !isReg(stat.mode) ? refuse('file') : done(path, false, false);
    }
    case 'Directory':
      return stat && isDir(stat.mode) ? done(path, false, false) : refuse('directory');
    case 'File':
      return stat && isReg(stat.mode) ? done(path, false, false) : refuse('file');
    case 'Socket':
      return stat && isSock(stat.mode) ? done(path, false, false) : refuse('socket file');
    case 'CharDevice':
      return stat && isChr(stat.mode) ? done(path, false, false) : refuse('character device');
    case 'BlockDevice':
      return stat && isBlk(stat.mode) ? done(path, false, false) : refuse('block device');
    default:
      return done(path, false, false);
  }
}

function* emptyDir(context: VolumeContext, volume: Json, root: string): Program<SetUp> {
  const path = `${root}/kubernetes.io~empty-dir/${volume.name}`;
  let failure = yield* makeDirs(path, 0o777);
  if (failure === undefined && volume.emptyDir?.medium === 'Memory')
    failure = yield* tmpfs(path, volume.emptyDir.sizeLimit ? quantity(volume.emptyDir.sizeLimit) : context.facts.memoryBytes);
  if (failure !== undefined) return failed(failure);
  if (context.fsGroup !== undefined) yield* changeOwnership(path, { fsGroup: context.fsGroup, readOnly: false, policy: 'Always' });
  return done(path, false, true);
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
  return failure === undefined ? done(path, true, true) : failed(failure);
}

function* claim(context: VolumeContext, volume: Json, root: string): Program<SetUp> {
  const name: string = volume.persistentVolumeClaim.claimName;
  const settings = context.claims[name] ?? { path: `/srv/claims/${name}` };
  const path = `${root}/kubernetes.io~csi/pvc-${name}/mount`;
  const failure = (yield* makeDirs(settings.path, 0o755)) ?? (yield* makeDirs(path, 0o750));
  if (failure !== undefined) return failed(failure);
  const bound = yield* sys.mount(settings.path, path, '', MS_BIND | MS_REC, '');
  if (!bound.ok) return failed(pathError('mount', path, bound.errno));
  const readOnly = volume.persistentVolumeClaim.readOnly === true;
  if (context.fsGroup !== undefined && claimTakesFsGroup(settings, readOnly)) {
    const policy = context.pod.spec.securityContext?.fsGroupChangePolicy === 'OnRootMismatch' ? 'OnRootMismatch' : 'Always';
    yield* changeOwnership(path, { fsGroup: context.fsGroup, readOnly, policy });
  }
  return done(path, readOnly, true);
}

/** Sets one volume up. Counterpart: the SetUpAt functions of pkg/volume/…, Kubernetes 1.36 */
export function* setUpVolume(context: VolumeContext, volume: Json): Program<SetUp> {
  const root = `${podDirectory(context.pod.metadata.uid as string)}/volumes`;
  if (volume.hostPath) return yield* hostPath(volume.hostPath);
  if (volume.emptyDir) return yield* emptyDir(context, volume, root);
  if (volume.configMap || volume.secret || volume.downwardAPI || volume.projected) return yield* projected(context, volume, root);
  if (volume.persistentVolumeClaim) return yield* claim(context, volume, root);
  if (volume.image) return { ok: true, volume: { path: '', alwaysReadOnly: true, relabel: true, image: volume.image.reference } };
  return failed(`no volume plugin matched`);
}

/** Unmounts what setUpVolume mounted; the directories go with the pod's. */
export function* tearDownVolume(volume: Json, ready: ReadyVolume): Program<void> {
  if (volume.emptyDir?.medium === 'Memory' || volume.secret || volume.downwardAPI || volume.projected || volume.persistentVolumeClaim)
    yield* sys.umount2(ready.path, MNT_DETACH);
}

/**
 * The directory behind a subPath of a volume; missing parts get the mode of the volume's root.
 * Counterpart: SafeMakeDir, pkg/volume/util/subpath/subpath_linux.go
 */
export function* subPathOf(root: string, subPath: string): Program<Failure> {
  const parts = subPath.split('/').filter((part) => part !== '' && part !== '.');
  const mode = ((yield* statOf(root, true))?.mode ?? 0o755) & 0o7777;
  let at = root;
  for (const part of parts) {
    at += `/${part}`;
    if (yield* statOf(at, true)) continue;
    const made = yield* sys.mkdirat(AT_FDCWD, at, mode & 0o777);
    if (!made.ok) return `failed to create subPath directory for volumeMount: ${pathError('mkdir', at, made.errno)}`;
    yield* sys.fchmodat(AT_FDCWD, at, mode);
  }
  return undefined;
}
