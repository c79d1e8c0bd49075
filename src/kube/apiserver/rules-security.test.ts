// Rules of the security fields that no recording covers. Sources: files of kubernetes v1.36.

import { type Json, podRules, type Rule } from './ruleHarness.ts';

const SECURITY = 'pkg/apis/core/validation/validation.go validatePodSpecSecurityContext';
const SECCOMP = 'pkg/apis/core/validation/validation.go validateSeccompProfileField';
const APPARMOR = 'pkg/apis/core/validation/validation.go ValidateAppArmorProfileField';
const ANNOTATIONS = 'pkg/apis/core/validation/validation.go ValidatePodSpecificAnnotations';
const AGREE = 'pkg/apis/core/validation/validation.go validateSeccompAnnotationsAndFieldsMatch';
const SYSCTLS = 'pkg/apis/core/validation/validation.go validateSysctls';
const WINDOWS = 'pkg/apis/core/validation/validation.go validateWindowsSecurityContextOptions';
const HOST_PROCESS = 'pkg/apis/core/validation/validation.go validateWindowsHostProcessPod';
const OS = 'pkg/apis/core/validation/validation.go validateWindows, validateLinux';
const pod = (securityContext: Json): Json => ({ securityContext });
const own = (securityContext: Json): Json => ({ container: { securityContext } });
const RANGE = 'must be between 0 and 2147483647, inclusive';
const win = (windowsOptions: Json): Json => pod({ windowsOptions });
const user = (runAsUserName: string): Json => win({ runAsUserName });
const USER = 'spec.securityContext.windowsOptions.runAsUserName: Invalid value';

