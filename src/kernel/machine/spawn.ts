// Making a task from outside, as if it had always been there.

import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import { firstLabel } from '../lsm/state.ts';
import type { FileTarget, Task } from '../state.ts';
import { allocatePids } from '../task/ids.ts';
import { updateTty } from '../tty/tty.ts';
import { ROOT_CRED } from './boot.ts';
import { installTarget } from './targets.ts';
import type { SpawnOptions } from './types.ts';

/** Adds the task to the state; its global id. The caller starts the program. */
export function addTask(k: Kernel, options: SpawnOptions): number {
  const spaces = options.namespaces ?? {};
  const pidNs = spaces.pidNs ?? 0;
  const parent = options.parent === undefined ? k.task(k.state.pidNs.get(0)?.init ?? 0) : k.task(options.parent);
  const pids = allocatePids(k, pidNs);
  const id = pids[pids.length - 1] as number;
  const mountNs = spaces.mountNs ?? 0;
  const top = k.state.mountNs.get(mountNs)?.root ?? 0;
  const root = options.root ?? { mount: top, ino: k.state.mounts.get(top)?.root ?? 0 };
  const own = options.newSession ?? true;
  const label = firstLabel(k.state);
  const task: Task = {
    id,
    pids,
    pidNs,
    pidNsForChildren: pidNs,
    ppid: parent?.id ?? 0,
    children: [],
    pgrp: own ? id : (parent?.pgrp ?? id),
    session: own ? id : (parent?.session ?? id),
    tty: options.tty ?? (own ? null : (parent?.tty ?? null)),
    state: 'running',
    exit: null,
    comm: options.comm.slice(0, 15),
    argv: options.argv ?? [options.comm],
    envp: options.env ?? [],
    exe: null,
    cred: {
      ...ROOT_CRED,
      ...(label !== undefined && { label }),
      ...(spaces.userNs !== undefined && { userNs: spaces.userNs }),
      ...options.cred,
    },
    noNewPrivs: false,
    dumpable: true,
    seccomp: [],
    umask: options.umask ?? 0o022,
    cwd: options.cwd ?? root,
    root,
    mountNs,
    utsNs: spaces.utsNs ?? 0,
    ipcNs: spaces.ipcNs ?? 0,
    netNs: spaces.netNs ?? 0,
    cgroupNs: spaces.cgroupNs ?? 0,
    cgroup: options.cgroup ?? '/',
    fds: [],
    dispositions: {},
    blocked: [],
    pending: [],
    caught: [],
    pdeathsig: 0,
    subreaper: false,
    nice: 0,
    policy: 'SCHED_OTHER',
    oomScoreAdj: options.oomScoreAdj ?? 0,
    oomScoreAdjMin: 0,
    rlimits: options.rlimits ?? {},
    startTime: k.state.monotonic,
    utime: 0n,
    cutime: 0n,
    wait: null,
    alarm: null,
    lastDenial: null,
    loginuid: 4294967295,
    listening: null,
    traced: null,
    tracing: null,
  };
  k.state = withState(k.state, { tasks: k.state.tasks.set(id, task) });
  const made = new Map<FileTarget, number>();
  options.fds?.forEach((target, fd) => {
    if (target !== undefined) installTarget(k, id, fd, target, made);
  });
  if (parent !== undefined) k.updateTask(parent.id, { children: [...parent.children, id] });
  if (options.tty !== undefined) updateTty(k, options.tty, { session: id, foreground: id });
  return id;
}
