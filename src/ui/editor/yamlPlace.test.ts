import { expect, it } from 'vitest';
import { MANIFEST_1 } from '#content/manifests.ts';
import { placeOf } from './yamlPlace.ts';

it('knows the place of every line of lesson 1', () => {
  const lines = MANIFEST_1.trimEnd().split('\n');
  expect(lines.map((_, index) => `${placeOf(lines, index).key} in ${placeOf(lines, index).group}`)).toEqual([
    'apiVersion in pod',
    'kind in pod',
    'metadata in pod',
    'name in metadata',
    'spec in pod',
    'securityContext in spec',
    'runAsUser in podSecurityContext',
    'runAsGroup in podSecurityContext',
    'fsGroup in podSecurityContext',
    'supplementalGroups in podSecurityContext',
    'volumes in spec',
    'name in null',
    'emptyDir in null',
    'containers in spec',
    'name in container',
    'image in container',
    'command in container',
    'volumeMounts in container',
    'name in null',
    'mountPath in null',
    'securityContext in container',
    'allowPrivilegeEscalation in containerSecurityContext',
  ]);
});

it('knows the place of a line still empty', () => {
  expect(placeOf([...MANIFEST_1.trimEnd().split('\n'), '      '], 22)).toEqual({ group: 'containerSecurityContext', key: null });
});
