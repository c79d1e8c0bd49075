// Tasks that trace others: stops before and after each system call, and what the tracer is told.
// Counterpart: kernel/ptrace.c, ptrace(2)

import { SIGCHLD, SIGKILL, SIGPIPE, SIGSYS } from '#abi/signal.ts';
import { err, type Handlers, type Kernel, type Outcome, ok, refuse } from '../context.ts';
import { fromKuid } from '../cred/ids.ts';
import type { Task, Traced } from '../state.ts';
import type { SysResult, TraceEvent, Trap, WaitStatus } from '../uapi/index.ts';
import { pidSeen, taskByPid } from './ids.ts';
import { ptraceMayAccess } from './ptrace.ts';

type News = TraceEvent extends infer E ? (E extends TraceEvent ? Omit<E, 'pid'> : never) : never;

/** May a task take its next step? */
export const goesOn = (task: Task | undefined): boolean => task?.state !== 'stopped' && task?.state !== 'tracing';

function tell(k: Kernel, tracer: number, tracee: number, news: News): void {
  const task = k.task(tracer);
  if (task?.tracing == null) return;
  const event = { ...news, pid: pidSeen(k, task, tracee) } as TraceEvent;
  k.updateTask(tracer, { tracing: { ...task.tracing, events: [...task.tracing.events, event] } });
  k.wake(`trace:${tracer}`);
}

function attach(k: Kernel, tracer: number, tracee: number, follow: boolean): void {
  const { tracees = [], events = [] } = k.task(tracer)?.tracing ?? {};
  k.updateTask(tracer, { tracing: { tracees: [...tracees, tracee], events } });
  k.updateTask(tracee, { traced: { tracer, follow, at: null, held: [] } });
}

function resume(k: Kernel, tracee: Task, traced: Traced | null): void {
  const state = tracee.state !== 'tracing' ? tracee.state : tracee.wait === null ? 'running' : 'sleeping';
  k.updateTask(tracee.id, { traced, state });
  k.wake(`signal:${tracee.id}`);
}

function forget(k: Kernel, tracer: number, tracee: number): void {
  const tracing = k.task(tracer)?.tracing;
  if (tracing == null) return;
  const tracees = tracing.tracees.filter((id) => id !== tracee);
  k.updateTask(tracer, { tracing: tracees.length === 0 && tracing.events.length === 0 ? null : { ...tracing, tracees } });
  k.wake(`trace:${tracer}`);
}

/** Before a call: true when the task stops there to let its tracer know. */
export function stopsAtEntry(k: Kernel, task: Task, { call, args }: Trap): boolean {
  const traced = task.traced as Traced;
  // What stands for the running of signal handlers is no call.
  if (traced.at !== null || call === 'sigtake' || call === 'proctitle') return false;
  k.updateTask(task.id, { state: 'tracing', traced: { ...traced, at: 'entry' } });
  tell(k, traced.tracer, task.id, { event: 'entry', call, args });
  return true;
}

/** After a call: the task stops again, with the answer. */
export function stopAtExit(k: Kernel, id: number, outcome: SysResult<unknown>): void {
  const task = k.task(id);
  if (task?.traced == null || task.traced.at !== 'in') return;
  const { tracer, held } = task.traced;
  const state = task.state === 'stopped' ? 'stopped' : 'tracing';
  k.updateTask(id, { state, traced: { ...task.traced, at: state === 'stopped' ? null : 'exit', held: [] } });
  tell(k, tracer, id, {
    event: 'exit',
    result: outcome.ok ? { ok: true, value: outcome.value } : { ok: false, errno: outcome.errno },
  });
  for (const event of held) tell(k, tracer, id, event);
}

/** A signal reaches a tracee: told at once, or after the call it is in. */
export function tellSignal(k: Kernel, task: Task, signal: number, from: Task | null): void {
  const traced = task.traced as Traced;
  if (signal === SIGKILL) return;
  const tracer = k.task(traced.tracer) as Task;
  const event: TraceEvent = {
    event: 'signal',
    pid: pidSeen(k, tracer, task.id),
    signal,
    from: from && { pid: pidSeen(k, task, from.id), uid: fromKuid(k.state, task.cred.userNs, from.cred.ruid) },
    child: signal === SIGCHLD && from !== null ? (k.task(from.id)?.exit ?? null) : null,
  };
  if (traced.at === 'in' || traced.at === 'entry') k.updateTask(task.id, { traced: { ...traced, held: [...traced.held, event] } });
  else tell(k, traced.tracer, task.id, event);
}

