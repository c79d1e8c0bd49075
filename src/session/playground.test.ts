import { expect, test } from 'vitest';
import { openPlayground } from './open.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: security-context-demo
spec:
  securityContext:
    runAsUser: 1000
    runAsGroup: 3000
    fsGroup: 2000
    supplementalGroups: [4000]
  volumes:
  - name: sec-ctx-vol
    emptyDir: {}
  containers:
  - name: sec-ctx-demo
    image: busybox:1.28
    command: [ "sh", "-c", "sleep 1h" ]
    volumeMounts:
    - name: sec-ctx-vol
      mountPath: /data/demo
    securityContext:
      allowPrivilegeEscalation: false
`;

test('the whole path: a manifest typed at the workstation ends as an id in a container', () => {
  const playground = openPlayground({ files: { 'pod.yaml': POD } });
  expect(playground.step('pwd; id; ls').stdout).toBe('/home/learner\nuid=1000(learner) gid=1000(learner) groups=1000(learner)\npod.yaml\n');
  expect(playground.step('kubectl apply -f pod.yaml')).toEqual({
    run: 'kubectl apply -f pod.yaml',
    stdout: 'pod/security-context-demo created\n',
    stderr: '',
    exitCode: 0,
  });
  expect(playground.step("kubectl exec security-context-demo -- sh -c 'id; ls -ld /data/demo'").stdout).toMatch(
    /^uid=1000 gid=3000 groups=2000,3000,4000\ndrwxrwsrwx {4}2 root {5}2000 {10}4096 .* \/data\/demo\n$/,
  );
  expect(playground.world.bugs).toEqual([]);
});

test('a variable before a typed command is that command’s alone', () => {
  const playground = openPlayground({ files: {} });
  expect(['A=1 printenv A', 'echo "[$A]"', 'A=2', 'echo "[$A]"'].map((line) => playground.step(line).stdout)).toEqual([
    '1\n',
    '[]\n',
    '',
    '[2]\n',
  ]);
});

test('the same lines give the same answers, the same state of the kernel and the same objects', () => {
  const lines = [
    'kubectl apply -f pod.yaml',
    'kubectl get pod -o wide',
    "kubectl exec security-context-demo -- sh -c 'id; echo hello > /data/demo/f; ls -ln /data/demo; cat /proc/sys/kernel/random/uuid'",
    'kubectl exec security-context-demo -- chown 0 /data/demo/f',
    'date; echo $RANDOM; mktemp',
    'kubectl delete pod security-context-demo',
  ];
  const play = (): unknown => {
    const playground = openPlayground({ files: { 'pod.yaml': POD } });
    const answers = lines.map((line) => playground.step(line));
    const { machine, api } = playground.world;
    return { answers, state: machine.state, objects: ['Pod', 'Event', 'Node'].map((kind) => api.list(kind)) };
  };
  expect(play()).toEqual(play());
});
