// The profile a program runs under after execve. Counterpart: security/apparmor/domain.c; apparmor.d(5), Execute rules

import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../../context.ts';
import type { Task } from '../../state.ts';
import { AUDIT_AVC, audit, untrusted } from '../audit.ts';
import { UNCONFINED } from '../state.ts';
import { execRule } from './decide.ts';
import { profileOf } from './enforce.ts';
import type { Profile } from './profile.ts';

function attached(k: Kernel, path: string): string | undefined {
  if (k.state.lsm?.kind !== 'apparmor') return undefined;
  let best: Profile | undefined;
  for (const profile of k.state.lsm.profiles.values()) {
    if (profile.attachment?.test(path) !== true || profile.name.includes('//')) continue;
    // The longer pattern counts as the more specific one.
    if (best === undefined || profile.attachment.source.length > (best.attachment?.source.length ?? 0)) best = profile;
  }
  return best?.name;
}

/** The label after an execve that was allowed. A label asked for with /proc/self/attr/exec goes before the rules. */
export function labelAfterExec(k: Kernel, task: Task, path: string): Res<string> {
  const { label = UNCONFINED, execLabel } = task.cred;
  if (execLabel !== undefined) return ok(execLabel);
  const profile = profileOf(k.state, label);
  if (profile === undefined) return ok(attached(k, path) ?? label);
  const rule = execRule(profile, path)?.exec;
  if (rule === undefined || rule.to === 'inherit') return ok(label);
  const fallback = rule.fallback === 'inherit' ? label : rule.fallback === 'unconfined' ? UNCONFINED : undefined;
  const exists = (name: string): string | undefined =>
    k.state.lsm?.kind === 'apparmor' && k.state.lsm.profiles.has(name) ? name : undefined;
  const child = (name: string): string => `${profile.name}//${name}`;
  const next =
    rule.to === 'unconfined'
      ? UNCONFINED
      : rule.to === 'profile'
        ? ((rule.target === undefined ? attached(k, path) : exists(rule.target)) ?? fallback)
        : (exists(child(rule.target ?? path)) ?? fallback);
  const refuse = (errno: 'EACCES' | 'EPERM', info: string): Res<string> => {
    const head = `apparmor="DENIED" operation="exec" class="file" info="${info}" error=${errno === 'EPERM' ? -1 : -13}`;
    const what = `profile=${untrusted(profile.name)} name=${untrusted(path)} pid=${task.id} comm=${untrusted(task.comm)}`;
    audit(k, AUDIT_AVC, `${head} ${what} requested_mask="x" denied_mask="x" fsuid=${task.cred.fsuid} ouid=0`);
    return err(errno, deny([check('apparmor.exec', 'deny', { profile: profile.name, path, info })]));
  };
  if (next === undefined) return profile.mode === 'complain' ? ok(label) : refuse('EACCES', 'profile transition not found');
  if (next !== label && task.noNewPrivs) return refuse('EPERM', 'no new privs');
  return ok(next);
}
