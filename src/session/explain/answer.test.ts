// The sentence above an explanation is made of the recorded checks alone.

import { expect, test } from 'vitest';
import { openPlayground } from '../open.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 }
  volumes: [{ name: v, emptyDir: {} }]
  containers:
  - { name: c, image: "busybox:1.28", command: [sleep, 1h], volumeMounts: [{ name: v, mountPath: /data }], securityContext: { capabilities: { drop: [CHOWN] } } }
`;

function answers(commands: readonly string[], language: 'en' | 'ja'): readonly (string | undefined)[] {
  const playground = openPlayground({ files: { 'pod.yaml': POD } });
  playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 5');
  return commands.map((command) => {
    playground.step(`kubectl exec demo -- sh -c '${command}'`);
    return playground.explainLastDenial(language)?.answer;
  });
}

const REFUSED = [
  'touch /x',
  'cd /data; > f; chmod 070 f; cat f',
  'cd /data; > g; chown 0 g',
  'chmod 777 /etc',
  'mount -t tmpfs t /data',
  'echo > /proc/sys/kernel/msgmax',
];

test('file modes name the class that counted; capabilities say in which set they are missing', () => {
  expect(answers(REFUSED, 'en')).toEqual([
    'Uid 1000 (gid 3000) is neither the owner (0) of / nor in its group 0, so only the bits for others of mode 0755 count, and they lack w. CAP_DAC_OVERRIDE, which is not effective, though the bounding set has it, would have outweighed that.',
    'Uid 1000 owns /data/f (mode 0070), so only the owner’s bits count, and they lack r. CAP_DAC_READ_SEARCH, which not even the bounding set has, would have outweighed that. CAP_DAC_OVERRIDE, which is not effective, though the bounding set has it, would have outweighed that.',
    'Giving a file to another owner is privileged, even for its own owner. CAP_CHOWN, which not even the bounding set has, would have outweighed that.',
    'Uid 1000 does not own /etc (uid 0 does). CAP_FOWNER, which is not effective, though the bounding set has it, would have outweighed that.',
    'It takes CAP_SYS_ADMIN, which not even the bounding set has.',
    'The mount at /proc/sys is read-only; no capability outweighs that.',
  ]);
});

test('the same in Japanese', () => {
  expect(answers(REFUSED.slice(0, 3), 'ja')).toEqual([
    'UID 1000 (GID 3000) は / の所有者 (0) でもグループ 0 の一員でもないので、モード 0755 のその他ビットだけが見られ、w がない。CAP_DAC_OVERRIDE があれば許されたが、effective にない (バウンディングセットにはある)。',
    'UID 1000 は /data/f (モード 0070) の所有者なので所有者ビットだけが見られ、r がない。CAP_DAC_READ_SEARCH があれば許されたが、バウンディングセットにもない。CAP_DAC_OVERRIDE があれば許されたが、effective にない (バウンディングセットにはある)。',
    '所有者を変えるのは特権操作で、ファイルの所有者にも許されない。CAP_CHOWN があれば許されたが、バウンディングセットにもない。',
  ]);
});
