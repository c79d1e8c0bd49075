// kubectl delete.

import type { Program } from '#kernel/uapi/index.ts';
import { monotonic } from './clock.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { loadManifests } from './manifests.ts';
import { NOTHING } from './objects.ts';
import { type Resource, shownName } from './resources.ts';
import { about, type Call, errOut, fail, filesOf, flagOf, isSet, type Json, out, send } from './session.ts';
import { parseTargets } from './targets.ts';
import { duration } from './wait.ts';

interface Doomed {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  /** Set for objects of a file: where the server's errors point. */
  readonly source?: string;
}

function* collect(call: Call, failures: Failure[]): Program<readonly Doomed[] | number> {
  const files = filesOf(call);
  if (files.length > 0) {
    const loaded = yield* loadManifests(call, files);
    failures.push(...loaded.errors.map(clientFailure));
    return loaded.infos.map(({ resource, namespace, name, source }) => ({ resource, namespace, name, source }));
  }
  if (call.parsed.args.length === 0) return yield* fail(NOTHING);
  const parsed = parseTargets(call.port.resources(), call.parsed.args);
  if (!parsed.ok) return yield* fail(parsed.error);
  const selector = flagOf(call, 'selector');
  const fieldSelector = flagOf(call, 'field-selector');
  const doomed: Doomed[] = [];
  for (const { resource, name } of parsed.targets) {
    if (name !== undefined) {
      doomed.push({ resource, namespace: call.namespace, name });
      continue;
    }
    if (!isSet(call, 'all') && selector === undefined && fieldSelector === undefined)
      return yield* fail('resource(s) were provided, but no name was specified');
    const listed = yield* send(call, {
      verb: 'list',
      ...about(resource, call.namespace),
      ...(isSet(call, 'all-namespaces') ? { namespace: undefined } : {}),
      query: { ...(selector === undefined ? {} : { labelSelector: selector }), ...(fieldSelector === undefined ? {} : { fieldSelector }) },
    });
    if (!listed.ok) failures.push(serverFailure(listed.status, ''));
    else
      for (const item of listed.body.items as Json[])
        doomed.push({ resource, namespace: item.metadata.namespace ?? '', name: item.metadata.name });
  }
  return doomed;
}

/** Counterpart: kubectl/pkg/cmd/delete, v1.36 */
export function* remove(call: Call): Program<number> {
  const failures: Failure[] = [];
  const doomed = yield* collect(call, failures);
  if (typeof doomed === 'number') return doomed;
  const force = isSet(call, 'force');
  const now = isSet(call, 'now');
  let grace = flagOf(call, 'grace-period');
  if (now && grace !== undefined && grace !== '-1') return yield* fail('--now and --grace-period cannot be specified together');
  if (now) grace = '1';
  if (grace === '0' && !force) grace = '1'; // kubectl's own rule: zero needs --force
  if (force && grace === undefined) grace = '0';
  const immediate = force && grace === '0';
  if (immediate && doomed.length > 0 && flagOf(call, 'dry-run') === undefined)
    yield* errOut(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  const dry = flagOf(call, 'dry-run') ?? 'none';
  const tail = dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : '';
  const gone: { readonly item: Doomed; readonly uid: string }[] = [];
  for (const item of doomed) {
    const where = { ...about(item.resource, item.namespace), name: item.name };
    const before = yield* send(call, { verb: 'get', ...where });
    const query = {
      ...(grace === undefined || grace === '-1' ? {} : { gracePeriodSeconds: grace }),
      ...(dry === 'server' ? { dryRun: 'All' } : {}),
      propagationPolicy: flagOf(call, 'cascade') === 'orphan' ? 'Orphan' : 'Background',
    };
    // A dry run of the client does not ask the server about objects that were named.
    const answer =
      dry === 'client' && item.source === undefined
        ? ({ ok: true, body: {} } as const)
        : dry === 'client'
          ? before
          : before.ok || before.status?.reason === 'Forbidden'
            ? yield* send(call, { verb: 'delete', ...where, query })
            : before;
    if (!answer.ok) {
      if (isSet(call, 'ignore-not-found') && answer.status?.reason === 'NotFound') continue;
      failures.push(
        item.source === undefined
          ? serverFailure(answer.status, '')
          : {
              alone: serverFailure(answer.status, `error when deleting "${item.source}": `).among,
              among: serverFailure(answer.status, `error when deleting "${item.source}": `).among,
            },
      );
      continue;
    }
    const label = `${item.resource.singular}${item.resource.group === '' ? '' : `.${item.resource.group}`} "${item.name}" ${immediate ? 'force ' : ''}deleted${item.resource.namespaced ? ` from ${item.namespace} namespace` : ''}${tail}\n`;
    yield* out(flagOf(call, 'output') === 'name' ? `${shownName(item.resource, item.name)}\n` : label);
    gone.push({ item, uid: before.ok ? before.body.metadata?.uid : '' });
  }
  if (doomed.length === 0 && failures.length === 0 && !isSet(call, 'ignore-not-found')) yield* out('No resources found\n');
  const timeout = duration(flagOf(call, 'timeout') ?? '0s') ?? 0n;
  const end = timeout > 0n ? (yield* monotonic()) + timeout : undefined;
  if (dry === 'none' && flagOf(call, 'wait') !== 'false' && !immediate)
    for (const { item, uid } of gone)
      for (;;) {
        const left = call.port.request({ verb: 'get', ...about(item.resource, item.namespace), name: item.name });
        if (left.code >= 400 || (left.body as Json)?.metadata?.uid !== uid) break;
        const remaining = end === undefined ? 60_000_000_000n : end - (yield* monotonic());
        if (remaining <= 0n) return yield* fail(`timed out waiting for the condition on ${item.resource.plural}/${item.name}`);
        yield* call.port.waitForChange(remaining);
      }
  return yield* finish(failures);
}
