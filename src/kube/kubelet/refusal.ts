// What the kubelet refuses, written down for explanations: the rule, the fields it looked at and where those come from.

import type { Origin } from '#provenance/origin.ts';
import type { RefusalReason, RefusedField } from '#provenance/refusal.ts';
import type { KubeObject } from '../api/object.ts';
import { containersOf, effectiveContext, type ImageUser, type Json } from './effective.ts';
import type { KubeletOptions } from './options.ts';

/** Fields of a stored pod with their origins; a map or list is answered for by its first leaf. */
export function podFields(options: KubeletOptions, pod: KubeObject, pointers: readonly string[]): readonly RefusedField[] {
  const origins = options.api.originsOf('Pod', pod.metadata.namespace ?? 'default', pod.metadata.name);
  return pointers.map((pointer): RefusedField => {
    const leaf = Object.keys(origins).find((one) => one === pointer || one.startsWith(`${pointer}/`));
    const origin = leaf === undefined ? undefined : origins[leaf];
    return origin === undefined ? { pointer } : { pointer, origin };
  });
}

/** `message`: why, as the status says it; `event`: the text of the Event. */
export function noteRefusal(
  options: KubeletOptions,
  pod: KubeObject,
  { message, event }: { readonly message: string; readonly event: string },
  reason: RefusalReason,
  container?: string,
): void {
  const { namespace = 'default', name } = pod.metadata;
  options.refused?.({
    object: { kind: 'Pod', namespace, name },
    message,
    event,
    reasons: [reason],
    ...(container === undefined ? {} : { container }),
  });
}

/** What runAsNonRoot compared: its own line, and the uid or the image that would be root. */
export function nonRootReason(options: KubeletOptions, pod: KubeObject, container: Json, user: ImageUser): RefusalReason {
  const origins = options.api.originsOf('Pod', pod.metadata.namespace ?? 'default', pod.metadata.name);
  const pointer = [...containersOf(pod)].find((one) => one.container.name === container.name)?.pointer ?? '';
  const effective = effectiveContext(pod, origins, container, pointer);
  const field = (name: 'runAsNonRoot' | 'runAsUser'): RefusedField => {
    const origin = effective.origins[`/${name}`];
    const at = origin?.kind === 'manifest' ? origin.pointer : `${pointer}/securityContext/${name}`;
    return origin === undefined ? { pointer: at } : { pointer: at, origin };
  };
  const image: Origin = { kind: 'image', image: user.image, what: `USER ${user.username || user.uid || '(none: root)'}` };
  const { runAsUser } = effective.value;
  return {
    rule: 'kubelet.runAsNonRoot',
    operands: runAsUser === undefined ? { imageUser: user.username || (user.uid ?? 0) } : { runAsUser },
    fields: [
      field('runAsNonRoot'),
      field('runAsUser'),
      ...(runAsUser === undefined ? [{ pointer: `${pointer}/image`, origin: image }] : []),
    ],
  };
}
