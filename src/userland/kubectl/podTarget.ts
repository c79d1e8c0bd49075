// Which pod and which container exec, logs and attach are about.

import type { Program } from '#kernel/uapi/index.ts';
import { monotonic } from './clock.ts';
import { findResource } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, getNamed, isSet, type Json, send, statusText } from './session.ts';
import { duration } from './wait.ts';

const PHASES: Readonly<Record<string, number>> = { Running: 0, Unknown: 1, Pending: 2 };

const readySince = (pod: Json): string | undefined =>
  (pod.status?.conditions ?? []).find((c: Json) => c.type === 'Ready' && c.status === 'True')?.lastTransitionTime;
const restarts = (pod: Json): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((c: Json) => c.restartCount));

/**
 * Which of two pods is better to look at: on a node, running, ready, not being deleted, longest ready, most often restarted, oldest.
 * Counterpart: ByLogging and the reverse of ActivePods, kubectl/pkg/util/podutils, v1.36; only the latter looks at deletion
 */
function better(a: Json, b: Json, deletion: boolean): number {
  const ranks = (pod: Json): readonly (number | string)[] => [
    pod.spec.nodeName ? 0 : 1,
    PHASES[pod.status?.phase] ?? 0,
    readySince(pod) === undefined ? 1 : 0,
    deletion && pod.metadata.deletionTimestamp ? 1 : 0,
    readySince(pod) ?? '',
    -restarts(pod),
    pod.metadata.creationTimestamp,
  ];
  const [x, y] = [ranks(a), ranks(b)];
  const at = x.findIndex((rank, i) => rank !== y[i]);
  return at < 0 ? 0 : (x[at] as number) < (y[at] as number) ? -1 : 1;
}

/** The pods behind POD or TYPE/NAME, the best one first; a number is the exit status after an error was printed. */
export function* findPods(
  call: Call,
  word: string,
  { timeout, deletion, notFound }: { readonly timeout: string; readonly deletion: boolean; readonly notFound?: (status: Json) => string },
): Program<readonly Json[] | number> {
  const slash = word.indexOf('/');
  const resource = findResource(call.port.resources(), slash < 0 ? 'pods' : word.slice(0, slash));
  if (!resource) return yield* fail(`the server doesn't have a resource type "${word.slice(0, slash)}"`);
  const name = word.slice(slash + 1);
  const answer = yield* getNamed(call, { ...about(resource, call.namespace), name });
  if (!answer.ok) {
    yield* errOut(notFound?.(answer.status) ?? statusText(answer.status));
    return 1;
  }
  if (resource.kind === 'Pod') return [answer.body];
  const labels: Readonly<Record<string, string>> =
    answer.body.spec?.selector?.matchLabels ?? answer.body.spec?.selector ?? answer.body.spec?.template?.metadata?.labels ?? {};
  const labelSelector = Object.entries(labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');
  const end = (yield* monotonic()) + (duration(flagOf(call, 'pod-running-timeout') ?? timeout) ?? 0n);
  for (;;) {
    const place = { group: '', version: 'v1', resource: 'pods', namespace: call.namespace };
    const pods = yield* send(call, { verb: 'list', ...place, query: { labelSelector } });
    const items: Json[] = pods.ok ? pods.body.items : [];
    if (items.length > 0) return [...items].sort((a, b) => better(a, b, deletion));
    const left = end - (yield* monotonic());
    if (left <= 0n) return yield* fail('timed out waiting for the condition');
    yield* call.port.waitForChange(left);
  }
}

/** The pod to run a command in. Counterpart: attachablePodForObject, kubectl/pkg/polymorphichelpers, v1.36 */
export function* findPod(call: Call, word: string): Program<Json | number> {
  const pods = yield* findPods(call, word, { timeout: '1m', deletion: true });
  return typeof pods === 'number' ? pods : pods[0];
}

/** Every container as the messages list them. Counterpart: AllContainerNames, kubectl/pkg/cmd/util/podcmd */
export function containerNames(pod: Json): string {
  const names = (list: string, tail: string): string[] => (pod.spec[list] ?? []).map((c: Json) => `${c.name}${tail}`);
  return [...names('containers', ''), ...names('ephemeralContainers', ' (ephem)'), ...names('initContainers', ' (init)')].join(', ');
}

export const hasContainer = (pod: Json, name: string): boolean =>
  ['containers', 'ephemeralContainers', 'initContainers'].some((list) => (pod.spec[list] ?? []).some((c: Json) => c.name === name));

/** The container of -c, of the annotation, or the first one, which is then announced. A number is an exit status. */
export function* chooseContainer(call: Call, pod: Json, prefix = ''): Program<string | number> {
  const wanted = flagOf(call, 'container') ?? pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (wanted !== undefined && wanted !== '') {
    if (hasContainer(pod, wanted)) return wanted;
    if (flagOf(call, 'container') !== undefined)
      return yield* fail(`${prefix}container ${wanted} is not valid for pod ${pod.metadata.name} out of: ${containerNames(pod)}`);
  }
  const first: string = pod.spec.containers[0].name;
  const names = containerNames(pod);
  if (names !== first && !isSet(call, 'quiet')) yield* errOut(`Defaulted container "${first}" out of: ${names}\n`);
  return first;
}
