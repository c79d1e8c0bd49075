// What every `kubectl set` does: change objects on the client, send the difference.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish } from './failures.ts';
import { dryRunTail, type Found, findObjects, placeOf, writeQuery } from './objects.ts';
import { printObject } from './output.ts';
import { shownName } from './resources.ts';
import { type Call, fail, flagOf, isSet, type Json, out, send } from './session.ts';
import { threeWayPatch } from './threeWay.ts';

export const NO_RESOURCE = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

/** What a subcommand does to one object: a new object, or why not. */
type Change = (object: Json) => { readonly object: Json } | { readonly error: string };

interface Task {
  readonly words: readonly string[];
  /** `image updated`: printed after the name. */
  readonly done: string;
  /** `failed to patch …`: said before the server's reason. */
  readonly failed: string;
  readonly change: Change;
  /** Said instead of success when the command was given nothing to set. */
  readonly unsaid?: string;
}

/** Where the pod spec of an object is. Counterpart: UpdatePodSpecForObject, kubectl/pkg/polymorphichelpers */
export function podSpecOf(object: Json): Json | undefined {
  if (object.kind === 'Pod') return object.spec;
  if (object.kind === 'CronJob') return object.spec?.jobTemplate?.spec?.template?.spec;
  return object.spec?.template?.spec;
}

/** Changes the containers that the names or wildcards mean; undefined: none of that name. */
export function onContainers(object: Json, pattern: string, change: (container: Json) => void): Json | undefined {
  const next = structuredClone(object);
  const spec = podSpecOf(next);
  const match = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`);
  const chosen = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].filter((c: Json) => match.test(c.name));
  for (const container of chosen) change(container);
  return chosen.length === 0 ? undefined : next;
}

/** Counterpart: CalculatePatches and the loop after it, kubectl/pkg/cmd/set */
export function* change(call: Call, task: Task): Program<number> {
  if (isSet(call, 'all') && flagOf(call, 'selector') !== undefined) return yield* fail('cannot set --all and --selector at the same time');
  if (isSet(call, 'local'))
    return yield* fail(`"kubectl ${call.command} --local" is not simulated here; --dry-run=client changes nothing either`);
  const failures: Failure[] = [];
  const found = yield* findObjects(call, task.words, failures);
  if (typeof found === 'number') return found;
  for (const one of found) {
    const failure = yield* changeOne(call, task, one);
    if (failure) failures.push(failure);
  }
  return yield* finish(failures);
}

function* changeOne(call: Call, task: Task, { resource, object }: Found): Program<Failure | undefined> {
  const changed = task.change(object);
  if ('error' in changed) return clientFailure(changed.error);
  const patch = threeWayPatch(object, changed.object, object);
  if (Object.keys(patch).length === 0) return undefined;
  let result: Json = changed.object;
  if (flagOf(call, 'dry-run') !== 'client') {
    const place = placeOf({ resource, object });
    const sent = yield* send(call, {
      verb: 'patch',
      patchType: 'strategic',
      ...place,
      body: patch,
      query: writeQuery(call, 'kubectl-set'),
    });
    if (!sent.ok) return clientFailure(`${task.failed} ${sent.status.message}`);
    if (task.unsaid !== undefined) return clientFailure(task.unsaid);
    result = sent.body;
  }
  const output = flagOf(call, 'output');
  if (output) yield* printObject(call, output, result, resource);
  else yield* out(`${shownName(resource, object.metadata.name)} ${task.done}${dryRunTail(call)}\n`);
  return undefined;
}

export const noTemplate = (object: Json): string =>
  `${object.kind.toLowerCase()}s/${object.metadata.name} the object is not a pod or does not have a pod template: *v1.${object.kind}\n`;
