// Where the leaves of a stored object come from: the user's text, a default, an admission plugin or the server itself.

import type { Origin } from '#provenance/origin.ts';
import { escapePointer, nodeAt, type PositionedNode, rangeAt } from '#yaml/nodes.ts';
import { parseYaml } from '#yaml/parse.ts';

export type Origins = Readonly<Record<string, Origin>>;

/** Parts of every object that no client writes. */
const SERVERS: Origins = {
  '/apiVersion': { kind: 'default', rule: 'api.apiVersion' },
  '/kind': { kind: 'default', rule: 'api.kind' },
  '/metadata/namespace': { kind: 'default', rule: 'api.namespace' },
  '/metadata/uid': { kind: 'default', rule: 'api.uid' },
  '/metadata/creationTimestamp': { kind: 'default', rule: 'api.creationTimestamp' },
  '/metadata/resourceVersion': { kind: 'default', rule: 'api.resourceVersion' },
  '/metadata/generation': { kind: 'default', rule: 'api.generation' },
  '/metadata/deletionTimestamp': { kind: 'default', rule: 'api.deletion' },
  '/metadata/deletionGracePeriodSeconds': { kind: 'default', rule: 'api.deletion' },
  '/spec/nodeName': { kind: 'default', rule: 'scheduler.nodeName' },
  '/status': { kind: 'default', rule: 'status' },
};

/** Calls `visit` for every leaf: scalars and empty lists and maps. */
export function forEachLeaf(value: unknown, visit: (pointer: string, leaf: unknown) => void, pointer = ''): void {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) forEachLeaf(member, visit, `${pointer}/${escapePointer(key)}`);
    }
  } else visit(pointer, value);
}

const rootOf = (raw: string | undefined): PositionedNode | null => (raw ? (parseYaml(raw).documents[0]?.root ?? null) : null);

/** A leaf the user wrote; with its place in the text where that has it. */
function written(pointer: string, root: PositionedNode | null): Origin {
  if (root === null || nodeAt(root, pointer) === undefined) return { kind: 'manifest', pointer };
  const { start, end, line, column } = rangeAt(root, pointer);
  return { kind: 'manifest', pointer, range: { start, end, line, column } };
}

/** Origins of a new object. `given` is what the client sent, `raw` its text, `decided` what defaults and admission plugins set. */
export function createdOrigins(given: unknown, raw: string | undefined, decided: Origins): Origins {
  const root = rootOf(raw);
  const origins: Record<string, Origin> = { ...SERVERS };
  forEachLeaf(given, (pointer) => {
    origins[pointer] = written(pointer, root);
  });
  return { ...origins, ...decided };
}

/** Where one field of what a client sent comes from, also when it is a map or a list; undefined: nobody set it. */
export function fieldOrigin(pointer: string, given: unknown, raw: string | undefined, decided: Origins): Origin | undefined {
  let value: unknown = given;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value === undefined ? decided[pointer] : written(pointer, rootOf(raw));
}

/** Origins after an update: a leaf that kept its value keeps its origin, the others come from the request or a default. */
export function updatedOrigins(
  before: { readonly object: unknown; readonly origins: Origins },
  object: unknown,
  raw: string | undefined,
  decided: Origins,
): Origins {
  const root = rootOf(raw);
  const old = new Map<string, unknown>();
  forEachLeaf(before.object, (pointer, leaf) => old.set(pointer, leaf));
  const origins: Record<string, Origin> = { ...SERVERS };
  forEachLeaf(object, (pointer, leaf) => {
    const kept = old.has(pointer) && JSON.stringify(old.get(pointer)) === JSON.stringify(leaf) ? before.origins[pointer] : undefined;
    if (kept !== undefined && kept.kind !== 'manifest') origins[pointer] = kept;
    else if (kept !== undefined) origins[pointer] = root !== null && nodeAt(root, pointer) !== undefined ? written(pointer, root) : kept;
    else if (!inherited(before.origins, pointer)) origins[pointer] = written(pointer, root);
  });
  for (const [pointer, origin] of Object.entries(before.origins)) if (origin.kind !== 'manifest') origins[pointer] ??= origin;
  return { ...origins, ...decided };
}

/** Does a parent that is not the user's own line already answer for the leaf (status, an injected volume)? */
function inherited(origins: Origins, pointer: string): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = origins[at] ?? SERVERS[at];
    if (origin !== undefined) return origin.kind !== 'manifest';
  }
  return false;
}
