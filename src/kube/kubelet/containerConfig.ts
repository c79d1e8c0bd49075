// The CRI ContainerConfig of one container, with the files and mounts the kubelet adds itself.

import type { Program } from '#kernel/uapi/index.ts';
import { type Annotated, annotated, branchOrigin, type Origin } from '#provenance/origin.ts';
import type { ContainerConfig, IdMapping, Mount } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { type ImageUser, type Json, type Origins, type SecuritySettings, securityContext } from './effective.ts';
import { type EnvironmentSources, environment, expand, type Made, type PodFacts, quantity } from './environment.ts';
import { makeDirs, statOf, textOf, writeFile } from './files.ts';
import { logPath } from './logFiles.ts';
import { hostsFile } from './podNames.ts';
import { seLinuxOrigin } from './seLinuxMount.ts';
import { podDirectory, type ReadyVolume } from './setUp.ts';
import { qosClass } from './status.ts';
import { prepareSubPath, subPathTarget } from './subPath.ts';

export interface ConfigInput {
  readonly pod: KubeObject;
  readonly origins: Origins;
  readonly container: Json;
  readonly pointer: string;
  readonly attempt: number;
  readonly user: ImageUser;
  readonly settings: SecuritySettings;
  readonly volumes: ReadonlyMap<string, ReadyVolume>;
  readonly sources: EnvironmentSources;
  readonly facts: PodFacts;
}

const PROPAGATION = {
  None: 'PROPAGATION_PRIVATE',
  HostToContainer: 'PROPAGATION_HOST_TO_CONTAINER',
  Bidirectional: 'PROPAGATION_BIDIRECTIONAL',
} as const;

const hash8 = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
};

/** Counterpart: GetContainerOOMScoreAdjust, pkg/kubelet/qos/policy.go */
export function oomScoreAdj(pod: KubeObject, container: Json, memoryBytes: number): number {
  const qos = qosClass(pod);
  if (qos === 'Guaranteed') return -997;
  if (qos === 'BestEffort') return 1000;
  const request = quantity(container.resources?.requests?.memory);
  return Math.min(999, Math.max(3, 1000 - Math.floor((1000 * request) / memoryBytes)));
}

function* makeMounts(input: ConfigInput, env: ReadonlyMap<string, string>): Program<Made<readonly Mount[]>> {
  const { pod, container, volumes, settings } = input;
  const mapping: { uidMappings?: IdMapping[]; gidMappings?: IdMapping[] } = settings.userns
    ? { uidMappings: [settings.userns], gidMappings: [settings.userns] }
    : {};
  const mounts: Mount[] = [];
  const home = podDirectory(pod.metadata.uid as string);
  for (const [index, wanted] of (container.volumeMounts ?? []).entries()) {
    const volume = volumes.get(wanted.name);
    if (!volume) return { ok: false, message: `cannot find volume "${wanted.name}" to mount into container "${container.name}"` };
    const missing = new Set<string>();
    const subPath = wanted.subPathExpr
      ? expand(wanted.subPathExpr, (name) => {
          const value = env.get(name) ?? '';
          if (value === '') missing.add(name);
          return value;
        })
      : (wanted.subPath ?? '');
    if (missing.size > 0) return { ok: false, message: `missing value for ${[...missing].sort().join(', ')}` };
    if (subPath.startsWith('/')) return { ok: false, message: `error SubPath \`${subPath}\` must not be an absolute path` };
    if (subPath.split('/').includes('..'))
      return { ok: false, message: `unable to provision SubPath \`${subPath}\`: must not contain '..'` };
    const base = {
      container_path: wanted.mountPath,
      readonly: wanted.readOnly === true || volume.alwaysReadOnly === true,
      selinux_relabel: volume.relabel,
      propagation: PROPAGATION[(wanted.mountPropagation ?? 'None') as 'None'],
      // The node's runtime can do it, so "if possible" means yes.
      recursive_read_only: wanted.recursiveReadOnly === 'Enabled' || wanted.recursiveReadOnly === 'IfPossible',
      ...mapping,
    };
    if (volume.image !== undefined) {
      mounts.push({ ...base, host_path: '', image: { image: volume.image }, ...(subPath === '' ? {} : { image_sub_path: subPath }) });
      continue;
    }
    const target = subPathTarget(home, volume.specName ?? wanted.name, container.name, index);
    const found = subPath === '' ? undefined : yield* prepareSubPath({ root: volume.path, subPath, target });
    if (found?.ok === false)
      return { ok: false, message: `failed to ${found.failed} for volumeMount "${wanted.name}" of container "${container.name}"` };
    mounts.push({ ...base, host_path: found?.path ?? volume.path });
  }
  const own = (container_path: string, host_path: string): Mount => ({
    container_path,
    host_path,
    readonly: false,
    selinux_relabel: true,
    propagation: 'PROPAGATION_PRIVATE',
    ...mapping,
  });
  if (!mounts.some((m) => m.container_path === '/etc/hosts')) {
    if (!(yield* statOf(`${home}/etc-hosts`)))
      yield* writeFile(
        `${home}/etc-hosts`,
        new TextEncoder().encode(hostsFile(pod, input.facts.podIP, input.facts.nodeName, yield* textOf('/etc/hosts'))),
        0o644,
      );
    mounts.push(own('/etc/hosts', `${home}/etc-hosts`));
  }
  const log = `${home}/containers/${container.name}`;
  const failure = yield* makeDirs(log, 0o755);
  if (failure !== undefined) return { ok: false, message: failure };
  const file = `${log}/${hash8(`${pod.metadata.uid}${container.name}${input.attempt}`)}`;
  yield* writeFile(file, new Uint8Array(0), 0o666);
  mounts.push(own(container.terminationMessagePath ?? '/dev/termination-log', file));
  return { ok: true, value: mounts };
}

