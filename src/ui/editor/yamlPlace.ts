// Where in a Pod a line of YAML stands, judged by indentation: enough for completion while the text is still broken.

import { FIELDS, type Field, type FieldGroup } from '#content/fields.ts';

const KEY = /^(\s*(?:- +)*)([A-Za-z][\w.-]*):/;

/** Keys from the root down to, not including, the line at `index`; a list item's first key counts with its dash. */
export function parentKeys(lines: readonly string[], index: number, indent: number): string[] {
  const keys: string[] = [];
  let limit = indent;
  for (let i = index - 1; i >= 0 && limit > 0; i--) {
    const match = KEY.exec(lines[i] ?? '');
    if (!match) continue;
    const column = (match[1] ?? '').length;
    const dash = (match[1] ?? '').indexOf('-');
    // `- name:` is a sibling of deeper keys in the same item; the item's parent may stand at the column of the dash.
    if (column < limit) {
      keys.unshift(match[2] as string);
      limit = column;
    }
    if (dash >= 0 && dash < limit && column >= limit) limit = dash + 0.5;
  }
  return keys;
}

/** Which fields may stand below these keys; null where this program has nothing to say. */
export function groupOf(keys: readonly string[]): FieldGroup | null {
  const last = keys.at(-1);
  const inContainer = keys.some((key) => key === 'containers' || key === 'initContainers');
  if (last === undefined) return 'pod';
  if (last === 'metadata' && keys.length === 1) return 'metadata';
  if (last === 'spec' && keys.length === 1) return 'spec';
  if (last === 'containers' || last === 'initContainers') return 'container';
  if (last === 'securityContext') return inContainer ? 'containerSecurityContext' : 'podSecurityContext';
  if (last === 'capabilities') return 'capabilities';
  if (last === 'seccompProfile' || last === 'appArmorProfile') return 'profile';
  return null;
}

export interface Place {
  readonly group: FieldGroup | null;
  readonly key: string | null; // of the line itself, when it has one
}

/** The place of a line. */
export function placeOf(lines: readonly string[], index: number): Place {
  const line = lines[index] ?? '';
  const match = KEY.exec(line);
  const lead = match?.[1] ?? /^\s*(?:- +)*/.exec(line)?.[0] ?? '';
  return { group: groupOf(parentKeys(lines, index, dashParent(lead))), key: match?.[2] ?? null };
}

// The parent of `  - name` may be a key at column 2, the dash's own.
const dashParent = (lead: string): number => {
  const dash = lead.indexOf('-');
  return dash >= 0 ? dash + 0.5 : lead.length;
};

export function fieldAt(place: Place): Field | null {
  if (place.group === null || place.key === null) return null;
  return (FIELDS[place.group] as readonly Field[]).find(({ name }) => name === place.key) ?? null;
}
