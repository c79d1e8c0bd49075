// Output carries the refused call it is about, through pipes, terminals of containers and kubectl exec; nothing else does.

import { expect, test } from 'vitest';
import { createEngine } from './engine.ts';
import { ALL } from './open.ts';
import type { Event, Fragment } from './protocol.ts';

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
  const fragments: Fragment[] = [];
  const engine = createEngine(
    (event: Event) => {
      if (event.type === 'output') fragments.push(...event.fragments);
    },
    () => undefined,
    ALL,
  );
  const settle = (): void => {
    for (let rounds = 0; rounds < 400; rounds++) {
      engine.advance(20);
      while (engine.pump(20_000)) {}
    }
  };
  engine.send({ type: 'start', id: 1, scenario: { files: { 'pod.yaml': POD } }, language: 'en' });
  engine.send({ type: 'openTerminal', terminal: 't', rows: 24, cols: 80 });
  settle();
  for (const line of lines) {
    engine.send({ type: 'input', terminal: 't', data: `${line}\n` });
    settle();
  }
  return fragments;
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
