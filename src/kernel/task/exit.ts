// The calls that end a task and wait for one. Counterpart: kernel/exit.c, wait(2)

import { WCONTINUED, WNOHANG, WUNTRACED } from '#abi/flags.ts';
import { err, type Handlers, ok } from '../context.ts';
import { groupByPid, pidIn, pidSeen } from './ids.ts';
import { reap, terminate } from './signals.ts';

export const exitHandlers: Handlers<'exit_group' | 'wait4'> = {
  exit_group(k, task, status) {
    terminate(k, task.id, { kind: 'exited', code: status & 0xff });
    return ok(undefined as never);
  },

  wait4(k, task, pid, options) {
    const group = pid === 0 ? task.pgrp : pid < -1 ? groupByPid(k, task, -pid) : undefined;
    let candidates = 0;
    for (const id of task.children) {
      const child = k.task(id);
      if (child === undefined) continue;
      if (pid > 0 ? pidIn(k.state, child, task.pidNs) !== pid : pid !== -1 && child.pgrp !== group) continue;
      candidates++;
      const status = child.exit;
      if (status === null) continue;
      if (child.state === 'zombie') {
        const seen = pidSeen(k, task, id);
        reap(k, id);
        return ok({ pid: seen, status });
      }
      if (status.kind === 'stopped' ? (options & WUNTRACED) === 0 : (options & WCONTINUED) === 0) continue;
      k.updateTask(id, { exit: null });
      return ok({ pid: pidSeen(k, task, id), status });
    }
    if (candidates === 0) return err('ECHILD');
    if (options & WNOHANG) return ok({ pid: 0, status: null });
    return { ok: 'block', wait: { keys: [`child:${task.id}`], deadline: null } };
  },
};
