import { expect, test } from 'vitest';
import { jsonPath } from './jsonpath.ts';
import { sorted } from './sort.ts';

const POD = {
  kind: 'Pod',
  metadata: { name: 'x', labels: { app: 'demo' }, annotations: { 'n.x/y': '1' } },
  spec: {
    containers: [
      { name: 'c', image: 'a' },
      { name: 'd', image: 'b', n: 3 },
    ],
  },
};

test('templates give what kubectl 1.33 gave for them', () => {
  const cases: Record<string, string> = {
    '{.metadata.name}{"\\t"}{.spec.containers[*].image}': 'x\ta b',
    '{.spec.containers[-1].name}{.spec.containers[-1:].name}': 'dd',
    "{.metadata.labels['app','nope']}{.metadata.annotations.n\\.x/y}": 'demo1',
    '{.spec.containers[?(@.n)].name}{.spec.containers[?(@.name!="d")].image}': 'da',
    '{range .spec.containers[*]}[{.name}]{end}.': '[c][d].',
    '{range .spec.containers[*]}{.name}': 'cd',
    '{range .nope[*]}{.name}{end}tail': 'tail',
    '{range .spec.containers[*]}{$.name}{end}': 'cd',
    '{.metadata.name}}': 'x}',
    '{1}{true}{"\\u0041"}': '1trueA',
    '{.spec.containers[0].name,.spec.containers[1].name}': 'error parsing',
    '{.spec.containers["name"]}': 'invalid array index "name"',
    '{.metadata[0]}': 'map[string]interface {} is not array or slice',
    '{.spec.containers[5].name}': 'array index out of bounds: index 5, length 2',
    '{.spec.containers[?(@.name==1)].name}': 'incompatible types for comparison',
    '{metadata.name}': 'unrecognized identifier metadata',
    '{end}': 'not in range, nothing to end',
    '{"open}': 'unterminated quoted string',
    '{.a': 'unclosed action',
  };
  const got = (template: string, wanted: string): string => {
    const result = jsonPath(template, POD);
    if (result.ok) return result.text;
    return result.error.includes(wanted) ? wanted : result.error;
  };
  expect(Object.fromEntries(Object.entries(cases).map(([template, text]) => [template, got(template, text)]))).toEqual(cases);
});

test('quantities are sorted by their value, other texts as they are, what has none comes first', () => {
  const names = (values: readonly (string | undefined)[]): unknown => {
    const list = sorted(values, '.v', (v) => (v === undefined ? {} : { v }));
    return typeof list === 'string' ? list : list.map(String);
  };
  expect([names(['b10', 'b2', undefined, 'a']), names(['1Gi', '100Mi', '500m']), names([undefined])]).toEqual([
    ['undefined', 'a', 'b10', 'b2'],
    ['500m', '100Mi', '1Gi'],
    `couldn't find any field with path "{.v}" in the list of objects`,
  ]);
});
