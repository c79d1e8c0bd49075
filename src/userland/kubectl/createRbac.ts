// create role, clusterrole, rolebinding and clusterrolebinding. Counterpart: kubectl/pkg/cmd/create, v1.36

import type { Program } from '#kernel/uapi/index.ts';
import { createObject } from './createObject.ts';
import { findResource } from './resources.ts';
import { type Call, fail, flagOf, flagsOf, type Json } from './session.ts';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;

/** Values of a flag that may be repeated or hold several between commas, each once. */
const values = (call: Call, name: string): readonly string[] => [...new Set(flagsOf(call, name).flatMap((one) => one.split(',')))];

/** One rule for each API group; `pods`, `deploy.apps`, `pods/log`. */
export function* createRole(call: Call, kind: string, name: string): Program<number> {
  const given = values(call, 'verb');
  const verbs = given.includes('*') ? ['*'] : given;
  const resources = values(call, 'resource');
  const resourceNames = values(call, 'resource-name');
  const urls = kind === 'clusterrole' ? values(call, 'non-resource-url') : [];
  if (verbs.length === 0) return yield* fail('at least one verb must be specified');
  if (resources.length === 0 && urls.length === 0)
    return yield* fail(kind === 'role' ? 'at least one resource must be specified' : 'one of resource or nonResourceURL must be specified');
  const byGroup = new Map<string, string[]>();
  for (const word of resources) {
    const [type = '', subresource] = word.split('/');
    const resource = type === '*' ? { group: '', plural: '*' } : findResource(call.port.resources(), type);
    if (resource === undefined) return yield* fail(`the server doesn't have a resource type "${type.split('.')[0]}"`);
    const full = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
    const known = byGroup.get(resource.group) ?? [];
    byGroup.set(resource.group, known.includes(full) ? known : [...known, full]);
  }
  const rules: Json[] = [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, names]) => ({ apiGroups: [group], ...(resourceNames.length > 0 ? { resourceNames } : {}), resources: names, verbs }));
  if (urls.length > 0) rules.push({ nonResourceURLs: urls, verbs });
  return yield* createObject(call, { apiVersion, kind: kind === 'role' ? 'Role' : 'ClusterRole', metadata: { name }, rules });
}

/** Subjects: users, then groups, then service accounts. */
export function* createBinding(call: Call, kind: string, name: string): Program<number> {
  const role = flagOf(call, 'role');
  const clusterRole = flagOf(call, 'clusterrole');
  if (kind === 'rolebinding' && (role === undefined) === (clusterRole === undefined))
    return yield* fail('exactly one of clusterrole or role must be specified');
  if (kind === 'clusterrolebinding' && clusterRole === undefined) return yield* fail('required flag(s) "clusterrole" not set');
  const subjects: Json[] = ['User', 'Group'].flatMap((one) =>
    values(call, one.toLowerCase()).map((subject) => ({ apiGroup: GROUP, kind: one, name: subject })),
  );
  for (const account of values(call, 'serviceaccount')) {
    const [namespace, own, more] = account.split(':');
    if (!namespace || !own || more !== undefined) return yield* fail('serviceaccount must be <namespace>:<name>');
    subjects.push({ kind: 'ServiceAccount', name: own, namespace });
  }
  return yield* createObject(call, {
    apiVersion,
    kind: kind === 'rolebinding' ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: clusterRole === undefined ? 'Role' : 'ClusterRole', name: clusterRole ?? role },
    ...(subjects.length > 0 ? { subjects } : {}),
  });
}
