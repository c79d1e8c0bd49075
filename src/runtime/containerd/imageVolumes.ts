// Mounts whose source is an image. Counterpart: containerd internal/cri/server/container_image_mount.go

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR, MNT_DETACH, MS_BIND, MS_RDONLY, MS_REMOUNT } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { type Annotated, annotated } from '#provenance/origin.ts';
import type { ContainerConfig, Mount } from '../cri.ts';
import { mkdirAll, namesIn, secureJoin } from '../runc/paths.ts';
import { idmapData } from '../runc/rootfs.ts';
import { pseudoDigest } from './ids.ts';
import type { ImageStore } from './store.ts';

const baseDirectory = (sandbox: string): string => `/run/containerd/io.containerd.grpc.v1.cri/image-volumes/${sandbox}`;
const FAILED = 'ImageVolumeMountFailed: ';

export interface ImageVolumeFailure {
  readonly failure: string;
}

/** The directory of an image, mounted once for all containers of a pod: an overlay of its own, read-only. */
function* mountImage(store: ImageStore, sandbox: string, mount: Mount): Program<string | ImageVolumeFailure> {
  const reference = mount.image?.image as string;
  const image = store.find(reference);
  if (image === undefined) return { failure: `${FAILED}failed to resolve image "${reference}": not found` };
  const target = `${baseDirectory(sandbox)}/${pseudoDigest(JSON.stringify([image.name, image.config]))}`;
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, target, 0);
  if (there.ok) return target;
  yield* mkdirAll(target);
  const lower: string = yield* store.unpacked(image);
  const own: string = yield* store.snapshot();
  const options = `lowerdir=${lower},upperdir=${own}/fs,workdir=${own}/work,uuid=on,volatile`;
  yield* sys.mount('overlay', target, 'overlay', MS_RDONLY, options);
  const shifted = idmapData(
    mount.uidMappings?.map(({ container_id, host_id, length }) => ({ containerID: container_id, hostID: host_id, size: length })),
  );
  if (shifted !== '') yield* sys.mount('', target, '', MS_BIND | MS_REMOUNT | MS_RDONLY, shifted);
  return target;
}

/** Gives mounts of images the host directory they need; a sub path must be a directory of the image. */
export function* withImageVolumes(
  store: ImageStore,
  sandbox: string,
  config: Annotated<ContainerConfig>,
): Program<Annotated<ContainerConfig> | ImageVolumeFailure> {
  const mounts: Mount[] = [];
  for (const mount of config.value.mounts) {
    if (mount.image === undefined || mount.image.image === '') {
      mounts.push(mount);
      continue;
    }
    const target: string | ImageVolumeFailure = yield* mountImage(store, sandbox, mount);
    if (typeof target !== 'string') return target;
    const below = mount.image_sub_path ?? '';
    const source = below === '' ? target : yield* secureJoin(target, below);
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, source, 0);
    const inside = `${FAILED}failed to ensure image subpath "${below}" in "${target}": `;
    if (!stat.ok) return { failure: `${inside}openat ${below}: ${strerror(stat.errno).toLowerCase()}` };
    if (!isDir(stat.value.mode))
      return { failure: `${inside}only directory subpath is supported, subpath: "${below}", mountpoint: "${target}" ` };
    // The mount is shifted already.
    const { uidMappings: _uids, gidMappings: _gids, ...rest } = mount;
    mounts.push({ ...rest, host_path: source, readonly: true });
  }
  return annotated({ ...config.value, mounts }, () => config.origins);
}

/** Unmounts the images of a pod that ends. Counterpart: cleanupImageMounts */
export function* unmountImages(sandbox: string): Program<void> {
  const base = baseDirectory(sandbox);
  for (const name of yield* namesIn(base)) {
    yield* sys.umount2(`${base}/${name}`, MNT_DETACH);
    yield* sys.unlinkat(AT_FDCWD, `${base}/${name}`, AT_REMOVEDIR);
  }
  yield* sys.unlinkat(AT_FDCWD, base, AT_REMOVEDIR);
}
