// What pods ask for and may use at most, summed over their containers.

import { nanoOf, sumOf } from './quantity.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
type Json = any;
type Amounts = Readonly<Record<string, string>>;

const larger = (a: string | undefined, b: string): string => (a === undefined || nanoOf(b) > nanoOf(a) ? b : a);
const plus = (a: Amounts, b: Amounts): Amounts =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, sumOf([a[name], b[name]].filter((q) => q !== undefined))]),
  );
const most = (a: Amounts, b: Amounts): Amounts => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([name, q]) => [name, larger(a[name], q)])),
});

/**
 * What a pod's spec asks for (`requests`) or may use (`limits`), a quantity for each resource: its containers and sidecars together, or an
 * init container with the sidecars before it where that is more, then the pod's overhead; resources of the pod itself win.
 * Counterpart: PodRequests and PodLimits, k8s.io/component-helpers/resource/helpers.go, Kubernetes 1.36
 */
export function podResources(spec: Json, field: 'requests' | 'limits'): Amounts {
  const own = (container: Json): Amounts => container.resources?.[field] ?? {};
  let sidecars: Amounts = {};
  let starting: Amounts = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars = plus(sidecars, own(container));
    starting = most(starting, container.restartPolicy === 'Always' ? sidecars : plus(own(container), sidecars));
  }
  const running = (spec.containers ?? []).map(own).reduce(plus, sidecars);
  const together: Amounts = { ...most(running, starting), ...spec.resources?.[field] };
  const overhead: Amounts = spec.overhead ?? {};
  return plus(
    together,
    field === 'requests' ? overhead : Object.fromEntries(Object.entries(overhead).filter(([name]) => name in together)),
  );
}
