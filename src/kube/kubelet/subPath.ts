// The directory or file behind a subPath of a volume. It must not lead out of the volume, also not later: a bind mount of the
// kubelet's own pins it, and that is what the runtime gets.

import { AT_FDCWD, MS_BIND } from '#abi/flags.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import { type Program, type Stat, sys } from '#kernel/uapi/index.ts';
import { entries, makeDirs, statOf, writeFile } from './files.ts';

const MAX_LINKS = 255;

/** A path without links; parts that do not exist stay as they are. Counterpart: filepath.EvalSymlinks */
function* realPath(path: string): Program<string | undefined> {
  const left = path.split('/');
  let at = '';
  for (let links = 0; left.length > 0; ) {
    const part = left.shift() as string;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = at.slice(0, at.lastIndexOf('/'));
      continue;
    }
    const stat = yield* statOf(`${at}/${part}`);
    if (!stat || !isLnk(stat.mode)) {
      at += `/${part}`;
      continue;
    }
    const target = yield* sys.readlinkat(AT_FDCWD, `${at}/${part}`);
    if (!target.ok || ++links > MAX_LINKS) return undefined;
    if (target.value.startsWith('/')) at = '';
    left.unshift(...target.value.split('/'));
  }
  return at;
}

const inside = (path: string | undefined, root: string): boolean => path === root || path?.startsWith(`${root}/`) === true;

export interface SubPath {
  /** The volume on the node. */
  readonly root: string;
  readonly subPath: string;
  /** Where it is pinned. */
  readonly target: string;
}

export type SubPathAnswer =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly failed: 'create subPath directory' | 'prepare subPath' };

const SUBPATHS = 'volume-subpaths';

/** Where a mount of a container with a subPath is pinned. Counterpart: getSubpathBindTarget, pkg/volume/util/subpath/subpath_linux.go */
export const subPathTarget = (podDirectory: string, volume: string, container: string, index: number): string =>
  `${podDirectory}/${SUBPATHS}/${volume}/${container}/${index}`;

/** Makes what is missing of a subPath below `top`, with the mode of the volume's root. Counterpart: SafeMakeDir */
function* makeMissing(root: string, top: string, full: string): Program<boolean> {
  const wanted = yield* realPath(full);
  const volume = yield* statOf(root, true);
  if (wanted === undefined || !inside(wanted, top) || !volume) return false;
  let at = top;
  for (const part of wanted.slice(top.length).split('/')) {
    if (part === '') continue;
    at += `/${part}`;
    if (yield* statOf(at)) continue;
    const made = yield* sys.mkdirat(AT_FDCWD, at, volume.mode & 0o777);
    if (!made.ok) return false;
    yield* sys.fchmodat(AT_FDCWD, at, volume.mode & 0o7777);
  }
  return true;
}

const same = (a: Stat, b: Stat | undefined): boolean => a.dev === b?.dev && a.ino === b.ino;

/** Pins a path at a place; what an earlier run of the container has pinned there stays when it is the same file. Counterpart: doBindSubPath */
function* pin(path: string, target: string): Program<boolean> {
  const source = yield* statOf(path);
  if (!source) return false;
  const there = yield* statOf(target);
  if (there && same(source, there)) return true;
  const above = target.slice(0, target.lastIndexOf('/'));
  if (there) yield* sys.umount2(target, 0);
  else if ((yield* makeDirs(above, 0o750)) !== undefined) return false;
  const failure = isDir(source.mode) ? yield* makeDirs(target, 0o750) : yield* writeFile(target, new Uint8Array(0), 0o640);
  if (failure !== undefined) return false;
  return (yield* sys.mount(path, target, '', MS_BIND, '')).ok;
}

/**
 * Makes what is missing of a subPath and pins it; the path for the runtime, or the word for what failed.
 * Counterpart: SafeMakeDir and PrepareSafeSubpath, pkg/volume/util/subpath/subpath_linux.go, Kubernetes 1.36
 */
export function* prepareSubPath({ root, subPath, target }: SubPath): Program<SubPathAnswer> {
  const top = (yield* realPath(root)) ?? root;
  const full = `${root}/${subPath}`;
  if (!(yield* statOf(full, true)) && !(yield* makeMissing(root, top, full))) return { ok: false, failed: 'create subPath directory' };
  const real = yield* realPath(full);
  if (real === undefined || !inside(real, top) || !(yield* pin(real, target))) return { ok: false, failed: 'prepare subPath' };
  return { ok: true, path: target };
}

/** Takes all pins of a pod away. Counterpart: CleanSubPaths */
export function* cleanSubPaths(podDirectory: string): Program<void> {
  const top = `${podDirectory}/${SUBPATHS}`;
  for (const volume of yield* entries(top))
    for (const container of yield* entries(`${top}/${volume.name}`))
      for (const index of yield* entries(`${top}/${volume.name}/${container.name}`))
        yield* sys.umount2(`${top}/${volume.name}/${container.name}/${index.name}`, 0);
}
