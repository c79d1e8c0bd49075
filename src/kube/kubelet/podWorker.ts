// One pod on the node, from its arrival to its end: a task of its own that brings the runtime to what the pod asks for.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { IdMapping } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { rejection } from './admission.ts';
import { containerConfig, sandboxConfig } from './containerConfig.ts';
import { type Json, nonRootProblem, podLabel, type SecuritySettings } from './effective.ts';
import type { PodFacts } from './environment.ts';
import { makeDirs, removeAll } from './files.ts';
import { type Backoff, ensureImage, nextBackoff } from './images.ts';
import { fieldPath, type Live, podEvent, pullDelay, realNow, stopAndRemove } from './live.ts';
import type { KubeletOptions, Latencies, NodeSettings } from './options.ts';
import { PodVolumes } from './podVolumes.ts';
import { podDirectory } from './setUp.ts';
import { type ContainerRecord, initDone, podStatus, rfc3339, terminatedState } from './status.ts';

const SECOND = 1_000_000_000n;
const RETRY = 14n * SECOND;
const BACKOFF_RESET = 600n * SECOND;
const START_ERRORS_SHOWN = 3;

/** The program and the memory of one pod. `sync` says how long nothing needs to be done: null for "until something changes". */
export class PodWorker {
  readonly uid: string;
  private readonly namespace: string;
  private readonly name: string;
  private readonly options: KubeletOptions;
  private readonly node: NodeSettings;
  private readonly latencies: Latencies;
  private readonly userns: IdMapping | null;
  private readonly records: Live[] = [];
  private readonly volumes: PodVolumes;
  private readonly imageBackoffs = new Map<string, Backoff>();
  private sandbox: { readonly id: string; readonly ip: string } | null = null;
  private admitted = false;
  private rejected = false;
  private startTime = '';
  private reported = '';
  /** Volumes or the sandbox could not be made; nothing starts until that is mended. */
  stalled = false;
  /** The pod is gone: the task ends. */
  finished = false;

  constructor(pod: KubeObject, options: KubeletOptions, node: NodeSettings, latencies: Latencies, userns: IdMapping | null) {
    this.uid = pod.metadata.uid as string;
    this.namespace = pod.metadata.namespace as string;
    this.name = pod.metadata.name;
    this.options = options;
    this.volumes = new PodVolumes(options);
    this.node = node;
    this.latencies = latencies;
    this.userns = userns;
  }

  /** The pod as the API server has it, while it is still this one. */
  pod(): KubeObject | undefined {
    const pod = this.options.api.get('Pod', this.namespace, this.name);
    return pod?.metadata.uid === this.uid ? pod : undefined;
  }

  /** What is known of a container. */
  record(name: string): (ContainerRecord & { readonly spec: Json }) | undefined {
    return this.records.find((r) => r.name === name);
  }

  get rejectedForGood(): boolean {
    return this.rejected;
  }

  private facts(): PodFacts {
    const { cpus, memoryBytes, ip, name } = this.node;
    const pod = this.pod();
    return { podIP: pod?.spec.hostNetwork ? ip : (this.sandbox?.ip ?? ''), hostIP: ip, nodeName: name, cpus, memoryBytes };
  }

  private settings(target?: string): SecuritySettings {
    return { seccompDefault: this.node.seccompDefault, userns: this.userns, ...(target === undefined ? {} : { target }) };
  }

  /** Reads the runtime's view of every container into the records. */
  private refresh(): void {
    for (const record of this.records) {
      if (!record.current) continue;
      const status = this.options.runtime.ContainerStatus(record.current.id);
      if (status.ok) record.current = status.value;
    }
  }

  private *report(pod: KubeObject): Program<void> {
    const now = rfc3339(yield* realNow());
    this.startTime ||= now;
    const status = podStatus({
      pod,
      records: this.records,
      sandboxReady: this.sandbox !== null,
      podIP: this.facts().podIP,
      hostIP: this.node.ip,
      now,
      startTime: this.startTime,
    });
    const text = JSON.stringify(status);
    if (text === this.reported) return;
    this.reported = text;
    this.options.api.updateStatus('Pod', this.namespace, this.name, (object) => ({ ...object, status }));
  }

