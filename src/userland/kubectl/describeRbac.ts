// describe of roles and bindings. Counterpart: kubectl/pkg/describe/describe.go RoleDescriber, RoleBindingDescriber, v1.36

import { annotationLines, Lines, mapLines } from './describeText.ts';
import { ruleRows } from './rules.ts';
import type { Json } from './session.ts';

export const isRbac = (kind: string): boolean => /^(Cluster)?Role(Binding)?$/.test(kind);

export function describeRbac(object: Json): string {
  const lines = new Lines();
  lines.add(0, `Name:\t${object.metadata.name}`);
  mapLines(lines, 0, 'Labels', object.metadata.labels);
  annotationLines(lines, object.metadata.annotations);
  if (object.roleRef === undefined) {
    lines.add(0, 'PolicyRule:');
    lines.add(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
    lines.add(1, '---------\t-----------------\t--------------\t-----');
    for (const row of ruleRows(object.rules ?? [])) lines.add(1, row.join('\t'));
    return lines.render();
  }
  lines.add(0, 'Role:');
  lines.add(1, `Kind:\t${object.roleRef.kind}`);
  lines.add(1, `Name:\t${object.roleRef.name}`);
  lines.add(0, 'Subjects:');
  lines.add(1, 'Kind\tName\tNamespace');
  lines.add(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of object.subjects ?? []) lines.add(1, `${kind}\t${name}\t${namespace}`);
  return lines.render();
}
