// -f: files, directories, URLs and standard input, read into objects with the REST resource they belong to.

import { AT_FDCWD, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Dirent, type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { readFd, readFile, textOf } from '../lib/io.ts';
import { type Resource, resourceOfKind } from './resources.ts';
import { type Call, flagOf, isSet, type Json } from './session.ts';

/** One object of a manifest. */
export interface Info {
  readonly source: string; // file name as in messages, "STDIN"
  readonly resource: Resource;
  readonly object: Json;
  readonly namespace: string;
  readonly name: string;
  /** The document's text at its place in the file. */
  readonly raw: string;
}

export interface Loaded {
  readonly infos: readonly Info[];
  /** Messages without "error: ". */
  readonly errors: readonly string[];
}

const SUFFIXES = /\.(ya?ml|json)$/;

function* sourcesOf(call: Call, name: string): Program<{ readonly source: string; readonly text: string }[] | string> {
  if (name === '-') {
    const input = yield* readFd(0);
    return [{ source: 'STDIN', text: input.ok ? textOf(input.value) : '' }];
  }
  if (/^https?:\/\//.test(name)) {
    const text = call.port.fetch(name);
    const host = name.replace(/^https?:\/\//, '').split('/')[0];
    return text === undefined ? `Get "${name}": dial tcp: lookup ${host}: Temporary failure in name resolution` : [{ source: name, text }];
  }
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, name, 0);
  if (!stat.ok)
    return stat.errno === 'ENOENT'
      ? `the path "${name}" does not exist`
      : `the path "${name}" cannot be accessed: stat ${name}: permission denied`;
  let files: readonly string[] = [name];
  if (isDir(stat.value.mode)) {
    files = yield* manifestsIn(name.replace(/\/$/, ''), isSet(call, 'recursive'));
    if (files.length === 0) return `error reading [${name}]: recognized file extensions are [.json .yaml .yml]`;
  }
  const result: { source: string; text: string }[] = [];
  for (const file of files) {
    const text = yield* readFile(file);
    if (!text.ok) return `open ${file}: permission denied`;
    result.push({ source: file, text: textOf(text.value) });
  }
  return result;
}

/** The manifests of a directory in the order of their names, with -R those of its directories too. */
function* manifestsIn(folder: string, recursive: boolean): Program<readonly string[]> {
  const entries: Dirent[] = [];
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);
  while (fd.ok) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    entries.push(...batch.value.filter(({ name }) => name !== '.' && name !== '..'));
  }
  if (fd.ok) yield* sys.close(fd.value);
  const files: string[] = [];
  for (const { name, type } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!isDir(type)) {
      if (SUFFIXES.test(name)) files.push(`${folder}/${name}`);
    } else if (recursive) files.push(...(yield* manifestsIn(`${folder}/${name}`, true)));
  }
  return files;
}

const invalid = (source: string, problem: string): string =>
  `error validating "${source}": error validating data: ${problem}; if you choose to ignore these errors, turn validation off with --validate=false`;

/** The metadata fields kubectl itself decodes. Counterpart: unstructured → metav1.ObjectMeta in the object builder */
function metadataProblem(source: string, object: Json): string | undefined {
  const { metadata } = object;
  const kindOf = (value: unknown): string =>
    typeof value === 'boolean'
      ? 'bool'
      : Array.isArray(value)
        ? 'array'
        : typeof value === 'object'
          ? 'object'
          : typeof value === 'number'
            ? 'number'
            : 'string';
  if (metadata === undefined || metadata === null) return undefined;
  for (const field of ['name', 'generateName', 'namespace'])
    if (metadata[field] !== undefined && metadata[field] !== null && typeof metadata[field] !== 'string')
      return `unable to decode "${source}": json: cannot unmarshal ${kindOf(metadata[field])} into Go struct field ObjectMeta.metadata.${field} of type string`;
  const created: unknown = metadata.creationTimestamp;
  if (typeof created === 'string' && Number.isNaN(new Date(created).getTime()))
    return `unable to decode "${source}": parsing time "${created}" as "2006-01-02T15:04:05Z07:00": cannot parse "${created}" as "2006"`;
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field];
    if (map !== undefined && map !== null && (typeof map !== 'object' || Array.isArray(map)))
      return `unable to decode "${source}": json: cannot unmarshal ${kindOf(map)} into Go struct field ObjectMeta.metadata.${field} of type map[string]string`;
    for (const key of Object.keys(metadata[field] ?? {}).sort())
      if (metadata[field][key] !== null && typeof metadata[field][key] !== 'string')
        return `unable to decode "${source}": json: cannot unmarshal ${kindOf(metadata[field][key])} into Go struct field ObjectMeta.metadata.${field} of type string`;
  }
  return undefined;
}

