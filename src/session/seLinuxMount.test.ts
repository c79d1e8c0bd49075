// Why shows for a mount how its volume got the label and how many inodes were touched for it.

import { expect, test } from 'vitest';
import { explain } from './explain/index.ts';
import { openPlayground } from './open.ts';

const pod = (name: string, more: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec:
  securityContext: { seLinuxOptions: { level: "s0:c1,c2" }${more} }
  containers:
  - name: c
    image: busybox:1.28
    command: [sleep, 1h]
    volumeMounts: [{ name: v, mountPath: /v }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: ${name} } }]
`;

test('a volume mounted with a context has no relabelled inode; relabelled recursively, it has one for each of its files and directories', () => {
  const claim = {
    accessModes: ['ReadWriteOncePod'],
    csi: { seLinuxMount: true },
    files: [
      { path: 'd', type: 'dir' as const },
      { path: 'd/a', content: 'x' },
      { path: 'b', content: 'x' },
    ],
  };
  const playground = openPlayground({
    files: { 'pods.yaml': `${pod('option', '')}---\n${pod('walk', ', seLinuxChangePolicy: Recursive')}` },
    node: { seLinux: { enabled: true } },
    claims: { option: claim, walk: claim },
  });
  playground.step('kubectl apply -f pods.yaml; sleep 5');
  const { world } = playground;
  const causes = (name: string): readonly string[] => {
    const status = world.api.get('Pod', 'default', name)?.status as { containerStatuses?: { containerID: string }[] } | undefined;
    const spec = world.runtime.Spec((status?.containerStatuses?.[0]?.containerID ?? '').replace(/^.*\/\//, ''));
    const at = spec?.value.mounts.findIndex(({ destination }) => destination === '/v');
    const about = { kind: 'pointer', artefact: 'oci', pod: name, container: 'c', pointer: `/mounts/${at}` } as const;
    return explain(world, about, 'en')?.causes.map(({ title, detail }) => `${title} | ${detail}`) ?? [];
  };
  expect(causes('option')).toEqual([
    'containerd: relabel | the container’s SELinux label for the files of the volume, where the mount does not carry it; relabelled: 0',
    'kubelet: seLinuxMount | the whole volume is mounted with the label (-o context), no file is touched; context: system_u:object_r:container_file_t:s0:c1,c2',
    'kubelet: volumeMount | the volume that volumeMounts names, mounted where it says',
    'Manifest | manifest line 10: spec.containers[0].volumeMounts[0]',
    'Manifest | manifest line 11: spec.volumes[0]',
    'Manifest | manifest line 5: spec.securityContext.seLinuxOptions.level',
  ]);
  expect(causes('walk')).toEqual([
    // The top of the volume, d, d/a and b.
    'containerd: relabel | the container’s SELinux label for the files of the volume, where the mount does not carry it; relabelled: 4',
    'kubelet: seLinuxRelabel | the label is written to every file of the volume; because: seLinuxChangePolicy is Recursive',
    'kubelet: volumeMount | the volume that volumeMounts names, mounted where it says',
    'Manifest | manifest line 22: spec.containers[0].volumeMounts[0]',
    'Manifest | manifest line 23: spec.volumes[0]',
    'Manifest | manifest line 17: spec.securityContext.seLinuxChangePolicy',
  ]);
});
