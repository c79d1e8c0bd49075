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
    'The file system at /small is full: 65536 of 65536 bytes are used and 34464 more were asked for.',
    'A proc file system is computed by the kernel: names and owners in it cannot be changed.',
    'Attributes user.* can only be set on regular files and directories.',
    'The container’s cgroup allows only a few devices, and this is not one of them; mode bits and capabilities do not matter.',
    'The map of this namespace has been written already.',
    '/etc is not a regular file, and only such can be executed.',
    'The process has as many files open as RLIMIT_NOFILE allows (3).',
  ]);
});

test('a signal that the first process of a container does not take is explained, though nothing was refused', () => {
  const playground = openPlayground({ files: { 'pod.yaml': POD } });
  playground.step('kubectl apply -f pod.yaml; sleep 5');
  expect(playground.step('kubectl exec demo -- sh -c "kill -9 1; echo rc=$?"').stdout).toBe('rc=0\n');
  expect(playground.step('why').stdout.replace(/\[\d+\]/, '[N]')).toBe(
    `sh[N]: kill(1, SIGKILL) = 0
The call succeeded and SIGKILL was dropped: process 1 is the first of its pid namespace, and from inside the namespace it takes only signals it has installed a handler for; there is none for KILL and STOP.
  1. The first process of a pid namespace has a handler for the signal: no, so without effect [pid_namespaces(7), The namespace init process]
     pid 1, signal SIGKILL
`,
  );
  playground.step('kubectl exec demo -- sh -c "kill -CONT 1; kill -0 1; kill -TERM 1"');
  expect(playground.explainLastDenial('en')?.title.replace(/\[\d+\]/, '[N]')).toBe('sh[N]: kill(1, SIGTERM) = 0');
});

test('what was looked at is named as the caller sees it: the directory on the way, the mount, ids of its user namespace', () => {
  const pod = `apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  hostUsers: false
  securityContext: { runAsUser: 1000, runAsGroup: 1000 }
  volumes: [{ name: v, emptyDir: {} }]
  containers:
  - { name: c, image: "debian:12", command: [sleep, 1h], volumeMounts: [{ name: v, mountPath: /v, readOnly: true }] }
`;
  const playground = openPlayground({ files: { 'pod.yaml': pod } });
  playground.step('kubectl apply -f pod.yaml; sleep 5');
  const explained = (command: string) => {
    playground.step(`kubectl exec demo -- sh -c '${command}'`);
    const { title, answer, causes } = playground.explainLastDenial('en') ?? { title: '', answer: '', causes: [] };
    return [title.replace(/^.*\]: /, ''), answer, causes[0]?.detail, causes.at(-1)?.detail];
  };
  const base = Number(/\d+/.exec(playground.step('kubectl exec demo -- awk "{print \\$2}" /proc/self/uid_map').stdout)?.[0]);
  expect(explained('cat /root/.profile')).toEqual([
    'openat(AT_FDCWD, "/root/.profile", O_RDONLY) = EACCES (Permission denied)',
    `Uid 1000 [node: ${base + 1000}] (gid 1000 [node: ${base + 1000}]) is neither the owner (0 [node: ${base}]) of /root nor in its group 0 [node: ${base}], so only the bits for others of mode 0700 count, and they lack x. CAP_DAC_READ_SEARCH, which not even the bounding set has, would have outweighed that. CAP_DAC_OVERRIDE, which is not effective, though the bounding set has it, would have outweighed that.`,
    `fsuid 1000 [node: ${base + 1000}], mode 0700, uid 0 [node: ${base}], gid 0 [node: ${base}], want x`,
    'default of containerd: defaultCapabilities: the 14 capabilities containerd gives to every container',
  ]);
  expect(explained('touch /v/x')).toEqual([
    'openat(AT_FDCWD, "/v/x", O_WRONLY|O_CREAT|O_NOCTTY|O_NONBLOCK, 0666) = EROFS (Read-only file system)',
    'The mount at /v is read-only; no capability outweighs that.',
    'mount /v',
    'manifest line 7: spec.volumes[0]',
  ]);
});
