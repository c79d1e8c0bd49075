// The Container Runtime Interface: all that kubelet and the container runtime say to each other. Field names are those of
// the CRI's JSON form. Counterpart: k8s.io/cri-api v1 (api.proto)
//
// Deviates: calls are Programs (they run inside a task of the node and make system calls); the image service is folded in.

import type { Program } from '#kernel/uapi/index.ts';
import type { Annotated } from '#provenance/origin.ts';
import type { RuntimeSpec } from './oci.ts';

export type NamespaceMode = 'POD' | 'CONTAINER' | 'NODE' | 'TARGET';

export interface SecurityProfile {
  readonly profile_type: 'RuntimeDefault' | 'Unconfined' | 'Localhost';
  readonly localhost_ref: string;
}

export interface IdMapping {
  readonly host_id: number;
  readonly container_id: number;
  readonly length: number;
}

export interface NamespaceOption {
  readonly network: NamespaceMode;
  readonly pid: NamespaceMode;
  readonly ipc: NamespaceMode;
  readonly target_id?: string;
  readonly userns_options?: { readonly mode: 'POD' | 'NODE'; readonly uids: readonly IdMapping[]; readonly gids: readonly IdMapping[] };
}

export interface SELinuxOption {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  readonly level: string;
}

export interface LinuxSandboxSecurityContext {
  readonly namespace_options: NamespaceOption;
  readonly selinux_options?: SELinuxOption;
  readonly run_as_user?: number;
  readonly run_as_group?: number;
  readonly supplemental_groups: readonly number[];
  readonly supplemental_groups_policy?: 'Merge' | 'Strict';
  readonly privileged: boolean;
  readonly readonly_rootfs: boolean;
  readonly seccomp?: SecurityProfile;
  readonly apparmor?: SecurityProfile;
}

export interface LinuxContainerResources {
  readonly oom_score_adj?: number;
  readonly cpu_shares?: number;
  readonly memory_limit_in_bytes?: number;
  readonly cpu_quota?: number;
  readonly cpu_period?: number;
}

