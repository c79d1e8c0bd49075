import { expect, test } from 'vitest';
import { renderYaml } from './emit.ts';
import { renderJson, toJson } from './json.ts';
import { manifestObjects } from './manifest.ts';
import { parseYaml } from './parse.ts';

const json = (text: string): string => {
  const document = parseYaml(text).documents[0];
  return document?.error?.message ?? (document?.root ? toJson(document.root) : '');
};

test('scalars mean what they mean to kubectl (recorded from kubectl 1.36)', () => {
  const values = [
    '01750',
    '0x3e8',
    '0o1750',
    '0b11',
    '1e2',
    '+5',
    '010',
    '08',
    '0777',
    '1_0.0',
    '10:30',
    'on',
    'y',
    'n',
    'TRUE',
    '~',
    '"1000"',
    "!!int '5'",
    '100000000000000000000',
    '.inf',
  ];
  expect(values.map((value) => json(`a: ${value}\n`))).toEqual([
    '{"a":1000}',
    '{"a":1000}',
    '{"a":1000}',
    '{"a":3}',
    '{"a":100}',
    '{"a":5}',
    '{"a":8}',
    '{"a":8}',
    '{"a":511}',
    '{"a":10}',
    '{"a":"10:30"}',
    '{"a":true}',
    '{"a":true}',
    '{"a":false}',
    '{"a":true}',
    '{"a":null}',
    '{"a":"1000"}',
    '{"a":5}',
    '{"a":100000000000000000000}',
    'json: unsupported value: +Inf',
  ]);
});

test('syntax errors have the words and the lines of go-yaml (recorded)', () => {
  const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n';
  const cases = [
    `${head}  containers:\n  - name: c\n    image: busybox:1.36\n    command: [sh, -c, sleep 1h\n`,
    `${head}  serviceAccountName: \`foo\`\n`,
    `${head}  securityContext:\n    runAsUser: 1000 runAsGroup: 3000\n`,
    `${head}  containers:\n    - name: c\n    image: busybox:1.36\n`,
    `${head}  containers:\n  - name: c\n    image: busybox:1.36\n  extra\n`,
    `${head}  containers:\n  - name: c\n    image: "busybox:1.36\n`,
    'apiVersion: v1\n\tkind: Pod\n',
    'a: *nope\n',
    'a: b: c\n',
  ];
  expect(cases.map(json)).toEqual([
    "yaml: line 9: did not find expected ',' or ']'",
    'yaml: line 6: found character that cannot start any token',
    'yaml: line 7: mapping values are not allowed in this context',
    "yaml: line 7: did not find expected '-' indicator",
    "yaml: line 10: could not find expected ':'",
    'yaml: line 9: found unexpected end of stream',
    'yaml: line 2: found a tab character that violates indentation',
    "yaml: unknown anchor 'nope' referenced",
    'yaml: mapping values are not allowed in this context',
  ]);
});

test('documents before a syntax error are kept, lines count from the start of the document, the last duplicate wins', () => {
  const items = manifestObjects('a: 1\na: 2\n---\n# nothing\n---\nb: [\n', 'pod.yaml');
  expect(items.map((item) => (item.kind === 'object' ? item.json : item.message))).toEqual([
    '{"a":2}',
    "error parsing pod.yaml: error converting YAML to JSON: yaml: did not find expected ',' or ']'",
  ]);
});

test('values print as kubectl -o yaml and -o json print them', () => {
  const value = {
    b: ['x', { c: 1, a: [] }],
    a: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}\n',
      empty: '',
      yes: 'yes',
      number: '5',
      quote: "container's",
      star: '*x',
      tab: 'a\tb',
    },
    message: 'container has runAsNonRoot and image will run as root (pod: "x_default(7302da3c-c69b-4792-ae7e-51ab4aaddf21)", container: c)',
  };
  expect(renderYaml(value)).toBe(`a:
  empty: ""
  kubectl.kubernetes.io/last-applied-configuration: |
    {"a":1}
  number: "5"
  quote: container's
  star: '*x'
  tab: "a\\tb"
  "yes": "yes"
b:
- x
- a: []
  c: 1
message: 'container has runAsNonRoot and image will run as root (pod: "x_default(7302da3c-c69b-4792-ae7e-51ab4aaddf21)",
  container: c)'
`);
  expect(renderJson({ b: [], a: '<x>' })).toBe('{\n    "a": "\\u003cx\\u003e",\n    "b": []\n}\n');
});

test('continuation lines of quoted scalars and flow collections may start anywhere, as in go-yaml', () => {
  const text = "a:\n  b: {x: 'hello\n\n', y: [1,\n2]}\n  c: 'it''s\nme'\nd: |\n  'no\n quote: {\ne: 1\n";
  expect(parseYaml(text.replace('\n quote: {', '\n  quote: {')).documents.map(({ error }) => error)).toEqual([null]);
  const { documents } = parseYaml("data: {a: 'hello\n\n', b: world}\nx: 1\n");
  const root = documents[0]?.root;
  const text2 = "data: {a: 'hello\n\n', b: world}\nx: 1\n";
  expect(root?.kind === 'map' && root.entries.map(({ key, value }) => [key, text2.slice(value.range.start, value.range.end)])).toEqual([
    ['data', "{a: 'hello\n\n', b: world}"],
    ['x', '1'],
  ]);
});
