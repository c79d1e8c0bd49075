// What containerd keeps on the node's disk: its directories, the roots of containers, volumes that come from images.
// Counterpart: containerd internal/cri/server, overlayfs snapshotter

import { AT_FDCWD, AT_REMOVEDIR, MNT_DETACH, MS_BIND, MS_REMOUNT } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Mount, PodSandboxConfig } from '../cri.ts';
import type { Image } from '../image.ts';
import type { RuntimeSpec } from '../oci.ts';
import { mkdirAll, secureJoin, writeFile } from '../runc/paths.ts';
import { idmapData } from '../runc/rootfs.ts';
import { BUNDLES } from './prepare.ts';
import { sandboxDirectory } from './spec.ts';
import type { ImageStore } from './store.ts';

/** Mounts an overlay of an image as a container's root; owners are shifted for a user namespace. */
export function* mountRootfs(store: ImageStore, id: string, image: Image, spec: RuntimeSpec): Program<string> {
  const rootfs = `${BUNDLES}/${id}/rootfs`;
  yield* mkdirAll(rootfs);
  const lower: string = yield* store.unpacked(image);
  const own: string = yield* store.snapshot();
  yield* sys.mount('overlay', rootfs, 'overlay', 0, `lowerdir=${lower},upperdir=${own}/fs,workdir=${own}/work,uuid=on`);
  const shifted = idmapData(spec.linux.uidMappings);
  if (shifted !== '') yield* sys.mount('', rootfs, '', MS_BIND | MS_REMOUNT, shifted);
  return rootfs;
}

/** Takes a container's root away. */
export function* unmountRootfs(rootfs: string): Program<void> {
  for (;;) {
    const gone: SysResult<void> = yield* sys.umount2(rootfs, MNT_DETACH);
    if (!gone.ok) break;
  }
  yield* sys.unlinkat(AT_FDCWD, rootfs, AT_REMOVEDIR);
}

/** Host directories for the image's VOLUMEs, with the owner and mode the image has there. */
export function* imageVolumes(id: string, image: Image, lower: string): Program<readonly Mount[]> {
  const mounts: Mount[] = [];
  for (const [at, path] of (image.config.Volumes ?? []).entries()) {
    const host = `/var/lib/containerd/io.containerd.grpc.v1.cri/containers/${id}/volumes/${at}`;
    yield* mkdirAll(host);
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, yield* secureJoin(lower, path), 0);
    if (stat.ok) {
      yield* sys.fchownat(AT_FDCWD, host, stat.value.uid, stat.value.gid, 0);
      yield* sys.fchmodat(AT_FDCWD, host, stat.value.mode & 0o7777);
    }
    mounts.push({ container_path: path, host_path: host, readonly: false, selinux_relabel: true, propagation: 'PROPAGATION_PRIVATE' });
  }
  return mounts;
}

/** The files of a sandbox that its containers share: host name and resolver. Counterpart: setupSandboxFiles */
export function* writeSandboxFiles(id: string, config: PodSandboxConfig): Program<void> {
  const directory = sandboxDirectory(id);
  yield* mkdirAll(directory);
  yield* writeFile(`${directory}/hostname`, `${config.hostname}\n`);
  const { servers = [], searches = [], options = [] } = config.dns_config ?? {};
  const lines = [
    ...(searches.length > 0 ? [`search ${searches.join(' ')}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  yield* writeFile(`${directory}/resolv.conf`, lines.map((line) => `${line}\n`).join(''));
}

/** A host path that is not there becomes a directory. */
export function* makeBindSources(spec: RuntimeSpec): Program<void> {
  for (const { type, source = '' } of spec.mounts) {
    if (type !== 'bind') continue;
    const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, source, 0);
    if (!there.ok && there.errno === 'ENOENT') yield* mkdirAll(source);
  }
}
