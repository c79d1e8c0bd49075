import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { type CsiVolume, fsGroupDecision, lifecycleProblem } from './csi.ts';

const driver = (spec: object): KubeObject => ({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: 'd' }, spec });
const volume = (more: Partial<CsiVolume>): CsiVolume => ({
  driver: 'd',
  handle: 'h',
  name: 'v',
  fsType: 'ext4',
  accessModes: ['ReadWriteOnce'],
  readOnly: false,
  mode: 'Persistent',
  ...more,
});

// Source: reference/pipeline.md §10, pkg/volume/csi/csi_mounter.go v1.36.2 (supportsFSGroup, SetUpAt). No recording has a CSI driver.
test('fsGroup of a CSI volume: delegated, walked, or not touched', () => {
  const file = driver({ fsGroupPolicy: 'File' });
  const none = driver({ fsGroupPolicy: 'None' });
  const rwo = driver({ fsGroupPolicy: 'ReadWriteOnceWithFSType' });
  const table: readonly (readonly [KubeObject | undefined, boolean, Partial<CsiVolume>, string])[] = [
    [undefined, false, {}, 'walk'],
    [undefined, false, { fsType: '' }, 'no fsType'],
    [undefined, false, { accessModes: ['ReadWriteMany'] }, 'not ReadWriteOnce'],
    [rwo, false, {}, 'walk'],
    [rwo, false, { accessModes: ['ReadWriteMany', 'ReadWriteOnce'] }, 'walk'],
    [rwo, false, { accessModes: ['ReadWriteOncePod'] }, 'walk'],
    [rwo, false, { accessModes: ['ReadOnlyMany'] }, 'not ReadWriteOnce'],
    [rwo, false, { accessModes: [] }, 'not ReadWriteOnce'],
    [rwo, false, { accessModes: null }, 'walk'],
    [rwo, false, { accessModes: null, fsType: '' }, 'no fsType'],
    [rwo, false, { readOnly: true }, 'read-only'],
    [file, false, { fsType: '', accessModes: ['ReadWriteMany'] }, 'walk'],
    [file, false, { readOnly: true }, 'read-only'],
    [none, false, {}, 'policy None'],
    [none, true, {}, 'delegated'],
    [file, true, { readOnly: true }, 'delegated'],
  ];
  expect(table.map(([object, volumeMountGroup, more]) => fsGroupDecision(object, { volumeMountGroup }, volume(more)))).toEqual(
    table.map(([, , , expected]) => expected),
  );
});

// Source: csi_mounter.go v1.36.2 (supportsVolumeLifecycleMode).
test('the life cycle a driver does not serve is named', () => {
  const inline = volume({ mode: 'Ephemeral' });
  expect([
    lifecycleProblem(undefined, volume({})),
    lifecycleProblem(undefined, inline),
    lifecycleProblem(driver({ volumeLifecycleModes: ['Persistent'] }), inline),
    lifecycleProblem(driver({ volumeLifecycleModes: ['Persistent', 'Ephemeral'] }), inline),
    lifecycleProblem(driver({ volumeLifecycleModes: ['Ephemeral'] }), volume({})),
  ]).toEqual([
    undefined,
    'volume mode "Ephemeral" not supported by driver d (no CSIDriver object)',
    'volume mode "Ephemeral" not supported by driver d (only supports ["Persistent"])',
    undefined,
    'volume mode "Persistent" not supported by driver d (only supports ["Ephemeral"])',
  ]);
});
