// tar x: makes files of members, with the rights the caller has.

import type { Errno } from '#abi/errno.ts';
import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isDir, isLnk, isReg, S_IFIFO, S_IFMT } from '#abi/mode.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { writeAll } from '../lib/io.ts';
import { dirName, gidOf, lstat, uidOf } from '../lib/tree.ts';
import type { Member } from './format.ts';

export interface ExtractOptions {
  /** Give files their owners back? */
  readonly owner: boolean;
  readonly numeric: boolean;
  /** Give files exactly the recorded permissions, whatever the umask? */
  readonly permissions: boolean;
  readonly mtime: boolean;
  readonly keepOld: boolean;
  /** Remove what is in the way (false: write into it). */
  readonly replace: boolean;
}

/** Puts members into the current directory. */
export class Extractor {
  failed = false;
  private readonly cli: Cli;
  private readonly options: ExtractOptions;
  /** Directories get their modes and times last, so that a read-only one can be filled. */
  private readonly folders: Member[] = [];

  constructor(cli: Cli, options: ExtractOptions) {
    this.cli = cli;
    this.options = options;
  }

  /** Says what failed. busybox stops at the first failure. */
  private *complain(gnu: string, busybox: string, errno: Errno): Program<boolean> {
    this.failed = true;
    yield* this.cli.error(`${this.cli.gnu ? gnu : busybox}: ${strerror(errno)}`, this.cli.gnu ? 2 : 1);
    return this.cli.gnu;
  }

  /** Makes the directories above a member. */
  private *parents(name: string): Program<void> {
    const folder = dirName(name);
    if (folder === '.' || folder === '/') return;
    if ((yield* lstat(folder)).ok) return;
    yield* this.parents(folder);
    const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, folder, 0o777);
    if (!made.ok && made.errno !== 'EEXIST' && made.errno !== 'ENOENT')
      yield* this.complain(`${folder}: Cannot mkdir`, `can't create directory '${folder}'`, made.errno);
  }

  /** Makes one member; false to stop. */
  *extract(member: Member, name: string): Program<boolean> {
    const { options } = this;
    const path = name.replace(/\/+$/, '');
    if (path === '' || path === '.') return true;
    yield* this.parents(path);
    const there = yield* lstat(path);
    if (there.ok && !(isDir(member.mode) && isDir(there.value.mode))) {
      if ((options.replace || (this.cli.gnu && !isReg(member.mode)) || member.hard) && !options.keepOld)
        yield* sys.unlinkat(AT_FDCWD, path, isDir(there.value.mode) ? AT_REMOVEDIR : 0);
    }
    const done = yield* this.make(member, path);
    if (done !== true) return done === 'go on';
    if (isDir(member.mode)) this.folders.push({ ...member, name: path });
    else yield* this.attributes(member, path);
    return true;
  }

  private *make(member: Member, path: string): Program<true | 'go on' | 'stop'> {
    const failed = function* (this: Extractor, gnu: string, busybox: string, errno: Errno): Program<'go on' | 'stop'> {
      return (yield* this.complain(`${path}: Cannot ${gnu}`, busybox, errno)) ? 'go on' : 'stop';
    }.bind(this);
    if (member.hard || isLnk(member.mode)) {
      const done: SysResult<void> = member.hard
        ? yield* sys.linkat(AT_FDCWD, member.link, AT_FDCWD, path, 0)
        : yield* sys.symlinkat(member.link, AT_FDCWD, path);
      if (done.ok) return true;
      const kind = member.hard ? 'hard' : 'sym';
      return yield* failed(
        member.hard ? `hard link to '${member.link}'` : `create symlink to '${member.link}'`,
        `can't create ${kind}link '${path}' to '${member.link}'`,
        done.errno,
      );
    }
    if (isReg(member.mode)) {
      const flags = O_WRONLY | O_CREAT | (this.options.keepOld ? O_EXCL : O_TRUNC);
      const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, flags, member.mode & (this.cli.gnu ? 0o777 : 0o7777));
      if (!fd.ok) return yield* failed('open', `can't open '${path}'`, fd.errno);
      const wrong = yield* writeAll(fd.value, member.data);
      yield* sys.close(fd.value);
      return wrong === undefined ? true : yield* failed('write', 'write error', wrong);
    }
    if (isDir(member.mode)) {
      const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, path, (member.mode & 0o777) | 0o700);
      if (made.ok || made.errno === 'EEXIST') return true;
      return yield* failed('mkdir', `can't create directory '${path}'`, made.errno);
    }
    const made: SysResult<void> = yield* sys.mknodat(AT_FDCWD, path, member.mode & (S_IFMT | 0o777), member.rdev);
    if (made.ok) return true;
    return yield* failed((member.mode & S_IFMT) === S_IFIFO ? 'mkfifo' : 'mknod', `can't create node '${path}'`, made.errno);
  }

  private *attributes(member: Member, path: string): Program<void> {
    const { cli, options } = this;
    if (member.hard) return;
    if (options.owner) {
      const uid = options.numeric || member.uname === '' ? member.uid : ((yield* uidOf(member.uname)) ?? member.uid);
      const gid = options.numeric || member.gname === '' ? member.gid : ((yield* gidOf(member.gname)) ?? member.gid);
      const done: SysResult<void> = yield* sys.fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
      if (!done.ok && cli.gnu) yield* this.complain(`${path}: Cannot change ownership to uid ${uid}, gid ${gid}`, '', done.errno);
    }
    if (isLnk(member.mode)) return;
    if (options.permissions) yield* sys.fchmodat(AT_FDCWD, path, member.mode & 0o7777);
    if (options.mtime) {
      const time = BigInt(member.mtime) * 1_000_000_000n;
      yield* sys.utimensat(AT_FDCWD, path, cli.gnu ? 'now' : time, time, 0);
    }
  }

  /** What had to wait until every member was there. */
  *finish(): Program<void> {
    for (const folder of this.folders.reverse()) {
      if (this.cli.gnu && !this.options.permissions) {
        const mask: SysResult<number> = yield* sys.umask(0);
        if (mask.ok) yield* sys.umask(mask.value);
        yield* sys.fchmodat(AT_FDCWD, folder.name, folder.mode & 0o777 & ~(mask.ok ? mask.value : 0));
      }
      yield* this.attributes(folder, folder.name);
    }
  }
}
