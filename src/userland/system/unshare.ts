// Counterpart: unshare(1) of util-linux 2.38; busybox 1.35 util-linux/unshare.c

import { capBit, capNames } from '#abi/capability.ts';
import { type Errno, strerror } from '#abi/errno.ts';
import {
  AT_FDCWD,
  CLONE_NEWNS,
  CLONE_NEWUSER,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  MS_SHARED,
  MS_SLAVE,
  O_WRONLY,
} from '#abi/flags.ts';
import { SIGKILL, signalNumber } from '#abi/signal.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { become, forked, idOf, KIND_OPTIONS, KINDS, takeIds } from './namespaces.ts';

const PROPAGATION: Readonly<Record<string, number>> = {
  slave: MS_REC | MS_SLAVE,
  shared: MS_REC | MS_SHARED,
  private: MS_REC | MS_PRIVATE,
  unchanged: 0,
};

/** What the command line asks for, read and checked before anything is done. */
interface Request {
  readonly flags: number;
  readonly files: readonly (readonly [file: string, path: string])[];
  readonly fork: boolean;
  readonly killChild: number;
  readonly user: number | undefined; // the id inside that the own one gets
  readonly group: number | undefined;
  readonly proc: string | undefined;
  readonly propagation: number;
  readonly setgroups: string | undefined;
  readonly keepCaps: boolean;
  readonly root: string | undefined;
  readonly wd: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** Options as a request; a number is the status of a complaint already made. */
function* requestOf(cli: Cli, options: Options): Program<Request | number> {
  for (const key of ['T', 'auto', 'monotonic', 'boottime'])
    if (options.has(key)) return yield* cli.error(`--${key === 'T' ? 'time' : key === 'auto' ? 'map-auto' : key} is not simulated here`);
  const mode = options.get('propagation') ?? 'private';
  const propagation = PROPAGATION[mode];
  if (propagation === undefined && (cli.gnu || options.has('m')))
    return yield* cli.error(cli.gnu ? `unsupported propagation mode: ${mode}` : `unrecognized: --propagation=${mode}`);
  const setgroups = options.get('setgroups');
  if (setgroups !== undefined && setgroups !== 'allow' && setgroups !== 'deny')
    return yield* cli.error(cli.gnu ? `unsupported --setgroups argument '${setgroups}'` : `unrecognized: --setgroups=${setgroups}`);
  if (!cli.gnu && setgroups === 'allow' && options.has('r'))
    return yield* cli.error('--setgroups=allow and --map-root-user are mutually exclusive');
  const given: Record<string, number | undefined> = {};
  for (const [key, what, entries] of [
    ['user', 'uid', passwdEntries],
    ['group', 'gid', groupEntries],
    ['S', 'uid', undefined],
    ['G', 'gid', undefined],
  ] as const) {
    const text = options.get(key);
    if (text === undefined) continue;
    given[key] = yield* idOf(cli, text, what, entries);
    if (given[key] === undefined) return 1;
  }
  const signal = options.get('kill') === undefined ? 0 : options.get('kill') === '' ? SIGKILL : signalNumber(options.get('kill') as string);
  if (signal === undefined) return yield* cli.error(`unknown signal: ${options.get('kill')}`);
  const own = [yield* sys.getresuid(), yield* sys.getresgid()] as const;
  const [euid, egid] = own.map((ids) => (ids.ok ? ids.value[1] : 0)) as [number, number];
  const last = options.last('r', 'c', 'user');
  const lastGroup = options.last('r', 'c', 'group');
  const user = last === 'r' ? 0 : last === 'c' ? euid : given.user;
  const group = lastGroup === 'r' ? 0 : lastGroup === 'c' ? egid : given.group;
  const mapping = user !== undefined || group !== undefined || options.has('users') || options.has('groups');
  const kinds = KINDS.filter(({ letter }) => options.has(letter));
  return {
    flags: kinds.reduce((all, { flag }) => all | flag, (mapping ? CLONE_NEWUSER : 0) | (options.has('proc') ? CLONE_NEWNS : 0)),
    files: kinds.flatMap(({ letter, file }) => (options.get(letter) ? [[file, options.get(letter) as string] as const] : [])),
    fork: options.has('f') || signal !== 0,
    killChild: signal,
    user,
    group,
    proc: options.has('proc') ? options.get('proc') || '/proc' : undefined,
    propagation: propagation ?? 0,
    setgroups,
    keepCaps: options.has('keep-caps'),
    root: options.get('R'),
    wd: options.get('w'),
    uid: given.S,
    gid: given.G,
  };
}

function* writeProc(cli: Cli, file: string, text: string): Program<number | undefined> {
  const path = `/proc/self/${file}`;
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY);
  const failed = fd.ok ? yield* writeAll(fd.value, bytesOf(text)) : fd.errno;
  if (fd.ok) yield* sys.close(fd.value);
  if (failed === undefined) return undefined;
  return yield* cli.error(
    `${cli.gnu ? `${fd.ok ? 'write failed' : 'cannot open'} ${path}` : fd.ok ? 'write error' : `can't open '${path}'`}: ${strerror(failed)}`,
  );
}

