// What kubectl get asks the server for, and its tables' lines.

import type { Program } from '#kernel/uapi/index.ts';
import { type Resource, shownName } from './resources.ts';
import { type Answer, about, type Call, flagOf, flagsOf, getNamed, isSet, type Json, send } from './session.ts';
import type { Target } from './targets.ts';

export const allNamespaces = (call: Call): boolean => isSet(call, 'all-namespaces');

/** What get and its watch ask for: one object or a list, by the flags. */
export function* request(call: Call, target: Target, asTable: boolean, namespace = call.namespace): Program<Answer> {
  const labelSelector = flagOf(call, 'selector');
  const fieldSelector = flagOf(call, 'field-selector');
  const where = about(target.resource, namespace);
  const sorting: Record<string, string> = asTable && flagOf(call, 'sort-by') !== undefined ? { includeObject: 'Object' } : {};
  if (target.name !== undefined) return yield* getNamed(call, { ...where, name: target.name, asTable, query: sorting });
  const query = {
    ...sorting,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
  return yield* send(call, { verb: 'list', ...where, ...(allNamespaces(call) ? { namespace: undefined } : {}), query, asTable });
}

/** A line of a table and the object behind it. */
export interface Row {
  readonly cells: readonly string[];
  readonly object: Json;
}

/** The columns of a Table answer, those of -o wide with `wide`. */
export function rowsOf(body: Json, wide: boolean): { readonly titles: readonly string[]; readonly rows: Row[] } {
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

/** The lines of a table with the columns the flags ask for, with or without its titles. */
export function tableLines(
  call: Call,
  resource: Resource,
  titles: readonly string[],
  rows: readonly Row[],
  prefixed: boolean,
  header = !isSet(call, 'no-headers'),
): string[][] {
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
  return [...(header ? [head] : []), ...rows.map(full)];
}
