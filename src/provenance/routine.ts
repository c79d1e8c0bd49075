// Which refusals nobody asks about. In a file of its own: the kernel needs it, and not the catalogue's citations.

import type { RuleId } from './rules.ts';

/** The rules of job control. */
export const ROUTINE: readonly RuleId[] = [
  'session.child',
  'session.leader',
  'session.group',
  'session.setsid',
  'tty.foreground',
  'tty.controlling',
];

/** Refusals of job control: shells try to lead their process group, get EPERM and go on. */
export const isRoutine = (checks: readonly { readonly rule: RuleId }[]): boolean => checks.every(({ rule }) => ROUTINE.includes(rule));
