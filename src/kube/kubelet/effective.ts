// What a container's securityContext comes to: pod level and container level merged, with the origin of every result.

import { type Annotated, branchOrigin, type Origin, originAt } from '#provenance/origin.ts';
import type {
  IdMapping,
  LinuxContainerSecurityContext,
  LinuxSandboxSecurityContext,
  NamespaceOption,
  SELinuxOption,
  SecurityProfile,
} from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any;
export type Origins = Readonly<Record<string, Origin>>;

export interface EffectiveContext {
  readonly seLinuxOptions?: Json;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly capabilities?: Json;
  readonly privileged?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly procMount?: string;
}

const SHARED = ['seLinuxOptions', 'runAsUser', 'runAsGroup', 'runAsNonRoot'] as const;
const OWN = [...SHARED, 'capabilities', 'privileged', 'readOnlyRootFilesystem', 'allowPrivilegeEscalation', 'procMount'] as const;

/**
 * The container's securityContext over the pod's, field by field; a set zero or false wins over the pod level.
 * Counterpart: DetermineEffectiveSecurityContext, pkg/securitycontext/util.go, Kubernetes 1.36
 */
export function effectiveContext(pod: KubeObject, origins: Origins, container: Json, pointer: string): Annotated<EffectiveContext> {
  const value: Record<string, unknown> = {};
  const from: Record<string, Origin> = {};
  const take = (source: Json, fields: readonly string[], at: string): void => {
    for (const field of fields) {
      if (source?.[field] === undefined || source[field] === null) continue;
      value[field] = source[field];
      from[`/${field}`] = branchOrigin(origins, `${at}/${field}`);
    }
  };
  take(pod.spec.securityContext, SHARED, '/spec/securityContext');
  take(container.securityContext, OWN, `${pointer}/securityContext`);
  return { value: value as EffectiveContext, origins: from };
}

/** A path below a folder without `.` in it; a plain name where there is no folder. Counterpart: filepath.Join */
const joined = (root: string, name: string): string =>
  root === '' ? name : `${root}${name}`.replace(/\/\.(?=\/|$)/g, '').replace(/\/{2,}/g, '/');

/** A seccomp or AppArmor profile of the API in CRI words. Counterpart: fieldSeccompProfile, kuberuntime/helpers.go */
function profile(field: Json, root: string): SecurityProfile {
  if (field.type === 'Localhost') return { profile_type: 'Localhost', localhost_ref: joined(root, field.localhostProfile ?? '') };
  return { profile_type: field.type === 'Unconfined' ? 'Unconfined' : 'RuntimeDefault', localhost_ref: '' };
}

const SECCOMP_ROOT = '/var/lib/kubelet/seccomp/';
const APPARMOR_KEY = 'container.apparmor.security.beta.kubernetes.io/';

/** The AppArmor profile a container asks for: its field, its annotation, the pod's field, or none. */
export function apparmorOf(pod: KubeObject, container: Json): Json | undefined {
  const own = container.securityContext?.appArmorProfile;
  if (own) return own;
  const note = pod.metadata.annotations?.[APPARMOR_KEY + container.name];
  if (note === 'runtime/default') return { type: 'RuntimeDefault' };
  if (note === 'unconfined') return { type: 'Unconfined' };
  if (note?.startsWith('localhost/')) return { type: 'Localhost', localhostProfile: note.slice('localhost/'.length) };
  return pod.spec.securityContext?.appArmorProfile;
}

const MASKED = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];
const READONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export interface SecuritySettings {
  readonly seccompDefault: boolean;
  /** The pod's block of ids when it has a user namespace. */
  readonly userns: IdMapping | null;
  /** Container id behind `targetContainerName` of an ephemeral container. */
  readonly target?: string;
  /** Groups that the pod's persistent volumes belong to, with the place of each among the pod's volumes. */
  readonly volumeGroups?: readonly { readonly gid: number; readonly volume: number }[];
}

/** The namespaces of a pod's containers. Counterpart: NamespacesForPod, pkg/kubelet/kuberuntime/util/util.go */
export function namespaceOption(pod: KubeObject, settings: SecuritySettings): NamespaceOption {
  const { spec } = pod;
  return {
    network: spec.hostNetwork ? 'NODE' : 'POD',
    pid: settings.target !== undefined ? 'TARGET' : spec.hostPID ? 'NODE' : spec.shareProcessNamespace ? 'POD' : 'CONTAINER',
    ipc: spec.hostIPC ? 'NODE' : 'POD',
    ...(settings.target === undefined ? {} : { target_id: settings.target }),
    userns_options: settings.userns
      ? { mode: 'POD', uids: [settings.userns], gids: [settings.userns] }
      : { mode: 'NODE', uids: [], gids: [] },
  };
}

