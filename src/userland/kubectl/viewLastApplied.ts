// kubectl apply view-last-applied.

import type { Program } from '#kernel/uapi/index.ts';
import { LAST_APPLIED } from './apply.ts';
import { printObject } from './output.ts';
import { about, type Call, errOut, fail, flagOf, getNamed, type Json, statusText } from './session.ts';
import { parseTargets } from './targets.ts';

/** Prints the stored configuration without what apply itself added. */
export function* viewLastApplied(call: Call): Program<number> {
  const parsed = parseTargets(call.port.resources(), call.parsed.args.slice(1));
  if (!parsed.ok) return yield* fail(parsed.error);
  for (const { resource, name = '' } of parsed.targets) {
    const answer = yield* getNamed(call, { ...about(resource, call.namespace), name });
    if (!answer.ok) {
      yield* errOut(statusText(answer.status));
      return 1;
    }
    const text: string | undefined = answer.body.metadata.annotations?.[LAST_APPLIED];
    if (text === undefined) return yield* fail(`no last-applied-configuration annotation found on resource: ${name}`);
    const object: Json = JSON.parse(text);
    if (Object.keys(object.metadata?.annotations ?? {}).length === 0) delete object.metadata.annotations;
    yield* printObject(call, flagOf(call, 'output') ?? 'yaml', object, resource);
  }
  return 0;
}
