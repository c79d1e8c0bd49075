// containerd's default seccomp profile, as far as its refusals can be seen. Counterpart: contrib/seccomp/seccomp_default.go
//
// Deviates: the real profile lists about 400 allowed calls; only those named here are refused, everything else is allowed.

import { CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS } from '#abi/flags.ts';
import type { SeccompFilter } from '#kernel/uapi/index.ts';

/** Calls that only a capability in the bounding set makes allowed. */
const BY_CAPABILITY: Readonly<Record<string, readonly string[]>> = {
  CAP_DAC_READ_SEARCH: ['open_by_handle_at'],
  CAP_SYS_ADMIN: [
    'bpf',
    'fanotify_init',
    'fsconfig',
    'fsmount',
    'fsopen',
    'fspick',
    'lookup_dcookie',
    'mount',
    'mount_setattr',
    'move_mount',
    'open_tree',
    'perf_event_open',
    'quotactl',
    'quotactl_fd',
    'setdomainname',
    'sethostname',
    'setns',
    'syslog',
    'umount',
    'umount2',
    'unshare',
  ],
  CAP_SYS_BOOT: ['reboot'],
  CAP_SYS_CHROOT: ['chroot'],
  CAP_SYS_MODULE: ['init_module', 'finit_module', 'delete_module'],
  CAP_SYS_PACCT: ['acct'],
  CAP_SYS_PTRACE: ['kcmp', 'pidfd_getfd', 'process_madvise'],
  CAP_SYS_RAWIO: ['iopl', 'ioperm'],
  CAP_SYS_TIME: ['settimeofday', 'stime', 'clock_settime', 'clock_settime64'],
  CAP_SYS_TTY_CONFIG: ['vhangup'],
  CAP_SYS_NICE: ['get_mempolicy', 'mbind', 'set_mempolicy', 'set_mempolicy_home_node'],
  CAP_SYSLOG: ['syslog'],
  CAP_BPF: ['bpf'],
  CAP_PERFMON: ['perf_event_open'],
};
const NEVER = [
  'add_key',
  'io_uring_enter',
  'io_uring_register',
  'io_uring_setup',
  'kexec_file_load',
  'kexec_load',
  'keyctl',
  'move_pages',
  'nfsservctl',
  'pivot_root',
  'request_key',
  'swapoff',
  'swapon',
  'userfaultfd',
  'uselib',
  'ustat',
  'vm86',
  'vm86old',
];
const NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;
const PERSONALITIES = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

/** The profile for a bounding set. Its default action is to allow; each rule here refuses with EPERM. */
export function defaultSeccomp(bounding: readonly string[]): SeccompFilter {
  const has = new Set(bounding);
  const allowed = new Set(Object.entries(BY_CAPABILITY).flatMap(([cap, calls]) => (has.has(cap) ? calls : [])));
  const conditional = [...new Set(Object.values(BY_CAPABILITY).flat())].filter((call) => !allowed.has(call));
  const refuse = { action: 'SCMP_ACT_ERRNO', errnoRet: 1 };
  const syscalls: NonNullable<SeccompFilter['syscalls']>[number][] = [{ names: [...NEVER, ...conditional].sort(), ...refuse }];
  if (!has.has('CAP_SYS_ADMIN')) {
    for (let bit = 0x80; bit <= 0x40000000; bit *= 2) {
      if ((NAMESPACES & bit) !== 0)
        syscalls.push({ names: ['clone'], ...refuse, args: [{ index: 0, value: bit, valueTwo: bit, op: 'SCMP_CMP_MASKED_EQ' }] });
    }
    syscalls.push({ names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 });
  }
  syscalls.push({ names: ['personality'], ...refuse, args: PERSONALITIES.map((value) => ({ index: 0, value, op: 'SCMP_CMP_NE' })) });
  for (const family of [38, 40]) syscalls.push({ names: ['socket'], ...refuse, args: [{ index: 0, value: family, op: 'SCMP_CMP_EQ' }] });
  return { defaultAction: 'SCMP_ACT_ALLOW', syscalls };
}
