// The volumes of one pod: set up before its containers start, tried again when that fails, taken down at its end.

import type { Program } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { PodFacts } from './environment.ts';
import { makeDirs } from './files.ts';
import { type Backoff, ensureImage, type ImageAnswer } from './images.ts';
import { podEvent, realNow } from './live.ts';
import type { KubeletOptions } from './options.ts';
import { sourcesVersion } from './payload.ts';
import { PROCESSING, podDirectory, type ReadyVolume, type VolumeContext } from './setUp.ts';
import { cleanSubPaths } from './subPath.ts';
import { setUpVolume, tearDownVolume, updateVolume } from './volumes.ts';
import { walkWatcher } from './walkWatcher.ts';

const SECOND = 1_000_000_000n;
const RETRY = [500_000_000n, SECOND, 2n * SECOND, 4n * SECOND, 8n * SECOND, 16n * SECOND, 32n * SECOND, 64n * SECOND, 122n * SECOND];

export class PodVolumes {
  /** Those that are ready, by the volume's name. */
  readonly ready = new Map<string, ReadyVolume>();
  private readonly options: KubeletOptions;
  private readonly images = new Map<string, ImageAnswer>();
  private readonly imageBackoffs = new Map<string, Backoff>();
  private tries = 0;
  /** The sources as they were when contents were last made. */
  private seen = '';

  constructor(options: KubeletOptions) {
    this.options = options;
  }

  /** Sets up what is missing; null: everything is there, otherwise when to try again. */
  *mount(pod: KubeObject, facts: PodFacts): Program<bigint | null> {
    const missing = (pod.spec.volumes ?? []).filter((v: Json) => !this.ready.has(v.name));
    const sources = this.sources(pod);
    const changed = sources !== this.seen;
    if (missing.length === 0 && !changed) return null;
    this.seen = sources;
    const { api, random } = this.options;
    yield* makeDirs(podDirectory(pod.metadata.uid as string), 0o750);
    const nowNs = yield* realNow();
    const fsGroup: number | undefined = pod.spec.securityContext?.fsGroup ?? undefined;
    const say: VolumeContext['event'] = (type, reason, message, component) =>
      podEvent(api, pod, type, reason, message, undefined, component);
    const context: VolumeContext = {
      pod,
      sources: api,
      facts,
      nowNs,
      nowSeconds: Number(nowNs / SECOND),
      random,
      fsGroup,
      csi: this.options.csi,
      seLinux: this.options.node?.seLinuxEnabled ?? false,
      event: say,
      watch: walkWatcher(pod, say),
    };
    if (changed) yield* this.update(context);
    let failed = false;
    for (const volume of missing) {
      const result = yield* setUpVolume(context, volume);
      if (result.ok) this.ready.set(volume.name, { ...result.volume, ...(result.name === undefined ? {} : { specName: result.name }) });
      else {
        failed = true;
        const { step = 'MountVolume.SetUp', name = volume.name, message } = result;
        const here = `[${volume.name}]`;
        const text =
          step === PROCESSING
            ? `Unable to attach or mount volumes: unmounted volumes=${here}, unattached volumes=[], failed to process volumes=${here}: ${message}`
            : `${step} failed for volume "${name}" : ${message}`;
        if (step === 'AttachVolume.Attach') say('Warning', 'FailedAttachVolume', text, 'attachdetach-controller');
        else say('Warning', 'FailedMount', text);
      }
    }
    return failed ? (RETRY[Math.min(this.tries++, RETRY.length - 1)] as bigint) : null;
  }

  /** What the contents of the pod's volumes depend on, as it is now. */
  sources(pod: KubeObject): string {
    return (pod.spec.volumes ?? []).map((v: Json) => sourcesVersion(pod, this.options.api, v)).join('\n');
  }

  /** Brings the contents of volumes to what their sources say. */
  private *update(context: VolumeContext): Program<void> {
    for (const volume of context.pod.spec.volumes ?? []) {
      const ready = this.ready.get(volume.name);
      if (ready?.files === undefined) continue;
      const updated = yield* updateVolume(context, volume, ready);
      if (typeof updated !== 'string') this.ready.set(volume.name, updated);
      else context.event('Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume.name}" : ${updated}`);
    }
  }

  /**
   * Gets the images of image volumes, in every pass.
   * Counterpart: getImageVolumes, pkg/kubelet/kuberuntime/kuberuntime_manager.go, Kubernetes 1.36
   */
  *pullImages(pod: KubeObject): Program<void> {
    const wanted: Json[] = (pod.spec.volumes ?? []).filter((v: Json) => v.image);
    const { runtime, api } = this.options;
    for (const { name, image } of wanted) {
      const source = { image: image.reference, imagePullPolicy: image.pullPolicy };
      const answer = yield* ensureImage(runtime, source, this.imageBackoffs, realNow, (type, reason, message) =>
        podEvent(api, pod, type, reason, message),
      );
      this.images.set(name, answer);
    }
  }

  /** Why a container cannot start: the image of one of its volumes could not be had. */
  imageProblem(container: Json): Extract<ImageAnswer, { ok: false }> | undefined {
    for (const mount of (container.volumeMounts ?? []).toReversed()) {
      const answer = this.images.get(mount.name);
      if (answer && !answer.ok) return answer;
    }
    return undefined;
  }

  /** Unmounts everything. */
  *tearDown(uid: string): Program<void> {
    yield* cleanSubPaths(podDirectory(uid));
    for (const ready of this.ready.values()) yield* tearDownVolume(ready);
    this.ready.clear();
  }
}
