// What the node's services were given decides what containers can be given.

import { expect, test } from 'vitest';
import { openPlayground } from './open.ts';

const pod = (securityContext: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: x
spec:
  containers:
  - name: c
    image: busybox:1.36
    command: [sleep, 1h]
    securityContext: ${securityContext}
`;

const OOM =
  "kubectl exec x -- sh -c 'cd /proc/self; cat oom_score_adj; for v in 500 0 -5; do echo $v > oom_score_adj; cat oom_score_adj; done'";

test('a capability the node lacks is in no set and cannot be asked for by name', () => {
  const node = { withoutCapabilities: ['CAP_SYS_RESOURCE'] };
  const all = openPlayground({ files: { 'pod.yaml': pod('{privileged: true}') }, node });
  all.step('kubectl apply -f pod.yaml');
  expect(all.step("kubectl exec x -- grep -E 'Cap(Eff|Bnd)' /proc/1/status").stdout).toBe(
    'CapEff:\t000001fffeffffff\nCapBnd:\t000001fffeffffff\n',
  );
  const named = openPlayground({ files: { 'pod.yaml': pod('{capabilities: {add: [SYS_RESOURCE]}}') }, node });
  named.step('kubectl apply -f pod.yaml');
  named.pass(5_000_000_000n);
  expect(named.step("kubectl get pod x -o jsonpath='{.status.containerStatuses[0].lastState.terminated.message}'").stdout).toBe(
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: unable to apply caps: can't apply capabilities: operation not permitted",
  );
});

test('oom_score_adj goes down to what someone with CAP_SYS_RESOURCE has set, no further', () => {
  const usual = openPlayground({ files: { 'pod.yaml': pod('{}') } });
  usual.step('kubectl apply -f pod.yaml');
  expect(usual.step(OOM).stdout).toBe('1000\n1000\n1000\n1000\n');
  const without = openPlayground({ files: { 'pod.yaml': pod('{}') }, node: { withoutCapabilities: ['CAP_SYS_RESOURCE'] } });
  without.step('kubectl apply -f pod.yaml');
  expect(without.step(OOM).stdout).toBe('1000\n500\n0\n0\n');
});
