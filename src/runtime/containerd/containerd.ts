// containerd's CRI plugin on the simulated node: images, sandboxes, containers. Counterpart: containerd 2.1 internal/cri/server

import { AT_FDCWD, O_CLOEXEC } from '#abi/flags.ts';
import { SIGKILL, SIGTERM, signalNumber } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Annotated } from '#provenance/origin.ts';
import type { ContainerConfig, ContainerStatus, CriResult, ExecRequest, ImageStatus, PodSandboxConfig, RuntimeService } from '../cri.ts';
import type { Image, ImageEntry } from '../image.ts';
import { ImageCatalogue, type ImageSettings, normalise, SANDBOX_IMAGE } from '../images/index.ts';
import type { NodeSettings } from '../node.ts';
import type { RuntimeSpec } from '../oci.ts';
import { Failure } from '../runc/failure.ts';
import { mkdirAll, writeFile } from '../runc/paths.ts';
import { pseudoDigest, randomId } from './ids.ts';
import { unpackEntries } from './layers.ts';
import { execShim, shim } from './processes.ts';
import { sandboxSpec } from './sandboxSpec.ts';
import { buildSpec, sandboxDirectory, shmDirectory } from './spec.ts';

export interface ContainerdOptions {
  readonly images: Readonly<Record<string, ImageSettings>>;
  readonly node: NodeSettings;
  readonly random: () => number;
  /** Something about a container changed: the host makes the change stream readable. */
  readonly onChange: () => void;
}

interface Container {
  readonly id: string;
  readonly name: string;
  readonly sandbox: Sandbox;
  readonly config: Annotated<ContainerConfig>;
  readonly image: Image;
  readonly spec: Annotated<RuntimeSpec>;
  readonly rootfs: string;
  readonly log: { readonly stream: 'stdout' | 'stderr'; readonly time: bigint; readonly data: Uint8Array }[];
  state: ContainerStatus['state'];
  createdAt: bigint;
  startedAt: bigint;
  finishedAt: bigint;
  exitCode: number;
  reason: string;
  message: string;
  pid: number | null;
}

interface Sandbox {
  readonly id: string;
  readonly ip: string;
  pid: number | null;
}

const ROOT = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';
const TASKS = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
const PULL_TIME = 1_500_000_000n;
const STOP_STEP = 50_000_000n;
/** The stream WaitForChange reads: descriptor of the kubelet's task. */
export const CHANGE_FD = 4;

const okay = <T>(value: T): CriResult<T> => ({ ok: true, value });
const unknown = <T>(message: string): CriResult<T> => ({ ok: false, code: 'Unknown', message });

function* realtime(): Program<bigint> {
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? now.value : 0n;
}

export class Containerd implements RuntimeService {
  private readonly options: ContainerdOptions;
  private readonly catalogue: ImageCatalogue;
  private readonly snapshots = new Map<Image, string>();
  private readonly sandboxes = new Map<string, Sandbox>();
  private readonly containers = new Map<string, Container>();
  private nextSnapshot = 1;
  private nextAddress = 12;
  private changed = false;
  /** Readable once after something changed; see CHANGE_FD. */
  readonly changeStream = {
    read: (): Uint8Array | undefined => {
      if (!this.changed) return undefined;
      this.changed = false;
      return new Uint8Array(1);
    },
    write: (): void => undefined,
  };

  constructor(options: ContainerdOptions) {
    this.options = options;
    this.catalogue = new ImageCatalogue(options.images);
  }

  private notify(): void {
    if (this.changed) return;
    this.changed = true;
    this.options.onChange();
  }

  ImageStatus(reference: string): CriResult<ImageStatus | null> {
    const image = this.catalogue.find(reference);
    return okay(image === undefined ? null : this.statusOf(reference, image));
  }

  private statusOf(reference: string, image: Image): ImageStatus {
    const full = normalise(reference);
    const repository = full.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
    const user = (image.config.User ?? '').split(':')[0] ?? '';
    const numeric = /^\d+$/.test(user);
    return {
      id: `sha256:${pseudoDigest(`config ${image.name}`)}`,
      repo_tags: [full],
      repo_digests: [`${repository}@sha256:${pseudoDigest(image.name)}`],
      size: image.size,
      uid: numeric ? Number(user) : null,
      username: numeric ? '' : user,
    };
  }

