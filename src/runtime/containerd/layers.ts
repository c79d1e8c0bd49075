// Unpacks an image into a directory, entry by entry. Counterpart: containerd pkg/archive Apply

import { CAP_ALL, type Capability, capSet, isCapability } from '#abi/capability.ts';
import { AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CLOEXEC, O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { isDir, S_IFIFO } from '#abi/mode.ts';
import { type Dirent, IMAGE_HEADER, type Program, programId, programImage, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Image, ImageEntry } from '../image.ts';
import { mkdirAll, secureJoin } from '../runc/paths.ts';

const encoder = new TextEncoder();
/** When the images were made, in seconds: what `ls -l` shows for their files. */
const BUILT = 1_700_000_000;

/** The extended attribute of file capabilities. Counterpart: cap_from_text(3), struct vfs_cap_data revision 2 */
export function capabilityXattr(text: string): Uint8Array {
  let permitted = 0n;
  let inheritable = 0n;
  let effective = false;
  for (const clause of text.trim().split(/\s+/)) {
    const [, names = '', flags = ''] = /^([^=+-]*)[=+]([eip]*)/.exec(clause) ?? [];
    const set =
      names === 'all' || names === ''
        ? CAP_ALL
        : capSet(
            ...names
              .toUpperCase()
              .split(',')
              .filter((name): name is Capability => isCapability(name)),
          );
    if (flags.includes('p')) permitted |= set;
    if (flags.includes('i')) inheritable |= set;
    if (flags.includes('e')) effective = true;
  }
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x02000000 | (effective ? 1 : 0), true);
  view.setUint32(4, Number(permitted & 0xffffffffn), true);
  view.setUint32(8, Number(inheritable & 0xffffffffn), true);
  view.setUint32(12, Number(permitted >> 32n), true);
  view.setUint32(16, Number(inheritable >> 32n), true);
  return bytes;
}

function* removeTree(path: string): Program<void> {
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
  if (!stat.ok) return;
  if (!isDir(stat.value.mode)) {
    yield* sys.unlinkat(AT_FDCWD, path, 0);
    return;
  }
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (!fd.ok) return;
  const names: string[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    names.push(...batch.value.map(({ name }) => name).filter((name) => name !== '.' && name !== '..'));
  }
  yield* sys.close(fd.value);
  for (const name of names) yield* removeTree(`${path}/${name}`);
  yield* sys.unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/** Makes a file of `size` bytes that begins with `head`; what was at the path is replaced, not changed (it may have other links). */
function* create(path: string, head: Uint8Array, size: number): Program<void> {
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
  let fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, flags, 0o600);
  if (!fd.ok && fd.errno === 'EEXIST') {
    yield* sys.unlinkat(AT_FDCWD, path, 0);
    fd = yield* sys.openat(AT_FDCWD, path, flags, 0o600);
  }
  if (!fd.ok) return;
  for (let at = 0; at < head.length; ) {
    const wrote: SysResult<number> = yield* sys.write(fd.value, head.subarray(at));
    if (!wrote.ok) break;
    at += wrote.value;
  }
  if (size > head.length) yield* sys.ftruncate(fd.value, size);
  yield* sys.close(fd.value);
}

/** Copies a file's contents; the mode of the original. */
function* copy(from: string, to: string): Program<number> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, from, O_RDONLY | O_CLOEXEC);
  if (!fd.ok) return 0o644;
  const stat: SysResult<Stat> = yield* sys.fstat(fd.value);
  const size = stat.ok ? stat.value.size : 0;
  let bytes = new Uint8Array(0);
  // The rest of a program is a hole: its header is enough.
  while (programId(bytes) === undefined) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
    if (!chunk.ok || chunk.value.length === 0) break;
    const joined = new Uint8Array(bytes.length + chunk.value.length);
    joined.set(bytes);
    joined.set(chunk.value, bytes.length);
    bytes = joined;
  }
  yield* sys.close(fd.value);
  yield* create(to, programId(bytes) === undefined ? bytes : bytes.subarray(0, IMAGE_HEADER), size);
  return stat.ok ? stat.value.mode & 0o777 : 0o644;
}

const timeOf = (entry: ImageEntry): bigint => BigInt(entry.mtime ?? BUILT) * 1_000_000_000n;

/** Retries a call that makes a name after taking away what had it. */
function* replacing(path: string, make: () => Program<SysResult<void>>): Program<void> {
  const made: SysResult<void> = yield* make();
  if (made.ok || made.errno !== 'EEXIST') return;
  yield* sys.unlinkat(AT_FDCWD, path, 0);
  yield* make();
}

