// One system call: find the handler, ask seccomp, run it as a transaction, note refusals.

import { SIGPIPE, SIGXFSZ } from '#abi/signal.ts';
import { err, type Kernel, type Outcome } from '../context.ts';
import { capsetHandlers } from '../cred/capset.ts';
import { namespaceHandlers } from '../cred/namespaces.ts';
import { setidHandlers } from '../cred/setids.ts';
import { fsHandlers } from '../fs/index.ts';
import '../tty/register.ts';
import type { Handlers } from '../context.ts';
import { afterCall, beforeCall } from '../lsm/hooks.ts';
import { seccompStops } from '../seccomp/enforce.ts';
import type { CredStep, Task } from '../state.ts';
import { clockHandlers } from '../task/clocks.ts';
import { cloneHandlers } from '../task/clone.ts';
import { execHandlers } from '../task/exec.ts';
import { exitHandlers } from '../task/exit.ts';
import { jobHandlers } from '../task/jobs.ts';
import { limitHandlers } from '../task/limits.ts';
import { miscHandlers } from '../task/misc.ts';
import { sendSignal } from '../task/signals.ts';
import { traceHandlers } from '../task/trace.ts';
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
  ...traceHandlers,
  ...setidHandlers,
  ...capsetHandlers,
  ...namespaceHandlers,
};

type AnyHandler = (k: Kernel, task: Task, ...args: readonly unknown[]) => Outcome<unknown>;
const TABLE = new Map<string, AnyHandler>(Object.entries(HANDLERS) as unknown as [string, AnyHandler][]);

/**
 * Answers one call of a task. On an error the state is what it was before. A write to a pipe nobody reads also
 * sends SIGPIPE, one beyond RLIMIT_FSIZE SIGXFSZ.
 */
export function dispatch(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): Outcome<unknown> {
  const handler = TABLE.get(call);
  if (handler === undefined) return err('ENOSYS');
  if (task.seccomp.length > 0) {
    const stopped = seccompStops(k, task, call, args);
    if (stopped !== undefined) return stopped;
  }
  const guarded = k.state.lsm !== undefined;
  const early = guarded ? beforeCall(k, task, call, args) : undefined;
  if (early?.ok === false) return early;
  const before = k.state;
  const answer = handler(k, task, ...args);
  const outcome = guarded && answer.ok !== 'block' ? afterCall(k, before, task, call, args, answer) : answer;
  if (outcome.ok === false) {
    // What was written to the log stays.
    const { log, audit } = k.state;
    k.state = log === before.log ? before : { ...before, log, ...(audit && { audit }) };
    if (outcome.errno === 'EPIPE') sendSignal(k, task.id, SIGPIPE, task);
    else if (outcome.errno === 'EFBIG') sendSignal(k, task.id, SIGXFSZ, null);
  } else signSteps(k, task);
  return outcome;
}

/** Steps the call added to the caller's credentials get the caller's name: after execve it would be another. */
function signSteps(k: Kernel, before: Task): void {
  const task = k.task(before.id);
  if (task === undefined || task.cred.steps === before.cred.steps) return;
  const steps = task.cred.steps.slice();
  // New ones are the last.
  for (let at = steps.length - 1; at >= 0 && steps[at]?.by === undefined; at--) steps[at] = { ...(steps[at] as CredStep), by: before.comm };
  k.updateTask(task.id, { cred: { ...task.cred, steps } });
}
