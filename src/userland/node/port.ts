// How the programs of the node reach what runs there: the container runtime behind its socket, the journal, and, for ssh, the node
// itself. Field names are those of the CRI.

import type { Program } from '#kernel/uapi/index.ts';

export interface SandboxView {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly attempt: number;
  readonly createdAt: bigint; // ns since the epoch
  readonly pid: number | null; // null: not ready
  readonly ip: string;
  readonly image: string;
  readonly bundle: string;
  readonly config: unknown; // PodSandboxConfig
  readonly runtimeSpec: unknown;
}

export interface ContainerView {
  readonly id: string;
  readonly sandbox: SandboxView | undefined;
  readonly name: string;
  readonly attempt: number;
  readonly image: string; // as resolved: docker.io/library/busybox:1.36
  readonly imageId: string; // sha256:…
  readonly imageRef: string;
  readonly state: 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED';
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly pid: number | null;
  readonly logPath: string;
  readonly bundle: string;
  readonly user: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
  readonly config: unknown; // ContainerConfig
  readonly runtimeSpec: unknown;
}

export interface ImageView {
  readonly id: string; // sha256:…
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly size: number;
}

/** One line of the journal. */
export interface JournalEntry {
  readonly time: bigint;
  readonly unit: string;
  readonly pid: number;
  readonly message: string;
}

export type Outcome = { readonly exitCode: number } | { readonly error: string };

export interface NodePort {
  /** The socket of the runtime; who may not open it gets no answer. */
  readonly socket: string;
  readonly nodeName: string;
  sandboxes(): readonly SandboxView[];
  containers(): readonly ContainerView[];
  images(): readonly ImageView[];
  /** What a container has written, in order. */
  log(id: string): readonly { readonly stream: string; readonly time: bigint; readonly data: Uint8Array }[];
  /** Runs a command in a container over the caller's standard descriptors. */
  exec(id: string, command: readonly string[], tty: boolean, stdin: boolean): Program<Outcome>;
  journal(): readonly JournalEntry[];
  /** For ssh: names the node answers to, and a command on it as root over the caller's descriptors. */
  readonly hosts: readonly string[];
  shell(command: string | null, tty: boolean): Program<Outcome>;
}
