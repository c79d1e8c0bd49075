// How the files of a volume get the SELinux label of a pod: by a mount option, or by the runtime's walk through all of them.

import { fileContext, randomLevel } from '#base/selinux.ts';
import { branchOrigin, type Origin } from '#provenance/origin.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json, Origins } from './effective.ts';

export type SeLinuxDecision =
  | { readonly how: 'mount'; readonly context: string }
  | { readonly how: 'relabel'; readonly why: RelabelReason }
  /** The containers do not agree: the pod cannot start. */
  | { readonly how: 'refused'; readonly contexts: readonly string[] };

/** Why a volume is not mounted with a context, in the words of the field that decides. */
const BECAUSE = {
  accessModes: 'accessModes of the PersistentVolume is not just ReadWriteOncePod',
  seLinuxMount: 'seLinuxMount of the CSIDriver is not true',
  seLinuxOptions: 'no container that mounts it has seLinuxOptions',
  seLinuxChangePolicy: 'seLinuxChangePolicy is Recursive',
} as const;

export type RelabelReason = keyof typeof BECAUSE;

/** What decides, beside the pod. */
export interface SeLinuxVolume {
  /** The pod's name of the volume. */
  readonly name: string;
  /** Of the PersistentVolume; null: there is none. */
  readonly accessModes: readonly string[] | null;
  /** `CSIDriver.spec.seLinuxMount`. */
  readonly seLinuxMount: boolean;
}

/** The options of every container that mounts a volume. Counterpart: GetPodVolumeNames, pkg/volume/util/util.go, Kubernetes 1.36 */
function optionsOf({ spec }: KubeObject, name: string): readonly Json[] {
  const containers: Json[] = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  return containers
    .filter(({ volumeMounts = [] }) => volumeMounts.some((mount: Json) => mount.name === name))
    .map(({ securityContext }) => securityContext?.seLinuxOptions ?? spec.securityContext?.seLinuxOptions)
    .filter((options) => options !== undefined && options !== null);
}

/**
 * Whether a volume is mounted with `-o context=` on a node with SELinux. A level that is not given is drawn anew for every container,
 * and is not the one the runtime draws.
 * Counterpart: GetMountSELinuxLabel and VolumeSupportsSELinuxMount, pkg/volume/util/selinux.go, Kubernetes 1.36, with the gates
 * SELinuxMountReadWriteOncePod on and SELinuxMount off.
 */
export function seLinuxDecision(pod: KubeObject, volume: SeLinuxVolume, random: () => number): SeLinuxDecision {
  const relabel = (why: RelabelReason): SeLinuxDecision => ({ how: 'relabel', why });
  if (volume.accessModes?.join() !== 'ReadWriteOncePod') return relabel('accessModes');
  const contexts = new Set<string>();
  for (const options of optionsOf(pod, volume.name)) {
    const given = Object.values(options).some((value) => value !== '');
    contexts.add(given ? fileContext(options.user, options.level || randomLevel(random)) : '');
  }
  const [context = '', ...others] = contexts;
  if (others.length > 0) return { how: 'refused', contexts: [...contexts] };
  if (context === '') return relabel('seLinuxOptions');
  if (pod.spec.securityContext?.seLinuxChangePolicy === 'Recursive') return relabel('seLinuxChangePolicy');
  return volume.seLinuxMount ? { how: 'mount', context } : relabel('seLinuxMount');
}

/** The decision as a cause of a mount, with the fields of the pod that count. `pointer`: that of the container. */
export function seLinuxOrigin(
  decision: SeLinuxDecision,
  asked: Origin,
  pod: KubeObject,
  container: Json,
  origins: Origins,
  pointer: string,
): Origin {
  const field = (at: string): Origin => branchOrigin(origins, at);
  const rule = (name: string, from: readonly Origin[], operands: Readonly<Record<string, unknown>>): Origin => ({
    kind: 'rule',
    rule: `kubelet.${name}`,
    from: [asked, ...from],
    operands,
  });
  if (decision.how === 'mount') {
    const own = container.securityContext?.seLinuxOptions;
    const options = `${own ? pointer : '/spec'}/securityContext/seLinuxOptions`;
    const given = Object.keys(own ?? pod.spec.securityContext?.seLinuxOptions ?? {}).filter((name) => name === 'user' || name === 'level');
    return rule(
      'seLinuxMount',
      given.map((name) => field(`${options}/${name}`)),
      { context: decision.context },
    );
  }
  const policy = decision.how === 'relabel' && decision.why === 'seLinuxChangePolicy';
  return rule('seLinuxRelabel', policy ? [field('/spec/securityContext/seLinuxChangePolicy')] : [], {
    because: decision.how === 'relabel' ? BECAUSE[decision.why] : '',
  });
}
