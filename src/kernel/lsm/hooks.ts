// Where the security modules meet a system call. Calls are transactions, so most of what a module would refuse in the middle of a
// call is judged when the handler has succeeded, and taken back: then the ordinary permissions were asked first, as in the kernel.
// Counterpart: include/linux/lsm_hook_defs.h
// Deviates: accesses are judged when a file is opened or named, not again at each read and write.

import { type Capability, capHas } from '#abi/capability.ts';
import {
  AT_FDCWD,
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_UNBINDABLE,
} from '#abi/flags.ts';
import { AF_NAMES, SOCK_NAMES } from '#abi/socket.ts';
import { deny } from '#provenance/verdict.ts';
import { err, type Kernel, type Outcome, ok, type Res } from '../context.ts';
import { locationPath, walk } from '../fs/namei.ts';
import type { KernelState, Task } from '../state.ts';
import { DEFAULT_RLIMITS } from '../task/limits.ts';
import type { CallName } from '../uapi/index.ts';
import { type FileAccess, fileAccesses } from './access.ts';
import type { MountRequest } from './apparmor/decide.ts';
import { mediateMount, mediateNetwork, mediateRlimit, profileOf } from './apparmor/enforce.ts';
import { type Profile, rulesOf } from './apparmor/profile.ts';
import { labelAfterExec } from './apparmor/transition.ts';
import { fileAllowed, isConfinedLabel, refusedCapability } from './module.ts';
import { contextAfterExec, labelNewFiles } from './selinux/attributes.ts';

const GRANTED: Res<void> = ok(undefined);

const MOUNT_FLAGS: readonly (readonly [number, string])[] = [
  [MS_NOSUID, 'nosuid'],
  [MS_NODEV, 'nodev'],
  [MS_NOEXEC, 'noexec'],
  [MS_REMOUNT, 'remount'],
  [MS_NOATIME, 'noatime'],
  [MS_MOVE, 'move'],
];
const PROPAGATION: readonly (readonly [number, string])[] = [
  [MS_UNBINDABLE, 'unbindable'],
  [MS_PRIVATE, 'private'],
  [MS_SLAVE, 'slave'],
  [MS_SHARED, 'shared'],
];

function mountOptions(flags: number): string[] {
  const r = flags & MS_REC ? 'r' : '';
  return [
    flags & MS_RDONLY ? 'ro' : 'rw',
    ...MOUNT_FLAGS.flatMap(([bit, name]) => (flags & bit ? [name] : [])),
    ...(flags & MS_BIND ? [`${r}bind`] : []),
    ...PROPAGATION.flatMap(([bit, name]) => (flags & bit ? [`${r}${name}`] : [])),
  ];
}

/** The directory a mount call is about, as AppArmor writes it. */
function mountPoint(k: Kernel, task: Task, path: string): string | undefined {
  const walked = walk(k, task, AT_FDCWD, path, { follow: true });
  if (!walked.ok || walked.value.at === null) return undefined;
  const text = locationPath(k, task, walked.value.at);
  return text === '/' ? text : `${text}/`;
}

function mountRequest(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): MountRequest | undefined {
  const point = mountPoint(k, task, String(call === 'mount' ? args[1] : args[0]));
  if (point === undefined) return undefined;
  if (call === 'umount2') return { what: 'umount', point, source: '', fstype: '', options: [] };
  if (call === 'pivot_root')
    return { what: 'pivot_root', point, source: mountPoint(k, task, String(args[1])) ?? '', fstype: '', options: [] };
  const flags = Number(args[3]);
  const source = flags & MS_BIND ? (mountPoint(k, task, String(args[0])) ?? String(args[0])) : String(args[0]);
  return { what: flags & MS_REMOUNT ? 'remount' : 'mount', point, source, fstype: String(args[2]), options: mountOptions(flags) };
}

/** What is asked before the capabilities: mounting. Counterpart: security_sb_mount in path_mount */
export function beforeCall(k: Kernel, task: Task, call: CallName, args: readonly unknown[]): Res<void> {
  if (call !== 'mount' || profileOf(k.state, task.cred.label) === undefined) return GRANTED;
  const request = mountRequest(k, task, call, args);
  return request === undefined ? GRANTED : mediateMount(k, task, request);
}

