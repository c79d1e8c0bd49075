import { expect, test } from 'vitest';
import { ruleRows } from './rules.ts';

test('rules come apart by group and resource, verbs of one resource come together, in the order of the rules as text', () => {
  expect(
    ruleRows([
      { apiGroups: ['', 'apps'], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['watch'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['delete'] },
      { nonResourceURLs: ['/a', '/a/*'], verbs: ['get'] },
    ]),
  ).toEqual([
    ['pods', '[]', '[a]', '[delete]'],
    ['pods', '[]', '[]', '[get list watch]'],
    ['pods/log', '[]', '[]', '[get list]'],
    ['pods.apps/log', '[]', '[]', '[get list]'],
    ['pods.apps', '[]', '[]', '[get list]'],
    ['', '[/a/*]', '[]', '[get]'],
    ['', '[/a]', '[]', '[get]'],
  ]);
});
