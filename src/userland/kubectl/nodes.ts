// kubectl cordon, uncordon, drain and taint.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { dryRunTail, type Found, findObjects, placeOf, writeQuery } from './objects.ts';
import { shownName } from './resources.ts';
import { type Call, errOut, fail, flagOf, isSet, type Json, out, send, usage } from './session.ts';

const names = (call: Call): readonly string[] =>
  call.parsed.args.length > 0 ? call.parsed.args.map((name) => (name.includes('/') ? name : `nodes/${name}`)) : ['nodes'];

/** Marks nodes as schedulable or not. Counterpart: kubectl/pkg/cmd/drain RunCordonOrUncordon, v1.36 */
export const cordon = (unschedulable: boolean) =>
  function* (call: Call): Program<number> {
    if (call.parsed.args.length === 0 && flagOf(call, 'selector') === undefined)
      return yield* usage(call, `USAGE: ${call.command} NODE [flags]`);
    const failures: Failure[] = [];
    const found = yield* findObjects(call, names(call), failures);
    if (typeof found === 'number') return found;
    for (const one of found) {
      const failure = yield* mark(call, one, unschedulable);
      if (failure) failures.push(failure);
    }
    return yield* finish(failures);
  };

function* mark(call: Call, one: Found, unschedulable: boolean): Program<Failure | undefined> {
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  const label = shownName(one.resource, one.object.metadata.name);
  if ((one.object.spec?.unschedulable ?? false) === unschedulable) {
    yield* out(`${label} already ${word}${dryRunTail(call)}\n`);
    return undefined;
  }
  if (flagOf(call, 'dry-run') !== 'client') {
    const body = { spec: { unschedulable: unschedulable ? true : null } };
    const done = yield* send(call, {
      verb: 'patch',
      patchType: 'strategic',
      ...placeOf(one),
      body,
      query: writeQuery(call, `kubectl-${call.command}`),
    });
    if (!done.ok) return serverFailure(done.status, '');
  }
  yield* out(`${label} ${word}${dryRunTail(call)}\n`);
  return undefined;
}

const ownerOf = (pod: Json): Json => (pod.metadata.ownerReferences ?? []).find((o: Json) => o.controller);

/** Why pods of the node cannot be evicted. Counterpart: k8s.io/kubectl/pkg/drain/filters.go */
function obstacles(call: Call, pods: readonly Json[]): string[] {
  const label = (pod: Json): string => `${pod.metadata.namespace}/${pod.metadata.name}`;
  const list = (text: string, hit: readonly Json[]): string[] => (hit.length === 0 ? [] : [`${text}: ${hit.map(label).join(', ')}`]);
  const running = pods.filter((pod) => !['Succeeded', 'Failed'].includes(pod.status?.phase));
  return [
    ...(isSet(call, 'ignore-daemonsets')
      ? []
      : list(
          'cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)',
          running.filter((p) => ownerOf(p)?.kind === 'DaemonSet'),
        )),
    ...(isSet(call, 'delete-emptydir-data')
      ? []
      : list(
          'cannot delete Pods with local storage (use --delete-emptydir-data to override)',
          running.filter((p) => ownerOf(p) && (p.spec.volumes ?? []).some((v: Json) => v.emptyDir)),
        )),
    ...(isSet(call, 'force')
      ? []
      : list(
          'cannot delete Pods that declare no controller (use --force to override)',
          running.filter((p) => !ownerOf(p)),
        )),
  ];
}

/** Evicts all at once and waits for their ends; one that is gone already counts as evicted. Counterpart: evictPods, k8s.io/kubectl/pkg/drain/drain.go, v1.36 */
function* evict(call: Call, pods: readonly Json[], failures: Failure[]): Program<void> {
  const where = ({ metadata }: Json) => ({
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace: metadata.namespace,
    name: metadata.name,
  });
  const ending: Json[] = [];
  for (const pod of pods) {
    const { name, namespace } = pod.metadata;
    yield* out(`evicting pod ${namespace}/${name}\n`);
    if (dryRunTail(call) !== '') continue;
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    const gone = yield* send(call, { verb: 'create', ...where(pod), subresource: 'eviction', body });
    if (gone.ok || gone.status.reason === 'NotFound') ending.push(pod);
    else failures.push(serverFailure(gone.status, ''));
  }
  while (ending.length > 0) {
    const still: Json[] = [];
    for (const pod of ending) {
      const left = call.port.request({ verb: 'get', ...where(pod) });
      if (left.code >= 400 || (left.body as Json).metadata.uid !== pod.metadata.uid) yield* out(`pod/${pod.metadata.name} evicted\n`);
      else still.push(pod);
    }
    ending.splice(0, ending.length, ...still);
    if (ending.length > 0) yield* call.port.waitForChange(1_000_000_000n);
  }
}

