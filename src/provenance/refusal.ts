// What a component above the kernel refused: a request to the API server, a pod on its node, a container that was not started.
// The component that decides writes the facts down; sentences are made elsewhere.

import type { Origin } from './origin.ts';
import type { ClusterRule } from './rules.ts';
import type { Operand } from './verdict.ts';

/** A field of the refused object that was looked at; without an origin it is not set. */
export interface RefusedField {
  readonly pointer: string; // JSON Pointer into the object
  readonly origin?: Origin;
}

/** One rule that the object breaks. */
export interface RefusalReason {
  readonly rule: ClusterRule;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly fields: readonly RefusedField[];
}

export interface Refusal {
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly container?: string;
  /** As the user reads it, without the client's prefix. */
  readonly message: string;
  /** Text of the Event that tells of it. */
  readonly event?: string;
  readonly reasons: readonly RefusalReason[];
}
