// kubectl logs.

import type { Program } from '#kernel/uapi/index.ts';
import { chooseContainer, findPod } from './podTarget.ts';
import { type Call, errOut, fail, flagOf, isSet, type Json, out, send, statusText, usage } from './session.ts';

/** Counterpart: kubectl/pkg/cmd/logs, v1.36 */
export function* logs(call: Call): Program<number> {
  const word = call.parsed.args[0];
  if (word === undefined)
    return yield* usage(
      call,
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command",
    );
  const pod: Json | number = yield* findPod(call, word, (status) =>
    status?.reason === 'NotFound' && !word.includes('/')
      ? `error: error from server (NotFound): ${status.message} in namespace "${call.namespace}"\n`
      : statusText(status),
  );
  if (typeof pod === 'number') return pod;
  let containers: string[];
  if (isSet(call, 'all-containers'))
    containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])].map(
      (c: Json) => c.name,
    );
  else {
    if (call.parsed.args[1] !== undefined && flagOf(call, 'container') === undefined)
      call = { ...call, parsed: { ...call.parsed, values: new Map([...call.parsed.values, ['container', [call.parsed.args[1]]]]) } };
    const container = yield* chooseContainer(call, pod);
    if (typeof container === 'number') return container;
    containers = [container];
  }
  const tail = flagOf(call, 'tail');
  const since = flagOf(call, 'since');
  const seconds = since === undefined ? undefined : /^(\d+)([smh])$/.exec(since);
  if (since !== undefined && !seconds)
    return yield* fail(`invalid argument "${since}" for "--since" flag: time: invalid duration "${since}"`);
  for (const container of containers) {
    const query = {
      container,
      ...(isSet(call, 'previous') ? { previous: 'true' } : {}),
      ...(isSet(call, 'timestamps') ? { timestamps: 'true' } : {}),
      ...(tail === undefined || tail === '-1' ? {} : { tailLines: tail }),
      ...(flagOf(call, 'limit-bytes') === undefined ? {} : { limitBytes: flagOf(call, 'limit-bytes') as string }),
      ...(seconds ? { sinceSeconds: String(Number(seconds[1]) * { s: 1, m: 60, h: 3600 }[seconds[2] as 's']) } : {}),
    };
    const prefix = isSet(call, 'prefix') ? `[pod/${pod.metadata.name}/${container}] ` : '';
    const show = (text: string): string => (prefix === '' ? text : text.replace(/^(?=.)/gm, prefix));
    const ask = (q: Readonly<Record<string, string>>) =>
      send(call, {
        verb: 'get',
        group: '',
        version: 'v1',
        resource: 'pods',
        subresource: 'log',
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
        query: q,
      });
    const first = yield* ask(query);
    if (!first.ok) {
      yield* errOut(statusText(first.status));
      return 1;
    }
    yield* out(show(String(first.body)));
    if (!isSet(call, 'follow')) continue;
    const { tailLines: _, ...whole } = query;
    const before = yield* ask(whole);
    let seen = before.ok ? String(before.body).length : 0;
    for (;;) {
      const now: Json | undefined = call.port.request({
        verb: 'get',
        group: '',
        version: 'v1',
        resource: 'pods',
        namespace: pod.metadata.namespace,
        name: pod.metadata.name,
      });
      const next = yield* ask(whole);
      const text: string = next.ok ? String(next.body) : '';
      if (text.length > seen) yield* out(show(text.slice(seen)));
      seen = Math.max(seen, text.length);
      const status = [...(now?.body?.status?.containerStatuses ?? []), ...(now?.body?.status?.initContainerStatuses ?? [])].find(
        (s: Json) => s.name === container,
      );
      if (!next.ok || now?.code >= 400 || !status?.state?.running) break;
      yield* call.port.waitForChange(1_000_000_000n);
    }
  }
  return 0;
}