/** Counterpart: kubectl/pkg/cmd/drain RunDrain, v1.36 */
export function* drain(call: Call): Program<number> {
  if (call.parsed.args.length === 0 && flagOf(call, 'selector') === undefined) return yield* usage(call, 'USAGE: drain NODE [flags]');
  const failures: Failure[] = [];
  const found = yield* findObjects(call, names(call), failures);
  if (typeof found === 'number') return found;
  for (const one of found) {
    const refused = yield* mark(call, one, true);
    if (refused) {
      failures.push(refused);
      continue;
    }
    const node = one.object.metadata.name;
    const listed = yield* send(call, {
      verb: 'list',
      group: '',
      version: 'v1',
      resource: 'pods',
      query: { fieldSelector: `spec.nodeName=${node}` },
    });
    const pods: Json[] = listed.ok ? listed.body.items : [];
    const problems = obstacles(call, pods);
    if (problems.length > 0) {
      const text = problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`;
      yield* errOut(
        `error: unable to drain node "${node}" due to error: ${text}, continuing command...\nThere are pending nodes to be drained:\n ${node}\n${problems.map((p) => `${p}\n`).join('')}`,
      );
      return 1;
    }
    const leaving = pods.filter((pod) => ownerOf(pod)?.kind !== 'DaemonSet');
    yield* evict(call, leaving, failures);
    yield* out(`node/${node} drained${dryRunTail(call)}\n`);
  }
  return yield* finish(failures);
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** Counterpart: kubectl/pkg/cmd/taint, v1.36 */
export function* taint(call: Call): Program<number> {
  const isChange = (word: string): boolean => /[=:]/.test(word) || (word.endsWith('-') && word !== '-');
  const at = call.parsed.args.findIndex((word, i) => i > 0 && isChange(word));
  const words = at < 0 ? call.parsed.args : call.parsed.args.slice(0, at);
  const changes = at < 0 ? [] : call.parsed.args.slice(at);
  if (words.length === 0) return yield* fail('one or more resources must be specified as <resource> <name>');
  if (changes.length === 0) return yield* fail('at least one taint update is required');
  const add: Json[] = [];
  const remove: { key: string; effect: string }[] = [];
  for (const change of changes) {
    const [, key = '', value = '', effect = '', minus = ''] = /^([^=:]+?)(?:=([^:]*))?(?::([A-Za-z]*?))?(-)?$/.exec(change) ?? [];
    if (key === '' || (minus === '' && effect === '')) return yield* fail(`invalid taint spec: ${change}`);
    if (effect !== '' && !EFFECTS.includes(effect)) return yield* fail(`invalid taint effect: ${effect}, unsupported taint effect`);
    if (minus !== '') remove.push({ key, effect });
    else add.push({ effect, key, ...(value === '' ? {} : { value }) });
  }
  const failures: Failure[] = [];
  const found = yield* findObjects(call, words, failures);
  if (typeof found === 'number') return found;
  for (const one of found) {
    const name = one.object.metadata.name;
    const old: Json[] = one.object.spec?.taints ?? [];
    const same = (a: Json, b: Json): boolean => a.key === b.key && a.effect === b.effect;
    const clash = add.filter((t) => old.some((o) => same(o, t)));
    if (clash.length > 0 && !isSet(call, 'overwrite')) {
      failures.push(
        clientFailure(
          `node ${name} already has ${clash.map((t) => t.key).join(', ')} taint(s) with same effect(s) and --overwrite is false`,
        ),
      );
      continue;
    }
    const missing = remove.filter((r) => !old.some((o) => o.key === r.key && (r.effect === '' || o.effect === r.effect)));
    if (missing.length > 0) {
      failures.push(
        clientFailure(`taint "${missing.map((m) => `${m.key}${m.effect === '' ? '' : `:${m.effect}`}`).join(', ')}" not found`),
      );
      continue;
    }
    const taints = [
      ...add,
      ...old.filter(
        (o) => !add.some((t) => same(o, t)) && !remove.some((r) => o.key === r.key && (r.effect === '' || o.effect === r.effect)),
      ),
    ];
    if (flagOf(call, 'dry-run') !== 'client') {
      const done = yield* send(call, {
        verb: 'patch',
        patchType: 'merge',
        ...placeOf(one),
        body: { spec: { taints: taints.length > 0 ? taints : null } },
        query: writeQuery(call, 'kubectl-taint'),
      });
      if (!done.ok) {
        failures.push(serverFailure(done.status, ''));
        continue;
      }
    }
    yield* out(
      `${shownName(one.resource, name)} ${add.length > 0 && remove.length > 0 ? 'modified' : add.length > 0 ? (clash.length > 0 ? 'modified' : 'tainted') : 'untainted'}${dryRunTail(call)}\n`,
    );
  }
  return yield* finish(failures);
}
