// Validation of roles and bindings. Counterpart: kubernetes/pkg/apis/rbac/validation/validation.go, v1.36.

import { goJson } from '#yaml/json.ts';
import { type FieldError, invalid, invalidJson, notSupported, required } from './field-error.ts';
import { RBAC_GROUP } from './rbac.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Errors of a Role or ClusterRole. */
export const roleErrors = (kind: string, { rules = [] }: Json): FieldError[] =>
  (rules ?? []).flatMap((rule: Json, i: number) => ruleErrors(rule, `rules[${i}]`, kind === 'Role'));

function ruleErrors(rule: Json, at: string, namespaced: boolean): FieldError[] {
  const count = (field: string): number => (rule[field] ?? []).length;
  const errors: FieldError[] = count('verbs') === 0 ? [required(`${at}.verbs`, 'verbs must contain at least one value')] : [];
  if (count('nonResourceURLs') > 0) {
    const urls = goJson(rule.nonResourceURLs);
    if (namespaced) errors.push(invalidJson(`${at}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs'));
    if (count('apiGroups') + count('resources') + count('resourceNames') > 0)
      errors.push(invalidJson(`${at}.nonResourceURLs`, urls, 'rules cannot apply to both regular resources and non-resource URLs'));
    return errors;
  }
  if (count('apiGroups') === 0) errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
  if (count('resources') === 0) errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

/** Errors of a RoleBinding or ClusterRoleBinding. */
export function bindingErrors(kind: string, object: Json, old?: Json): FieldError[] {
  const { roleRef = {}, subjects = [] } = object;
  const errors: FieldError[] = [];
  if (roleRef.apiGroup !== RBAC_GROUP) errors.push(notSupported('roleRef.apiGroup', roleRef.apiGroup ?? '', [RBAC_GROUP]));
  const kinds = kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(roleRef.kind)) errors.push(notSupported('roleRef.kind', roleRef.kind ?? '', kinds));
  if (!roleRef.name) errors.push(required('roleRef.name'));
  const named = (subjects ?? []).flatMap((subject: Json, i: number) => subjectErrors(subject, `subjects[${i}]`, kind));
  const changed = old !== undefined && goJson(old.roleRef) !== goJson(roleRef);
  const internal = goJson({ APIGroup: roleRef.apiGroup ?? '', Kind: roleRef.kind ?? '', Name: roleRef.name ?? '' });
  return [...errors, ...named, ...(changed ? [invalidJson('roleRef', internal, 'cannot change roleRef')] : [])];
}

function subjectErrors({ kind = '', name, namespace, apiGroup = '' }: Json, at: string, binding: string): FieldError[] {
  const errors: FieldError[] = name ? [] : [required(`${at}.name`)];
  if (kind === 'ServiceAccount') {
    if (apiGroup !== '') errors.push(notSupported(`${at}.apiGroup`, apiGroup, ['']));
    if (binding === 'ClusterRoleBinding' && !namespace) errors.push(required(`${at}.namespace`));
  } else if (kind === 'User' || kind === 'Group') {
    if (!name) errors.push(invalid(`${at}.name`, '', `${kind.toLowerCase()} name cannot be empty`));
    if (apiGroup !== RBAC_GROUP) errors.push(notSupported(`${at}.apiGroup`, apiGroup, [RBAC_GROUP]));
  } else errors.push(notSupported(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  return errors;
}
