// Where a credential of a process comes from: the recorded steps that set it, then what the runtime was told, then who said so.

import { CAPABILITIES, capSet } from '#abi/capability.ts';
import { fromKgid, fromKuid } from '#kernel/cred/ids.ts';
import type { CredField, CredStep, KernelState, Task } from '#kernel/state.ts';
import type { Operand } from '#provenance/verdict.ts';
import type { Cause, Explanation } from '../protocol.ts';
import type { World } from '../world.ts';
import { memberAnswer, valueAnswer } from './answer.ts';
import { ociCauses } from './container.ts';
import { capText, operandsText, operandText } from './operands.ts';
import { type Language, ruleText } from './ruleTexts.ts';

/** What a reader calls a value → the fields of the kernel's credentials, the current one first. */
const FIELDS: Readonly<Record<string, readonly CredField[]>> = {
  uid: ['ruid', 'euid', 'suid', 'fsuid'],
  gid: ['rgid', 'egid', 'sgid', 'fsgid'],
  ruid: ['ruid'],
  euid: ['euid'],
  suid: ['suid'],
  fsuid: ['fsuid'],
  rgid: ['rgid'],
  egid: ['egid'],
  sgid: ['sgid'],
  fsgid: ['fsgid'],
  groups: ['groups'],
  CapInh: ['inheritable'],
  CapPrm: ['permitted'],
  CapEff: ['effective'],
  CapBnd: ['bounding'],
  CapAmb: ['ambient'],
  noNewPrivs: ['noNewPrivs'],
};

/** The place in config.json that runc takes a field from. */
const OCI: Readonly<Partial<Record<CredField, string>>> = {
  ruid: '/process/user/uid',
  rgid: '/process/user/gid',
  groups: '/process/user/additionalGids',
  inheritable: '/process/capabilities/inheritable',
  permitted: '/process/capabilities/permitted',
  effective: '/process/capabilities/effective',
  bounding: '/process/capabilities/bounding',
  ambient: '/process/capabilities/ambient',
  noNewPrivs: '/process/noNewPrivileges',
};

/** Names a reader may ask for. */
export const CREDENTIAL_FIELDS: readonly string[] = Object.keys(FIELDS);

/** A member of a set that is asked about: a capability by name, a group by number. */
const capabilityOf = (value: string | undefined): bigint | undefined => {
  const name = value === undefined ? undefined : CAPABILITIES.find((one) => one === value.toUpperCase());
  return name === undefined ? undefined : capSet(name);
};

function concerns(step: CredStep, fields: readonly CredField[], bit: bigint | undefined, group: number | undefined): boolean {
  return step.changed.some(({ field, before, after }) => {
    if (!fields.includes(field)) return false;
    if (bit !== undefined && typeof before === 'bigint' && typeof after === 'bigint') return ((before ^ after) & bit) !== 0n;
    if (group !== undefined && Array.isArray(before) && Array.isArray(after)) return before.includes(group) !== after.includes(group);
    return true;
  });
}

/** Kernel ids as the process sees them. */
function shown(state: KernelState, task: Task, field: CredField, value: Operand, language: Language): string {
  const { userNs } = task.cred;
  if (field === 'groups' && Array.isArray(value)) return value.map((gid) => fromKgid(state, userNs, gid)).join(' ') || '–';
  if (typeof value === 'number' && field.endsWith('uid')) return String(fromKuid(state, userNs, value as Task['cred']['ruid']));
  if (typeof value === 'number' && field.endsWith('gid')) return String(fromKgid(state, userNs, value as Task['cred']['rgid']));
  return typeof value === 'bigint' ? capText(value, language) : operandText(field, value, language);
}

function stepCause(state: KernelState, task: Task, step: CredStep, language: Language): Cause {
  const { title, citation } = ruleText(step.rule, language);
  const changes = step.changed.map(
    ({ field, before, after }) => `${field} ${shown(state, task, field, before, language)} → ${shown(state, task, field, after, language)}`,
  );
  const detail = changes.length > 0 ? changes.join(', ') : operandsText(step.operands, language);
  return { title, detail: step.by === undefined ? detail : `${step.by}: ${detail}`, citation };
}

