// kubectl patch.

import type { Program } from '#kernel/uapi/index.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { readFile, textOf } from '../lib/io.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { dryRunTail, findObjects, placeOf, writeQuery } from './objects.ts';
import { printObject } from './output.ts';
import { shownName } from './resources.ts';
import { type Call, fail, flagOf, type Json, out, send } from './session.ts';

const TYPES = ['json', 'merge', 'strategic'] as const;

function* patchText(call: Call): Program<string | number> {
  const text = flagOf(call, 'patch');
  const file = flagOf(call, 'patch-file');
  if ((text ?? '') !== '' && file !== undefined) return yield* fail('cannot specify --patch and --patch-file together');
  if (file !== undefined) {
    const read = yield* readFile(file);
    return read.ok ? textOf(read.value) : yield* fail(`unable to read patch file: open ${file}: no such file or directory`);
  }
  if (text === undefined || text === '') return yield* fail('must specify --patch or --patch-file containing the contents of the patch');
  return text;
}

/** Counterpart: kubectl/pkg/cmd/patch, v1.36 */
export function* patch(call: Call): Program<number> {
  const type = flagOf(call, 'type') ?? 'strategic';
  if (!(TYPES as readonly string[]).includes(type))
    return yield* fail(`--type must be one of [${TYPES.join(' ')}], not ${JSON.stringify(type)}`);
  const text = yield* patchText(call);
  if (typeof text === 'number') return text;
  const [item] = manifestObjects(text, '');
  if (item === undefined || item.kind === 'error')
    return yield* fail(
      `unable to parse ${JSON.stringify(text)}: ${(item?.message ?? '').replace(/^error parsing [^:]*: error converting YAML to JSON: /, '')}`,
    );
  const body = item.value as Json;
  const failures: Failure[] = [];
  const found = yield* findObjects(call, call.parsed.args, failures);
  if (typeof found === 'number') return found;
  for (const one of found) {
    const { resource, object } = one;
    if (flagOf(call, 'dry-run') === 'client') {
      yield* out(`${shownName(resource, object.metadata.name)} patched${dryRunTail(call)}\n`);
      continue;
    }
    const subresource = flagOf(call, 'subresource');
    const patched = yield* send(call, {
      verb: 'patch',
      patchType: type as (typeof TYPES)[number],
      ...placeOf(one),
      body,
      ...(subresource === undefined ? {} : { subresource }),
      query: writeQuery(call, 'kubectl-patch'),
    });
    if (!patched.ok) {
      failures.push(
        patched.status?.reason === 'Invalid' || patched.status?.reason
          ? serverFailure(patched.status, '')
          : clientFailure(String(patched.status)),
      );
      continue;
    }
    const changed = patched.body.metadata.resourceVersion !== object.metadata.resourceVersion || flagOf(call, 'dry-run') === 'server';
    const output = flagOf(call, 'output');
    if (output) yield* printObject(call, output, patched.body, resource);
    else yield* out(`${shownName(resource, object.metadata.name)} patched${changed ? '' : ' (no change)'}${dryRunTail(call)}\n`);
  }
  return yield* finish(failures);
}
