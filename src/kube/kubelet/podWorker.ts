// One pod on the node, from its arrival to its end: a task of its own that brings the runtime to what the pod asks for.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { IdMapping } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { rejection } from './admission.ts';
import { podDns } from './dns.ts';
import type { Json, SecuritySettings } from './effective.ts';
import type { PodFacts } from './environment.ts';
import { EVICTION_GRACE, hasStorageLimits, StorageWatch } from './eviction.ts';
import { makeDirs, removeAll, textOf } from './files.ts';
import type { Backoff } from './images.ts';
import { syncError } from './journal.ts';
import { type Live, lastEnded, podEvent, realNow, startedFrom } from './live.ts';
import { removeLog, removePodLogs } from './logFiles.ts';
import type { KubeletOptions, Latencies, NodeSettings } from './options.ts';
import { volumeGroups } from './persistent.ts';
import { kernelName } from './podNames.ts';
import { PodVolumes } from './podVolumes.ts';
import { startProbes } from './prober.ts';
import { noteRefusal, podFields } from './refusal.ts';
import { sandboxConfig } from './sandboxConfig.ts';
import { podDirectory } from './setUp.ts';
import { crashBackoff, type StartContext, startContainer } from './startContainer.ts';
import { type ContainerRecord, initDone, mayStart, podStatus, rfc3339 } from './status.ts';
import { killContainer, removeRuns, stopAll } from './stopContainers.ts';
import { withLastWords } from './terminationMessage.ts';

const SECOND = 1_000_000_000n;
/**
 * After a pass with an error the next one comes this much later.
 * Counterpart: workerBackOffPeriod, pkg/kubelet/pod_workers.go. Deviates: 13 s always; a real one takes 10 to 15, at random.
 */
const RETRY = 13n * SECOND;
const DEADLINE = 'Pod was active on the node longer than the specified deadline';

/** The program and the memory of one pod. `sync` says how long nothing needs to be done: null for "until something changes". */
export class PodWorker {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  private readonly options: KubeletOptions;
  private readonly node: NodeSettings;
  private readonly latencies: Latencies;
  private readonly userns: IdMapping | null;
  private readonly records: Live[] = [];
  private readonly volumes: PodVolumes;
  private readonly imageBackoffs = new Map<string, Backoff>();
  private failed: { readonly reason: string; readonly message: string; readonly grace?: number } | undefined;
  /** Wakes the worker's task. */
  private readonly wake: () => Program<void>;
  private sandbox: { readonly id: string; readonly ip: string } | null = null;
  /** Stays when the sandbox has been stopped. */
  private podIP = '';
  private admitted = false;
  private rejected = false;
  private startTime = '';
  private reported = '';
  /** Volumes or the sandbox could not be made; nothing starts until that is mended. */
  stalled = false;
  /** The pod is gone: the task ends. */
  finished = false;

