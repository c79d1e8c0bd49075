// Is a filter one that runc takes? Counterpart: runc 1.3 libcontainer/specconv SetupSeccomp, libcontainer/seccomp InitSeccomp

import type { SeccompFilter } from '#kernel/uapi/index.ts';

const ACTIONS = ['KILL', 'ERRNO', 'TRAP', 'ALLOW', 'TRACE', 'LOG', 'NOTIFY', 'KILL_THREAD', 'KILL_PROCESS'].map(
  (name) => `SCMP_ACT_${name}`,
);
const OPERATORS = ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ'].map((name) => `SCMP_CMP_${name}`);
const FLAGS = ['SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW', 'SECCOMP_FILTER_FLAG_LOG'];
const ARCHITECTURES = 'X86 X86_64 X32 ARM AARCH64 MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PPC PPC64 PPC64LE RISCV64 S390 S390X'
  .split(' ')
  .map((name) => `SCMP_ARCH_${name}`);

/** The filter to load; undefined: none is wanted. */
export const wantedFilter = (filter: SeccompFilter | undefined): SeccompFilter | undefined =>
  filter === undefined || ((filter.defaultAction ?? '') === '' && (filter.syscalls ?? []).length === 0) ? undefined : filter;

/** runc's refusal of a filter while it reads the configuration. */
export function unreadable(filter: SeccompFilter): string | undefined {
  for (const flag of filter.flags ?? []) if (!FLAGS.includes(flag)) return `seccomp flag ${flag} is not known to runc`;
  for (const arch of filter.architectures ?? []) if (!ARCHITECTURES.includes(arch)) return `string ${arch} is not a valid arch for seccomp`;
  const actions = [filter.defaultAction, ...(filter.syscalls ?? []).flatMap(({ names, action }) => names.map(() => action))];
  for (const action of actions) if (!ACTIONS.includes(action)) return `string ${action ?? ''} is not a valid action for seccomp`;
  for (const { args } of filter.syscalls ?? [])
    for (const { op } of args ?? []) if (!OPERATORS.includes(op)) return `string ${op} is not a valid operator for seccomp`;
  return undefined;
}

/** What stops runc from loading a readable filter. Deviates: there is no agent here that answers SCMP_ACT_NOTIFY. */
export function unloadable(filter: SeccompFilter): string | undefined {
  const notify = (filter.syscalls ?? []).filter(({ action }) => action === 'SCMP_ACT_NOTIFY');
  if (notify.some(({ names }) => names.includes('write'))) return 'SCMP_ACT_NOTIFY cannot be used for the write syscall';
  if (filter.defaultAction === 'SCMP_ACT_NOTIFY') return 'SCMP_ACT_NOTIFY cannot be used as default action';
  if (notify.length === 0) return undefined;
  return filter.listenerPath === undefined
    ? 'seccomp listenerPath is not set'
    : `SCMP_ACT_NOTIFY is not simulated: no agent listens at ${filter.listenerPath}`;
}
