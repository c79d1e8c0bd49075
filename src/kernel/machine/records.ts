// The bounded ring of answered system calls.

import type { SyscallRecord } from './types.ts';

const CAPACITY = 4096;

export class Records {
  private readonly ring: (SyscallRecord | undefined)[] = [];
  private next = 0;

  /** Id the next record will have. */
  get nextId(): number {
    return this.next;
  }

  add(record: SyscallRecord): void {
    this.ring[this.next % CAPACITY] = record;
    this.next++;
  }

  get(id: number): SyscallRecord | undefined {
    const record = this.ring[id % CAPACITY];
    return record?.id === id ? record : undefined;
  }

  /** Oldest first. */
  all(): SyscallRecord[] {
    const out: SyscallRecord[] = [];
    for (let id = Math.max(0, this.next - CAPACITY); id < this.next; id++) out.push(this.ring[id % CAPACITY] as SyscallRecord);
    return out;
  }
}
