// Clocks, sleeping and alarms. Counterpart: clock_gettime(2), nanosleep(2), alarm(2), times(2)

import { DONE, err, type Handlers, ok } from '../context.ts';
import { withState } from '../copy.ts';
import { need } from '../cred/need.ts';

const SECOND = 1_000_000_000n;

export const clockHandlers: Handlers<'nanosleep' | 'clock_gettime' | 'clock_settime' | 'times' | 'alarm'> = {
  nanosleep(k, task, ns) {
    if (ns < 0n) return err('EINVAL');
    const deadline = task.wait?.deadline ?? k.state.monotonic + ns;
    if (k.state.monotonic >= deadline) return DONE;
    return { ok: 'block', wait: { keys: [`signal:${task.id}`], deadline } };
  },

  clock_gettime: (k, _task, clock) => ok(clock === 'CLOCK_REALTIME' ? k.state.realtime : k.state.monotonic),

  clock_settime(k, task, ns) {
    const may = need(k, task, 0, 'CAP_SYS_TIME');
    if (!may.ok) return may;
    if (ns < 0n) return err('EINVAL');
    k.state = withState(k.state, { realtime: ns });
    return DONE;
  },

  times: (_k, task) => ok({ user: task.utime, system: 0n, childUser: task.cutime, childSystem: 0n }),

  alarm(k, task, seconds) {
    const left = task.alarm === null ? 0n : task.alarm - k.state.monotonic;
    k.updateTask(task.id, { alarm: seconds === 0 ? null : k.state.monotonic + BigInt(seconds) * SECOND });
    return ok(Number((left + SECOND - 1n) / SECOND));
  },
};
