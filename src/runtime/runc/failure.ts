// How runc says what went wrong: a Go error text, from the step that failed down to the errno.

import { type Errno, strerror } from '#abi/errno.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';

/** A step that could not be done; the text ends up in the event of the pod. */
export class Failure {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Go's spelling of an errno: lower case. */
export const goError = (errno: Errno): string => strerror(errno).replace(/^./, (c) => c.toLowerCase());

/** The value of a call, or a Failure with `what: errno`. */
export function* must<T>(call: Program<SysResult<T>>, what: string): Program<T | Failure> {
  const result: SysResult<T> = yield* call;
  return result.ok ? result.value : new Failure(`${what}: ${goError(result.errno)}`);
}