/** The steps of the same execve that led to a result. */
function withExec(steps: readonly CredStep[], at: number): readonly CredStep[] {
  const step = steps[at] as CredStep;
  if (!step.rule.startsWith('exec.')) return [step];
  let first = at;
  while (first > 0 && steps[first - 1]?.rule.startsWith('exec.') && steps[first - 1]?.rule !== 'exec.result') first--;
  return steps.slice(first, at + 1).reverse();
}

/**
 * The chain behind one credential, the newest step first. `value` narrows a set to one member ("CAP_NET_RAW", "2000").
 * null: no such process or field.
 */
export function explainCredential(
  world: World,
  taskId: number,
  name: string,
  value: string | undefined,
  language: Language,
): Explanation | null {
  const { state } = world.machine;
  const task = state.tasks.get(taskId);
  const fields = FIELDS[name];
  if (task === undefined || fields === undefined) return null;
  const bit = capabilityOf(value);
  const group = name === 'groups' && value !== undefined && /^\d+$/.test(value) ? kernelGroup(state, task, Number(value)) : undefined;
  const { steps } = task.cred;
  const found = steps.flatMap((step, at) => (concerns(step, fields, bit, group) ? [at] : [])).reverse();
  const causes = found.flatMap((at) => withExec(steps, at).map((step) => stepCause(state, task, step, language)));
  const runtime = found.map((at) => steps[at] as CredStep).find((step) => step.by?.startsWith('runc'));
  const pointer = OCI[fields[0] as CredField];
  if (pointer !== undefined && (runtime !== undefined || found.length === 0))
    causes.push(...ociCauses(world, task, member(pointer, group, task), language));
  if (bit !== undefined || nothingLeft(task, name)) causes.push(...behindBit(world, task, name, bit ?? task.cred.bounding, language));
  const title = `${task.comm}[${task.pids[0]}]: ${name}${value === undefined ? '' : ` ${value}`}`;
  return { title, answer: credentialAnswer(state, task, name, value, bit, causes, language), causes };
}

/** The present value, or whether the set has the member, and who decided that. */
function credentialAnswer(
  state: KernelState,
  task: Task,
  name: string,
  value: string | undefined,
  bit: bigint | undefined,
  causes: readonly Cause[],
  language: Language,
): string {
  const field = (FIELDS[name] as readonly CredField[])[0] as CredField;
  const now: unknown = field === 'noNewPrivs' ? task.noNewPrivs : task.cred[field];
  const uid = fromKuid(state, task.cred.userNs, task.cred.euid);
  if (typeof now === 'bigint' && (bit !== undefined || (now === 0n && uid !== 0))) {
    const wanted = bit ?? task.cred.bounding;
    const has = (now & wanted) !== 0n;
    const withheld = !has && (field === 'effective' || field === 'permitted') && (task.cred.bounding & wanted) !== 0n;
    return memberAnswer({ member: value?.toUpperCase(), name, has, withheld, uid }, causes, language);
  }
  if (value !== undefined) return memberAnswer({ member: value, name, has: true, withheld: false, uid }, causes, language);
  return valueAnswer(name, shown(state, task, field, now as Operand, language), causes, language);
}

function kernelGroup(state: KernelState, task: Task, gid: number): number | undefined {
  return task.cred.groups.find((one) => fromKgid(state, task.cred.userNs, one) === gid);
}

/** One group of the list has a reason of its own. */
function member(pointer: string, group: number | undefined, task: Task): string {
  const at = group === undefined ? -1 : task.cred.groups.indexOf(group as (typeof task.cred.groups)[number]);
  return at === -1 ? pointer : `${pointer}/${at}`;
}

/** Is the effective or permitted set of the process empty? */
const nothingLeft = ({ cred }: Task, name: string): boolean =>
  (name === 'CapEff' && cred.effective === 0n) || (name === 'CapPrm' && cred.permitted === 0n);

/** Why execve gave or withheld a capability: the bounding set and, without root, the uid. */
function behindBit(world: World, task: Task, name: string, bit: bigint, language: Language): readonly Cause[] {
  if (name !== 'CapEff' && name !== 'CapPrm') return [];
  const has = (task.cred.effective & bit) !== 0n;
  const bounded = (task.cred.bounding & bit) !== 0n;
  if (has || !bounded) return ociCauses(world, task, '/process/capabilities/bounding', language);
  return ociCauses(world, task, '/process/user/uid', language);
}
