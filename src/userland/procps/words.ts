// How the two userlands write a process's command line.

import type { ProcessInfo } from './processes.ts';

/** busybox shows "[comm]" without arguments, and "{comm} args" where the two names differ. */
export function busyboxArgs(process: ProcessInfo): string {
  const [first = ''] = process.args;
  if (process.args.length === 0) return `[${process.comm}]`;
  const base = first.replace(/^-/, '').split('/').at(-1) ?? '';
  const line = process.args.join(' ');
  return base.startsWith(process.comm) || process.comm.startsWith(base.slice(0, 15)) ? line : `{${process.comm}} ${line}`;
}

/** The words, or the name in brackets when there are none. */
export const procpsArgs = (process: ProcessInfo): string =>
  process.args.length > 0 ? process.args.join(' ') : `[${process.comm}]${process.state === 'Z' ? ' <defunct>' : ''}`;
