// Path walk: from text to a place in the mounted tree. Counterpart: fs/namei.c; path_resolution(7), symlink(7)

import { AT_FDCWD } from '#abi/flags.ts';
import { isDir, isLnk, MAY_EXEC } from '#abi/mode.ts';
import { err, type FsDriver, type Kernel, ok, type Res, refuse } from '../context.ts';
import type { Inode, Location, Mount, NsType, OpenFile, Superblock, Task } from '../state.ts';
import { coveredIn, crossMounts } from './covers.ts';
import { inodeAt, mountOf, superblockOf } from './inodes.ts';
import { inodePermission, ownerOf } from './permission.ts';

const PATH_MAX = 4096;
const NAME_MAX = 255;
const MAX_LINKS = 40;

export type Magic = { readonly file: number } | { readonly ns: NsType; readonly id: number };

/** Where a walk ended. */
export interface Walked {
  readonly at: Location | null; // null: the last component does not exist
  readonly inode: Inode | null;
  readonly dir: Location; // directory of the last component
  readonly name: string; // last component; "" for "/" and paths that end in "." or ".."
  readonly slash: boolean; // a trailing slash asked for a directory
  readonly magic: Magic | null; // followed a link of /proc that leads to an open file or a namespace
}

export interface WalkOptions {
  readonly follow: boolean; // follow a symbolic link at the end
  readonly create?: boolean; // a missing last component is not an error
}

/** The parent directory, not above the task's root, crossing down from the roots of mounts. */
export function parentOf(k: Kernel, task: Task, at: Location): Location {
  for (let here = at; ; ) {
    if (here.mount === task.root.mount && here.ino === task.root.ino) return here;
    const mount = mountOf(k, here.mount);
    if (here.ino !== mount.root) {
      const driver = k.drivers[superblockOf(k, here).fstype];
      const up = driver === undefined ? inodeAt(k, here, task)?.dir?.parent : driver.parent(k, mount.sb, here.ino);
      return { mount: here.mount, ino: up ?? mount.root };
    }
    if (mount.at === null) return here;
    here = mount.at;
  }
}

/** The place of a descriptor used as the start of a relative path. */
export function startOf(k: Kernel, task: Task, dirfd: number): Res<Location> {
  if (dirfd === AT_FDCWD) return ok(task.cwd);
  const fd = task.fds[dirfd];
  const file = fd && (k.state.files.get(fd.file) as OpenFile);
  if (file === undefined) return err('EBADF');
  return file.target.kind === 'inode' || file.target.kind === 'snapshot' ? ok(file.target.at) : err('ENOTDIR');
}

const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

interface Walk {
  links: number;
}

/** Resolves a path for a task. */
export function walk(k: Kernel, task: Task, dirfd: number, path: string, options: WalkOptions): Res<Walked> {
  if (path === '') return err('ENOENT');
  if (path.length >= PATH_MAX) return err('ENAMETOOLONG');
  const start = path.startsWith('/') ? ok(task.root) : startOf(k, task, dirfd);
  return start.ok ? walkFrom(k, task, start.value, path, options, { links: 0 }) : start;
}

/** The place of the next character that is no slash; the paths are not split, because walking is most of what calls do. */
function afterSlashes(path: string, from: number): number {
  let at = from;
  while (path.charCodeAt(at) === 47) at++;
  return at;
}

/** A mount as a walk goes through it, looked up once and not for every name. */
interface Tree {
  readonly id: number;
  readonly mount: Mount;
  readonly superblock: Superblock;
  readonly driver: FsDriver | undefined;
  readonly covered: ReadonlyMap<number, number>; // its inodes on which something is mounted
}

function treeOf(k: Kernel, { mountNs }: Task, id: number): Tree {
  const mount = mountOf(k, id);
  const superblock = k.state.superblocks.get(mount.sb) as Superblock;
  return { id, mount, superblock, driver: k.drivers[superblock.fstype], covered: coveredIn(k, mountNs, id) };
}

