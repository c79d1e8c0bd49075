// The container runtime of the node: what kubelet talks to. Counterpart: containerd internal/cri/server
//
// Deviates: create and start of a task are one step, in StartContainer; nothing survives a restart of the runtime.

import { MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID } from '#abi/flags.ts';
import { SIGKILL, signalNumber } from '#abi/signal.ts';
import { diskUsage, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Annotated } from '#provenance/origin.ts';
import type {
  AttachRequest,
  ContainerConfig,
  ContainerStatus,
  CriResult,
  ExecRequest,
  ImageStatus,
  Mount,
  PodSandboxConfig,
  RuntimeService,
  SELinuxOption,
} from '../cri.ts';
import { accountMounts } from '../crio/accounts.ts';
import type { Image } from '../image.ts';
import type { NodeSettings } from '../node.ts';
import type { OciProcess, RuntimeSpec } from '../oci.ts';
import { Failure } from '../runc/failure.ts';
import { mkdirAll, readFile, secureJoin } from '../runc/paths.ts';
import { type ApparmorResult, apparmorFor } from './apparmor.ts';
import { attach } from './attach.ts';
import { Changes } from './changes.ts';
import { CriLog } from './criLog.ts';
import { createErrorText, RUNC, startErrorText } from './errorTexts.ts';
import { imageVolumes, makeBindSources, mountRootfs, unmountRootfs, writeSandboxFiles } from './files.ts';
import { hostDevices } from './hostDevices.ts';
import { randomId, randomUuid } from './ids.ts';
import { unmountImages, withImageVolumes } from './imageVolumes.ts';
import { type ContainerRecord, type LogEntry, type SandboxRecord, statusOf } from './records.ts';
import { type Relabelled, relabelMounts } from './relabel.ts';
import { type Pinned, pinNamespaces, unpinNamespaces } from './sandboxNamespaces.ts';
import { sandboxOrigins } from './sandboxOrigins.ts';
import { sandboxSpec } from './sandboxSpec.ts';
import { type ProfileFile, readProfile } from './seccompProfile.ts';
import { initLabels, type LabelResult, McsPairs, optionText } from './selinux.ts';
import { execShim, launch, now, waitFor } from './shims.ts';
import { buildSpec, criMounts, idMappings, sandboxState, shmDirectory } from './spec.ts';
import { ImageStore, imageStatus } from './store.ts';

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

const good = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
const bad = (
  message: string,
  code: 'Unknown' | 'NotFound' = 'Unknown',
): { readonly ok: false; readonly code: 'Unknown' | 'NotFound'; readonly message: string } => ({ ok: false, code, message });

/** Where containerd keeps the named pipes of containers. */
const IO_ROOT = '/run/containerd/io.containerd.grpc.v1.cri/containers';
/** The runtime handlers of a default configuration. */
const HANDLERS: ReadonlySet<string> = new Set(['', 'runc']);

export class Containerd implements RuntimeService {
  readonly store: ImageStore;
  private readonly node: NodeSettings;
  private readonly random: () => number;
  private readonly onHostRoot: ContainerdOptions['onHostRoot'];
  private readonly pairs: McsPairs;
  private readonly sandboxes = new Map<string, SandboxRecord>();
  private readonly containers = new Map<string, ContainerRecord>();
  private nextIp = FIRST_IP;
  private readonly changes = new Changes();

  constructor(options: ContainerdOptions) {
    this.store = options.store ?? new ImageStore({}, options.node?.images);
    this.node = options.node ?? {};
    this.random = options.random;
    this.onHostRoot = options.onHostRoot;
    this.pairs = new McsPairs(options.random);
  }

  ImageStatus(reference: string): CriResult<ImageStatus | null> {
    const image = this.store.local(reference);
    return good(image === undefined ? null : imageStatus(image, reference));
  }

  *PullImage(reference: string): Program<CriResult<ImageStatus>> {
    const pulled: CriResult<Image> = yield* this.store.pull(reference);
    return pulled.ok ? good(imageStatus(pulled.value, reference)) : pulled;
  }

