// From a CRI container configuration to the OCI configuration. Counterpart: containerd internal/cri/server/container_create_linux.go
// buildLinuxSpec, internal/cri/opts/spec_opts.go, pkg/oci/spec.go

import { CAPABILITIES } from '#abi/capability.ts';
import { type Annotated, annotated } from '#provenance/origin.ts';
import type { ContainerConfig, LinuxContainerSecurityContext, Mount, PodSandboxConfig } from '../cri.ts';
import { crioCapabilities } from '../crio/capabilities.ts';
import { crioMaskedPaths } from '../crio/maskedPaths.ts';
import { resolveCrioUser } from '../crio/users.ts';
import type { Image } from '../image.ts';
import type { OciDevice, OciMount, RuntimeSpec } from '../oci.ts';
import type { Relabelled } from './relabel.ts';
import { type ProfileFile, seccompFor } from './seccompProfile.ts';
import type { Labels } from './selinux.ts';
import { specOrigins } from './specOrigins.ts';
import { resolveUser } from './users.ts';

export const DEFAULT_CAPS = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
] as const;
export const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a container's configuration is made from. */
export interface SpecInput {
  readonly config: Annotated<ContainerConfig>;
  readonly sandbox: PodSandboxConfig;
  readonly image: Image;
  /** Text of the image's own account files; "" where there is none. */
  readonly passwd: string;
  readonly group: string;
  readonly sandboxId: string;
  readonly containerId: string;
  /** Global pid of the sandbox's pause process, and of the target of a "TARGET" pid namespace. */
  readonly sandboxPid: number;
  readonly targetPid?: number;
  /** The node's own devices, which a privileged container gets too. */
  readonly hostDevices?: readonly OciDevice[];
  readonly apparmorProfile?: string;
  /** The file of a Localhost profile. */
  readonly seccompFile?: ProfileFile;
  readonly labels?: Labels;
  readonly relabelled?: Relabelled;
  /** The runtime's own capabilities, which it can give away; all, without. */
  readonly ownCapabilities?: readonly string[];
  /** The lowest oom_score_adj that the runtime gives. */
  readonly leastOomScoreAdj?: number | undefined;
  /** The runtime is CRI-O. */
  readonly crio?: boolean;
  /** Mounts over the account files, where the runtime makes some up. */
  readonly accounts?: readonly OciMount[];
  /** Directories that stand in for the image's VOLUMEs. */
  readonly volumes?: readonly Mount[];
}

export type SpecResult = { readonly ok: true; readonly value: Annotated<RuntimeSpec> } | { readonly ok: false; readonly message: string };

