// kubectl expose.

import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { dryRunTail, findObjects, writeQuery } from './objects.ts';
import { printObject } from './output.ts';
import { type Call, flagOf, type Json, out, send } from './session.ts';

/** The labels a Service selects the object's pods by. Counterpart: MapBasedSelectorForObject, kubectl/pkg/polymorphichelpers */
function selectorOf(kind: string, object: Json): Record<string, string> | undefined {
  if (kind === 'Pod') return object.metadata.labels;
  return kind === 'ReplicationController' || kind === 'Service' ? object.spec.selector : object.spec.selector?.matchLabels;
}

const portsOf = (kind: string, object: Json): Json[] =>
  kind === 'Service'
    ? (object.spec.ports ?? []).map((p: Json) => ({ containerPort: p.port, protocol: p.protocol }))
    : (kind === 'Pod' ? object.spec : object.spec.template.spec).containers.flatMap((c: Json) => c.ports ?? []);

/** Counterpart: kubectl/pkg/cmd/expose, v1.36 */
export function* expose(call: Call): Program<number> {
  const failures: Failure[] = [];
  const found = yield* findObjects(call, call.parsed.args, failures);
  if (typeof found === 'number') return found;
  for (const { resource, object } of found) {
    const { name } = object.metadata;
    if (!['Pod', 'Service', 'ReplicationController', 'Deployment', 'ReplicaSet'].includes(resource.kind)) {
      failures.push(clientFailure(`cannot expose a ${resource.kind}.${resource.group}`));
      continue;
    }
    const given = flagOf(call, 'selector');
    const selector =
      given === undefined ? selectorOf(resource.kind, object) : Object.fromEntries(given.split(',').map((pair) => pair.split('=')));
    if (selector === undefined || Object.keys(selector).length === 0) {
      failures.push(
        clientFailure(
          resource.kind === 'Pod'
            ? "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed"
            : `couldn't retrieve selectors via --selector flag or introspection: invalid deployment: no selectors, therefore cannot be exposed`,
        ),
      );
      continue;
    }
    const own = portsOf(resource.kind, object);
    const port = flagOf(call, 'port');
    if (port === undefined && own.length === 0) {
      failures.push(clientFailure("couldn't find port via --port flag or introspection"));
      continue;
    }
    const protocol = flagOf(call, 'protocol') ?? 'TCP';
    const target = flagOf(call, 'target-port');
    const number = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);
    const ports =
      port === undefined
        ? own.map((p, i) => ({
            ...(own.length > 1 ? { name: `port-${i + 1}` } : {}),
            port: p.containerPort,
            protocol: p.protocol ?? 'TCP',
            targetPort: target === undefined ? p.containerPort : number(target),
          }))
        : port.split(',').map((p, i, all) => ({
            ...(all.length > 1 ? { name: `port-${i + 1}` } : {}),
            port: Number(p),
            protocol,
            targetPort: target === undefined ? Number(p) : number(target),
          }));
    const body = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...(object.metadata.labels ? { labels: object.metadata.labels } : {}), name: flagOf(call, 'name') ?? name },
      spec: {
        ports,
        selector,
        ...(flagOf(call, 'type') ? { type: flagOf(call, 'type') } : {}),
        ...(flagOf(call, 'cluster-ip') ? { clusterIP: flagOf(call, 'cluster-ip') } : {}),
      },
    };
    let shown: Json = { ...body, status: { loadBalancer: {} } };
    if (flagOf(call, 'dry-run') !== 'client') {
      const made = yield* send(call, {
        verb: 'create',
        group: '',
        version: 'v1',
        resource: 'services',
        namespace: call.namespace,
        body,
        query: writeQuery(call, 'kubectl-expose'),
      });
      if (!made.ok) {
        failures.push(serverFailure(made.status, ''));
        continue;
      }
      shown = made.body;
    }
    const output = flagOf(call, 'output');
    if (output) yield* printObject(call, output, shown);
    else yield* out(`service/${shown.metadata.name} exposed${dryRunTail(call)}\n`);
  }
  return yield* finish(failures);
}
