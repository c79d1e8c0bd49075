// -o: objects as YAML, JSON, names, JSONPath or custom columns.

import type { Program } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { renderJson } from '#yaml/json.ts';
import { readFile, textOf } from '../lib/io.ts';
import { goTemplate } from './goTemplate.ts';
import { jsonPath, pathValues, shownValue } from './jsonpath.ts';
import { type Resource, resourceOfKind, shownName } from './resources.ts';
import { type Call, fail, type Json, out } from './session.ts';
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

function customColumns(spec: string, object: Json): string {
  const columns = spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    return { title: part.slice(0, colon), path: part.slice(colon + 1) };
  });
  const items: Json[] = object.kind?.endsWith('List') && Array.isArray(object.items) ? object.items : [object];
  const cell = (path: string, item: Json): string => {
    const values = pathValues(path, item);
    return values.length === 0
      ? '<none>'
      : values.map((v) => (v === null ? '<nil>' : Array.isArray(v) ? `[${v.map(shownValue).join(' ')}]` : shownValue(v))).join(',');
  };
  return renderTable([columns.map((c) => c.title), ...items.map((item) => columns.map((c) => cell(c.path, item)))]);
}

/** Prints one object or list. Counterpart: k8s.io/cli-runtime/pkg/genericclioptions PrintFlags */
export function* printObject(call: Call, output: string, given: Json, resource?: Resource): Program<number> {
  const object = call.parsed.values.has('show-managed-fields') ? given : withoutManagedFields(given);
  const equals = output.indexOf('=');
  const format = equals < 0 ? output : output.slice(0, equals);
  const argument = equals < 0 ? (call.parsed.values.get('template')?.at(-1) ?? '') : output.slice(equals + 1);
  switch (format) {
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
      const template = file === undefined ? argument : file.ok ? textOf(file.value) : '';
      const result = jsonPath(template, object);
      if (!result.ok) return yield* fail(result.error);
      yield* out(result.text);
      return 0;
    }
    case 'jsonpath-as-json':
      yield* out(renderJson(pathValues(argument, object)));
      return 0;
    case 'custom-columns':
      if (argument === '') return yield* fail('custom-columns format specified but no custom columns given');
      yield* out(customColumns(argument, object));
      return 0;
    case 'custom-columns-file': {
      const file = yield* readFile(argument);
      if (!file.ok) return yield* fail(`error reading template ${argument}, open ${argument}: no such file or directory`);
      const [titles = '', paths = ''] = textOf(file.value).split('\n');
      const path = paths.trim().split(/\s+/);
      yield* out(
        customColumns(
          titles
            .trim()
            .split(/\s+/)
            .map((title, i) => `${title}:${path[i] ?? ''}`)
            .join(','),
          object,
        ),
      );
      return 0;
    }
    case 'go-template':
    case 'go-template-file':
    case 'template':
    case 'templatefile': {
      if (argument === '') return yield* fail('template format specified but no template given');
      const file = format.endsWith('file') ? yield* readFile(argument) : undefined;
      if (file && !file.ok) return yield* fail(`error reading --template ${argument}, open ${argument}: no such file or directory`);
      const result = goTemplate(file?.ok ? textOf(file.value) : argument, object);
      if (!result.ok) return yield* fail(result.error);
      yield* out(result.text);
      return 0;
    }
    default:
      return yield* fail(`unable to match a printer suitable for the output format "${output}", allowed formats are: ${FORMATS}`);
  }
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
