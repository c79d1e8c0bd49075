// The answers of ContainerStatus and PodSandboxStatus as crictl prints them: JSON, with what the runtime adds below "info".
// Counterpart: cri-tools cmd/crictl outputStatusInfo; containerd toCRIContainerInfo

import type { ContainerView, SandboxView } from './port.ts';
import { rfc3339 } from './text.ts';

const NEVER = '1970-01-01T00:00:00Z';
const at = (ns: bigint): string => (ns === 0n ? NEVER : rfc3339(ns));

interface Config {
  readonly labels?: unknown;
  readonly annotations?: unknown;
  readonly mounts?: readonly {
    readonly container_path: string;
    readonly host_path: string;
    readonly readonly: boolean;
    readonly selinux_relabel: boolean;
    readonly propagation: string;
  }[];
  readonly image?: { readonly user_specified_image?: string };
}

/** What `crictl inspect` prints of a container. */
export function inspectContainer(one: ContainerView): Record<string, unknown> {
  const config = one.config as Config;
  return {
    info: {
      config: one.config,
      pid: one.pid ?? 0,
      removing: false,
      runtimeSpec: one.runtimeSpec,
      runtimeType: 'io.containerd.runc.v2',
      sandboxID: one.sandbox?.id ?? '',
      snapshotter: 'overlayfs',
    },
    status: {
      annotations: config.annotations ?? {},
      createdAt: at(one.createdAt),
      exitCode: one.exitCode,
      finishedAt: at(one.finishedAt),
      id: one.id,
      image: { annotations: {}, image: one.image, runtimeHandler: '', userSpecifiedImage: config.image?.user_specified_image ?? '' },
      imageId: one.imageId,
      imageRef: one.imageRef,
      labels: config.labels ?? {},
      logPath: one.logPath,
      message: one.message,
      metadata: { attempt: one.attempt, name: one.name },
      mounts: (config.mounts ?? []).map((mount) => ({
        containerPath: mount.container_path,
        gidMappings: [],
        hostPath: mount.host_path,
        propagation: mount.propagation,
        readonly: mount.readonly,
        recursiveReadOnly: false,
        selinuxRelabel: mount.selinux_relabel,
        uidMappings: [],
      })),
      reason: one.reason,
      startedAt: at(one.startedAt),
      state: one.state,
      user: {
        linux: { gid: String(one.user.gid), supplementalGroups: one.user.supplementalGroups.map(String), uid: String(one.user.uid) },
      },
    },
  };
}

/** What `crictl inspectp` prints of a sandbox. */
export function inspectSandbox(one: SandboxView): Record<string, unknown> {
  const config = one.config as Config & { readonly linux?: { readonly security_context?: { readonly namespace_options?: unknown } } };
  return {
    info: {
      config: one.config,
      image: one.image,
      pid: one.pid ?? 0,
      processStatus: one.pid === null ? 'deleted' : 'running',
      runtimeHandler: '',
      runtimeSpec: one.runtimeSpec,
      runtimeType: 'io.containerd.runc.v2',
      snapshotter: 'overlayfs',
    },
    status: {
      annotations: config.annotations ?? {},
      createdAt: at(one.createdAt),
      id: one.id,
      labels: config.labels ?? {},
      linux: { namespaces: { options: config.linux?.security_context?.namespace_options ?? {} } },
      metadata: { attempt: one.attempt, name: one.name, namespace: one.namespace, uid: one.uid },
      network: { additionalIps: [], ip: one.ip },
      runtimeHandler: '',
      state: one.pid === null ? 'SANDBOX_NOTREADY' : 'SANDBOX_READY',
    },
  };
}
