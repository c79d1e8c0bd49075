// Output carries the refused call it is about, through pipes, terminals of containers and kubectl exec; nothing else does.

import { expect, test } from 'vitest';
import { fragmentsOf, startedEngine } from './engineHarness.ts';
import type { Fragment } from './protocol.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: demo
spec:
  securityContext:
    runAsUser: 1000
  containers:
  - name: c
    image: busybox:1.28
    command: ["sleep", "1h"]
`;

function typed(...lines: readonly string[]): readonly Fragment[] {
  const { events, settle, type } = startedEngine({ 'pod.yaml': POD });
  settle();
  for (const line of lines) type(`${line}\n`);
  return fragmentsOf(events);
}

const about = (fragments: readonly Fragment[]): string[] => fragments.flatMap(({ text, cause }) => (cause === undefined ? [] : [text]));

test('messages of refused calls, and only they, are about them: two refusals are two calls', () => {
  const fragments = typed(
    'kubectl apply -f pod.yaml',
    'kubectl wait --for=condition=Ready pod/demo',
    'kubectl exec demo -- touch /a /b',
    "kubectl exec demo -- sh -c 'touch /c 2>&1 | cat; echo Permission denied'",
  );
  expect(about(fragments)).toEqual([
    'touch: /a: Permission denied\r\n',
    'touch: /b: Permission denied\r\n',
    'touch: /c: Permission denied\r\n',
  ]);
  expect(new Set(fragments.flatMap(({ cause }) => cause ?? [])).size).toBe(3);
});

test('in the terminal of a container too, between prompts that are about nothing', () => {
  const fragments = typed(
    'kubectl apply -f pod.yaml',
    'kubectl wait --for=condition=Ready pod/demo',
    'kubectl exec -it demo -- sh',
    'echo x > /d',
    'ls /root; echo done',
  );
  expect(about(fragments).map((text) => text.trim())).toEqual([
    "sh: can't create /d: Permission denied",
    "ls: can't open '/root': Permission denied",
  ]);
});
