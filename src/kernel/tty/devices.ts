// Opening terminals: /dev/ptmx, /dev/tty, /dev/pts/N, and the controlling terminal. Counterpart: drivers/tty/tty_io.c, pty.c

import { O_NOCTTY } from '#abi/flags.ts';
import { major, minor } from '#abi/mode.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import type { FileTarget, Kgid, Task } from '../state.ts';
import { createPty, updateTty } from './tty.ts';

export const TTY_AUX_MAJOR = 5; // 5,0 /dev/tty  5,1 /dev/console  5,2 /dev/ptmx
export const PTS_MAJOR = 136;

/** The devpts superblock mounted in a mount namespace; null: none. */
export function devptsOf(k: Kernel, mountNs: number): number | null {
  for (const id of k.state.mountNs.get(mountNs)?.order ?? []) {
    const sb = k.state.mounts.get(id)?.sb;
    if (sb !== undefined && k.state.superblocks.get(sb)?.fstype === 'devpts') return sb;
  }
  return null;
}

/** gid=, mode= of a devpts instance. */
export function devptsOptions(options: string): { readonly gid: number | null; readonly mode: number; readonly ptmxmode: number } {
  const value = (name: string): string | undefined => new RegExp(`(?:^|,)${name}=(\\d+)`).exec(options)?.[1];
  const gid = value('gid');
  return {
    gid: gid === undefined ? null : Number(gid),
    mode: Number.parseInt(value('mode') ?? '600', 8),
    ptmxmode: Number.parseInt(value('ptmxmode') ?? '0', 8),
  };
}

/** Makes a terminal the controlling one of a session leader. */
export function setControlling(k: Kernel, task: Task, tty: number): void {
  updateTty(k, tty, { session: task.session, foreground: task.pgrp });
  for (const [, other] of [...k.state.tasks.entries()]) if (other.session === task.session) k.updateTask(other.id, { tty });
}

/**
 * Opens a terminal device; undefined: `rdev` is no terminal. `sb` is the superblock the device node lies in: it says which
 * devpts instance a slave or ptmx node belongs to. The caller makes the open file (fs/files.ts newFile counts the end).
 */
export function openTty(k: Kernel, task: Task, rdev: number, sb: number, flags: number): Res<FileTarget> | undefined {
  if (major(rdev) === TTY_AUX_MAJOR && minor(rdev) === 0) {
    if (task.tty === null) return err('ENXIO');
    return ok({ kind: 'tty', tty: task.tty, side: 'slave' });
  }
  if (major(rdev) === TTY_AUX_MAJOR && minor(rdev) === 2) {
    const devpts = k.state.superblocks.get(sb)?.fstype === 'devpts' ? sb : devptsOf(k, task.mountNs);
    if (devpts === null) return err('ENODEV');
    const { gid, mode } = devptsOptions(k.state.superblocks.get(devpts)?.options ?? '');
    const tty = createPty(k, devpts, { uid: task.cred.fsuid, gid: (gid ?? task.cred.fsgid) as Kgid, mode }, { rows: 0, cols: 0 });
    return ok({ kind: 'tty', tty, side: 'master' });
  }
  if (major(rdev) !== PTS_MAJOR) return undefined;
  const devpts = k.state.superblocks.get(sb)?.fstype === 'devpts' ? sb : devptsOf(k, task.mountNs);
  for (const [id, tty] of k.state.ttys.entries()) {
    if (tty.index !== minor(rdev) || tty.devpts !== devpts || tty.masters === 0) continue;
    const leads = task.session === task.id && task.tty === null && tty.session === null;
    if (leads && (flags & O_NOCTTY) === 0) setControlling(k, task, id);
    return ok({ kind: 'tty', tty: id, side: 'slave' });
  }
  return err('EIO');
}
