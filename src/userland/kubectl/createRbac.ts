// create role, clusterrole, rolebinding and clusterrolebinding. Counterpart: kubectl/pkg/cmd/create, v1.36

import type { Program } from '#kernel/uapi/index.ts';
import { createObject } from './createObject.ts';
import { findResource } from './resources.ts';
import { type Call, errOut, fail, flagOf, flagsOf, type Json } from './session.ts';

const GROUP = 'rbac.authorization.k8s.io';
const apiVersion = `${GROUP}/v1`;

/** Values of a flag that may be repeated or hold several between commas, each once. */
const values = (call: Call, name: string): readonly string[] => [...new Set(flagsOf(call, name).flatMap((one) => one.split(',')))];

const VERBS = '* get delete list create update patch watch proxy deletecollection use bind escalate impersonate'.split(' ');
const ROLES = [`roles.${GROUP}`, `clusterroles.${GROUP}`];
/** Verbs for a few resources only, some of which are no resources of the server. */
const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: ROLES,
  escalate: ROLES,
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
};

/** One rule for each API group; `pods`, `deploy.apps`, `pods/log`. */
export function* createRole(call: Call, kind: string, name: string): Program<number> {
  const given = values(call, 'verb');
  const verbs = given.includes('*') ? ['*'] : given;
  const resources = values(call, 'resource');
  const resourceNames = values(call, 'resource-name');
  const urls = kind === 'clusterrole' ? values(call, 'non-resource-url') : [];
  if (verbs.length === 0) return yield* fail('at least one verb must be specified');
  for (const verb of verbs) if (!VERBS.includes(verb)) yield* errOut(`Warning: '${verb}' is not a standard resource verb\n`);
  if (resources.length === 0 && urls.length === 0)
    return yield* fail(kind === 'role' ? 'at least one resource must be specified' : 'one of resource or nonResourceURL must be specified');
  const byGroup = new Map<string, string[]>();
  for (const word of resources) {
    const [type = '', subresource] = word.split('/');
    const [own = '', ...group] = type.split('.');
    const asked = { group: group.join('.'), plural: own };
    const resource = own === '*' ? asked : findResource(call.port.resources(), type);
    const { group: inGroup, plural } = resource ?? asked;
    let known = resource !== undefined;
    for (const verb of own === '*' ? [] : verbs) {
      const special = SPECIAL[verb];
      if (special === undefined) continue;
      known = special.includes(inGroup === '' ? plural : `${plural}.${inGroup}`);
      if (!known) return yield* fail(`can not perform '${verb}' on '${plural}' in group '${inGroup}'`);
    }
    if (!known) return yield* fail(`the server doesn't have a resource type "${own}"`);
    const full = subresource === undefined ? plural : `${plural}/${subresource}`;
    const listed = byGroup.get(inGroup) ?? [];
    byGroup.set(inGroup, listed.includes(full) ? listed : [...listed, full]);
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
