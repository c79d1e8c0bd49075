// A refused call as its caller would tell it: the file and the mount by their paths, ids as its user namespace shows them.

import { fromKgid, fromKuid, kgidMapped, kuidMapped } from '#kernel/cred/ids.ts';
import { locationPath, mountOf } from '#kernel/fs/index.ts';
import type { SyscallRecord } from '#kernel/machine/types.ts';
import type { Kgid, Kuid, Task } from '#kernel/state.ts';
import type { Check, Operand } from '#provenance/verdict.ts';
import type { World } from '../world.ts';
import type { Language } from './ruleTexts.ts';

/** Where the checks looked, as absolute paths of the caller's tree; absent where nothing was looked at or it has gone since. */
export interface Whereabouts {
  readonly file?: string;
  readonly mount?: string;
}

export function whereabouts(world: World, { task, caller, verdict }: SyscallRecord): Whereabouts {
  const { machine } = world;
  const { mounts } = machine.state;
  const somebody = machine.task(task) ?? (machine.task(1) as Task);
  const at = verdict?.at;
  if (at === undefined || mounts.get(at.mount) === undefined || mounts.get(caller.root.mount) === undefined) return {};
  const viewer: Task = { ...somebody, root: caller.root };
  const root = { mount: at.mount, ino: mountOf(machine, at.mount).root };
  return { file: locationPath(machine, viewer, at), mount: locationPath(machine, viewer, root) };
}

const UID = /^([efrs]{0,2}uid|owner|.*[a-z]Uid)$/;
const GID = /^([efrs]{0,2}gid|groups|gids|.*[a-z]Gid)$/;

function idText(inside: number, kernel: number, mapped: boolean, language: Language): number | string {
  if (inside === kernel) return inside;
  const [node, none] = language === 'ja' ? ['ノード', '対応なし、'] : ['node', 'not mapped; '];
  return `${inside} [${mapped ? '' : none}${node}: ${kernel}]`;
}

/** Checks with the ids that the caller sees; where the node has others, those beside them. */
export function asCallerSees(world: World, { caller }: SyscallRecord, checks: readonly Check[], language: Language): readonly Check[] {
  const { state } = world.machine;
  const ns = caller.cred.userNs;
  if (ns === 0 || state.userNs.get(ns) === undefined) return checks;
  const uid = (id: number): number | string => idText(fromKuid(state, ns, id as Kuid), id, kuidMapped(state, ns, id as Kuid), language);
  const gid = (id: number): number | string => idText(fromKgid(state, ns, id as Kgid), id, kgidMapped(state, ns, id as Kgid), language);
  const seen = (name: string, value: Operand): Operand => {
    const one = UID.test(name) ? uid : GID.test(name) ? gid : undefined;
    if (one === undefined) return value;
    if (typeof value === 'number') return one(value);
    return Array.isArray(value) ? value.map(one).join(' ') : value;
  };
  return checks.map((check) => ({
    ...check,
    operands: Object.fromEntries(Object.entries(check.operands).map(([name, value]) => [name, seen(name, value)])),
  }));
}