const inodeIn = (k: Kernel, { mount, superblock, driver }: Tree, ino: number, viewer: Task): Inode | undefined =>
  driver === undefined ? superblock.inodes.get(ino) : driver.inode(k, mount.sb, ino, viewer);

/** May everybody go through a directory, whoever asks? Then nothing else decides. */
const openToAll = ({ driver }: Tree, { mode, acl }: Inode): boolean =>
  (mode & 0o111) === 0o111 && acl === undefined && driver?.permission === undefined;

function walkFrom(k: Kernel, task: Task, from: Location, path: string, options: WalkOptions, walked: Walk): Res<Walked> {
  let here = path.startsWith('/') ? crossMounts(k, task.mountNs, task.root) : from;
  let tree = treeOf(k, task, here.mount);
  let inode = inodeIn(k, tree, here.ino, task);
  if (inode === undefined) return err('ENOENT');
  let at = afterSlashes(path, 0);
  if (at === path.length) return ok({ at: here, inode, dir: here, name: '', slash: true, magic: null });
  for (;;) {
    const slashAt = path.indexOf('/', at);
    const end = slashAt < 0 ? path.length : slashAt;
    const name = path.slice(at, end);
    at = afterSlashes(path, end);
    const last = at === path.length;
    const slash = last && end < at;
    if (!isDir(inode.mode)) return err('ENOTDIR');
    if (!openToAll(tree, inode)) {
      const search = inodePermission(k, task, task.cred, here, inode, MAY_EXEC);
      if (!search.ok) return search;
    }
    if (name === '.' || name === '..') {
      if (name === '..') {
        here = crossMounts(k, task.mountNs, parentOf(k, task, here));
        if (here.mount !== tree.id) tree = treeOf(k, task, here.mount);
      }
      inode = inodeIn(k, tree, here.ino, task);
      if (inode === undefined) return err('ENOENT');
      if (last) return ok({ at: here, inode, dir: here, name: '', slash: true, magic: null });
      continue;
    }
    if (name.length > NAME_MAX / 3 && utf8Length(name) > NAME_MAX) return err('ENAMETOOLONG');
    const dir = here;
    const ino: number | undefined =
      tree.driver === undefined ? inode.dir?.entries.get(name) : tree.driver.lookup(k, tree.mount.sb, dir.ino, name, task);
    if (ino === undefined) {
      if (last && options.create) return ok({ at: null, inode: null, dir, name, slash, magic: null });
      return err('ENOENT');
    }
    const plain: Location = { mount: dir.mount, ino };
    const found = tree.covered.has(ino) ? crossMounts(k, task.mountNs, plain) : plain;
    const into: Tree = found.mount === tree.id ? tree : treeOf(k, task, found.mount);
    const next = inodeIn(k, into, found.ino, task);
    if (next === undefined) return err('ENOENT');
    if (!isLnk(next.mode) || (last && !options.follow && !slash)) {
      if (last) return ok({ at: found, inode: next, dir, name, slash, magic: null });
      here = found;
      tree = into;
      inode = next;
      continue;
    }
    const rest = path.slice(at);
    const followed = followLink(k, task, dir, inode, found, next, last, rest, slash ? { ...options, follow: true } : options, walked);
    // A dangling link keeps its own target as the name to create.
    return followed.ok && slash ? ok({ ...followed.value, slash: true }) : followed;
  }
}

