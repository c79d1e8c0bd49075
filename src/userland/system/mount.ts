// mount, umount, mountpoint in both userlands. Counterpart: busybox 1.35 util-linux/mount.c; util-linux 2.38 mount(8)

import { type Errno, strerror } from '#abi/errno.ts';
import {
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  MNT_DETACH,
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
import { errOut, out, readFile, textOf } from '../lib/io.ts';

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
  defaults: [0, 0],
};
const PROPAGATION = MS_PRIVATE | MS_SHARED | MS_SLAVE | MS_UNBINDABLE;

const withoutOctal = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The fields of the lines of /proc/mounts. */
function* mountTable(): Program<readonly (readonly string[])[] | undefined> {
  const table = yield* readFile('/proc/mounts');
  if (!table.ok) return undefined;
  const lines = textOf(table.value).split('\n');
  return lines.filter((line) => line !== '').map((line) => line.split(' ').map(withoutOctal));
}

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
  data: string[];
  operands: string[];
}

function parse(argv: readonly string[]): Asked | string {
  const asked: Asked = { type: undefined, flags: 0, data: [], operands: [] };
  const set = (list: string): void => {
    for (const name of list.split(',')) {
      const known = OPTIONS[name];
      if (known === undefined) asked.data.push(name);
      else asked.flags = (asked.flags | known[0]) & ~known[1];
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
    else if (arg === '-n' || arg === '-v' || arg === '-i' || arg === '-f') continue;
    else if (arg.startsWith('--make-') || /^--(bind|rbind|move)$/.test(arg)) set(arg.replace(/^--(make-)?/, ''));
    else if (arg.startsWith('-') && arg !== '-') return arg;
    else asked.operands.push(arg);
  }
  return asked;
}

const DMESG = '       dmesg(1) may have more information after failed mount system call.\n';

/** EINVAL can mean much; what is said depends on what was asked for. Counterpart: generic_mount_error, libmount 2.38 */
const invalid = (flags: number, source: string, target: string): string =>
  flags & MS_REMOUNT
    ? `${target}: mount point not mounted or bad option.`
    : flags & PROPAGATION
      ? `${target}: not mount point or bad option.`
      : flags & MS_MOVE
        ? `${target}: bad option; moving a mount residing under a shared mount is unsupported.`
        : `${target}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`;

function* complain(
  context: CommandContext,
  errno: Errno,
  source: string,
  target: string,
  { type, flags }: { readonly type: string | undefined; readonly flags: number },
): Program<number> {
  if (context.flavour === 'busybox') {
    if (errno === 'EPERM') yield* errOut(`${context.name}: permission denied (are you root?)\n`);
    else yield* errOut(`${context.name}: mounting ${source} on ${target} failed: ${strerror(errno)}\n`);
    return errno === 'EPERM' ? 1 : 255;
  }
  const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  // Counterpart: mnt_context_get_mount_excode, libmount 2.38
  const elsewhere = errno === 'EBUSY' ? (yield* mountTable())?.find(([device]) => device === source)?.[1] : undefined;
  const text =
    errno === 'EPERM' && ids.ok && ids.value[1] !== 0
      ? `${target}: must be superuser to use mount.`
      : errno === 'EPERM' || errno === 'EACCES'
        ? `${target}: permission denied.`
        : errno === 'ENOENT'
          ? `${target}: mount point does not exist.`
          : errno === 'ENOTDIR'
            ? `${target}: mount point is not a directory.`
            : errno === 'ENODEV'
              ? `${target}: unknown filesystem type '${type ?? ''}'.`
              : errno === 'EBUSY'
                ? `${target}: ${source} already mounted ${elsewhere === undefined ? 'or mount point busy' : `on ${elsewhere}`}.`
                : errno === 'EINVAL'
                  ? invalid(flags, source, target)
                  : `${target}: mount(2) system call failed: ${strerror(errno)}.`;
  yield* errOut(`${context.name}: ${text}\n${errno === 'ENOENT' || errno === 'ENOTDIR' ? '' : DMESG}`);
  return 32;
}

/** What fstab does not allow, mount asks for without the rights of its set-id bit; there is no fstab. Counterpart: suid_drop */
function* dropSetId(): Program<boolean> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  if (!uids.ok || !gids.ok || uids.value[0] === 0) return false;
  yield* sys.setgid(gids.value[0]);
  yield* sys.setuid(uids.value[0]);
  return true;
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
  const single = second === undefined && (asked.flags & (MS_REMOUNT | PROPAGATION)) !== 0;
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
  const target = single ? first : (second as string);
  const source = single ? 'none' : first;
  const type = asked.type ?? ((asked.flags & (MS_BIND | MS_REMOUNT | MS_MOVE | PROPAGATION)) !== 0 ? '' : 'ext4');
  if (context.flavour === 'gnu') yield* dropSetId();
  const done: SysResult<void> = yield* sys.mount(source, target, type, asked.flags, asked.data.join(','));
  return done.ok ? 0 : yield* complain(context, done.errno, source, target, asked);
};

const umount: Command = function* (context) {
  let flags = 0;
  let status = 0;
  const restricted = context.flavour === 'gnu' && (yield* dropSetId());
  for (const arg of context.argv.slice(1)) {
    if (/^-[a-z]+$/.test(arg)) {
      if (arg.includes('l')) flags |= MNT_DETACH;
      continue;
    }
    const done: SysResult<void> = yield* sys.umount2(arg, flags);
    if (done.ok) continue;
    if (context.flavour === 'busybox') {
      yield* errOut(`${context.name}: can't unmount ${arg}: ${strerror(done.errno)}\n`);
      status = 1;
      continue;
    }
    // For a caller who is not root umount looks the path up itself first.
    if (restricted && done.errno === 'ENOENT') {
      yield* errOut(`umount: ${arg}: ${strerror(done.errno)}\n`);
      status = 1;
      continue;
    }
    const text =
      done.errno === 'EPERM'
        ? 'must be superuser to unmount.'
        : done.errno === 'EINVAL'
          ? 'not mounted.'
          : done.errno === 'EBUSY'
            ? 'target is busy.'
            : done.errno === 'ENOENT'
              ? 'no mount point specified.'
              : `umount failed: ${strerror(done.errno)}.`;
    yield* errOut(`umount: ${arg}: ${text}\n`);
    status = 32;
  }
  return status;
};

const mountpoint: Command = function* ({ argv, flavour }) {
  const quiet = argv.includes('-q');
  const path = argv.slice(1).find((arg) => !arg.startsWith('-')) ?? '';
  const own: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
  if (!own.ok) {
    if (!quiet) yield* errOut(`mountpoint: ${path}: ${strerror(own.errno)}\n`);
    return 1;
  }
  if (!isDir(own.value.mode)) {
    if (!quiet) yield* errOut(flavour === 'busybox' ? `mountpoint: ${path}: ${strerror('ENOTDIR')}\n` : '');
    return flavour === 'busybox' ? 1 : 32;
  }
  const parent: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, `${path}/..`, AT_SYMLINK_NOFOLLOW);
  const is = parent.ok && (parent.value.dev !== own.value.dev || parent.value.ino === own.value.ino);
  if (!quiet) yield* out(`${path} is ${is ? '' : 'not '}a mountpoint\n`);
  return is ? 0 : flavour === 'busybox' ? 1 : 32;
};

export const mountCommands = { mount, umount, mountpoint };
