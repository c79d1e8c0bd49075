import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describePod } from './describePod.ts';
import { jsonPath } from './jsonpath.ts';
import { threeWayPatch } from './threeWay.ts';

interface Recording {
  readonly id: string;
  readonly commands: readonly { readonly run: string; readonly stdout: string }[];
}

const recordings: readonly Recording[] = JSON.parse(
  readFileSync(new URL('../../../e2e/real/cluster/node-tut.json', import.meta.url), 'utf8'),
);

const upToEvents = (text: string): string => text.slice(0, text.indexOf('\nEvents:'));
const cases = recordings.flatMap((c) => {
  const at = c.commands.findIndex((m) => /get pod \S+ -o yaml$/.test(m.run));
  const yaml = c.commands[at];
  const next = c.commands[at + 1];
  return yaml && next?.run.startsWith('kubectl describe pod') && yaml.stdout !== ''
    ? [{ id: c.id, yaml: yaml.stdout, text: next.stdout }]
    : [];
});

test('describe prints the stored pods of the recordings as kubectl did, up to the events', () => {
  expect(cases.length).toBeGreaterThan(0);
  const wrong = cases.filter((c) => upToEvents(describePod(parse(c.yaml), [], 0)) !== upToEvents(c.text));
  expect(wrong.map((c) => [c.id, upToEvents(describePod(parse(c.yaml), [], 0)), upToEvents(c.text)])).toEqual([]);
});

test('JSONPath: fields, ranges, filters, unions, text and errors as kubectl prints them', () => {
  const pod = { spec: { containers: [{ name: 'c', ports: [1, 2] }, { name: 'd' }] }, status: { phase: 'Running' } };
  const show = (template: string): string => {
    const result = jsonPath(template, pod);
    return result.ok ? result.text : result.error;
  };
  expect(show('{.spec.containers[*].name}')).toBe('c d');
  expect(show('{range .spec.containers[*]}{.name}{"\\n"}{end}')).toBe('c\nd\n');
  expect(show('{.spec.containers[?(@.name=="d")]}')).toBe('{"name":"d"}');
  expect(show('{.spec.containers[0,1].name} {.status.phase}!')).toBe('c d Running!');
  expect(show('{.spec.containers[-1:].name}{..ports[1]}')).toBe('d2');
  expect(show('{.nope}')).toBe('');
  expect(show('{.spec')).toBe('error parsing jsonpath {.spec, unclosed action');
});

test('a volume the server added makes re-applying send the order of volumes; without volumes there is nothing to send', () => {
  const live = {
    spec: {
      containers: [{ image: 'b', imagePullPolicy: 'IfNotPresent', name: 'c' }],
      volumes: [{ emptyDir: {}, name: 'v' }, { name: 'kube-api-access-abcde' }],
    },
  };
  const plain = { spec: { containers: [{ image: 'b', name: 'c' }] } };
  const volumes = { spec: { ...plain.spec, volumes: [{ emptyDir: {}, name: 'v' }] } };
  expect(threeWayPatch(plain, plain, live)).toEqual({});
  expect(threeWayPatch(volumes, volumes, live)).toEqual({ spec: { '$setElementOrder/volumes': [{ name: 'v' }] } });
  expect(threeWayPatch({ metadata: { labels: { a: 'b' } } }, { metadata: {} }, { metadata: { labels: { a: 'b', c: 'd' } } })).toEqual({
    metadata: { labels: null },
  });
});
