// Counterpart: nsenter(1) of util-linux 2.38; busybox 1.35 util-linux/nsenter.c

import { AT_FDCWD, CLONE_NEWPID, CLONE_NEWUSER, O_RDONLY } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { become, forked, idOf, KIND_OPTIONS, KINDS, type Kind, takeIds } from './namespaces.ts';

interface Opened {
  readonly fd: number;
  readonly kind: Kind;
}

function* open(cli: Cli, path: string): Program<number | undefined> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  if (fd.ok) return fd.value;
  yield* cli.fail(fd.errno, `can't open '${path}'`, `cannot open ${path}`);
  return undefined;
}

/** Is it the namespace the caller is in already? A user namespace cannot be entered again. */
function* isOwn(path: string, kind: Kind): Program<boolean> {
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  const here: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, `/proc/self/ns/${kind.file}`, 0);
  return there.ok && here.ok && there.value.ino === here.value.ino && there.value.dev === here.value.dev;
}

/** Opens the namespaces that are asked for; a number is the status of a complaint already made. */
function* openKinds(cli: Cli, options: Options, target: string | undefined): Program<readonly Opened[] | number> {
  const opened: Opened[] = [];
  for (const kind of KINDS) {
    if (!options.has(kind.letter) && !options.has('a')) continue;
    const named = options.get(kind.letter);
    if (!named && target === undefined)
      return cli.gnu ? yield* cli.error(`neither filename nor target pid supplied for ns/${kind.file}`) : yield* cli.usage();
    const path = named || `/proc/${target}/ns/${kind.file}`;
    if (options.has('a') && kind.flag === CLONE_NEWUSER && !named && (yield* isOwn(path, kind))) continue;
    const fd = yield* open(cli, path);
    if (fd === undefined) return 1;
    opened.push({ fd, kind });
  }
  return opened;
}

/**
 * Enters the namespaces. util-linux tries all but the user namespace first, which a privileged caller may, and the rest after it;
 * busybox goes through them once.
 */
function* join(cli: Cli, opened: readonly Opened[]): Program<number | undefined> {
  let left = opened;
  for (const last of cli.gnu ? [false, true] : [true]) {
    const failed: Opened[] = [];
    for (const one of left) {
      if (!last && one.kind.flag === CLONE_NEWUSER) {
        failed.push(one);
        continue;
      }
      const done: SysResult<void> = yield* sys.setns(one.fd, one.kind.flag);
      if (done.ok) yield* sys.close(one.fd);
      else if (!last) failed.push(one);
      else
        return yield* cli.fail(
          done.errno,
          `setns(): can't reassociate to namespace '${one.kind.file}'`,
          `reassociate to namespace 'ns/${one.kind.file}' failed`,
        );
    }
    left = failed;
  }
  return undefined;
}

/** The root and the working directory asked for, as descriptors; a number is a status. */
function* places(cli: Cli, options: Options, target: string | undefined): Program<{ root?: number; wd?: number } | number> {
  const found: { root?: number; wd?: number } = {};
  for (const [key, name, link] of [
    ['r', 'root', 'root'],
    ['w', 'wd', 'cwd'],
  ] as const) {
    if (!options.has(key)) continue;
    const named = options.get(key);
    if (!named && target === undefined)
      return cli.gnu ? yield* cli.error(`neither filename nor target pid supplied for ${link}`) : yield* cli.usage();
    const fd = yield* open(cli, named || `/proc/${target}/${link}`);
    if (fd === undefined) return 1;
    found[name] = fd;
  }
  return found;
}

function* go(cli: Cli, { root, wd }: { root?: number; wd?: number }, wdns: string | undefined): Program<number | undefined> {
  let to = wd;
  if (root !== undefined && to === undefined && wdns === undefined) to = yield* open(cli, '.');
  if (root !== undefined) {
    const there: SysResult<void> = yield* sys.fchdir(root);
    if (!there.ok) return yield* cli.fail(there.errno, 'fchdir', 'change directory by root file descriptor failed');
    const done: SysResult<void> = yield* sys.chroot('.');
    if (!done.ok) return yield* cli.fail(done.errno, "can't change root directory to '.'", 'chroot failed');
  }
  if (wdns !== undefined) to = yield* open(cli, wdns);
  if (to === undefined) return wdns === undefined ? undefined : 1;
  const there: SysResult<void> = yield* sys.fchdir(to);
  return there.ok ? undefined : yield* cli.fail(there.errno, 'fchdir', 'change directory by working directory file descriptor failed');
}

export const nsenter = command(function* (cli) {
  const options = yield* cli.options({
    busybox: '+t:m::u::i::n::p::U::S:G:r::w::F',
    gnu: '+aht:m::u::i::n::p::C::U::T::S:G:r::w::W:FZV',
    long: {
      ...KIND_OPTIONS,
      'time=?': 'T',
      all: 'a',
      'target=': 't',
      'setuid=': 'S',
      'setgid=': 'G',
      'root=?': 'r',
      'wd=?': 'w',
      'wdns=': 'W',
      'no-fork': 'F',
      'follow-context': 'Z',
      'preserve-credentials': 'preserve',
    },
    busyboxLong: 'mount uts ipc net pid user target setuid setgid root wd no-fork preserve-credentials',
  });
  if (typeof options === 'number') return options;
  for (const key of ['T', 'Z']) if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const target = options.get('t');
  if (target !== undefined && !/^\d+$/.test(target))
    return yield* cli.error(cli.gnu ? `failed to parse pid: '${target}'` : `invalid number '${target}'`);
  if (options.has('a') && target === undefined) return yield* cli.error('no target PID specified for --all');
  const ids: (number | undefined)[] = [];
  for (const [key, what] of [
    ['S', 'uid'],
    ['G', 'gid'],
  ] as const) {
    const text = options.get(key);
    const id = text === undefined ? undefined : yield* idOf(cli, text, what);
    if (text !== undefined && id === undefined) return 1;
    ids.push(id);
  }
  const opened = yield* openKinds(cli, options, target);
  if (typeof opened === 'number') return opened;
  const to = yield* places(cli, options, target);
  if (typeof to === 'number') return to;
  const failed = (yield* join(cli, opened)) ?? (yield* go(cli, to, options.get('W')));
  if (failed !== undefined) return failed;
  const kinds = opened.reduce((all, { kind }) => all | kind.flag, 0);
  // In another user namespace the old ids mean nobody: without --preserve-credentials the program runs as its root.
  const other = (kinds & CLONE_NEWUSER) !== 0 && !options.has('preserve');
  const [uid, gid] = ids.map((id) => id ?? (other ? 0 : undefined));
  const rest = function* (): Program<number> {
    return (yield* takeIds(cli, uid, gid)) ?? (yield* become(cli, options.args));
  };
  return kinds & CLONE_NEWPID && !options.has('F') ? yield* forked(cli, rest) : yield* rest();
});
