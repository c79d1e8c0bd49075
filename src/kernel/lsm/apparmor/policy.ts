// Loading and removing profiles, and what a task may write to /proc/PID/attr.
// Counterpart: security/apparmor/policy.c, apparmorfs.c, procattr.c; apparmor_parser(8)

import { err, type Kernel, ok, type Res, refuse } from '../../context.ts';
import { withState } from '../../copy.ts';
import { need } from '../../cred/need.ts';
import type { Task } from '../../state.ts';
import { AUDIT_AVC, audit, untrusted } from '../audit.ts';
import { UNCONFINED } from '../state.ts';
import { labelText, profileOf } from './enforce.ts';
import { parseProfiles } from './parse.ts';

/** Loads the profiles of a text in place of those with the same names. EACCES without CAP_MAC_ADMIN, EPROTO for a bad text. */
export function replaceProfiles(k: Kernel, task: Task, text: string): Res<void> {
  if (k.state.lsm?.kind !== 'apparmor') return err('ENOENT');
  const may = need(k, task, 0, 'CAP_MAC_ADMIN');
  if (!may.ok) return err('EACCES', may.verdict);
  const parsed = parseProfiles(text);
  if (!parsed.ok) return err('EPROTO');
  const profiles = new Map(k.state.lsm.profiles);
  for (const profile of parsed.profiles) {
    const operation = profiles.has(profile.name) ? 'profile_replace' : 'profile_load';
    profiles.set(profile.name, profile);
    const own = task.cred.label ?? UNCONFINED;
    audit(
      k,
      AUDIT_AVC,
      `apparmor="STATUS" operation="${operation}" profile="${own}" name=${untrusted(profile.name)} pid=${task.id} comm=${untrusted(task.comm)}`,
    );
  }
  k.state = withState(k.state, { lsm: { kind: 'apparmor', profiles } });
  return ok(undefined);
}

/** Removes a profile; its tasks are unconfined from then on. */
export function removeProfile(k: Kernel, task: Task, name: string): Res<void> {
  if (k.state.lsm?.kind !== 'apparmor') return err('ENOENT');
  const may = need(k, task, 0, 'CAP_MAC_ADMIN');
  if (!may.ok) return err('EACCES', may.verdict);
  const profiles = new Map(k.state.lsm.profiles);
  if (!profiles.delete(name.trim())) return err('ENOENT');
  k.state = withState(k.state, { lsm: { kind: 'apparmor', profiles } });
  return ok(undefined);
}

/** Lines of /sys/kernel/security/apparmor/profiles, the newest first. */
export function profilesText({ state }: Kernel): string {
  if (state.lsm?.kind !== 'apparmor') return '';
  return [...state.lsm.profiles.values()]
    .reverse()
    .map(({ name, mode }) => `${name} (${mode})\n`)
    .join('');
}

/** `exec NAME` asks for a profile from the next execve on; an unconfined task may, a confined one needs change_profile. */
export function writeExecAttr(k: Kernel, task: Task, text: string): Res<void> {
  const [, name] = /^exec (.*?)\0?\n?$/s.exec(text) ?? [];
  if (name === undefined || name === '') return err('EINVAL');
  const profile = profileOf(k.state, task.cred.label);
  const allowed =
    profile === undefined ||
    profile.rules.some((rule) => rule.kind === 'change_profile' && !rule.deny && (rule.target === null || rule.target.test(name)));
  if (!allowed) return refuse('EACCES', 'apparmor.change_profile', { profile: profile?.name ?? '', target: name });
  if (name !== UNCONFINED && (k.state.lsm?.kind !== 'apparmor' || !k.state.lsm.profiles.has(name))) return err('ENOENT');
  k.updateTask(task.id, { cred: { ...task.cred, execLabel: name } });
  return ok(undefined);
}

export const currentText = (k: Kernel, task: Task): string => `${labelText(k.state, task.cred.label ?? UNCONFINED)}\n`;
