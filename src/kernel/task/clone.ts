// clone(2). Counterpart: kernel/fork.c copy_process

import { CLONE_NEWPID, PF_FORKNOEXEC } from '#abi/flags.ts';
import { err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { withState, withTask } from '../copy.ts';
import { createNamespaces } from '../cred/namespaces.ts';
import { need } from '../cred/need.ts';
import { dupFdTable } from '../fs/files.ts';
import type { Task } from '../state.ts';
import { allocatePids, pidIn, pidNsOf } from './ids.ts';
import { followChild } from './trace.ts';

/** Refuses a new task beyond the limits of the machine, of a cgroup (pids.max) and of RLIMIT_NPROC. */
function withinLimits(k: Kernel, task: Task): Res<void> {
  const threadsMax = Number(k.state.sysctls['kernel/threads-max'] ?? 4096);
  if (pidNsOf(k.state, 0).live >= threadsMax) return refuse('EAGAIN', 'clone.threads_max', { limit: threadsMax });
  for (const [path, limit] of Object.entries(k.state.pidsMax ?? {})) {
    if (task.cgroup !== path && !task.cgroup.startsWith(`${path}/`)) continue;
    let count = 0;
    for (const [, other] of k.state.tasks.entries()) if (other.cgroup === path || other.cgroup.startsWith(`${path}/`)) count++;
    if (count >= limit) return refuse('EAGAIN', 'cgroup.pids_max', { limit });
  }
  const perUser = task.rlimits.RLIMIT_NPROC?.[0] ?? Infinity;
  if (perUser !== Infinity && task.cred.ruid !== 0) {
    let count = 0;
    for (const [, other] of k.state.tasks.entries()) if (other.cred.ruid === task.cred.ruid) count++;
    if (count >= perUser && !need(k, task, 0, 'CAP_SYS_RESOURCE').ok && !need(k, task, 0, 'CAP_SYS_ADMIN').ok)
      return refuse('EAGAIN', 'clone.rlimit_nproc', { limit: perUser });
  }
  return ok(undefined);
}

export const cloneHandlers: Handlers<'clone'> = {
  clone(k, task, { flags, main, parentIsMine, cgroup, cgroupFiles }) {
    // cgroup.procs belongs to the node's root. Counterpart: cgroup_attach_permissions
    if (cgroup !== undefined && task.cred.fsuid !== 0) return refuse('EACCES', 'dac.other', { fsuid: task.cred.fsuid, fileUid: 0 });
    const within = withinLimits(k, task);
    if (!within.ok) return within;
    const childSpace = pidNsOf(k.state, task.pidNsForChildren);
    if (
      task.pidNsForChildren !== task.pidNs &&
      childSpace.init !== null &&
      k.task(childSpace.init)?.state !== 'running' &&
      k.task(childSpace.init)?.state !== 'sleeping'
    ) {
      return err('ENOMEM'); // the namespace's pid 1 is gone
    }
    const spaces = createNamespaces(k, task, flags);
    if (!spaces.ok) return spaces;
    if (cgroup !== undefined && cgroupFiles !== undefined)
      k.state = withState(k.state, { cgroupFiles: { ...k.state.cgroupFiles, [cgroup]: cgroupFiles } });
    const pidNs = flags & CLONE_NEWPID ? (spaces.value.pidNsForChildren as number) : task.pidNsForChildren;
    const pids = allocatePids(k, pidNs);
    const id = pids[pids.length - 1] as number;
    const ppid = parentIsMine ? task.ppid : task.id;
    const child = withTask(task, {
      ...spaces.value,
      ...(cgroup !== undefined && { cgroup }),
      id,
      pids,
      pidNs,
      pidNsForChildren: pidNs,
      ppid,
      children: [],
      state: 'running',
      exit: null,
      fds: dupFdTable(k, task.fds),
      pending: [],
      caught: [],
      pdeathsig: 0,
      subreaper: false,
      startTime: k.state.monotonic,
      utime: 0n,
      cutime: 0n,
      wait: null,
      alarm: null,
      lastDenial: null,
      flags: PF_FORKNOEXEC,
      traced: null,
      tracing: null,
    });
    k.state = withState(k.state, { tasks: k.state.tasks.set(id, child) });
    const parent = k.task(ppid);
    if (parent !== undefined) k.updateTask(ppid, { children: [...parent.children, id] });
    k.install?.(id, main());
    if (task.traced?.follow) followChild(k, task.traced, id);
    return ok(pidIn(k.state, child, task.pidNs));
  },
};
