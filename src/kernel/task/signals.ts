// Delivery of signals and the end of tasks: a signal ends a task, and its end sends signals, so they are one file.
// Counterpart: kernel/signal.c, kernel/exit.c, signal(7)

import { SIGCHLD, SIGCONT, SIGHUP, SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH } from '#abi/signal.ts';
import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import { closeFds } from '../fs/files.ts';
import { releaseMountNs } from '../fs/reclaim.ts';
import type { Task } from '../state.ts';
import type { WaitStatus } from '../uapi/index.ts';
import { freePids, groupMembers, pidNsContains, pidNsOf, tasksIn } from './ids.ts';

import { endTrace, tellSignal, tellStop } from './trace.ts';

const SIGURG = 23;
const STOPS: readonly number[] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU];
export const IGNORED_BY_DEFAULT: readonly number[] = [SIGCHLD, SIGCONT, SIGURG, SIGWINCH];

/** Is this task pid 1 of its pid namespace? */
export const isNsInit = (k: Kernel, task: Task): boolean => pidNsOf(k.state, task.pidNs).init === task.id;

/** Pid 1 of a pid namespace takes only what it has a handler for; KILL and STOP reach it from an ancestor namespace. Counterpart: sig_task_ignored */
export function sparesInit(k: Kernel, task: Task, signal: number, from: Task | null): boolean {
  const unstoppable = signal === SIGKILL || signal === SIGSTOP;
  if (!unstoppable && (task.dispositions[signal] ?? 'default') !== 'default') return false;
  const forced = from === null || !pidNsContains(k.state, task.pidNs, from.pidNs);
  return isNsInit(k, task) && !(forced && unstoppable);
}

/**
 * Sends a signal that permission has been settled for. `from` null: the kernel or the outside.
 * Counterpart: send_signal_locked, get_signal
 */
export function sendSignal(k: Kernel, id: number, signal: number, from: Task | null): void {
  const target = k.task(id);
  if (target === undefined || target.state === 'zombie' || signal === 0) return;
  const unstoppable = signal === SIGKILL || signal === SIGSTOP;
  if (signal === SIGCONT) resume(k, target);
  else if (STOPS.includes(signal)) dropPending(k, target.id, (s) => s === SIGCONT);
  const task = k.task(id) as Task;
  const disposition = unstoppable ? 'default' : (task.dispositions[signal] ?? 'default');
  if (sparesInit(k, task, signal, from)) return;
  if (!unstoppable && (task.blocked.includes(signal) || waitsForCont(task, signal, disposition))) {
    if (!task.pending.includes(signal)) k.updateTask(id, { pending: [...task.pending, signal] });
    return;
  }
  if (task.traced !== null) tellSignal(k, task, signal, from);
  act(k, task, signal, disposition);
}

/** A stopped task deals with a signal when it goes on; one that would be ignored is gone. */
const waitsForCont = (task: Task, signal: number, disposition: string): boolean =>
  task.state === 'stopped' &&
  signal !== SIGCONT &&
  disposition !== 'ignore' &&
  !STOPS.includes(signal) &&
  (disposition === 'handle' || !IGNORED_BY_DEFAULT.includes(signal));

function act(k: Kernel, task: Task, signal: number, disposition: 'default' | 'ignore' | 'handle'): void {
  if (disposition === 'ignore') return;
  if (disposition === 'handle') {
    if (!task.caught.includes(signal)) k.updateTask(task.id, { caught: [...task.caught, signal] });
    k.wake(`signal:${task.id}`);
    return;
  }
  if (IGNORED_BY_DEFAULT.includes(signal)) return;
  if (!STOPS.includes(signal)) {
    terminate(k, task.id, { kind: 'signaled', signal, core: false });
    return;
  }
  if (signal !== SIGSTOP && isOrphanedGroup(k, task.pgrp)) return;
  if (task.state === 'stopped') return;
  k.updateTask(task.id, { state: 'stopped', exit: { kind: 'stopped', signal } });
  if (task.traced !== null) tellStop(k, task, signal);
  notifyParent(k, task);
}

/** Tells the parent that a child stopped, continued or ended. */
export function notifyParent(k: Kernel, task: Task): void {
  if (task.ppid === 0) return;
  k.wake(`child:${task.ppid}`);
  sendSignal(k, task.ppid, SIGCHLD, task);
}

function resume(k: Kernel, task: Task): void {
  dropPending(k, task.id, (s) => STOPS.includes(s));
  if (task.state !== 'stopped') return;
  k.updateTask(task.id, { state: task.wait === null ? 'running' : 'sleeping', exit: { kind: 'continued' } });
  k.wake(`signal:${task.id}`);
  notifyParent(k, task);
  deliverPending(k, task.id);
}

function dropPending(k: Kernel, id: number, which: (signal: number) => boolean): void {
  const task = k.task(id) as Task;
  if (task.pending.some(which)) k.updateTask(id, { pending: task.pending.filter((s) => !which(s)) });
}

