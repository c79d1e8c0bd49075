// What /proc tells about the machine: memory, load, time of the processors.

import type { Program } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';

function* text(path: string): Program<string> {
  const file = yield* readFile(path);
  return file.ok ? textOf(file.value) : '';
}

/** /proc/meminfo by name, in KiB. */
export function* memory(): Program<(key: string) => number> {
  const lines = yield* text('/proc/meminfo');
  return (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(lines)?.[1] ?? 0);
}

/** /proc/loadavg without its newline. */
export function* loadavg(): Program<string> {
  return (yield* text('/proc/loadavg')).trim();
}

/** Shares of all processor time since boot, in percent, in the order of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function* processorShares(): Program<number[]> {
  const ticks =
    /^cpu\s+(.*)$/m
      .exec(yield* text('/proc/stat'))?.[1]
      ?.split(' ')
      .map(Number)
      .slice(0, 8) ?? [];
  const total = ticks.reduce((sum, part) => sum + part, 0);
  return ticks.map((part) => (total === 0 ? 0 : (part / total) * 100));
}
