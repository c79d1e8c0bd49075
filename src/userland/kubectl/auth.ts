// kubectl auth: who one is, and what one may do.

import type { Program } from '#kernel/uapi/index.ts';
import { groupsOf, nameOf } from './impersonate.ts';
import { findResource } from './resources.ts';
import { ruleRows } from './rules.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out, send, statusText, usage } from './session.ts';
import { renderTable } from './table.ts';

/** A review of one's own rights. */
const review = (call: Call, kind: string, spec: Json): Program<{ ok: true; body: Json } | { ok: false; status: Json }> =>
  send(call, {
    verb: 'create',
    group: 'authorization.k8s.io',
    version: 'v1',
    resource: `${kind.toLowerCase()}s`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {}, spec },
  });

/** Counterpart: kubectl/pkg/cmd/auth, v1.36. Deviates: auth reconcile is refused */
export function* auth(call: Call): Program<number> {
  const [sub, ...args] = call.parsed.args;
  const user = flagOf(call, 'as');
  if (sub === 'whoami') {
    yield* out(
      renderTable([
        ['ATTRIBUTE', 'VALUE'],
        ['Username', nameOf(user)],
        ['Groups', `[${groupsOf(user, flagsOf(call, 'as-group')).join(' ')}]`],
      ]),
    );
    return 0;
  }
  if (sub === 'reconcile') return yield* fail('"kubectl auth reconcile" is not simulated here');
  if (sub !== 'can-i') return yield* usage(call, `unknown command "${sub ?? ''}"`);
  return isSet(call, 'list') ? yield* listRights(call) : yield* canI(call, args);
}

function* listRights(call: Call): Program<number> {
  const answer = yield* review(call, 'SelfSubjectRulesReview', { namespace: call.namespace });
  if (!answer.ok) {
    yield* errOut(statusText(answer.status));
    return 1;
  }
  const { resourceRules, nonResourceRules } = answer.body.status;
  const head = isSet(call, 'no-headers') ? [] : [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']];
  yield* out(renderTable([...head, ...ruleRows([...resourceRules, ...nonResourceRules])]));
  return 0;
}

function* canI(call: Call, [verb, what = '', extra]: readonly string[]): Program<number> {
  if (verb === undefined || what === '' || extra !== undefined)
    return yield* fail(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    );
  let spec: Json;
  if (what.startsWith('/')) spec = { nonResourceAttributes: { path: what, verb } };
  else {
    const [type = '', name = ''] = what.split('/');
    const resource = findResource(call.port.resources(), type);
    if (resource === undefined && type !== '*') yield* errOut(`Warning: the server doesn't have a resource type '${type}'\n\n`);
    else if (resource && !resource.namespaced)
      yield* errOut(
        `Warning: resource '${resource.plural}' is not namespace scoped${resource.group === '' ? '' : ` in group '${resource.group}'`}\n\n`,
      );
    const subresource = flagOf(call, 'subresource');
    spec = {
      resourceAttributes: {
        verb,
        group: resource?.group ?? (type === '*' ? '*' : ''),
        resource: resource?.plural ?? type,
        ...(subresource === undefined ? {} : { subresource }),
        name,
        ...(isSet(call, 'all-namespaces') ? {} : { namespace: call.namespace }),
      },
    };
  }
  const answer = yield* review(call, 'SelfSubjectAccessReview', spec);
  if (!answer.ok) {
    yield* errOut(statusText(answer.status));
    return 1;
  }
  const { allowed, reason = '' } = answer.body.status;
  if (!isSet(call, 'quiet')) yield* out(allowed ? 'yes\n' : `no${reason === '' ? '' : ` - ${reason}`}\n`);
  return allowed ? 0 : 1;
}
