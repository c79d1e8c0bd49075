// The one place where recorded facts become sentences: refusals, credentials, leaves of artefacts.

import { originAt } from '#provenance/origin.ts';
import type { Cause, ExplainTarget, Explanation } from '../protocol.ts';
import type { World } from '../world.ts';
import { containerOf } from './container.ts';
import { explainCredential } from './credential.ts';
import { explainDenial, lastDenial } from './denial.ts';
import { originCauses } from './origin.ts';
import { explainRefusal } from './refusal.ts';
import type { Language } from './ruleTexts.ts';

export { explainMount } from './container.ts';
export { CREDENTIAL_FIELDS, explainCredential } from './credential.ts';
export { explainDenial, lastDenial } from './denial.ts';
export { originText } from './origin.ts';
export { type Language, ruleText } from './ruleTexts.ts';

/** The explanation behind an id that output carries: of a call the kernel refused, or of what was refused above it. */
export function explainRecord(world: World, id: number, language: Language): Explanation | null {
  const refusal = world.refusals.get(id);
  if (refusal !== undefined) return explainRefusal(refusal, language);
  const record = world.machine.record(id);
  return record?.verdict === undefined ? null : explainDenial(world, record, language);
}

/** The id of the newest refusal, wherever it was decided; `pod` narrows to one Pod. −1: nothing was refused. */
export function newestRefusal(world: World, pod?: string): number {
  const above = world.refusals.newest(({ object }) => pod === undefined || (object.kind === 'Pod' && object.name === pod));
  const below = lastDenial(world, (record) => pod === undefined || containerOf(world, record.caller)?.pod === pod);
  return Math.max(above?.id ?? -1, below?.id ?? -1);
}

/** Explains the newest refusal, see above. */
export function explainNewest(world: World, pod: string | undefined, language: Language): Explanation | null {
  const id = newestRefusal(world, pod);
  return id === -1 ? null : explainRecord(world, id, language);
}

/** Answers the page's question. null: nothing is known about it. */
export function explain(world: World, about: ExplainTarget, language: Language): Explanation | null {
  switch (about.kind) {
    case 'denial': {
      return explainRecord(world, about.record, language);
    }
    case 'credential':
      return explainCredential(world, about.task, about.field, about.value, language);
    case 'pointer': {
      const origins = artefactOrigins(world, about);
      const origin = origins && originAt(origins, about.pointer);
      return origin === undefined ? null : pointerExplanation(about.pointer || '/', originCauses(origin, language));
    }
  }
}

const pointerExplanation = (title: string, causes: readonly Cause[]): Explanation => ({ title, answer: '', causes });

function artefactOrigins(world: World, about: Extract<ExplainTarget, { kind: 'pointer' }>) {
  const pod = world.api.list('Pod').find((one) => one.metadata.name === about.pod);
  if (pod === undefined) return undefined;
  if (about.artefact === 'manifest') return world.api.originsOf('Pod', pod.metadata.namespace ?? 'default', about.pod);
  const statuses = (pod.status as { containerStatuses?: { name: string; containerID?: string }[] } | undefined)?.containerStatuses;
  const id = statuses?.find((one) => one.name === about.container)?.containerID?.replace(/^[^/]*\/\//, '');
  if (id === undefined) return undefined;
  return about.artefact === 'cri' ? world.runtime.Config(id)?.origins : world.runtime.Spec(id)?.origins;
}
