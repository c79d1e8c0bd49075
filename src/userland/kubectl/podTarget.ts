// Which pod and which container exec, logs and attach are about.

import type { Program } from '#kernel/uapi/index.ts';
import { findResource, shownPlural } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, getNamed, isSet, type Json, send, statusText } from './session.ts';

/** The pod behind POD or TYPE/NAME; a number is the exit status after an error was printed. */
export function* findPod(call: Call, word: string, notFound?: (status: Json) => string): Program<Json | number> {
  const slash = word.indexOf('/');
  const resource = findResource(call.port.resources(), slash < 0 ? 'pods' : word.slice(0, slash));
  if (!resource) return yield* fail(`the server doesn't have a resource type "${word.slice(0, slash)}"`);
  const name = word.slice(slash + 1);
  const answer = yield* getNamed(call, { ...about(resource, call.namespace), name });
  if (!answer.ok) {
    yield* errOut(notFound?.(answer.status) ?? statusText(answer.status));
    return 1;
  }
  if (resource.kind === 'Pod') return answer.body;
  const labels: Readonly<Record<string, string>> =
    answer.body.spec?.selector?.matchLabels ?? answer.body.spec?.selector ?? answer.body.spec?.template?.metadata?.labels ?? {};
  const labelSelector = Object.entries(labels)
    .map(([k, v]) => `${k}=${v}`)
    .join(',');
  const pods = yield* send(call, {
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace: call.namespace,
    query: { labelSelector },
  });
  const items: Json[] = pods.ok ? pods.body.items : [];
  return items[0] ?? (yield* fail(`could not find any pods for ${shownPlural(resource)} ${name}`));
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
