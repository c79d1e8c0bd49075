// The 41 capabilities of Linux 5.9 and later, in bit order.
// Counterpart: capabilities(7), include/uapi/linux/capability.h

/** Names in bit order: the index is the bit number. */
export const CAPABILITIES = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;

/** Name of a capability with its prefix, e.g. CAP_NET_RAW. */
export type Capability = (typeof CAPABILITIES)[number];

/**
 * A set of capabilities: a bigint whose bit n stands for capability n.
 * (A bigint, because bits reach 40 and JavaScript's bit operators end at 32.)
 */
export type CapSet = bigint;

const BIT = new Map<string, number>(CAPABILITIES.map((name, bit) => [name, bit]));

/** No capability. */
export const CAP_NONE: CapSet = 0n;

/** All capabilities this kernel knows: 000001ffffffffff. */
export const CAP_ALL: CapSet = (1n << BigInt(CAPABILITIES.length)) - 1n;

/** Bit number of a capability. */
export function capBit(name: Capability): number {
  return BIT.get(name) as number;
}

/** Is this text the name of a capability (with prefix, upper case)? */
export function isCapability(name: string): name is Capability {
  return BIT.has(name);
}

/** The set with the named capabilities. */
export function capSet(...names: readonly Capability[]): CapSet {
  let set = CAP_NONE;
  for (const name of names) set |= 1n << BigInt(capBit(name));
  return set;
}

const MASK = CAPABILITIES.map((_, bit) => 1n << BigInt(bit));

/** Is the capability in the set? */
export function capHas(set: CapSet, name: Capability): boolean {
  return (set & (MASK[capBit(name)] as bigint)) !== 0n;
}

/** Names in a set, in bit order. */
export function capNames(set: CapSet): Capability[] {
  return CAPABILITIES.filter((_, bit) => (set & (MASK[bit] as bigint)) !== 0n);
}

/** The 16 lower-case hex digits of /proc/PID/status. */
export function capHex(set: CapSet): string {
  return set.toString(16).padStart(16, '0');
}
