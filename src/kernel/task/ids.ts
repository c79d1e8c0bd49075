// Pids: finding tasks by the pid a namespace shows, and giving pids out.
// Counterpart: kernel/pid.c, pid_namespaces(7)

import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import type { KernelState, PidNs, Task } from '../state.ts';

/** The pid namespace with an id; an id from a task is always there. */
export const pidNsOf = (state: KernelState, id: number): PidNs => state.pidNs.get(id) as PidNs;

/** A task's pid as a pid namespace shows it; 0 when the task is not visible there. Counterpart: task_pid_nr_ns */
export function pidIn(state: KernelState, task: Task, ns: number): number {
  if (task.pidNs === ns) return task.pids[0] as number;
  const at = pidNsOf(state, task.pidNs).level - pidNsOf(state, ns).level;
  const pid = at < 0 ? undefined : task.pids[at];
  return pid !== undefined && pidNsOf(state, ns).members.get(pid) === task.id ? pid : 0;
}

/** The task that a viewer's pid namespace shows under a pid, zombies included. Counterpart: find_task_by_vpid */
export function taskByPid(k: Kernel, viewer: Task, pid: number): Task | undefined {
  const id = pidNsOf(k.state, viewer.pidNs).members.get(pid);
  return id === undefined ? undefined : k.task(id);
}

/** The pid of another task as `viewer` sees it; 0 when it does not. */
export function pidSeen(k: Kernel, viewer: Task, id: number): number {
  const task = k.task(id);
  if (task !== undefined) return pidIn(k.state, task, viewer.pidNs);
  return 0;
}

/** Tasks a namespace shows, in ascending order of pid. */
export function* tasksIn(k: Kernel, ns: number): Generator<Task> {
  for (const [, id] of pidNsOf(k.state, ns).members.entries()) {
    const task = k.task(id);
    if (task !== undefined) yield task;
  }
}

/** Global id of the group or session a namespace shows under a pid, even when its leader is gone. */
export function groupByPid(k: Kernel, viewer: Task, pid: number): number | undefined {
  return pidNsOf(k.state, viewer.pidNs).members.get(pid);
}

/** The number a namespace shows for a group or session; 0 when it is not visible there. */
export function groupSeen(k: Kernel, viewer: Task, group: number): number {
  const leader = k.task(group);
  if (leader !== undefined) return pidIn(k.state, leader, viewer.pidNs);
  for (const [pid, id] of pidNsOf(k.state, viewer.pidNs).members.entries()) if (id === group) return pid;
  return 0;
}

/** Members of a process group (global id of its leader). */
export function groupMembers(k: Kernel, ns: number, pgrp: number): Task[] {
  return [...tasksIn(k, ns)].filter((task) => task.pgrp === pgrp);
}

/** Takes a new pid in a namespace and all its ancestors: pids from the innermost outwards; the last is the global id. */
export function allocatePids(k: Kernel, ns: number): readonly number[] {
  const pids: number[] = [];
  const levels: number[] = [];
  for (let at: number | null = ns; at !== null; at = pidNsOf(k.state, at).parent) {
    levels.push(at);
    pids.push(pidNsOf(k.state, at).lastPid + 1);
  }
  const id = pids[pids.length - 1] as number;
  let spaces = k.state.pidNs;
  levels.forEach((level, at) => {
    const space = spaces.get(level) as PidNs;
    const pid = pids[at] as number;
    spaces = spaces.set(level, {
      ...space,
      lastPid: pid,
      init: space.init ?? id,
      members: space.members.set(pid, id),
      live: space.live + 1,
    });
  });
  k.state = withState(k.state, { pidNs: spaces });
  return pids;
}

/** Gives the pids of a task back; those of a group or session with members left stay known. Counterpart: free_pid */
export function freePids(k: Kernel, task: Task): void {
  const led =
    task.pgrp === task.id &&
    [...tasksIn(k, task.pidNs)].some((other) => other.id !== task.id && (other.pgrp === task.id || other.session === task.id));
  let spaces = k.state.pidNs;
  let level: number | null = task.pidNs;
  for (const pid of task.pids) {
    if (level === null) break;
    const space: PidNs = spaces.get(level) as PidNs;
    spaces = spaces.set(level, { ...space, members: led ? space.members : space.members.set(pid, undefined), live: space.live - 1 });
    level = space.parent;
  }
  k.state = withState(k.state, { pidNs: spaces });
}

/** Is `ns` the namespace `inner` or one of its ancestors? */
export function pidNsContains(state: KernelState, ns: number, inner: number): boolean {
  for (let at: number | null = inner; at !== null; at = pidNsOf(state, at).parent) if (at === ns) return true;
  return false;
}

/** Is a task pid 1 of this namespace? */
export const isNsInitOf = (state: KernelState, task: Task, ns: number): boolean => pidNsOf(state, ns).init === task.id;
