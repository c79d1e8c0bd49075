// -o: objects as YAML, JSON, names, JSONPath or custom columns.

import type { Program } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { renderJson } from '#yaml/json.ts';
import { readFile, textOf } from '../lib/io.ts';
import { goTemplate } from './goTemplate.ts';
import { BAD_PATH, type JsonPathResult, jsonPath, pathValues, relaxedPath, shownByGo } from './jsonpath.ts';
import { type Resource, resourceOfKind, shownName } from './resources.ts';
import { type Call, fail, isSet, type Json, out } from './session.ts';
import { renderTable } from './table.ts';

const FORMATS =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml';

/** Whether an output format prints objects and not a table. */
export const isObjectFormat = (output: string | undefined): boolean => output !== undefined && output !== '' && output !== 'wide';

const withoutManagedFields = (object: Json): Json => {
  if (Array.isArray(object?.items)) return { ...object, items: object.items.map(withoutManagedFields) };
  if (object?.metadata?.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
};

/**
 * A table of what the paths find; the titles are printed even when a path cannot be followed.
 * Counterpart: kubectl/pkg/cmd/get/customcolumn.go
 */
function* customColumns(call: Call, spec: string, object: Json): Program<number> {
  const columns: { readonly title: string; readonly path: string }[] = [];
  for (const part of spec.split(',')) {
    const colon = part.indexOf(':');
    if (colon < 0) return yield* fail(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    columns.push({ title: part.slice(0, colon), path: part.slice(colon + 1) });
  }
  if (columns.some(({ path }) => relaxedPath(path) === undefined)) return yield* fail(BAD_PATH);
  const items: Json[] = object.kind?.endsWith('List') && Array.isArray(object.items) ? object.items : [object];
  const rows: string[][] = isSet(call, 'no-headers') ? [] : [columns.map((c) => c.title)];
  for (const item of items) {
    const row: string[] = [];
    for (const { path } of columns) {
      const found = pathValues(path, item);
      if (!found.ok) {
        yield* out(renderTable(rows));
        return yield* fail(found.error);
      }
      row.push(found.values.length === 0 ? '<none>' : found.values.map(shownByGo).join(','));
    }
    rows.push(row);
  }
  yield* out(renderTable(rows));
  return 0;
}

/** Prints one object or list. Counterpart: k8s.io/cli-runtime/pkg/genericclioptions PrintFlags */
export function* printObject(call: Call, output: string, given: Json, resource?: Resource): Program<number> {
  const object = call.parsed.values.has('show-managed-fields') ? given : withoutManagedFields(given);
  const equals = output.indexOf('=');
  const format = equals < 0 ? output : output.slice(0, equals);
  const argument = equals < 0 ? (call.parsed.values.get('template')?.at(-1) ?? '') : output.slice(equals + 1);
  // Counterpart: JSONYamlPrintFlags and NamePrintFlags, which alone take capital letters.
  switch (['json', 'yaml', 'name'].includes(format.toLowerCase()) ? format.toLowerCase() : format) {
    case 'yaml':
      yield* out(renderYaml(object));
      return 0;
    case 'json':
      yield* out(renderJson(object));
      return 0;
    case 'kyaml':
      yield* out(`---\n${kyaml(object, '')}\n`);
      return 0;
    case 'name': {
      const items: Json[] = object.kind?.endsWith('List') && Array.isArray(object.items) ? object.items : [object];
      for (const item of items) {
        const r = resourceOfKind(call.port.resources(), item.apiVersion, item.kind) ?? resource;
        yield* out(`${r ? shownName(r, item.metadata.name) : item.metadata.name}\n`);
      }
      return 0;
    }
    case 'jsonpath':
    case 'jsonpath-file': {
      if (argument === '') return yield* fail('template format specified but no template given');
      const file = format === 'jsonpath-file' ? yield* readFile(argument) : undefined;
      if (file && !file.ok) return yield* fail(`error reading --template ${argument}, open ${argument}: no such file or directory`);
      const template = file?.ok ? textOf(file.value) : argument;
      return yield* fromTemplate(jsonPath(template, object));
    }
    case 'jsonpath-as-json':
      return yield* fromTemplate(jsonPath(argument, object, true));
    case 'custom-columns':
      if (argument === '') return yield* fail('custom-columns format specified but no custom columns given');
      return yield* customColumns(call, argument, object);
    case 'custom-columns-file': {
      const file = yield* readFile(argument);
      if (!file.ok) return yield* fail(`error reading template ${argument}, open ${argument}: no such file or directory`);
      const [titles = '', paths = ''] = textOf(file.value).split('\n');
      const path = paths.trim().split(/\s+/);
      const spec = titles
        .trim()
        .split(/\s+/)
        .map((title, i) => `${title}:${path[i] ?? ''}`);
      return yield* customColumns(call, spec.join(','), object);
    }
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile': {
      if (argument === '') return yield* fail('template format specified but no template given');
      const file = format.endsWith('file') ? yield* readFile(argument) : undefined;
      if (file && !file.ok) return yield* fail(`error reading --template ${argument}, open ${argument}: no such file or directory`);
      return yield* fromTemplate(goTemplate(file?.ok ? textOf(file.value) : argument, object));
    }
    default:
      return yield* fail(`unable to match a printer suitable for the output format "${output}", allowed formats are: ${FORMATS}`);
  }
}

function* fromTemplate(result: JsonPathResult): Program<number> {
  if (!result.ok) return yield* fail(result.error);
  yield* out(result.text);
  return 0;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_./-]*$/;
const AMBIGUOUS = /^(y|n|yes|no|on|off|true|false|null|~)$/i;

/** Counterpart: sigs.k8s.io/yaml/kyaml: flow style, quoted texts, a trailing comma after every member. */
function kyaml(value: Json, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((item) => item !== null && typeof item === 'object')) return `[${value.map((item) => kyaml(item, indent)).join(', ')}]`;
    return `[\n${value.map((item) => `${indent}  ${kyaml(item, `${indent}  `)},\n`).join('')}${indent}]`;
  }
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value).sort();
    if (keys.length === 0) return '{}';
    const shown = (key: string): string => (PLAIN_KEY.test(key) && !AMBIGUOUS.test(key) ? key : JSON.stringify(key));
    return `{\n${keys.map((key) => `${indent}  ${shown(key)}: ${kyaml(value[key], `${indent}  `)},\n`).join('')}${indent}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
