// The container runtime of the node: what kubelet talks to. Counterpart: containerd internal/cri/server
//
// Deviates: create and start of a task are one step, in StartContainer; nothing survives a restart of the runtime.

import { MNT_DETACH } from '#abi/flags.ts';
import { SIGKILL, signalNumber } from '#abi/signal.ts';
import { diskUsage, type Program, sys } from '#kernel/uapi/index.ts';
import type { Annotated } from '#provenance/origin.ts';
import type {
  AttachRequest,
  ContainerConfig,
  ContainerStatus,
  CriResult,
  ExecRequest,
  ImageStatus,
  PodSandboxConfig,
  RuntimeService,
} from '../cri.ts';
import type { Image } from '../image.ts';
import type { NodeSettings } from '../node.ts';
import type { RuntimeSpec } from '../oci.ts';
import { attach } from './attach.ts';
import { Changes } from './changes.ts';
import { createContainer, IO_ROOT } from './createContainer.ts';
import { CriLog } from './criLog.ts';
import { startErrorText } from './errorTexts.ts';
import { execIn } from './exec.ts';
import { unmountRootfs } from './files.ts';
import { unmountImages } from './imageVolumes.ts';
import { type ContainerRecord, type LogEntry, type SandboxRecord, statusOf } from './records.ts';
import { runSandbox } from './runSandbox.ts';
import { unpinNamespaces } from './sandboxNamespaces.ts';
import { McsPairs } from './selinux.ts';
import { launch, now } from './shims.ts';
import { shmDirectory } from './spec.ts';
import { ImageStore, imageStatus } from './store.ts';
import { bad, good, type Workshop } from './workshop.ts';

export interface ContainerdOptions {
  /** The images; those built in, without one. */
  readonly store?: ImageStore;
  readonly node?: NodeSettings;
  /** Runs before a container is given the node's root directory. */
  readonly onHostRoot?: () => Program<void>;
  /** Deterministic numbers, 0 ≤ n < 2^32. */
  readonly random: () => number;
}

const FIRST_IP = 11;
const STEP = 100_000_000n;
const SECOND = 1_000_000_000n;

export class Containerd implements RuntimeService {
  private readonly workshop: Workshop;
  private readonly sandboxes = new Map<string, SandboxRecord>();
  private readonly containers = new Map<string, ContainerRecord>();
  private nextIp = FIRST_IP;

  constructor(options: ContainerdOptions) {
    this.workshop = {
      store: options.store ?? new ImageStore({}, options.node?.images),
      node: options.node ?? {},
      random: options.random,
      pairs: new McsPairs(options.random),
      changes: new Changes(),
      onHostRoot: options.onHostRoot,
    };
  }

  get store(): ImageStore {
    return this.workshop.store;
  }

  ImageStatus(reference: string): CriResult<ImageStatus | null> {
    const image = this.store.local(reference);
    return good(image === undefined ? null : imageStatus(image, reference));
  }

  *PullImage(reference: string): Program<CriResult<ImageStatus>> {
    const pulled: CriResult<Image> = yield* this.store.pull(reference);
    return pulled.ok ? good(imageStatus(pulled.value, reference)) : pulled;
  }

  *RunPodSandbox(
    given: Annotated<PodSandboxConfig>,
    runtime_handler = '',
  ): Program<CriResult<{ readonly id: string; readonly ip: string }>> {
    const hostNetwork = given.value.linux.security_context.namespace_options.network === 'NODE';
    const made: CriResult<SandboxRecord> = yield* runSandbox(
      this.workshop,
      given,
      runtime_handler,
      hostNetwork ? '' : `10.244.0.${this.nextIp++}`,
    );
    if (!made.ok) return made;
    const { id, ip } = made.value;
    this.sandboxes.set(id, made.value);
    return good({ id, ip });
  }

