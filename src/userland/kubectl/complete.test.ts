import { expect, test } from 'vitest';
import type { ApiResource, RestRequest } from '#base/rest.ts';
import { completeKubectl } from './complete.ts';

const pods: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  namespaced: true,
  categories: [],
  verbs: ['list'],
};
const pod = { metadata: { name: 'demo' }, spec: { containers: [{ name: 'app' }] } };
const cluster = {
  resources: () => [pods],
  request: ({ verb, namespace }: RestRequest) => ({
    code: 200,
    body: verb === 'get' ? pod : { items: namespace === 'default' ? [pod] : [] },
    warnings: [],
  }),
};
const at = (line: string): readonly string[] | undefined => {
  const words = line.split(' ');
  return completeKubectl(cluster, words.slice(0, -1), words.at(-1) as string);
};

test('commands, types, names, containers and flag values are completed from the cluster', () => {
  expect([
    at('des'),
    at('get p'),
    at('get pods d'),
    at('get pods -n other d'),
    at('get pod/d'),
    at('logs d'),
    at('exec demo -c a'),
    at('exec demo -- l'),
    at('get pods -o y'),
    at('delete pod demo --gr'),
    at('apply -f p'),
    at('rollout re'),
  ]).toEqual([
    ['describe'],
    ['pods'],
    ['demo'],
    [],
    ['pod/demo'],
    ['demo'],
    ['app'],
    undefined,
    ['yaml'],
    ['--grace-period='],
    undefined,
    ['restart', 'resume'],
  ]);
});
