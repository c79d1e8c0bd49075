// The configuration of a pod's sandbox, with the origin of every leaf.

import { type Annotated, annotated, branchOrigin, type Origin } from '#provenance/origin.ts';
import type { LinuxContainerResources, LinuxSandboxSecurityContext, PodSandboxConfig } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { shares } from './containerConfig.ts';
import type { DnsConfig } from './dns.ts';
import { containersOf, type Json, type Origins, type SecuritySettings, sandboxContext } from './effective.ts';
import { quantity } from './environment.ts';
import { podLogDirectory } from './logFiles.ts';
import { kernelName } from './podNames.ts';
import { qosClass } from './status.ts';

/** What all containers of a pod together ask for. Counterpart: calculateSandboxResources, pkg/kubelet/kuberuntime */
function sandboxResources(pod: KubeObject): LinuxContainerResources {
  const sum = (kind: 'requests' | 'limits', name: string): number =>
    (pod.spec.containers as Json[]).reduce((total: number, one: Json) => total + quantity(one.resources?.[kind]?.[name]), 0);
  return {
    cpu_shares: shares(sum('requests', 'cpu')),
    cpu_quota: Math.floor(sum('limits', 'cpu') * 100000),
    cpu_period: 100000,
    memory_limit_in_bytes: sum('limits', 'memory'),
  };
}

/** Fields of the CRI that a field of the pod's spec decides, by their pointers. */
const FROM_SPEC: readonly (readonly [string, ...string[]])[] = [
  [
    '/hostname',
    '/metadata/name',
    '/spec/hostname',
    '/spec/subdomain',
    '/spec/hostNetwork',
    '/spec/setHostnameAsFQDN',
    '/spec/hostnameOverride',
  ],
  ['/dns_config', '/metadata/namespace', '/spec/dnsPolicy', '/spec/dnsConfig', '/spec/hostNetwork'],
  ['/linux/security_context/namespace_options/network', '/spec/hostNetwork'],
  ['/linux/security_context/namespace_options/pid', '/spec/hostPID', '/spec/shareProcessNamespace'],
  ['/linux/security_context/namespace_options/ipc', '/spec/hostIPC'],
  ['/linux/security_context/namespace_options/userns_options', '/spec/hostUsers'],
  ['/linux/security_context/selinux_options', '/spec/securityContext/seLinuxOptions'],
  ['/linux/security_context/run_as_user', '/spec/securityContext/runAsUser'],
  ['/linux/security_context/run_as_group', '/spec/securityContext/runAsGroup'],
  ['/linux/security_context/supplemental_groups', '/spec/securityContext/supplementalGroups'],
  ['/linux/security_context/supplemental_groups_policy', '/spec/securityContext/supplementalGroupsPolicy'],
  ['/linux/sysctls', '/spec/securityContext/sysctls'],
  ['/metadata/name', '/metadata/name'],
  ['/metadata/namespace', '/metadata/namespace'],
  ['/metadata/uid', '/metadata/uid'],
  ['/annotations', '/metadata/annotations'],
];
/** Fields the kubelet decides alone: from the names of the pod, its QoS class or its own settings. */
const OWN = [
  '/metadata/attempt',
  '/log_directory',
  '/linux/cgroup_parent',
  '/linux/security_context/readonly_rootfs',
  '/linux/security_context/seccomp',
];

/** The value at a pointer; undefined where there is none. */
const valueAt = (document: Json, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce((at, part) => at?.[part], document);

function sandboxOrigins(pod: KubeObject, origins: Origins, security: LinuxSandboxSecurityContext): Origins {
  const of = (pointer: string): Origin => branchOrigin(origins, pointer);
  const written = (...pointers: string[]): Origin[] => pointers.filter((pointer) => valueAt(pod, pointer) !== undefined).map(of);
  const all: Record<string, Origin> = {};
  for (const pointer of OWN) all[pointer] = { kind: 'default', rule: `kubelet.sandbox${pointer}` };
  for (const [pointer, ...sources] of FROM_SPEC) {
    const [only, ...more] = written(...sources);
    if (only === undefined) all[pointer] = { kind: 'default', rule: `kubelet.sandbox${pointer}` };
    else all[pointer] = more.length === 0 ? only : { kind: 'rule', rule: `kubelet.sandbox${pointer}`, from: [only, ...more] };
  }
  const fsGroup = written('/spec/securityContext/fsGroup');
  for (const at of security.supplemental_groups.keys()) {
    const listed = at - fsGroup.length;
    all[`/linux/security_context/supplemental_groups/${at}`] =
      listed < 0 ? (fsGroup[0] as Origin) : of(`/spec/securityContext/supplementalGroups/${listed}`);
  }
  for (const [at, { name }] of ((pod.spec.securityContext?.sysctls ?? []) as Json[]).entries())
    all[`/linux/sysctls/${name.replace(/\//g, '.')}`] = of(`/spec/securityContext/sysctls/${at}/value`);
  for (const name of Object.keys(pod.metadata.labels ?? {})) {
    const key = name.replaceAll('~', '~0').replaceAll('/', '~1');
    all[`/labels/${key}`] = of(`/metadata/labels/${key}`);
  }
  for (const [name, source] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'uid'],
  ])
    all[`/labels/io.kubernetes.pod.${name}`] = of(`/metadata/${source}`);
  const containers = [...containersOf(pod)];
  const privileged = containers.find(({ container }) => container.securityContext?.privileged === true);
  all['/linux/security_context/privileged'] = privileged
    ? of(`${privileged.pointer}/securityContext/privileged`)
    : { kind: 'default', rule: 'kubelet.sandbox/linux/security_context/privileged' };
  all['/linux/resources'] = {
    kind: 'rule',
    rule: 'kubelet.sandbox/linux/resources',
    from: (pod.spec.containers as Json[]).flatMap((_, at) => written(`/spec/containers/${at}/resources`)),
  };
  return all;
}

/** The configuration of a pod's sandbox. Counterpart: generatePodSandboxConfig, pkg/kubelet/kuberuntime/kuberuntime_sandbox.go */
export function sandboxConfig(
  pod: KubeObject,
  origins: Origins,
  settings: SecuritySettings,
  nodeName: string,
  attempt: number,
  dns: DnsConfig,
): Annotated<PodSandboxConfig> {
  const name = kernelName(pod, nodeName);
  const uid = pod.metadata.uid as string;
  const namespace = pod.metadata.namespace as string;
  const qos = qosClass(pod);
  const value: PodSandboxConfig = {
    metadata: { name: pod.metadata.name, uid, namespace, attempt },
    hostname: typeof name === 'string' ? '' : name.name,
    log_directory: podLogDirectory({ namespace, name: pod.metadata.name, uid }),
    dns_config: dns,
    labels: {
      ...(pod.metadata.labels ?? {}),
      'io.kubernetes.pod.name': pod.metadata.name,
      'io.kubernetes.pod.namespace': namespace,
      'io.kubernetes.pod.uid': uid,
    },
    annotations: pod.metadata.annotations ?? {},
    linux: {
      cgroup_parent: `/kubepods${qos === 'Guaranteed' ? '' : `/${qos.toLowerCase()}`}/pod${uid}`,
      resources: sandboxResources(pod),
      security_context: sandboxContext(pod, settings),
      sysctls: Object.fromEntries((pod.spec.securityContext?.sysctls ?? []).map((s: Json) => [s.name.replace(/\//g, '.'), s.value])),
    },
  };
  return annotated(value, () => sandboxOrigins(pod, origins, value.linux.security_context));
}
