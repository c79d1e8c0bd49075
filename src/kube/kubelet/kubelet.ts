// The kubelet: a task of the node that watches the API server and gives every pod a worker task of its own.
//
// How it is woken: descriptor 3 of its task is a stream of the session's. The session registers `kubelet.wakeStream` as a
// host stream, passes it as descriptor 3, makes `onNotify` wake the readers of that stream, and calls `kubelet.notify()`
// after every change in the API server. Changes of containers come through the runtime's WaitForChange.

import { O_CLOEXEC, O_NONBLOCK, POLLIN, WNOHANG } from '#abi/flags.ts';
import { type Program, type SysResult, sys, type Waited } from '#kernel/uapi/index.ts';
import type { IdMapping } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { ControllerManager } from '../controllers/manager.ts';
import { publishNamespaceDefaults } from '../controllers/namespaceDefaults.ts';
import { removeTerminatedNamespaces } from '../controllers/namespaceEnd.ts';
import { syncPersistentVolumes } from '../controllers/persistentVolumes.ts';
import { podLifecycle, syncLoop } from './journal.ts';
import { realNow } from './live.ts';
import { nodeObject } from './node.ts';
import { DEFAULT_LATENCIES, DEFAULT_NODE, type KubeletOptions, type Latencies, type NodeSettings } from './options.ts';
import { PodWorker } from './podWorker.ts';
import { schedule } from './scheduler.ts';
import { rfc3339 } from './status.ts';

const WAKE_FD = 3;
const HOUR = 3_600_000_000_000n;
const IDS_PER_POD = 65536;
const RESYNC = 60_000_000_000n;
const RESYNC_JITTER = 0.5;
const ONE = new Uint8Array([1]);

interface Slot {
  readonly worker: PodWorker;
  readonly wakeFd: number;
  /** What of the pod was last handed to the worker. */
  seen: string;
  /** The pod as last seen, and whether it is to end. */
  pod: KubeObject;
  ending: boolean;
  /** What the last look at the runtime saw of it. */
  observed: ReadonlySet<string>;
  /** The sources of its volumes when it was last handed over, and when the worker comes round to newer ones. */
  sources: string;
  resyncAt: bigint | null;
}

/** What a change must touch to concern a pod's worker; its own status reports do not. */
const versionOf = ({ metadata, spec }: KubeObject): string =>
  JSON.stringify([
    metadata.generation ?? 0,
    metadata.deletionTimestamp,
    (spec.ephemeralContainers ?? []).length,
    metadata.labels,
    metadata.annotations,
  ]);

export class Kubelet {
  readonly options: KubeletOptions;
  readonly node: NodeSettings;
  private readonly latencies: Latencies;
  /** A container may have changed since the workers were woken last. */
  private containersChanged = false;
  private readonly slots = new Map<string, Slot>();
  private readonly usernsBlocks = new Set<number>();
  private pending = false;
  private alarm: bigint | null = null;
  /** Where the session gives the kubelet its wake-ups: one readable byte after notify(). */
  readonly wakeStream: { read(count: number): Uint8Array | undefined; write(): void };

  constructor(options: KubeletOptions) {
    this.options = options;
    this.node = { ...DEFAULT_NODE, ...options.node };
    this.latencies = { ...DEFAULT_LATENCIES, ...options.latencies };
    this.wakeStream = {
      read: () => {
        if (!this.pending) return undefined;
        this.pending = false;
        return ONE;
      },
      write: () => undefined,
    };
  }

  /** Tells the kubelet that something in the API server changed. */
  notify(): void {
    if (this.pending) return;
    this.pending = true;
    this.options.onNotify?.();
  }

  /** The worker of a pod that is on this node. */
  workerOf(namespace: string, name: string): PodWorker | undefined {
    const uid = this.options.api.get('Pod', namespace, name)?.metadata.uid;
    return uid === undefined ? undefined : this.slots.get(uid)?.worker;
  }

  /** The kubelet's task. It never ends. */
  *main(): Program<number> {
    const { api, csi } = this.options;
    const clock = function* (): Program<string> {
      const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
      return rfc3339(now.ok ? now.value : 0n);
    };
    api.put(nodeObject(this.node, yield* clock()));
    const pleg = () => this.watchContainers();
    yield* sys.clone({ flags: 0, main: pleg });
    const controllers = new ControllerManager(api, this.node.name);
    for (;;) {
      publishNamespaceDefaults(api, yield* clock());
      removeTerminatedNamespaces(api);
      syncPersistentVolumes(api, csi.drivers);
      const due = this.options.scheduler === false ? undefined : controllers.sync(yield* realNow());
      if (this.options.scheduler !== false) schedule(api, this.node.name, yield* clock(), csi.drivers);
      yield* this.dispatch();
      yield* this.reap();
      if (due !== undefined) yield* this.setAlarm(due);
      const woken: SysResult<Uint8Array> = yield* sys.read(WAKE_FD, 64);
      if (woken.ok && woken.value.length === 0) return 0;
    }
  }

  /** Takes the workers and alarms that have ended; goroutines of a real kubelet leave nothing behind. */
  private *reap(): Program<void> {
    for (;;) {
      const ended: SysResult<Waited> = yield* sys.wait4(-1, WNOHANG);
      if (!ended.ok || ended.value.pid === 0) return;
    }
  }