export interface PodSandboxConfig {
  readonly metadata: { readonly name: string; readonly uid: string; readonly namespace: string; readonly attempt: number };
  readonly hostname: string;
  readonly log_directory: string;
  readonly dns_config?: { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux: {
    readonly cgroup_parent: string;
    readonly resources?: LinuxContainerResources;
    readonly security_context: LinuxSandboxSecurityContext;
    readonly sysctls: Readonly<Record<string, string>>;
  };
}

export interface Mount {
  readonly container_path: string;
  readonly host_path: string;
  readonly readonly: boolean;
  readonly selinux_relabel: boolean;
  readonly propagation: 'PROPAGATION_PRIVATE' | 'PROPAGATION_HOST_TO_CONTAINER' | 'PROPAGATION_BIDIRECTIONAL';
  readonly recursive_read_only?: boolean;
  readonly image?: { readonly image: string };
  readonly image_sub_path?: string;
  readonly uidMappings?: readonly IdMapping[];
  readonly gidMappings?: readonly IdMapping[];
}

export interface LinuxContainerSecurityContext {
  readonly capabilities?: { readonly add_capabilities: readonly string[]; readonly drop_capabilities: readonly string[] };
  readonly privileged: boolean;
  readonly namespace_options: NamespaceOption;
  readonly selinux_options?: SELinuxOption;
  readonly run_as_user?: number;
  readonly run_as_group?: number;
  readonly run_as_username?: string;
  readonly readonly_rootfs: boolean;
  readonly supplemental_groups: readonly number[];
  readonly supplemental_groups_policy?: 'Merge' | 'Strict';
  readonly no_new_privs: boolean;
  readonly masked_paths: readonly string[];
  readonly readonly_paths: readonly string[];
  readonly seccomp?: SecurityProfile;
  readonly apparmor?: SecurityProfile;
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: { readonly image: string; readonly user_specified_image: string };
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly working_dir: string;
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly devices: readonly { readonly container_path: string; readonly host_path: string; readonly permissions: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly log_path: string;
  readonly stdin: boolean;
  readonly stdin_once: boolean;
  readonly tty: boolean;
  readonly linux: {
    readonly resources: LinuxContainerResources & { readonly oom_score_adj: number };
    readonly security_context: LinuxContainerSecurityContext;
  };
}

/** A CRI call fails with the text of its gRPC status (without "rpc error: code = …"), as kubelet puts it into events. */
export type CriResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: 'Unknown' | 'NotFound' | 'InvalidArgument'; readonly message: string };

export interface ImageStatus {
  readonly id: string; // sha256:…
  readonly repo_tags: readonly string[];
  readonly repo_digests: readonly string[];
  readonly size: number; // bytes
  readonly uid: number | null;
  readonly username: string; // set when USER is a name
}

export interface ContainerStatus {
  readonly id: string; // 64 hex digits
  readonly runtime?: string; // runtime_name of the Version call, where it is not containerd
  readonly name: string;
  readonly state: 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED';
  readonly createdAt: bigint; // ns
  readonly startedAt: bigint; // 0n: not started
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly reason: string; // Completed, Error, StartError, OOMKilled
  readonly message: string;
  readonly image: string; // docker.io/library/busybox:1.28
  readonly image_ref: string; // docker.io/library/busybox@sha256:…
  readonly user: { readonly linux: { readonly uid: number; readonly gid: number; readonly supplemental_groups: readonly number[] } } | null;
  readonly mounts: readonly Mount[];
  readonly taskId: number | null; // global id of the first process while it runs
}

/** A program that is to run in a container beside its first process. Descriptors are the caller's, taken over by the new process. */
export interface ExecRequest {
  readonly container_id: string;
  readonly cmd: readonly string[];
  readonly tty: boolean;
  readonly stdin: number | null; // fd of the calling task
  readonly stdout: number | null;
  readonly stderr: number | null;
}

/** A client of a container's first process. Descriptors are the calling task's. */
export interface AttachRequest {
  readonly container_id: string;
  readonly tty: boolean;
  readonly stdin: number | null;
  readonly stdout: number | null;
  readonly stderr: number | null;
  /** Reports an error when the client is gone; null: it stays. */
  readonly connection: number | null;
}

/** What kubelet may ask of the runtime. Every method is a program that runs in the calling node task. */
export interface RuntimeService {
  ImageStatus(image: string): CriResult<ImageStatus | null>;
  /** Takes simulated time. Errors as containerd words them. */
  PullImage(image: string): Program<CriResult<ImageStatus>>;
  /** `runtime_handler`: that of the pod's RuntimeClass; none means the default. */
  RunPodSandbox(
    config: Annotated<PodSandboxConfig>,
    runtime_handler?: string,
  ): Program<CriResult<{ readonly id: string; readonly ip: string }>>;
  StopPodSandbox(id: string): Program<CriResult<void>>;
  RemovePodSandbox(id: string): Program<CriResult<void>>;
  CreateContainer(
    sandboxId: string,
    config: Annotated<ContainerConfig>,
    sandbox: PodSandboxConfig,
  ): Program<CriResult<{ readonly id: string }>>;
  StartContainer(id: string): Program<CriResult<void>>;
  /** Copies between the caller and the container's first process until one of them is gone. */
  Attach(request: AttachRequest): Program<CriResult<void>>;
  /** SIGTERM (or the image's StopSignal), then SIGKILL after `timeout` seconds; returns when it has ended. */
  StopContainer(id: string, timeout: number): Program<CriResult<void>>;
  RemoveContainer(id: string): Program<CriResult<void>>;
  ContainerStatus(id: string): CriResult<ContainerStatus>;
  /** What the container has written over its image. */
  ContainerStats(id: string): Program<CriResult<{ readonly writable_layer: { readonly used_bytes: number } }>>;
  /** Runs until the command ends; value: its wait status as an exit code (128+n for signal n). */
  Exec(request: ExecRequest): Program<CriResult<{ readonly exitCode: number }>>;
  /** Everything the container has written so far, in order. */
  Log(id: string): readonly { readonly stream: 'stdout' | 'stderr'; readonly time: bigint; readonly data: Uint8Array }[];
  /** Blocks until a container's state may have changed since the last call (or `timeoutNs` passed): the PLEG. */
  WaitForChange(timeoutNs: bigint): Program<void>;
  /** The OCI configuration a container was created with. */
  Spec(id: string): Annotated<RuntimeSpec> | undefined;
}