  constructor(
    pod: KubeObject,
    options: KubeletOptions,
    node: NodeSettings,
    latencies: Latencies,
    userns: IdMapping | null,
    wake: () => Program<void>,
  ) {
    this.uid = pod.metadata.uid as string;
    this.namespace = pod.metadata.namespace as string;
    this.name = pod.metadata.name;
    this.options = options;
    this.volumes = new PodVolumes(options);
    this.node = node;
    this.latencies = latencies;
    this.userns = userns;
    this.wake = wake;
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

  /** What the contents of its volumes depend on, as it is now. */
  volumeSources(pod: KubeObject): string {
    return this.volumes.sources(pod);
  }

  get rejectedForGood(): boolean {
    return this.rejected;
  }

  private facts(): PodFacts {
    const { cpus, memoryBytes, ip, name } = this.node;
    const pod = this.pod();
    return { podIP: pod?.spec.hostNetwork ? ip : this.podIP, hostIP: ip, nodeName: name, cpus, memoryBytes };
  }

  private settings(target?: string): SecuritySettings {
    const pod = this.pod();
    return {
      seccompDefault: this.node.seccompDefault,
      userns: this.userns,
      ...(target === undefined ? {} : { target }),
      ...(pod === undefined ? {} : { volumeGroups: volumeGroups(this.options.api, pod) }),
    };
  }

  /** Reads the runtime's view of every container into the records; of the runs that have ended only the newest stays. */
  private *refresh(): Program<void> {
    const { runtime } = this.options;
    for (const record of this.records) {
      if (!record.current) continue;
      const status = runtime.ContainerStatus(record.current.id);
      if (!status.ok) continue;
      if (record.older && status.value.state === 'CONTAINER_EXITED') {
        yield* removeLog(this, record.name, record.older.id);
        yield* runtime.RemoveContainer(record.older.id);
      }
      record.current = yield* withLastWords(runtime, record, status.value);
    }
  }

  /** The sandbox, and the runs that run or have ended, as the lifecycle event generator sees them. */
  observed(): ReadonlySet<string> {
    const seen = new Set(this.sandbox ? [this.sandbox.id] : []);
    for (const { current } of this.records) {
      const status = current && this.options.runtime.ContainerStatus(current.id);
      if (status?.ok && status.value.state !== 'CONTAINER_CREATED') seen.add(`${status.value.id} ${status.value.state}`);
    }
    return seen;
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
      ...(this.failed ? { failed: this.failed } : {}),
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
      yield* this.tearDown(undefined);
      this.finished = true;
      return null;
    }
    if (pod.metadata.deletionTimestamp) {
      yield* this.refresh();
      const running = this.records.some((record) => record.current?.state === 'CONTAINER_RUNNING');
      yield* stopAll(this.options, pod, this.records, pod.metadata.deletionGracePeriodSeconds);
      yield* this.refresh();
      yield* this.report(pod);
      // Who follows the log or watches the pod sees its end before it goes.
      if (running) yield* sys.nanosleep(this.latencies.settle);
      yield* this.tearDown(pod);
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
        const fields = podFields(this.options, pod, refused.pointers);
        noteRefusal(this.options, pod, { message: refused.message, event: refused.message }, { rule: refused.rule, operands: {}, fields });
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
    yield* this.refresh();
    yield* this.report(pod);
    return yield* this.advance(pod);
  }

  /** Makes records for containers that are new in the spec. */
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
            older: null,
            reason: null,
            restartCount: 0,
            ready: true,
            started: true,
            startedFrom: '',
            restartBecause: null,
            probed: '',
            spec,
            pointer: `/spec/${list}/${index}`,
          });
      }
  }

  /** One pass: what has ended for good is cleared away, what is missing is made. */
  private *advance(pod: KubeObject): Program<bigint | null> {
    const left = yield* this.deadline(pod);
    const phase =
      this.failed !== undefined
        ? 'Failed'
        : podStatus({ pod, records: this.records, sandboxReady: true, podIP: '', hostIP: '', now: '', startTime: '' }).phase;
    if (phase === 'Succeeded' || phase === 'Failed') {
      yield* stopAll(this.options, pod, this.records, this.failed?.grace);
      if (this.sandbox) yield* this.options.runtime.StopPodSandbox(this.sandbox.id);
      this.sandbox = null;
      yield* this.report(pod);
      return null;
    }
    const blocked = (yield* this.volumes.mount(pod, this.facts())) ?? (yield* this.ensureSandbox(pod));
    this.stalled = blocked !== null;
    if (blocked !== null) return blocked;
    const failures = yield* this.ensureContainers(pod);
    return failures ? RETRY : left;
  }

  /** Ends a pod that has run for longer than it may; otherwise the time that is left. Counterpart: pkg/kubelet/active_deadline.go */
  private *deadline(pod: KubeObject): Program<bigint | null> {
    const seconds: number | undefined = pod.spec.activeDeadlineSeconds;
    if (seconds === undefined || this.failed) return null;
    const left = BigInt(Date.parse(this.startTime)) * 1_000_000n + BigInt(seconds) * SECOND - (yield* realNow());
    if (left > 0n) return left;
    podEvent(this.options.api, pod, 'Normal', 'DeadlineExceeded', DEADLINE);
    this.failed = { reason: 'DeadlineExceeded', message: DEADLINE };
    return null;
  }

  /**
   * Stops and starts containers as the pod asks for; whether something failed.
   * Counterpart: SyncPod and computePodActions, pkg/kubelet/kuberuntime/kuberuntime_manager.go, Kubernetes 1.36
   */
  private *ensureContainers(pod: KubeObject): Program<boolean> {
    const ends = new Map(this.records.map((record) => [record, lastEnded(record)]));
    for (const record of this.records) {
      if (record.current?.state !== 'CONTAINER_RUNNING') continue;
      if (record.restartBecause === null && record.startedFrom !== startedFrom(record.spec))
        record.restartBecause = `Container ${record.name} definition changed, will be restarted`;
      if (record.restartBecause !== null) yield* killContainer(this.options, pod, record, record.restartBecause);
    }
    const of = (list: Live['list']): readonly Live[] => this.records.filter((record) => record.list === list);
    const due = of('ephemeralContainers').slice();
    let initialized = true;
    for (const record of of('initContainers')) {
      due.push(record);
      if (initDone(record.spec, record)) continue;
      initialized = false;
      break;
    }
    if (initialized) due.push(...of('containers'));
    const wanted = due.filter((record) => mayStart(pod, record.spec, record));
    yield* this.volumes.pullImages(pod);
    let failures = false;
    for (const record of wanted) {
      const context = this.startContext(pod, record);
      record.reason = (yield* crashBackoff(context, record, ends.get(record) ?? null)) ?? (yield* startContainer(context, record)) ?? null;
      if (record.reason) this.options.journal?.(syncError(pod, record.name, record.reason));
      if (record.reason) failures = true;
    }
    yield* startProbes(this.options, pod, this.records, this.facts().podIP, this.wake);
    return failures;
  }

  /** Ends the pod when it has written more to the node's disk than it may: a task beside the pod's own. */
  private *watchStorage(): Program<number> {
    const watch = new StorageWatch(this.options);
    for (;;) {
      const pod = this.pod();
      if (!pod || pod.metadata.deletionTimestamp || this.failed || this.finished) return 0;
      const message = yield* watch.look({ pod, volumes: this.volumes.ready, records: this.records });
      if (message === undefined) continue;
      podEvent(this.options.api, pod, 'Warning', 'Evicted', message);
      this.failed = { reason: 'Evicted', message, grace: EVICTION_GRACE };
      yield* this.wake();
      return 0;
    }
  }

  private startContext(pod: KubeObject, record: Live): StartContext {
    const { options, node, latencies, volumes, imageBackoffs } = this;
    const target = record.spec.targetContainerName === undefined ? undefined : this.record(record.spec.targetContainerName)?.current?.id;
    const sandboxId = (this.sandbox as { readonly id: string }).id;
    return {
      pod,
      options,
      node,
      latencies,
      sandboxId,
      settings: this.settings(target),
      volumes,
      imageBackoffs,
      facts: this.facts(),
    };
  }

  /** Counterpart: LookupRuntimeHandler, pkg/kubelet/runtimeclass */
  private runtimeHandler(pod: KubeObject): string {
    const { runtimeClassName } = pod.spec;
    return runtimeClassName ? (this.options.api.get('RuntimeClass', '', runtimeClassName)?.handler ?? '') : '';
  }

  private *ensureSandbox(pod: KubeObject): Program<bigint | null> {
    if (this.sandbox) return null;
    yield* makeDirs(podDirectory(this.uid), 0o750);
    yield* sys.nanosleep(this.latencies.sandbox);
    const name = kernelName(pod, this.node.name);
    if (typeof name === 'string') {
      podEvent(this.options.api, pod, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${name}`);
      return RETRY;
    }
    const dns = podDns(pod, yield* textOf('/etc/resolv.conf'));
    for (const text of dns.left) podEvent(this.options.api, pod, 'Warning', 'DNSConfigForming', text);
    const made = yield* this.options.runtime.RunPodSandbox(
      sandboxConfig(pod, this.options.api.originsOf('Pod', this.namespace, this.name), this.settings(), this.node.name, 0, dns.config),
      this.runtimeHandler(pod),
    );
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
    if (hasStorageLimits(pod)) yield* sys.clone({ flags: 0, main: () => this.watchStorage() });
    this.podIP = made.value.ip;
    return null;
  }

  /** Removes everything of the pod from the node; a pod that is gone from the API server without notice has not been stopped yet. */
  private *tearDown(pod: KubeObject | undefined): Program<void> {
    yield* this.refresh();
    if (!pod) for (const record of this.records) if (record.current) yield* this.options.runtime.StopContainer(record.current.id, 0);
    for (const { name, older, current } of this.records) for (const run of [older, current]) if (run) yield* removeLog(this, name, run.id);
    yield* removeRuns(this.options, this.records, this.sandbox);
    yield* removePodLogs(this);
    this.sandbox = null;
    yield* this.volumes.tearDown(this.uid);
    yield* removeAll(podDirectory(this.uid));
  }
}
