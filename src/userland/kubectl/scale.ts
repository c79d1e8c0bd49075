// kubectl scale.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { dryRunTail, findObjects, placeOf, writeQuery } from './objects.ts';
import { shownName } from './resources.ts';
import { type Call, fail, flagOf, getNamed, out, send, usage } from './session.ts';

/** Counterpart: kubectl/pkg/cmd/scale, v1.36 */
export function* scale(call: Call): Program<number> {
  const replicas = flagOf(call, 'replicas');
  if (replicas === undefined) return yield* fail('required flag(s) "replicas" not set');
  if (Number(replicas) < 0)
    return yield* usage(call, 'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
  const expected = flagOf(call, 'current-replicas') ?? '-1';
  const failures: Failure[] = [];
  const found = yield* findObjects(call, call.parsed.args, failures);
  if (typeof found === 'number') return found;
  for (const one of found) {
    const where = { ...placeOf(one), subresource: 'scale' };
    const now = yield* getNamed(call, { ...where });
    if (!now.ok) {
      failures.push(serverFailure(now.status, ''));
      continue;
    }
    if (expected !== '-1' && String(now.body.spec.replicas ?? 0) !== expected) {
      failures.push(clientFailure(`Expected replicas to be ${expected}, was ${now.body.spec.replicas ?? 0}`));
      continue;
    }
    if (flagOf(call, 'dry-run') !== 'client') {
      const done = yield* send(call, {
        verb: 'patch',
        patchType: 'merge',
        ...where,
        body: { spec: { replicas: Number(replicas) } },
        query: writeQuery(call, 'kubectl-scale'),
      });
      if (!done.ok) {
        failures.push(serverFailure(done.status, ''));
        continue;
      }
    }
    yield* out(`${shownName(one.resource, one.object.metadata.name)} scaled${dryRunTail(call)}\n`);
  }
  return yield* finish(failures);
}
