// kubectl apply, create -f and replace -f.

import type { Program } from '#kernel/uapi/index.ts';
import { goJson } from '#yaml/json.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { type Info, loadManifests } from './manifests.ts';
import { printObject } from './output.ts';
import { shownName } from './resources.ts';
import { type Answer, about, type Call, errOut, fail, filesOf, flagOf, isSet, type Json, out, send, usage } from './session.ts';
import { threeWayPatch } from './threeWay.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as apply sends it: with itself in an annotation. Counterpart: GetModifiedConfiguration, kubectl/pkg/util/apply.go */
function annotated(info: Info): Json {
  const { annotations = {}, ...metadata } = info.object.metadata ?? {};
  const { [LAST_APPLIED]: _, ...own } = annotations ?? {};
  const plain = {
    ...info.object,
    metadata: { ...metadata, annotations: own, ...(info.resource.namespaced ? { namespace: info.namespace } : {}) },
  };
  return { ...plain, metadata: { ...plain.metadata, annotations: { ...own, [LAST_APPLIED]: `${goJson(plain)}\n` } } };
}

const dryRun = (call: Call): string => {
  const mode = flagOf(call, 'dry-run') ?? 'none';
  return mode === 'client' ? ' (dry run)' : mode === 'server' ? ' (server dry run)' : '';
};

/** Query parameters of a write. */
const writeQuery = (call: Call): Record<string, string> => {
  const validate = flagOf(call, 'validate') ?? 'true';
  const fieldValidation = validate === 'false' || validate === 'ignore' ? 'Ignore' : validate === 'warn' ? 'Warn' : 'Strict';
  return { fieldManager: 'kubectl-client-side-apply', fieldValidation, ...(flagOf(call, 'dry-run') === 'server' ? { dryRun: 'All' } : {}) };
};

function* report(call: Call, info: Info, object: Json, verb: string): Program<void> {
  const output = flagOf(call, 'output');
  if (output === undefined || output === '')
    yield* out(`${shownName(info.resource, object.metadata?.name ?? info.name)} ${verb}${dryRun(call)}\n`);
  else yield* printObject(call, output, object, info.resource);
}

/** Which object a message is about. Counterpart: Info.String, k8s.io/cli-runtime/pkg/resource/visitor.go */
function infoText({ resource, name, namespace }: Info): string {
  const gv = `${resource.group}/${resource.version}`;
  return `Resource: "${gv}, Resource=${resource.plural}", GroupVersionKind: "${gv}, Kind=${resource.kind}"\nName: "${name}", Namespace: "${namespace}"`;
}

const retrieving = (info: Info): string =>
  `error when retrieving current configuration of:\n${infoText(info)}\nfrom server for: "${info.source}": `;

