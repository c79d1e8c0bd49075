// The check that a capability was missing, with all that a reader needs to see in which set. Counterpart: cap_capable

import type { Capability } from '#abi/capability.ts';
import { type Check, check, type Operand } from '#provenance/verdict.ts';
import type { Credentials } from '../state.ts';

/** `cap.NAME` denied to a credential; `targetUserNs` where a user namespace other than its own may count. */
export function lacks(
  { effective, permitted, bounding, userNs }: Credentials,
  cap: Capability,
  targetUserNs?: number,
  more: Readonly<Record<string, Operand>> = {},
): Check {
  const operands = { effective, permitted, bounding, userNs, ...(targetUserNs === undefined ? {} : { targetUserNs }), ...more };
  return check(`cap.${cap.slice('CAP_'.length)}`, 'deny', operands);
}
