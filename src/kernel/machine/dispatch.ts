// One system call: find the handler, ask seccomp, run it as a transaction, note refusals.

import { SIGPIPE, SIGSYS } from '#abi/signal.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Kernel, type Outcome } from '../context.ts';
import { capsetHandlers } from '../cred/capset.ts';
import { namespaceHandlers } from '../cred/namespaces.ts';
import { setidHandlers } from '../cred/setids.ts';
import { fsHandlers } from '../fs/index.ts';
import '../tty/register.ts';
import type { Handlers } from '../context.ts';
import { evaluateSeccomp } from '../seccomp/evaluate.ts';
import type { Task } from '../state.ts';
import { clockHandlers } from '../task/clocks.ts';
import { cloneHandlers } from '../task/clone.ts';
import { execHandlers } from '../task/exec.ts';
import { exitHandlers } from '../task/exit.ts';
import { jobHandlers } from '../task/jobs.ts';
import { limitHandlers } from '../task/limits.ts';
import { miscHandlers } from '../task/misc.ts';
import { sendSignal, terminate } from '../task/signals.ts';
import type { CallName } from '../uapi/index.ts';

/** Every system call. A missing one is a type error here. */
const HANDLERS: Handlers<CallName> = {
  ...fsHandlers,
  ...exitHandlers,
  ...cloneHandlers,
  ...execHandlers,
  ...jobHandlers,
  ...clockHandlers,
  ...limitHandlers,
  ...miscHandlers,
  ...setidHandlers,
  ...capsetHandlers,
  ...namespaceHandlers,
};

type AnyHandler = (k: Kernel, task: Task, ...args: readonly unknown[]) => Outcome<unknown>;
const TABLE = new Map<string, AnyHandler>(Object.entries(HANDLERS) as unknown as [string, AnyHandler][]);

/**
 * Answers one call of a task. On an error the state is what it was before. A write to a pipe nobody reads also sends SIGPIPE.
 */
export function dispatch(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): Outcome<unknown> {
  const handler = TABLE.get(call);
  if (handler === undefined) return err('ENOSYS');
  if (task.seccomp.length > 0) {
    const action = evaluateSeccomp(task.seccomp, call, args);
    switch (action.kind) {
      case 'errno':
        return err(action.errno, deny([action.check]));
      case 'kill':
        terminate(k, task.id, { kind: 'signaled', signal: SIGSYS, core: false });
        return err('ENOSYS');
      case 'trap':
        sendSignal(k, task.id, SIGSYS, task);
        return err('ENOSYS');
      case 'allow':
      case 'log':
    }
  }
  const before = k.state;
  const outcome = handler(k, task, ...args);
  if (outcome.ok === false) {
    k.state = before;
    if (outcome.errno === 'EPIPE') sendSignal(k, task.id, SIGPIPE, task);
  } else signSteps(k, task);
  return outcome;
}

/** Steps the call added to the caller's credentials get the caller's name: after execve it would be another. */
function signSteps(k: Kernel, before: Task): void {
  const task = k.task(before.id);
  if (task === undefined || task.cred.steps === before.cred.steps) return;
  const steps = task.cred.steps.map((step) => (step.by === undefined ? { ...step, by: before.comm } : step));
  k.updateTask(task.id, { cred: { ...task.cred, steps } });
}