/** Makes what an entry says; the mode it has if none is given, or null where owner and mode are not to be set. */
function* put(path: string, root: string, entry: ImageEntry): Program<number | null> {
  switch (entry.type ?? 'file') {
    case 'dir':
      yield* mkdirAll(path);
      return 0o755;
    case 'file': {
      const bytes = encoder.encode(entry.content ?? '');
      yield* create(path, bytes, bytes.length);
      return 0o644;
    }
    case 'program':
      yield* create(path, programImage(entry.program ?? ''), Math.max(IMAGE_HEADER, entry.size ?? 0));
      return 0o755;
    case 'copy': {
      const from: string = yield* secureJoin(root, entry.from ?? '');
      return yield* copy(from, path);
    }
    case 'fifo':
      yield* replacing(path, () => sys.mknodat(AT_FDCWD, path, S_IFIFO | 0o644, 0));
      return 0o644;
    case 'symlink':
      yield* replacing(path, () => sys.symlinkat(entry.target ?? '', AT_FDCWD, path));
      if (entry.uid || entry.gid) yield* sys.fchownat(AT_FDCWD, path, entry.uid ?? 0, entry.gid ?? 0, AT_SYMLINK_NOFOLLOW);
      yield* sys.utimensat(AT_FDCWD, path, timeOf(entry), timeOf(entry), AT_SYMLINK_NOFOLLOW);
      return null;
    case 'hardlink':
      yield* replacing(path, () => sys.linkat(AT_FDCWD, `${root}${entry.target}`, AT_FDCWD, path, 0));
      return null;
    case 'tree': // of disks only; session files refuse it in images
      return null;
    case 'delete':
      yield* removeTree(path);
      return null;
  }
}

/** Puts entries, in their order, below an existing directory. Links in parent directories stay inside it. */
export function* unpackEntries(root: string, entries: readonly ImageEntry[]): Program<void> {
  const before: SysResult<number> = yield* sys.openat(AT_FDCWD, '.', O_RDONLY | O_CLOEXEC);
  // From inside, since the way to a snapshot is long and every entry is named several times.
  const moved: SysResult<void> = yield* sys.chdir(root);
  if (!before.ok || !moved.ok) throw new Error(`cannot unpack in ${root}`);
  yield* unpackHere('.', entries);
  yield* sys.fchdir(before.value);
  yield* sys.close(before.value);
}

function* unpackHere(root: string, entries: readonly ImageEntry[]): Program<void> {
  const mask: SysResult<number> = yield* sys.umask(0o22);
  const parents = new Map<string, string>();
  const directories = new Set<string>([root]);
  for (const entry of entries) {
    const clean = entry.path.replace(/\/+$/, '');
    const slash = clean.lastIndexOf('/');
    const above = clean.slice(0, Math.max(0, slash));
    let parent = parents.get(above);
    if (parent === undefined) {
      const joined: string = yield* secureJoin(root, above);
      parent = joined.replace(/\/$/, '');
      yield* mkdirAll(parent);
      parents.set(above, parent);
    }
    const path = clean === '' ? root : `${parent}/${clean.slice(slash + 1)}`;
    if (entry.type === 'symlink' || entry.type === 'delete') parents.clear();
    directories.add(parent);
    const mode: number | null = yield* put(path, root, entry);
    if (mode === null) continue;
    if (entry.type === 'dir') directories.add(path);
    // Owner before mode: a change of owner clears the set-id bits.
    if (entry.uid || entry.gid) yield* sys.fchownat(AT_FDCWD, path, entry.uid ?? 0, entry.gid ?? 0, 0);
    const bits = entry.mode === undefined ? mode : Number.parseInt(entry.mode, 8);
    yield* sys.fchmodat(AT_FDCWD, path, bits);
    if (entry.cap !== undefined) yield* sys.setxattr(path, 'security.capability', capabilityXattr(entry.cap), 0, true);
    if (entry.type !== 'dir') yield* sys.utimensat(AT_FDCWD, path, timeOf(entry), timeOf(entry), 0);
  }
  const built = BigInt(BUILT) * 1_000_000_000n;
  for (const path of directories) yield* sys.utimensat(AT_FDCWD, path, built, built, 0);
  if (mask.ok) yield* sys.umask(mask.value);
}

/** Puts the entries of an image on the node's own disk, where nothing is yet: what a node's installer does. */
export function* installImage(image: Image): Program<void> {
  if (image.base !== undefined) yield* installImage(image.base);
  const missing: ImageEntry[] = [];
  for (const entry of image.entries) {
    const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, entry.path, AT_SYMLINK_NOFOLLOW);
    if (!there.ok) missing.push(entry);
  }
  yield* unpackEntries('/', missing);
}
