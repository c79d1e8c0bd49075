// What containerd remembers of sandboxes and containers.

import type { Annotated } from '#provenance/origin.ts';
import type { ContainerConfig, ContainerStatus, PodSandboxConfig } from '../cri.ts';
import type { Image } from '../image.ts';
import { normalise } from '../images/index.ts';
import type { RuntimeSpec } from '../oci.ts';
import type { ContainerIo } from './attach.ts';
import type { Pinned } from './sandboxNamespaces.ts';
import { imageStatus } from './store.ts';

export interface LogEntry {
  readonly stream: 'stdout' | 'stderr';
  readonly time: bigint;
  readonly data: Uint8Array;
}

export interface SandboxRecord {
  readonly id: string;
  readonly ip: string;
  readonly config: Annotated<PodSandboxConfig>;
  readonly spec: Annotated<RuntimeSpec>;
  readonly rootfs: string;
  readonly pinned: Pinned;
  /** SELinux label of its processes, whose categories it keeps while it exists. */
  readonly processLabel: string | undefined;
  readonly createdAt: bigint;
  pid: number | null;
}

export interface ContainerRecord {
  readonly id: string;
  readonly sandbox: string;
  readonly config: Annotated<ContainerConfig>;
  readonly spec: Annotated<RuntimeSpec>;
  readonly image: Image;
  readonly rootfs: string;
  readonly createdAt: bigint;
  readonly log: LogEntry[];
  readonly io: ContainerIo;
  state: ContainerStatus['state'];
  startedAt: bigint;
  finishedAt: bigint;
  exitCode: number;
  reason: string;
  message: string;
  pid: number | null;
}

/** The CRI status of a container. */
export function statusOf(record: ContainerRecord): ContainerStatus {
  const { config, spec } = record;
  const reference = config.value.image.user_specified_image || config.value.image.image;
  const image = imageStatus(record.image, reference);
  const { uid, gid, additionalGids = [] } = spec.value.process.user;
  return {
    id: record.id,
    name: config.value.metadata.name,
    state: record.state,
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    exitCode: record.exitCode,
    reason: record.reason,
    message: record.message,
    image: image.repo_tags[0] ?? normalise(reference),
    image_ref: image.repo_digests[0] ?? image.id,
    user: { linux: { uid, gid, supplemental_groups: additionalGids } },
    mounts: config.value.mounts,
    taskId: record.state === 'CONTAINER_RUNNING' ? record.pid : null,
  };
}
