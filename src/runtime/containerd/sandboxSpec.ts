// The OCI configuration of a sandbox: the pause process that holds a pod's namespaces.
// Counterpart: containerd internal/cri/server/podsandbox/sandbox_run_linux.go

import type { PodSandboxConfig } from '../cri.ts';
import type { Image } from '../image.ts';
import { SANDBOX_IMAGE } from '../images/index.ts';
import type { NodeSettings } from '../node.ts';
import type { RuntimeSpec } from '../oci.ts';
import type { Pinned } from './sandboxNamespaces.ts';
import { seccompFor } from './seccompProfile.ts';
import type { Labels } from './selinux.ts';
import { baseMounts, DEFAULT_CAPS, DEFAULT_PATH, idMappings, sandboxDirectory, shmDirectory } from './spec.ts';

const MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
  '/proc/scsi',
];
const READONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];
const PAUSE_ID = 65535;
const PAUSE_OOM_SCORE_ADJ = -998;

export type SandboxSpec = { readonly ok: true; readonly value: RuntimeSpec } | { readonly ok: false; readonly message: string };

function sysctls(config: PodSandboxConfig, node: NodeSettings): Readonly<Record<string, string>> {
  const options = config.linux.security_context.namespace_options;
  // containerd's enable_unprivileged_ports and _icmp; the default_sysctls of CRI-O are empty.
  const own = options.network !== 'NODE' && (node.unprivilegedPorts ?? node.runtime !== 'cri-o');
  const userns = options.userns_options?.mode === 'POD';
  return {
    ...(own && { 'net.ipv4.ip_unprivileged_port_start': '0' }),
    ...(own && !userns && { 'net.ipv4.ping_group_range': '0 2147483647' }),
    ...config.linux.sysctls,
  };
}

/** What containerd notes for runtimes that make a virtual machine of a sandbox. Counterpart: pkg/cri/annotations DefaultCRIAnnotations */
function annotations(id: string, config: PodSandboxConfig): Readonly<Record<string, string>> {
  const {
    cpu_period: period = 0,
    cpu_quota: quota = 0,
    cpu_shares: shares = 0,
    memory_limit_in_bytes: memory = 0,
  } = config.linux.resources ?? {};
  const { name, namespace, uid } = config.metadata;
  return {
    'io.kubernetes.cri.container-type': 'sandbox',
    'io.kubernetes.cri.podsandbox.image-name': SANDBOX_IMAGE,
    'io.kubernetes.cri.sandbox-cpu-period': String(period),
    'io.kubernetes.cri.sandbox-cpu-quota': String(quota),
    'io.kubernetes.cri.sandbox-cpu-shares': String(shares),
    'io.kubernetes.cri.sandbox-id': id,
    'io.kubernetes.cri.sandbox-log-directory': config.log_directory,
    'io.kubernetes.cri.sandbox-memory': String(memory),
    'io.kubernetes.cri.sandbox-name': name,
    'io.kubernetes.cri.sandbox-namespace': namespace,
    'io.kubernetes.cri.sandbox-uid': uid,
  };
}

/** The configuration, or containerd's error text. `pinned`: the namespaces that were made before. */
export function sandboxSpec(
  id: string,
  config: PodSandboxConfig,
  image: Image,
  node: NodeSettings,
  pinned: Pinned,
  labels?: Labels,
  leastOomScoreAdj?: number,
): SandboxSpec {
  const security = config.linux.security_context;
  const options = security.namespace_options;
  const { run_as_user: user, run_as_group: group } = security;
  if (user === undefined && group !== undefined && node.runtime !== 'cri-o') {
    return {
      ok: false,
      message: `failed to generate sandbox container spec options: failed to generate user string: user group "${group}" is specified without user`,
    };
  }
  const uid = user ?? PAUSE_ID;
  const gid = group ?? (user === undefined ? PAUSE_ID : 0);
  const seccomp = seccompFor(security.seccomp, security.privileged, DEFAULT_CAPS, undefined);
  if (!seccomp.ok) return seccomp;
  const userns = options.userns_options?.mode === 'POD';
  const hostNetwork = options.network === 'NODE';
  const sysctl = sysctls(config, node);
  const locked = ['rbind', 'ro', 'nosuid', 'nodev', 'noexec'];
  const value: RuntimeSpec = {
    ociVersion: '1.2.1',
    process: {
      user: { uid, gid, additionalGids: [gid] },
      args: image.config.Entrypoint ?? ['/pause'],
      env: [DEFAULT_PATH],
      cwd: '/',
      capabilities: { bounding: DEFAULT_CAPS, effective: DEFAULT_CAPS, permitted: DEFAULT_CAPS },
      noNewPrivileges: true,
      ...(labels !== undefined && !security.privileged && { selinuxLabel: labels.process }),
      oomScoreAdj: Math.max(PAUSE_OOM_SCORE_ADJ, leastOomScoreAdj ?? -1000),
    },
    root: { path: 'rootfs', readonly: true },
    ...(!hostNetwork && { hostname: config.hostname }),
    mounts: [
      ...baseMounts(security.privileged, false),
      { destination: '/dev/shm', type: 'bind', source: options.ipc === 'NODE' ? '/dev/shm' : shmDirectory(id), options: locked },
      { destination: '/etc/resolv.conf', type: 'bind', source: `${sandboxDirectory(id)}/resolv.conf`, options: locked },
    ],
    annotations: annotations(id, config),
    linux: {
      ...idMappings(config),
      ...(Object.keys(sysctl).length > 0 && { sysctl }),
      resources: { devices: [{ allow: false, access: 'rwm' }], cpu: { shares: 2 } },
      cgroupsPath: `${config.linux.cgroup_parent}/${id}`,
      namespaces: [
        ...(options.pid === 'NODE' ? [] : [{ type: 'pid' }]),
        ...(options.ipc === 'NODE' ? [] : [{ type: 'ipc' }]),
        ...(hostNetwork ? [] : [{ type: 'uts' }]),
        { type: 'mount' },
        ...(hostNetwork ? [] : [{ type: 'network', ...(pinned.network !== undefined && { path: pinned.network }) }]),
        ...(userns ? [{ type: 'user', ...(pinned.user !== undefined && { path: pinned.user }) }] : []),
        { type: 'cgroup' },
      ],
      ...(seccomp.value !== undefined && { seccomp: seccomp.value }),
      maskedPaths: MASKED,
      ...(labels !== undefined && { mountLabel: labels.mount }),
      readonlyPaths: READONLY,
    },
  };
  return { ok: true, value };
}
