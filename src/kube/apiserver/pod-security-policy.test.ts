import { expect, test } from 'vitest';
import { exemptWarning, policiesOf } from './pod-security-policy.ts';
import { ApiServer } from './server.ts';

const label = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]));
const of = (level: string, version = 'latest'): object => ({ level, version });

test.each([
  ['no labels and no defaults', {}, {}, of('privileged'), of('privileged')],
  [
    'what is enforced is warned about',
    { enforce: 'baseline', 'enforce-version': 'v1.24' },
    {},
    of('baseline', 'v1.24'),
    of('baseline', 'v1.24'),
  ],
  ['a version for warnings alone counts', { enforce: 'baseline', 'warn-version': 'v1.20' }, {}, of('baseline'), of('baseline', 'v1.20')],
  ['warnings asked for stay', { enforce: 'restricted', warn: 'baseline' }, {}, of('restricted'), of('baseline')],
  ['defaults hold without labels', {}, { enforce: 'baseline', warn: 'restricted' }, of('baseline'), of('restricted')],
  ['a default to enforce raises no warnings', {}, { enforce: 'restricted' }, of('restricted'), of('privileged')],
  ['a label goes before the default', { enforce: 'privileged' }, { enforce: 'restricted' }, of('privileged'), of('privileged')],
  ['a bad level is restricted to enforce, privileged to warn', { enforce: 'x', warn: 'x' }, {}, of('restricted'), of('privileged')],
])('%s', (_, labels, defaults, enforce, warn) => {
  expect(policiesOf(label(labels as Record<string, string>), { defaults })).toMatchObject({ enforce, warn });
});

test.each([
  [{}, {}, undefined],
  [{ enforce: 'privileged' }, {}, undefined],
  [{ enforce: 'baseline' }, { enforce: 'baseline', warn: 'baseline' }, undefined],
  [{ enforce: 'baseline' }, {}, 'enforce=baseline:latest'],
  [
    { enforce: 'baseline', audit: 'restricted', warn: 'restricted', 'warn-version': 'v1.30' },
    {},
    'enforce=baseline:latest, audit=restricted:latest, warn=restricted:v1.30',
  ],
])('an exempt namespace with %j and defaults %j', (labels, defaults, asked) => {
  expect(exemptWarning('n', label(labels as Record<string, string>), { defaults })).toBe(
    asked === undefined ? undefined : `namespace "n" is exempt from Pod Security, and the policy (${asked}) will be ignored`,
  );
});

function server(): ApiServer {
  let state = 1;
  const api = new ApiServer({
    now: () => 0n,
    random: () => (state = (state * 48271) % 2147483647),
    nodeName: 'node-1',
    podSecurity: {
      defaults: { enforce: 'baseline' },
      exemptions: { usernames: ['root-builder'], namespaces: ['infra'], runtimeClasses: ['kata'] },
    },
  });
  for (const name of ['infra', 'team'])
    api.request({ verb: 'create', group: '', version: 'v1', resource: 'namespaces', body: { metadata: { name } } });
  api.request({
    verb: 'create',
    group: 'node.k8s.io',
    version: 'v1',
    resource: 'runtimeclasses',
    body: { metadata: { name: 'kata' }, handler: 'kata' },
  });
  return api;
}

test.each([
  ['team', undefined, undefined, 'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'],
  ['infra', undefined, undefined, undefined],
  ['team', 'root-builder', undefined, undefined],
  ['team', 'someone', undefined, 'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'],
  ['team', undefined, 'kata', undefined],
])('a Pod on the host network in %s by %s with runtime class %s', (namespace, user, runtimeClassName, message) => {
  const answer = server().request({
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace,
    ...(user === undefined ? {} : { user }),
    body: {
      metadata: { name: 'p' },
      spec: { hostNetwork: true, ...(runtimeClassName ? { runtimeClassName } : {}), containers: [{ name: 'c', image: 'busybox' }] },
    },
  });
  expect(answer.code < 400 ? undefined : (answer.body as { message: string }).message).toBe(message);
});

test('a label of an exempt namespace is answered with a warning', () => {
  const answer = server().request({
    verb: 'patch',
    patchType: 'merge',
    group: '',
    version: 'v1',
    resource: 'namespaces',
    name: 'infra',
    body: { metadata: { labels: label({ enforce: 'restricted' }) } },
  });
  expect(answer.warnings).toEqual([
    'namespace "infra" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored',
  ]);
});
