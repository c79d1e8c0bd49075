import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { type SeLinuxVolume, seLinuxDecision } from './seLinuxMount.ts';

type Options = Readonly<Record<string, string>>;
const L1: Options = { level: 's0:c1,c2' };
const L2: Options = { level: 's0:c3,c4' };

/** A pod with a container for each of the given options, which mount `v`, and one that does not and has a level of its own. */
const pod = (own: Options | undefined, containers: readonly (Options | undefined)[], more: object = {}, init?: Options): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    securityContext: { ...(own && { seLinuxOptions: own }), ...more },
    ...(init && { initContainers: [{ name: 'i', securityContext: { seLinuxOptions: init }, volumeMounts: [{ name: 'v' }] }] }),
    containers: [
      ...containers.map((seLinuxOptions) => ({
        ...(seLinuxOptions && { securityContext: { seLinuxOptions } }),
        volumeMounts: [{ name: 'v' }],
      })),
      { name: 'other', securityContext: { seLinuxOptions: { level: 's0:c9,c10' } }, volumeMounts: [{ name: 'w' }] },
    ],
  },
});
const volume = (more: Partial<SeLinuxVolume> = {}): SeLinuxVolume => ({
  name: 'v',
  accessModes: ['ReadWriteOncePod'],
  seLinuxMount: true,
  ...more,
});
const file = (rest: string, user = 'system_u'): string => `${user}:object_r:container_file_t:${rest}`;
const mount = (context: string) => ({ how: 'mount', context });
const relabel = (why: string) => ({ how: 'relabel', why });

// Source: reference/pipeline.md §18; pkg/volume/util/selinux.go (GetMountSELinuxLabel, VolumeSupportsSELinuxMount) and
// util.go (GetPodVolumeNames), Kubernetes 1.36. No recording can have SELinux.
test('a volume is mounted with a context when access mode, driver, labels and policy all allow it, and is relabelled otherwise', () => {
  const table: readonly (readonly [string, KubeObject, SeLinuxVolume, object])[] = [
    ['level of the pod', pod(L1, [undefined]), volume(), mount(file('s0:c1,c2'))],
    ['level of all containers', pod(undefined, [L1, L1]), volume(), mount(file('s0:c1,c2'))],
    [
      'user and level count',
      pod({ user: 'staff_u', role: 'r', type: 'spc_t', level: 's0' }, [undefined]),
      volume(),
      mount(file('s0', 'staff_u')),
    ],
    ['a container without options is not asked', pod(undefined, [undefined, L1]), volume(), mount(file('s0:c1,c2'))],
    ['explicit Recursive', pod(L1, [undefined], { seLinuxChangePolicy: 'Recursive' }), volume(), relabel('seLinuxChangePolicy')],
    ['ReadWriteOnce', pod(L1, [undefined]), volume({ accessModes: ['ReadWriteOnce'] }), relabel('accessModes')],
    [
      'ReadWriteOncePod and another',
      pod(L1, [undefined]),
      volume({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }),
      relabel('accessModes'),
    ],
    ['no PersistentVolume', pod(L1, [undefined]), volume({ accessModes: null }), relabel('accessModes')],
    ['driver without seLinuxMount', pod(L1, [undefined]), volume({ seLinuxMount: false }), relabel('seLinuxMount')],
    ['no options', pod(undefined, [undefined]), volume(), relabel('seLinuxOptions')],
    ['empty options', pod({}, [undefined]), volume(), relabel('seLinuxOptions')],
    ['another volume', pod(undefined, [L1]), volume({ name: 'x' }), relabel('seLinuxOptions')],
    ['two labels', pod(L1, [undefined, L2]), volume(), { how: 'refused', contexts: [file('s0:c1,c2'), file('s0:c3,c4')] }],
    ['init containers count', pod(L1, [undefined], {}, L2), volume(), { how: 'refused', contexts: [file('s0:c3,c4'), file('s0:c1,c2')] }],
    ['two labels, but another access mode', pod(L1, [undefined, L2]), volume({ accessModes: ['ReadWriteMany'] }), relabel('accessModes')],
  ];
  expect(table.map(([name, ...given]) => [name, seLinuxDecision(given[0], given[1], () => 0)])).toEqual(
    table.map(([name, , , expected]) => [name, expected]),
  );
});

test('options without a level get categories drawn by the kubelet', () => {
  const numbers = [7, 7, 5, 1030];
  const draw = (): number => numbers.shift() as number;
  expect(seLinuxDecision(pod({ type: 'container_t' }, [undefined]), volume(), draw)).toEqual(mount(file('s0:c5,c6')));
});