/** Reads everything named by -f. Counterpart: k8s.io/cli-runtime/pkg/resource Builder with ContinueOnError */
export function* loadManifests(call: Call, names: readonly string[]): Program<Loaded> {
  const infos: Info[] = [];
  const errors: string[] = [];
  const validate = !['false', 'ignore', 'warn'].includes(flagOf(call, 'validate') ?? 'true');
  for (const name of names) {
    const sources = yield* sourcesOf(call, name);
    if (typeof sources === 'string') {
      errors.push(sources);
      continue;
    }
    for (const { source, text } of sources) {
      const problem = collect(call, source, text, validate, infos, errors);
      if (problem !== undefined) errors.push(problem);
    }
  }
  return { infos, errors };
}

/** Adds the objects of one text; a message ends the reading of this file. */
function collect(call: Call, source: string, text: string, validate: boolean, infos: Info[], errors: string[]): string | undefined {
  for (const item of manifestObjects(text, source)) {
    if (item.kind === 'error') return item.message;
    if (item.value === null) continue;
    const object = item.value as Json;
    if (typeof object !== 'object' || Array.isArray(object)) return invalid(source, 'invalid object to validate');
    const missing = ['apiVersion', 'kind']
      .filter((field) => object[field] === undefined || object[field] === null)
      .map((field) => `${field} not set`);
    if (missing.length > 0 && validate) return invalid(source, missing.length === 1 ? (missing[0] as string) : `[${missing.join(', ')}]`);
    for (const field of ['apiVersion', 'kind'])
      if (typeof object[field] !== 'string' && validate) return invalid(source, `${field} isn't string type`);
    if (String(object.apiVersion).split('/').length > 2) return invalid(source, `unexpected GroupVersion string: ${object.apiVersion}`);
    if (object.kind === '' || object.kind === undefined) return `unable to decode "${source}": Object 'Kind' is missing in '${item.json}'`;
    const broken = metadataProblem(source, object);
    if (broken !== undefined) return broken;
    const span = item.node.range;
    const raw = text.slice(0, span.start).replace(/[^\n]/g, ' ') + text.slice(span.start, span.end);
    const members: Json[] = object.kind === 'List' && object.apiVersion === 'v1' ? (object.items ?? []) : [object];
    for (const member of members) {
      const resource = resourceOfKind(call.port.resources(), member.apiVersion, member.kind);
      if (!resource) {
        errors.push(
          `resource mapping not found for name: "${member.metadata?.name ?? ''}" namespace: "${member.metadata?.namespace ?? ''}" from "${source}": no matches for kind "${member.kind}" in version "${member.apiVersion}"\nensure CRDs are installed first`,
        );
        continue;
      }
      const own = member.metadata?.namespace;
      const explicit = flagOf(call, 'namespace');
      if (resource.namespaced && own && explicit !== undefined && own !== explicit) {
        errors.push(
          `the namespace from the provided object "${own}" does not match the namespace "${explicit}". You must pass '--namespace=${own}' to perform this operation.`,
        );
        continue;
      }
      infos.push({
        source,
        resource,
        object: member,
        namespace: resource.namespaced ? own || call.namespace : '',
        name: member.metadata?.name ?? '',
        raw: members.length === 1 && members[0] === object ? raw : '',
      });
    }
  }
  return undefined;
}