  /** Brings the pod one step on. */
  *sync(): Program<bigint | null> {
    const pod = this.pod();
    if (!pod) {
      yield* this.tearDown(undefined, 0);
      this.finished = true;
      return null;
    }
    if (pod.metadata.deletionTimestamp) {
      yield* this.tearDown(pod, pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);
      this.options.api.remove('Pod', this.namespace, this.name);
      this.finished = true;
      return null;
    }
    if (this.rejected) return null;
    if (!this.admitted) {
      const refused = rejection(pod, this.node);
      if (refused) {
        this.rejected = true;
        podEvent(this.options.api, pod, 'Warning', refused.reason, refused.message);
        const startTime = rfc3339(yield* realNow());
        const status = {
          message: `Pod was rejected: ${refused.message}`,
          observedGeneration: pod.metadata.generation ?? 1,
          phase: 'Failed',
          qosClass: pod.status?.qosClass,
          reason: refused.reason,
          startTime,
        };
        this.options.api.updateStatus('Pod', this.namespace, this.name, (object) => ({ ...object, status }));
        return null;
      }
      this.admitted = true;
    }
    this.adopt(pod);
    this.refresh();
    yield* this.report(pod);
    const wait = yield* this.advance(pod);
    this.refresh();
    const after = this.pod();
    if (after) yield* this.report(after);
    return wait;
  }

  /** Makes records for containers that are new in the spec; a changed image restarts its container. */
  private adopt(pod: KubeObject): void {
    for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
      for (const [index, spec] of (pod.spec[list] ?? []).entries()) {
        const known = this.records.find((r) => r.name === spec.name && r.list === list);
        if (known) known.spec = spec;
        else
          this.records.push({
            name: spec.name,
            list,
            current: null,
            waiting: null,
            last: null,
            restartCount: 0,
            ready: true,
            retryAt: 0n,
            spec,
            pointer: `/spec/${list}/${index}`,
          });
      }
  }

  private *advance(pod: KubeObject): Program<bigint | null> {
    const phase = podStatus({ pod, records: this.records, sandboxReady: true, podIP: '', hostIP: '', now: '', startTime: '' }).phase;
    if (phase === 'Succeeded' || phase === 'Failed') {
      if (this.sandbox) yield* this.options.runtime.StopPodSandbox(this.sandbox.id);
      this.sandbox = null;
      return null;
    }
    const blocked = (yield* this.volumes.mount(pod, this.facts())) ?? (yield* this.ensureSandbox(pod));
    this.stalled = blocked !== null;
    if (blocked !== null) return blocked;
    yield* this.volumes.pullImages(pod, this.records.map((r) => `${r.current?.id} ${r.current?.state}`).join());

    let wait: bigint | null = null;
    const consider = (ns: bigint | null): void => {
      if (ns !== null && (wait === null || ns < wait)) wait = ns;
    };
    let initialized = true;
    for (const record of this.records.filter((r) => r.list === 'initContainers')) {
      consider(yield* this.ensureContainer(pod, record));
      if (!initDone(record.spec, record)) {
        initialized = false;
        break;
      }
    }
    if (initialized)
      for (const record of this.records.filter((r) => r.list === 'containers')) consider(yield* this.ensureContainer(pod, record));
    for (const record of this.records.filter((r) => r.list === 'ephemeralContainers')) consider(yield* this.ensureContainer(pod, record));
    return wait;
  }

  private *ensureSandbox(pod: KubeObject): Program<bigint | null> {
    if (this.sandbox) return null;
    yield* makeDirs(podDirectory(this.uid), 0o750);
    yield* sys.nanosleep(this.latencies.sandbox);
    const made = yield* this.options.runtime.RunPodSandbox(sandboxConfig(pod, this.settings(), this.node.name, 0));
    if (!made.ok) {
      podEvent(
        this.options.api,
        pod,
        'Warning',
        'FailedCreatePodSandBox',
        `Failed to create pod sandbox: rpc error: code = ${made.code} desc = ${made.message}`,
      );
      return RETRY;
    }
    this.sandbox = made.value;
    this.refresh();
    yield* this.report(pod);
    return null;
  }

  /** Starts or restarts one container if it is to run and it is time. */
  private *ensureContainer(pod: KubeObject, record: Live): Program<bigint | null> {
    const now = yield* realNow();
    const { current } = record;
    if (current?.state === 'CONTAINER_RUNNING') {
      if (current.image === '' || !record.last || now - current.startedAt < BACKOFF_RESET) return null;
      delete record.backoff;
      return null;
    }
    if (record.retryAt > now) return record.retryAt - now;
    const policy: string = record.spec.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
    if (current?.state === 'CONTAINER_EXITED') {
      if (record.list === 'ephemeralContainers') return null;
      const mayRestart =
        record.list === 'initContainers' && record.spec.restartPolicy !== 'Always'
          ? current.exitCode !== 0 && policy !== 'Never'
          : policy === 'Always' || (policy === 'OnFailure' && current.exitCode !== 0);
      if (!mayRestart) return null;
      // The end of a container is shown for a moment before the kubelet acts on it.
      if (!record.waiting && now < current.finishedAt + this.latencies.settle) return current.finishedAt + this.latencies.settle - now;
      if (record.backoff && now < record.backoff.since + record.backoff.duration) {
        const left = record.backoff.since + record.backoff.duration - now;
        if (record.waiting?.reason !== 'CrashLoopBackOff') {
          podEvent(
            this.options.api,
            pod,
            'Warning',
            'BackOff',
            `Back-off restarting failed container ${record.name} in pod ${podLabel(pod)}`,
            fieldPath(record),
          );
          const startFailed = record.waiting?.reason === 'RunContainerError' && record.restartCount < START_ERRORS_SHOWN;
          if (!startFailed) {
            record.last = terminatedState(current);
            const seconds = record.backoff.duration / SECOND;
            const span = seconds < 60n ? `${seconds}s` : `${seconds / 60n}m${seconds % 60n}s`;
            record.waiting = {
              reason: 'CrashLoopBackOff',
              message: `back-off ${span} restarting failed container=${record.name} pod=${podLabel(pod)}`,
            };
          }
        }
        record.retryAt = now + left;
        return left;
      }
      record.backoff = nextBackoff(record.backoff, now);
    }
    return yield* this.start(pod, record, now);
  }

