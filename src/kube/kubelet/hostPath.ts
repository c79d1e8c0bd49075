// hostPath volumes: a path of the node, whose type may be checked.

import { AT_FDCWD, O_CREAT, O_RDONLY } from '#abi/flags.ts';
import { isBlk, isChr, isDir, isReg, isSock } from '#abi/mode.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import type { Json } from './effective.ts';
import { type Failure, makeDirs, pathError, statOf } from './files.ts';

const KINDS: Readonly<Record<string, { readonly is: (mode: number) => boolean; readonly words: string }>> = {
  Directory: { is: isDir, words: 'directory' },
  File: { is: isReg, words: 'file' },
  Socket: { is: isSock, words: 'socket file' },
  CharDevice: { is: isChr, words: 'character device' },
  BlockDevice: { is: isBlk, words: 'block device' },
};

function* makeFile(path: string): Program<Failure> {
  const fd = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CREAT, 0o644);
  if (!fd.ok) return pathError('open', path, fd.errno);
  yield* sys.close(fd.value);
  return undefined;
}

/**
 * Checks, or makes, what a hostPath source names; a message when it is not of the type asked for.
 * Counterpart: checkType, pkg/volume/hostpath/host_path.go, Kubernetes 1.36
 */
export function* checkHostPath(source: Json): Program<Failure> {
  const { path }: { path: string } = source;
  const type: string = source.type ?? '';
  if (type === '') return undefined;
  const stat = yield* statOf(path, true);
  if (type === 'DirectoryOrCreate' && !stat) return yield* makeDirs(path, 0o755);
  if (type === 'FileOrCreate' && !stat) return yield* makeFile(path);
  const kind = KINDS[type.replace(/OrCreate$/, '')];
  if (!kind) return `${type} is an invalid volume type`;
  return stat && kind.is(stat.mode) ? undefined : `hostPath type check failed: ${path} is not a ${kind.words}`;
}
