import { expect, test } from 'vitest';
import { parseFieldSelector } from './fieldSelector.ts';
import { matchesLabels, parseLabelSelector } from './labelSelector.ts';

const LABELS = { app: 'demo', v: '3' };

test('every form of a label selector matches as the server matches it', () => {
  // Names found by the same selectors with kubectl 1.33; the rules are those of k8s.io/apimachinery/pkg/labels.
  const cases: Record<string, boolean> = {
    'app=demo': true,
    'app==demo': true,
    'app!=demo': false,
    'nope!=demo': true,
    app: true,
    '!app': false,
    '!nope': true,
    'app in (a, demo)': true,
    'app notin (a,demo)': false,
    'nope notin (a)': true,
    'nope in (a)': false,
    'v>2': true,
    'v<2': false,
    'app>2': false,
    'app=demo,v': true,
    'app = demo , v != 4': true,
    'app=': false,
    '': true,
  };
  expect(Object.fromEntries(Object.keys(cases).map((text) => [text, matchesLabels(text, LABELS)]))).toEqual(cases);
});

test('a selector that cannot be read says what was found and what was expected', () => {
  const value = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
  const cases: Record<string, string> = {
    'a b': "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt", // recorded
    'app,': "found '', expected: identifier after ','",
    ',app': "found ',', expected: !, identifier, or 'end of string'",
    '!app=3': "found '=', expected: ',' or 'end of string'",
    'app in demo': "unable to parse requirement: found 'demo' expected: '('",
    'app in (demo': "unable to parse requirement: found '', expected: ',' or ')'",
    'app in ()': "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    'app=a=b': "found '=', expected: ',' or 'end of string'",
    'v>x': `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    'app=-': `unable to parse requirement: values[0][app]: Invalid value: "-": ${value}`,
  };
  expect(Object.fromEntries(Object.keys(cases).map((text) => [text, parseLabelSelector(text)]))).toEqual(
    Object.fromEntries(Object.entries(cases).map(([text, error]) => [text, { ok: false, error }])),
  );
});

test('a kind offers its fields, and says so in its own words for others', () => {
  const error = (text: string, kind: string): string => {
    const parsed = parseFieldSelector(text, kind);
    return parsed.ok ? 'ok' : parsed.error;
  };
  expect([
    error('status.phase=Running,spec.nodeName!=x', 'Pod'),
    error('spec.nope=x', 'Pod'),
    error('data.x=1', 'ConfigMap'),
    error('spec.x=1', 'Job'),
    error('foo', 'Pod'),
    error('metadata.name=b=c', 'Pod'),
    error('metadata.name=b\\=c', 'Pod'),
  ]).toEqual([
    'ok',
    'field label not supported: spec.nope',
    '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    'field label "spec.x" not supported for Job',
    "invalid selector: 'foo'; can't understand 'foo'",
    'invalid field selector: unescaped character in value: 61',
    'ok',
  ]);
});