function* applyOne(call: Call, info: Info): Program<Failure | undefined> {
  const where = { ...about(info.resource, info.namespace) };
  if (info.name === '') {
    if (info.object.metadata?.generateName)
      return clientFailure(`from ${info.object.metadata.generateName}: cannot use generate name with apply`);
    return clientFailure(`${retrieving(info)}resource name may not be empty`);
  }
  if (/[/%]/.test(info.name))
    return clientFailure(
      `${retrieving(info)}invalid resource name "${info.name}": [may not contain '${info.name.includes('/') ? '/' : '%'}']`,
    );
  const modified = annotated(info);
  const live = yield* send(call, { verb: 'get', ...where, name: info.name });
  if (!live.ok && live.status?.reason !== 'NotFound') return serverFailure(live.status, retrieving(info));
  if (isSet(call, 'server-side')) {
    const applied = yield* send(call, {
      verb: live.ok ? 'patch' : 'create',
      ...where,
      ...(live.ok ? { name: info.name, patchType: 'apply' as const } : {}),
      body: info.object,
      raw: info.raw,
      query: writeQuery(call),
    });
    if (!applied.ok) return serverFailure(applied.status, '');
    yield* report(call, info, applied.body, 'serverside-applied');
    return undefined;
  }
  if (!live.ok) {
    if (flagOf(call, 'dry-run') === 'client') {
      yield* report(call, info, modified, 'created');
      return undefined;
    }
    const created = yield* send(call, { verb: 'create', ...where, body: modified, raw: info.raw, query: writeQuery(call) });
    if (!created.ok) return serverFailure(created.status, `error when creating "${info.source}": `);
    yield* report(call, info, created.body, 'created');
    return undefined;
  }
  const lastText: string | undefined = live.body.metadata?.annotations?.[LAST_APPLIED];
  if (lastText === undefined && live.body.metadata?.deletionTimestamp === undefined)
    yield* errOut(
      `Warning: resource ${info.resource.plural}/${info.name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`,
    );
  if (live.body.metadata?.deletionTimestamp)
    yield* errOut(`Warning: Detected changes to resource ${info.name} which is currently being deleted.\n`);
  const { status: _status, ...wanted } = modified;
  const patch = threeWayPatch(lastApplied(live.body), wanted, live.body);
  if (Object.keys(patch).length === 0) {
    yield* report(call, info, live.body, 'unchanged');
    return undefined;
  }
  if (flagOf(call, 'dry-run') === 'client') {
    yield* report(call, info, modified, 'configured');
    return undefined;
  }
  const patched = yield* send(call, {
    verb: 'patch',
    patchType: 'strategic',
    ...where,
    name: info.name,
    body: patch,
    raw: info.raw,
    query: writeQuery(call),
  });
  if (!patched.ok && isSet(call, 'force') && ['Invalid', 'Conflict'].includes(patched.status?.reason))
    return yield* recreate(call, info, modified);
  if (!patched.ok) {
    return serverFailure(
      patched.status,
      `error when applying patch:\n${goJson(patch)}\nto:\n${infoText(info)}\nfor: "${info.source}": error when patching "${info.source}": `,
    );
  }
  yield* report(call, info, patched.body, 'configured');
  return undefined;
}

/** apply --force: what cannot be patched is deleted and made again. Counterpart: Patcher.deleteAndCreate, kubectl/pkg/cmd/apply/patcher.go */
function* recreate(call: Call, info: Info, modified: Json): Program<Failure | undefined> {
  const where = about(info.resource, info.namespace);
  yield* send(call, { verb: 'delete', ...where, name: info.name, query: { gracePeriodSeconds: flagOf(call, 'grace-period') ?? '0' } });
  while (call.port.request({ verb: 'get', ...where, name: info.name }).code < 400) yield* call.port.waitForChange(1_000_000_000n);
  const created = yield* send(call, { verb: 'create', ...where, body: modified, raw: info.raw, query: writeQuery(call) });
  if (!created.ok) return serverFailure(created.status, `error when creating "${info.source}": `);
  yield* report(call, info, created.body, 'configured');
  return undefined;
}

/** The object as it would be after apply, from a dry run of the server. */
export function* mergedObject(call: Call, info: Info, live: Json | undefined): Program<Answer> {
  const where = about(info.resource, info.namespace);
  const query = { ...writeQuery(call), dryRun: 'All' };
  const modified = annotated(info);
  if (live === undefined) return yield* send(call, { verb: 'create', ...where, body: modified, raw: info.raw, query });
  const { status: _status, ...wanted } = modified;
  const body = threeWayPatch(lastApplied(live), wanted, live);
  if (Object.keys(body).length === 0) return { ok: true, body: live };
  return yield* send(call, { verb: 'patch', patchType: 'strategic', ...where, name: info.name, body, raw: info.raw, query });
}

/** What the last apply said; undefined when the object was not applied. */
function lastApplied(live: Json): Json {
  try {
    return JSON.parse(live.metadata?.annotations?.[LAST_APPLIED] ?? '');
  } catch {
    return undefined;
  }
}

