// kubectl rollout.

import type { Program } from '#kernel/uapi/index.ts';
import { monotonic, nowSeconds } from './clock.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { dryRunTail, type Found, findObjects, placeOf, writeQuery } from './objects.ts';
import { shownName, shownPlural } from './resources.ts';
import { viewerOf } from './rolloutStatus.ts';
import { type Call, errOut, fail, flagOf, getNamed, type Json, out, send, usage } from './session.ts';
import { duration } from './wait.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const WORKLOADS = ['Deployment', 'DaemonSet', 'StatefulSet'];

/** Counterpart: kubectl/pkg/cmd/rollout, v1.36 */
export function* rollout(call: Call): Program<number> {
  const [verb, ...words] = call.parsed.args;
  const action = verb === undefined ? undefined : ACTIONS[verb];
  if (action === undefined)
    return verb === undefined
      ? yield* fail('must specify a rollout command: history, pause, restart, resume, status or undo')
      : yield* usage(call, `unknown command "${verb}"`);
  const failures: Failure[] = [];
  // A type without a name means all of the type.
  const values = new Map([...call.parsed.values, ['all', ['true']]]);
  const found = yield* findObjects({ ...call, command: `rollout ${verb}`, parsed: { ...call.parsed, values } }, words, failures);
  if (typeof found === 'number') return found;
  if (found.length === 0 && failures.length === 0) yield* errOut(`No resources found in ${call.namespace} namespace.\n`);
  for (const one of found) {
    const failure = yield* action(call, one);
    if (typeof failure === 'number') return failure;
    if (failure) failures.push(failure);
  }
  return yield* finish(failures);
}

type Outcome = Failure | number | undefined;

function* status(call: Call, { resource, object }: Found): Program<Outcome> {
  const view = viewerOf(resource.kind);
  if (view === undefined) return clientFailure(`no status viewer has been implemented for ${resource.kind}`);
  const timeout = duration(flagOf(call, 'timeout') ?? '0s') ?? 0n;
  const end = timeout > 0n ? (yield* monotonic()) + timeout : undefined;
  let said = '';
  for (let live: Json = object; ; ) {
    const { message, done, error } = view(live);
    if (error !== undefined) return clientFailure(error);
    if (message !== said) yield* out(message);
    said = message;
    if (done || /^(f|false|0)$/i.test(flagOf(call, 'watch') ?? 'true')) return undefined;
    const left = end === undefined ? 60_000_000_000n : end - (yield* monotonic());
    if (left <= 0n) return clientFailure('timed out waiting for the condition');
    yield* call.port.waitForChange(left);
    const got = yield* getNamed(call, { ...placeOf({ resource, object }) });
    if (!got.ok) return clientFailure('object has been deleted');
    live = got.body;
  }
}

function* change(call: Call, one: Found, body: Json, verb: string): Program<Outcome> {
  if (flagOf(call, 'dry-run') !== 'client') {
    const done = yield* send(call, {
      verb: 'patch',
      patchType: 'strategic',
      ...placeOf(one),
      body,
      query: writeQuery(call, 'kubectl-rollout'),
    });
    if (!done.ok) return serverFailure(done.status, '');
  }
  yield* out(`${shownName(one.resource, one.object.metadata.name)} ${verb}${dryRunTail(call)}\n`);
  return undefined;
}

function* restart(call: Call, one: Found): Program<Outcome> {
  const { resource, object } = one;
  if (!WORKLOADS.includes(resource.kind))
    return clientFailure(`${shownPlural(resource)} "${object.metadata.name}" restarting is not supported`);
  if (object.spec.paused) return clientFailure(`can't restart paused deployment (run rollout resume first)`);
  const at = new Date((yield* nowSeconds()) * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return yield* change(
    call,
    one,
    { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } } },
    'restarted',
  );
}

