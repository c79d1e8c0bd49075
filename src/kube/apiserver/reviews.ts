// Questions about one's own rights. Counterpart: kubernetes/pkg/registry/authorization, v1.36.

import type { RestRequest } from '#base/rest.ts';
import { decide, rulesFor } from './rbac.ts';
import { type Answer, answer } from './refusal.ts';
import type { Resource } from './resources.ts';

// biome-ignore lint/suspicious/noExplicitAny: a review comes from kubectl
type Json = any;

/** Answers a SelfSubjectAccessReview or a SelfSubjectRulesReview; undefined: the request is something else. */
export function selfReview(objects: Parameters<typeof decide>[0], resource: Resource, request: RestRequest): Answer | undefined {
  if (request.verb !== 'create') return undefined;
  const body = (request.body ?? {}) as Json;
  const { spec = {} } = body;
  if (resource.kind === 'SelfSubjectAccessReview') {
    const { verb = '', group = '', resource: plural = '', subresource = '', name = '', namespace = '' } = spec.resourceAttributes ?? {};
    const path = spec.nonResourceAttributes;
    const { allowed, reason } = decide(objects, request, {
      verb: path?.verb ?? verb,
      group,
      resource: subresource === '' ? plural : `${plural}/${subresource}`,
      name,
      namespace,
      ...(path === undefined ? {} : { path: path.path }),
    });
    return answer({ ...body, status: { allowed, ...(reason === '' ? {} : { reason }) } }, 201);
  }
  if (resource.kind !== 'SelfSubjectRulesReview') return undefined;
  const groups = request.groups ?? ['system:masters', 'system:authenticated'];
  const { rules } = rulesFor(objects, { ...request, groups }, spec.namespace ?? '');
  return answer(
    {
      ...body,
      status: {
        incomplete: false,
        resourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs === undefined),
        nonResourceRules: rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined),
      },
    },
    201,
  );
}
