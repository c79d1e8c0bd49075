// kubectl describe.

import type { Program } from '#kernel/uapi/index.ts';
import { nowSeconds } from './clock.ts';
import { describeNode } from './describeNode.ts';
import { describePod, eventLines } from './describePod.ts';
import { describeRbac, isRbac } from './describeRbac.ts';
import { annotationLines, Lines, mapLines } from './describeText.ts';
import { describeQuota, describeWorkload, isWorkload } from './describeWorkload.ts';
import { type Failure, finish, serverFailure } from './failures.ts';
import type { Resource } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, getNamed, isSet, type Json, out, send } from './session.ts';
import { parseTargets } from './targets.ts';

function describeNamespace(object: Json): string {
  const lines = new Lines();
  lines.add(0, `Name:\t${object.metadata.name}`);
  mapLines(lines, 0, 'Labels', object.metadata.labels);
  annotationLines(lines, object.metadata.annotations);
  lines.add(0, `Status:\t${object.status?.phase ?? ''}`);
  return `${lines.render()}\nNo resource quota.\n\nNo LimitRange resource.\n`;
}

/** Counterpart: describeLimitRange, kubectl/pkg/describe/describe.go, where the resources of an item come in no order */
function describeLimitRange({ metadata, spec }: Json): string {
  const lines = new Lines();
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Namespace:\t${metadata.namespace}`);
  lines.add(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio');
  lines.add(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------');
  const fields = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio'] as const;
  for (const limit of spec?.limits ?? [])
    for (const name of [...new Set(fields.flatMap((field) => Object.keys(limit[field] ?? {})))].sort())
      lines.add(0, [limit.type, name, ...fields.map((field) => limit[field]?.[name] ?? '-')].join('\t'));
  return lines.render();
}

function describeOther(resource: Resource, object: Json, events: readonly Json[], now: number): string {
  const lines = new Lines();
  lines.add(0, `Name:\t${object.metadata.name}`);
  if (resource.namespaced) lines.add(0, `Namespace:\t${object.metadata.namespace}`);
  mapLines(lines, 0, 'Labels', object.metadata.labels);
  annotationLines(lines, object.metadata.annotations);
  let body = '';
  if (object.kind === 'ConfigMap') {
    body = '\nData\n====\n';
    for (const [key, value] of Object.entries(object.data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
      body += `${key}:\n----\n${value}\n\n`;
    body += '\nBinaryData\n====\n\n';
  } else if (object.kind === 'Secret') {
    body = `\nType:  ${object.type}\n\nData\n====\n`;
    for (const [key, value] of Object.entries(object.data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
      body += `${key}:  ${Math.floor((String(value).replace(/=+$/, '').length * 3) / 4)} bytes\n`;
  }
  if (object.kind === 'Secret') return lines.render() + body;
  const tail = new Lines();
  eventLines(tail, events, now);
  return lines.render() + body + tail.render();
}

/** Counterpart: kubectl/pkg/cmd/describe, v1.36 */
export function* describe(call: Call): Program<number> {
  if (call.parsed.args.length === 0) {
    yield* errOut(
      `You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl describe -h' for help and examples\n`,
    );
    return 1;
  }
  const parsed = parseTargets(call.port.resources(), call.parsed.args);
  if (!parsed.ok) return yield* fail(parsed.error);
  const failures: Failure[] = [];
  const found: { resource: Resource; object: Json }[] = [];
  const everywhere = isSet(call, 'all-namespaces') ? { namespace: undefined } : {};
  for (const { resource, name } of parsed.targets) {
    const where = about(resource, call.namespace);
    if (name !== undefined) {
      const answer = yield* getNamed(call, { ...where, name });
      if (answer.ok) found.push({ resource, object: answer.body });
      else failures.push(serverFailure(answer.status, ''));
      continue;
    }
    const selector = flagOf(call, 'selector');
    const listed = yield* send(call, {
      verb: 'list',
      ...where,
      ...everywhere,
      query: selector === undefined ? {} : { labelSelector: selector },
    });
    if (listed.ok)
      for (const object of listed.body.items)
        found.push({
          resource,
          object: { apiVersion: resource.group === '' ? 'v1' : `${resource.group}/v1`, kind: resource.kind, ...object },
        });
    else failures.push(serverFailure(listed.status, ''));
  }
  const now = yield* nowSeconds();
  for (const [i, { resource, object }] of found.entries()) {
    const list = (name: string, group = ''): readonly Json[] => {
      const response = call.port.request({
        verb: 'list',
        group,
        version: 'v1',
        resource: name,
        ...(name === 'events' && resource.namespaced ? { namespace: object.metadata.namespace } : {}),
      });
      return response.code < 400 ? ((response.body as Json).items ?? []) : [];
    };
    const events = (flagOf(call, 'show-events') === 'false' ? [] : list('events')).filter(
      (e: Json) =>
        e.involvedObject?.kind === resource.kind &&
        e.involvedObject?.name === object.metadata.name &&
        (!e.involvedObject.uid || resource.kind !== 'Pod' || e.involvedObject.uid === object.metadata.uid),
    );
    const text =
      resource.kind === 'Pod'
        ? describePod(object, events, now)
        : resource.kind === 'Namespace'
          ? describeNamespace(object)
          : resource.kind === 'Node'
            ? describeNode(
                object,
                list('pods').filter((p: Json) => !['Succeeded', 'Failed'].includes(p.status?.phase)),
                events,
                now,
              )
            : resource.kind === 'LimitRange'
              ? describeLimitRange(object)
              : isRbac(resource.kind)
                ? describeRbac(object)
                : resource.kind === 'ResourceQuota'
                  ? describeQuota(object)
                  : isWorkload(resource.kind)
                    ? describeWorkload(resource.kind, object, {
                        events,
                        now,
                        pods: list('pods').filter((p: Json) =>
                          (p.metadata.ownerReferences ?? []).some((o: Json) => o.uid === object.metadata.uid),
                        ),
                        replicaSets: resource.kind === 'Deployment' ? list('replicasets', 'apps') : [],
                      })
                    : describeOther(resource, object, events, now);
    yield* out(`${i > 0 ? '\n\n' : ''}${text}`);
  }
  if (found.length === 0 && failures.length === 0)
    yield* errOut(isSet(call, 'all-namespaces') ? 'No resources found\n' : `No resources found in ${call.namespace} namespace.\n`);
  return yield* finish(failures);
}
