// AppArmor's hooks: which profile counts, the decision, the log line and the verdict. Counterpart: security/apparmor/lsm.c, audit.c

import { CAPABILITIES } from '#abi/capability.ts';
import type { RuleId } from '#provenance/rules.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res } from '../../context.ts';
import type { KernelState, Task } from '../../state.ts';
import type { FileAccess } from '../access.ts';
import { AUDIT_AVC, audit, untrusted } from '../audit.ts';
import { UNCONFINED } from '../state.ts';
import {
  type Decision,
  decideCapability,
  decideFile,
  decideMount,
  decideNetwork,
  decidePtrace,
  decideRlimit,
  decideSignal,
  type MountRequest,
} from './decide.ts';
import {
  AA_APPEND,
  AA_CHMOD,
  AA_CHOWN,
  AA_CREATE,
  AA_DELETE,
  AA_EXEC,
  AA_LINK,
  AA_LOCK,
  AA_MMAP,
  AA_READ,
  AA_SETATTR,
  AA_WRITE,
  type Profile,
} from './profile.ts';

const ALLOWED: Res<void> = ok(undefined);

/** The profile a label names; undefined for what is not confined. */
export function profileOf(state: KernelState, label: string | undefined): Profile | undefined {
  if (label === undefined || label === UNCONFINED || state.lsm?.kind !== 'apparmor') return undefined;
  const profile = state.lsm.profiles.get(label);
  return profile === undefined || profile.mode === 'unconfined' || profile.flags.includes('default_allow') ? undefined : profile;
}

/** A label with its mode, as /proc/PID/attr/current shows it. */
export function labelText(state: KernelState, label: string): string {
  const profile = state.lsm?.kind === 'apparmor' ? state.lsm.profiles.get(label) : undefined;
  return label === UNCONFINED || profile === undefined ? label : `${label} (${profile.mode})`;
}

const CHARS: readonly (readonly [number, string])[] = [
  [AA_EXEC, 'x'],
  [AA_WRITE | AA_SETATTR | AA_CHMOD | AA_CHOWN, 'w'],
  [AA_READ, 'r'],
  [AA_APPEND, 'a'],
  [AA_CREATE, 'c'],
  [AA_DELETE, 'd'],
  [AA_LOCK, 'k'],
  [AA_MMAP, 'm'],
  [AA_LINK, 'l'],
];
/** Permission bits as letters, in the kernel's order. */
export const maskText = (mask: number): string =>
  CHARS.filter(([bits]) => (mask & bits) !== 0)
    .map(([, char]) => char)
    .join('');

interface Request {
  readonly operation: string;
  readonly class: string;
  readonly rule: RuleId;
  readonly info?: string;
  readonly errno?: 'EACCES' | 'EPERM';
  /** Fields of the log line before and after the task. */
  readonly before?: string;
  readonly after: string;
  readonly operands: Readonly<Record<string, string | number>>;
}

/** Carries a decision out: logs it unless it is quiet, and refuses unless the profile only complains. */
function carryOut(k: Kernel, task: Task, profile: Profile, decision: Decision, request: Request): Res<void> {
  const refused = decision.denied !== 0;
  if (!refused && !decision.audit) return ALLOWED;
  const enforced = profile.mode !== 'complain';
  const errno = request.errno ?? 'EACCES';
  if (!refused || !decision.quiet) {
    const word = !refused ? 'AUDIT' : enforced ? 'DENIED' : 'ALLOWED';
    const info = request.info === undefined ? '' : ` info="${request.info}" error=${errno === 'EPERM' ? -1 : -13}`;
    const head = `apparmor="${word}" operation="${request.operation}" class="${request.class}"${info} profile=${untrusted(profile.name)}`;
    const who = `pid=${task.id} comm=${untrusted(task.comm)}`;
    audit(k, AUDIT_AVC, `${head}${request.before ?? ''} ${who} ${request.after}`);
  }
  if (!refused || !enforced) return ALLOWED;
  const { rule } = decision;
  return err(
    errno,
    deny([
      check(request.rule, 'deny', {
        profile: profile.name,
        mode: profile.mode,
        ...request.operands,
        ...(rule === null ? { noRule: true } : { deniedBy: rule.text, line: rule.line }),
      }),
    ]),
  );
}

/** A file access of a confined task. */
export function mediateFile(k: Kernel, task: Task, access: FileAccess): Res<void> {
  const profile = profileOf(k.state, task.cred.label);
  if (profile === undefined) return ALLOWED;
  const decision = decideFile(profile, access, task.cred.fsuid);
  const requested = maskText(access.mask);
  const refused = maskText(decision.denied);
  return carryOut(k, task, profile, decision, {
    operation: access.operation,
    class: 'file',
    rule: 'apparmor.file',
    before: ` name=${untrusted(access.path)}`,
    after: `requested_mask="${requested}" denied_mask="${refused}" fsuid=${task.cred.fsuid} ouid=${access.ouid}`,
    operands: { operation: access.operation, path: access.path, requested, denied: refused },
  });
}

