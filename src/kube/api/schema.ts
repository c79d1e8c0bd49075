// The tables of types-*.ts as data: which fields a struct has and of what Go type they are.

import { POD_TYPES } from './types-pod.ts';
import { OTHER_TYPES, VOLUME_TYPES } from './types-volume.ts';

export type FieldType =
  | { readonly kind: 'string'; readonly name: string } // "string" or a named string, e.g. "v1.PullPolicy"
  | { readonly kind: 'bool' | 'quantity' | 'time' | 'intOrString' | 'bytes' | 'any' }
  | { readonly kind: 'int'; readonly name: 'int32' | 'int64' }
  | { readonly kind: 'struct'; readonly name: string }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'map'; readonly of: FieldType; readonly name: string };

export interface Field {
  readonly json: string;
  readonly goName: string;
  readonly type: FieldType;
  readonly pointer: boolean;
  readonly always: boolean; // no omitempty
  readonly internal: boolean;
  /** Names of the embedded structs on the way to this field. */
  readonly embedded: readonly string[];
}

const quantity: FieldType = { kind: 'quantity' };

function parseType(text: string): FieldType {
  if (text.startsWith('[]')) return { kind: 'list', of: parseType(text.slice(2)) };
  if (text.startsWith('{}')) {
    const of = parseType(text.slice(2));
    return { kind: 'map', of, name: `map[string]${of.kind === 'bytes' ? '[]uint8' : 'string'}` };
  }
  if (text.startsWith('=')) return { kind: 'string', name: text === '=UID' ? 'types.UID' : `v1.${text.slice(1)}` };
  switch (text) {
    case 's':
      return { kind: 'string', name: 'string' };
    case 'b':
      return { kind: 'bool' };
    case 'i32':
    case 'i64':
      return { kind: 'int', name: text === 'i32' ? 'int32' : 'int64' };
    case 'q':
      return quantity;
    case 't':
      return { kind: 'time' };
    case 'ios':
      return { kind: 'intOrString' };
    case 'bytes':
    case 'any':
      return { kind: text };
    case 'ResourceList':
      return { kind: 'map', of: quantity, name: 'v1.ResourceList' };
    default:
      return { kind: 'struct', name: text };
  }
}

const rows = new Map<string, readonly string[]>();
for (const line of `${POD_TYPES}${VOLUME_TYPES}${OTHER_TYPES}`.split('\n')) {
  const colon = line.indexOf(':');
  if (colon > 0) rows.set(line.slice(0, colon), line.slice(colon + 2).split('; '));
}

const structs = new Map<string, readonly Field[]>();

/** The fields of a struct in internal order, embedded ones in their place; undefined: no such struct. */
export function fieldsOf(struct: string): readonly Field[] | undefined {
  const known = structs.get(struct);
  const row = rows.get(struct);
  if (known !== undefined || row === undefined) return known;
  const fields = row.flatMap((cell): Field[] => {
    if (cell.startsWith('+'))
      return (fieldsOf(cell.slice(1)) ?? []).map((field) => ({ ...field, embedded: [cell.slice(1), ...field.embedded] }));
    const [names = '', type = ''] = cell.split(' ');
    const [json = '', goName] = names.replace('~', '').split('/');
    const bare = type.replace(/^\*/, '').replace(/!$/, '');
    return [
      {
        json,
        goName: goName ?? json.charAt(0).toUpperCase() + json.slice(1),
        type: parseType(bare),
        pointer: type.startsWith('*'),
        always: type.endsWith('!'),
        internal: !names.includes('~'),
        embedded: [],
      },
    ];
  });
  structs.set(struct, fields);
  return fields;
}

const byName = new Map<string, ReadonlyMap<string, Field>>();

/** A field of a struct by its JSON name. */
export function fieldOf(struct: string, json: string): Field | undefined {
  let map = byName.get(struct);
  if (map === undefined) {
    map = new Map((fieldsOf(struct) ?? []).map((field) => [field.json, field]));
    byName.set(struct, map);
  }
  return map.get(json);
}

/** The type as Go prints it. */
export function goTypeName(type: FieldType): string {
  switch (type.kind) {
    case 'string':
    case 'int':
    case 'map':
      return type.name;
    case 'struct':
      return `v1.${type.name}`;
    case 'list':
      return `[]${goTypeName(type.of)}`;
    case 'bool':
      return 'bool';
    case 'bytes':
      return '[]uint8';
    default:
      return 'interface {}';
  }
}
