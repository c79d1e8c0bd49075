// kubectl label and annotate.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { mergePatch } from './mergePatch.ts';
import { printObject } from './output.ts';
import { shownName } from './resources.ts';
import { about, type Call, fail, flagOf, getNamed, isSet, type Json, out, send } from './session.ts';
import { parseTargets, type Target } from './targets.ts';

const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Counterpart: kubectl/pkg/cmd/{label,annotate}, v1.36 */
export function* mark(call: Call, field: 'labels' | 'annotations'): Program<number> {
  const what = field === 'labels' ? 'label' : 'annotation';
  const isChange = (word: string): boolean => (word.includes('=') && word[0] !== '=') || (word.endsWith('-') && word !== '-');
  const firstChange = call.parsed.args.findIndex((word) => isChange(word) && !/^[^=]*\/[^=]*$/.test(word.replace(/-$/, '')));
  const at = firstChange < 0 ? call.parsed.args.findIndex((word, i) => i > 0 && isChange(word)) : firstChange;
  const words = at < 0 ? call.parsed.args : call.parsed.args.slice(0, at);
  const changes = at < 0 ? [] : call.parsed.args.slice(at);
  if (words.length === 0) return yield* fail('one or more resources must be specified as <resource> <name> or <resource>/<name>');
  const listing = isSet(call, 'list');
  if (changes.length === 0 && !listing) return yield* fail(`at least one ${what} update is required`);
  const set = new Map<string, string>();
  const unset: string[] = [];
  for (const change of changes) {
    const equals = change.indexOf('=');
    if (equals > 0) {
      const value = change.slice(equals + 1);
      if (field === 'labels' && (!LABEL_VALUE.test(value) || value.length > 63))
        return yield* fail(
          `invalid label value: "${change}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
        );
      set.set(change.slice(0, equals), value);
    } else unset.push(change.slice(0, -1));
  }
  const parsed = parseTargets(call.port.resources(), words);
  if (!parsed.ok) return yield* fail(parsed.error);
  const targets: Target[] = [];
  const failures: Failure[] = [];
  for (const target of parsed.targets) {
    const selector = flagOf(call, 'selector');
    if (target.name !== undefined) targets.push(target);
    else if (!isSet(call, 'all') && selector === undefined) return yield* fail('resource(s) were provided, but no name was specified');
    else {
      const listed = yield* send(call, {
        verb: 'list',
        ...about(target.resource, call.namespace),
        query: selector === undefined ? {} : { labelSelector: selector },
      });
      if (listed.ok)
        targets.push(...(listed.body.items as Json[]).map((o) => ({ resource: target.resource, name: o.metadata.name as string })));
    }
  }
  const dry = flagOf(call, 'dry-run') ?? 'none';
  const tail = dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : '';
  for (const { resource, name = '' } of targets) {
    const where = { ...about(resource, call.namespace), name };
    const live = yield* getNamed(call, { ...where });
    if (!live.ok) {
      failures.push(serverFailure(live.status, ''));
      continue;
    }
    const old: Readonly<Record<string, string>> = live.body.metadata[field] ?? {};
    if (listing) {
      if (targets.length > 1) yield* out(`Listing ${field} for ${resource.kind}.${resource.group}/${name}:\n`);
      for (const key of Object.keys(old).sort()) yield* out(`${targets.length > 1 ? ' ' : ''}${key}=${old[key]}\n`);
      if (changes.length === 0) continue;
    }
    const clash = [...set].find(([key, value]) => old[key] !== undefined && old[key] !== value && !isSet(call, 'overwrite'));
    if (clash) {
      failures.push(
        clientFailure(
          field === 'labels'
            ? `'${clash[0]}' already has a value (${old[clash[0]]}), and --overwrite is false`
            : `--overwrite is false but found the following declared annotation(s): '${clash[0]}' already has a value (${old[clash[0]]})`,
        ),
      );
      continue;
    }
    for (const key of unset) if (old[key] === undefined && field === 'labels') yield* out(`label "${key}" not found.\n`);
    const patch: Record<string, string | null> = {};
    for (const [key, value] of set) if (old[key] !== value) patch[key] = value;
    for (const key of unset) if (old[key] !== undefined) patch[key] = null;
    const changed = Object.keys(patch).length > 0;
    let result: Json = mergePatch(live.body, { metadata: { [field]: patch } });
    if (changed && dry !== 'client') {
      const patched = yield* send(call, {
        verb: 'patch',
        patchType: 'merge',
        ...where,
        body: { metadata: { [field]: patch } },
        query: { fieldManager: `kubectl-${what}`, ...(dry === 'server' ? { dryRun: 'All' } : {}) },
      });
      if (!patched.ok) {
        failures.push(serverFailure(patched.status, ''));
        continue;
      }
      result = patched.body;
    }
    const output = flagOf(call, 'output');
    if (output) {
      yield* printObject(call, output, result, resource);
      continue;
    }
    const onlyRemoved = set.size === 0 && unset.length > 0;
    const verb = field === 'annotations' ? 'annotated' : !changed ? 'not labeled' : onlyRemoved ? 'unlabeled' : 'labeled';
    yield* out(`${shownName(resource, name)} ${verb}${tail}\n`);
  }
  return yield* finish(failures);
}
