import { expect, test } from 'vitest';
import { goTemplate } from './goTemplate.ts';

const POD = { metadata: { name: 'x', labels: { b: '2', a: '1' } }, spec: { containers: [{ name: 'c', args: ['1', '2'] }, { name: 'd' }] } };

test('templates of the kind that documentation shows give what Go gives', () => {
  // Rules from the documentation of text/template, Go 1.25; the first line is recorded (get-verbs).
  const cases: Record<string, string> = {
    '{{.metadata.name}}': 'x',
    '{{range .spec.containers}}{{.name}}{{"\\n"}}{{end}}': 'c\nd\n',
    '{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}} {{end}}': '0=c 1=d ',
    '{{range $k, $v := .metadata.labels}}{{$k}}:{{$v}};{{end}}': 'a:1;b:2;',
    '{{if .spec.hostPID}}yes{{else if eq .metadata.name "x"}}x{{else}}no{{end}}': 'x',
    '{{with .metadata}}{{.name}}{{end}}{{len .spec.containers}}': 'x2',
    '{{index .spec.containers 1 | printf "%v"}}': 'map[name:d]',
    '{{.spec.nope}} {{.metadata.labels}}': '<no value> map[a:1 b:2]',
    'a {{- /* gone */ -}} b{{- " c" }}': 'ab c',
    '{{printf "%-4s|%3d" .metadata.name 7}}': 'x   |  7',
  };
  expect(Object.fromEntries(Object.keys(cases).map((template) => [template, goTemplate(template, POD)]))).toEqual(
    Object.fromEntries(Object.entries(cases).map(([template, text]) => [template, { ok: true, text }])),
  );
});

test('a template that cannot be read says where kubectl stops; what is missing has no value (kubectl 1.33)', () => {
  expect([goTemplate('{{.a', {}), goTemplate('{{foo}}', {}), goTemplate('{{.a.b}}', {})]).toEqual([
    { ok: false, error: 'error parsing template {{.a, template: output:1: unclosed action' },
    { ok: false, error: 'error parsing template {{foo}}, template: output:1: function "foo" not defined' },
    { ok: true, text: '<no value>' },
  ]);
});
