// The small commands: version, config, cluster-info, api-resources, auth, set image, and the ones that are not simulated.

import type { Program } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { serverFailure } from './failures.ts';
import { findPod } from './podTarget.ts';
import { apiVersionOf } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, isSet, type Json, out, send } from './session.ts';
import { renderTable } from './table.ts';
import { parseTargets } from './targets.ts';

const SERVER = 'https://172.18.0.2:6443';
const CONTEXT = 'admin';

export function* version(call: Call): Program<number> {
  yield* out(`Client Version: v1.36.4\nKustomize Version: v5.8.1\n${isSet(call, 'client') ? '' : 'Server Version: v1.36.2\n'}`);
  return 0;
}

export function* config(call: Call): Program<number> {
  const [sub] = call.parsed.args;
  if (sub === 'current-context') yield* out(`${CONTEXT}\n`);
  else if (sub === 'get-contexts')
    yield* out(
      renderTable([
        ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'],
        ['*', CONTEXT, 'kubernetes', 'admin', ''],
      ]),
    );
  else if (sub === 'view')
    yield* out(
      renderYaml({
        apiVersion: 'v1',
        clusters: [{ cluster: { 'certificate-authority-data': 'DATA+OMITTED', server: SERVER }, name: 'kubernetes' }],
        contexts: [{ context: { cluster: 'kubernetes', user: 'admin' }, name: CONTEXT }],
        'current-context': CONTEXT,
        kind: 'Config',
        users: [{ name: 'admin', user: { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }],
      }),
    );
  else return yield* fail(`"kubectl config ${sub ?? ''}" is not simulated here`);
  return 0;
}

export function* clusterInfo(_call: Call): Program<number> {
  yield* out(
    `Kubernetes control plane is running at ${SERVER}\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
  );
  return 0;
}

export function* apiResources(call: Call): Program<number> {
  const rows = call.port
    .resources()
    .filter((r) => flagOf(call, 'namespaced') === undefined || r.namespaced === isSet(call, 'namespaced'))
    .map((r) => [r.plural, r.shortNames.join(','), apiVersionOf(r), String(r.namespaced), r.kind]);
  yield* out(renderTable([...(isSet(call, 'no-headers') ? [] : [['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']]), ...rows]));
  return 0;
}

/** Deviates: the user is the cluster's administrator, so everything is allowed. */
export function* auth(call: Call): Program<number> {
  const [sub] = call.parsed.args;
  if (sub === 'can-i') yield* out('yes\n');
  else if (sub === 'whoami')
    yield* out(
      renderTable([
        ['ATTRIBUTE', 'VALUE'],
        ['Username', 'admin'],
        ['Groups', '[system:masters system:authenticated]'],
      ]),
    );
  else return yield* fail(`"kubectl auth ${sub ?? ''}" is not simulated here`);
  return 0;
}

/** kubectl set image TYPE/NAME C=IMAGE… */
export function* setImage(call: Call): Program<number> {
  const [sub, target, ...changes] = call.parsed.args;
  if (sub !== 'image') return yield* fail(`"kubectl set ${sub ?? ''}" is not simulated here`);
  const parsed = parseTargets(call.port.resources(), [target ?? '']);
  if (!parsed.ok || !parsed.targets[0]?.name)
    return yield* fail(parsed.ok ? 'one or more resources must be specified as <resource> <name> or <resource>/<name>' : parsed.error);
  const { resource, name } = parsed.targets[0];
  const containers = changes.map((c) => ({ name: c.slice(0, c.indexOf('=')), image: c.slice(c.indexOf('=') + 1) }));
  const live = yield* send(call, { verb: 'get', ...about(resource, call.namespace), name });
  if (!live.ok) {
    yield* errOut(serverFailure(live.status, '').alone);
    return 1;
  }
  const spec = resource.kind === 'Pod' ? live.body.spec : live.body.spec.template.spec;
  const missing = containers.find((c) => ![...spec.containers, ...(spec.initContainers ?? [])].some((own: Json) => own.name === c.name));
  if (missing) return yield* fail(`unable to find container named "${missing.name}"`);
  const body = resource.kind === 'Pod' ? { spec: { containers } } : { spec: { template: { spec: { containers } } } };
  const patched = yield* send(call, { verb: 'patch', patchType: 'strategic', ...about(resource, call.namespace), name, body });
  if (!patched.ok) {
    yield* errOut(serverFailure(patched.status, '').alone);
    return 1;
  }
  yield* out(`${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name} image updated\n`);
  return 0;
}

/** Commands that the simulated cluster cannot serve: real errors for a missing pod, then a plain statement. */
export function* notSimulated(call: Call, needsPod: boolean): Program<number> {
  const word = call.parsed.args.find((arg) => arg !== 'pod' && arg !== 'pods');
  if (needsPod && word !== undefined) {
    const pod: Json | number = yield* findPod(call, word);
    if (typeof pod === 'number') return pod;
  }
  return yield* fail(`"kubectl ${call.command}" is not simulated here`);
}
