// The small commands: version, cluster-info, api-resources, api-versions, options, set image, and the ones that are not simulated.

import type { Program } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { renderJson } from '#yaml/json.ts';
import { serverFailure } from './failures.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { SERVER } from './kubeconfig.ts';
import { dryRunTail, writeQuery } from './objects.ts';
import { apiVersionOf, shownPlural } from './resources.ts';
import { type Answer, about, type Call, errOut, fail, flagOf, flagsOf, getNamed, isSet, type Json, out, send } from './session.ts';
import { renderTable } from './table.ts';
import { parseTargets } from './targets.ts';

const VERSIONS = {
  clientVersion: { compiler: 'gc', gitVersion: 'v1.36.4', major: '1', minor: '36', platform: 'linux/amd64' },
  kustomizeVersion: 'v5.8.1',
  serverVersion: {
    compiler: 'gc',
    emulationMajor: '1',
    emulationMinor: '36',
    gitVersion: 'v1.36.2',
    major: '1',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '35',
    minor: '36',
    platform: 'linux/amd64',
  },
};

/** Deviates: -o yaml and json leave out what only a build has: commit, date, Go version */
export function* version(call: Call): Program<number> {
  const output = flagOf(call, 'output');
  const { serverVersion, ...client } = VERSIONS;
  const shown = isSet(call, 'client') ? client : { ...client, serverVersion };
  if (output === 'yaml' || output === 'json') yield* out(output === 'yaml' ? renderYaml(shown) : renderJson(shown));
  else if (output) return yield* fail(`--output must be 'yaml' or 'json'`);
  else yield* out(`Client Version: v1.36.4\nKustomize Version: v5.8.1\n${isSet(call, 'client') ? '' : 'Server Version: v1.36.2\n'}`);
  return 0;
}

export function* clusterInfo(_call: Call): Program<number> {
  yield* out(
    `Kubernetes control plane is running at ${SERVER}\n\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
  );
  return 0;
}

/** Counterpart: kubectl/pkg/cmd/apiresources, v1.36 */
export function* apiResources(call: Call): Program<number> {
  const output = flagOf(call, 'output') ?? '';
  const group = flagOf(call, 'api-group');
  const verbs = flagsOf(call, 'verbs').flatMap((v) => v.split(','));
  const categories = flagsOf(call, 'categories').flatMap((v) => v.split(','));
  const shown = call.port
    .resources()
    .filter((r) => flagOf(call, 'namespaced') === undefined || r.namespaced === isSet(call, 'namespaced'))
    .filter(
      (r) =>
        (group === undefined || r.group === group) &&
        verbs.every((v) => r.verbs.includes(v)) &&
        categories.every((c) => r.categories.includes(c)),
    );
  if (output === 'name') {
    yield* out(shown.map((r) => `${shownPlural(r)}\n`).join(''));
    return 0;
  }
  if (output !== '' && output !== 'wide') return yield* fail(`--output ${output} is not available`);
  const wide = output === 'wide';
  const rows = shown.map((r) => [
    r.plural,
    r.shortNames.join(','),
    apiVersionOf(r),
    String(r.namespaced),
    r.kind,
    ...(wide ? [r.verbs.join(','), r.categories.join(',')] : []),
  ]);
  const head = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
  yield* out(renderTable([...(isSet(call, 'no-headers') ? [] : [head]), ...rows]));
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
  const live = yield* getNamed(call, { ...about(resource, call.namespace), name });
  if (!live.ok) {
    yield* errOut(serverFailure(live.status, '').alone);
    return 1;
  }
  const spec = resource.kind === 'Pod' ? live.body.spec : live.body.spec.template.spec;
  const missing = containers.find((c) => ![...spec.containers, ...(spec.initContainers ?? [])].some((own: Json) => own.name === c.name));
  if (missing) return yield* fail(`unable to find container named "${missing.name}"`);
  const body = resource.kind === 'Pod' ? { spec: { containers } } : { spec: { template: { spec: { containers } } } };
  const query = writeQuery(call, 'kubectl-set');
  const patched: Answer =
    flagOf(call, 'dry-run') === 'client'
      ? live
      : yield* send(call, { verb: 'patch', patchType: 'strategic', ...about(resource, call.namespace), name, body, query });
  if (!patched.ok) {
    yield* errOut(serverFailure(patched.status, '').alone);
    return 1;
  }
  yield* out(`${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name} image updated${dryRunTail(call)}\n`);
  return 0;
}

/** Counterpart: kubectl/pkg/cmd/apiresources apiversions.go */
export function* apiVersions(call: Call): Program<number> {
  const versions = [...new Set(call.port.resources().map(apiVersionOf))].sort();
  yield* out(versions.map((v) => `${v}\n`).join(''));
  return 0;
}

/** The global flags, without their explanations. Deviates: the real command explains each */
export function* options(): Program<number> {
  yield* out(
    `The following options can be passed to any command:\n\n${GLOBAL_FLAGS.filter((f) => !f.refused)
      .map((f) => `    ${f.short ? `-${f.short}, ` : ''}--${f.name}\n`)
      .join('')}`,
  );
  return 0;
}

/** Commands that the simulated cluster cannot serve. */
export function* notSimulated(call: Call): Program<number> {
  return yield* fail(`"kubectl ${call.command}" is not simulated here`);
}