const pausing = (paused: boolean) =>
  function* (call: Call, one: Found): Program<Outcome> {
    const { resource, object } = one;
    const label = `${shownPlural(resource)} "${object.metadata.name}"`;
    if (resource.kind !== 'Deployment') return clientFailure(`${label} ${paused ? 'pausing' : 'resuming'} is not supported`);
    if ((object.spec.paused ?? false) === paused) return clientFailure(`${label} is ${paused ? 'already paused' : 'not paused'}`);
    return yield* change(call, one, { spec: { paused: paused ? true : null } }, paused ? 'paused' : 'resumed');
  };

/** The replica sets of a deployment by revision, oldest first. */
function* revisionsOf(call: Call, { object }: Found): Program<readonly { readonly revision: number; readonly set: Json }[]> {
  const listed = yield* send(call, {
    verb: 'list',
    group: 'apps',
    version: 'v1',
    resource: 'replicasets',
    namespace: object.metadata.namespace,
  });
  const sets: Json[] = listed.ok ? listed.body.items : [];
  return sets
    .filter((set) => (set.metadata.ownerReferences ?? []).some((o: Json) => o.uid === object.metadata.uid))
    .map((set) => ({ revision: Number(set.metadata.annotations?.[REVISION] ?? 0), set }))
    .sort((a, b) => a.revision - b.revision);
}

function* history(call: Call, one: Found): Program<Outcome> {
  const { resource, object } = one;
  if (resource.kind !== 'Deployment')
    return clientFailure(
      WORKLOADS.includes(resource.kind)
        ? `the history of a ${resource.kind} is not simulated here`
        : `no history viewer has been implemented for "${resource.kind}"`,
    );
  const revisions = yield* revisionsOf(call, one);
  const wanted = Number(flagOf(call, 'revision') ?? 0);
  if (wanted > 0) {
    const chosen = revisions.find((r) => r.revision === wanted);
    if (!chosen) return clientFailure('unable to find the specified revision');
    return clientFailure('the details of a revision are not simulated here; use "kubectl get rs -o yaml"');
  }
  yield* out(`${shownName(resource, object.metadata.name)} \nREVISION  CHANGE-CAUSE\n`);
  for (const { revision, set } of revisions)
    yield* out(`${String(revision).padEnd(10)}${set.metadata.annotations?.['kubernetes.io/change-cause'] ?? '<none>'}\n`);
  yield* out('\n');
  return undefined;
}

function* undo(call: Call, one: Found): Program<Outcome> {
  const { resource, object } = one;
  const label = `${resource.singular} "${object.metadata.name}"`;
  if (resource.kind !== 'Deployment')
    return clientFailure(
      WORKLOADS.includes(resource.kind)
        ? `rolling back a ${resource.kind} is not simulated here`
        : `no rollbacker has been implemented for "${resource.kind}"`,
    );
  if (object.spec.paused)
    return clientFailure(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`);
  const revisions = yield* revisionsOf(call, one);
  const wanted = Number(flagOf(call, 'to-revision') ?? 0);
  const chosen = wanted > 0 ? revisions.find((r) => r.revision === wanted) : revisions.at(-2);
  if (!chosen)
    return clientFailure(wanted > 0 ? `unable to find specified revision ${wanted} in history` : `no rollout history found for ${label}`);
  const template = structuredClone(chosen.set.spec.template);
  delete template.metadata?.labels?.['pod-template-hash'];
  if (flagOf(call, 'dry-run') !== 'client') {
    const done = yield* send(call, {
      verb: 'patch',
      patchType: 'json',
      ...placeOf(one),
      body: [{ op: 'replace', path: '/spec/template', value: template }],
      query: writeQuery(call, 'kubectl-rollout'),
    });
    if (!done.ok) return serverFailure(done.status, '');
  }
  if (revisions.at(-1) === chosen)
    yield* errOut(
      `${shownName(resource, object.metadata.name)} skipped rollback (current template already matches revision ${chosen.revision})\n`,
    );
  else yield* out(`${shownName(resource, object.metadata.name)} rolled back${dryRunTail(call)}\n`);
  return undefined;
}

const ACTIONS: Readonly<Record<string, (call: Call, one: Found) => Program<Outcome>>> = {
  status,
  restart,
  pause: pausing(true),
  resume: pausing(false),
  history,
  undo,
};