  *PullImage(reference: string): Program<CriResult<ImageStatus>> {
    yield* sys.nanosleep(PULL_TIME);
    const image = this.catalogue.find(reference);
    if (image !== undefined) return okay(this.statusOf(reference, image));
    const full = normalise(reference);
    return {
      ok: false,
      code: 'NotFound',
      message: `failed to pull and unpack image "${full}": failed to resolve image: ${full}: not found`,
    };
  }

  /** The directory an image is unpacked in; unpacks it at first use. */
  *unpacked(reference: string): Program<string> {
    const image = this.catalogue.find(reference);
    if (image === undefined) throw new Error(`no image ${reference}`);
    return yield* this.snapshot(image);
  }

  private *snapshot(image: Image): Program<string> {
    const known = this.snapshots.get(image);
    if (known !== undefined) return known;
    const path = `${ROOT}/${this.nextSnapshot++}/fs`;
    this.snapshots.set(image, path);
    yield* mkdirAll(path);
    // A file system of its own, so that containers share its inodes.
    yield* sys.mount('/dev/sda1', path, 'ext4', 0, '');
    yield* unpackEntries(path, image.entries);
    return path;
  }

  /** Mounts a fresh overlay of an image; its root. */
  private *overlay(image: Image, id: string, idmap: number | undefined): Program<string> {
    const lower = yield* this.snapshot(image);
    const own = `${ROOT}/${this.nextSnapshot++}`;
    const rootfs = `${TASKS}/${id}/rootfs`;
    yield* mkdirAll(`${own}/fs`);
    yield* mkdirAll(`${own}/work`);
    yield* mkdirAll(rootfs);
    yield* sys.mount('overlay', rootfs, 'overlay', 0, `lowerdir=${lower},upperdir=${own}/fs,workdir=${own}/work`);
    if (idmap !== undefined) yield* sys.mount('', rootfs, '', 4096 | 32, `idmap=0:${idmap}:65536`);
    return rootfs;
  }

  *RunPodSandbox(config: PodSandboxConfig): Program<CriResult<{ readonly id: string; readonly ip: string }>> {
    const id = randomId(this.options.random);
    const image = this.catalogue.find(SANDBOX_IMAGE) as Image;
    const failed = (message: string): CriResult<never> => unknown(`failed to start sandbox "${id}": ${message}`);
    const spec = sandboxSpec(id, config, image, this.options.node);
    if (!spec.ok) return failed(spec.message);
    const hostNetwork = config.linux.security_context.namespace_options.network === 'NODE';
    const ip = hostNetwork ? '172.18.0.2' : `10.244.0.${this.nextAddress++}`;
    yield* mkdirAll(sandboxDirectory(id));
    yield* writeFile(`${sandboxDirectory(id)}/hostname`, `${config.hostname}\n`, 0o644);
    const dns = config.dns_config;
    const resolv = [
      ...(dns?.searches.length ? [`search ${dns.searches.join(' ')}`] : []),
      ...(dns?.servers ?? []).map((server) => `nameserver ${server}`),
      ...(dns?.options.length ? [`options ${dns.options.join(' ')}`] : []),
    ];
    yield* writeFile(`${sandboxDirectory(id)}/resolv.conf`, resolv.map((line) => `${line}\n`).join(''), 0o644);
    yield* mkdirAll(shmDirectory(id));
    yield* sys.mount('shm', shmDirectory(id), 'tmpfs', 2 | 4 | 8, 'mode=1777,size=65536k');
    const rootfs = yield* this.overlay(image, id, spec.value.linux.uidMappings?.[0]?.hostID);
    const sandbox: Sandbox = { id, ip, pid: null };
    const result = yield* this.launch(spec.value, rootfs, {
      output: () => undefined,
      started: (pid) => {
        sandbox.pid = pid;
      },
      ended: () => {
        sandbox.pid = null;
      },
    });
    if (result !== undefined)
      return failed(
        `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${result.text}`,
      );
    this.sandboxes.set(id, sandbox);
    return okay({ id, ip });
  }