/** The fixed mounts of every container; cgroup and sysfs are writable only for privileged ones. */
export function baseMounts(writable: boolean, cgroup: boolean): OciMount[] {
  const access = writable ? 'rw' : 'ro';
  return [
    { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'] },
    {
      destination: '/dev/pts',
      type: 'devpts',
      source: 'devpts',
      options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    },
    { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
    { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', access] },
    ...(cgroup
      ? [{ destination: '/sys/fs/cgroup', type: 'cgroup', source: 'cgroup', options: ['nosuid', 'noexec', 'nodev', 'relatime', access] }]
      : []),
  ];
}

/** The three sets containerd fills; Go leaves empty lists out of JSON. */
export const capabilitySets = (caps: readonly string[]): NonNullable<RuntimeSpec['process']['capabilities']> =>
  caps.length === 0 ? {} : { bounding: caps, effective: caps, permitted: caps };

/** add and drop on the default set: ALL first, then the single names, drop last. `own`: what the runtime itself has. Counterpart: WithCapabilities */
export function capabilities(
  security: Pick<LinuxContainerSecurityContext, 'privileged' | 'capabilities'>,
  own: readonly string[] = CAPABILITIES,
): readonly string[] {
  if (security.privileged) return own;
  const { add_capabilities: add = [], drop_capabilities: drop = [] } = security.capabilities ?? {};
  const isAll = (name: string): boolean => name.toUpperCase() === 'ALL';
  let set: string[] = [...DEFAULT_CAPS];
  if (add.some(isAll)) set = [...own];
  if (drop.some(isAll)) set = [];
  for (const name of add) {
    const cap = `CAP_${name.toUpperCase()}`;
    if (!isAll(name) && !set.includes(cap)) set.push(cap);
  }
  for (const name of drop) if (!isAll(name)) set = set.filter((cap) => cap !== `CAP_${name.toUpperCase()}`);
  return set;
}

const SANDBOXES = '/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes';
export const sandboxDirectory = (id: string): string => `${SANDBOXES}/${id}`;
export const sandboxState = (id: string): string => `/run/containerd/io.containerd.grpc.v1.cri/sandboxes/${id}`;
export const shmDirectory = (id: string): string => `${sandboxState(id)}/shm`;

/** All that is bound into a container, in the order of the configuration. */
export function criMounts({
  config,
  sandbox,
  sandboxId,
  volumes = [],
}: Pick<SpecInput, 'config' | 'sandbox' | 'sandboxId' | 'volumes'>): Mount[] {
  const { value } = config;
  const given = new Set(value.mounts.map((mount) => mount.container_path.replace(/\/+$/, '')));
  const readonly = value.linux.security_context.readonly_rootfs;
  const own = (container_path: string, host_path: string, ro: boolean): Mount[] =>
    given.has(container_path)
      ? []
      : [
          {
            container_path,
            host_path,
            readonly: ro,
            selinux_relabel: true,
            propagation: 'PROPAGATION_PRIVATE',
            ...(container_path.startsWith('/etc/') && mapped),
          },
        ];
  const options = sandbox.linux.security_context.namespace_options.userns_options;
  const mapped = options?.mode === 'POD' ? { uidMappings: options.uids, gidMappings: options.gids } : {};
  const hostIpc = sandbox.linux.security_context.namespace_options.ipc === 'NODE';
  const all = [
    ...value.mounts,
    ...own('/etc/hostname', `${sandboxDirectory(sandboxId)}/hostname`, readonly),
    ...own('/etc/resolv.conf', `${sandboxDirectory(sandboxId)}/resolv.conf`, readonly),
    ...own('/dev/shm', hostIpc ? '/dev/shm' : shmDirectory(sandboxId), false),
    ...volumes.filter((volume) => !given.has(volume.container_path)),
  ];
  const depth = (mount: Mount): number => mount.container_path.replace(/\/+$/, '').split('/').length;
  return all
    .map((mount, at) => ({ mount, at }))
    .sort((a, b) => depth(a.mount) - depth(b.mount) || a.at - b.at)
    .map(({ mount }) => mount);
}

const PROPAGATION = {
  PROPAGATION_PRIVATE: 'rprivate',
  PROPAGATION_HOST_TO_CONTAINER: 'rslave',
  PROPAGATION_BIDIRECTIONAL: 'rshared',
} as const;

/** How the container's root hears of the node's mounts, where a mount wants to. Counterpart: WithMounts, containerd internal/cri/opts */
function rootfsPropagation(mounts: readonly Mount[]): Pick<RuntimeSpec['linux'], 'rootfsPropagation'> {
  const asked = (kind: Mount['propagation']): boolean => mounts.some(({ propagation }) => propagation === kind);
  if (asked('PROPAGATION_BIDIRECTIONAL')) return { rootfsPropagation: 'rshared' };
  return asked('PROPAGATION_HOST_TO_CONTAINER') ? { rootfsPropagation: 'rslave' } : {};
}

function bindMount(mount: Mount): OciMount {
  const maps = (list: Mount['uidMappings']) =>
    list?.map(({ container_id, host_id, length }) => ({ containerID: container_id, hostID: host_id, size: length }));
  const access = mount.readonly ? (mount.recursive_read_only ? 'rro' : 'ro') : 'rw';
  return {
    destination: mount.container_path,
    type: 'bind',
    source: mount.host_path,
    options: ['rbind', PROPAGATION[mount.propagation], access],
    ...(mount.uidMappings?.length && { uidMappings: maps(mount.uidMappings) ?? [], gidMappings: maps(mount.gidMappings) ?? [] }),
  };
}

/** Mappings of a pod with its own user namespace. */
export function idMappings(sandbox: PodSandboxConfig): Pick<RuntimeSpec['linux'], 'uidMappings' | 'gidMappings'> {
  const options = sandbox.linux.security_context.namespace_options.userns_options;
  if (options?.mode !== 'POD') return {};
  const maps = (list: typeof options.uids) =>
    list.map(({ container_id, host_id, length }) => ({ containerID: container_id, hostID: host_id, size: length }));
  return { uidMappings: maps(options.uids), gidMappings: maps(options.gids) };
}

function namespaces({ config, sandbox, sandboxPid, targetPid }: SpecInput): RuntimeSpec['linux']['namespaces'] {
  const { namespace_options: options, privileged } = config.value.linux.security_context;
  const path = (type: string, pid = sandboxPid): string => `/proc/${pid}/ns/${type}`;
  const pid =
    options.pid === 'CONTAINER' ? { type: 'pid' } : { type: 'pid', path: path('pid', options.pid === 'TARGET' ? targetPid : sandboxPid) };
  const userns = sandbox.linux.security_context.namespace_options.userns_options?.mode === 'POD';
  return [
    pid,
    { type: 'ipc', path: path('ipc') },
    { type: 'uts', path: path('uts') },
    { type: 'mount' },
    { type: 'network', path: path('net') },
    ...(userns ? [{ type: 'user', path: path('user') }] : []),
    ...(privileged ? [] : [{ type: 'cgroup' }]),
  ];
}

function processArgs(config: ContainerConfig, image: Image): readonly string[] {
  const entrypoint = config.command.length > 0 ? config.command : (image.config.Entrypoint ?? []);
  const args = config.command.length > 0 || config.args.length > 0 ? config.args : (image.config.Cmd ?? []);
  return [...entrypoint, ...args];
}

function environment({ config, sandbox, image }: SpecInput): readonly string[] {
  const env = new Map<string, string>();
  const put = (entry: string): void => void env.set(entry.slice(0, entry.indexOf('=')), entry);
  for (const entry of image.config.Env ?? []) put(entry);
  if (!env.has('PATH')) put(DEFAULT_PATH);
  put(`HOSTNAME=${sandbox.hostname}`);
  for (const { key, value } of config.value.envs) env.set(key, `${key}=${value}`);
  if (config.value.tty) put('TERM=xterm');
  return [...env.values()];
}

/** The OCI configuration of a container with the origin of every leaf, or containerd's error text. */
export function buildSpec(input: SpecInput): SpecResult {
  const { config: given, sandbox, image, crio = false } = input;
  const config = given.value;
  const security = config.linux.security_context;
  const user = (crio ? resolveCrioUser : resolveUser)(security, input.passwd, input.group);
  if (!user.ok) return user;
  const args = processArgs(config, image);
  if (args.length === 0) return { ok: false, message: 'failed to generate spec: no command specified' };
  const granted = crio
    ? crioCapabilities(security, input.ownCapabilities)
    : { ok: true as const, value: capabilities(security, input.ownCapabilities) };
  if (!granted.ok) return granted;
  const caps = granted.value;
  const masked = crio ? crioMaskedPaths(security.masked_paths) : security.masked_paths;
  const seccomp = seccompFor(security.seccomp, security.privileged, caps, input.seccompFile);
  if (!seccomp.ok) return seccomp;
  const { uid, gid, additionalGids } = user.value;
  const { cpu_shares: shares, cpu_quota: quota, cpu_period: period, memory_limit_in_bytes: limit } = config.linux.resources;
  const value: RuntimeSpec = {
    ociVersion: '1.2.1',
    process: {
      ...(config.tty && { terminal: true }),
      user: { uid, gid, additionalGids },
      args,
      env: environment(input),
      cwd: config.working_dir || image.config.WorkingDir || '/',
      capabilities: capabilitySets(caps),
      ...(security.no_new_privs && { noNewPrivileges: true }),
      ...(input.apparmorProfile !== undefined && { apparmorProfile: input.apparmorProfile }),
      // A privileged container runs under the label its runtime leads to.
      ...(input.labels !== undefined && !security.privileged && { selinuxLabel: input.labels.process }),
      oomScoreAdj: Math.max(config.linux.resources.oom_score_adj, input.leastOomScoreAdj ?? -1000),
    },
    root: { path: 'rootfs', ...(security.readonly_rootfs && { readonly: true }) },
    mounts: [...baseMounts(security.privileged, true), ...criMounts(input).map(bindMount), ...(input.accounts ?? [])],
    annotations: {
      'io.kubernetes.cri.container-name': config.metadata.name,
      'io.kubernetes.cri.container-type': 'container',
      'io.kubernetes.cri.image-name': config.image.user_specified_image,
      'io.kubernetes.cri.sandbox-id': input.sandboxId,
      'io.kubernetes.cri.sandbox-name': sandbox.metadata.name,
      'io.kubernetes.cri.sandbox-namespace': sandbox.metadata.namespace,
      'io.kubernetes.cri.sandbox-uid': sandbox.metadata.uid,
    },
    linux: {
      ...idMappings(sandbox),
      resources: {
        devices: [{ allow: security.privileged, access: 'rwm' }],
        memory: limit === undefined || limit === 0 ? {} : { limit, swap: limit },
        cpu: { shares: shares ?? 2, ...(quota !== undefined && quota !== 0 && { quota }), period: period ?? 100000 },
      },
      cgroupsPath: `${sandbox.linux.cgroup_parent}/${input.containerId}`,
      namespaces: namespaces(input),
      ...rootfsPropagation(config.mounts),
      ...(input.labels !== undefined && { mountLabel: input.labels.mount }),
      ...(seccomp.value !== undefined && { seccomp: seccomp.value }),
      ...(masked.length > 0 && !security.privileged && { maskedPaths: masked }),
      ...(security.readonly_paths.length > 0 && !security.privileged && { readonlyPaths: security.readonly_paths }),
      ...(security.privileged && { devices: input.hostDevices ?? [] }),
    },
  };
  return { ok: true, value: annotated(value, () => specOrigins(input, user.value, value)) };
}
