// Processes, groups, sessions, kill and signal dispositions. Counterpart: kernel/sys.c, kernel/signal.c, credentials(7), kill(2)

import { SIGCHLD, SIGCONT, SIGKILL, SIGNALS, SIGSTOP } from '#abi/signal.ts';
import { type Check, check, deny } from '#provenance/verdict.ts';
import { DONE, err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import { signalAllowed } from '../lsm/module.ts';
import type { Task } from '../state.ts';
import { groupByPid, groupMembers, groupSeen, isNsInitOf, pidSeen, taskByPid, tasksIn } from './ids.ts';
import { deliverPending, IGNORED_BY_DEFAULT, sendSignal, sparesInit } from './signals.ts';

/** May this task signal that one? Counterpart: kill_ok_by_cred, check_kill_permission */
export function killPermission(k: Kernel, from: Task, to: Task, signal: number): Res<void> {
  const may = byCredentials(k, from, to, signal);
  return may.ok ? signalAllowed(k, from, to, signal === 0 ? 'exists' : (SIGNALS[signal] ?? String(signal)).toLowerCase()) : may;
}

function byCredentials(k: Kernel, from: Task, to: Task, signal: number): Res<void> {
  const a = from.cred;
  const b = to.cred;
  const checks: Check[] = [];
  const same = a.euid === b.suid || a.euid === b.ruid || a.ruid === b.suid || a.ruid === b.ruid;
  checks.push(check('kill.sameUser', same ? 'allow' : 'skip', { euid: a.euid, ruid: a.ruid, targetRuid: b.ruid, targetSuid: b.suid }));
  if (same) return ok(undefined);
  const sameSession = signal === SIGCONT && from.session === to.session;
  if (sameSession) return ok(undefined);
  const cap = nsCapable(k.state, a, b.userNs, 'CAP_KILL');
  checks.push({ ...lacks(a, 'CAP_KILL', b.userNs), outcome: cap ? 'allow' : 'deny' });
  return cap ? ok(undefined) : err('EPERM', deny(checks));
}

/** Sends a signal to several tasks: success if one got it, else the last refusal. */
function killMany(k: Kernel, from: Task, targets: readonly Task[], signal: number): Res<void> {
  let last: Res<void> = err('ESRCH');
  let sent = false;
  for (const target of targets) {
    const may = killPermission(k, from, target, signal);
    if (may.ok) {
      sent = true;
      sendSignal(k, target.id, signal, from);
    } else last = may;
  }
  return sent ? ok(undefined) : last;
}

type Names =
  | 'getpid'
  | 'getppid'
  | 'getpgid'
  | 'setpgid'
  | 'getsid'
  | 'setsid'
  | 'kill'
  | 'rt_sigaction'
  | 'rt_sigprocmask'
  | 'sigtake'
  | 'proctitle'
  | 'pause'
  | 'sched_yield';

export const jobHandlers: Handlers<Names> = {
  getpid: (_k, task) => ok(task.pids[0] as number),
  getppid: (k, task) => ok(pidSeen(k, task, task.ppid)),
  sched_yield: () => DONE,

  getpgid(k, task, pid) {
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    return target === undefined ? err('ESRCH') : ok(groupSeen(k, task, target.pgrp));
  },

  getsid(k, task, pid) {
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    return target === undefined ? err('ESRCH') : ok(groupSeen(k, task, target.session));
  },

  setpgid(k, task, pid, pgid) {
    if (pgid < 0) return err('EINVAL');
    const target = pid === 0 ? task : taskByPid(k, task, pid);
    if (target === undefined) return err('ESRCH');
    if (target.id !== task.id) {
      if (target.ppid !== task.id) return err('ESRCH');
      if (target.session !== task.session)
        return refuse('EPERM', 'session.child', { session: task.session, targetSession: target.session });
      // Deviates: the child may be moved after its execve too (EACCES in Linux); a shell does it before anyway.
    }
    if (target.session === target.id) return refuse('EPERM', 'session.leader');
    const group = pgid === 0 ? target.id : groupByPid(k, task, pgid);
    if (group === undefined || (group !== target.id && !groupMembers(k, 0, group).some((member) => member.session === task.session)))
      return refuse('EPERM', 'session.group', { pgid });
    k.updateTask(target.id, { pgrp: group });
    return DONE;
  },

  setsid(k, task) {
    if (task.session === task.id || groupMembers(k, 0, task.id).length > 0) return refuse('EPERM', 'session.setsid');
    k.updateTask(task.id, { session: task.id, pgrp: task.id, tty: null });
    return ok(task.pids[0] as number);
  },

  kill(k, task, pid, signal) {
    if (signal < 0 || signal > 64) return err('EINVAL');
    if (pid > 0) {
      const target = taskByPid(k, task, pid);
      if (target === undefined) return err('ESRCH');
      const may = killPermission(k, task, target, signal);
      if (!may.ok) return may;
      const arrives = signal === 0 || IGNORED_BY_DEFAULT.includes(signal) || !sparesInit(k, target, signal, task);
      sendSignal(k, target.id, signal, task);
      if (arrives) return DONE;
      const notice = deny([check('kill.nsInit', 'deny', { pid, signal: `SIG${SIGNALS[signal]}` })]);
      return { ...DONE, notice };
    }
    if (pid === -1) {
      const others = [...tasksIn(k, task.pidNs)].filter((other) => other.id !== task.id && !isNsInitOf(k.state, other, task.pidNs));
      return killMany(k, task, others, signal);
    }
    const group = pid === 0 ? task.pgrp : groupByPid(k, task, -pid);
    if (group === undefined) return err('ESRCH');
    return killMany(k, task, groupMembers(k, task.pidNs, group), signal);
  },

  rt_sigaction(k, task, signal, disposition) {
    if (signal < 1 || signal > 64) return err('EINVAL');
    const old = task.dispositions[signal] ?? 'default';
    if (signal === SIGKILL || signal === SIGSTOP) return disposition === old ? ok(old) : err('EINVAL');
    if (old === disposition) return ok(old);
    const dropped = disposition === 'ignore' || (disposition === 'default' && signal === SIGCHLD);
    k.updateTask(task.id, {
      dispositions: { ...task.dispositions, [signal]: disposition },
      ...(dropped && { pending: task.pending.filter((s) => s !== signal) }),
      ...(disposition !== 'handle' && { caught: task.caught.filter((s) => s !== signal) }),
    });
    return ok(old);
  },

  rt_sigprocmask(k, task, how, signals) {
    const old = task.blocked;
    const able = signals.filter((s) => s !== SIGKILL && s !== SIGSTOP);
    const blocked =
      how === 'SIG_SETMASK' ? [...able] : how === 'SIG_BLOCK' ? [...new Set([...old, ...able])] : old.filter((s) => !able.includes(s));
    if (blocked.length === 0 && old.length === 0) return ok(old);
    k.updateTask(task.id, { blocked: blocked.sort((a, b) => a - b) });
    deliverPending(k, task.id);
    return ok(old);
  },

  proctitle(k, task, argv) {
    k.updateTask(task.id, { argv });
    return ok(undefined);
  },
  sigtake(k, task) {
    if (task.caught.length > 0) k.updateTask(task.id, { caught: [] });
    return ok(task.caught);
  },

  pause: (_k, task) => ({ ok: 'block', wait: { keys: [`signal:${task.id}`], deadline: null } }),
};
