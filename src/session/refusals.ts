// Refusals above the kernel, newest last, under ids of the same sequence as the kernel's records of refused calls.

import type { Refusal } from '#provenance/refusal.ts';

const CAPACITY = 256;

export class Refusals {
  private readonly byId = new Map<number, Refusal>();

  add(id: number, refusal: Refusal): void {
    this.byId.set(id, refusal);
    const [oldest] = this.byId.keys();
    if (this.byId.size > CAPACITY && oldest !== undefined) this.byId.delete(oldest);
  }

  /** A component that tries again and again refuses once, as long as it says the same. */
  addOnce(newId: () => number, refusal: Refusal): void {
    const known = this.newest((one) => one.container === refusal.container && sameObject(one, refusal));
    if (known?.refusal.message !== refusal.message) this.add(newId(), refusal);
  }

  get(id: number): Refusal | undefined {
    return this.byId.get(id);
  }

  /** The newest refusal that the test takes, with its id. */
  newest(test: (refusal: Refusal) => boolean = () => true): { readonly id: number; readonly refusal: Refusal } | undefined {
    for (const [id, refusal] of [...this.byId].reverse()) if (test(refusal)) return { id, refusal };
    return undefined;
  }
}

const sameObject = ({ object: a }: Refusal, { object: b }: Refusal): boolean =>
  a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
