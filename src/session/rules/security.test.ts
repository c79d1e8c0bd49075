// The kubelet's and the runtime's security rules that no recording covers.

import { type PodRule, podRules } from './harness.ts';

const ADMISSION = 'pkg/kubelet/lifecycle/predicate.go';
const ids = '$ id';
const rows: readonly PodRule[] = [
  {
    rule: 'a Windows pod is not admitted',
    source: `${ADMISSION} rejectPodAdmissionBasedOnOSField`,
    pod: { os: { name: 'windows' }, nodeName: 'node-1' },
    shows: { phase: 'Failed', events: ["PodOSNotSupported Failed to admit pod as the OS field doesn't match node OS"] },
  },
  {
    rule: 'Strict where the runtime does not know it',
    source: `${ADMISSION} rejectPodAdmissionBasedOnSupplementalGroupsPolicy`,
    node: { supplementalGroupsPolicy: false },
    pod: { securityContext: { supplementalGroupsPolicy: 'Strict' } },
    shows: {
      phase: 'Failed',
      events: ['SupplementalGroupsPolicyNotSupported SupplementalGroupsPolicy=Strict is not supported in this node'],
    },
  },
  {
    rule: 'Merge where the runtime does not know it',
    source: `${ADMISSION} rejectPodAdmissionBasedOnSupplementalGroupsPolicy`,
    node: { supplementalGroupsPolicy: false },
    pod: { securityContext: { supplementalGroupsPolicy: 'Merge', runAsUser: 1000 } },
    shows: { phase: 'Running', [ids]: 'uid=1000 gid=0(root) groups=0(root)\n' },
  },
  {
    rule: 'an unsafe sysctl that the node allows, by pattern and with slashes',
    source: 'pkg/kubelet/sysctl/allowlist.go validateSysctl',
    node: { allowedUnsafeSysctls: ['net.core.*'] },
    pod: { securityContext: { sysctls: [{ name: 'net/core/somaxconn', value: '77' }] } },
    shows: { phase: 'Running', '$ cat /proc/sys/net/core/somaxconn': '77\n' },
  },
  {
    rule: 'an unsafe sysctl beside the pattern',
    source: 'pkg/kubelet/sysctl/allowlist.go validateSysctl',
    node: { allowedUnsafeSysctls: ['net.core.*'] },
    pod: { securityContext: { sysctls: [{ name: 'kernel/msgmax', value: '77' }] } },
    shows: { phase: 'Failed', events: ['SysctlForbidden forbidden sysctl: "kernel.msgmax" not allowlisted'] },
  },
  {
    rule: 'the container’s false beats the pod’s true',
    source: 'pkg/securitycontext/util.go DetermineEffectiveSecurityContext',
    pod: { securityContext: { runAsNonRoot: true }, container: { securityContext: { runAsNonRoot: false } } },
    shows: { phase: 'Running', '$ id -u': '0\n' },
  },
  {
    rule: 'the pod’s true, the container’s user 0',
    source: 'pkg/kubelet/kuberuntime/security_context_others.go verifyRunAsNonRoot',
    pod: { securityContext: { runAsNonRoot: true }, container: { securityContext: { runAsUser: 0 } } },
    shows: {
      phase: 'Pending',
      state: ['waiting CreateContainerConfigError container\'s runAsUser breaks non-root policy (pod: "x_default(UID)", container: c)'],
      events: ['Failed Error: container\'s runAsUser breaks non-root policy (pod: "x_default(UID)", container: c)'],
    },
  },
  {
    rule: 'groups: primary, then fsGroup and supplementary ones as the runtime sorts them, each once',
    source: 'pkg/kubelet/kuberuntime/security_context.go convertToRuntimeSecurityContext; containerd WithAdditionalGIDs',
    pod: { securityContext: { runAsUser: 1000, runAsGroup: 30, fsGroup: 20, supplementalGroups: [40, 20, 10] } },
    shows: { '$ id -G': '30 10 20 40\n' },
  },
  {
    rule: 'privileged takes away masks, filter and read-only parts',
    source: 'pkg/securitycontext/util.go ConvertToRuntimeMaskedPaths; containerd spec_opts WithPrivilegedDevices',
    pod: { container: { securityContext: { privileged: true } } },
    shows: {
      '$ grep -cE " /proc/(kcore|keys|sys) | /sys ro" /proc/self/mountinfo; grep -E "^(Seccomp|NoNewPrivs):" /proc/self/status':
        '0\nNoNewPrivs:\t0\nSeccomp:\t0\n',
    },
  },
  {
    rule: 'no new privileges only where asked for',
    source: 'pkg/securitycontext/util.go AddNoNewPrivileges',
    pod: {
      containers: [
        { name: 'c', image: 'busybox:1.36', command: ['sleep', '1h'], securityContext: { allowPrivilegeEscalation: false } },
        { name: 'd', image: 'busybox:1.36', command: ['sleep', '1h'], securityContext: { allowPrivilegeEscalation: true } },
        { name: 'e', image: 'busybox:1.36', command: ['sleep', '1h'] },
      ],
    },
    shows: Object.fromEntries(
      [
        ['c', 1],
        ['d', 0],
        ['e', 0],
      ].map(([name, bit]) => [`kubectl exec x -c ${name} -- grep NoNewPrivs /proc/1/status`, `NoNewPrivs:\t${bit}\n`]),
    ),
  },
  {
    rule: 'seccomp: unconfined unless the node says otherwise',
    source: 'pkg/kubelet/kuberuntime/helpers_linux.go fieldSeccompProfile',
    pod: {},
    shows: { '$ grep Seccomp: /proc/1/status': 'Seccomp:\t0\n' },
  },
  {
    rule: 'seccomp: the node’s default',
    source: 'pkg/kubelet/kuberuntime/helpers_linux.go fieldSeccompProfile, SeccompDefault',
    node: { seccompDefault: true },
    pod: {},
    shows: { '$ grep Seccomp: /proc/1/status': 'Seccomp:\t2\n' },
  },
  {
    rule: 'seccomp: the container’s own beats the node’s default',
    source: 'pkg/kubelet/kuberuntime/helpers_linux.go getSeccompProfile',
    node: { seccompDefault: true },
    pod: { container: { securityContext: { seccompProfile: { type: 'Unconfined' } } } },
    shows: { '$ grep Seccomp: /proc/1/status': 'Seccomp:\t0\n' },
  },
  {
    rule: 'a read-only root, and what is mounted into it',
    source: 'containerd internal/cri/opts WithMounts; pipeline.md, mounts of containers',
    pod: { container: { securityContext: { readOnlyRootFilesystem: true } } },
    shows: {
      '$ touch /a /etc/hosts /dev/termination-log /dev/shm/b 2>&1; echo $?': 'touch: /a: Read-only file system\n1\n',
    },
  },
  {
    rule: 'a capability twice, and one without its prefix',
    source: 'containerd pkg/oci/spec_opts.go WithAddedCapabilities',
    pod: { container: { securityContext: { capabilities: { drop: ['ALL'], add: ['NET_RAW', 'NET_RAW', 'CHOWN'] } } } },
    shows: { '$ grep CapEff /proc/1/status': 'CapEff:\t0000000000002001\n' },
  },
  ...(
    [
      [
        'an operator that is none',
        { syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', args: [{ index: 0, value: 0, op: 'X' }] }] },
        'string X is not a valid operator for seccomp',
      ],
      ['an architecture that is none', { architectures: ['X'] }, 'string X is not a valid arch for seccomp'],
      ['a flag that is none', { flags: ['X'] }, 'seccomp flag X is not known to runc'],
      ['an action that is none', { syscalls: [{ names: ['mkdir'], action: 'X' }] }, 'string X is not a valid action for seccomp'],
    ] as const
  ).map(([rule, profile, text]) => ({
    rule: `seccomp: ${rule}`,
    source: 'runc libcontainer/seccomp/config.go, libcontainer/specconv/spec_linux.go SetupSeccomp',
    node: { seccompProfiles: { 'p.json': { defaultAction: 'SCMP_ACT_ALLOW', ...profile } } },
    pod: { container: { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'p.json' } } } },
    shows: {
      "kubectl get pod x -o jsonpath='{.status.containerStatuses[0].state.waiting.message}'": `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ${text}`,
    },
  })),
];
podRules(rows);
