// The questions that either module answers. Counterpart: security/security.c

import { type Kernel, ok, type Res } from '../context.ts';
import type { KernelState, Task } from '../state.ts';
import type { FileAccess } from './access.ts';
import { labelAllowsCapability, mediateFile, mediatePtrace, mediateSignal, profileOf, refuseCapability } from './apparmor/enforce.ts';
import { checkFile, checkTask, confinedContext, contextAllowsCapability, refuseContextCapability } from './selinux/enforce.ts';

const selinux = ({ lsm }: KernelState): boolean => lsm?.kind === 'selinux';

/** Is a task with this label limited by anything? */
export const isConfinedLabel = (state: KernelState, label: string | undefined): boolean =>
  selinux(state) ? confinedContext(state, label) !== undefined : profileOf(state, label) !== undefined;

export const capabilityAllowed = (state: KernelState, label: string, cap: string): boolean =>
  selinux(state) ? contextAllowsCapability(state, label, cap) : labelAllowsCapability(state, label, cap);

export const refusedCapability = (k: Kernel, task: Task, cap: string): Res<void> =>
  selinux(k.state) ? refuseContextCapability(k, task, cap) : refuseCapability(k, task, cap);

export const fileAllowed = (k: Kernel, task: Task, access: FileAccess): Res<void> =>
  selinux(k.state) ? checkFile(k, task, access) : mediateFile(k, task, access);

/** Permissions of class process by signal. */
const SIGNAL_PERMISSION: Readonly<Record<string, string>> = { kill: 'sigkill', stop: 'sigstop', chld: 'sigchld', exists: 'signull' };

export function signalAllowed(k: Kernel, from: Task, to: Task, signal: string): Res<void> {
  if (k.state.lsm === undefined) return ok(undefined);
  return selinux(k.state) ? checkTask(k, from, to, SIGNAL_PERMISSION[signal] ?? 'signal') : mediateSignal(k, from, to, signal);
}

export function ptraceAllowed(k: Kernel, tracer: Task, target: Task, how: 'read' | 'trace'): Res<void> {
  if (k.state.lsm === undefined) return ok(undefined);
  return selinux(k.state) ? checkTask(k, tracer, target, 'ptrace') : mediatePtrace(k, tracer, target, how);
}