  private *start(pod: KubeObject, record: Live, now: bigint): Program<bigint | null> {
    const { runtime, api } = this.options;
    const emit = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
      podEvent(this.options.api, pod, type, reason, message, fieldPath(record));
    const fail = (reason: string, message: string, delay = RETRY): bigint => {
      emit(
        'Warning',
        'Failed',
        `Error: ${reason === 'ErrImagePull' || reason === 'ImagePullBackOff' || reason === 'InvalidImageName' || reason === 'ErrImageNeverPull' || reason === 'ImageInspectError' ? reason : message}`,
      );
      record.waiting = { reason, message };
      record.retryAt = now + delay;
      return delay;
    };
    const unmountable = this.volumes.imageProblem(record.spec);
    if (unmountable) return fail(unmountable.reason, unmountable.message);
    const image = yield* ensureImage(runtime, record.spec, this.imageBackoffs, realNow, emit);
    if (!image.ok)
      return fail(
        image.reason,
        image.message,
        image.reason === 'ErrImagePull'
          ? this.latencies.settle
          : image.reason === 'ImagePullBackOff'
            ? pullDelay(this.imageBackoffs.get(record.spec.image), now, RETRY)
            : RETRY,
      );
    const user = { image: record.spec.image, uid: image.image.uid, username: image.image.username };
    const nonRoot = nonRootProblem(pod, record.spec, user);
    if (nonRoot !== undefined) return fail('CreateContainerConfigError', nonRoot);
    const target = record.spec.targetContainerName === undefined ? undefined : this.record(record.spec.targetContainerName)?.current?.id;
    const settings = this.settings(target);
    const previous = record.current;
    const attempt = previous ? record.restartCount + 1 : record.restartCount;
    const config = yield* containerConfig({
      pod,
      origins: api.originsOf('Pod', this.namespace, this.name),
      container: record.spec,
      pointer: record.pointer,
      attempt,
      user,
      settings,
      volumes: this.volumes.ready,
      sources: api,
      facts: this.facts(),
    });
    if (!config.ok) return fail('CreateContainerConfigError', config.message);
    const sandbox = this.sandbox as { readonly id: string };
    const created = yield* runtime.CreateContainer(sandbox.id, config.value, sandboxConfig(pod, settings, this.node.name, 0));
    if (!created.ok) return fail('CreateContainerError', created.message);
    emit('Normal', 'Created', 'Container created');
    if (previous) {
      record.last = terminatedState(previous);
      record.restartCount = attempt;
      // Only the previous run is kept, for `kubectl logs -p`.
      if (record.older !== undefined) yield* runtime.RemoveContainer(record.older);
      record.older = previous.id;
    }
    yield* sys.nanosleep(this.latencies.container);
    const started = yield* runtime.StartContainer(created.value.id);
    const status = runtime.ContainerStatus(created.value.id);
    if (status.ok) record.current = status.value;
    if (!started.ok) {
      const message = started.message.replaceAll(created.value.id, record.name);
      if (status.ok) record.last = terminatedState(status.value);
      fail('RunContainerError', message, this.latencies.settle);
      return this.latencies.settle;
    }
    record.waiting = null;
    record.retryAt = 0n;
    emit('Normal', 'Started', 'Container started');
    this.refresh();
    yield* this.report(pod);
    return record.list === 'initContainers' ? 0n : null;
  }

  /** Stops everything, gracefully if the pod is still there, and takes its files away. */
  private *tearDown(pod: KubeObject | undefined, grace: number): Program<void> {
    this.refresh();
    const killing = (record: ContainerRecord): void => {
      if (pod) podEvent(this.options.api, pod, 'Normal', 'Killing', `Stopping container ${record.name}`, fieldPath(record));
    };
    yield* stopAndRemove(this.options.runtime, this.records, this.sandbox, grace, killing);
    this.sandbox = null;
    yield* this.volumes.tearDown();
    yield* removeAll(podDirectory(this.uid));
  }
}
