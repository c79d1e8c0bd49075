// Every kind of refusal has a sentence of its own, with all operands it speaks of.

import { expect, test } from 'vitest';
import { openPlayground } from '../open.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  volumes: [{ name: small, emptyDir: { medium: Memory, sizeLimit: 64Ki } }]
  containers:
  - { name: c, image: "debian:12", command: [sleep, 1h], volumeMounts: [{ name: small, mountPath: /small }] }
`;

test('refusals that neither a mode nor a capability decides', () => {
  const playground = openPlayground({ files: { 'pod.yaml': POD } });
  playground.step('kubectl apply -f pod.yaml; sleep 5');
  const answers = [
    'head -c 100000 /dev/zero > /small/x',
    'rm /proc/1/status',
    'setfattr -n user.a -v b /dev/null',
    'mknod /b b 8 0; cat /b',
    'unshare -Ur sh -c "echo 0 0 1 >/proc/self/uid_map"',
    '/etc',
    'ulimit -n 3; : < /etc/passwd',
  ].map((command) => {
    playground.step(`kubectl exec demo -- sh -c '${command}'`);
    return playground.explainLastDenial('en')?.answer;
  });
  expect(answers).toEqual([
    'The file system is full: 65536 of 65536 bytes are used and 34464 more were asked for.',
    'A proc file system is computed by the kernel: names and owners in it cannot be changed.',
    'Attributes user.* can only be set on regular files and directories.',
    'The container’s cgroup allows only a few devices, and this is not one of them; mode bits and capabilities do not matter.',
    'The map of this namespace has been written already.',
    'It is not a regular file, and only such can be executed.',
    'The process has as many files open as RLIMIT_NOFILE allows (3).',
  ]);
});
