// Who may look into another task. Counterpart: kernel/ptrace.c __ptrace_may_access, security/commoncap.c

import { allow, type Check, check, deny, type Verdict } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { lacks } from '../cred/lacks.ts';
import { capableWrt } from '../cred/need.ts';
import type { Task } from '../state.ts';

/**
 * PTRACE_MODE_READ with the caller's fs ids: all ids of the target equal the caller's and the target is dumpable and has no
 * capability the caller lacks — or CAP_SYS_PTRACE over the target's user namespace. Counterpart: ptrace(2)
 */
export function ptraceVerdict(k: Kernel, caller: Task, target: Task): Verdict {
  if (caller.id === target.id) return allow([check('ptrace.self', 'allow')]);
  const mine = caller.cred;
  const other = target.cred;
  const checks: Check[] = [];
  const capable = (): boolean => {
    const has = capableWrt(k, mine, other.userNs, 'CAP_SYS_PTRACE').ok;
    checks.push({ ...lacks(mine, 'CAP_SYS_PTRACE', other.userNs), outcome: has ? 'allow' : 'deny' });
    return has;
  };
  const same =
    [other.ruid, other.euid, other.suid].every((id) => id === mine.fsuid) &&
    [other.rgid, other.egid, other.sgid].every((id) => id === mine.fsgid);
  checks.push(
    check('ptrace.ids', same ? 'allow' : 'skip', { uid: mine.fsuid, gid: mine.fsgid, targetUid: other.euid, targetGid: other.egid }),
  );
  if (!same && !capable()) return deny(checks);
  if (!target.dumpable) {
    checks.push(check('ptrace.dumpable', 'skip', { dumpable: false }));
    if (!capable()) return deny(checks);
  }
  const subset = mine.userNs === other.userNs && (other.permitted & ~mine.permitted) === 0n;
  checks.push(check('ptrace.permitted', subset ? 'allow' : 'skip', { permitted: mine.permitted, targetPermitted: other.permitted }));
  if (!subset && !capable()) return deny(checks);
  return allow(checks);
}

/** The verdict as a result: EACCES where the answer is no. */
export function mayLookInto(k: Kernel, caller: Task, target: Task): Res<void> {
  const verdict = ptraceVerdict(k, caller, target);
  return verdict.allowed ? ok(undefined) : err('EACCES', verdict);
}