/** Does the profile behind a label let a capability count? Counterpart: apparmor_capable */
export function labelAllowsCapability(state: KernelState, label: string, cap: string): boolean {
  const profile = profileOf(state, label);
  return profile === undefined || profile.mode === 'complain' || decideCapability(profile, capName(cap)).denied === 0;
}
const capName = (cap: string): string => cap.slice('CAP_'.length).toLowerCase();

/** The refusal of a capability that the task has, for the log and the verdict. */
export function refuseCapability(k: Kernel, task: Task, cap: string): Res<void> {
  const profile = profileOf(k.state, task.cred.label);
  if (profile === undefined) return ALLOWED;
  const name = capName(cap);
  const number = (CAPABILITIES as readonly string[]).indexOf(cap);
  return carryOut(k, task, profile, decideCapability(profile, name), {
    operation: 'capable',
    class: 'cap',
    rule: 'apparmor.capability',
    errno: 'EPERM',
    after: `capability=${number}  capname="${name}"`,
    operands: { capability: name },
  });
}

export function mediateMount(k: Kernel, task: Task, request: MountRequest): Res<void> {
  const profile = profileOf(k.state, task.cred.label);
  if (profile === undefined) return ALLOWED;
  const decision = decideMount(profile, request);
  const { what, point, source, fstype, options } = request;
  const isMount = what === 'mount' || what === 'remount';
  return carryOut(k, task, profile, decision, {
    operation: what === 'remount' ? 'mount' : what === 'pivot_root' ? 'pivotroot' : what,
    class: 'mount',
    rule: 'apparmor.mount',
    ...(isMount && { info: decision.info === '' ? 'failed mntpnt match' : decision.info }),
    before: ` name=${untrusted(point)}`,
    after: isMount
      ? `${fstype === '' ? '' : `fstype=${untrusted(fstype)} `}srcname=${untrusted(source)} flags="${options.join(', ')}"`
      : what === 'pivot_root'
        ? `srcname=${untrusted(source)}`
        : '',
    operands: { operation: what, path: point, source, fstype, options: options.join(',') },
  });
}

export function mediateNetwork(k: Kernel, task: Task, family: string, type: string, protocol: number): Res<void> {
  const profile = profileOf(k.state, task.cred.label);
  if (profile === undefined) return ALLOWED;
  return carryOut(k, task, profile, decideNetwork(profile, family, type), {
    operation: 'create',
    class: 'net',
    rule: 'apparmor.network',
    after: `family="${family}" sock_type="${type}" protocol=${protocol} requested_mask="create" denied_mask="create"`,
    operands: { family, type },
  });
}

/** A resource limit above the profile's is not set. Counterpart: aa_task_setrlimit */
export function mediateRlimit(k: Kernel, task: Task, resource: string, hard: number): Res<void> {
  const profile = profileOf(k.state, task.cred.label);
  if (profile === undefined) return ALLOWED;
  const rlimit = resource.slice('RLIMIT_'.length).toLowerCase();
  return carryOut(k, task, profile, decideRlimit(profile, resource, hard), {
    operation: 'setrlimit',
    class: 'rlimits',
    rule: 'apparmor.rlimit',
    after: `rlimit=${rlimit} value=${hard === Infinity ? '18446744073709551615' : hard}`,
    operands: { rlimit, hard: String(hard) },
  });
}

/** A signal: the sender must be allowed to send, the receiver to receive. */
export function mediateSignal(k: Kernel, from: Task, to: Task, signal: string): Res<void> {
  const ends = [
    ['send', from.cred.label, to.cred.label],
    ['receive', to.cred.label, from.cred.label],
  ] as const;
  for (const [access, own, peer = UNCONFINED] of ends) {
    const profile = profileOf(k.state, own);
    if (profile === undefined) continue;
    const done = carryOut(k, from, profile, decideSignal(profile, access, signal, peer), {
      operation: 'signal',
      class: 'signal',
      rule: 'apparmor.signal',
      after: `requested_mask="${access}" denied_mask="${access}" signal=${signal} peer="${peer}"`,
      operands: { access, signal, peer },
    });
    if (!done.ok) return done;
  }
  return ALLOWED;
}

/** Looking into another task: both profiles must allow it. */
export function mediatePtrace(k: Kernel, tracer: Task, target: Task, how: 'read' | 'trace'): Res<void> {
  const ends = [
    [how, tracer.cred.label, target.cred.label],
    [how === 'read' ? 'readby' : 'tracedby', target.cred.label, tracer.cred.label],
  ] as const;
  for (const [access, own, peer = UNCONFINED] of ends) {
    const profile = profileOf(k.state, own);
    if (profile === undefined) continue;
    const done = carryOut(k, tracer, profile, decidePtrace(profile, access, peer), {
      operation: 'ptrace',
      class: 'ptrace',
      rule: 'apparmor.ptrace',
      after: `requested_mask="${access}" denied_mask="${access}" peer="${peer}"`,
      operands: { access, peer },
    });
    if (!done.ok) return done;
  }
  return ALLOWED;
}
