// Switching a capability in the bounding set means editing the container's securityContext.capabilities.

import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLSeq } from 'yaml';

type Path = readonly (string | number)[];

function listAt(doc: Document, path: Path): string[] {
  const node = doc.getIn(path);
  return isSeq(node) ? node.items.map((item) => String(isScalar(item) ? item.value : item)) : [];
}

// Entries that stay keep their node, and with it quotes and comments.
function put(doc: Document, path: Path, names: readonly string[]): void {
  const before = doc.getIn(path);
  if (names.length === 0) {
    if (before !== undefined) doc.deleteIn(path);
    return;
  }
  const nameOf = (item: unknown): string => String(isScalar(item) ? item.value : item);
  if (isSeq(before)) {
    const known = before.items.map(nameOf);
    before.items = before.items.filter((item) => names.includes(nameOf(item)));
    for (const name of names) if (!known.includes(name)) before.add(name);
    return;
  }
  const list = doc.createNode([...names]) as YAMLSeq;
  list.flow = true;
  doc.setIn(path, list);
}

const bare = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/**
 * The manifest with one capability (without CAP_) switched in the named container; null where the text has no such container.
 * `inDefault`: does the runtime grant it by itself?
 */
export function changeCapability(text: string, container: string, name: string, on: boolean, inDefault: boolean): string | null {
  const doc = parseDocument(text, { keepSourceTokens: false });
  const containers = doc.getIn(['spec', 'containers']);
  if (doc.errors.length > 0 || !isSeq(containers)) return null;
  const index = containers.items.findIndex((item) => isMap(item) && item.get('name') === container);
  if (index < 0) return null;
  const context = ['spec', 'containers', index, 'securityContext'];
  const base = [...context, 'capabilities'];
  const has = (names: readonly string[], wanted: string): boolean => names.some((entry) => bare(entry) === wanted);
  let add = listAt(doc, [...base, 'add']).filter((entry) => bare(entry) !== name);
  let drop = listAt(doc, [...base, 'drop']).filter((entry) => bare(entry) !== name);
  const without = has(add, 'ALL') || (inDefault && !has(drop, 'ALL')); // would it be there if neither list named it?
  if (on && !without) add = [...add, name];
  if (!on && without) drop = [...drop, name];
  put(doc, [...base, 'add'], add);
  put(doc, [...base, 'drop'], drop);
  for (const path of [base, context]) {
    const node = doc.getIn(path);
    if (isMap(node) && node.items.length === 0) doc.deleteIn(path);
  }
  const indentSeq = !/^( *)\w[\w-]*:[ \t]*\n\1- /m.test(text);
  return doc.toString({ lineWidth: 0, indentSeq, flowCollectionPadding: /\[ /.test(text) });
}
