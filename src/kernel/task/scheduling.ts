// What a task is scheduled by beside its nice value: policy, class of input and output, processors. Numbers as the calls have them.
// Counterpart: sched_getscheduler(2), sched_getparam(2), ioprio_set(2), sched_setaffinity(2)
// Deviates: they are kept, inherited and shown, and change nothing about who runs when.

import { err, type Kernel, type Outcome, ok, type Res } from '../context.ts';
import { need } from '../cred/need.ts';
import type { Task } from '../state.ts';
import { taskByPid } from './ids.ts';
import { mayRenice } from './limits.ts';

type Rule = (k: Kernel, task: Task, args: readonly number[]) => Outcome<number>;

/** By number; 4 is not used. */
/** By their numbers. */
export const POLICIES = ['SCHED_OTHER', 'SCHED_FIFO', 'SCHED_RR', 'SCHED_BATCH', undefined, 'SCHED_IDLE'];
const IOPRIO_CLASS_SHIFT = 13;
const IOPRIO_CLASS_RT = 1;

/** A rule about the task of a pid, 0 being the caller. */
const about =
  (rule: (target: Task, k: Kernel, task: Task, value: number) => Outcome<number>): Rule =>
  (k, task, [pid = 0, value = 0]) => {
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    return target === undefined ? err('ESRCH') : rule(target, k, task, value);
  };

const processors = (k: Kernel): number => 2 ** Number(k.state.sysctls['machine/cpus'] ?? 2) - 1;

/** The realtime class is for the privileged; the class "none" has no levels. Counterpart: ioprio_check_cap, set_task_ioprio */
const setIoprio = about((target, k, task, ioprio) => {
  const kind = ioprio >> IOPRIO_CLASS_SHIFT;
  if (kind > 3 || (kind === 0 && (ioprio & 7) !== 0)) return err('EINVAL');
  const realtime: Res<void> =
    kind === IOPRIO_CLASS_RT && !need(k, task, 0, 'CAP_SYS_ADMIN').ok ? need(k, task, 0, 'CAP_SYS_NICE') : ok(undefined);
  if (!realtime.ok) return realtime;
  if (target.cred.ruid !== task.cred.euid && target.cred.ruid !== task.cred.ruid) {
    const may = need(k, task, 0, 'CAP_SYS_NICE');
    if (!may.ok) return may;
  }
  k.updateTask(target.id, { ioprio });
  return ok(0);
});

const setAffinity = about((target, k, task, mask) => {
  const may = mayRenice(k, task, target);
  if (!may.ok) return may;
  const affinity = mask & processors(k);
  if (affinity === 0) return err('EINVAL');
  k.updateTask(target.id, { affinity });
  return ok(0);
});

/** Rules by the name of the call: syscall(NAME, pid, value). */
export const schedulingRules: Readonly<Record<string, Rule>> = {
  sched_getscheduler: about((target) => ok(POLICIES.indexOf(target.policy))),
  sched_getparam: about((target) => ok(target.priority ?? 0)),
  ioprio_get: about((target) => ok(target.ioprio ?? 0)),
  ioprio_set: setIoprio,
  sched_getaffinity: about((target, k) => ok(target.affinity ?? processors(k))),
  sched_setaffinity: setAffinity,
};
