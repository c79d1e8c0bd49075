// How tasks end and how they are waited for. Counterpart: kernel/exit.c, wait(2)

import { WCONTINUED, WNOHANG, WUNTRACED } from '#abi/flags.ts';
import { SIGCHLD, SIGCONT, SIGHUP, SIGKILL } from '#abi/signal.ts';
import { err, type Handlers, type Kernel, ok } from '../context.ts';
import { closeFds } from '../fs/files.ts';
import type { Task } from '../state.ts';
import type { WaitStatus } from '../uapi/index.ts';
import { freePids, groupByPid, pidIn, pidNsOf, pidSeen, tasksIn } from './ids.ts';
import { notifyParent, sendSignal, signalGroup } from './signals.ts';

/**
 * Ends a task: descriptors close, children find a new parent, the parent hears of it. The death of pid 1 of a namespace
 * ends everything in it. Counterpart: do_exit
 */
export function terminate(k: Kernel, id: number, status: WaitStatus): void {
  const task = k.task(id);
  if (task === undefined || task.state === 'zombie') return;
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
  k.state = { ...k.state, ttys: k.state.ttys.set(task.tty, { ...tty, session: null, foreground: null }) };
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
  k.state = { ...k.state, tasks: k.state.tasks.set(id, undefined) };
}

export const exitHandlers: Handlers<'exit_group' | 'wait4'> = {
  exit_group(k, task, status) {
    terminate(k, task.id, { kind: 'exited', code: status & 0xff });
    return ok(undefined as never);
  },

  wait4(k, task, pid, options) {
    const group = pid === 0 ? task.pgrp : pid < -1 ? groupByPid(k, task, -pid) : undefined;
    let candidates = 0;
    for (const id of task.children) {
      const child = k.task(id);
      if (child === undefined) continue;
      if (pid > 0 ? pidIn(k.state, child, task.pidNs) !== pid : pid !== -1 && child.pgrp !== group) continue;
      candidates++;
      const status = child.exit;
      if (status === null) continue;
      if (child.state === 'zombie') {
        const seen = pidSeen(k, task, id);
        reap(k, id);
        return ok({ pid: seen, status });
      }
      if (status.kind === 'stopped' ? (options & WUNTRACED) === 0 : (options & WCONTINUED) === 0) continue;
      k.updateTask(id, { exit: null });
      return ok({ pid: pidSeen(k, task, id), status });
    }
    if (candidates === 0) return err('ECHILD');
    if (options & WNOHANG) return ok({ pid: 0, status: null });
    return { ok: 'block', wait: { keys: [`child:${task.id}`], deadline: null } };
  },
};
