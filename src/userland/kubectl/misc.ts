// The small commands: version, cluster-info, api-resources, api-versions, options, set image, and the ones that are not simulated.

import type { Program } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { renderJson } from '#yaml/json.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { SERVER } from './kubeconfig.ts';
import { apiVersionOf, shownPlural } from './resources.ts';
import { type Call, fail, flagOf, flagsOf, isSet, out } from './session.ts';
import { renderTable } from './table.ts';

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
