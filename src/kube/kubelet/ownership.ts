// fsGroup: the walk that gives a volume's files to a group.

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CLOEXEC, O_DIRECTORY, O_NOFOLLOW, O_RDONLY } from '#abi/flags.ts';
import { isDir, isLnk, S_ISGID } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { entries, statOf } from './files.ts';

const READ_WRITE = 0o660;
const READ_ONLY = 0o440;
const DIRECTORY_EXEC = 0o110;

/** Hears of the files a walk has changed; may wait. */
export type Progress = (count: number) => Program<void>;

/** Watches the walk of a directory. */
export type Watcher = (directory: string) => Progress;

export type Policy = 'Always' | 'OnRootMismatch';

/** The permission bits a volume's files must have at least. */
const maskOf = (readOnly: boolean): number => (readOnly ? READ_ONLY : READ_WRITE);

/** One entry: its group, then its mode. Counterpart: changeFilePermission, pkg/volume/volume_linux.go */
function* change(path: string, stat: Stat, fsGroup: number, readOnly: boolean): Program<void> {
  yield* sys.fchownat(AT_FDCWD, path, -1, fsGroup, AT_SYMLINK_NOFOLLOW);
  if (isLnk(stat.mode)) return;
  yield* sys.fchmodat(AT_FDCWD, path, (stat.mode & 0o7777) | maskOf(readOnly) | (isDir(stat.mode) ? DIRECTORY_EXEC | S_ISGID : 0));
}

/** Whether the root of a volume already looks as the walk would leave it. Counterpart: requiresPermissionChange, same file */
export function rootMatches(stat: Stat | undefined, fsGroup: number, readOnly: boolean): boolean {
  if (!stat || !isDir(stat.mode) || stat.gid !== fsGroup) return false;
  const wanted = maskOf(readOnly) | DIRECTORY_EXEC;
  return (stat.mode & wanted) === wanted && (stat.mode & S_ISGID) !== 0;
}

export interface OwnershipOptions {
  readonly fsGroup: number;
  readonly readOnly: boolean;
  readonly policy: Policy;
}

/**
 * Walks a volume depth first, the root last, so that an interrupted walk is seen and repeated. Errors are ignored.
 * Counterpart: ChangePermissions, pkg/volume/volume_linux.go, Kubernetes 1.36
 */
export function* changeOwnership(root: string, options: OwnershipOptions, watch?: Watcher): Program<void> {
  const { fsGroup, readOnly } = options;
  const stat = yield* statOf(root);
  if (!stat) return;
  if (options.policy === 'OnRootMismatch' && rootMatches(stat, fsGroup, readOnly)) return;
  yield* walk(root, stat, fsGroup, readOnly, watch?.(root));
}

/** How many entries of a directory are changed in one step: the page stays alive between two of them. */
const SLICE = 4096;

function* walk(path: string, stat: Stat, fsGroup: number, readOnly: boolean, progress: Progress | undefined): Program<void> {
  if (isDir(stat.mode))
    for (const name of yield* changePlain(path, fsGroup, maskOf(readOnly), progress)) {
      const below = `${path}/${name}`;
      const child = yield* statOf(below);
      if (child) yield* walk(below, child, fsGroup, readOnly, progress);
    }
  yield* change(path, stat, fsGroup, readOnly);
  if (progress) yield* progress(1);
}

/** Changes the plain files of a directory in slices; the names of what is left: directories, and files with something special. */
function* changePlain(path: string, fsGroup: number, mask: number, progress: Progress | undefined): Program<readonly string[]> {
  const fd = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (!fd.ok) return [];
  const rest: string[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const slice: SysResult<{ readonly changed: number; readonly rest: readonly string[]; readonly next: number | null }> =
      yield* sys.chgrp_entries(fd.value, fsGroup, mask, from, SLICE);
    if (!slice.ok) {
      yield* sys.close(fd.value);
      return (yield* entries(path)).map(({ name }) => name);
    }
    rest.push(...slice.value.rest);
    if (progress) yield* progress(slice.value.changed);
    from = slice.value.next;
  }
  yield* sys.close(fd.value);
  return rest;
}
