// /proc/PID/attr: the label of a task, and the one for its next program. Counterpart: fs/proc/base.c proc_pid_attr_read

import { err, type Kernel, ok, type Res } from '../context.ts';
import type { Task } from '../state.ts';
import { currentText, writeExecAttr } from './apparmor/policy.ts';
import { writeExecContext } from './selinux/attributes.ts';

/** Text of an attribute; EINVAL without a module that answers. */
export function attrText(k: Kernel, task: Task, name: 'current' | 'exec'): Res<string> {
  if (k.state.lsm === undefined) return name === 'current' ? err('EINVAL') : ok('');
  if (k.state.lsm.kind === 'selinux') return ok(`${(name === 'current' ? task.cred.label : task.cred.execLabel) ?? ''}\0`);
  return ok(name === 'current' ? currentText(k, task) : '');
}

/** A task writes one of its own attributes. */
export function attrWrite(k: Kernel, task: Task, name: 'current' | 'exec', text: string): Res<void> {
  if (k.state.lsm === undefined || name === 'current') return err('EINVAL');
  return k.state.lsm.kind === 'selinux' ? writeExecContext(k, task, text) : writeExecAttr(k, task, text);
}
