// What every create subcommand ends with: the object goes to the server, or is only shown.

import type { Program } from '#kernel/uapi/index.ts';
import { serverFailure } from './failures.ts';
import { printObject } from './output.ts';
import { resourceOfKind, shownName } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, type Json, out, send } from './session.ts';

/** Creates the object, or with --dry-run=client only shows it; nulls of the printed form are left out. */
export function* createObject(call: Call, object: Json, shown: Json = object, silent = false): Program<number> {
  const resource = resourceOfKind(call.port.resources(), object.apiVersion, object.kind);
  if (!resource) return yield* fail(`no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
  const dry = flagOf(call, 'dry-run') ?? 'none';
  const output = flagOf(call, 'output') ?? '';
  let result = shown;
  if (dry !== 'client') {
    const body = resource.namespaced ? { ...object, metadata: { ...object.metadata, namespace: call.namespace } } : object;
    const created = yield* send(call, {
      verb: 'create',
      ...about(resource, call.namespace),
      body,
      query: { fieldManager: `kubectl-${call.command.split(' ')[0]}`, ...(dry === 'server' ? { dryRun: 'All' } : {}) },
    });
    if (!created.ok) {
      const plain = created.status?.reason === 'Invalid' || resource.kind === 'Pod' || resource.kind === 'Namespace';
      yield* errOut(
        plain ? serverFailure(created.status, '').alone : `error: failed to create ${resource.singular}: ${created.status?.message}\n`,
      );
      return 1;
    }
    result = created.body;
  }
  if (output !== '') return yield* printObject(call, output, result, resource);
  if (silent) return 0;
  yield* out(
    `${shownName(resource, object.metadata.name)} created${dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : ''}\n`,
  );
  return 0;
}
