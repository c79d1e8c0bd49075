// The paths CRI-O masks besides those it is told. Counterpart: appendDefaultMaskedPaths, server/masked_paths.go, CRI-O 1.37

/** Not verified: the list of containers/common is from its documentation. */
const ALWAYS: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/dev/block',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
  '/sys/fs/selinux',
];

/** The list for a container; one that asks for no masking gets none. */
export const crioMaskedPaths = (asked: readonly string[]): readonly string[] =>
  asked.length === 0 ? [] : [...new Set([...ALWAYS, ...asked])].sort();