/** Follows a symbolic link and walks the rest of the path. */
function followLink(
  k: Kernel,
  task: Task,
  dirAt: Location,
  dir: Inode,
  at: Location,
  link: Inode,
  trailing: boolean,
  rest: string,
  options: WalkOptions,
  walked: Walk,
): Res<Walked> {
  if (++walked.links > MAX_LINKS) return err('ELOOP');
  if (trailing) {
    const allowed = mayFollowLink(k, task, dirAt, dir, at, link);
    if (!allowed.ok) return allowed;
  }
  const { sb } = mountOf(k, at.mount);
  const driver = k.drivers[superblockOf(k, at).fstype];
  const jump = driver?.follow?.(k, sb, at.ino, task);
  if (jump !== undefined) {
    if (!jump.ok) return jump;
    if (!('mount' in jump.value)) {
      return rest === ''
        ? ok({ at, inode: link, dir: dirAt, name: '', slash: false, magic: jump.value })
        : walkThroughMagic(k, task, jump.value, rest, options, walked);
    }
    const inode = inodeAt(k, jump.value, task);
    if (inode === undefined) return err('ENOENT');
    if (rest === '') return ok({ at: jump.value, inode, dir: jump.value, name: '', slash: false, magic: null });
    return walkFrom(k, task, jump.value, rest, options, walked);
  }
  const text = driver === undefined ? ok(link.target ?? '') : (driver.readlink?.(k, sb, at.ino, task) ?? err('EINVAL'));
  if (!text.ok) return text;
  if (text.value === '') return err('ENOENT');
  const whole = rest === '' ? text.value : `${text.value}/${rest}`;
  return walkFrom(k, task, dirAt, whole, options, walked);
}

/** A path that goes on behind /proc/PID/fd/N: only when that is a directory. */
function walkThroughMagic(k: Kernel, task: Task, magic: Magic, rest: string, options: WalkOptions, walked: Walk): Res<Walked> {
  const target = 'file' in magic ? k.state.files.get(magic.file)?.target : undefined;
  if (target?.kind !== 'inode') return err('ENOTDIR');
  return walkFrom(k, task, target.at, rest, options, walked);
}

/** fs.protected_symlinks: in a sticky world-writable directory only one's own links, or those of the directory's owner. */
function mayFollowLink(k: Kernel, task: Task, dirAt: Location, dir: Inode, at: Location, link: Inode): Res<void> {
  if (k.state.sysctls['fs/protected_symlinks'] !== '1' || (dir.mode & 0o1002) !== 0o1002) return ok(undefined);
  const owner = ownerOf(k, at, link).uid;
  const folder = ownerOf(k, dirAt, dir).uid;
  if (owner === task.cred.fsuid || owner === folder) return ok(undefined);
  return refuse('EACCES', 'protected_symlinks', { fsuid: task.cred.fsuid, linkUid: owner, dirUid: folder }, at);
}

/** The path of a place as the viewer's root shows it, with " (deleted)" for what has gone. Counterpart: d_path */
export function locationPath(k: Kernel, viewer: Task, at: Location): string {
  const names: string[] = [];
  for (let here = at; ; ) {
    if (here.mount === viewer.root.mount && here.ino === viewer.root.ino) break;
    const mount = mountOf(k, here.mount);
    if (here.ino === mount.root) {
      if (mount.at === null) break;
      here = mount.at;
      continue;
    }
    const found = nameOf(k, viewer, here);
    if (found === undefined) return `/${names.reverse().join('/')} (deleted)`;
    names.push(found.name);
    here = found.parent;
  }
  return `/${names.reverse().join('/')}`;
}

function nameOf(k: Kernel, viewer: Task, at: Location): { readonly name: string; readonly parent: Location } | undefined {
  const sb = superblockOf(k, at);
  const inode = inodeAt(k, at, viewer);
  if (inode === undefined) return undefined;
  const driver = k.drivers[sb.fstype];
  const { sb: id } = mountOf(k, at.mount);
  const parent = driver === undefined ? inode.dir?.parent : driver.parent(k, id, at.ino);
  if (parent !== undefined) {
    const entries = inodeAt(k, { mount: at.mount, ino: parent }, viewer)?.dir?.entries;
    const list = driver?.list(k, id, parent, viewer).map((entry) => [entry.name, entry.ino] as const);
    for (const [name, ino] of list ?? entries ?? []) if (ino === at.ino) return { name, parent: { mount: at.mount, ino: parent } };
    return undefined;
  }
  // A file: look for a directory that has it. Rare (exe links of /proc), so a search is good enough.
  for (const [ino, other] of sb.inodes.entries()) {
    for (const [name, child] of other.dir?.entries ?? []) if (child === at.ino) return { name, parent: { mount: at.mount, ino } };
  }
  return undefined;
}
