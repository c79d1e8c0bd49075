// Copying files and trees, for cp, mv and install.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isDir, isLnk, isReg, S_IFMT } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { writeAll } from '../lib/io.ts';
import { quoted } from '../lib/quote.ts';
import { baseName, joinPath, lstat, readDir, stat } from '../lib/tree.ts';
import { asks } from './remove.ts';

export interface Copying {
  readonly recursive: boolean;
  readonly preserve: boolean;
  /** Of mode, ownership and timestamps only these. */
  readonly only?: readonly string[];
  /** The data stays where it is. */
  readonly attributesOnly?: boolean;
  /** Extended attributes too. */
  readonly xattrs?: boolean;
  /** Preserve owner and mode, also for mv. */
  readonly dereference: 'all' | 'never' | 'named';
  readonly force: boolean;
  readonly interactive: boolean;
  readonly noClobber: boolean;
  readonly verbose: boolean;
  readonly link: 'hard' | 'symbolic' | undefined;
  readonly update: boolean;
}

function* preserveAttributes(cli: Cli, to: string, info: Stat, { only }: Copying): Program<void> {
  const keeps = (what: string): boolean => only === undefined || only.includes(what);
  if (!isLnk(info.mode) && keeps('timestamps')) yield* sys.utimensat(AT_FDCWD, to, info.atime, info.mtime, 0);
  if (keeps('ownership')) yield* preserveOwner(cli, to, info, keeps('mode'));
  else if (keeps('mode') && !isLnk(info.mode)) yield* sys.fchmodat(AT_FDCWD, to, info.mode & 0o7777);
}

function* preserveOwner(cli: Cli, to: string, info: Stat, alsoMode: boolean): Program<void> {
  const owned = yield* sys.fchownat(AT_FDCWD, to, info.uid, info.gid, AT_SYMLINK_NOFOLLOW);
  let mode = info.mode & 0o7777;
  if (!owned.ok) {
    mode &= ~0o6000;
    if (cli.gnu) yield* sys.fchownat(AT_FDCWD, to, -1, info.gid, AT_SYMLINK_NOFOLLOW);
    else yield* cli.fail(owned.errno, `can't preserve ownership of '${to}'`);
    if (!cli.gnu) cli.status = 0;
  }
  if (!isLnk(info.mode) && alsoMode) yield* sys.fchmodat(AT_FDCWD, to, mode);
}

/** Extended attributes, which cp -a keeps as far as it may. */
function* preserveXattrs(from: string, to: string): Program<void> {
  const names: SysResult<readonly string[]> = yield* sys.listxattr(from, false);
  for (const name of names.ok ? names.value : []) {
    const value: SysResult<Uint8Array> = yield* sys.getxattr(from, name, false);
    if (value.ok) yield* sys.setxattr(to, name, value.value, 0, false);
  }
}

function* copyData(cli: Cli, from: string, to: string, info: Stat, exists: Stat | undefined, how: Copying): Program<boolean> {
  const source: SysResult<number> = yield* sys.openat(AT_FDCWD, from, O_RDONLY);
  if (!source.ok) return !(yield* cli.fail(source.errno, `can't open '${from}'`, `cannot open ${quoted(from)} for reading`));
  // busybox creates the copy with the set-id bits; writing takes them away from those who may not keep them.
  const mode = info.mode & (how.preserve ? 0o700 : cli.gnu ? 0o777 : 0o7777);
  let target: SysResult<number>;
  if (!exists && cli.gnu && (yield* lstat(to)).ok) {
    yield* sys.close(source.value);
    return !(yield* cli.error(`not writing through dangling symlink ${quoted(to)}`));
  }
  if (exists && cli.gnu) {
    target = yield* sys.openat(AT_FDCWD, to, O_WRONLY | (how.attributesOnly ? 0 : O_TRUNC));
    if (!target.ok && how.force) {
      const gone = yield* sys.unlinkat(AT_FDCWD, to, 0);
      target = gone.ok ? yield* sys.openat(AT_FDCWD, to, O_WRONLY | O_CREAT | O_EXCL, mode) : target;
    }
  } else {
    // busybox never writes into a file that is in the way: it takes its place.
    target = yield* sys.openat(AT_FDCWD, to, O_WRONLY | O_CREAT | O_EXCL, mode);
    if (!target.ok && target.errno === 'EEXIST' && (yield* sys.unlinkat(AT_FDCWD, to, 0)).ok) {
      target = yield* sys.openat(AT_FDCWD, to, O_WRONLY | O_CREAT | O_EXCL, mode);
    }
  }
  if (!target.ok) {
    yield* sys.close(source.value);
    return !(yield* cli.fail(target.errno, `can't create '${to}'`, `cannot create regular file ${quoted(to)}`));
  }
  let good = true;
  while (!how.attributesOnly) {
    const got: SysResult<Uint8Array> = yield* sys.read(source.value, 131072);
    if (!got.ok) {
      if (got.errno === 'EINTR') continue;
      good = !(yield* cli.fail(got.errno, 'read error', `error reading ${quoted(from)}`));
      break;
    }
    if (got.value.length === 0) break;
    const failed = yield* writeAll(target.value, got.value);
    if (!failed) continue;
    good = !(yield* cli.fail(failed, 'write error', `error writing ${quoted(to)}`));
    break;
  }
  yield* sys.close(source.value);
  yield* sys.close(target.value);
  return good;
}

