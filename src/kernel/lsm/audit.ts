// Records of the audit subsystem, as the kernel prints them to its log while no auditd runs.
// Counterpart: kernel/audit.c kauditd_printk_skb, lib/ratelimit.c

import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import type { Task } from '../state.ts';

export const AUDIT_SECCOMP = 1326;
export const AUDIT_AVC = 1400;

const SECOND = 1_000_000_000n;
const INTERVAL = 5n * SECOND; // printk_ratelimit: at most BURST records in this time
const BURST = 10;

/** What the audit subsystem remembers. */
export interface AuditState {
  readonly serial: number; // of the last record
  readonly since: bigint; // when the current interval began
  readonly printed: number;
  readonly missed: number;
}

/** A line of the kernel log with its time since boot, as dmesg shows it. Counterpart: print_time, kernel/printk */
export function logLine(k: Kernel, text: string): void {
  const us = k.state.monotonic / 1000n;
  const time = `${String(us / 1_000_000n).padStart(5)}.${String(us % 1_000_000n).padStart(6, '0')}`;
  k.state = withState(k.state, { log: [...k.state.log, `[${time}] ${text}`] });
}

/** Text as an audit field shows it: quoted, or in hex when it has a quote, a blank or a control character. Counterpart: audit_log_untrustedstring */
export function untrusted(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.every((byte) => byte > 0x20 && byte < 0x7f && byte !== 0x22)) return `"${text}"`;
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');
}

/** Adds a record: serial number and time, limited to ten in five seconds, the rest counted. */
export function audit(k: Kernel, type: number, text: string): void {
  const old = k.state.audit ?? { serial: 0, since: k.state.monotonic, printed: 0, missed: 0 };
  let { since, printed, missed } = old;
  const serial = old.serial + 1;
  if (k.state.monotonic >= since + INTERVAL) {
    if (missed > 0) logLine(k, `kauditd_printk_skb: ${missed} callbacks suppressed`);
    since = k.state.monotonic;
    printed = 0;
    missed = 0;
  }
  if (printed < BURST) {
    printed++;
    const ms = k.state.realtime / 1_000_000n;
    logLine(k, `audit: type=${type} audit(${ms / 1000n}.${`${ms % 1000n}`.padStart(3, '0')}:${serial}): ${text}`);
  } else missed++;
  k.state = withState(k.state, { audit: { serial, since, printed, missed } });
}

/** Who made a call. Counterpart: audit_log_task */
export function auditTask(task: Task, subject: string | null): string {
  const { ruid, rgid } = task.cred;
  const exe = task.exe === null ? '(null)' : untrusted(task.exe.path);
  const subj = subject === null ? '' : ` subj=${subject}`;
  return `auid=${task.loginuid} uid=${ruid} gid=${rgid} ses=4294967295${subj} pid=${task.id} comm=${untrusted(task.comm)} exe=${exe}`;
}