/** A tracee was stopped by a signal. */
export function tellStop(k: Kernel, task: Task, signal: number): void {
  const traced = task.traced as Traced;
  tell(k, traced.tracer, task.id, { event: 'stop', signal });
}

/** A tracee with `follow` made a child. */
export function followChild(k: Kernel, { tracer, follow }: Traced, child: number): void {
  attach(k, tracer, child, follow);
  tell(k, tracer, child, { event: 'clone' });
}

/** What the call of a task says that a signal ends in it: its own, or one that finds it waiting. */
function lastAnswer(task: Task, status: WaitStatus): SysResult<unknown> | undefined {
  if (status.kind !== 'signaled' || status.signal === SIGKILL || status.signal === SIGSYS) return undefined;
  if (task.wait !== null) return { ok: false, errno: 'EINTR' };
  return status.signal === SIGPIPE ? { ok: false, errno: 'EPIPE' } : { ok: true, value: 0 };
}

/** A tracee ends: its tracer hears of it. A tracer ends: its tracees go on alone. Counterpart: exit_ptrace */
export function endTrace(k: Kernel, task: Task, status: WaitStatus): void {
  const { traced, tracing } = task;
  if (traced !== null) {
    const result = traced.at === 'in' ? lastAnswer(task, status) : undefined;
    if (result !== undefined) tell(k, traced.tracer, task.id, { event: 'exit', result });
    for (const event of traced.held) tell(k, traced.tracer, task.id, event);
    tell(k, traced.tracer, task.id, { event: 'end', status });
    forget(k, traced.tracer, task.id);
    k.updateTask(task.id, { traced: null });
  }
  for (const id of tracing?.tracees ?? []) {
    const tracee = k.task(id);
    if (tracee !== undefined) resume(k, tracee, null);
  }
  if (tracing !== null) k.updateTask(task.id, { tracing: null });
}

function seize(k: Kernel, task: Task, pid: number, follow: boolean): Outcome<null> {
  const target = taskByPid(k, task, pid);
  if (target === undefined) return err('ESRCH');
  if (target.id === task.id) return refuse('EPERM', 'ptrace.attachSelf');
  const may = ptraceMayAccess(k, task, target, 'real');
  if (!may.ok) return may;
  if (target.state === 'zombie') return refuse('EPERM', 'ptrace.ended');
  if (target.traced !== null) return refuse('EPERM', 'ptrace.traced', { tracer: target.traced.tracer });
  attach(k, task.id, target.id, follow);
  // One that waits is asked again, so that its call is told.
  k.wake(`signal:${target.id}`);
  return ok(null);
}

export const traceHandlers: Handlers<'ptrace'> = {
  ptrace(k, task, op) {
    switch (op.request) {
      case 'PTRACE_SEIZE':
        return seize(k, task, op.pid, op.follow);
      case 'PTRACE_GET_SYSCALL_INFO': {
        const { tracees = [], events = [] } = task.tracing ?? {};
        const [event, ...rest] = events;
        if (event === undefined) {
          if (tracees.length === 0) return err('ECHILD');
          return { ok: 'block', wait: { keys: [`trace:${task.id}`, `signal:${task.id}`], deadline: null } };
        }
        k.updateTask(task.id, { tracing: tracees.length + rest.length === 0 ? null : { tracees, events: rest } });
        return ok(event);
      }
      case 'PTRACE_SYSCALL':
      case 'PTRACE_DETACH': {
        const target = taskByPid(k, task, op.pid);
        if (target?.traced == null || target.traced.tracer !== task.id) return err('ESRCH');
        const detach = op.request === 'PTRACE_DETACH';
        const at = target.traced.at === 'entry' ? 'in' : target.traced.at === 'exit' ? null : target.traced.at;
        resume(k, target, detach ? null : { ...target.traced, at });
        if (detach) forget(k, task.id, target.id);
        return ok(null);
      }
    }
  },
};
