// Explanations of the tutorial's first and third Pods: the chains end at the lines that decided.

import { expect, test } from 'vitest';
import { openPlayground } from '../open.ts';
import type { Playground } from '../playground.ts';
import { explain } from './index.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: demo
spec:
  securityContext:
    runAsUser: 1000
    runAsGroup: 3000
    fsGroup: 2000
    supplementalGroups: [4000]
  volumes:
  - name: vol
    emptyDir: {}
  containers:
  - name: c
    image: busybox:1.28
    command: ["sh", "-c", "sleep 1h"]
    volumeMounts:
    - name: vol
      mountPath: /data
`;

function running(manifest: string): { readonly playground: Playground; readonly task: number } {
  const playground = openPlayground({ files: { 'pod.yaml': manifest } });
  playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 5');
  const { world } = playground;
  const status = world.api.get('Pod', 'default', 'demo')?.status as { containerStatuses: { containerID: string }[] };
  const runtime = world.runtime.ContainerStatus((status.containerStatuses[0]?.containerID ?? '').replace(/^.*\/\//, ''));
  return { playground, task: runtime.ok ? (runtime.value.taskId as number) : -1 };
}

const lines = (playground: Playground, task: number, field: string, value?: string, language: 'en' | 'ja' = 'en'): string[] => {
  const about = { kind: 'credential', task, field, ...(value === undefined ? {} : { value }) } as const;
  const explanation = explain(playground.world, about, language);
  return (explanation?.causes ?? []).map((cause) => `${cause.title} | ${cause.detail}${cause.range ? ` @${cause.range.line}` : ''}`);
};

test('uid 1000: runc called setresuid with what config.json says, which is line 7', () => {
  const { playground, task } = running(POD);
  expect(lines(playground, task, 'uid')).toEqual([
    'setresuid() changed the user ids | runc:[2:INIT]: ruid 0 → 1000, euid 0 → 1000, suid 0 → 1000, fsuid 0 → 1000',
    'config.json of container c | /process/user/uid = 1000',
    'Manifest | manifest line 7: spec.securityContext.runAsUser @7',
  ]);
});

test('group 2000 comes from fsGroup alone, in either language', () => {
  const { playground, task } = running(POD);
  expect(lines(playground, task, 'groups', '2000', 'ja').at(-1)).toBe(
    'マニフェスト | マニフェスト 9 行目: spec.securityContext.fsGroup @9',
  );
});

test('a capability of the bounding set that uid 1000 does not get: the step of execve, then the line with the uid', () => {
  const { playground, task } = running(POD);
  const chain = lines(playground, task, 'CapEff', 'CAP_NET_RAW');
  expect(chain[0]).toMatch(/^execve: P′\(permitted\).*effective 00000000a80425fb → none/);
  expect(chain.at(-1)).toBe('Manifest | manifest line 7: spec.securityContext.runAsUser @7');
});

test('a refusal lists the checks in order, what would have helped, and the lines behind the ids', () => {
  const { playground } = running(POD);
  expect(playground.step('kubectl exec demo -- touch /x').stderr).toContain('touch: /x: Permission denied');
  const explanation = playground.explainLastDenial();
  expect(explanation?.title).toMatch(/^touch\[\d+\]: openat\(AT_FDCWD, "\/x".*= EACCES \(Permission denied\)$/);
  expect(explanation?.causes.map((cause) => cause.title)).toEqual([
    'Owner bits of the file mode: did not apply',
    'Group bits of the file mode: did not apply',
    'Other bits of the file mode: refused',
    'CAP_DAC_READ_SEARCH in the effective set: did not apply',
    'CAP_DAC_OVERRIDE in the effective set: refused',
    'What would have helped',
    'What would have helped',
    'config.json of container c',
    'Manifest',
    'config.json of container c',
    'containerd: additionalGids',
    'Manifest',
    'Manifest',
    'Manifest',
    'config.json of container c',
    'containerd: capabilities',
    'Default',
  ]);
});

test('without the cause another one answers: no runAsUser, and uid 0 is the image’s', () => {
  const { playground, task } = running(POD.replace('    runAsUser: 1000\n    runAsGroup: 3000\n', ''));
  expect(lines(playground, task, 'uid').join('\n')).not.toContain('runAsUser');
});
