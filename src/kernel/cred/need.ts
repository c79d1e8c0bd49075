// Does a task hold a capability over a user namespace? Counterpart: cap_capable, ns_capable; capabilities(7), user_namespaces(7)

import { type Capability, capHas } from '#abi/capability.ts';
import { PF_SUPERPRIV } from '#abi/flags.ts';
import { deny } from '#provenance/verdict.ts';
import { type Kernel, ok, type Permitted } from '../context.ts';
import { capabilityAllowed } from '../lsm/module.ts';
import type { Credentials, KernelState, Task, UserNs } from '../state.ts';
import { lacks } from './lacks.ts';

const YES: Permitted = ok(undefined);

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
export function capableWrt(k: Kernel, cred: Credentials, ns: number, cap: Capability): Permitted {
  return nsCapable(k.state, cred, ns, cap) ? YES : { ok: false, errno: 'EPERM', verdict: deny([lacks(cred, cap, ns)]) };
}

/** The same for a task, which is marked as having used a capability. Counterpart: ns_capable */
export function need(k: Kernel, task: Task, ns: number, cap: Capability): Permitted {
  const may = capableWrt(k, task.cred, ns, cap);
  if (may.ok && !((task.flags ?? 0) & PF_SUPERPRIV)) {
    const now = k.task(task.id);
    if (now !== undefined) k.updateTask(task.id, { flags: (now.flags ?? 0) | PF_SUPERPRIV });
  }
  return may;
}