function judge(k: Kernel, task: Task, call: CallName, args: readonly unknown[], accesses: readonly FileAccess[]): Res<void> {
  for (const access of accesses) {
    const may = fileAllowed(k, task, access);
    if (!may.ok) return may;
  }
  if (call === 'umount2' || call === 'pivot_root') {
    const request = mountRequest(k, task, call, args);
    if (request !== undefined) return mediateMount(k, task, request);
  }
  if (call === 'prlimit64' && args[2] !== null) return mediateRlimit(k, task, String(args[1]), (args[2] as readonly [number, number])[1]);
  if (call === 'syscall' && args[0] === 'socket') {
    const [family, type, protocol = 0] = args.slice(1).map(Number);
    return mediateNetwork(k, task, AF_NAMES[family ?? 0] ?? 'unknown', SOCK_NAMES[(type ?? 0) & 0xf] ?? 'unknown', protocol);
  }
  return GRANTED;
}

/** A capability the task holds, but its profile does not let it use: the refusal says so. */
function capabilityRefusal(k: Kernel, task: Task, outcome: Outcome<unknown>): Outcome<unknown> {
  if (outcome.ok !== false || outcome.verdict === undefined) return outcome;
  for (const { rule, outcome: answer } of outcome.verdict.checks) {
    const cap = `CAP_${rule.slice('cap.'.length)}`;
    if (!rule.startsWith('cap.') || answer !== 'deny' || !capHas(task.cred.effective, cap as Capability)) continue;
    const refused = refusedCapability(k, task, cap);
    if (!refused.ok) return { ...outcome, verdict: deny([...outcome.verdict.checks, ...(refused.verdict?.checks ?? [])]) };
  }
  return outcome;
}

/**
 * The outcome of a call after the modules have looked at it. On success `k.state` stays what the handler made of it, or the answer is
 * an error and the caller puts the state from before back. The log is written to `k.state` in either case.
 */
export function afterCall(
  k: Kernel,
  before: KernelState,
  task: Task,
  call: CallName,
  args: readonly unknown[],
  outcome: Outcome<unknown>,
): Outcome<unknown> {
  const confined = isConfinedLabel(before, task.cred.label);
  if (outcome.ok !== true) return confined ? capabilityRefusal(k, task, outcome) : outcome;
  const selinux = before.lsm?.kind === 'selinux';
  if (!confined && !selinux && call !== 'execve') return outcome;
  const after = k.state;
  // Judged on the tree before the call; lines of the log are added to what the handler wrote.
  k.state = { ...before, log: after.log, ...(after.audit && { audit: after.audit }) };
  const accesses = fileAccesses(k, task, call, args);
  const may = confined ? judge(k, task, call, args, accesses) : GRANTED;
  const exe = after.tasks.get(task.id)?.exe;
  const next =
    !may.ok || call !== 'execve'
      ? undefined
      : selinux
        ? ok(contextAfterExec(k, task, exe?.at ?? null))
        : labelAfterExec(k, task, exe?.path ?? '');
  const { log, audit } = k.state;
  k.state = { ...after, log, ...(audit && { audit }) };
  if (!may.ok) return may;
  if (next?.ok === false) return err(next.errno, next.verdict);
  if (next !== undefined) relabelTask(k, task, next.value);
  if (selinux) labelNewFiles(k, task, accesses);
  return outcome;
}

function relabelTask(k: Kernel, task: Task, label: string): void {
  const { execLabel, ...cred } = k.task(task.id)?.cred ?? task.cred;
  if (label !== cred.label || execLabel !== undefined) k.updateTask(task.id, { cred: { ...cred, label } });
  if (label !== cred.label) lowerLimits(k, task.id, profileOf(k.state, label));
}

/** A profile with rlimit rules lowers the limits of who enters it. Counterpart: __aa_transition_rlimits */
function lowerLimits(k: Kernel, id: number, profile: Profile | undefined): void {
  for (const { resource, max } of profile === undefined ? [] : rulesOf(profile, 'rlimit')) {
    const { rlimits } = k.task(id) as Task;
    const [soft, hard] = rlimits[resource] ?? DEFAULT_RLIMITS[resource];
    k.updateTask(id, { rlimits: { ...rlimits, [resource]: [Math.min(soft, max), Math.min(hard, max)] } });
  }
}