/** Copies one thing to exactly that name; false after a complaint. */
export function* copyOne(
  cli: Cli,
  from: string,
  to: string,
  how: Copying,
  named: boolean,
  roots: readonly string[] = [],
  top: readonly [string, string] = [from, to],
): Program<boolean> {
  const follow = how.dereference === 'all' || (how.dereference === 'named' && named);
  const got: SysResult<Stat> = yield* (follow ? stat : lstat)(from);
  if (!got.ok) return !(yield* cli.fail(got.errno, `can't stat '${from}'`, `cannot stat ${quoted(from)}`));
  const info = got.value;
  const old: SysResult<Stat> = yield* (isLnk(info.mode) && !follow ? lstat : stat)(to);
  if (!old.ok && old.errno !== 'ENOENT' && !(cli.gnu && old.errno === 'ELOOP'))
    return !(yield* cli.fail(old.errno, `can't stat '${to}'`, `cannot stat ${quoted(to)}`));
  const exists = old.ok ? old.value : undefined;
  if (exists && exists.dev === info.dev && exists.ino === info.ino && !how.link)
    return !(yield* cli.error(cli.gnu ? `${quoted(from)} and ${quoted(to)} are the same file` : `'${from}' and '${to}' are the same file`));
  if (isDir(info.mode)) {
    if (!how.recursive)
      return !(yield* cli.error(cli.gnu ? `-r not specified; omitting directory ${quoted(from)}` : `omitting directory '${from}'`));
    if (roots.includes(`${info.dev}:${info.ino}`))
      return !(yield* cli.error(
        cli.gnu
          ? `cannot copy a directory, ${quoted(top[0])}, into itself, ${quoted(top[1])}`
          : `recursion detected, omitting directory '${from}'`,
      ));
    if (exists && !isDir(exists.mode))
      return !(yield* cli.error(
        cli.gnu ? `cannot overwrite non-directory ${quoted(to)} with directory ${quoted(from)}` : `target '${to}' is not a directory`,
      ));
    if (!exists) {
      const made = yield* sys.mkdirat(AT_FDCWD, to, (info.mode & 0o777) | 0o700);
      if (!made.ok) return !(yield* cli.fail(made.errno, `can't create directory '${to}'`, `cannot create directory ${quoted(to)}`));
    }
    if (how.verbose) yield* cli.text(`${quoted(from)} -> ${quoted(to)}\n`);
    const made = yield* stat(to);
    const inside = yield* readDir(from);
    let good = true;
    if (!inside.ok) good = !(yield* cli.fail(inside.errno, `can't open '${from}'`, `cannot access ${quoted(from)}`));
    const below = [...roots, ...(made.ok ? [`${made.value.dev}:${made.value.ino}`] : [])];
    for (const { name } of inside.ok ? inside.value : [])
      good = (yield* copyOne(cli, joinPath(from, name), joinPath(to, name), how, false, below, top)) && good;
    if (how.xattrs) yield* preserveXattrs(from, to);
    if (how.preserve) yield* preserveAttributes(cli, to, info, how);
    else if (!exists && (info.mode & 0o700) !== 0o700) yield* sys.fchmodat(AT_FDCWD, to, info.mode & 0o777);
    return good;
  }
  if (exists) {
    if (how.noClobber) return true;
    if (how.update && exists.mtime >= info.mtime) return true;
    if (isDir(exists.mode))
      return !(yield* cli.error(
        cli.gnu
          ? `cannot overwrite directory ${quoted(to)} with non-directory${cli.context.name === 'cp' ? '' : ` ${quoted(from)}`}`
          : `can't create '${to}': ${strerror('EISDIR')}`,
      ));
    if (how.interactive && !(yield* asks(cli, cli.gnu ? `overwrite ${quoted(to)}? ` : `overwrite '${to}'? `))) return true;
  }
  if (how.verbose) yield* cli.text(`${quoted(from)} -> ${quoted(to)}\n`);
  let good = true;
  if (how.link) {
    if (exists && how.force) yield* sys.unlinkat(AT_FDCWD, to, 0);
    const made = how.link === 'hard' ? yield* sys.linkat(AT_FDCWD, from, AT_FDCWD, to, 0) : yield* sys.symlinkat(from, AT_FDCWD, to);
    if (!made.ok)
      return !(yield* cli.fail(
        made.errno,
        `can't create '${to}'`,
        how.link === 'hard'
          ? `cannot create hard link ${quoted(to)} to ${quoted(from)}`
          : `cannot create symbolic link ${quoted(to)} to ${quoted(from)}`,
      ));
    return true;
  }
  if (isLnk(info.mode)) {
    const read: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, from);
    if (!read.ok) return !(yield* cli.fail(read.errno, `can't read link '${from}'`, `cannot read symbolic link ${quoted(from)}`));
    if (exists) yield* sys.unlinkat(AT_FDCWD, to, 0);
    const made = yield* sys.symlinkat(read.value, AT_FDCWD, to);
    if (!made.ok) return !(yield* cli.fail(made.errno, `can't create symlink '${to}'`, `cannot create symbolic link ${quoted(to)}`));
  } else if (isReg(info.mode) || !how.recursive) {
    good = yield* copyData(cli, from, to, info, exists, how);
    if (!good) return false;
  } else {
    if (exists) yield* sys.unlinkat(AT_FDCWD, to, 0);
    const made = yield* sys.mknodat(AT_FDCWD, to, (info.mode & S_IFMT) | (info.mode & 0o777), info.rdev);
    if (!made.ok) return !(yield* cli.fail(made.errno, `can't create '${to}'`, `cannot create special file ${quoted(to)}`));
  }
  if (how.preserve) yield* preserveAttributes(cli, to, info, how);
  if (how.xattrs) yield* preserveXattrs(from, to);
  return good;
}

