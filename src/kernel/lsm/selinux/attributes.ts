// Contexts as attributes: security.selinux, /proc/PID/attr, and what a call that succeeded leaves on new files.
// Counterpart: security/selinux/hooks.c selinux_inode_setxattr, selinux_setprocattr, selinux_inode_init_security

import { PMap } from '#base/pmap.ts';
import { err, type Kernel, ok, type Res, refuse } from '../../context.ts';
import { changeInode, inodeAt, mountOf, superblockOf } from '../../fs/inodes.ts';
import type { Inode, Location, Task } from '../../state.ts';
import type { FileAccess } from '../access.ts';
import { BOOT_CONTEXT } from '../state.ts';
import { contextText, parseContext } from './context.ts';
import { labelBytes, labelOf, newLabel, XATTR } from './label.ts';
import { isConfined, knownType, transition } from './policy.ts';

/** A context the policy knows; EINVAL otherwise. */
export function validContext(text: string): Res<string> {
  const context = parseContext(text);
  return context !== undefined && knownType(context.type) ? ok(contextText(context)) : err('EINVAL');
}

/** The value of security.selinux, also where nothing is stored. */
export const contextAttribute = (k: Kernel, at: Location, inode: Inode): Uint8Array => labelBytes(labelOf(k, at, inode));

/** Does the file system keep contexts? Not with a context of the mount, not without attributes. */
export function keepsContexts(k: Kernel, at: Location): boolean {
  const sb = superblockOf(k, at);
  return sb.context === undefined && k.drivers[sb.fstype] === undefined;
}

/** What a task writes to its attr/exec: the context of its next program. */
export function writeExecContext(k: Kernel, task: Task, text: string): Res<void> {
  const own = parseContext(task.cred.label ?? '');
  if (text.replace(/[\0\n]/g, '') === '') {
    const { execLabel: _gone, ...cred } = task.cred;
    k.updateTask(task.id, { cred });
    return ok(undefined);
  }
  const valid = validContext(text);
  if (!valid.ok) return valid;
  if (own !== undefined && isConfined(own.type) && parseContext(valid.value)?.type !== own.type)
    return refuse('EACCES', 'selinux.transition', { scontext: task.cred.label ?? '', asked: valid.value });
  k.updateTask(task.id, { cred: { ...task.cred, execLabel: valid.value } });
  return ok(undefined);
}

/** The context after an execve that was allowed. */
export function contextAfterExec(k: Kernel, task: Task, at: Location | null): string {
  const { label = '', execLabel } = task.cred;
  if (execLabel !== undefined) return execLabel;
  const own = parseContext(label);
  const inode = at === null ? undefined : inodeAt(k, at, task);
  if (own === undefined || at === null || inode === undefined) return label;
  return contextText({ ...own, type: transition(own.type, labelOf(k, at, inode).type) });
}

const EMPTY = PMap.empty<Uint8Array>();
const MAKES = ['mknod', 'mkdir', 'symlink'];

/** Gives new files their context. `k.state` is the state after the call. */
export function labelNewFiles(k: Kernel, task: Task, accesses: readonly FileAccess[]): void {
  if (task.cred.label === BOOT_CONTEXT) return;
  for (const access of accesses) {
    if (!MAKES.includes(access.operation) || access.at !== null || !keepsContexts(k, access.dir)) continue;
    const dir = inodeAt(k, access.dir, task);
    const name = access.path.replace(/\/$/, '').split('/').at(-1) ?? '';
    const ino = dir?.dir?.entries.get(name);
    const { sb } = mountOf(k, access.dir.mount);
    const made = ino === undefined ? undefined : k.state.superblocks.get(sb)?.inodes.get(ino);
    if (dir === undefined || made === undefined || made.xattrs?.has(XATTR)) continue;
    const xattrs = (made.xattrs ?? EMPTY).set(XATTR, labelBytes(newLabel(k, task, access.dir, dir)));
    changeInode(k, sb, made.ino, { xattrs });
  }
}