/** The id maps of the new user namespace; undefined when all went well. */
function* writeMaps(cli: Cli, request: Request, euid: number, egid: number): Program<number | undefined> {
  const { user, group, setgroups } = request;
  if (user !== undefined) {
    const failed = yield* writeProc(cli, 'uid_map', `${user} ${euid} 1`);
    if (failed !== undefined) return failed;
  }
  if (group !== undefined) {
    if (setgroups === 'allow') return yield* cli.error('options --setgroups=allow and --map-group are mutually exclusive');
    const denied = (yield* writeProc(cli, 'setgroups', 'deny')) ?? (yield* writeProc(cli, 'gid_map', `${group} ${egid} 1`));
    if (denied !== undefined) return denied;
  }
  return setgroups !== undefined && group === undefined ? yield* writeProc(cli, 'setgroups', setgroups) : undefined;
}

/** A mount that failed, in each userland's words. */
const noMount = (cli: Cli, gnu: string, source: string, where: string, bits: number, errno: Errno): Program<number> =>
  cli.fail(errno, `can't mount ${source} on ${where} (flags:0x${bits.toString(16)})`, gnu);

function* propagate(cli: Cli, { flags, propagation }: Request): Program<number | undefined> {
  if ((flags & CLONE_NEWNS) === 0 || propagation === 0) return undefined;
  const done: SysResult<void> = yield* sys.mount('none', '/', '', propagation, '');
  return done.ok ? undefined : yield* noMount(cli, 'cannot change root filesystem propagation', 'none', '/', propagation, done.errno);
}

function* mountProc(cli: Cli, { proc, propagation, root }: Request): Program<number | undefined> {
  if (proc === undefined) return undefined;
  const apart = MS_PRIVATE | MS_REC;
  if (!cli.gnu || (root === undefined && propagation !== apart)) {
    const own: SysResult<void> = yield* sys.mount('none', proc, '', apart, '');
    if (!own.ok) return yield* noMount(cli, `cannot change ${proc} filesystem propagation`, 'none', proc, apart, own.errno);
  }
  const bits = MS_NOSUID | MS_NOEXEC | MS_NODEV;
  const done: SysResult<void> = yield* sys.mount('proc', proc, 'proc', bits, '');
  return done.ok ? undefined : yield* noMount(cli, `mount ${proc} failed`, 'proc', proc, bits, done.errno);
}

/** A new root and directory; undefined when all went well. */
function* enter(cli: Cli, root: string | undefined, wd: string | undefined): Program<number | undefined> {
  if (root !== undefined) {
    const done: SysResult<void> = yield* sys.chroot(root);
    if (!done.ok) return yield* cli.fail(done.errno, '', `cannot change root directory to '${root}'`);
  }
  const to = wd ?? (root === undefined ? undefined : '/');
  if (to === undefined) return undefined;
  const done: SysResult<void> = yield* sys.chdir(to);
  return done.ok ? undefined : yield* cli.fail(done.errno, '', `cannot chdir to '${to}'`);
}