  /** Starts a shim and waits until its container has started; the failure otherwise. */
  private *launch(
    spec: RuntimeSpec,
    rootfs: string,
    events: { output(stream: 'stdout' | 'stderr', data: Uint8Array): void; started(pid: number): void; ended(exitCode: number): void },
  ): Program<Failure | undefined> {
    const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
    if (!ends.ok) throw new Error('no pipe for a shim');
    const [read, write] = ends.value;
    const result: { failure: Failure | undefined } = { failure: undefined };
    const main = function* (): Program<number> {
      yield* sys.close(read);
      yield* sys.setsid();
      return yield* shim(spec, rootfs, write, { ...events, failed: (failure) => void (result.failure = failure) });
    };
    yield* sys.clone({ flags: 0, main });
    yield* sys.close(write);
    yield* sys.read(read, 1);
    yield* sys.close(read);
    return result.failure;
  }

  *StopPodSandbox(id: string): Program<CriResult<void>> {
    const pid = this.sandboxes.get(id)?.pid;
    if (pid != null) yield* sys.kill(pid, SIGKILL);
    return okay(undefined);
  }

  *RemovePodSandbox(id: string): Program<CriResult<void>> {
    yield* this.StopPodSandbox(id);
    yield* sys.umount2(shmDirectory(id), 2);
    yield* sys.umount2(`${TASKS}/${id}/rootfs`, 2);
    this.sandboxes.delete(id);
    return okay(undefined);
  }

  *CreateContainer(
    sandboxId: string,
    config: Annotated<ContainerConfig>,
    sandboxConfig: PodSandboxConfig,
  ): Program<CriResult<{ readonly id: string }>> {
    const sandbox = this.sandboxes.get(sandboxId);
    const image = this.catalogue.find(config.value.image.image) ?? this.catalogue.find(config.value.image.user_specified_image);
    if (sandbox === undefined || sandbox.pid === null) return unknown(`failed to find sandbox id "${sandboxId}": not found`);
    if (image === undefined) return unknown(`failed to resolve image "${config.value.image.image}": not found`);
    const id = randomId(this.options.random);
    const target = config.value.linux.security_context.namespace_options.target_id;
    const targetPid = target === undefined ? undefined : this.containers.get(target)?.pid;
    const text = (path: string): string =>
      image.entries.reduce(
        (found, entry: ImageEntry) => (entry.path === path ? (entry.type === 'delete' ? '' : (entry.content ?? '')) : found),
        '',
      );
    const spec = buildSpec({
      config,
      sandbox: sandboxConfig,
      image,
      passwd: text('/etc/passwd'),
      group: text('/etc/group'),
      node: this.options.node,
      sandboxId,
      containerId: id,
      sandboxPid: sandbox.pid,
      ...(targetPid == null ? {} : { targetPid }),
      volumes: [],
    });
    if (!spec.ok) {
      if (spec.message.startsWith('failed to ')) return unknown(spec.message);
      const where =
        spec.message === 'no users found'
          ? `mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount${this.options.random()}: `
          : '';
      return unknown(`failed to create containerd container: ${where}${spec.message}`);
    }
    const rootfs = yield* this.overlay(image, id, spec.value.value.linux.uidMappings?.[0]?.hostID);
    this.containers.set(id, {
      id,
      name: config.value.metadata.name,
      sandbox,
      config,
      image,
      spec: spec.value,
      rootfs,
      log: [],
      state: 'CONTAINER_CREATED',
      createdAt: yield* realtime(),
      startedAt: 0n,
      finishedAt: 0n,
      exitCode: 0,
      reason: '',
      message: '',
      pid: null,
    });
    return okay({ id });
  }

