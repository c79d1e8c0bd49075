// kubectl explain.

import type { Program } from '#kernel/uapi/index.ts';
import type { SchemaField, SchemaPort } from './port.ts';
import { findResource, type Resource } from './resources.ts';
import { type Call, errOut, fail, flagOf, isSet, out } from './session.ts';

const NO_TEXT = '(The playground has no text for this; the API reference has.)';
const WIDTH = 76;

/** Words in lines of at most 80 columns with their indent. */
function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join('');
}

/** Counterpart: kubectl/pkg/explain/v2, v1.36. Deviates: the texts are our own */
export function* explain(call: Call): Program<number> {
  const [path, more] = call.parsed.args;
  if (path === undefined)
    return yield* fail(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  if (more !== undefined) return yield* fail('We accept only this format: explain RESOURCE');
  if ((flagOf(call, 'output') ?? 'plaintext') !== 'plaintext')
    return yield* fail(`the output format ${flagOf(call, 'output')} of explain is not simulated here`);
  const [type = '', ...fields] = path.split('.');
  const resource = findResource(call.port.resources(), type);
  if (resource === undefined) {
    yield* errOut(`the server doesn't have a resource type "${type}"\n`);
    return 1;
  }
  const { schema } = call.port;
  if (schema.fields(resource.kind) === undefined) return yield* fail(`${resource.plural} are not simulated here`);
  yield* out(
    `${resource.group === '' ? '' : `GROUP:      ${resource.group}\n`}KIND:       ${resource.kind}\nVERSION:    ${resource.version}\n\n`,
  );
  let struct: string | undefined = resource.kind;
  let field: SchemaField | undefined;
  for (const name of fields) {
    field = struct === undefined ? undefined : schema.fields(struct)?.find((one) => one.name === name);
    if (field === undefined) return yield* fail(`field "${name}" does not exist`);
    struct = field.struct;
  }
  yield* out(section(schema, resource, field, struct, isSet(call, 'recursive')));
  return 0;
}

function section(
  schema: SchemaPort,
  resource: Resource,
  field: SchemaField | undefined,
  struct: string | undefined,
  recursive: boolean,
): string {
  const values = field?.values === undefined ? '' : `ENUM:${field.values.map((value) => `\n    ${value}`).join('')}`;
  const head = field === undefined ? '' : `FIELD: ${field.name} <${field.type}>\n${values}\n\n`;
  const texts = [
    field?.text,
    struct === undefined ? undefined : schema.text(struct),
    field === undefined ? schema.text(resource.kind) : undefined,
  ];
  const known = [...new Set(texts.filter((text) => text !== undefined))];
  const description = `DESCRIPTION:\n${(known.length === 0 ? [NO_TEXT] : known).map((text) => wrap(text as string, '    ')).join('')}    \n`;
  const fields = struct === undefined ? undefined : schema.fields(struct);
  if (fields === undefined) return `${head}${description}\n`;
  const list = recursive ? tree(schema, fields, '  ', [struct as string]) : fields.map(entry).join('');
  return `${head}${description}FIELDS:\n${list}\n`;
}

/** How many values a list of fields names of each. */
const VALUES_SHOWN = 4;

/** A field in one line, and its values in another. */
function title(field: SchemaField, indent: string): string {
  const { values = [] } = field;
  const shown = values.slice(0, VALUES_SHOWN).join(', ') + (values.length > VALUES_SHOWN ? ', ....' : '');
  const list = values.length === 0 ? '' : `\n${indent}enum: ${shown}`;
  return `${indent}${field.name}\t<${field.type}>${field.required ? ' -required-' : ''}${list}`;
}

const entry = (field: SchemaField): string => `${title(field, '  ')}\n${wrap(field.text ?? NO_TEXT, '    ')}\n`;

/** Names and types only, two more spaces a level; a type inside itself is not opened again. */
function tree(schema: SchemaPort, fields: readonly SchemaField[], indent: string, open: readonly string[]): string {
  return fields
    .map((field) => {
      const inner = field.struct !== undefined && !open.includes(field.struct) ? schema.fields(field.struct) : undefined;
      return `${title(field, indent)}\n${inner === undefined ? '' : tree(schema, inner, `${indent}  `, [...open, field.struct as string])}`;
    })
    .join('');
}
