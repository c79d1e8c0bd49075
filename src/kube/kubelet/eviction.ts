// Pods that have written more to the node's disk than they may: they are ended and have failed.
// Counterpart: localStorageEviction, pkg/kubelet/eviction/eviction_manager.go, Kubernetes 1.36

import { parseQuantity, sumOf } from '#base/quantity.ts';
import { diskUsage, type Program, sys } from '#kernel/uapi/index.ts';
import type { RuntimeService } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { Live } from './live.ts';
import { podLogDirectory } from './logFiles.ts';
import type { KubeletOptions } from './options.ts';
import type { ReadyVolume } from './setUp.ts';

const SECOND = 1_000_000_000n;
/** The manager looks this often. Counterpart: evictionMonitoringPeriod, pkg/kubelet/kubelet.go */
const PERIOD = 10n * SECOND;
/** Volumes are measured this often. Counterpart: volumeStatsAggPeriod of the kubelet's configuration */
const VOLUMES_EVERY = 6;

/** What an evicted container has before SIGKILL, in seconds. Counterpart: immediateEvictionGracePeriodSeconds */
export const EVICTION_GRACE = 1;

const limitOf = (container: Json): string | undefined => container.resources?.limits?.['ephemeral-storage'];
const bytesOf = (quantity: string): number => Number((parseQuantity(quantity)?.nano ?? 0n) / 1_000_000_000n);
const shown = (quantity: string): string => parseQuantity(quantity)?.canonical ?? quantity;

/** emptyDir volumes on the disk that have a limit. A memory volume cannot grow beyond its own. */
const limitedVolumes = (pod: KubeObject): readonly Json[] =>
  (pod.spec.volumes ?? []).filter(
    (v: Json) => v.emptyDir?.sizeLimit && v.emptyDir.medium !== 'Memory' && bytesOf(v.emptyDir.sizeLimit) > 0,
  );

/** Whether the pod has any limit of that kind. */
export const hasStorageLimits = (pod: KubeObject): boolean =>
  limitedVolumes(pod).length > 0 || pod.spec.containers.some((c: Json) => limitOf(c) !== undefined);

/** The limit of the whole pod: the sum of its containers'. Counterpart: PodLimits, k8s.io/component-helpers/resource */
function podLimit(pod: KubeObject): { readonly text: string; readonly bytes: number } | undefined {
  const limits: string[] = pod.spec.containers.map(limitOf).filter((limit: string | undefined) => limit !== undefined);
  if (limits.length === 0) return undefined;
  const text = sumOf(limits);
  return { text, bytes: bytesOf(text) };
}

function* writableLayer(runtime: RuntimeService, id: string): Program<number> {
  const stats = yield* runtime.ContainerStats(id);
  return stats.ok ? stats.value.writable_layer.used_bytes : 0;
}

export interface Measured {
  readonly pod: KubeObject;
  readonly volumes: ReadonlyMap<string, ReadyVolume>;
  readonly records: readonly Live[];
}

/** What the event of an eviction says; undefined: the pod keeps to its limits. */
export class StorageWatch {
  private readonly options: KubeletOptions;
  private readonly used = new Map<string, number>();
  private turn = 0;

  constructor(options: KubeletOptions) {
    this.options = options;
  }

  /** One look, a period after the last one. */
  *look({ pod, volumes, records }: Measured): Program<string | undefined> {
    yield* sys.nanosleep(PERIOD);
    const { runtime } = this.options;
    if (this.turn++ % VOLUMES_EVERY === VOLUMES_EVERY - 1)
      for (const { name, emptyDir } of pod.spec.volumes ?? []) {
        const path = volumes.get(name)?.path;
        if (emptyDir && emptyDir.medium !== 'Memory' && path) this.used.set(name, yield* diskUsage(path));
      }
    for (const { name, emptyDir } of limitedVolumes(pod))
      if ((this.used.get(name) ?? 0) > bytesOf(emptyDir.sizeLimit))
        return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(shown(emptyDir.sizeLimit))}. `;
    const total = podLimit(pod);
    if (total === undefined) return undefined;
    const logs = podLogDirectory({ namespace: pod.metadata.namespace as string, name: pod.metadata.name, uid: pod.metadata.uid as string });
    const own = new Map<string, number>();
    for (const { name, current } of records)
      if (current?.state === 'CONTAINER_RUNNING')
        own.set(name, (yield* writableLayer(runtime, current.id)) + (yield* diskUsage(`${logs}/${name}`)));
    const sum = [...own.values(), ...this.used.values()].reduce((a, b) => a + b, 0);
    if (sum > total.bytes) return `Pod ephemeral local storage usage exceeds the total limit of containers ${total.text}. `;
    for (const container of pod.spec.containers) {
      const limit = limitOf(container);
      if (limit !== undefined && (own.get(container.name) ?? 0) > bytesOf(limit))
        return `Container ${container.name} exceeded its local ephemeral storage limit ${JSON.stringify(shown(limit))}. `;
    }
    return undefined;
  }
}