  /** Labels for a sandbox, or for a container of one; none where the runtime does without SELinux. */
  private labels(options: SELinuxOption | undefined, sandbox: string | undefined): LabelResult {
    return this.node.seLinux?.enabled ? initLabels(options, sandbox, this.pairs) : { ok: true };
  }

  *RunPodSandbox(
    given: Annotated<PodSandboxConfig>,
    runtime_handler = '',
  ): Program<CriResult<{ readonly id: string; readonly ip: string }>> {
    yield* this.store.setUp();
    const config = given.value;
    const id = randomId(this.random);
    if (!HANDLERS.has(runtime_handler))
      return bad(`unable to get OCI runtime for sandbox "${id}": no runtime for ${JSON.stringify(runtime_handler)} is configured`);
    const options = config.linux.security_context.namespace_options;
    const pinned: Pinned = {
      ...(options.network !== 'NODE' && { network: `/var/run/netns/cni-${randomUuid(this.random)}` }),
      ...(options.userns_options?.mode === 'POD' && { user: `${sandboxState(id)}/pinned-namespaces/user` }),
    };
    const asked = config.linux.security_context.selinux_options;
    const labels = this.labels(asked, undefined);
    if (!labels.ok) {
      return bad(
        `failed to start sandbox "${id}": failed to generate sandbox container spec: failed to init selinux options ${optionText(asked)}: ${labels.message}`,
      );
    }
    const spec = sandboxSpec(id, config, this.store.pause, this.node, pinned, labels.value);
    if (!spec.ok) return bad(`failed to start sandbox "${id}": ${spec.message}`);
    yield* writeSandboxFiles(id, config);
    const shm = shmDirectory(id);
    yield* mkdirAll(shm);
    yield* sys.mount('shm', shm, 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k');
    const rootfs: string = yield* mountRootfs(this.store, id, this.store.pause, spec.value);
    yield* pinNamespaces(pinned, idMappings(config));
    const record: SandboxRecord = {
      id,
      ip: options.network === 'NODE' ? '' : `10.244.0.${this.nextIp++}`,
      config: given,
      spec: { value: spec.value, origins: sandboxOrigins(given, spec.value) },
      rootfs,
      pinned,
      processLabel: labels.value?.process,
      createdAt: yield* now(),
      pid: null,
    };
    let failure: string | undefined;
    yield* launch(this.changes, id, spec.value, rootfs, this.node.openFiles, {
      started: (pid) => {
        record.pid = pid;
      },
      failed: (text) => {
        failure = text;
      },
      exited: () => {
        record.pid = null;
      },
      log: () => undefined,
    });
    if (failure !== undefined) {
      yield* unmountRootfs(rootfs);
      yield* unpinNamespaces(pinned);
      return bad(`failed to start sandbox "${id}": ${RUNC}${failure}`);
    }
    this.sandboxes.set(id, record);
    return good({ id, ip: record.ip });
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
    this.pairs.release(sandbox.processLabel);
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
    const reference = given.value.image.user_specified_image || given.value.image.image;
    const image = this.store.find(reference);
    if (image === undefined) return bad(`failed to resolve image "${reference}": not found`);
    const config = yield* withImageVolumes(this.store, sandboxId, given);
    if ('failure' in config) return bad(config.failure);
    if (this.onHostRoot && given.value.mounts.some(({ host_path }) => host_path === '/')) yield* this.onHostRoot();
    const id = randomId(this.random);
    const lower: string = yield* this.store.unpacked(image);
    const passwd: string = yield* readFile(yield* secureJoin(lower, '/etc/passwd'));
    const group: string = yield* readFile(yield* secureJoin(lower, '/etc/group'));
    const volumes: readonly Mount[] = yield* imageVolumes(id, image, lower);
    const target = given.value.linux.security_context.namespace_options.target_id;
    const targetPid = target === undefined ? undefined : (this.containers.get(target)?.pid ?? undefined);
    const apparmor: ApparmorResult = yield* apparmorFor(given.value.linux.security_context);
    if (!apparmor.ok) return bad(apparmor.message);
    const labels = this.labels(given.value.linux.security_context.selinux_options, pod.processLabel);
    if (!labels.ok) return bad(`failed to generate container "${id}" spec: failed to generate spec opts: ${labels.message}`);
    const relabelled: Relabelled = yield* relabelMounts(criMounts({ config, sandbox, sandboxId, volumes }), labels.value?.mount);
    const seccompFile: ProfileFile | undefined = yield* readProfile(given.value.linux.security_context.seccomp);
    const spec = buildSpec({
      ...(seccompFile !== undefined && { seccompFile }),
      ...(labels.value !== undefined && { labels: labels.value, relabelled }),
      config,
      sandbox,
      image,
      passwd,
      group,
      sandboxId,
      containerId: id,
      sandboxPid: pod.pid,
      volumes,
      ...(this.crio && { crio: true, accounts: yield* accountMounts(id, lower, image, config.value) }),
      ...(given.value.linux.security_context.privileged && { hostDevices: yield* hostDevices() }),
      ...(targetPid !== undefined && { targetPid }),
      ...(apparmor.value !== undefined && { apparmorProfile: apparmor.value }),
    });
    if (!spec.ok) return bad(createErrorText(spec.message, this.crio, this.random));
    yield* makeBindSources(spec.value.value);
    const rootfs: string = yield* mountRootfs(this.store, id, image, spec.value.value);
    this.containers.set(id, {
      id,
      sandbox: sandboxId,
      config,
      spec: spec.value,
      image,
      rootfs,
      createdAt: yield* now(),
      log: [],
      io: { stdin: config.value.stdin ? `${IO_ROOT}/${id}/io/${id}-stdin` : undefined, clients: new Set(), attached: 0 },
      state: 'CONTAINER_CREATED',
      startedAt: 0n,
      finishedAt: 0n,
      exitCode: 0,
      reason: '',
      message: '',
      pid: null,
    });
    return good({ id });
  }

  private get crio(): boolean {
    return this.node.runtime === 'cri-o';
  }

  *StartContainer(id: string): Program<CriResult<void>> {
    const record = this.containers.get(id);
    if (record === undefined) return bad(`an error occurred when try to find container "${id}": not found`, 'NotFound');
    let failure: string | undefined;
    yield* launch(this.changes, id, record.spec.value, record.rootfs, this.node.openFiles, {
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
    const [pid, openFiles] = [record.pid, this.node.openFiles];
    const { process: base, linux } = record.spec.value;
    const { terminal: _terminal, ...rest } = base;
    const env = request.tty ? [...(base.env ?? []).filter((entry) => !entry.startsWith('TERM=')), 'TERM=xterm'] : base.env;
    const process: OciProcess = { ...rest, args: request.cmd, ...(env && { env }), ...(request.tty && { terminal: true }) };
    let outcome: number | Failure = new Failure('unable to start container process');
    const shim: SysResult<number> = yield* sys.clone({
      flags: 0,
      ...(linux.cgroupsPath !== undefined && { cgroup: linux.cgroupsPath }),
      *main() {
        outcome = yield* execShim(pid, process, linux, request, openFiles);
        return 0;
      },
    });
    if (!shim.ok) return bad('failed to exec in container: no task for a shim');
    yield* waitFor(shim.value);
    const ended = outcome as number | Failure;
    if (typeof ended === 'number') return good({ exitCode: ended });
    return bad(
      `failed to exec in container: failed to start exec "${randomId(this.random)}": OCI runtime exec failed: exec failed: ${ended.text}`,
    );
  }

  Log(id: string): readonly LogEntry[] {
    return this.containers.get(id)?.log ?? [];
  }

  *WaitForChange(timeoutNs: bigint): Program<void> {
    yield* this.store.setUp();
    yield* this.changes.wait(timeoutNs);
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
