import { expect, test } from 'vitest';
import { covers, decide } from './rbac.ts';
import { Store } from './store.ts';

const asked = (verb: string, resource: string, more = {}): Parameters<typeof covers>[1] => ({
  verb,
  group: '',
  resource,
  name: '',
  namespace: 'n',
  ...more,
});

test.each([
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, asked('get', 'pods'), true],
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, asked('get', 'pods/log'), false],
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }, asked('get', 'pods'), false],
  [{ verbs: ['*'], apiGroups: [''], resources: ['*/log'] }, asked('get', 'pods/log'), true],
  [{ verbs: ['*'], apiGroups: [''], resources: ['*/log'] }, asked('get', 'pods/exec'), false],
  [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, asked('create', 'pods/exec', { group: 'x' }), true],
  [{ verbs: ['get'], apiGroups: ['apps'], resources: ['*'] }, asked('get', 'pods'), false],
  [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] }, asked('get', 'pods', { name: 'a' }), true],
  [{ verbs: ['list'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] }, asked('list', 'pods'), false],
  [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }, asked('get', '', { path: '/healthz' }), true],
  [{ verbs: ['get'], nonResourceURLs: ['/apis/*'] }, asked('get', '', { path: '/apis/apps' }), true],
  [{ verbs: ['get'], nonResourceURLs: ['/api'] }, asked('get', '', { path: '/apis' }), false],
  [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, asked('get', '', { path: '/api' }), false],
])('%j covers %j: %s', (rule, request, expected) => {
  expect(covers(rule, request)).toBe(expected);
});

/** The cluster-wide role "all", bound in namespace n to a service account and a group. */
function objects(): Parameters<typeof decide>[0] {
  const store = new Store();
  const role = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
  store.put({ apiVersion: 'v1', kind: 'ClusterRole', metadata: { name: 'all' }, rules: [role] }, {});
  const subjects = [
    { kind: 'ServiceAccount', name: 'sa' },
    { kind: 'Group', name: 'devs' },
  ];
  store.put(
    {
      apiVersion: 'v1',
      kind: 'RoleBinding',
      metadata: { name: 'b', namespace: 'n' },
      roleRef: { kind: 'ClusterRole', name: 'all' },
      subjects,
    },
    {},
  );
  return { get: (...at) => store.get(...at)?.object, list: (...at) => store.list(...at) };
}

test.each([
  ['system:serviceaccount:n:sa', [], 'n', true],
  ['system:serviceaccount:m:sa', [], 'n', false],
  ['system:serviceaccount:n:sa', [], 'm', false],
  ['system:serviceaccount:n:sa', [], '', false],
  ['jane', ['devs'], 'n', true],
  ['jane', ['ops'], 'n', false],
  ['jane', ['system:masters'], 'm', true],
  ['a component', undefined, 'm', true],
])('%s of %j in namespace "%s": %s', (user, groups, namespace, allowed) => {
  const subject = groups === undefined ? { user } : { user, groups };
  expect(decide(objects(), subject, asked('get', 'pods', { namespace })).allowed).toBe(allowed);
});