const selinux = (options: Json): SELinuxOption => ({
  user: options.user ?? '',
  role: options.role ?? '',
  type: options.type ?? '',
  level: options.level ?? '',
});

export interface ImageUser {
  readonly image: string;
  readonly uid: number | null;
  readonly username: string;
}

/**
 * The CRI security context of one container; origins keyed by pointers into the ContainerConfig.
 * Counterpart: determineEffectiveSecurityContext, pkg/kubelet/kuberuntime/security_context.go, Kubernetes 1.36
 */
export function securityContext(
  pod: KubeObject,
  origins: Origins,
  container: Json,
  pointer: string,
  user: ImageUser,
  settings: SecuritySettings,
): Annotated<LinuxContainerSecurityContext> {
  const effective = effectiveContext(pod, origins, container, pointer);
  const own = effective.value;
  const podContext: Json = pod.spec.securityContext ?? {};
  const from: Record<string, Origin> = {};
  const at = (field: string, origin: Origin | undefined): void => {
    from[`/linux/security_context/${field}`] = origin ?? { kind: 'default', rule: `kubelet.${field}` };
  };
  const podOrigin = (field: string): Origin | undefined => originAt(origins, `/spec/securityContext/${field}`);
  const ownOrigin = (field: string): Origin | undefined => effective.origins[`/${field}`];

  const imageOrigin: Origin = { kind: 'image', image: user.image, what: 'USER' };
  at(
    own.runAsUser === undefined && user.uid === null && user.username !== '' ? 'run_as_username' : 'run_as_user',
    own.runAsUser === undefined ? imageOrigin : ownOrigin('runAsUser'),
  );
  if (own.runAsGroup !== undefined) at('run_as_group', ownOrigin('runAsGroup'));

  const groups: number[] = [];
  at('supplemental_groups', undefined);
  if (podContext.fsGroup !== undefined && podContext.fsGroup !== null) {
    at(`supplemental_groups/${groups.length}`, podOrigin('fsGroup'));
    groups.push(podContext.fsGroup);
  }
  for (const [i, group] of (podContext.supplementalGroups ?? []).entries()) {
    at(`supplemental_groups/${groups.length}`, originAt(origins, `/spec/securityContext/supplementalGroups/${i}`));
    groups.push(group);
  }
  for (const { gid, volume } of settings.volumeGroups ?? []) {
    const source = originAt(origins, `/spec/volumes/${volume}`);
    at(`supplemental_groups/${groups.length}`, source && { kind: 'rule', rule: 'kubelet.volumeGroup', from: [source] });
    groups.push(gid);
  }
  at('supplemental_groups_policy', podContext.supplementalGroupsPolicy ? podOrigin('supplementalGroupsPolicy') : undefined);
  at('privileged', ownOrigin('privileged'));
  at('readonly_rootfs', ownOrigin('readOnlyRootFilesystem'));
  at('no_new_privs', ownOrigin('allowPrivilegeEscalation'));
  at('masked_paths', ownOrigin('procMount'));
  at('readonly_paths', ownOrigin('procMount'));
  at('namespace_options', undefined);
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers']) {
    if (pod.spec[field] === undefined) continue;
    const name = { hostNetwork: 'network', hostPID: 'pid', hostIPC: 'ipc', shareProcessNamespace: 'pid', hostUsers: 'userns_options' }[
      field
    ];
    at(`namespace_options/${name}`, originAt(origins, `/spec/${field}`));
  }
  if (own.capabilities) {
    at('capabilities', ownOrigin('capabilities'));
    for (const [list, name] of [
      ['add', 'add_capabilities'],
      ['drop', 'drop_capabilities'],
    ] as const)
      for (const i of (own.capabilities[list] ?? []).keys())
        at(
          `capabilities/${name}/${i}`,
          originAt(origins, `${pointer}/securityContext/capabilities/${list}/${i}`) ?? ownOrigin('capabilities'),
        );
  }
  for (const name of Object.keys(own.seLinuxOptions ?? {})) {
    const whole = container.securityContext?.seLinuxOptions ? `${pointer}/securityContext` : '/spec/securityContext';
    at(`selinux_options/${name}`, originAt(origins, `${whole}/seLinuxOptions/${name}`));
  }

  const ownSeccomp = container.securityContext?.seccompProfile;
  const seccomp = ownSeccomp ?? podContext.seccompProfile;
  at(
    'seccomp',
    ownSeccomp
      ? originAt(origins, `${pointer}/securityContext/seccompProfile/type`)
      : seccomp
        ? podOrigin('seccompProfile/type')
        : { kind: 'node', what: 'seccompDefault' },
  );
  const apparmor = apparmorOf(pod, container);
  if (apparmor)
    at(
      'apparmor',
      container.securityContext?.appArmorProfile
        ? originAt(origins, `${pointer}/securityContext/appArmorProfile/type`)
        : podOrigin('appArmorProfile/type'),
    );

  const unmasked = own.procMount === 'Unmasked';
  const value: LinuxContainerSecurityContext = {
    ...(own.capabilities
      ? { capabilities: { add_capabilities: own.capabilities.add ?? [], drop_capabilities: own.capabilities.drop ?? [] } }
      : {}),
    privileged: own.privileged ?? false,
    namespace_options: namespaceOption(pod, settings),
    ...(own.seLinuxOptions ? { selinux_options: selinux(own.seLinuxOptions) } : {}),
    ...(own.runAsUser !== undefined
      ? { run_as_user: own.runAsUser }
      : user.uid !== null
        ? { run_as_user: user.uid }
        : user.username !== ''
          ? { run_as_username: user.username }
          : { run_as_user: 0 }),
    ...(own.runAsGroup !== undefined ? { run_as_group: own.runAsGroup } : {}),
    readonly_rootfs: own.readOnlyRootFilesystem ?? false,
    supplemental_groups: groups,
    supplemental_groups_policy: podContext.supplementalGroupsPolicy === 'Strict' ? 'Strict' : 'Merge',
    no_new_privs: own.allowPrivilegeEscalation === false,
    masked_paths: unmasked ? [] : MASKED,
    readonly_paths: unmasked ? [] : READONLY,
    seccomp: seccomp
      ? profile(seccomp, SECCOMP_ROOT)
      : { profile_type: settings.seccompDefault ? 'RuntimeDefault' : 'Unconfined', localhost_ref: '' },
    ...(apparmor ? { apparmor: profile(apparmor, '') } : {}),
  };
  return { value, origins: from };
}

