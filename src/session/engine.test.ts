// The engine while what comes after the prompt is still on its way: nothing hangs, and what needs them happens when they are there.

import { expect, test } from 'vitest';
import { startedEngine, textOf } from './engineHarness.ts';
import type { Late } from './late.ts';
import { ALL } from './open.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: demo\nspec:\n  containers:\n  - name: c\n    image: busybox:1.28\n    command: [sleep, 1h]\n';

test('shells answer at once, commands when they have come, live mode waits for them', () => {
  const late: { -readonly [K in keyof Late]: Late[K] } = { commands: undefined, cluster: undefined };
  const { engine, events, settle } = startedEngine({}, late);
  const shown = (): string => textOf(events);
  engine.send({ type: 'live', id: 2, text: POD, watch: ['id -u'] });
  engine.send({ type: 'input', terminal: 't', data: 'echo $((6*7)); seq 3\n' });
  settle();
  expect(shown()).toContain('42\r\n');
  expect(shown()).not.toContain('1\r\n2\r\n3');
  expect(events.some((event) => event.type === 'reply' && event.id === 2)).toBe(false);
  late.commands = ALL.commands;
  settle();
  expect(shown()).toContain('1\r\n2\r\n3\r\n');
  engine.send({ type: 'input', terminal: 't', data: 'kubectl get node -o name\n' });
  engine.send({ type: 'diagnose', id: 3, text: 'kind: Pod\n' });
  settle();
  expect(shown()).not.toContain('node/node-1');
  expect(events.filter((event) => event.type === 'reply').map(({ id }) => id)).toEqual([1]);
  late.cluster = ALL.cluster;
  settle();
  expect(shown()).toContain('node/node-1\r\n');
  expect(events.filter((event) => event.type === 'reply').map(({ id }) => id)).toEqual([1, 2, 3]);
  const reply = events.find((event) => event.type === 'reply' && event.id === 2);
  expect(reply).toMatchObject({ reply: { live: { applied: true, watch: [{ stdout: '0\n', exitCode: 0 }] } } });
});
