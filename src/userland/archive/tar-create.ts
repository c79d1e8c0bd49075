// tar c: walks files and makes members of them.

import type { Errno } from '#abi/errno.ts';
import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { isDir, isLnk, isReg } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { readFile } from '../lib/io.ts';
import { joinPath, lstat, Owners, readDir, stat } from '../lib/tree.ts';
import { encode } from './format.ts';

export interface CreateOptions {
  /** Where names of members written are shown; not at all when undefined. */
  readonly show: ((name: string) => Program<void>) | undefined;
  readonly follow: boolean;
  readonly numeric: boolean;
  readonly recurse: boolean;
  /** Leave names that begin with a slash as they are? */
  readonly keepSlash: boolean;
  readonly excluded: (name: string) => boolean;
  /** The archive is /dev/null: GNU tar then does not read the files at all. */
  readonly discarded: boolean;
  /** Device and inode of the archive, which does not go into itself. */
  readonly archive: string | undefined;
}

/** Collects the blocks of an archive. */
export class Creator {
  readonly blocks: Uint8Array[] = [];
  failed = false;
  private readonly cli: Cli;
  private readonly options: CreateOptions;
  private readonly owners = new Owners();
  /** Where a file with several links was put first. */
  private readonly seen = new Map<string, string>();
  private said = false;
  private saidOfLinks = false;

  constructor(cli: Cli, options: CreateOptions) {
    this.cli = cli;
    this.options = options;
  }

  private *complain(text: string): Program<void> {
    this.failed = true;
    yield* this.cli.error(text, this.cli.gnu ? 2 : 1);
  }

  /** Leading slashes go; both tars say so once. */
  private *memberName(path: string): Program<string> {
    if (this.options.keepSlash) return path;
    const name = path.replace(/^\/+/, '');
    if (name !== path && !this.said) {
      this.said = true;
      yield* this.cli.flush();
      yield* this.cli.warn(this.cli.gnu ? "Removing leading `/' from member names" : "removing leading '/' from member names");
    }
    return name === '' && path !== '' ? './' : name;
  }

  *add(path: string): Program<void> {
    const { cli, options } = this;
    if (options.excluded(path)) return;
    const info: SysResult<Stat> = yield* options.follow ? stat(path) : lstat(path);
    if (!info.ok) {
      if (cli.gnu) yield* this.memberName(path);
      return yield* this.complain(cli.gnu ? `${path}: Cannot stat: ${strerror(info.errno)}` : `${path}: ${strerror(info.errno)}`);
    }
    const st = info.value;
    const folder = isDir(st.mode);
    const name = (yield* this.memberName(path)) + (folder && !path.endsWith('/') ? '/' : '');
    if (cli.gnu && !folder && st.nlink > 1 && !options.keepSlash && path.startsWith('/') && !this.saidOfLinks) {
      this.saidOfLinks = true;
      yield* cli.warn("Removing leading `/' from hard link targets");
    }
    const key = `${st.dev}:${st.ino}`;
    if (key === options.archive) return yield* cli.warn(`${path}: file is the archive; ${cli.gnu ? 'not dumped' : 'skipping'}`);
    const first = !folder && st.nlink > 1 ? this.seen.get(key) : undefined;
    if (!folder && st.nlink > 1 && first === undefined) this.seen.set(key, name);
    let data: Uint8Array = new Uint8Array(0);
    let errno: Errno | undefined;
    if (isReg(st.mode) && first === undefined && !options.discarded) {
      const got = yield* readFile(path);
      if (got.ok) data = got.value;
      else errno = got.errno;
    }
    const entries = folder && options.recurse ? yield* readDir(path) : undefined;
    // GNU tar opens a directory before it writes its member, busybox afterwards.
    if (entries && !entries.ok && cli.gnu) errno = entries.errno;
    if (errno !== undefined)
      return yield* this.complain(cli.gnu ? `${path}: Cannot open: ${strerror(errno)}` : `can't open '${path}': ${strerror(errno)}`);
    const target: SysResult<string> | undefined = isLnk(st.mode) ? yield* sys.readlinkat(AT_FDCWD, path) : undefined;
    if (options.show) yield* options.show(name);
    this.blocks.push(
      ...encode({
        name,
        mode: st.mode,
        uid: st.uid,
        gid: st.gid,
        uname: options.numeric ? '' : ((yield* this.owners.user(st.uid)) ?? ''),
        gname: options.numeric ? '' : ((yield* this.owners.group(st.gid)) ?? ''),
        mtime: Number(st.mtime / 1_000_000_000n),
        rdev: st.rdev,
        link: first ?? (target?.ok ? target.value : ''),
        hard: first !== undefined,
        data,
      }),
    );
    if (!entries) return;
    if (!entries.ok) return yield* this.complain(`${path}: ${strerror(entries.errno)}`);
    for (const entry of entries.value) yield* this.add(joinPath(path, entry.name));
  }
}
