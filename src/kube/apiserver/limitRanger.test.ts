import { expect, test } from 'vitest';
import { Defaulter } from './defaults.ts';
import { applyLimitDefaults, outsideLimits } from './limitRanger.ts';

const range = (...limits: object[]): never =>
  ({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l', namespace: 'default' }, spec: { limits } }) as never;
const pod = (...resources: object[]): never =>
  ({ metadata: { name: 'p' }, spec: { containers: resources.map((one, i) => ({ name: `c${i}`, resources: one })) } }) as never;

test('containers get the defaults they do not name, and the Pod says which', () => {
  const given = pod({ limits: { cpu: '1' } }, {}) as { metadata: { annotations?: object }; spec: { containers: { resources: object }[] } };
  const defaulter = new Defaulter();
  const limit = { type: 'Container', default: { memory: '1Gi', cpu: '2' }, defaultRequest: { cpu: '1' } };
  applyLimitDefaults(given, [range(limit, { type: 'Pod', default: { pods: '1' } })], defaulter);
  expect(given.spec.containers.map(({ resources }) => resources)).toEqual([
    { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1' } },
    { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '1' } },
  ]);
  expect(given.metadata.annotations).toEqual({
    'kubernetes.io/limit-ranger':
      'LimitRanger plugin set: cpu request for container c0; memory limit for container c0; cpu request for container c1; cpu, memory limit for container c1',
  });
  expect(defaulter.origins['/spec/containers/0/resources/limits/memory']).toEqual({ kind: 'default', rule: 'admission.limitRanger' });
});

test.each([
  [
    { type: 'Container', max: { cpu: '800m' } },
    [{ limits: { cpu: '1500m' } }],
    'maximum cpu usage per Container is 800m, but limit is 1500m',
  ],
  [{ type: 'Container', max: { cpu: '800m' } }, [{}], 'maximum cpu usage per Container is 800m. No limit is specified'],
  [
    { type: 'Container', min: { cpu: '200m' } },
    [{ requests: { cpu: '100m' } }],
    'minimum cpu usage per Container is 200m, but request is 100m',
  ],
  [{ type: 'Container', min: { cpu: '200m' } }, [{ requests: { cpu: '0.2' } }], undefined],
  [
    { type: 'Pod', max: { memory: '1Gi' } },
    [{ limits: { memory: '600Mi' } }, { limits: { memory: '600Mi' } }],
    'maximum memory usage per Pod is 1Gi, but limit is 1200Mi',
  ],
  [
    { type: 'Pod', max: { memory: '1Gi' } },
    [{ limits: { memory: '1Mi' } }, {}],
    'maximum memory usage per Pod is 1Gi. No limit is specified',
  ],
  [
    { type: 'Container', maxLimitRequestRatio: { cpu: '2' } },
    [{ requests: { cpu: '1' }, limits: { cpu: '3' } }],
    'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
  ],
  [
    { type: 'Container', min: { cpu: '1' }, max: { memory: '1Mi' } },
    [{ requests: { cpu: '1m' }, limits: { memory: '2Mi' } }],
    '[minimum cpu usage per Container is 1, but request is 1m, maximum memory usage per Container is 1Mi, but limit is 2Mi]',
  ],
])('%j with containers %j: %s', (limit, containers, message) => {
  expect(outsideLimits(pod(...containers), [range(limit)])).toBe(message);
});