/** Source and destination names of cp, mv and install; a number is an exit status. */
export function* pairs(cli: Cli, options: Options): Program<[string, string][] | number> {
  const names = [...options.args];
  let folder = options.get('t');
  if (folder === undefined) {
    if (names.length === 0) return yield* cli.misuse('missing file operand');
    if (names.length === 1) return yield* cli.misuse(`missing destination file operand after ${quoted(names[0] as string)}`);
    const last = names.at(-1) as string;
    const there = yield* stat(last);
    if (!options.has('T') && there.ok && isDir(there.value.mode)) folder = names.pop();
    else if (names.length > 2) {
      // install of busybox then writes one file over the other.
      if (!cli.gnu)
        return names
          .slice(0, -1)
          .map((name) => [name, cli.context.name === 'install' ? last : joinPath(last, baseName(name))] as [string, string]);
      return yield* cli.error(`target ${quoted(last)}: ${there.ok ? strerror('ENOTDIR') : strerror(there.errno)}`);
    } else if (!cli.gnu && cli.context.name === 'cp' && there.ok) {
      // cp of busybox looks for a place below whatever exists, when the source is a directory.
      const source = yield* stat(names[0] as string);
      if (source.ok && isDir(source.value.mode)) folder = names.pop();
    }
  }
  return folder === undefined
    ? [[names[0] as string, names[1] as string]]
    : names.map((name) => [name, joinPath(folder as string, baseName(name))]);
}
