// The live objects a command is about: TYPE NAME, TYPE/NAME, TYPE with a selector or --all, or -f.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, serverFailure } from './failures.ts';
import { loadManifests } from './manifests.ts';
import type { Resource } from './resources.ts';
import { about, type Call, fail, filesOf, flagOf, getNamed, isSet, type Json, send } from './session.ts';
import { parseTargets, type Target } from './targets.ts';

export interface Found {
  readonly resource: Resource;
  readonly object: Json;
}

/** Where the object is, for a request. */
export const placeOf = ({ resource, object }: Found) => ({
  ...about(resource, object.metadata.namespace ?? ''),
  name: object.metadata.name as string,
});

/** Said when a command that needs objects is given none. Counterpart: Builder.Do, k8s.io/cli-runtime/pkg/resource */
export const NOTHING = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

/** Reads every object meant by the arguments and flags; a number is an exit status after an error was printed. */
export function* findObjects(call: Call, words: readonly string[], failures: Failure[]): Program<readonly Found[] | number> {
  const files = filesOf(call);
  const found: Found[] = [];
  let targets: readonly (Target & { readonly namespace?: string })[];
  if (files.length > 0) {
    const loaded = yield* loadManifests(call, files);
    failures.push(...loaded.errors.map(clientFailure));
    targets = loaded.infos;
  } else {
    if (words.length === 0) return yield* fail(NOTHING);
    const parsed = parseTargets(call.port.resources(), words);
    if (!parsed.ok) return yield* fail(parsed.error);
    ({ targets } = parsed);
  }
  const selector = flagOf(call, 'selector');
  const fields = flagOf(call, 'field-selector');
  for (const { resource, name, namespace = call.namespace } of targets) {
    if (name !== undefined) {
      const got = yield* getNamed(call, { ...about(resource, namespace), name });
      if (got.ok) found.push({ resource, object: got.body });
      else failures.push(serverFailure(got.status, ''));
      continue;
    }
    if (!isSet(call, 'all') && selector === undefined && fields === undefined)
      return yield* fail('resource(s) were provided, but no name was specified');
    const everywhere = isSet(call, 'all-namespaces') ? { namespace: undefined } : {};
    const query = {
      ...(selector === undefined ? {} : { labelSelector: selector }),
      ...(fields === undefined ? {} : { fieldSelector: fields }),
    };
    const listed = yield* send(call, { verb: 'list', ...about(resource, namespace), ...everywhere, query });
    if (!listed.ok) failures.push(serverFailure(listed.status, ''));
    else for (const object of listed.body.items as Json[]) found.push({ resource, object });
  }
  return found;
}

/** ` (dry run)`, ` (server dry run)` or nothing. */
export function dryRunTail(call: Call): string {
  const mode = flagOf(call, 'dry-run') ?? 'none';
  return mode === 'client' ? ' (dry run)' : mode === 'server' ? ' (server dry run)' : '';
}

/** The query of a write under --dry-run and --field-manager. */
export const writeQuery = (call: Call, manager: string): Record<string, string> => ({
  fieldManager: flagOf(call, 'field-manager') ?? manager,
  ...(flagOf(call, 'dry-run') === 'server' ? { dryRun: 'All' } : {}),
});
