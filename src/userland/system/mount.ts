// mount in both userlands. Counterpart: busybox 1.35 util-linux/mount.c; util-linux 2.38 mount(8)

import { type Errno, strerror } from '#abi/errno.ts';
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
} from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { errOut, out, readFile } from '../lib/io.ts';
import { dropSetId, mountTable } from './mountTable.ts';
import { umount } from './umount.ts';

/** mount options that are flags; [bits to set, bits to clear]. */
const OPTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ro: [MS_RDONLY, 0],
  rw: [0, MS_RDONLY],
  nosuid: [MS_NOSUID, 0],
  suid: [0, MS_NOSUID],
  nodev: [MS_NODEV, 0],
  dev: [0, MS_NODEV],
  noexec: [MS_NOEXEC, 0],
  exec: [0, MS_NOEXEC],
  remount: [MS_REMOUNT, 0],
  bind: [MS_BIND, 0],
  rbind: [MS_BIND | MS_REC, 0],
  move: [MS_MOVE, 0],
  noatime: [MS_NOATIME, 0],
  relatime: [MS_RELATIME, 0],
  strictatime: [MS_STRICTATIME, 0],
  private: [MS_PRIVATE, 0],
  rprivate: [MS_PRIVATE | MS_REC, 0],
  shared: [MS_SHARED, 0],
  rshared: [MS_SHARED | MS_REC, 0],
  slave: [MS_SLAVE, 0],
  rslave: [MS_SLAVE | MS_REC, 0],
  unbindable: [MS_UNBINDABLE, 0],
  runbindable: [MS_UNBINDABLE | MS_REC, 0],
  defaults: [0, 0],
};
const PROPAGATION = MS_PRIVATE | MS_SHARED | MS_SLAVE | MS_UNBINDABLE;

/** `mount` without arguments: the lines of /proc/mounts as "SOURCE on TARGET type TYPE (OPTIONS)". */
function* list(type: string | undefined): Program<number> {
  const table = yield* mountTable();
  if (table === undefined) return 1;
  const lines = table.filter((field) => type === undefined || type.split(',').includes(field[2] as string));
  yield* out(lines.map(([source, target, fs, options]) => `${source} on ${target} type ${fs} (${options})\n`).join(''));
  return 0;
}

interface Asked {
  type: string | undefined;
  flags: number;
  cleared: number; // taken away by rw, suid, dev, exec
  propagation: number[]; // changes of it, in order
  fake: boolean; // everything but the call
  verbose: boolean;
  data: string[];
  operands: string[];
}

function parse(argv: readonly string[]): Asked | string {
  const asked: Asked = { type: undefined, flags: 0, cleared: 0, propagation: [], fake: false, verbose: false, data: [], operands: [] };
  const set = (list: string): void => {
    for (const name of list.split(',')) {
      const known = OPTIONS[name];
      if (known === undefined) asked.data.push(name);
      else if (known[0] & PROPAGATION) asked.propagation.push(known[0]);
      else {
        asked.flags = (asked.flags | known[0]) & ~known[1];
        asked.cleared = (asked.cleared | known[1]) & ~known[0];
      }
    }
  };
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-t' || arg === '-o') {
      const value = argv[++at] ?? '';
      if (arg === '-t') asked.type = value;
      else set(value);
    } else if (/^-[to]./.test(arg)) {
      if (arg[1] === 't') asked.type = arg.slice(2);
      else set(arg.slice(2));
    } else if (arg === '-r') set('ro');
    else if (arg === '-w') set('rw');
    else if (arg === '-B') set('bind');
    else if (arg === '-R') set('rbind');
    else if (arg === '-M') set('move');
    else if (/^-[nvif]+$/.test(arg)) {
      // -n and -i: there is no mtab, and there are no helpers.
      if (arg.includes('f')) asked.fake = true;
      if (arg.includes('v')) asked.verbose = true;
    } else if (arg.startsWith('--make-') || /^--(bind|rbind|move)$/.test(arg)) set(arg.replace(/^--(make-)?/, ''));
    else if (arg.startsWith('-') && arg !== '-') return arg;
    else asked.operands.push(arg);
  }
  return asked;
}

