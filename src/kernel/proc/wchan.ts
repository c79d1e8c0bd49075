// /proc/PID/wchan: the kernel function a task waits in. Counterpart: fs/proc/base.c proc_pid_wchan, Linux 6.18

import type { Pipe, Task } from '../state.ts';
import { ptraceVerdict } from './access.ts';
import type { View } from './view.ts';

/** What a wait key says of the function; pipes also by what is in them. */
function functionOf(key: string, pipes: (id: number) => Pipe | undefined): string | undefined {
  const [kind = '', id] = key.split(':');
  if (kind === 'pipe') return (pipes(Number(id))?.length ?? 0) > 0 ? 'anon_pipe_write' : 'anon_pipe_read';
  return {
    child: 'do_wait',
    host: 'anon_pipe_read',
    fifo: 'wait_for_partner',
    flock: 'locks_lock_inode_wait',
    tty: 'wait_woken',
    ttyw: 'wait_woken',
    ttym: 'wait_woken',
    trace: 'ptrace_stop',
  }[kind];
}

/** The name; undefined: the task runs, or the reader may not know. */
export function waitsIn({ k, viewer }: View, task: Task): string | undefined {
  if (!ptraceVerdict(k, viewer, task).allowed) return undefined;
  if (task.state === 'stopped') return 'do_signal_stop';
  const { wait } = task;
  if (task.state !== 'sleeping' || wait === null) return undefined;
  const [key = '', ...more] = wait.keys;
  if (key.startsWith('signal:')) return wait.deadline === null ? '__do_sys_pause' : 'hrtimer_nanosleep';
  if (wait.deadline !== null || (more.length > 0 && !more.some((other) => other.startsWith('signal:') || other.startsWith('fifo:'))))
    return 'poll_schedule_timeout.constprop.0';
  return functionOf(more.find((other) => other.startsWith('fifo:')) ?? key, (id) => k.state.pipes.get(id));
}
