// --as and --as-group: every request goes out in another's name.

import { ADMINISTRATOR, type RestRequest } from '#base/rest.ts';
import type { ClusterPort, ExecOptions } from './port.ts';

const AUTHENTICATED = 'system:authenticated';
const ADMIN_GROUPS = ['system:masters', AUTHENTICATED];

/**
 * The groups of a user. Of a service account they follow from its name when none are given.
 * Counterpart: apiserver/pkg/endpoints/filters/impersonation.go
 */
export function groupsOf(user: string | undefined, given: readonly string[]): readonly string[] {
  if (user === undefined) return ADMIN_GROUPS;
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(user) ?? [];
  const own = given.length > 0 || namespace === undefined ? given : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  if (user === 'system:anonymous') return own.length > 0 ? own : ['system:unauthenticated'];
  return own.includes(AUTHENTICATED) ? own : [...own, AUTHENTICATED];
}

export const nameOf = (user: string | undefined): string => user ?? ADMINISTRATOR;

/** The cluster as another user reaches it. */
export function impersonating(port: ClusterPort, user: string | undefined, given: readonly string[]): ClusterPort {
  if (user === undefined) return port;
  const who = { user, groups: groupsOf(user, given) };
  const request = (asked: RestRequest): ReturnType<ClusterPort['request']> => port.request({ ...asked, ...who });
  const forbidden = (subresource: string, { namespace, pod }: Pick<ExecOptions, 'namespace' | 'pod'>): { error: string } | undefined => {
    const { code, body } = request({ verb: 'create', group: '', version: 'v1', resource: 'pods', subresource, namespace, name: pod });
    return code === 403 ? { error: `Error from server (Forbidden): ${(body as { message: string }).message}` } : undefined;
  };
  return {
    ...port,
    request,
    *exec(options) {
      return forbidden('exec', options) ?? (yield* port.exec(options));
    },
    *attach(options) {
      return forbidden('attach', options) ?? (yield* port.attach(options));
    },
  };
}
