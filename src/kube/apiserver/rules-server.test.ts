// What the server answers beside validation, where no recording covers it. Sources: kubernetes v1.36 and its staging repositories.

import { expect, it } from 'vitest';
import { type Json, podOf, ruleServer } from './ruleHarness.ts';

type Request = Parameters<ReturnType<typeof ruleServer>['request']>[0];
interface Row {
  readonly rule: string;
  readonly source: string;
  /** Requests that prepare; all have to succeed. */
  readonly before?: readonly Request[];
  readonly request: Request;
  readonly code: number;
  readonly says: string;
}

const pods = { group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
const create = (given: Json, place: Json = pods): Request => ({ verb: 'create', ...place, body: given });
const patch = (patchType: 'json' | 'merge' | 'strategic', body: Json, place: Json = pods): Request => ({
  verb: 'patch',
  ...place,
  name: 'x',
  patchType,
  body,
});
const POD = create(podOf({}));
const spaces = { group: '', version: 'v1', resource: 'namespaces' } as const;
const classes = { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' } as const;
const quotas = { group: '', version: 'v1', resource: 'resourcequotas', namespace: 'default' } as const;
const listed = (query: Json, place: Json = pods): Request => ({ verb: 'list', ...place, query });
const REJECTED = 'the server rejected our request due to an error in our request';

const rows: readonly Row[] = [
  {
    rule: 'a priority that its class does not have',
    source: 'plugin/pkg/admission/priority/admission.go admitPod',
    before: [create({ metadata: { name: 'high' }, value: 1000 }, classes)],
    request: create(podOf({ priorityClassName: 'high', priority: 7 })),
    code: 403,
    says: 'pods "x" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 1000 from the given PriorityClass name',
  },
  {
    rule: 'a class that is not there',
    source: 'plugin/pkg/admission/priority/admission.go admitPod',
    request: create(podOf({ priorityClassName: 'none' })),
    code: 403,
    says: 'pods "x" is forbidden: no PriorityClass with name none was found',
  },
  {
    rule: 'a runtime class that is not there',
    source: 'plugin/pkg/admission/runtimeclass/admission.go prepareObjects',
    request: create(podOf({ runtimeClassName: 'none' })),
    code: 403,
    says: 'pods "x" is forbidden: pod rejected: RuntimeClass "none" not found',
  },
  {
    rule: 'overhead without a runtime class',
    source: 'plugin/pkg/admission/runtimeclass/admission.go validateOverhead',
    request: create(podOf({ overhead: { cpu: '1' } })),
    code: 403,
    says: 'pods "x" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
  },
  {
    rule: 'a service account that is not there',
    source: 'plugin/pkg/admission/serviceaccount/admission.go getServiceAccount',
    request: create(podOf({ serviceAccountName: 'none' })),
    code: 403,
    says: 'pods "x" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
  },
  {
    rule: 'a namespace that cannot go',
    source: 'apiserver pkg/admission/plugin/namespace/lifecycle/admission.go Admit',
    request: { verb: 'delete', ...spaces, name: 'kube-system' },
    code: 403,
    says: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  },
  {
    rule: 'a namespace that is not there',
    source: 'apiserver pkg/admission/plugin/namespace/lifecycle/admission.go Admit',
    request: create(podOf({}), { ...pods, namespace: 'none' }),
    code: 404,
    says: 'namespaces "none" not found',
  },
  {
    rule: 'an object that is there',
    source: 'apimachinery pkg/api/errors NewAlreadyExists',
    before: [POD],
    request: POD,
    code: 409,
    says: 'pods "x" already exists',
  },
  {
    rule: 'an object that is on its way out',
    source: 'apiserver pkg/registry/generic/registry/store.go Create',
    before: [create(podOf({ nodeName: 'node-1' })), { verb: 'delete', ...pods, name: 'x' }],
    request: POD,
    code: 409,
    says: 'object is being deleted: pods "x" already exists',
  },
  {
    rule: 'a change of what has been changed',
    source: 'apiserver pkg/registry/generic/registry/store.go OptimisticLockErrorMsg',
    before: [POD],
    request: { verb: 'update', ...pods, name: 'x', body: podOf({ meta: { name: 'x', resourceVersion: '1', labels: { a: 'b' } } }) },
    code: 409,
    says: 'Operation cannot be fulfilled on pods "x": the object has been modified; please apply your changes to the latest version and try again',
  },
  {
    rule: 'more than the quota',
    source: 'apiserver pkg/admission/plugin/resourcequota/controller.go CheckRequest',
    before: [create({ metadata: { name: 'q' }, spec: { hard: { pods: '1' } } }, quotas), POD],
    request: create(podOf({ meta: { name: 'y' } })),
    code: 403,
    says: 'pods "y" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
  },
  ...(
    [
      ['a path that is not there', { op: 'remove', path: '/metadata/labels/a' }],
      ['a test that fails', { op: 'test', path: '/metadata/name', value: 'y' }],
      ['an index beyond the end', { op: 'add', path: '/spec/containers/7', value: {} }],
      ['a source that is not there', { op: 'move', from: '/metadata/labels', path: '/metadata/annotations' }],
    ] as const
  ).map(([rule, operation]) => ({
    rule: `JSON patch: ${rule}`,
    source: 'apiserver pkg/endpoints/handlers/patch.go applyJSPatch: errors are 422 with the generic text',
    before: [POD],
    request: patch('json', [operation]),
    code: 422,
    says: REJECTED,
  })),
  {
    rule: 'JSON patch: a test compares values, not texts',
    source: 'RFC 6902 §4.6',
    before: [create(podOf({ meta: { labels: { a: '1', b: '2' } } }))],
    request: patch('json', [
      { op: 'test', path: '/metadata/labels', value: { b: '2', a: '1' } },
      { op: 'add', path: '/metadata/labels/c', value: '3' },
    ]),
    code: 200,
    says: '',
  },
  ...(
    [
      ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
      [
        '-a',
        "unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
      ['a in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
      ['a in (b,=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ] as const
  ).map(([labelSelector, text]) => ({
    rule: `label selector ${labelSelector}`,
    source: 'apimachinery pkg/labels/selector.go Parser',
    request: listed({ labelSelector }),
    code: 400,
    says: `unable to parse requirement: ${text}`.replace('unable to parse requirement: unable', 'unable'),
  })),
  ...(
    [
      ['a\\b=c', 'field label not supported: a\\b'],
      ['metadata.name=a\\b', 'invalid field selector: invalid escape sequence: \\b'],
      ['metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
      ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
      ['spec.image=a', 'field label not supported: spec.image'],
    ] as const
  ).map(([fieldSelector, text]) => ({
    rule: `field selector ${fieldSelector}`,
    source: 'apimachinery pkg/fields/selector.go; pkg/apis/core/v1/conversion.go',
    request: listed({ fieldSelector }),
    code: 400,
    says: text,
  })),
];

it.each(rows.map((row) => [row.rule, row] as const))('%s', (_, { source, before = [], request, code, says }) => {
  expect(source).toMatch(/\S+ \S+/);
  const api = ruleServer();
  expect(before.map((one) => api.request(one).code).filter((one) => one > 299)).toEqual([]);
  const answer = api.request(request);
  expect([answer.code, (answer.body as Json).kind === 'Status' ? (answer.body as Json).message : '']).toEqual([code, says]);
});

it('a namespace with a generated name has its label too (pkg/registry/core/namespace/strategy.go Canonicalize)', () => {
  const made = ruleServer().request(create({ metadata: { generateName: 'x-' } }, spaces)).body as { metadata: Json };
  expect(made.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': made.metadata.name });
});
