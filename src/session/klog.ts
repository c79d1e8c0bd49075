// The kubelet's log as the journal has it. Counterpart: k8s.io/klog, header format

import type { LogLine } from '#kube/kubelet/journal.ts';
import type { JournalEntry } from '#userland/node/port.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** Severity, month and day, time in microseconds, process id, source file, then the text. */
export function klog(time: bigint, pid: number, { severity, source, text }: LogLine): JournalEntry {
  const at = new Date(Number(time / 1_000_000n));
  const micros = String((time / 1000n) % 1_000_000n).padStart(6, '0');
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}.${micros}`;
  const header = `${severity}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())} ${clock} ${String(pid).padStart(7)} ${source}]`;
  return { time, unit: 'kubelet', pid, message: `${header} ${text}` };
}
