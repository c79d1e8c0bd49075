// The directory or file behind a subPath of a volume. It must not lead out of the volume.

import { AT_FDCWD } from '#abi/flags.ts';
import { isLnk } from '#abi/mode.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { statOf } from './files.ts';

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

/**
 * Makes what is missing of a subPath, with the mode of the volume's root; the host path, or the word for what failed.
 * Counterpart: SafeMakeDir and PrepareSafeSubpath, pkg/volume/util/subpath/subpath_linux.go, Kubernetes 1.36.
 * Deviates: the result is not pinned by a bind mount of its own.
 */
export function* subPathOf(
  root: string,
  subPath: string,
): Program<
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly failed: 'create subPath directory' | 'prepare subPath' }
> {
  const top = (yield* realPath(root)) ?? root;
  const full = `${root}/${subPath}`;
  if (!(yield* statOf(full, true))) {
    const wanted = yield* realPath(full);
    const volume = yield* statOf(root, true);
    if (wanted === undefined || !inside(wanted, top) || !volume) return { ok: false, failed: 'create subPath directory' };
    let at = top;
    for (const part of wanted.slice(top.length).split('/')) {
      if (part === '') continue;
      at += `/${part}`;
      if (yield* statOf(at)) continue;
      const made = yield* sys.mkdirat(AT_FDCWD, at, volume.mode & 0o777);
      if (!made.ok) return { ok: false, failed: 'create subPath directory' };
      yield* sys.fchmodat(AT_FDCWD, at, volume.mode & 0o7777);
    }
  }
  const real = yield* realPath(full);
  return real !== undefined && inside(real, top) ? { ok: true, path: real } : { ok: false, failed: 'prepare subPath' };
}
