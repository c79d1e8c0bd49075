// kubectl auth, and what impersonation is answered with.

import { ADMINISTRATOR, type RestRequest, type RestResponse } from '#base/rest.ts';
import type { Program } from '#kernel/uapi/index.ts';
import type { ClusterPort } from './port.ts';
import { findResource } from './resources.ts';
import { type Call, errOut, fail, flagOf, isSet, out, usage } from './session.ts';
import { renderTable } from './table.ts';

const GROUPS = ['system:masters', 'system:authenticated'];

/** Nobody but the administrator has been granted anything here: no RBAC objects are simulated. */
const isAdmin = (user: string | undefined, groups: readonly string[]): boolean =>
  user === undefined || user === ADMINISTRATOR || groups.includes('system:masters');

/** The cluster as another user sees it: everything is forbidden to who was granted nothing. Counterpart: the RBAC authorizer with default roles */
export function impersonating(port: ClusterPort, user: string | undefined, groups: readonly string[]): ClusterPort {
  if (isAdmin(user, groups)) return user === undefined ? port : { ...port, request: (request) => port.request({ ...request, user }) };
  const refuse = (request: RestRequest): RestResponse => {
    const what = `${request.resource}${request.subresource ? `/${request.subresource}` : ''}${request.group === '' ? '' : `.${request.group}`}`;
    const name = request.name ? ` "${request.name}"` : '';
    const where = request.namespace === undefined ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
    const message = `${what}${name} is forbidden: User "${user}" cannot ${request.verb} resource "${request.resource}${request.subresource ? `/${request.subresource}` : ''}" in API group "${request.group}" ${where}`;
    return {
      code: 403,
      body: {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message,
        reason: 'Forbidden',
        details: { kind: request.resource, name: request.name },
        code: 403,
      },
      warnings: [],
    };
  };
  return { ...port, request: refuse };
}

/** Counterpart: kubectl/pkg/cmd/auth, v1.36. Deviates: rights are those of the administrator or none; auth reconcile is refused */
export function* auth(call: Call): Program<number> {
  const [sub, ...args] = call.parsed.args;
  const user = flagOf(call, 'as');
  const groups = call.parsed.values.get('as-group') ?? [];
  const allowed = isAdmin(user, groups);
  if (sub === 'whoami') {
    const shown = [...(user === undefined ? GROUPS : [...groups, 'system:authenticated'])];
    yield* out(
      renderTable([
        ['ATTRIBUTE', 'VALUE'],
        ['Username', user ?? ADMINISTRATOR],
        ['Groups', `[${shown.join(' ')}]`],
      ]),
    );
    return 0;
  }
  if (sub === 'reconcile') return yield* fail('"kubectl auth reconcile" is not simulated here');
  if (sub !== 'can-i') return yield* usage(call, `unknown command "${sub ?? ''}"`);
  if (isSet(call, 'list')) return yield* fail('"kubectl auth can-i --list" is not simulated here');
  const [verb, what = ''] = args;
  if (verb === undefined || what === '')
    return yield* fail(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  const type = what.split('/')[0] as string;
  const resource = findResource(call.port.resources(), type);
  if (resource === undefined && type !== '*' && !what.startsWith('/'))
    yield* errOut(`Warning: the server doesn't have a resource type '${type}'\n\n`);
  else if (resource && !resource.namespaced)
    yield* errOut(
      `Warning: resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}\n\n`,
    );
  if (!isSet(call, 'quiet')) yield* out(allowed ? 'yes\n' : 'no\n');
  return allowed ? 0 : 1;
}
