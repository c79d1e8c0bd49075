// The sandbox's own OCI configuration: the pause process that holds a pod's namespaces. Counterpart: internal/cri/server/podsandbox

import type { PodSandboxConfig } from '../cri.ts';
import type { NodeSettings } from '../node.ts';
import type { RuntimeSpec } from '../oci.ts';
import { defaultSeccomp } from './seccomp.ts';
import { baseMounts, DEFAULT_CAPS, DEFAULT_PATH, idMappings, sandboxDirectory, shmDirectory } from './spec.ts';

/** Sysctls of a pod: containerd's unprivileged ports and ping, then the pod's own. */
function sysctls(config: PodSandboxConfig, node: NodeSettings): Readonly<Record<string, string>> {
  const { namespace_options: options } = config.linux.security_context;
  const unprivileged = (node.unprivilegedPorts ?? true) && options.network !== 'NODE';
  const userns = options.userns_options?.mode === 'POD';
  return {
    ...(unprivileged ? { 'net.ipv4.ip_unprivileged_port_start': '0' } : {}),
    ...(unprivileged && !userns ? { 'net.ipv4.ping_group_range': '0 2147483647' } : {}),
    ...config.linux.sysctls,
  };
}

/** The pause container's configuration, or containerd's error text. */
export function sandboxSpec(config: PodSandboxConfig, id: string, node: NodeSettings): { readonly ok: true; readonly value: RuntimeSpec } | { readonly ok: false; readonly message: string } {
  const security = config.linux.security_context;
  if (security.run_as_group !== undefined && security.run_as_user === undefined) {
    return { ok: false, message: `failed to generate sandbox container spec options: failed to generate user string: user group "${security.run_as_group}" is specified without user` };
  }
  const uid = security.run_as_user ?? 65535;
  const gid = security.run_as_group ?? (security.run_as_user === undefined ? 65535 : 0);
  const { namespace_options: options } = security;
  const userns = options.userns_options?.mode === 'POD';
  const host = (mode: string): boolean => mode === 'NODE';
  const shared = host(options.ipc) ? '/dev/shm' : shmDirectory(id);
  return {
    ok: true,
    value: {
      ociVersion: '1.2.1',
      process: {
        user: { uid, gid, additionalGids: [...new Set([gid, ...security.supplemental_groups])].sort((a, b) => a - b) },
        args: ['/pause'],
        env: [DEFAULT_PATH],
        cwd: '/',
        capabilities: { bounding: DEFAULT_CAPS, effective: DEFAULT_CAPS, permitted: DEFAULT_CAPS },
        noNewPrivileges: true,
        oomScoreAdj: -998,
      },
      root: { path: 'rootfs', readonly: true },
      ...(host(options.network) ? {} : { hostname: config.hostname }),
      mounts: [
        ...baseMounts(false, false),
        { destination: '/dev/shm', type: 'bind', source: shared, options: ['rbind', 'ro', 'nosuid', 'nodev', 'noexec'] },
        { destination: '/etc/resolv.conf', type: 'bind', source: `${sandboxDirectory(id)}/resolv.conf`, options: ['rbind', 'ro', 'nosuid', 'nodev', 'noexec'] },
      ],
      linux: {
        ...idMappings(config),
        ...(host(options.network) ? {} : { sysctl: sysctls(config, node) }),
        cgroupsPath: `${config.linux.cgroup_parent}/${id}`,
        namespaces: [
          ...(host(options.pid) ? [] : [{ type: 'pid' }]),
          ...(host(options.ipc) ? [] : [{ type: 'ipc' }]),
          ...(host(options.network) ? [] : [{ type: 'uts' }]),
          { type: 'mount' },
          ...(host(options.network) ? [] : [{ type: 'network' }]),
          ...(userns ? [{ type: 'user' }] : []),
        ],
        ...(security.seccomp?.profile_type === 'Unconfined' ? {} : { seccomp: defaultSeccomp(DEFAULT_CAPS) as NonNullable<RuntimeSpec['linux']['seccomp']> }),
      },
    },
  };
}