  *StartContainer(id: string): Program<CriResult<void>> {
    const container = this.containers.get(id);
    if (container === undefined) return { ok: false, code: 'NotFound', message: `container "${id}" not found` };
    const clock = { now: yield* realtime() };
    const failure = yield* this.launch(container.spec.value, container.rootfs, {
      output: (stream, data) => void container.log.push({ stream, time: clock.now, data }),
      started: (pid) => {
        container.pid = pid;
        container.state = 'CONTAINER_RUNNING';
      },
      ended: (exitCode) => {
        container.pid = null;
        container.state = 'CONTAINER_EXITED';
        container.exitCode = exitCode;
        container.reason = exitCode === 0 ? 'Completed' : 'Error';
        container.finishedAt = container.startedAt > clock.now ? container.startedAt : clock.now;
        this.notify();
      },
    });
    if (failure === undefined) {
      container.startedAt = yield* realtime();
      this.notify();
      return okay(undefined);
    }
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${failure.text}`;
    container.state = 'CONTAINER_EXITED';
    container.exitCode = 128;
    container.reason = 'StartError';
    container.message = message;
    container.finishedAt = yield* realtime();
    return unknown(message);
  }

  *StopContainer(id: string, timeout: number): Program<CriResult<void>> {
    const container = this.containers.get(id);
    if (container?.pid == null) return okay(undefined);
    yield* sys.kill(container.pid, signalNumber(container.image.config.StopSignal ?? '') ?? SIGTERM);
    for (let waited = 0n; container.pid !== null && waited < BigInt(timeout) * 1_000_000_000n; waited += STOP_STEP)
      yield* sys.nanosleep(STOP_STEP);
    if (container.pid !== null) yield* sys.kill(container.pid, SIGKILL);
    while (container.pid !== null) yield* sys.nanosleep(STOP_STEP);
    return okay(undefined);
  }

  *RemoveContainer(id: string): Program<CriResult<void>> {
    yield* this.StopContainer(id, 0);
    yield* sys.umount2(`${TASKS}/${id}/rootfs`, 2);
    yield* sys.unlinkat(AT_FDCWD, `${TASKS}/${id}/rootfs`, 0x200);
    this.containers.delete(id);
    return okay(undefined);
  }

  ContainerStatus(id: string): CriResult<ContainerStatus> {
    const container = this.containers.get(id);
    if (container === undefined)
      return { ok: false, code: 'NotFound', message: `an error occurred when try to find container "${id}": not found` };
    const reference = container.config.value.image.user_specified_image;
    const image = this.statusOf(reference, container.image);
    const { user } = container.spec.value.process;
    return okay({
      id,
      name: container.name,
      state: container.state,
      createdAt: container.createdAt,
      startedAt: container.startedAt,
      finishedAt: container.finishedAt,
      exitCode: container.exitCode,
      reason: container.reason,
      message: container.message,
      image: image.repo_tags[0] as string,
      image_ref: image.repo_digests[0] as string,
      user: { linux: { uid: user.uid, gid: user.gid, supplemental_groups: user.additionalGids ?? [] } },
      mounts: container.config.value.mounts,
      taskId: container.pid,
    });
  }

  *Exec(request: ExecRequest): Program<CriResult<{ readonly exitCode: number }>> {
    const container = this.containers.get(request.container_id);
    if (container?.pid == null) return unknown(`container is in ${container?.state ?? 'CONTAINER_UNKNOWN'} state`);
    const result = yield* execShim(container.pid, container.spec.value, request);
    if (!(result instanceof Failure)) return okay({ exitCode: result });
    return unknown(
      `failed to exec in container: failed to start exec "${randomId(this.options.random)}": OCI runtime exec failed: exec failed: ${result.text}`,
    );
  }

  Log(id: string): Container['log'] {
    return this.containers.get(id)?.log ?? [];
  }

  *WaitForChange(_timeoutNs: bigint): Program<void> {
    yield* sys.read(CHANGE_FD, 64);
  }

  Spec(id: string): Annotated<RuntimeSpec> | undefined {
    return this.containers.get(id)?.spec;
  }

  /** The CRI configuration a container was created with. */
  Config(id: string): Annotated<ContainerConfig> | undefined {
    return this.containers.get(id)?.config;
  }
}
