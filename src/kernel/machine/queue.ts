// Which programs can go on, and what the others wait for.

import type { Kernel } from '../context.ts';
import type { Program, SysResult, Trap } from '../uapi/index.ts';

/** A live program. */
export interface Proc {
  readonly id: number;
  gen: Program<number>;
  /** Answer to hand over at the next turn. */
  answer: SysResult<unknown> | undefined;
  /** The call that waits. */
  parked: Trap | null;
  keys: readonly string[];
  queued: boolean;
  /** How many caught signals have already interrupted a call. */
  seen: number;
}

const YIELD = 10;

/**
 * How much work a call was, in small calls: a program that computes yields now and then, and large blocks take their time.
 * What drives the machine counts in it, so that it is never away from the keyboard for long.
 */
export function workOf(call: string, answer: SysResult<unknown> | undefined): number {
  if (call === 'sched_yield') return 1 + YIELD;
  if ((call !== 'read' && call !== 'write') || answer?.ok !== true) return 1;
  const { value } = answer;
  return 1 + ((typeof value === 'number' ? value : (value as Uint8Array).length) >> 14);
}

/** The next moment at which one of these tasks has something to do; null: none has. */
export function earliest(k: Kernel, ids: Iterable<number>): bigint | null {
  let first: bigint | null = null;
  for (const id of ids) {
    const task = k.task(id);
    for (const deadline of [task?.wait?.deadline, task?.alarm]) {
      if (deadline != null && (first === null || deadline < first)) first = deadline;
    }
  }
  return first;
}

/** First come, first served. */
export class RunQueue {
  private queue: Proc[] = [];
  private head = 0;
  private readonly waiters = new Map<string, Set<Proc>>();

  get empty(): boolean {
    return this.head >= this.queue.length;
  }

  next(): Proc | undefined {
    const proc = this.queue[this.head];
    if (proc === undefined) return undefined;
    this.head++;
    if (this.head > 1024) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    proc.queued = false;
    return proc;
  }

  enqueue(proc: Proc): void {
    this.forget(proc);
    if (proc.queued) return;
    proc.queued = true;
    this.queue.push(proc);
  }

  /** The program waits for any of the keys. */
  wait(proc: Proc, keys: readonly string[]): void {
    proc.keys = keys;
    for (const key of keys) {
      const set = this.waiters.get(key);
      if (set === undefined) this.waiters.set(key, new Set([proc]));
      else set.add(proc);
    }
  }

  /** The program waits for nothing any more. */
  forget(proc: Proc): void {
    for (const key of proc.keys) {
      const set = this.waiters.get(key);
      set?.delete(proc);
      if (set?.size === 0) this.waiters.delete(key);
    }
    proc.keys = [];
  }

  wake(key: string): void {
    const set = this.waiters.get(key);
    if (set !== undefined) for (const proc of [...set]) this.enqueue(proc);
  }
}
