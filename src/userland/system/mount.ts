// mount in both userlands. Counterpart: busybox 1.35 util-linux/mount.c; util-linux 2.38 mount(8)

import { strerror } from '#abi/errno.ts';
import {
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_RDONLY,
  MS_RELATIME,
  MS_REMOUNT,
  MS_STRICTATIME,
} from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { complain } from './mountErrors.ts';
import { type Asked, fromList, parse } from './mountOptions.ts';
import { mountpoint } from './mountpoint.ts';
import { dropSetId, mountTable } from './mountTable.ts';
import { umount } from './umount.ts';

/** `mount` without arguments: the lines of /proc/mounts as "SOURCE on TARGET type TYPE (OPTIONS)". */
function* list(type: string | undefined): Program<number> {
  const table = yield* mountTable();
  if (table === undefined) return 1;
  const lines = table.filter((field) => type === undefined || type.split(',').includes(field[2] as string));
  yield* out(lines.map(([source, target, fs, options]) => `${source} on ${target} type ${fs} (${options})\n`).join(''));
  return 0;
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
  const all = fromList(shown, asked);
  let flags = all.flags;
  for (;;) {
    const done: SysResult<void> = yield* sys.mount(source, target, type, flags, all.data.join(','));
    if (done.ok) return 0;
    if ((done.errno !== 'EACCES' && done.errno !== 'EROFS') || flags & MS_RDONLY)
      return yield* complain(context, done.errno, { type, flags, source, target });
    yield* errOut(`${context.name}: ${source} is write-protected, mounting read-only\n`);
    flags |= MS_RDONLY;
  }
}

/** A source on a place of its own. */
function* mountOn(context: CommandContext, asked: Asked, source: string, target: string): Program<number> {
  const gnu = context.flavour === 'gnu';
  const type = asked.type ?? ((asked.flags & (MS_BIND | MS_REMOUNT | MS_MOVE)) !== 0 ? '' : 'ext4');
  const flags = gnu ? asked.flags : together(asked);
  if (!asked.fake) {
    const done: SysResult<void> = yield* sys.mount(source, target, type, flags, asked.data.join(','));
    if (!done.ok) return yield* complain(context, done.errno, { type: asked.type, flags, source, target });
  }
  if (!gnu) return 0;
  // The kernel takes a bind with the flags of its source; those asked for are a second call. Counterpart: mnt_context_add_child, libmount 2.38
  const extra = asked.flags & BIND_FLAGS;
  if (!asked.fake && (asked.flags & (MS_BIND | MS_REMOUNT)) === MS_BIND && extra !== 0) {
    const again: SysResult<void> = yield* sys.mount('none', target, '', MS_REMOUNT | MS_BIND | extra, '');
    if (!again.ok) return yield* complain(context, again.errno, { ...asked, source, target });
  }
  return yield* changePropagation(context, asked, target);
}

/** A line of fstab with what the command line adds. */
const listed = ([, , type = '', options = '']: readonly string[], asked: Asked): Asked => ({
  ...fromList(options, asked),
  type,
  fake: asked.fake,
  verbose: asked.verbose,
});

/** `mount -a`. Counterpart: mount_all, util-linux 2.38 sys-utils/mount.c; mount_main, busybox 1.35 */
function* mountAll(context: CommandContext, asked: Asked, fstab: readonly (readonly string[])[]): Program<number> {
  const gnu = context.flavour === 'gnu';
  const types = asked.type?.replace(/^no/, '').split(',');
  const tell = function* (target: string, what: string): Program<void> {
    if (gnu && asked.verbose) yield* out(`${target.padEnd(25)}: ${what}\n`);
  };
  let tried = 0;
  let failed = 0;
  for (const entry of fstab) {
    const [source = '', target = '', type = '', options = ''] = entry;
    const wanted = types === undefined || types.includes(type) !== asked.type?.startsWith('no');
    if (!wanted || type === 'swap' || options.split(',').includes('noauto')) {
      yield* tell(target, 'ignored');
      continue;
    }
    if ((yield* mountTable())?.some(([device, place]) => device === source && place === target)) {
      yield* tell(target, 'already mounted');
      if (!gnu && asked.verbose) yield* errOut(`${context.name}: according to /proc/mounts, ${source} is already mounted on ${target}\n`);
      continue;
    }
    tried++;
    if ((yield* mountOn(context, listed(entry, asked), source, target)) !== 0) failed++;
    else yield* tell(target, 'successfully mounted');
  }
  if (!gnu) return failed;
  return failed === 0 ? 0 : failed === tried ? 32 : 64;
}

/** What fstab says of one operand, mounted, or everything in it. */
function* fromFstab(context: CommandContext, asked: Asked): Program<number> {
  const { fstab: path, operands } = asked;
  const gnu = context.flavour === 'gnu';
  const fstab = yield* mountTable(path);
  if (fstab === undefined && !gnu) {
    yield* errOut(`${context.name}: can't read '${path}': No such file or directory\n`);
    return 1;
  }
  if (asked.all) return yield* mountAll(context, asked, fstab ?? []);
  const wanted = operands[0] as string;
  const entry = gnu
    ? (fstab?.find(([, target]) => target === wanted) ?? fstab?.find(([source]) => source === wanted))
    : fstab?.findLast(([source, target]) => source === wanted || target === wanted);
  if (entry === undefined) {
    yield* errOut(gnu ? `${context.name}: ${wanted}: can't find in ${path}.\n` : `${context.name}: can't find ${wanted} in ${path}\n`);
    return 1;
  }
  const [source, target] = entry as [string, string];
  const given = listed(entry, asked);
  const status = yield* mountOn(context, given, source, target);
  if (status === 0 && gnu) yield* out(made(given, source, target));
  return status;
}

const mount: Command = function* (context) {
  const asked = yield* parse(context);
  if (typeof asked === 'number') return asked;
  const gnu = context.flavour === 'gnu';
  const [first, second] = asked.operands;
  if (first === undefined && !asked.all) return yield* list(asked.type);
  const single = second === undefined && ((asked.flags & MS_REMOUNT) !== 0 || asked.propagation.length > 0);
  if (asked.all || first === undefined || (second === undefined && !single)) return yield* fromFstab(context, asked);
  if (gnu) yield* dropSetId();
  else if (asked.fake) return 0;
  else if (single) return yield* singleBusybox(context, asked, first);
  if (single && (asked.flags & MS_REMOUNT) === 0) {
    const status = yield* changePropagation(context, asked, first);
    if (status === 0 && asked.verbose) yield* out(`mount: ${first} propagation flags changed.\n`);
    return status;
  }
  const [source, target] = single ? ['none', first] : [first, second as string];
  const status = yield* mountOn(context, asked, source, target);
  if (status === 0 && gnu) yield* out(made(asked, source, target));
  return status;
};

export const mountCommands = { mount, umount, mountpoint };
