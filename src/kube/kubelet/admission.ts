// What makes the kubelet refuse a pod for good: the pod fails and stays failed.

import type { ClusterRule } from '#provenance/rules.ts';
import type { KubeObject } from '../api/object.ts';
import { apparmorOf, containersOf } from './effective.ts';

export interface AdmissionSettings {
  readonly appArmorEnabled: boolean;
  readonly supplementalGroupsPolicy: boolean;
  readonly allowedUnsafeSysctls: readonly string[];
}

export interface Rejection {
  readonly reason: string;
  readonly message: string;
  readonly rule: ClusterRule;
  /** Fields of the pod that decided: JSON Pointers. */
  readonly pointers: readonly string[];
}

const SAFE = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);
const IPC = /^(kernel\.(shm|msg)|kernel\.sem$|fs\.mqueue\.)/;

const allowlisted = (name: string, extra: readonly string[]): boolean =>
  SAFE.has(name) || extra.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name));

/**
 * The first reason to reject a pod, or undefined.
 * Counterpart: the pod admit handlers of pkg/kubelet/kubelet.go, pkg/kubelet/sysctl/allowlist.go, pkg/kubelet/lifecycle; Kubernetes 1.36
 */
export function rejection(pod: KubeObject, settings: AdmissionSettings): Rejection | undefined {
  const { spec } = pod;
  if (spec.os?.name && spec.os.name !== 'linux')
    return {
      reason: 'PodOSNotSupported',
      message: "Failed to admit pod as the OS field doesn't match node OS",
      rule: 'kubelet.os',
      pointers: ['/spec/os/name'],
    };
  for (const [i, { name: written }] of (spec.securityContext?.sysctls ?? []).entries()) {
    const name = written.replace(/\//g, '.');
    const refused = (what: string, ...others: string[]): Rejection => ({
      reason: 'SysctlForbidden',
      message: `forbidden sysctl: "${name}" ${what}`,
      rule: 'kubelet.sysctl',
      pointers: [`/spec/securityContext/sysctls/${i}/name`, ...others],
    });
    if (!allowlisted(name, settings.allowedUnsafeSysctls)) return refused('not allowlisted');
    if (spec.hostNetwork && name.startsWith('net.')) return refused('not allowed with host net enabled', '/spec/hostNetwork');
    if (spec.hostIPC && IPC.test(name)) return refused('not allowed with host ipc enabled', '/spec/hostIPC');
  }
  if (!settings.appArmorEnabled) {
    const wants = [...containersOf(pod)].find(({ container }) =>
      ['RuntimeDefault', 'Localhost'].includes(apparmorOf(pod, container)?.type),
    );
    if (wants) {
      const own = wants.container.securityContext?.appArmorProfile ? wants.pointer : '/spec';
      return {
        reason: 'AppArmor',
        message: 'Cannot enforce AppArmor: AppArmor is not enabled on the host',
        rule: 'kubelet.appArmor',
        pointers: [`${own}/securityContext/appArmorProfile/type`],
      };
    }
  }
  if (spec.securityContext?.supplementalGroupsPolicy === 'Strict' && !settings.supplementalGroupsPolicy)
    return {
      reason: 'SupplementalGroupsPolicyNotSupported',
      message: 'SupplementalGroupsPolicy=Strict is not supported in this node',
      rule: 'kubelet.supplementalGroupsPolicy',
      pointers: ['/spec/securityContext/supplementalGroupsPolicy'],
    };
  return undefined;
}
