// The bounded ring of answered system calls.

import type { Outcome } from '../context.ts';
import type { Task } from '../state.ts';
import type { CallName } from '../uapi/index.ts';
import type { SyscallRecord } from './types.ts';

const CAPACITY = 4096;

export class Records {
  private readonly ring: (SyscallRecord | undefined)[] = [];
  private next = 0;

  /** Notes an answered call; the id of its record. */
  add(task: Task, call: CallName, args: readonly unknown[], outcome: Outcome<unknown>, time: bigint): number {
    const id = this.next++;
    this.ring[id % CAPACITY] = {
      id,
      task: task.id,
      pid: task.pids[0] as number,
      comm: task.comm,
      caller: { cred: task.cred, mountNs: task.mountNs, root: task.root, cgroup: task.cgroup },
      call,
      args,
      ok: outcome.ok === true,
      time,
      ...(outcome.ok === false && { errno: outcome.errno, ...(outcome.verdict && { verdict: outcome.verdict }) }),
      ...(outcome.ok === true && outcome.notice && { verdict: outcome.notice }),
    };
    return id;
  }

  /** Takes an id that no call has: something outside the kernel is remembered under it, in the same order. */
  reserve(): number {
    const id = this.next++;
    this.ring[id % CAPACITY] = undefined;
    return id;
  }

  get(id: number): SyscallRecord | undefined {
    const record = this.ring[id % CAPACITY];
    return record?.id === id ? record : undefined;
  }

  /** Oldest first. */
  all(): SyscallRecord[] {
    const out: SyscallRecord[] = [];
    for (let id = Math.max(0, this.next - CAPACITY); id < this.next; id++) {
      const record = this.ring[id % CAPACITY];
      if (record !== undefined) out.push(record);
    }
    return out;
  }
}
