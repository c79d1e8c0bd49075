// The programs an administrator finds on the node. They are put there when somebody can first see them, by ssh or through a mount of
// the node's root, since few sessions look and every session would pay for it.

import { AT_FDCWD, MS_NOEXEC, MS_NOSUID } from '#abi/flags.ts';
import { S_IFSOCK } from '#abi/mode.ts';
import { type Program, programImage, sys } from '#kernel/uapi/index.ts';
import { installImage } from '#runtime/containerd/layers.ts';
import { SOCKET } from '#runtime/containerd/shims.ts';
import type { ImageStore } from '#runtime/containerd/store.ts';
import { NODE_PROGRAMS } from '#userland/node/index.ts';
import { writeNodeFile } from './node.ts';

/** Installs them at the first call; to be run in a task of the node. */
export function nodeTools(store: () => ImageStore): () => Program<void> {
  let there = false;
  return function* () {
    if (there) return;
    there = true;
    const debian = store().find('debian:12');
    if (debian !== undefined) yield* installImage(debian);
    for (const [path, program] of Object.entries(NODE_PROGRAMS)) yield* writeNodeFile(path, programImage(program), 0o755);
    yield* sys.mknodat(AT_FDCWD, SOCKET, S_IFSOCK | 0o660, 0);
    yield* sys.mkdirat(AT_FDCWD, '/var/log/journal', 0o2755);
    yield* sys.mkdirat(AT_FDCWD, '/dev/pts', 0o755);
    yield* sys.mount('devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'gid=5,mode=620,ptmxmode=666');
    yield* sys.symlinkat('pts/ptmx', AT_FDCWD, '/dev/ptmx');
  };
}