const rows: readonly Rule[] = [
  {
    rule: 'every id of a Pod is checked, supplementary groups by their index',
    source: SECURITY,
    given: pod({ fsGroup: -1, runAsUser: 2147483648, runAsGroup: -5, supplementalGroups: [1, -2] }),
    says: [
      `spec.securityContext.fsGroup: Invalid value: -1: ${RANGE}`,
      `spec.securityContext.runAsUser: Invalid value: 2147483648: ${RANGE}`,
      `spec.securityContext.runAsGroup: Invalid value: -5: ${RANGE}`,
      `spec.securityContext.supplementalGroups[1]: Invalid value: -2: ${RANGE}`,
    ],
  },
  { rule: 'the largest id is allowed', source: SECURITY, given: pod({ runAsUser: 2147483647, fsGroup: 0 }), says: [] },
  {
    rule: 'ids of a container',
    source: 'pkg/apis/core/validation/validation.go ValidateSecurityContext',
    given: own({ runAsUser: -1, runAsGroup: -1 }),
    says: [
      `spec.containers[0].securityContext.runAsUser: Invalid value: -1: ${RANGE}`,
      `spec.containers[0].securityContext.runAsGroup: Invalid value: -1: ${RANGE}`,
    ],
  },
  {
    rule: 'an init container is checked as a container is',
    source: 'pkg/apis/core/validation/validation.go validateContainerCommon',
    given: { initContainers: [{ name: 'i', image: 'i', securityContext: { runAsUser: -1 } }] },
    says: [`spec.initContainers[0].securityContext.runAsUser: Invalid value: -1: ${RANGE}`],
  },
  {
    rule: 'a shared process namespace and the host’s exclude each other',
    source: SECURITY,
    given: { shareProcessNamespace: true, hostPID: true },
    says: ['spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled'],
  },
  {
    rule: 'policies that are none',
    source: SECURITY,
    given: pod({ fsGroupChangePolicy: 'Never', supplementalGroupsPolicy: 'Keep' }),
    says: [
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
      'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "Keep": supported values: "Merge", "Strict"',
    ],
  },
  {
    rule: 'a seccomp type that is none',
    source: SECCOMP,
    given: own({ seccompProfile: { type: 'Default' } }),
    says: [
      'spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  },
  {
    rule: 'a local seccomp profile stays below its directory: no absolute path, no step back, both said',
    source: `${SECCOMP}, validateLocalDescendingPath`,
    given: pod({ seccompProfile: { type: 'Localhost', localhostProfile: '/a/../b' } }),
    says: [
      'spec.securityContext.seccompProfile.localhostProfile: Invalid value: "/a/../b": must be a relative path',
      `spec.securityContext.seccompProfile.localhostProfile: Invalid value: "/a/../b": must not contain '..'`,
    ],
  },
  {
    rule: 'an AppArmor type that is none',
    source: APPARMOR,
    given: own({ appArmorProfile: { type: 'Default' } }),
    says: [
      'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "Default": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  },
  {
    rule: 'the name of an AppArmor profile has no blanks around it, not even alone',
    source: APPARMOR,
    given: pod({ appArmorProfile: { type: 'Localhost', localhostProfile: '  ' } }),
    says: ['spec.securityContext.appArmorProfile.localhostProfile: Invalid value: "  ": must not be padded with whitespace'],
  },
  {
    rule: 'a long AppArmor name is too long besides being padded',
    source: APPARMOR,
    given: pod({ appArmorProfile: { type: 'Localhost', localhostProfile: 'a'.repeat(4096) } }),
    says: ['spec.securityContext.appArmorProfile.localhostProfile: Too long: may not be more than 4095 bytes'],
  },
  {
    rule: 'AppArmor annotations name a container of the Pod and a profile',
    source: `${ANNOTATIONS}, ValidateAppArmorPodAnnotations`,
    given: { meta: { annotations: { 'container.apparmor.security.beta.kubernetes.io/other': 'strict' } } },
    says: [
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/other]: Invalid value: "other": container not found',
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/other]: Invalid value: "strict": invalid AppArmor profile name: "strict"',
    ],
  },
  {
    rule: 'a seccomp annotation is a profile',
    source: `${ANNOTATIONS}, ValidateSeccompProfile`,
    given: { meta: { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'default' } } },
    says: ['metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "default": must be a valid seccomp profile'],
  },
  {
    rule: 'annotation and field of seccomp agree on the type',
    source: AGREE,
    given: {
      meta: { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' } },
      ...pod({ seccompProfile: { type: 'RuntimeDefault' } }),
    },
    says: ['spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match'],
  },
  {
    rule: 'annotation and field of seccomp agree on the profile',
    source: AGREE,
    given: {
      meta: { annotations: { 'container.seccomp.security.alpha.kubernetes.io/c': 'localhost/a' } },
      ...own({ seccompProfile: { type: 'Localhost', localhostProfile: 'b' } }),
    },
    says: [
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Forbidden: seccomp profile in annotation and field must match',
    ],
  },
  {
    rule: 'annotation and field of AppArmor agree on the profile',
    source: 'pkg/apis/core/validation/validation.go validateAppArmorAnnotationsAndFieldsMatchOnCreate',
    given: {
      meta: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'localhost/a' } },
      ...own({ appArmorProfile: { type: 'Localhost', localhostProfile: 'b' } }),
    },
    says: [
      'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match',
    ],
  },
  {
    rule: 'a sysctl has a name, one time',
    source: SYSCTLS,
    given: pod({
      sysctls: [
        { name: '', value: '1' },
        { name: 'kernel.shm_rmid_forced', value: '1' },
        { name: 'kernel.shm_rmid_forced', value: '0' },
      ],
    }),
    says: [
      'spec.securityContext.sysctls[0].name: Required value',
      'spec.securityContext.sysctls[2].name: Duplicate value: "kernel.shm_rmid_forced"',
    ],
  },
  {
    rule: 'sysctls of a namespace that is the host’s',
    source: `${SYSCTLS}, ValidateHostSysctl`,
    given: {
      hostNetwork: true,
      hostIPC: true,
      ...pod({
        sysctls: [
          { name: 'net.ipv4.ping_group_range', value: '0 1' },
          { name: 'kernel.shmmax', value: '1' },
          { name: 'fs.mqueue.msg_max', value: '1' },
        ],
      }),
    },
    says: [
      `spec.securityContext.sysctls[0].name: Invalid value: "net.ipv4.ping_group_range": may not be specified when 'hostNetwork' is true`,
      `spec.securityContext.sysctls[1].name: Invalid value: "kernel.shmmax": may not be specified when 'hostIPC' is true`,
      `spec.securityContext.sysctls[2].name: Invalid value: "fs.mqueue.msg_max": may not be specified when 'hostIPC' is true`,
    ],
  },
  { rule: 'a Windows user with a domain', source: WINDOWS, given: user('DOMAIN\\User'), says: [] },
  { rule: 'an empty Windows user', source: WINDOWS, given: user(''), says: [`${USER}: "": runAsUserName cannot be an empty string`] },
  {
    rule: 'a Windows user with two backslashes',
    source: WINDOWS,
    given: user('a\\b\\c'),
    says: [`${USER}: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash`],
  },
  {
    rule: 'a Windows domain without a user',
    source: WINDOWS,
    given: user('a\\'),
    says: [`${USER}: "a\\\\": runAsUserName's User cannot be empty`],
  },
  {
    rule: 'a Windows user of dots',
    source: WINDOWS,
    given: user('. .'),
    says: [`${USER}: ". .": runAsUserName's User cannot contain only periods or spaces`],
  },
  {
    rule: 'a Windows user with signs',
    source: WINDOWS,
    given: user('a?b'),
    says: [`${USER}: "a?b": runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`],
  },
  {
    rule: 'a long Windows user',
    source: WINDOWS,
    given: user('u'.repeat(105)),
    says: [`${USER}: "${'u'.repeat(105)}": runAsUserName's User length must not be longer than 104 characters`],
  },
  {
    rule: 'an empty gMSA specification',
    source: WINDOWS,
    given: win({ gmsaCredentialSpec: '' }),
    says: ['spec.securityContext.windowsOptions.gmsaCredentialSpec: Invalid value: "": gmsaCredentialSpec cannot be an empty string'],
  },
  {
    rule: 'a host process container wants the host’s network',
    source: HOST_PROCESS,
    given: win({ hostProcess: true }),
    says: ['spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers'],
  },
  {
    rule: 'hostProcess of Pod and container are the same',
    source: HOST_PROCESS,
    given: { hostNetwork: true, ...win({ hostProcess: true }), ...own({ windowsOptions: { hostProcess: false } }) },
    says: [
      'spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true',
    ],
  },
  {
    rule: 'Windows options in a Linux Pod',
    source: OS,
    given: { os: { name: 'linux' }, ...win({ runAsUserName: 'u' }), ...own({ windowsOptions: { runAsUserName: 'u' } }) },
    says: [
      'spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
      'spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
    ],
  },
  {
    rule: 'everything of Linux in a Windows Pod, in the order of the fields',
    source: OS,
    given: {
      os: { name: 'windows' },
      hostPID: true,
      hostIPC: true,
      hostUsers: true,
      shareProcessNamespace: false,
      ...pod({
        appArmorProfile: { type: 'Unconfined' },
        seLinuxOptions: { level: 's0' },
        seccompProfile: { type: 'Unconfined' },
        fsGroup: 1,
        fsGroupChangePolicy: 'Always',
        sysctls: [{ name: 'net.a', value: '1' }],
        runAsUser: 1,
        runAsGroup: 1,
        supplementalGroups: [1],
        supplementalGroupsPolicy: 'Merge',
      }),
      ...own({
        capabilities: {},
        readOnlyRootFilesystem: false,
        privileged: false,
        allowPrivilegeEscalation: true,
        procMount: 'Default',
        runAsUser: 1,
      }),
    },
    says: [
      'spec.securityContext.appArmorProfile',
      'spec.securityContext.seLinuxOptions',
      'spec.hostUsers',
      'spec.hostPID',
      'spec.hostIPC',
      'spec.securityContext.seccompProfile',
      'spec.securityContext.fsGroup',
      'spec.securityContext.fsGroupChangePolicy',
      'spec.securityContext.sysctls',
      'spec.shareProcessNamespace',
      'spec.securityContext.runAsUser',
      'spec.securityContext.runAsGroup',
      'spec.securityContext.supplementalGroups',
      'spec.securityContext.supplementalGroupsPolicy',
      'spec.containers[0].securityContext.capabilities',
      'spec.containers[0].securityContext.readOnlyRootFilesystem',
      'spec.containers[0].securityContext.privileged',
      'spec.containers[0].securityContext.allowPrivilegeEscalation',
      'spec.containers[0].securityContext.procMount',
      'spec.containers[0].securityContext.runAsUser',
    ].map((field) => `${field}: Forbidden: cannot be set for a windows pod`),
  },
  {
    rule: 'an operating system that is none',
    source: 'pkg/apis/core/validation/validation.go validateOS',
    given: { os: { name: 'plan9' } },
    says: ['spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
  },
];
podRules(rows);