/** Every container of a pod with the pointer to it: init, regular, ephemeral. */
export function* containersOf(pod: KubeObject): Generator<{
  readonly container: Json;
  readonly pointer: string;
  readonly list: 'initContainers' | 'containers' | 'ephemeralContainers';
}> {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const [index, container] of (pod.spec[list] ?? []).entries()) yield { container, pointer: `/spec/${list}/${index}`, list };
}

/**
 * The security context of the pod's sandbox: pod level only, seccomp always the runtime's default.
 * Counterpart: generatePodSandboxLinuxConfig, pkg/kubelet/kuberuntime/kuberuntime_sandbox.go, Kubernetes 1.36
 */
export function sandboxContext(pod: KubeObject, settings: SecuritySettings): LinuxSandboxSecurityContext {
  const context: Json = pod.spec.securityContext ?? {};
  const fsGroup = context.fsGroup ?? undefined;
  return {
    namespace_options: namespaceOption(pod, settings),
    ...(context.seLinuxOptions ? { selinux_options: selinux(context.seLinuxOptions) } : {}),
    ...(context.runAsUser === undefined || context.runAsUser === null ? {} : { run_as_user: context.runAsUser }),
    ...(context.runAsGroup === undefined || context.runAsGroup === null ? {} : { run_as_group: context.runAsGroup }),
    supplemental_groups: [...(fsGroup === undefined ? [] : [fsGroup]), ...(context.supplementalGroups ?? [])],
    supplemental_groups_policy: context.supplementalGroupsPolicy === 'Strict' ? 'Strict' : 'Merge',
    privileged: [...containersOf(pod)].some(({ container }) => container.securityContext?.privileged === true),
    readonly_rootfs: false,
    seccomp: { profile_type: 'RuntimeDefault', localhost_ref: '' },
  };
}

const MAX_ID = 2147483647;

/**
 * Why runAsNonRoot forbids this container to start, or undefined.
 * Counterpart: verifyRunAsNonRoot, pkg/kubelet/kuberuntime/security_context_others.go, Kubernetes 1.36
 */
export function nonRootProblem(pod: KubeObject, container: Json, user: ImageUser): string | undefined {
  const own = effectiveContext(pod, {}, container, '').value;
  if (own.runAsNonRoot !== true) return undefined;
  const where = `(pod: "${podLabel(pod)}", container: ${container.name})`;
  if (own.runAsUser !== undefined) return own.runAsUser === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined;
  if (user.uid === null && user.username !== '')
    return `container has runAsNonRoot and image has non-numeric user (${user.username}), cannot verify user is non-root ${where}`;
  if ((user.uid ?? 0) === 0) return `container has runAsNonRoot and image will run as root ${where}`;
  if ((user.uid as number) > MAX_ID)
    return `container has runAsNonRoot and image has an invalid user id (${user.uid}). (Must be 1-(2147483647)): must be between 0 and 2147483647, inclusive ${where}`;
  return undefined;
}

/** NAME_NAMESPACE(UID), as kubelet's messages name a pod. */
export const podLabel = (pod: KubeObject): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
