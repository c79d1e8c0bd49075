// Priorities and resource limits. Counterpart: getpriority(2), sched_setscheduler(2), prlimit(2)

import { DONE, err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { makeKuid } from '../cred/ids.ts';
import { need, nsCapable } from '../cred/need.ts';
import type { Task } from '../state.ts';
import type { Rlimit } from '../uapi/index.ts';
import { groupByPid, groupMembers, taskByPid, tasksIn } from './ids.ts';

/** Deviates: RLIMIT_CPU and RLIMIT_AS are kept and shown, not enforced: time is made of calls here, and there is no memory. Limits a task starts with when nobody set others. Counterpart: include/asm-generic/resource.h */
export const DEFAULT_RLIMITS: Readonly<Record<Rlimit, readonly [number, number]>> = {
  RLIMIT_CPU: [Infinity, Infinity],
  RLIMIT_FSIZE: [Infinity, Infinity],
  RLIMIT_DATA: [Infinity, Infinity],
  RLIMIT_STACK: [8388608, Infinity],
  RLIMIT_CORE: [0, Infinity],
  RLIMIT_RSS: [Infinity, Infinity],
  RLIMIT_NPROC: [Infinity, Infinity],
  RLIMIT_NOFILE: [1024, 4096],
  RLIMIT_MEMLOCK: [8388608, 8388608],
  RLIMIT_AS: [Infinity, Infinity],
  RLIMIT_LOCKS: [Infinity, Infinity],
  RLIMIT_SIGPENDING: [96365, 96365],
  RLIMIT_MSGQUEUE: [819200, 819200],
  RLIMIT_NICE: [0, 0],
  RLIMIT_RTPRIO: [0, 0],
  RLIMIT_RTTIME: [Infinity, Infinity],
};

function chosen(k: Kernel, task: Task, which: 'PRIO_PROCESS' | 'PRIO_PGRP' | 'PRIO_USER', who: number): readonly Task[] {
  if (which === 'PRIO_PROCESS') {
    const target = who === 0 ? task : taskByPid(k, task, who);
    return target === undefined ? [] : [target];
  }
  if (which === 'PRIO_PGRP') {
    const group = who === 0 ? task.pgrp : groupByPid(k, task, who);
    return group === undefined ? [] : groupMembers(k, task.pidNs, group);
  }
  const uid = who === 0 ? task.cred.ruid : makeKuid(k.state, task.cred.userNs, who);
  return [...tasksIn(k, task.pidNs)].filter((other) => other.cred.ruid === uid);
}

/** Same user, or CAP_SYS_NICE over the target. Counterpart: set_one_prio_perm, check_same_owner */
export function mayRenice(k: Kernel, task: Task, target: Task): Res<void> {
  const { euid } = task.cred;
  if (euid === target.cred.ruid || euid === target.cred.euid) return ok(undefined);
  return need(k, task, target.cred.userNs, 'CAP_SYS_NICE');
}

export const limitHandlers: Handlers<'getpriority' | 'setpriority' | 'sched_setscheduler' | 'prlimit64'> = {
  getpriority(k, task, which, who) {
    const targets = chosen(k, task, which, who);
    return targets.length === 0 ? err('ESRCH') : ok(Math.min(...targets.map((target) => target.nice)));
  },

  setpriority(k, task, which, who, asked) {
    const nice = Math.max(-20, Math.min(19, asked));
    const targets = chosen(k, task, which, who);
    if (targets.length === 0) return err('ESRCH');
    let result: Res<void> = ok(undefined);
    for (const target of targets) {
      const may = mayRenice(k, task, target);
      if (!may.ok) {
        result = may;
        continue;
      }
      const limit = 20 - (target.rlimits.RLIMIT_NICE?.[0] ?? 0);
      if (nice < target.nice && nice < limit) {
        const able = need(k, task, 0, 'CAP_SYS_NICE');
        if (!able.ok) {
          result = err('EACCES', able.verdict);
          continue;
        }
      }
      k.updateTask(target.id, { nice });
    }
    return result;
  },

  sched_setscheduler(k, task, pid, policy, priority) {
    const realtime = policy === 'SCHED_FIFO' || policy === 'SCHED_RR';
    if (realtime ? priority < 1 || priority > 99 : priority !== 0) return err('EINVAL');
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    if (target === undefined) return err('ESRCH');
    const limit = target.rlimits.RLIMIT_RTPRIO?.[0] ?? 0;
    if (realtime && priority > limit) {
      const able = need(k, task, 0, 'CAP_SYS_NICE');
      if (!able.ok) return able;
    }
    const may = mayRenice(k, task, target);
    if (!may.ok) return may;
    k.updateTask(target.id, { policy, priority });
    return DONE;
  },

  prlimit64(k, task, pid, resource, limit) {
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    if (target === undefined) return err('ESRCH');
    const a = task.cred;
    const b = target.cred;
    const same = a.ruid === b.ruid && a.ruid === b.euid && a.ruid === b.suid && a.rgid === b.rgid && a.rgid === b.egid && a.rgid === b.sgid;
    if (target.id !== task.id && !same && !nsCapable(k.state, a, b.userNs, 'CAP_SYS_RESOURCE')) {
      return refuse('EPERM', 'prlimit.sameUser', { ruid: a.ruid, targetRuid: b.ruid, effective: a.effective });
    }
    const old = target.rlimits[resource] ?? DEFAULT_RLIMITS[resource];
    if (limit === null) return ok(old);
    const [soft, hard] = limit;
    if (soft > hard) return err('EINVAL');
    if (resource === 'RLIMIT_NOFILE' && hard > Number(k.state.sysctls['fs/nr_open'] ?? 1048576))
      return refuse('EPERM', 'prlimit.nr_open', { hard, nr_open: String(k.state.sysctls['fs/nr_open'] ?? 1048576) });
    if (hard > old[1]) {
      const able = need(k, task, 0, 'CAP_SYS_RESOURCE');
      if (!able.ok) return able;
    }
    k.updateTask(target.id, { rlimits: { ...target.rlimits, [resource]: [soft, hard] } });
    return ok(old);
  },
};