const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';

interface Attempt {
  readonly type: string | undefined;
  readonly flags: number;
  readonly source: string;
  readonly target: string;
}

/** What may be wrong with a call whose places do not fit. Counterpart: mnt_context_get_mount_excode, libmount 2.38 */
function* misplaced({ source, target }: Attempt, errno: Errno): Program<string | undefined> {
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, target, 0);
  if (errno === 'ENOTDIR') return there.ok && isDir(there.value.mode) ? undefined : 'mount point is not a directory.';
  const named: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, target, AT_SYMLINK_NOFOLLOW);
  if (!there.ok) return named.ok ? 'mount point is a symbolic link to nowhere.' : 'mount point does not exist.';
  const from: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, source, 0);
  return from.ok ? undefined : `special device ${source} does not exist.`;
}

/** Counterpart: mnt_context_get_mount_excode, libmount 2.38 */
function* reason(attempt: Attempt, errno: Errno): Program<string | undefined> {
  const { source, flags, type } = attempt;
  switch (errno) {
    case 'EPERM': {
      const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
      if (ids.ok && ids.value[1] !== 0) return 'must be superuser to use mount.';
      const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, attempt.target, 0);
      return there.ok && isDir(there.value.mode) ? 'permission denied.' : 'mount point is not a directory.';
    }
    case 'EACCES':
      return 'permission denied.';
    case 'ENOENT':
    case 'ENOTDIR':
      return yield* misplaced(attempt, errno);
    case 'ENODEV':
      return `unknown filesystem type '${type ?? ''}'.`;
    case 'ENOTBLK':
      return `${source} is not a block device.`;
    case 'EBUSY': {
      const elsewhere = (yield* mountTable())?.find(([device]) => device === source)?.[1];
      return `${source} already mounted ${elsewhere === undefined ? 'or mount point busy' : `on ${elsewhere}`}.`;
    }
    case 'EINVAL':
      if (flags & MS_REMOUNT) return 'mount point not mounted or bad option.';
      if (flags & PROPAGATION) return 'not mount point or bad option.';
      if (flags & MS_MOVE) return 'bad option; moving a mount residing under a shared mount is unsupported.';
      return `wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`;
    default:
      return undefined;
  }
}

function* complain(context: CommandContext, errno: Errno, attempt: Attempt): Program<number> {
  const { source, target } = attempt;
  if (context.flavour === 'busybox') {
    if (errno === 'EPERM') yield* errOut(`${context.name}: permission denied (are you root?)\n`);
    else yield* errOut(`${context.name}: mounting ${source} on ${target} failed: ${strerror(errno)}\n`);
    return errno === 'EPERM' ? 1 : 255;
  }
  const text = (yield* reason(attempt, errno)) ?? `mount(2) system call failed: ${strerror(errno)}.`;
  yield* errOut(`${context.name}: ${target}: ${text}\n${DMESG}`);
  return 32;
}

const BIND_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_RELATIME | MS_STRICTATIME;

/** busybox gives the kernel everything at once. */
const together = ({ flags, propagation }: Asked): number => propagation.reduce((all, one) => all | one, flags);

/** Changes of propagation, each with a call of its own. Counterpart: mnt_context_add_child, libmount 2.38 */
function* changePropagation(context: CommandContext, { propagation, fake }: Asked, target: string): Program<number> {
  for (const flags of propagation) {
    const done: SysResult<void> = fake ? { ok: true, value: undefined } : yield* sys.mount('none', target, '', flags, '');
    if (!done.ok) return yield* complain(context, done.errno, { type: '', flags, source: 'none', target });
  }
  return 0;
}

/** What -v says of a mount that was made. */
const made = ({ flags, verbose }: Asked, source: string, target: string): string =>
  verbose ? `mount: ${flags & MS_REMOUNT ? '(null)' : source} ${flags & MS_BIND ? 'bound' : 'mounted'} on ${target}.\n` : '';

/**
 * One operand for busybox: a change of propagation goes to the kernel as it is; what is remounted is looked up in the table of mounts, and
 * its options are asked for again. Counterpart: mount_main, util-linux/mount.c, busybox 1.35
 */
