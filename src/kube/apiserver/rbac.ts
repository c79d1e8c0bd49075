// Who may do what: the rules that bindings give a user, and whether one of them covers a request.
// Counterpart: kubernetes/plugin/pkg/auth/authorizer/rbac and apiserver/pkg/endpoints/handlers/responsewriters/errors.go, v1.36.

import { ADMINISTRATOR, type RestRequest } from '#base/rest.ts';
import type { KubeObject } from '../api/object.ts';
import { failure } from './field-error.ts';
import { type Answer, refuseObject } from './refusal.ts';
import { qualifiedPlural, type Resource } from './resources.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What is asked for; resource with its subresource: pods/exec. `path`: not about a resource. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
  readonly namespace: string;
  readonly path?: string;
}

interface Objects {
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
}

/** Who a request is from. Requests without groups are those of the control plane itself. */
export type Subject = Pick<RestRequest, 'user' | 'groups'>;

const has = (list: readonly string[] | undefined, value: string): boolean => (list ?? []).some((one) => one === '*' || one === value);

function appliesTo(binding: KubeObject, { user = ADMINISTRATOR, groups = [] }: Subject): boolean {
  return ((binding.subjects ?? []) as Json[]).some(({ kind, name, namespace }) => {
    if (kind === 'User') return name === user;
    if (kind === 'Group') return groups.includes(name);
    return user === `system:serviceaccount:${namespace ?? binding.metadata.namespace}:${name}`;
  });
}

/** The rules a user has in a namespace ("": in the cluster as a whole), and what is wrong with bindings that name no role. */
export function rulesFor(
  objects: Objects,
  subject: Subject,
  namespace: string,
): { rules: readonly PolicyRule[]; errors: readonly string[] } {
  const bindings = [...objects.list('ClusterRoleBinding'), ...(namespace === '' ? [] : objects.list('RoleBinding', namespace))];
  const errors: string[] = [];
  const rules = bindings
    .filter((binding) => appliesTo(binding, subject))
    .flatMap((binding): readonly PolicyRule[] => {
      const { kind, name } = binding.roleRef as Json;
      const role = objects.get(kind, kind === 'Role' ? (binding.metadata.namespace ?? '') : '', name);
      if (role === undefined) errors.push(`${kind.toLowerCase()}.${RBAC_GROUP} "${name}" not found`);
      return (role?.rules ?? []) as PolicyRule[];
    });
  return { rules, errors };
}

/** Counterpart: RuleAllows */
export function covers(rule: PolicyRule, asked: Attributes): boolean {
  const { path } = asked;
  if (!has(rule.verbs, asked.verb)) return false;
  if (path !== undefined)
    return (rule.nonResourceURLs ?? []).some(
      (url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))),
    );
  const [, subresource] = asked.resource.split('/');
  const named = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, asked.group) &&
    (has(rule.resources, asked.resource) || (subresource !== undefined && (rule.resources ?? []).includes(`*/${subresource}`))) &&
    (named.length === 0 || named.includes(asked.name))
  );
}

const isAdministrator = ({ groups }: Subject): boolean => groups === undefined || groups.includes('system:masters');

/** Whether a user may; `reason` is what the server says besides. */
export function decide(objects: Objects, subject: Subject, asked: Attributes): { readonly allowed: boolean; readonly reason: string } {
  if (isAdministrator(subject)) return { allowed: true, reason: '' };
  const { rules, errors } = rulesFor(objects, subject, asked.namespace);
  if (rules.some((rule) => covers(rule, asked))) return { allowed: true, reason: '' };
  const text = errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
  return { allowed: false, reason: text === undefined ? '' : `RBAC: ${text}` };
}

/** The refusal of a request its user has no right to; undefined: it may go on. */
export function unauthorized(objects: Objects, resource: Resource, request: RestRequest): Answer | undefined {
  const name = request.name ?? '';
  // A namespace lies in itself. Counterpart: apiserver/pkg/endpoints/request/requestinfo.go
  const namespace = resource.kind === 'Namespace' ? name : resource.namespaced ? (request.namespace ?? '') : '';
  const full = request.subresource === undefined ? resource.plural : `${resource.plural}/${request.subresource}`;
  const asked = { verb: request.verb, group: resource.group, resource: full, name, namespace };
  const { allowed, reason } = decide(objects, request, asked);
  if (allowed) return undefined;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const cannot = `User "${request.user}" cannot ${request.verb} resource "${full}" in API group "${resource.group}" ${where}`;
  const message = `${qualifiedPlural(resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${cannot}${reason === '' ? '' : `: ${reason}`}`;
  const details = { ...(name === '' ? {} : { name }), ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural };
  const body = request.body as { readonly metadata?: { readonly name?: string } } | undefined;
  const sent = {
    kind: resource.kind,
    namespace,
    name: name || (body?.metadata?.name ?? ''),
    given: request.body ?? {},
    raw: request.raw,
    decided: {},
  };
  return refuseObject(failure(403, 'Forbidden', message, details), [], sent, [
    { rule: 'api.authorization', operands: { message: cannot }, pointers: [] },
  ]);
}
