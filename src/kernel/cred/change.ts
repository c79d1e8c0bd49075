// Changing credentials: every change is a recorded step. Counterpart: credentials(7), capabilities(7) "Effect of user ID
// changes on capabilities"

import { CAP_NONE, type CapSet, capSet } from '#abi/capability.ts';
import { SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP } from '#abi/flags.ts';
import type { RuleId } from '#provenance/rules.ts';
import type { Credentials, CredField, CredStep, Kuid } from '../state.ts';

const MAX_STEPS = 32;

const same = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => one === b[at]));

/**
 * Credentials with changed fields and the step that says why. A step that leaves `change` as it was is recorded too, unless
 * the same rule was the last to do so. Capabilities dropped one after the other from the bounding set are one step.
 * `also`: fields beside the credentials that the step sets. The oldest steps beyond 32 are forgotten.
 */
export function withStep(
  cred: Credentials,
  change: Partial<Credentials>,
  rule: RuleId,
  operands: CredStep['operands'],
  also: readonly CredField[] = [],
): Credentials {
  const fields = (Object.keys(change) as (keyof Credentials)[]).filter(
    (key): key is Exclude<keyof Credentials, 'steps'> => key !== 'steps',
  );
  const changed: CredField[] = [...fields.filter((key) => !same(cred[key], change[key])), ...also];
  const last = cred.steps.at(-1);
  if (last?.rule === rule && changed.length === 0 && last.changed.length === 0) return { ...cred, ...change };
  const merged =
    rule === 'prctl.capbset_drop' && last?.rule === rule
      ? { ...operands, cap: `${last.operands.cap} ${operands.cap}`, before: last.operands.before ?? null }
      : operands;
  const kept = merged === operands ? cred.steps.slice(-(MAX_STEPS - 1)) : cred.steps.slice(0, -1);
  return { ...cred, ...change, steps: [...kept, { rule, operands: merged, changed }] };
}

/** The capabilities that follow the file system uid. Counterpart: CAP_FS_MASK */
export const FS_CAPS: CapSet = capSet(
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_LINUX_IMMUTABLE',
  'CAP_MKNOD',
  'CAP_MAC_OVERRIDE',
);

/**
 * What a change of uids does to the capability sets. `root` is the kernel uid that is 0 in the user namespace.
 * Counterpart: cap_emulate_setxuid, security/commoncap.c
 */
export function setuidFixup(old: Credentials, next: Credentials, root: Kuid | undefined): Credentials {
  if (next.securebits & SECBIT_NO_SETUID_FIXUP) return next;
  const is0 = (uid: Kuid): boolean => root !== undefined && uid === root;
  let { permitted, effective, ambient } = next;
  const hadRoot = is0(old.ruid) || is0(old.euid) || is0(old.suid);
  const hasRoot = is0(next.ruid) || is0(next.euid) || is0(next.suid);
  const left = hadRoot && !hasRoot;
  const keep = (next.securebits & SECBIT_KEEP_CAPS) !== 0;
  if (left) {
    if (!keep) permitted = effective = CAP_NONE;
    ambient = CAP_NONE;
  }
  if (is0(old.euid) && !is0(next.euid)) effective = CAP_NONE;
  if (!is0(old.euid) && is0(next.euid)) effective = permitted;
  if (permitted === next.permitted && effective === next.effective && ambient === next.ambient) return next;
  return withStep(next, { permitted, effective, ambient }, 'setuid.fixup', {
    leftRoot: left,
    keepCaps: keep,
    euidBefore: old.euid,
    euid: next.euid,
    permittedBefore: old.permitted,
    permitted,
    effectiveBefore: old.effective,
    effective,
  });
}

/** The fsuid crossing 0 takes or returns the file capabilities. Counterpart: cap_task_fix_setuid(LSM_SETID_FS) */
export function fsuidFixup(old: Credentials, next: Credentials, root: Kuid | undefined): Credentials {
  if (next.securebits & SECBIT_NO_SETUID_FIXUP || root === undefined) return next;
  let effective = next.effective;
  if (old.fsuid === root && next.fsuid !== root) effective &= ~FS_CAPS;
  if (old.fsuid !== root && next.fsuid === root) effective |= next.permitted & FS_CAPS;
  return effective === next.effective ? next : withStep(next, { effective }, 'setfsuid.fixup', { fsuid: next.fsuid, effective });
}
