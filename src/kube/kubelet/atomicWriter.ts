// The layout of configMap, secret, downwardAPI and projected volumes: a timestamped directory behind ..data, and a link per name.

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { type Failure, makeDirs, pathError, removeAll, writeFile } from './files.ts';
import { changeOwnership } from './ownership.ts';

export interface ProjectedFile {
  readonly data: Uint8Array;
  readonly mode: number;
  /** Owner, where it is not root (service account tokens). */
  readonly uid?: number;
  /** When a token was issued, in seconds. */
  readonly issued?: number;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `..2026_11_23_07_45_00.123456789` */
export function timestampName(nowNs: bigint, random: number): string {
  const at = new Date(Number(nowNs / 1000000n));
  const date = `${at.getUTCFullYear()}_${two(at.getUTCMonth() + 1)}_${two(at.getUTCDate())}`;
  return `..${date}_${two(at.getUTCHours())}_${two(at.getUTCMinutes())}_${two(at.getUTCSeconds())}.${random}`;
}

type Files = ReadonlyMap<string, ProjectedFile>;

/** The names below the volume's root. */
const topNames = (files: Files): ReadonlySet<string> => new Set([...files.keys()].map((path) => path.split('/')[0] as string));

/** Whether an update would change nothing: the same paths with the same bytes, whatever their modes. */
export function sameContent(a: Files, b: Files): boolean {
  const equal = (x: Uint8Array, y: Uint8Array | undefined): boolean => x.length === y?.length && x.every((byte, at) => byte === y[at]);
  return a.size === b.size && [...a].every(([path, { data }]) => equal(data, b.get(path)?.data));
}

/**
 * Writes the files of a volume, or new ones in the place of those of `before`, in one step for readers; with fsGroup, the ownership
 * walk runs before the links are made.
 * Counterpart: AtomicWriter.Write, pkg/volume/util/atomic_writer.go, Kubernetes 1.36
 */
export function* writeAtomically(
  root: string,
  files: Files,
  directory: string,
  fsGroup: number | undefined,
  before?: Files,
): Program<Failure> {
  const old: SysResult<string> | undefined = before && (yield* sys.readlinkat(AT_FDCWD, `${root}/..data`));
  const holder = `${root}/${directory}`;
  let failure = yield* makeDirs(holder, 0o755);
  for (const [path, file] of files) {
    if (failure !== undefined) return failure;
    const slash = path.lastIndexOf('/');
    if (slash > 0) failure = yield* makeDirs(`${holder}/${path.slice(0, slash)}`, 0o755);
    failure ??= yield* writeFile(`${holder}/${path}`, file.data, file.mode);
    if (file.uid !== undefined) yield* sys.fchownat(AT_FDCWD, `${holder}/${path}`, file.uid, -1, 0);
  }
  if (failure !== undefined) return failure;
  if (fsGroup !== undefined) yield* changeOwnership(root, { fsGroup, readOnly: true, policy: 'Always' });
  const link = yield* sys.symlinkat(directory, AT_FDCWD, `${root}/..data_tmp`);
  if (!link.ok) return pathError('symlink', `${root}/..data_tmp`, link.errno);
  const renamed = yield* sys.renameat2(AT_FDCWD, `${root}/..data_tmp`, AT_FDCWD, `${root}/..data`, 0);
  if (!renamed.ok) return pathError('rename', `${root}/..data`, renamed.errno);
  const names = topNames(files);
  for (const name of names) {
    yield* sys.symlinkat(`..data/${name}`, AT_FDCWD, `${root}/${name}`);
    const uid = files.get(name)?.uid;
    if (uid !== undefined) yield* sys.fchownat(AT_FDCWD, `${root}/${name}`, uid, -1, AT_SYMLINK_NOFOLLOW);
  }
  for (const name of before ? topNames(before) : []) if (!names.has(name)) yield* sys.unlinkat(AT_FDCWD, `${root}/${name}`, 0);
  if (old?.ok) yield* removeAll(`${root}/${old.value}`);
  return undefined;
}
