// kubectl edit in the page: the file goes to the page, the edited text comes back; Ctrl-C closes it.

import { expect, test } from 'vitest';
import { startedEngine, textOf } from './engineHarness.ts';

test('a file is edited in the page, and a program that is interrupted takes its file along', () => {
  const { engine, events, settle, type } = startedEngine();
  type('kubectl create configmap m --from-literal=k=old\n');
  type('kubectl edit configmap m\n');
  const asked = events.find((event) => event.type === 'edit');
  expect(asked).toMatchObject({ id: 1, file: expect.stringMatching(/^\/tmp\/kubectl-edit-\d+\.yaml$/) });
  const text = asked?.type === 'edit' ? asked.text : '';
  expect(text).toMatch(/^# Please edit the object below\.[\s\S]*\n {2}k: old\n/);
  engine.send({ type: 'edited', id: 1, text: text.replace('k: old', 'k: new') });
  settle();
  expect(events.filter((event) => event.type === 'editEnded')).toEqual([{ type: 'editEnded', id: 1 }]);
  expect(textOf(type("kubectl get configmap m -o jsonpath='{.data.k}'\n"))).toContain('\r\nnew');
  type('kubectl edit configmap m\n');
  expect(textOf(type('\x03'))).toBe('^C\r\nlearner@workstation:~$ ');
  expect(events.filter((event) => event.type === 'editEnded').at(-1)).toEqual({ type: 'editEnded', id: 2 });
});