/** --keep-caps: what is permitted becomes ambient, so that it outlives execve. */
function* keepCapabilities(): Program<void> {
  const got: SysResult<CapSets> = yield* sys.capget(0);
  if (!got.ok) return;
  yield* sys.capset({ ...got.value, inheritable: got.value.permitted });
  for (const name of capNames(got.value.permitted)) yield* sys.prctl({ option: 'PR_CAP_AMBIENT_RAISE', cap: capBit(name) });
}

export const unshare = command(function* (cli) {
  const options = yield* cli.options({
    busybox: '+muinpUfr',
    gnu: '+muinpUCTfrchVR:w:S:G:',
    long: {
      ...KIND_OPTIONS,
      'time=?': 'T',
      fork: 'f',
      'map-root-user': 'r',
      'map-current-user': 'c',
      'map-user=': 'user',
      'map-group=': 'group',
      'map-users=': 'users',
      'map-groups=': 'groups',
      'map-auto': 'auto',
      'kill-child=?': 'kill',
      'mount-proc=?': 'proc',
      'propagation=': 'propagation',
      'setgroups=': 'setgroups',
      'keep-caps': 'keep-caps',
      'root=': 'R',
      'wd=': 'w',
      'setuid=': 'S',
      'setgid=': 'G',
      'monotonic=': 'monotonic',
      'boottime=': 'boottime',
    },
    busyboxLong: 'mount uts ipc net pid user fork map-root-user mount-proc propagation setgroups',
  });
  if (typeof options === 'number') return options;
  const request = yield* requestOf(cli, options);
  if (typeof request === 'number') return request;
  if (request.files.length > 0 && request.flags & CLONE_NEWNS)
    return yield* cli.error('a file for a namespace beside --mount is not simulated here');
  const uids: SysResult<readonly number[]> = yield* sys.getresuid();
  const gids: SysResult<readonly number[]> = yield* sys.getresgid();
  const [euid, egid] = [uids, gids].map((ids) => (ids.ok ? (ids.value[1] as number) : 0)) as [number, number];
  const done: SysResult<void> = yield* sys.unshare(request.flags);
  if (!done.ok) return yield* cli.fail(done.errno, `unshare(0x${request.flags.toString(16)})`, 'unshare failed');
  // The helper that writes maps of many ids belongs to a package of its own.
  if (options.has('users') || options.has('groups')) {
    yield* cli.error(`failed to execute new${options.has('users') ? 'uid' : 'gid'}map: ${strerror('ENOENT')}`);
    return 127;
  }
  for (const [file, path] of request.files) {
    const self: SysResult<number> = yield* sys.getpid();
    const source = `/proc/${self.ok ? self.value : 'self'}/ns/${file}`;
    const bound: SysResult<void> = yield* sys.mount(source, path, '', MS_BIND, '');
    if (!bound.ok)
      return yield* cli.fail(bound.errno, `can't mount ${source} on ${path} (flags:0x1000)`, `mount ${source} on ${path} failed`);
  }
  const rest = function* (): Program<number> {
    if (request.killChild !== 0) yield* sys.prctl({ option: 'PR_SET_PDEATHSIG', signal: request.killChild });
    const failed: number | undefined =
      (yield* writeMaps(cli, request, euid, egid)) ??
      (yield* propagate(cli, request)) ??
      (yield* enter(cli, request.root, request.wd)) ??
      (yield* mountProc(cli, request)) ??
      (yield* takeIds(cli, request.uid, request.gid));
    if (failed !== undefined) return failed;
    if (request.keepCaps && request.flags & CLONE_NEWUSER) yield* keepCapabilities();
    return yield* become(cli, options.args);
  };
  return request.fork ? yield* forked(cli, rest) : yield* rest();
});