  *StopPodSandbox(id: string): Program<CriResult<void>> {
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) return good(undefined);
    for (const container of this.containers.values()) if (container.sandbox === id) yield* this.StopContainer(container.id, 0);
    if (sandbox.pid !== null) yield* sys.kill(sandbox.pid, SIGKILL);
    for (let tries = 0; sandbox.pid !== null && tries < 100; tries++) yield* sys.nanosleep(STEP / 10n);
    return good(undefined);
  }

  *RemovePodSandbox(id: string): Program<CriResult<void>> {
    const sandbox = this.sandboxes.get(id);
    if (sandbox === undefined) return good(undefined);
    yield* this.StopPodSandbox(id);
    for (const container of [...this.containers.values()]) if (container.sandbox === id) yield* this.RemoveContainer(container.id);
    yield* unmountImages(id);
    yield* unmountRootfs(sandbox.rootfs);
    yield* unpinNamespaces(sandbox.pinned);
    yield* sys.umount2(shmDirectory(id), MNT_DETACH);
    this.workshop.pairs.release(sandbox.processLabel);
    this.sandboxes.delete(id);
    return good(undefined);
  }

  *CreateContainer(
    sandboxId: string,
    given: Annotated<ContainerConfig>,
    sandbox: PodSandboxConfig,
  ): Program<CriResult<{ readonly id: string }>> {
    const pod = this.sandboxes.get(sandboxId);
    if (pod === undefined || pod.pid === null) return bad(`failed to find sandbox id "${sandboxId}": not found`, 'NotFound');
    const target = given.value.linux.security_context.namespace_options.target_id;
    const targetPid = target === undefined ? undefined : (this.containers.get(target)?.pid ?? undefined);
    const made: CriResult<ContainerRecord> = yield* createContainer(this.workshop, pod, pod.pid, given, sandbox, targetPid);
    if (!made.ok) return made;
    const { id } = made.value;
    this.containers.set(id, made.value);
    return good({ id });
  }

  private get crio(): boolean {
    return this.workshop.node.runtime === 'cri-o';
  }

  *StartContainer(id: string): Program<CriResult<void>> {
    const record = this.containers.get(id);
    if (record === undefined) return bad(`an error occurred when try to find container "${id}": not found`, 'NotFound');
    let failure: string | undefined;
    yield* launch(this.workshop.changes, id, record.spec.value, record.rootfs, {
      io: record.io,
      started(pid, time) {
        record.pid = pid;
        record.startedAt = time;
        record.state = 'CONTAINER_RUNNING';
      },
      failed: (text) => {
        failure = text;
      },
      exited(code, time) {
        record.state = 'CONTAINER_EXITED';
        record.finishedAt = time;
        record.exitCode = code;
        record.reason = code === 0 ? 'Completed' : 'Error';
        record.pid = null;
      },
      log: (stream, data, time) => void record.log.push({ stream, data, time }),
      file: new CriLog(`${this.sandboxes.get(record.sandbox)?.config.value.log_directory}/${record.config.value.log_path}`),
    });
    if (failure === undefined) return good(undefined);
    const message = startErrorText(id, failure, this.crio);
    Object.assign(record, { state: 'CONTAINER_EXITED', finishedAt: yield* now(), exitCode: 128, reason: 'StartError', message });
    return bad(message);
  }

  *Attach(request: AttachRequest): Program<CriResult<void>> {
    const record = this.containers.get(request.container_id);
    if (record === undefined) return bad(`container "${request.container_id}" in sandbox not found`, 'NotFound');
    if (record.state !== 'CONTAINER_RUNNING') return bad(`container is in ${record.state} state`);
    yield* attach(record, request, `${IO_ROOT}/${record.id}/io`);
    return good(undefined);
  }

  *StopContainer(id: string, timeout: number): Program<CriResult<void>> {
    const record = this.containers.get(id);
    if (record === undefined || record.pid === null) return good(undefined);
    const { pid } = record;
    if (timeout > 0) {
      yield* sys.kill(pid, signalNumber(record.image.config.StopSignal ?? 'SIGTERM') ?? 15);
      for (let waited = 0n; this.alive(record) && waited < BigInt(timeout) * SECOND; waited += STEP) yield* sys.nanosleep(STEP);
    }
    if (this.alive(record)) {
      yield* sys.kill(pid, SIGKILL);
      for (let tries = 0; this.alive(record) && tries < 100; tries++) yield* sys.nanosleep(STEP / 10n);
    }
    return good(undefined);
  }

  private alive(record: ContainerRecord): boolean {
    return record.state === 'CONTAINER_RUNNING';
  }

  *RemoveContainer(id: string): Program<CriResult<void>> {
    const record = this.containers.get(id);
    if (record === undefined) return good(undefined);
    yield* this.StopContainer(id, 0);
    yield* unmountRootfs(record.rootfs);
    this.containers.delete(id);
    return good(undefined);
  }

  ContainerStatus(id: string): CriResult<ContainerStatus> {
    const record = this.containers.get(id);
    return record === undefined
      ? bad(`an error occurred when try to find container "${id}": not found`, 'NotFound')
      : good({ ...statusOf(record), ...(this.crio && { runtime: 'cri-o' }) });
  }

  *ContainerStats(id: string): Program<CriResult<{ readonly writable_layer: { readonly used_bytes: number } }>> {
    const record = this.containers.get(id);
    if (record === undefined) return bad(`an error occurred when try to find container "${id}": not found`, 'NotFound');
    const used_bytes = yield* diskUsage(record.rootfs, yield* this.store.unpacked(record.image));
    return good({ writable_layer: { used_bytes } });
  }

  *Exec(request: ExecRequest): Program<CriResult<{ readonly exitCode: number }>> {
    const record = this.containers.get(request.container_id);
    if (record === undefined) return bad(`failed to exec in container: container "${request.container_id}" not found`, 'NotFound');
    if (record.pid === null) return bad(`failed to exec in container: container is in ${record.state} state`);
    return yield* execIn(this.workshop, record, record.pid, request);
  }

  Log(id: string): readonly LogEntry[] {
    return this.containers.get(id)?.log ?? [];
  }

  *WaitForChange(timeoutNs: bigint): Program<void> {
    yield* this.store.setUp();
    yield* this.workshop.changes.wait(timeoutNs);
  }

  Spec(id: string): Annotated<RuntimeSpec> | undefined {
    return this.containers.get(id)?.spec ?? this.sandboxes.get(id)?.spec;
  }

  /** The CRI configuration a container was created with. */
  Config(id: string): Annotated<ContainerConfig> | undefined {
    return this.containers.get(id)?.config;
  }

  /** All sandboxes, oldest first. Counterpart: CRI ListPodSandbox */
  ListPodSandbox(): readonly SandboxRecord[] {
    return [...this.sandboxes.values()];
  }

  /** All containers, ended ones too, oldest first. Counterpart: CRI ListContainers */
  ListContainers(): readonly ContainerRecord[] {
    return [...this.containers.values()];
  }
}
