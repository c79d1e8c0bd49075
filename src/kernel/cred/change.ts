// Changing credentials: every change is a recorded step. Counterpart: credentials(7), capabilities(7) "Effect of user ID
// changes on capabilities"

import { CAP_NONE, type CapSet, capSet } from '#abi/capability.ts';
import { SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP } from '#abi/flags.ts';
import type { RuleId } from '#provenance/rules.ts';
import type { Operand } from '#provenance/verdict.ts';
import type { CredChange, Credentials, CredStep, Kuid } from '../state.ts';

const MAX_STEPS = 32;

const same = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, at) => one === b[at]));

/**
 * Credentials with changed fields and the step that says why. A step that changes nothing is recorded too, unless the same rule
 * was the last to do so. Capabilities dropped one after the other from the bounding set are one step. `also`: changes beside the
 * credentials. The oldest steps beyond 32 are forgotten.
 */
export function withStep(
  cred: Credentials,
  change: Partial<Omit<Credentials, 'steps'>>,
  rule: RuleId,
  operands: CredStep['operands'],
  also: readonly CredChange[] = [],
): Credentials {
  const fields = Object.entries(change) as [keyof typeof change, Operand][];
  const changed: CredChange[] = fields.map(([field, after]) => ({ field, before: cred[field] as Operand, after }));
  const step: CredStep = { rule, operands, changed: [...changed.filter(({ before, after }) => !same(before, after)), ...also] };
  const last = cred.steps.at(-1);
  if (last?.rule === rule && step.changed.length === 0 && last.changed.length === 0) return { ...cred, ...change };
  if (last?.rule === rule && rule === 'prctl.capbset_drop')
    return { ...cred, ...change, steps: [...cred.steps.slice(0, -1), joined(last, step)] };
  return { ...cred, ...change, steps: [...cred.steps.slice(-(MAX_STEPS - 1)), step] };
}

/** Two drops as one: from what there was before the first to what is left after the second. */
function joined(first: CredStep, second: CredStep): CredStep {
  const cap = `${first.operands.cap} ${second.operands.cap}`;
  const changed = second.changed.map((one) => ({
    ...one,
    before: first.changed.find(({ field }) => field === one.field)?.before ?? one.before,
  }));
  return {
    rule: second.rule,
    operands: { ...second.operands, cap, before: first.operands.before ?? null },
    changed: changed.length > 0 ? changed : first.changed,
  };
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
