// Refusals above the kernel are explained by what the component that refused wrote down.

import { expect, test } from 'vitest';
import { openPlayground } from '../open.ts';
import type { Playground } from '../playground.ts';

const pod = (context: string, own = '{}'): string => `apiVersion: v1
kind: Pod
metadata: { name: demo }
spec:
  securityContext: ${context}
  containers: [{ name: c, image: "busybox:1.28", command: [sleep, 1h], securityContext: ${own} }]
`;

const causes = (playground: Playground, language: 'en' | 'ja' = 'en'): string[] =>
  (playground.explainLastDenial(language)?.causes ?? []).map(({ title, detail }) => `${title} | ${detail}`);

test('Pod Security: the control, the line, the label of the namespace, what would have been accepted', () => {
  const playground = openPlayground({ files: { 'pod.yaml': pod('{ runAsUser: 0 }', '{ privileged: true }') } });
  playground.step('kubectl label namespace default pod-security.kubernetes.io/enforce=baseline');
  expect(playground.step('kubectl apply -f pod.yaml').exitCode).toBe(1);
  expect(causes(playground)).toEqual([
    'Pod Security: No container is privileged | privileged: container "c" must not set securityContext.privileged=true',
    'Manifest | manifest line 6: spec.containers[0].securityContext.privileged',
    'Namespace default | pod-security.kubernetes.io/enforce=baseline',
    'What would have helped | privileged left out or false',
  ]);
  expect(causes(playground, 'ja')[3]).toBe('何があれば許されたか | privileged を書かないか false にする');
});

test('validation and strict decoding: each bad field with its line', () => {
  const playground = openPlayground({
    files: {
      'a.yaml': pod('{ runAsUser: -1 }', '{ procMount: x }'),
      'b.yaml': pod('{ runAsUsr: 1 }'),
    },
  });
  playground.step('kubectl apply -f a.yaml');
  expect(causes(playground)).toEqual([
    'API server: The values of the fields are valid, also together | Unsupported value: "x": supported values: "Default", "Unmasked"',
    'Manifest | manifest line 6: spec.containers[0].securityContext.procMount',
    'API server: The values of the fields are valid, also together | Invalid value: -1: must be between 0 and 2147483647, inclusive',
    'Manifest | manifest line 5: spec.securityContext.runAsUser',
  ]);
  playground.step('kubectl apply -f b.yaml');
  expect(causes(playground)).toEqual([
    'API server: Every field of the manifest exists and has the right type | unknown field "spec.securityContext.runAsUsr"',
    'Manifest | manifest line 5: spec.securityContext.runAsUsr',
  ]);
});

test('the kubelet: runAsNonRoot and the image whose USER is root; a pod rejected for good', () => {
  const playground = openPlayground({
    files: { 'a.yaml': pod('{ runAsNonRoot: true }'), 'b.yaml': pod('{ sysctls: [{ name: kernel.msgmax, value: "1" }] }') },
  });
  playground.step('kubectl apply -f a.yaml');
  playground.step('sleep 40');
  expect(causes(playground)).toEqual([
    'kubelet: runAsNonRoot: the kubelet must be sure that the uid is not 0 | imageUser 0',
    'Manifest | manifest line 5: spec.securityContext.runAsNonRoot',
    'Manifest | spec.containers[0].securityContext.runAsUser: not set',
    'Image | image busybox:1.28: USER (none: root)',
    'What would have helped | runAsUser with another number than 0, or an image whose USER is such a number',
  ]);
  playground.step('kubectl delete pod demo --force --grace-period=0');
  playground.step('kubectl apply -f b.yaml');
  playground.step('sleep 5');
  expect(causes(playground)[0]).toBe(
    'kubelet: The node allows the sysctl, and the Pod has the namespace it lives in | forbidden sysctl: "kernel.msgmax" not allowlisted',
  );
});

test('the newest refusal wins, whichever component decided; pod/NAME narrows', () => {
  const playground = openPlayground({ files: { 'a.yaml': pod('{ runAsUser: 1000 }') } });
  playground.step('kubectl apply -f a.yaml');
  playground.step('kubectl exec demo -- touch /x');
  expect(playground.step('why').stdout).toMatch(/^touch\[\d+\]: openat/);
  playground.step('kubectl run other --image=busybox:1.28 --overrides=\'{"spec":{"hostUsers":false,"hostPID":true}}\'');
  expect(playground.step('why').stdout).toMatch(/^pod\/other: /);
  expect(playground.step('why pod/demo').stdout).toMatch(/^touch\[\d+\]: openat/);
});
