// The types as `kubectl explain` asks for them. Counterpart: the /openapi/v3 documents of the API server

import { DOCS } from './docs.ts';
import { type FieldType, fieldsOf } from './schema.ts';

export interface OpenApiField {
  readonly name: string;
  readonly type: string; // "string", "[]Container", "map[string]string"
  /** The struct behind the field, if it has one. */
  readonly struct?: string;
  readonly required: boolean;
  /** Our own words; undefined: there are none here. */
  readonly text?: string;
}

function typeName(type: FieldType): string {
  switch (type.kind) {
    case 'list':
      return `[]${typeName(type.of)}`;
    case 'map':
      return `map[string]${typeName(type.of)}`;
    case 'struct':
      return type.name;
    case 'bool':
      return 'boolean';
    case 'int':
      return 'integer';
    case 'quantity':
      return 'Quantity';
    case 'time':
      return 'Time';
    case 'intOrString':
      return 'IntOrString';
    case 'any':
      return 'Object';
    case 'string':
    case 'bytes':
      return 'string';
  }
}

const structOf = (type: FieldType): string | undefined =>
  type.kind === 'struct' ? type.name : type.kind === 'list' || type.kind === 'map' ? structOf(type.of) : undefined;

/** What a struct is for; undefined: no text. */
export const structText = (struct: string): string | undefined => DOCS[struct];

/** The fields of a kind or of a struct by name; undefined: it is not known. */
export function openApiFields(struct: string): readonly OpenApiField[] | undefined {
  return fieldsOf(struct)
    ?.map(({ json, type, always }): OpenApiField => {
      const of = structOf(type);
      const text = DOCS[`${struct}.${json}`] ?? DOCS[`*.${json}`];
      return {
        name: json,
        type: json === 'metadata' ? 'ObjectMeta' : typeName(type),
        ...(of === undefined ? {} : { struct: of }),
        required: always && type.kind !== 'struct',
        ...(text === undefined ? {} : { text }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