/** Delivers pending signals that are no longer blocked. */
export function deliverPending(k: Kernel, id: number): void {
  for (const signal of k.task(id)?.pending ?? []) {
    const task = k.task(id);
    if (task === undefined || task.state === 'zombie') return;
    if (task.blocked.includes(signal)) continue;
    k.updateTask(id, { pending: task.pending.filter((s) => s !== signal) });
    act(k, k.task(id) as Task, signal, task.dispositions[signal] ?? 'default');
  }
}

/** Sends a signal to all members of a process group. */
export function signalGroup(k: Kernel, pgrp: number, signal: number, from: Task | null): void {
  for (const task of groupMembers(k, 0, pgrp)) sendSignal(k, task.id, signal, from);
}

/** No member has a parent in another group of the same session. Counterpart: is_current_pgrp_orphaned */
export function isOrphanedGroup(k: Kernel, pgrp: number): boolean {
  for (const task of tasksIn(k, 0)) {
    if (task.pgrp !== pgrp || task.state === 'zombie') continue;
    const parent = k.task(task.ppid);
    if (parent !== undefined && parent.pgrp !== pgrp && parent.session === task.session && !isNsInitOfAll(k, parent)) return false;
  }
  return true;
}

const isNsInitOfAll = (k: Kernel, task: Task): boolean => pidNsOf(k.state, 0).init === task.id;

/**
 * Ends a task: descriptors close, children find a new parent, the parent hears of it. The death of pid 1 of a namespace
 * ends everything in it. Counterpart: do_exit
 */
export function terminate(k: Kernel, id: number, status: WaitStatus): void {
  const task = k.task(id);
  if (task === undefined || task.state === 'zombie') return;
  if (task.traced !== null || task.tracing !== null) endTrace(k, task, status);
  k.updateTask(id, { state: 'zombie', exit: status, wait: null, alarm: null, pending: [], caught: [], cutime: task.cutime });
  closeFds(k, id);
  leaveSession(k, task);
  const space = pidNsOf(k.state, task.pidNs);
  if (space.init === id && space.parent !== null) {
    for (const other of [...tasksIn(k, task.pidNs)]) if (other.id !== id) sendSignal(k, other.id, SIGKILL, null);
  }
  reparent(k, task);
  k.exited?.(id, status);
  const parent = k.task(task.ppid);
  if (parent === undefined || parent.state === 'zombie' || parent.dispositions[SIGCHLD] === 'ignore') {
    reap(k, id);
    if (parent !== undefined) k.wake(`child:${parent.id}`);
  } else notifyParent(k, task);
}

/** A session leader that ends hangs its terminal up. Counterpart: disassociate_ctty */
function leaveSession(k: Kernel, task: Task): void {
  if (task.session !== task.id || task.tty === null) return;
  const tty = k.state.ttys.get(task.tty);
  if (tty === undefined || tty.session !== task.id) return;
  k.state = withState(k.state, { ttys: k.state.ttys.set(task.tty, { ...tty, session: null, foreground: null }) });
  for (const member of [...tasksIn(k, 0)])
    if (member.session === task.id && member.tty === task.tty) k.updateTask(member.id, { tty: null });
  if (tty.foreground !== null) {
    signalGroup(k, tty.foreground, SIGHUP, null);
    signalGroup(k, tty.foreground, SIGCONT, null);
  }
}

/** Gives children to the nearest subreaper above, or to pid 1 of the namespace. Counterpart: forget_original_parent */
function reparent(k: Kernel, task: Task): void {
  if (task.children.length === 0) return;
  const heir = newParent(k, task);
  for (const id of task.children) {
    const child = k.task(id);
    if (child === undefined) continue;
    k.updateTask(id, { ppid: heir?.id ?? 0 });
    const current = heir && k.task(heir.id);
    if (current) k.updateTask(current.id, { children: [...current.children, id] });
    if (child.pdeathsig !== 0) sendSignal(k, id, child.pdeathsig, null);
    const now = k.task(id);
    if (now?.state !== 'zombie') continue;
    if (heir === undefined) reap(k, id);
    else notifyParent(k, now);
  }
  k.updateTask(task.id, { children: [] });
}

function newParent(k: Kernel, task: Task): Task | undefined {
  const space = pidNsOf(k.state, task.pidNs);
  for (let up = k.task(task.ppid); up !== undefined && up.pidNs === task.pidNs; up = k.task(up.ppid)) {
    if (up.subreaper && up.state !== 'zombie') return up;
  }
  const init = space.init === null ? undefined : k.task(space.init);
  return init === undefined || init.id === task.id || init.state === 'zombie' ? undefined : init;
}

/** Removes a zombie. */
export function reap(k: Kernel, id: number): void {
  const task = k.task(id);
  if (task === undefined) return;
  freePids(k, task);
  const parent = k.task(task.ppid);
  if (parent !== undefined) {
    k.updateTask(parent.id, {
      children: parent.children.filter((child) => child !== id),
      cutime: parent.cutime + task.utime + task.cutime,
    });
  }
  k.state = withState(k.state, { tasks: k.state.tasks.set(id, undefined) });
  releaseMountNs(k, task.mountNs);
}