function* singleBusybox(context: CommandContext, asked: Asked, place: string): Program<number> {
  if (asked.propagation.length > 0) {
    const done: SysResult<void> = yield* sys.mount('', place, '', together(asked), '');
    if (!done.ok) yield* errOut(`${context.name}: ${place}: ${strerror(done.errno)}\n`);
    return done.ok ? 0 : 1;
  }
  const found = (yield* mountTable())?.findLast(([device, target]) => device === place || target === place);
  if (found === undefined) {
    yield* errOut(`${context.name}: can't find ${place} in /proc/mounts\n`);
    return 1;
  }
  const [source, target, type, shown] = found as [string, string, string, string];
  const all = parse(['', '-o', shown]) as Asked;
  let flags = (all.flags & ~asked.cleared) | asked.flags;
  for (;;) {
    const data = [...all.data, ...asked.data].join(',');
    const done: SysResult<void> = yield* sys.mount(source, target, type, flags, data);
    if (done.ok) return 0;
    if ((done.errno !== 'EACCES' && done.errno !== 'EROFS') || flags & MS_RDONLY)
      return yield* complain(context, done.errno, { type, flags, source, target });
    yield* errOut(`${context.name}: ${source} is write-protected, mounting read-only\n`);
    flags |= MS_RDONLY;
  }
}

const mount: Command = function* (context) {
  const asked = parse(context.argv);
  if (typeof asked === 'string') {
    yield* errOut(
      context.flavour === 'busybox'
        ? `${context.name}: invalid option -- '${asked.replace(/^-+/, '')[0]}'\n`
        : `mount: unrecognized option '${asked}'\nTry 'mount --help' for more information.\n`,
    );
    return 1;
  }
  const [first, second] = asked.operands;
  if (first === undefined) return yield* list(asked.type);
  const single = second === undefined && ((asked.flags & MS_REMOUNT) !== 0 || asked.propagation.length > 0);
  if (second === undefined && !single) {
    const fstab = yield* readFile('/etc/fstab');
    if (context.flavour === 'busybox') {
      yield* errOut(
        fstab.ok
          ? `${context.name}: can't find ${first} in /etc/fstab\n`
          : `${context.name}: can't read '/etc/fstab': No such file or directory\n`,
      );
      return 1;
    }
    yield* errOut(`mount: ${first}: can't find in /etc/fstab.\n`);
    return 1;
  }
  if (context.flavour === 'busybox') {
    if (asked.fake) return 0;
    if (single) return yield* singleBusybox(context, asked, first);
  } else yield* dropSetId();
  const target = single ? first : (second as string);
  if (context.flavour === 'gnu' && single && (asked.flags & MS_REMOUNT) === 0) {
    const status = yield* changePropagation(context, asked, target);
    if (status === 0 && asked.verbose) yield* out(`mount: ${target} propagation flags changed.\n`);
    return status;
  }
  const source = single ? 'none' : first;
  const type = asked.type ?? ((asked.flags & (MS_BIND | MS_REMOUNT | MS_MOVE)) !== 0 ? '' : 'ext4');
  const flags = context.flavour === 'gnu' ? asked.flags : together(asked);
  if (!asked.fake) {
    const done: SysResult<void> = yield* sys.mount(source, target, type, flags, asked.data.join(','));
    if (!done.ok) return yield* complain(context, done.errno, { type: asked.type, flags, source, target });
  }
  if (context.flavour === 'busybox') return 0;
  // The kernel takes a bind with the flags of its source; those asked for are a second call. Counterpart: mnt_context_add_child, libmount 2.38
  const extra = asked.flags & BIND_FLAGS;
  if (!asked.fake && (asked.flags & (MS_BIND | MS_REMOUNT)) === MS_BIND && extra !== 0) {
    const again: SysResult<void> = yield* sys.mount('none', target, '', MS_REMOUNT | MS_BIND | extra, '');
    if (!again.ok) return yield* complain(context, again.errno, { ...asked, source, target });
  }
  const status = yield* changePropagation(context, asked, target);
  if (status === 0) yield* out(made(asked, source, target));
  return status;
};

export const mountCommands = { mount, umount };
