// The namespaces of a sandbox that outlive its pause process: they are kept by bind mounts.
// Counterpart: containerd pkg/netns, internal/cri/server/sandbox_run.go (pinned-namespaces)

import { AT_FDCWD, CLONE_NEWNET, CLONE_NEWUSER, MNT_DETACH, MS_BIND, O_CLOEXEC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { OciIdMapping } from '../oci.ts';
import { mapText } from '../runc/container.ts';
import { touchAll, writeFile } from '../runc/paths.ts';
import { waitFor } from './shims.ts';

/** Where the namespaces of a sandbox are mounted; missing: the sandbox has none of that kind. */
export interface Pinned {
  readonly network?: string;
  readonly user?: string;
}

/** Makes the namespaces and mounts them. A network namespace belongs to the user namespace, so that the pod's root may configure it. */
export function* pinNamespaces(
  pinned: Pinned,
  maps: { readonly uidMappings?: readonly OciIdMapping[]; readonly gidMappings?: readonly OciIdMapping[] },
): Program<void> {
  const go: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  const ready: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  if (!go.ok || !ready.ok) throw new Error('no pipe for a sandbox');
  const holder: SysResult<number> = yield* sys.clone({
    flags: pinned.user === undefined ? 0 : CLONE_NEWUSER,
    *main() {
      yield* sys.close(go.value[1]);
      yield* sys.read(go.value[0], 1);
      if (pinned.network !== undefined) yield* sys.unshare(CLONE_NEWNET);
      yield* sys.write(ready.value[1], new Uint8Array([1]));
      yield* sys.read(go.value[0], 1);
      return 0;
    },
  });
  if (!holder.ok) throw new Error(`no task for a sandbox: ${holder.errno}`);
  const proc = `/proc/${holder.value}`;
  if (pinned.user !== undefined) {
    yield* writeFile(`${proc}/uid_map`, mapText(maps.uidMappings ?? []), 0, O_WRONLY);
    yield* writeFile(`${proc}/gid_map`, mapText(maps.gidMappings ?? []), 0, O_WRONLY);
  }
  yield* sys.write(go.value[1], new Uint8Array([1]));
  yield* sys.read(ready.value[0], 1);
  for (const [path, name] of [
    [pinned.network, 'net'],
    [pinned.user, 'user'],
  ] as const) {
    if (path === undefined) continue;
    yield* touchAll(path);
    yield* sys.mount(`${proc}/ns/${name}`, path, '', MS_BIND, '');
  }
  for (const fd of [...go.value, ...ready.value]) yield* sys.close(fd);
  yield* waitFor(holder.value);
}

/** Gives the namespaces up. */
export function* unpinNamespaces(pinned: Pinned): Program<void> {
  for (const path of [pinned.network, pinned.user]) {
    if (path === undefined) continue;
    yield* sys.umount2(path, MNT_DETACH);
    yield* sys.unlinkat(AT_FDCWD, path, 0);
  }
}
