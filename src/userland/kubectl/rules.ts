// Policy rules as rows: what describe of a role and `auth can-i --list` show.
// Counterpart: kubernetes/component-helpers/auth/rbac/validation/policy_compact.go, kubectl/pkg/describe, v1.36

import type { Json } from './session.ts';

const go = (list: readonly string[] | undefined): string => `[${(list ?? []).join(' ')}]`;

/** One rule for each group, resource, name and verb. */
function broken(rule: Json): readonly Json[] {
  const urls = (rule.nonResourceURLs ?? []).flatMap((url: string) =>
    rule.verbs.map((verb: string) => ({ nonResourceURLs: [url], verbs: [verb] })),
  );
  const names: (string | undefined)[] = (rule.resourceNames ?? []).length > 0 ? rule.resourceNames : [undefined];
  const resources = (rule.apiGroups ?? []).flatMap((group: string) =>
    (rule.resources ?? []).flatMap((resource: string) =>
      rule.verbs.flatMap((verb: string) =>
        names.map((name) => ({
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
  );
  return [...resources, ...urls];
}

/** Rows of Resources, Non-Resource URLs, Resource Names, Verbs, with the verbs of one resource together. */
export function ruleRows(rules: readonly Json[]): readonly (readonly string[])[] {
  const simple = new Map<string, Json>();
  const others: Json[] = [];
  for (const rule of rules.flatMap(broken)) {
    if (rule.nonResourceURLs !== undefined) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const known = simple.get(key);
    simple.set(key, known === undefined ? rule : { ...known, verbs: [...known.verbs, ...rule.verbs] });
  }
  const sortKey = (r: Json): string =>
    `Verbs:${go(r.verbs)},APIGroups:${go(r.apiGroups)},Resources:${go(r.resources)},ResourceNames:${go(r.resourceNames)},NonResourceURLs:${go(r.nonResourceURLs)}`;
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...others, ...simple.values()]
    .sort((a, b) => compare(sortKey(a), sortKey(b)))
    .map((rule) => {
      const [resource = '', subresource] = (rule.resources?.[0] ?? '').split('/');
      const group = rule.apiGroups?.[0] ?? '';
      const shown = `${resource}${group === '' || resource === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
      return [shown, go(rule.nonResourceURLs), go(rule.resourceNames), go(rule.verbs)];
    });
}
