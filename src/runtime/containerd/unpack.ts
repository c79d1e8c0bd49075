// Unpacking an image: its entries become files on the node's disk, once per image. Counterpart: containerd's unpacker and overlayfs snapshotter

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { CAPABILITIES, isCapability } from '#abi/capability.ts';
import { type Program, programImage, type SysResult, sys, type Utime } from '#kernel/uapi/index.ts';
import type { ImageEntry } from '../image.ts';

const SECOND = 1_000_000_000n;
/** Files of an image are older than the pod: the date most entries carry. */
const DEFAULT_MTIME = 1_699_920_000;

/** The security.capability attribute for "cap_a,cap_b+ep". Counterpart: struct vfs_cap_data, revision 2 */
export function fileCapability(text: string): Uint8Array {
  const [, names = '', flags = ''] = /^([\w,]*)[+=]([eip]*)$/.exec(text) ?? [];
  let set = 0n;
  for (const name of names.toUpperCase().split(',')) if (isCapability(name)) set |= 1n << BigInt(CAPABILITIES.indexOf(name));
  const view = new DataView(new ArrayBuffer(20));
  view.setUint32(0, 0x02000000 | (flags.includes('e') ? 1 : 0), true);
  const put = (at: number, wanted: boolean): void => {
    view.setUint32(at, wanted ? Number(set & 0xffffffffn) : 0, true);
    view.setUint32(at + 8, wanted ? Number(set >> 32n) : 0, true);
  };
  put(4, flags.includes('p'));
  put(8, flags.includes('i'));
  return new Uint8Array(view.buffer);
}

function* write(path: string, data: Uint8Array, size: number): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644);
  if (!fd.ok) throw new Error(`unpack: ${path}: ${fd.errno}`);
  for (let at = 0; at < data.length; ) {
    const wrote: SysResult<number> = yield* sys.write(fd.value, data.subarray(at));
    if (!wrote.ok) throw new Error(`unpack: ${path}: ${wrote.errno}`);
    at += wrote.value;
  }
  if (size > data.length) yield* sys.ftruncate(fd.value, size);
  yield* sys.close(fd.value);
}

function* copy(from: string, to: string): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, from, O_RDONLY);
  if (!fd.ok) throw new Error(`unpack: copy ${from}: ${fd.errno}`);
  const stat = yield* sys.fstat(fd.value);
  const head: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
  yield* sys.close(fd.value);
  yield* sys.unlinkat(AT_FDCWD, to, 0);
  yield* write(to, head.ok ? head.value : new Uint8Array(0), stat.ok ? stat.value.size : 0);
}

function* one(root: string, entry: ImageEntry): Program<void> {
  const path = `${root}${entry.path}`;
  switch (entry.type) {
    case 'dir': {
      const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, path, 0o755);
      if (!made.ok && made.errno === 'ENOENT') {
        yield* parents(root, entry.path);
        yield* sys.mkdirat(AT_FDCWD, path, 0o755);
      }
      break;
    }
    case 'delete':
      yield* sys.unlinkat(AT_FDCWD, path, 0);
      return;
    case 'symlink':
      yield* parents(root, entry.path);
      yield* sys.unlinkat(AT_FDCWD, path, 0);
      yield* sys.symlinkat(entry.target ?? '', AT_FDCWD, path);
      break;
    case 'hardlink':
      yield* sys.linkat(AT_FDCWD, `${root}${entry.target}`, AT_FDCWD, path, 0);
      return;
    case 'fifo':
      yield* sys.mknodat(AT_FDCWD, path, 0o010644, 0);
      break;
    case 'copy':
      yield* parents(root, entry.path);
      yield* copy(`${root}${entry.from}`, path);
      break;
    case 'file':
    case 'program': {
      yield* parents(root, entry.path);
      yield* sys.unlinkat(AT_FDCWD, path, 0);
      const data = entry.type === 'file' ? new TextEncoder().encode(entry.content ?? '') : programImage(entry.program ?? '');
      yield* write(path, data, entry.size ?? data.length);
    }
  }
  yield* sys.fchownat(AT_FDCWD, path, entry.uid ?? 0, entry.gid ?? 0, AT_SYMLINK_NOFOLLOW);
  if (entry.type !== 'symlink') {
    const mode = entry.mode ?? (entry.type === 'copy' || entry.type === 'program' || entry.type === 'dir' ? '755' : '644');
    yield* sys.fchmodat(AT_FDCWD, path, Number.parseInt(mode, 8));
  }
  if (entry.cap) yield* sys.setxattr(path, 'security.capability', fileCapability(entry.cap), 0, true);
}

function* parents(root: string, path: string): Program<void> {
  const parts = path.split('/').slice(1, -1);
  for (let depth = 1; depth <= parts.length; depth++) yield* sys.mkdirat(AT_FDCWD, `${root}/${parts.slice(0, depth).join('/')}`, 0o755);
}

/** Unpacks entries below a directory, then gives everything the date of the image. Runs as root. */
export function* unpackEntries(root: string, entries: readonly ImageEntry[]): Program<void> {
  yield* sys.umask(0o22);
  for (const entry of entries) yield* one(root, entry);
  const dated = [...entries].filter((entry) => entry.type !== 'delete');
  for (const entry of dated.sort((a, b) => b.path.length - a.path.length)) {
    const time: Utime = BigInt(entry.mtime ?? DEFAULT_MTIME) * SECOND;
    yield* sys.utimensat(AT_FDCWD, `${root}${entry.path}`, time, time, AT_SYMLINK_NOFOLLOW);
  }
}
