// May one task look into another? Counterpart: kernel/ptrace.c __ptrace_may_access, security/commoncap.c, ptrace(2)

import { CAP_NONE } from '#abi/capability.ts';
import { type Check, check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../context.ts';
import { lacks } from '../cred/lacks.ts';
import { nsCapable } from '../cred/need.ts';
import { ptraceAllowed } from '../lsm/module.ts';
import type { Task } from '../state.ts';

/**
 * Access to another task's exe, cwd, root, fd, environ, mem, namespaces, or attaching to it. `fs` compares the file system
 * ids (as /proc does), otherwise the real ones. EACCES for /proc readers, EPERM for attach.
 */
export function ptraceMayAccess(k: Kernel, task: Task, target: Task, how: 'fs' | 'real'): Res<void> {
  if (task.id === target.id) return ok(undefined);
  const a = task.cred;
  const b = target.cred;
  const uid = how === 'fs' ? a.fsuid : a.ruid;
  const gid = how === 'fs' ? a.fsgid : a.rgid;
  const errno = how === 'fs' ? 'EACCES' : 'EPERM';
  const checks: Check[] = [];
  const same = [b.ruid, b.euid, b.suid].every((id) => id === uid) && [b.rgid, b.egid, b.sgid].every((id) => id === gid);
  checks.push(
    check('ptrace.sameIds', same ? 'allow' : 'skip', {
      uid,
      gid,
      targetRuid: b.ruid,
      targetEuid: b.euid,
      targetSuid: b.suid,
      targetRgid: b.rgid,
      targetEgid: b.egid,
      targetSgid: b.sgid,
    }),
  );
  const cap = nsCapable(k.state, a, b.userNs, 'CAP_SYS_PTRACE');
  const capCheck = (): Check => ({ ...lacks(a, 'CAP_SYS_PTRACE', b.userNs), outcome: cap ? 'allow' : 'deny' });
  if (!same) {
    checks.push(capCheck());
    if (!cap) return err(errno, deny(checks));
  }
  if (!target.dumpable && !cap) return err(errno, deny([...checks, check('ptrace.dumpable', 'skip', { dumpable: false }), capCheck()]));
  // With the file system ids the caller's effective set counts, else the permitted one.
  const own = how === 'fs' ? a.effective : a.permitted;
  const covers = a.userNs === b.userNs && (b.permitted & ~own) === CAP_NONE;
  if (!covers && !cap)
    return err(errno, deny([...checks, check('ptrace.capabilities', 'skip', { own, targetPermitted: b.permitted }), capCheck()]));
  const module: Res<void> = ptraceAllowed(k, task, target, how === 'fs' ? 'read' : 'trace');
  return module.ok ? module : { ...module, errno };
}