  /** Makes the main task go round once more at a moment, unless an earlier alarm is set: it sees then what is due. */
  private *setAlarm(due: bigint): Program<void> {
    if (this.alarm !== null && this.alarm <= due) return;
    this.alarm = due;
    const wait = due - (yield* realNow());
    const ring = (): void => {
      if (this.alarm === due) this.alarm = null;
      this.notify();
    };
    yield* sys.clone({
      flags: 0,
      main: function* alarm(): Program<number> {
        yield* sys.nanosleep(wait > 0n ? wait : 0n);
        ring();
        return 0;
      },
    });
  }

  /** Starts workers for new pods and wakes those whose pod changed. */
  private *dispatch(): Program<void> {
    const changed = this.containersChanged;
    this.containersChanged = false;
    const present = new Map<string, KubeObject>();
    for (const pod of this.options.api.list('Pod')) if (pod.spec.nodeName === this.node.name) present.set(pod.metadata.uid as string, pod);
    for (const [uid, pod] of present) {
      const slot = this.slots.get(uid);
      if (slot) {
        const version = versionOf(pod);
        const news = changed && this.relist(slot, pod);
        if (version === slot.seen && !news && !(yield* this.resyncs(slot, pod))) continue;
        if (pod.metadata.deletionTimestamp && !slot.ending) {
          slot.ending = true;
          this.options.journal?.(syncLoop(pod, 'DELETE'));
        }
        slot.pod = pod;
        slot.seen = version;
        yield* sys.write(slot.wakeFd, ONE);
        continue;
      }
      const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC | O_NONBLOCK);
      if (!pipe.ok) continue;
      const [readEnd, writeEnd] = pipe.value;
      const worker = new PodWorker(pod, this.options, this.node, this.latencies, this.usernsBlock(pod), function* () {
        yield* sys.write(writeEnd, ONE);
      });
      this.slots.set(uid, {
        worker,
        wakeFd: writeEnd,
        pod,
        ending: false,
        seen: versionOf(pod),
        observed: new Set(),
        sources: worker.volumeSources(pod),
        resyncAt: null,
      });
      this.options.journal?.(syncLoop(pod, 'ADD'));
      yield* sys.clone({ flags: 0, main: () => this.runWorker(worker, readEnd) });
      yield* sys.close(readEnd);
    }
    for (const [uid, slot] of this.slots) {
      if (slot.worker.finished) {
        yield* sys.close(slot.wakeFd);
        this.slots.delete(uid);
        this.options.journal?.(syncLoop(slot.pod, 'REMOVE'));
      } else if (!present.has(uid)) yield* sys.write(slot.wakeFd, ONE);
    }
  }

  /**
   * Whether the pod's turn to be looked at for its own sake has come. That matters only when the sources of its volumes have changed.
   * Counterpart: syncFrequency of the kubelet's configuration, workerResyncIntervalJitterFactor in pkg/kubelet/pod_workers.go
   */
  private *resyncs(slot: Slot, pod: KubeObject): Program<boolean> {
    const sources = slot.worker.volumeSources(pod);
    const now = yield* realNow();
    if (sources !== slot.sources) {
      slot.sources = sources;
      slot.resyncAt ??= now + BigInt(Math.floor(Number(RESYNC) * (1 + (this.options.random() / 2 ** 32) * RESYNC_JITTER)));
    }
    if (slot.resyncAt === null) return false;
    if (now < slot.resyncAt) {
      yield* this.setAlarm(slot.resyncAt);
      return false;
    }
    slot.resyncAt = null;
    return true;
  }

  /** Whether something began to run or ended since the last look. Counterpart: Relist, pkg/kubelet/pleg/generic.go, Kubernetes 1.36 */
  private relist(slot: Slot, pod: KubeObject): boolean {
    const before = slot.observed;
    slot.observed = slot.worker.observed();
    const fresh = [...slot.observed].filter((one) => !before.has(one));
    for (const one of fresh) {
      const [id = '', state] = one.split(' ');
      this.options.journal?.(podLifecycle(pod, state === 'CONTAINER_EXITED' ? 'ContainerDied' : 'ContainerStarted', id));
    }
    return fresh.length > 0;
  }

  private *runWorker(worker: PodWorker, wakeFd: number): Program<number> {
    for (;;) {
      const wait = yield* worker.sync();
      if (worker.finished) break;
      // Rounded up to whole milliseconds, the unit of poll(2): waking early would only poll again.
      yield* sys.poll([{ fd: wakeFd, events: POLLIN }], wait === null ? -1 : Number((wait + 999_999n) / 1_000_000n));
      yield* sys.read(wakeFd, 4096);
    }
    this.notify();
    return 0;
  }

  /** Wakes every worker when a container may have changed. Counterpart: the pod lifecycle event generator, pkg/kubelet/pleg */
  private *watchContainers(): Program<number> {
    for (;;) {
      yield* this.options.runtime.WaitForChange(HOUR);
      // A real one looks once a second.
      yield* sys.nanosleep(this.latencies.settle);
      // The workers' pipes are descriptors of the main task, which is the one to write to them.
      this.containersChanged = true;
      this.notify();
    }
  }

  /** A block of ids that no other pod has, at random. Counterpart: userns_manager.go, pkg/kubelet/userns, Kubernetes 1.36 */
  private usernsBlock(pod: KubeObject): IdMapping | null {
    if (pod.spec.hostUsers !== false) return null;
    let block = 0;
    while (block === 0 || this.usernsBlocks.has(block)) block = this.options.random() % IDS_PER_POD;
    this.usernsBlocks.add(block);
    return { host_id: block * IDS_PER_POD, container_id: 0, length: IDS_PER_POD };
  }
}
