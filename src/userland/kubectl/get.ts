// kubectl get.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { loadManifests } from './manifests.ts';
import { isObjectFormat, printObject } from './output.ts';
import type { Resource } from './resources.ts';
import { allNamespaces, type Row, request, rowsOf, tableLines } from './rows.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out } from './session.ts';
import { sorted } from './sort.ts';
import { renderTable } from './table.ts';
import { parseTargets, type Target } from './targets.ts';
import { watch } from './watch.ts';

/** What stands before a complaint about selectors. Counterpart: Selector.Visit, k8s.io/cli-runtime/pkg/resource */
function listContext(call: Call, { resource, name }: Target, status: Json): string {
  if (name !== undefined || status?.reason !== 'BadRequest') return '';
  const gvr = `${resource.group === '' ? '' : resource.group}/${resource.version}, Resource=${resource.plural}`;
  return `Unable to find "${gvr}" that match label selector "${flagOf(call, 'selector') ?? ''}", field selector "${flagOf(call, 'field-selector') ?? ''}": `;
}

/** Counterpart: kubectl/pkg/cmd/get, v1.36 */
export function* get(call: Call): Program<number> {
  const output = flagOf(call, 'output') ?? (flagOf(call, 'template') === undefined ? undefined : 'go-template');
  if (isSet(call, 'output-watch-events') && !isSet(call, 'watch') && !isSet(call, 'watch-only'))
    return yield* fail('--output-watch-events option can only be used with --watch or --watch-only');
  const files = flagsOf(call, 'filename');
  let targets: readonly Target[] = [];
  let several = false;
  const failures: Failure[] = [];
  if (files.length > 0) {
    const loaded = yield* loadManifests(call, files);
    failures.push(...loaded.errors.map(clientFailure));
    targets = loaded.infos.map((info) => ({ resource: info.resource, name: info.name }));
  } else {
    if (call.parsed.args.length === 0) {
      yield* errOut(
        `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples\n`,
      );
      return 1;
    }
    const parsed = parseTargets(call.port.resources(), call.parsed.args);
    if (!parsed.ok) return yield* fail(parsed.error);
    if (parsed.targets.some((t) => t.name !== undefined) && (flagOf(call, 'selector') || flagOf(call, 'field-selector')))
      return yield* fail('name cannot be provided when a selector is specified');
    ({ targets, several } = parsed);
    if (allNamespaces(call) && targets.some((t) => t.name !== undefined))
      return yield* fail('a resource cannot be retrieved by name across all namespaces');
  }
  if (isSet(call, 'watch') || isSet(call, 'watch-only')) return yield* watch(call, targets[0] as Target, output);
  return isObjectFormat(output)
    ? yield* getObjects(call, output as string, targets, failures)
    : yield* getTables(call, targets, several, output === 'wide', failures);
}

function* getObjects(call: Call, output: string, targets: readonly Target[], failures: Failure[]): Program<number> {
  const objects: Json[] = [];
  let listed = false;
  for (const target of targets) {
    const answer = yield* request(call, target, false);
    if (!answer.ok) {
      if (!(isSet(call, 'ignore-not-found') && answer.status?.reason === 'NotFound'))
        failures.push(serverFailure(answer.status, listContext(call, target, answer.status)));
      continue;
    }
    if (target.name === undefined) {
      listed = true;
      objects.push(...answer.body.items);
    } else objects.push(answer.body);
  }
  const key = flagOf(call, 'sort-by');
  const order = key === undefined ? objects : sorted(objects, key, (o) => o);
  if (typeof order === 'string') return yield* fail(order);
  const items = order;
  if (failures.length > 0 && objects.length === 0) return yield* finish(failures);
  if (!listed && objects.length === 0) return 0;
  const single = !listed && targets.length === 1;
  const whole = single ? items[0] : { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
  const status = yield* printObject(call, output, whole, targets[0]?.resource);
  return (yield* finish(failures)) || status;
}

function* getTables(call: Call, targets: readonly Target[], several: boolean, wide: boolean, failures: Failure[]): Program<number> {
  const groups: { resource: Resource; titles: readonly string[]; rows: Row[] }[] = [];
  for (const target of targets) {
    const answer = yield* request(call, target, true);
    if (!answer.ok) {
      if (!(isSet(call, 'ignore-not-found') && answer.status?.reason === 'NotFound'))
        failures.push(serverFailure(answer.status, listContext(call, target, answer.status)));
      continue;
    }
    const { titles, rows } = rowsOf(answer.body, wide);
    const group = groups.find((g) => g.resource === target.resource);
    if (group) group.rows.push(...rows);
    else groups.push({ resource: target.resource, titles, rows });
  }
  const key = flagOf(call, 'sort-by');
  const filled = groups.filter((g) => g.rows.length > 0);
  for (const [i, group] of filled.entries()) {
    if (i > 0) yield* out('\n');
    const rows = key === undefined ? group.rows : sorted(group.rows, key, (r) => r.object);
    // Of tables kubectl drops the error, and with it the rows.
    if (typeof rows === 'string') {
      yield* nothingFound(call, targets);
      continue;
    }
    yield* out(renderTable(tableLines(call, group.resource, group.titles, rows, several || isSet(call, 'show-kind'))));
  }
  if (filled.length === 0 && failures.length === 0 && !isSet(call, 'ignore-not-found')) yield* nothingFound(call, targets);
  return yield* finish(failures);
}

function* nothingFound(call: Call, targets: readonly Target[]): Program<void> {
  const namespaced = targets.some((t) => t.resource.namespaced) && !allNamespaces(call);
  yield* errOut(namespaced ? `No resources found in ${call.namespace} namespace.\n` : 'No resources found\n');
}
