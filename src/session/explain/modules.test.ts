// Refusals of seccomp, AppArmor and SELinux name the rule, what would have helped, and the line of the manifest.

import { expect, test } from 'vitest';
import { openPlayground } from '../open.ts';
import { explain } from './index.ts';

function lastRefusal(node: object, context: string, command: string): string[] {
  const manifest = `apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  securityContext: ${context}
  volumes: [{ name: h, hostPath: { path: /srv } }]
  containers: [{ name: c, image: "busybox:1.28", command: [sleep, 1h], volumeMounts: [{ name: h, mountPath: /h }] }]
`;
  const playground = openPlayground({ files: { 'pod.yaml': manifest }, node } as Parameters<typeof openPlayground>[0]);
  playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 5');
  playground.step(`kubectl exec demo -- ${command}`);
  const record = playground.world.machine.records.at(-1);
  const explanation = explain(playground.world, { kind: 'denial', record: record?.id ?? -1 }, 'en');
  return (explanation?.causes ?? []).map(({ title, detail }) => `${title} | ${detail}`);
}

test('seccomp: the call no rule names', () => {
  const causes = lastRefusal({}, '{ seccompProfile: { type: RuntimeDefault } }', 'unshare -U true');
  expect(causes.find((one) => one.startsWith('What would'))).toBe(
    'What would have helped | A filter that allows unshare: no rule of this one names it',
  );
  expect(causes.at(-1)).toBe('Manifest | manifest line 5: spec.securityContext.seccompProfile.type');
});

test('AppArmor: the deny rule and its line, or the rule that is missing', () => {
  const refused = (text: string): string[] =>
    lastRefusal(
      { appArmor: { enabled: true, profiles: { w: text } } },
      '{ appArmorProfile: { type: Localhost, localhostProfile: w } }',
      'touch /tmp/x',
    );
  expect(refused('profile w {\n  file,\n  deny /tmp/** w,\n}\n').filter((one) => /^(What|Manifest)/.test(one))).toEqual([
    'What would have helped | Profile w without its rule “deny /tmp/** w,” (line 3): deny outweighs every allow rule',
    'Manifest | manifest line 5: spec.securityContext.appArmorProfile.type',
  ]);
  expect(refused('profile w {\n  /** rmix,\n}\n').find((one) => one.startsWith('What'))).toBe(
    'What would have helped | A rule “/tmp/x w,” in profile w: what no rule allows is refused',
  );
});

test('SELinux: the type of the object', () => {
  const causes = lastRefusal({ seLinux: { enabled: true } }, '{ seLinuxOptions: { level: "s0:c5,c6" } }', 'ls /h');
  expect(causes.filter((one) => /^(The SELinux|What|Manifest)/.test(one))).toEqual([
    'The SELinux policy allows the domain this access to objects of this type: refused | scontext system_u:system_r:container_t:s0:c5,c6, tcontext system_u:object_r:var_t:s0, class dir, denied read, name srv',
    'What would have helped | Objects of type container_file_t instead of system_u:object_r:var_t:s0 (a volume that is relabelled), or a process of type spc_t',
    'Manifest | manifest line 5: spec.securityContext.seLinuxOptions.level',
  ]);
});
