// Limits of a container as the files of its control group. Counterpart: opencontainers/cgroups fs2 cpu.go, memory.go; runc 1.3

import type { RuntimeSpec } from '../oci.ts';

interface Resources {
  readonly memory?: { readonly limit?: number; readonly swap?: number };
  readonly cpu?: { readonly shares?: number; readonly quota?: number; readonly period?: number };
}

/** The old range of shares, 2 to 262144, on the range of weights, 1 to 10000. Counterpart: ConvertCPUSharesToCgroupV2Value */
const weight = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262142);

/** The files that differ from those of a new group, by name. */
export function cgroupFiles(given: RuntimeSpec['linux']['resources']): Readonly<Record<string, string>> {
  const { memory = {}, cpu = {} } = (given ?? {}) as Resources;
  const { limit = 0, swap = 0 } = memory;
  const { shares = 0, quota = 0, period = 100000 } = cpu;
  return {
    ...(shares > 2 && { 'cpu.weight': String(weight(shares)) }),
    ...(quota > 0 && { 'cpu.max': `${quota} ${period}` }),
    ...(limit > 0 && { 'memory.max': String(limit), 'memory.swap.max': String(Math.max(0, swap - limit)) }),
  };
}
