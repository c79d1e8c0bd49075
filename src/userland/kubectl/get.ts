// kubectl get.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { pathValues } from './jsonpath.ts';
import { loadManifests } from './manifests.ts';
import { isObjectFormat, printObject } from './output.ts';
import { type Resource, shownName } from './resources.ts';
import { type Answer, about, type Call, errOut, fail, flagOf, flagsOf, getNamed, isSet, type Json, out, send } from './session.ts';
import { renderTable } from './table.ts';
import { parseTargets, type Target } from './targets.ts';

const SECOND = 1_000_000_000n;

const allNamespaces = (call: Call): boolean => isSet(call, 'all-namespaces');

function* request(call: Call, target: Target, asTable: boolean, namespace = call.namespace): Program<Answer> {
  const labelSelector = flagOf(call, 'selector');
  const fieldSelector = flagOf(call, 'field-selector');
  const where = about(target.resource, namespace);
  if (target.name !== undefined) return yield* getNamed(call, { ...where, name: target.name, asTable });
  const query = { ...(labelSelector === undefined ? {} : { labelSelector }), ...(fieldSelector === undefined ? {} : { fieldSelector }) };
  return yield* send(call, { verb: 'list', ...where, ...(allNamespaces(call) ? { namespace: undefined } : {}), query, asTable });
}

/** What stands before a complaint about selectors. Counterpart: Selector.Visit, k8s.io/cli-runtime/pkg/resource */
function listContext(call: Call, { resource, name }: Target, status: Json): string {
  if (name !== undefined || status?.reason !== 'BadRequest') return '';
  const gvr = `${resource.group === '' ? '' : resource.group}/${resource.version}, Resource=${resource.plural}`;
  return `Unable to find "${gvr}" that match label selector "${flagOf(call, 'selector') ?? ''}", field selector "${flagOf(call, 'field-selector') ?? ''}": `;
}

interface Row {
  readonly cells: readonly string[];
  readonly object: Json;
}

function rowsOf(body: Json, wide: boolean): { readonly titles: readonly string[]; readonly rows: Row[] } {
  const columns: { title: string; at: number }[] = body.columnDefinitions.flatMap((c: Json, at: number) =>
    c.priority === 0 || wide ? [{ title: c.name.toUpperCase(), at }] : [],
  );
  return {
    titles: columns.map((c) => c.title),
    rows: body.rows.map((r: Json) => ({ cells: columns.map((c) => String(r.cells[c.at] ?? '')), object: r.object })),
  };
}

function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${k}=${v}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

/** Table text of rows of one type, with the columns the flags ask for. */
function tableText(
  call: Call,
  resource: Resource,
  titles: readonly string[],
  rows: readonly Row[],
  prefixed: boolean,
  header: boolean,
): string {
  const labelColumns = flagsOf(call, 'label-columns').flatMap((v) => v.split(','));
  const everywhere = allNamespaces(call) && resource.namespaced;
  const full = (row: Row): string[] => [
    ...(everywhere ? [row.object.metadata?.namespace ?? ''] : []),
    prefixed ? shownName(resource, row.cells[0] ?? '') : (row.cells[0] ?? ''),
    ...row.cells.slice(1),
    ...labelColumns.map((key) => row.object.metadata?.labels?.[key] ?? ''),
    ...(isSet(call, 'show-labels') ? [labelsText(row.object.metadata?.labels)] : []),
  ];
  const head = [
    ...(everywhere ? ['NAMESPACE'] : []),
    ...titles,
    ...labelColumns.map((key) => key.split('/').at(-1)!.toUpperCase()),
    ...(isSet(call, 'show-labels') ? ['LABELS'] : []),
  ];
  return renderTable([...(header ? [head] : []), ...rows.map(full)]);
}

function sorted<T>(items: readonly T[], key: string, objectOf: (item: T) => Json): T[] {
  const value = (item: T): Json => pathValues(key, objectOf(item))[0];
  return [...items].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? -1 : 1;
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

function* watch(call: Call, target: Target, output: string | undefined): Program<number> {
  let shown = new Map<string, string>();
  for (let first = true; ; first = false) {
    const answer = yield* request(call, target, !isObjectFormat(output));
    if (!answer.ok) {
      if (first) return yield* finish([serverFailure(answer.status, '')]);
    } else if (isObjectFormat(output)) {
      const items: Json[] = target.name === undefined ? answer.body.items : [answer.body];
      for (const item of items) {
        const version = item.metadata.resourceVersion;
        if (shown.get(item.metadata.uid) === version) continue;
        shown.set(item.metadata.uid, version);
        const status = yield* printObject(call, output as string, item, target.resource);
        if (status !== 0) return status;
      }
    } else {
      const { titles, rows } = rowsOf(answer.body, output === 'wide');
      const now = new Map<string, string>();
      const news = rows.filter((row) => {
        const { uid, resourceVersion } = row.object.metadata;
        now.set(uid, resourceVersion);
        return shown.get(uid) !== resourceVersion;
      });
      shown = now;
      // Rows that come one by one are not aligned with each other, only with the first table.
      if (news.length > 0)
        yield* out(
          first
            ? tableText(call, target.resource, titles, news, false, !isSet(call, 'no-headers'))
            : tableText(
                call,
                target.resource,
                titles,
                [
                  ...rowsOf(answer.body, output === 'wide').rows.filter((r) =>
                    news.some((n) => n.object.metadata.uid === r.object.metadata.uid),
                  ),
                ],
                false,
                false,
              ),
        );
    }
    yield* call.port.waitForChange(3600n * SECOND);
  }
}

/** Counterpart: kubectl/pkg/cmd/get, v1.36 */
export function* get(call: Call): Program<number> {
  const output = flagOf(call, 'output');
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
  const items = key === undefined ? objects : sorted(objects, key, (o) => o);
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
    yield* out(tableText(call, group.resource, group.titles, rows, several || isSet(call, 'show-kind'), !isSet(call, 'no-headers')));
  }
  if (filled.length === 0 && failures.length === 0 && !isSet(call, 'ignore-not-found')) {
    const namespaced = targets.some((t) => t.resource.namespaced) && !allNamespaces(call);
    yield* errOut(namespaced ? `No resources found in ${call.namespace} namespace.\n` : 'No resources found\n');
  }
  return yield* finish(failures);
}
