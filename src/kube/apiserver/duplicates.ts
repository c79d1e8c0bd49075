// Members that a text names twice.

import type { PositionedNode } from '#yaml/nodes.ts';
import { parseYaml } from '#yaml/parse.ts';

/** The strict decoder's words for each. Counterpart: sigs.k8s.io/json UnmarshalStrict */
export function duplicateFields(raw: string): string[] {
  const found: string[] = [];
  const walk = (node: PositionedNode, path: string): void => {
    if (node.kind === 'seq') node.items.forEach((item, i) => void walk(item, `${path}[${i}]`));
    if (node.kind !== 'map') return;
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const key of node.repeated ?? []) found.push(`duplicate field "${at(key)}"`);
    for (const { key, value } of node.entries) walk(value, at(key));
  };
  const root = parseYaml(raw).documents[0]?.root;
  if (root) walk(root, '');
  return found;
}
