// kubectl logs.

import type { Program } from '#kernel/uapi/index.ts';
import { chooseContainer, findPods } from './podTarget.ts';
import { type Answer, type Call, errOut, fail, flagOf, isSet, type Json, out, send, statusText, usage } from './session.ts';
import { duration } from './wait.ts';

const USAGE = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";

/** One container whose log is asked for. */
interface Source {
  readonly pod: Json;
  readonly container: string;
}

/** What the flags ask of each log; a number is an exit status after an error was printed. Counterpart: LogsOptions.ToLogOptions and Validate */
function* logQuery(call: Call): Program<Readonly<Record<string, string>> | number> {
  const [since, sinceTime, given] = [flagOf(call, 'since'), flagOf(call, 'since-time'), flagOf(call, 'tail')];
  const age = since === undefined ? 0n : duration(since);
  if (age === undefined) return yield* fail(`invalid argument "${since}" for "--since" flag: time: invalid duration "${since}"`);
  if (sinceTime !== undefined && age !== 0n) return yield* fail('at most one of `sinceTime` or `sinceSeconds` may be specified');
  if (sinceTime !== undefined && Number.isNaN(Date.parse(sinceTime)))
    return yield* fail(`parsing time "${sinceTime}" as "2006-01-02T15:04:05Z07:00": cannot parse "${sinceTime}" as "2006"`);
  if (isSet(call, 'all-containers') && flagOf(call, 'container') !== undefined)
    return yield* fail(`--all-containers=true should not be specified with container name ${flagOf(call, 'container')}`);
  const limit = flagOf(call, 'limit-bytes');
  if (Number(limit ?? 0) < 0) return yield* fail('--limit-bytes must be greater than 0');
  if (age < 0n) return yield* fail('--since must be greater than 0');
  const tail = given ?? (flagOf(call, 'selector') === undefined ? '-1' : '10');
  if (Number(tail) < -1) return yield* fail('--tail must be greater than or equal to -1');
  return {
    ...(isSet(call, 'previous') ? { previous: 'true' } : {}),
    ...(isSet(call, 'timestamps') ? { timestamps: 'true' } : {}),
    ...(tail === '-1' ? {} : { tailLines: tail }),
    ...(limit === undefined || limit === '0' ? {} : { limitBytes: limit }),
    ...(age === 0n ? {} : { sinceSeconds: String((age + 500_000_000n) / 1_000_000_000n) }),
    ...(sinceTime === undefined ? {} : { sinceTime }),
  };
}

/** The pods meant by a name, a workload or a selector. */
function* podsOf(call: Call): Program<readonly Json[] | number> {
  const [word] = call.parsed.args;
  const selector = flagOf(call, 'selector');
  if (word === undefined) {
    const place = { group: '', version: 'v1', resource: 'pods', namespace: call.namespace };
    const listed = yield* send(call, { verb: 'list', ...place, query: { labelSelector: selector as string } });
    if (!listed.ok) {
      yield* errOut(statusText(listed.status));
      return 1;
    }
    if (listed.body.items.length === 0) yield* errOut(`No resources found in ${call.namespace} namespace.\n`);
    return listed.body.items;
  }
  const pods = yield* findPods(call, word, {
    timeout: '20s',
    deletion: false,
    notFound: (status) =>
      status?.reason === 'NotFound' && !word.includes('/')
        ? `error: error from server (NotFound): ${status.message} in namespace "${call.namespace}"\n`
        : statusText(status),
  });
  if (typeof pods === 'number' || pods.length === 1 || isSet(call, 'all-pods')) return pods;
  yield* errOut(`Found ${pods.length} pods, using pod/${pods[0].metadata.name}\n`);
  return pods.slice(0, 1);
}

/** Counterpart: logsForObject, kubectl/pkg/polymorphichelpers */
function* sourcesOf(call: Call, pods: readonly Json[]): Program<readonly Source[] | number> {
  const sources: Source[] = [];
  for (const pod of pods) {
    if (isSet(call, 'all-containers')) {
      const all: Json[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])];
      sources.push(...all.map((c) => ({ pod, container: c.name as string })));
      continue;
    }
    const container = yield* chooseContainer(call, pod);
    if (typeof container === 'number') return container;
    sources.push({ pod, container });
  }
  return sources;
}

const placeOf = ({ pod }: Source) => ({
  group: '',
  version: 'v1',
  resource: 'pods',
  namespace: pod.metadata.namespace,
  name: pod.metadata.name,
});

function* ask(call: Call, source: Source, query: Readonly<Record<string, string>>): Program<Answer> {
  return yield* send(call, { verb: 'get', ...placeOf(source), subresource: 'log', query: { container: source.container, ...query } });
}

const isRunning = (call: Call, source: Source): boolean => {
  const now = call.port.request({ verb: 'get', ...placeOf(source) });
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = (now.body as Json)?.status ?? {};
  const all: Json[] = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  return now.code < 400 && all.some((s) => s.name === source.container && s.state?.running);
};

/** Counterpart: kubectl/pkg/cmd/logs, v1.36. Deviates: logs of several containers come in the order of the list, the real one’s in none */
export function* logs(given: Call): Program<number> {
  const { args } = given.parsed;
  const selector = flagOf(given, 'selector');
  if (args.length > 2 || (args.length === 0 && selector === undefined)) return yield* usage(given, USAGE);
  if (args.length === 1 && selector !== undefined) return yield* usage(given, 'only a selector (-l) or a POD name is allowed');
  if (args.length === 2 && flagOf(given, 'container') !== undefined)
    return yield* fail('only one of -c or an inline [CONTAINER] arg is allowed');
  const values = new Map(given.parsed.values);
  if (args[1] !== undefined) values.set('container', [args[1]]);
  const call = { ...given, parsed: { ...given.parsed, values } };
  const query = yield* logQuery(call);
  if (typeof query === 'number') return query;
  const pods = yield* podsOf(call);
  if (typeof pods === 'number') return pods;
  const sources = yield* sourcesOf(call, pods);
  if (typeof sources === 'number') return sources;
  const follow = isSet(call, 'follow');
  const most = Number(flagOf(call, 'max-log-requests') ?? 5);
  if (follow && sources.length > 1 && sources.length > most)
    return yield* fail(
      `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
    );
  const prefixed = isSet(call, 'prefix') || isSet(call, 'all-pods');
  const show = function* ({ pod, container }: Source, text: string): Program<void> {
    yield* out(prefixed ? text.replace(/^(?=.)/gm, `[pod/${pod.metadata.name}/${container}] `) : text);
  };
  const { tailLines: _, ...whole } = query;
  const seen = new Map<Source, number>();
  for (const source of sources) {
    const first = yield* ask(call, source, query);
    if (first.ok) yield* show(source, String(first.body));
    else if (isSet(call, 'ignore-errors')) yield* out(`error: ${first.status.message}\n`);
    else {
      yield* errOut(statusText(first.status));
      return 1;
    }
    if (!follow || !first.ok) continue;
    const before = yield* ask(call, source, whole);
    seen.set(source, before.ok ? String(before.body).length : 0);
  }
  while (seen.size > 0) {
    for (const [source, length] of seen) {
      const running = isRunning(call, source);
      const next = yield* ask(call, source, whole);
      const text = next.ok ? String(next.body) : '';
      if (text.length > length) yield* show(source, text.slice(length));
      if (next.ok && running) seen.set(source, Math.max(length, text.length));
      else seen.delete(source);
    }
    if (seen.size > 0) yield* call.port.waitForChange(1_000_000_000n);
  }
  return 0;
}
