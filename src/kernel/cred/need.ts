// Does a task hold a capability over a user namespace? Counterpart: cap_capable, ns_capable; capabilities(7), user_namespaces(7)

import { type Capability, capHas } from '#abi/capability.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { capabilityAllowed } from '../lsm/module.ts';
import type { Credentials, KernelState, Task, UserNs } from '../state.ts';

const YES: Res<void> = ok(undefined);

/** Does the effective set count over the namespace? The creator of a child namespace has everything in it. */
export function nsCapable(state: KernelState, cred: Credentials, ns: number, cap: Capability): boolean {
  const own = state.userNs.get(cred.userNs) as UserNs;
  for (let id = ns; ; ) {
    if (id === cred.userNs) return capHas(cred.effective, cap) && (cred.label === undefined || capabilityAllowed(state, cred.label, cap));
    const space = state.userNs.get(id) as UserNs;
    if (space.parent === null || space.level <= own.level) return false;
    if (space.parent === cred.userNs && space.owner === cred.euid) return true;
    id = space.parent;
  }
}

/** Success with the capability, else EPERM and the check that says so. */
export function capableWrt(k: Kernel, cred: Credentials, ns: number, cap: Capability): Res<void> {
  if (nsCapable(k.state, cred, ns, cap)) return YES;
  const operands = { effective: cred.effective, permitted: cred.permitted, bounding: cred.bounding, userNs: cred.userNs, targetUserNs: ns };
  return err('EPERM', deny([check(`cap.${cap.slice(4)}`, 'deny', operands)]));
}

/** The same for a task. */
export const need = (k: Kernel, task: Task, ns: number, cap: Capability): Res<void> => capableWrt(k, task.cred, ns, cap);