function* createOne(call: Call, info: Info): Program<Failure | undefined> {
  const object = isSet(call, 'save-config')
    ? annotated(info)
    : { ...info.object, metadata: { ...info.object.metadata, ...(info.resource.namespaced ? { namespace: info.namespace } : {}) } };
  if (flagOf(call, 'dry-run') === 'client') {
    yield* report(call, info, object, 'created');
    return undefined;
  }
  const created = yield* send(call, {
    verb: 'create',
    ...about(info.resource, info.namespace),
    body: object,
    raw: info.raw,
    query: { ...writeQuery(call), fieldManager: 'kubectl-create' },
  });
  if (!created.ok) return serverFailure(created.status, `error when creating "${info.source}": `);
  yield* report(call, info, created.body, 'created');
  return undefined;
}

function* replaceOne(call: Call, info: Info): Program<Failure | undefined> {
  const where = about(info.resource, info.namespace);
  if (isSet(call, 'force')) {
    const gone = yield* send(call, {
      verb: 'delete',
      ...where,
      name: info.name,
      query: { gracePeriodSeconds: flagOf(call, 'grace-period') ?? '0' },
    });
    if (gone.ok)
      yield* out(
        `${info.resource.singular} "${info.name}" deleted${info.resource.namespaced ? ` from ${info.namespace} namespace` : ''}\n`,
      );
    for (;;) {
      const left = yield* send(call, { verb: 'get', ...where, name: info.name });
      if (!left.ok) break;
      yield* call.port.waitForChange(1_000_000_000n);
    }
  }
  const done = yield* send(call, {
    verb: isSet(call, 'force') ? 'create' : 'update',
    ...where,
    ...(isSet(call, 'force') ? {} : { name: info.name }),
    body: info.object,
    raw: info.raw,
    query: writeQuery(call),
  });
  if (!done.ok) return serverFailure(done.status, `error when replacing "${info.source}": `);
  yield* report(call, info, done.body, 'replaced');
  return undefined;
}

/** Flags of apply that exclude each other. Counterpart: ApplyOptions.Validate, kubectl/pkg/cmd/apply/apply.go */
function contradiction(call: Call): string | undefined {
  const serverSide = isSet(call, 'server-side');
  const dry = flagOf(call, 'dry-run');
  if (isSet(call, 'force-conflicts') && !serverSide) return '--force-conflicts only works with --server-side';
  if (dry === 'client' && serverSide) return "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
  if (serverSide && isSet(call, 'force')) return '--force cannot be used with --server-side';
  return dry === 'server' && isSet(call, 'force') ? '--dry-run=server cannot be used with --force' : undefined;
}

/** apply, create and replace with -f. Counterpart: kubectl/pkg/cmd/{apply,create,replace}, v1.36 */
export function* writeManifests(call: Call, verb: 'apply' | 'create' | 'replace'): Program<number> {
  const names = filesOf(call);
  if (verb === 'apply' && call.parsed.args.length > 0) return yield* usage(call, `Unexpected args: [${call.parsed.args.join(' ')}]`);
  if (names.length === 0) return yield* fail('must specify one of -f and -k');
  if (verb === 'apply' && isSet(call, 'prune') && flagOf(call, 'selector') === undefined && !isSet(call, 'all'))
    return yield* fail(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    );
  if (verb === 'apply' && isSet(call, 'prune')) return yield* fail('the flag --prune of "kubectl apply" is not simulated here');
  const wrong = verb === 'apply' ? contradiction(call) : undefined;
  if (wrong !== undefined) return yield* fail(wrong);
  const loaded = yield* loadManifests(call, names);
  if (loaded.infos.length === 0 && loaded.errors.length === 0) return yield* fail(`no objects passed to ${verb}`);
  const failures: Failure[] = loaded.errors.map(clientFailure);
  for (const info of loaded.infos) {
    const failure =
      verb === 'apply' ? yield* applyOne(call, info) : verb === 'create' ? yield* createOne(call, info) : yield* replaceOne(call, info);
    if (failure) failures.push(failure);
  }
  return yield* finish(failures);
}
