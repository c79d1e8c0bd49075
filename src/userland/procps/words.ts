// How the two userlands write a process's command line.

import type { ProcessInfo } from './processes.ts';

/** busybox shows "[comm]" without arguments, and "{comm} args" where the two names differ; `limit` characters of it. */
export function busyboxArgs(process: ProcessInfo, limit = Number.POSITIVE_INFINITY): string {
  const [first = ''] = process.args;
  if (process.args.length === 0) return `[${process.comm}]`;
  // A narrow column cuts the name it compares with too.
  const base = first.slice(0, limit).replace(/^-/, '').split('/').at(-1) ?? '';
  const line = process.args.join(' ');
  const same = base.startsWith(process.comm) || (first.length <= limit && process.comm.startsWith(base.slice(0, 15)));
  return (same ? line : `{${process.comm}} ${line}`).slice(0, limit);
}

/** The words, or the name in brackets when there are none. */
export const procpsArgs = (process: ProcessInfo): string =>
  process.args.length > 0 ? process.args.join(' ') : `[${process.comm}]${process.state === 'Z' ? ' <defunct>' : ''}`;