/** Fields of the configuration and the field of the container each is taken from. */
const FIELDS = [
  ['metadata/name', 'name'],
  ['command', 'command'],
  ['args', 'args'],
  ['image', 'image'],
  ['envs', 'env'],
  ['working_dir', 'workingDir'],
  ['stdin', 'stdin'],
  ['stdin_once', 'stdinOnce'],
  ['tty', 'tty'],
] as const;

function configOrigins(input: ConfigInput, mounts: readonly Mount[], context: Origins): Origins {
  const { pod, container, pointer, origins } = input;
  const from: Record<string, Origin> = { ...context };
  for (const [i, mount] of mounts.entries()) {
    const at = (container.volumeMounts ?? []).findIndex((m: Json) => m.mountPath === mount.container_path);
    if (at < 0) {
      from[`/mounts/${i}`] = { kind: 'default', rule: 'kubelet.mounts' };
      continue;
    }
    const { name } = container.volumeMounts[at];
    const volume = (pod.spec.volumes as readonly Json[]).findIndex((one) => one.name === name);
    const asked: Origin = {
      kind: 'rule',
      rule: 'kubelet.volumeMount',
      from: [branchOrigin(origins, `${pointer}/volumeMounts/${at}`), branchOrigin(origins, `/spec/volumes/${volume}`)],
    };
    const labelled = input.volumes.get(name)?.seLinux;
    from[`/mounts/${i}`] = labelled ? seLinuxOrigin(labelled, asked, pod, container, origins, pointer) : asked;
  }
  for (const [field, source] of FIELDS) {
    const written = `${pointer}/${source}`;
    from[`/${field}`] = container[source] === undefined ? { kind: 'default', rule: `kubelet.${field}` } : branchOrigin(origins, written);
  }
  for (const field of ['metadata/attempt', 'devices', 'labels', 'annotations', 'log_path'])
    from[`/${field}`] = { kind: 'default', rule: `kubelet.${field}` };
  const { resources } = container;
  from['/linux/resources'] = {
    kind: 'rule',
    rule: 'kubelet.resources',
    from: resources === undefined ? [] : [branchOrigin(origins, `${pointer}/resources`)],
  };
  return from;
}

/**
 * Builds the configuration; a message is what stands behind CreateContainerConfigError.
 * Counterpart: generateContainerConfig, pkg/kubelet/kuberuntime/kuberuntime_container.go, Kubernetes 1.36
 */
export function* containerConfig(input: ConfigInput): Program<Made<Annotated<ContainerConfig>>> {
  const { pod, container, pointer, origins, facts } = input;
  const env = yield* environment(pod, container, input.sources, facts, input.volumes);
  if (!env.ok) return env;
  const values = new Map(env.value.map(({ key, value }) => [key, value]));
  const mounts = yield* makeMounts(input, values);
  if (!mounts.ok) return mounts;
  const context = securityContext(pod, origins, container, pointer, input.user, input.settings);
  if (context.value.seccomp?.profile_type === 'Localhost' && context.value.seccomp.localhost_ref.endsWith('/'))
    return { ok: false, message: 'localhostProfile must be set if seccompProfile type is Localhost.' };
  const expanded = (list: readonly string[] | undefined): readonly string[] =>
    (list ?? []).map((word) => expand(word, (name) => values.get(name)));
  // The pod's volumes come and go; who asks later wants those of now.
  const volumes = new Map(input.volumes);
  const { requests = {}, limits = {} } = container.resources ?? {};
  return {
    ok: true,
    value: annotated<ContainerConfig>(
      {
        metadata: { name: container.name, attempt: input.attempt },
        image: { image: container.image, user_specified_image: container.image },
        command: expanded(container.command),
        args: expanded(container.args),
        working_dir: container.workingDir ?? '',
        envs: env.value,
        mounts: mounts.value,
        devices: [],
        labels: {
          'io.kubernetes.container.name': container.name,
          'io.kubernetes.pod.name': pod.metadata.name,
          'io.kubernetes.pod.namespace': pod.metadata.namespace as string,
          'io.kubernetes.pod.uid': pod.metadata.uid as string,
        },
        annotations: { 'io.kubernetes.container.restartCount': String(input.attempt) },
        log_path: logPath(container.name, input.attempt),
        stdin: container.stdin ?? false,
        stdin_once: container.stdinOnce ?? false,
        tty: container.tty ?? false,
        linux: {
          resources: {
            oom_score_adj: oomScoreAdj(pod, container, facts.memoryBytes),
            cpu_shares: shares(quantity(requests.cpu)),
            ...(quantity(limits.memory) > 0 ? { memory_limit_in_bytes: quantity(limits.memory) } : {}),
            ...(quantity(limits.cpu) > 0 ? { cpu_quota: Math.floor(quantity(limits.cpu) * 100000), cpu_period: 100000 } : {}),
          },
          security_context: context.value,
        },
      },
      () => configOrigins({ ...input, volumes }, mounts.value, context.origins),
    ),
  };
}

/** CPU shares of a number of processors. Counterpart: MilliCPUToShares, pkg/kubelet/cm/helpers_linux.go */
export const shares = (cpu: number): number => (cpu > 0 ? Math.max(2, Math.floor(cpu * 1024)) : 2);
