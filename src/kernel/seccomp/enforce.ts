// What happens to a call that a filter does not simply allow: an errno, a signal, a line in the log.
// Counterpart: kernel/seccomp.c __seccomp_filter, seccomp_log; kernel/auditsc.c audit_seccomp

import { SIGSYS } from '#abi/signal.ts';
import { syscallNumber } from '#abi/syscall.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, type Outcome } from '../context.ts';
import { AUDIT_SECCOMP, audit, auditTask } from '../lsm/audit.ts';
import type { Task } from '../state.ts';
import { sendSignal, terminate } from '../task/signals.ts';
import type { CallName } from '../uapi/index.ts';
import { evaluateSeccomp, type SeccompAction } from './evaluate.ts';

const AUDIT_ARCH_X86_64 = 'c000003e';
/** Deviates: there is no instruction pointer here. */
const IP = '0x7f0000000000';

function log(k: Kernel, task: Task, { name, kind, code }: SeccompAction): void {
  const sig = kind === 'kill' ? SIGSYS : 0;
  const call = `arch=${AUDIT_ARCH_X86_64} syscall=${syscallNumber(name) ?? -1} compat=0 ip=${IP} code=0x${code.toString(16)}`;
  audit(k, AUDIT_SECCOMP, `${auditTask(task, task.cred.label ?? null)} sig=${sig} ${call}`);
}

/** The outcome of a call that a filter of the task stops; undefined: it goes on. */
export function seccompStops(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): Outcome<never> | undefined {
  const action = evaluateSeccomp(task.seccomp, call, args);
  if (action === undefined || action.kind === 'allow') return undefined;
  if (action.logged) log(k, task, action);
  if (action.kind === 'log') return undefined;
  const { name, errno, byDefault, filter } = action;
  const verdict = deny([check('seccomp', 'deny', { call: name, action: action.action, byDefault, errno, filter })]);
  switch (action.kind) {
    case 'errno':
      return err(errno, verdict);
    case 'kill':
      terminate(k, task.id, { kind: 'signaled', signal: SIGSYS, core: false });
      return err('ENOSYS', verdict);
    case 'trap': {
      // The signal is forced: a blocked or ignored one ends the task, also pid 1 of a namespace.
      const handled = task.dispositions[SIGSYS] === 'handle' && !task.blocked.includes(SIGSYS);
      if (handled) sendSignal(k, task.id, SIGSYS, null);
      else terminate(k, task.id, { kind: 'signaled', signal: SIGSYS, core: false });
      return err('ENOSYS', verdict);
    }
  }
}
