// Several things may fail in one command; alone, a failure is printed in full, among others on a line of its own.

import type { Program } from '#kernel/uapi/index.ts';
import { errOut, type Json, statusLine, statusText } from './session.ts';

/** A failure in both forms, each with its newline. */
export interface Failure {
  readonly alone: string;
  readonly among: string;
}

export const clientFailure = (message: string): Failure => ({ alone: `error: ${message}\n`, among: `${message}\n` });
/** `context` is what stands before the server's message. */
export const serverFailure = (status: Json, context: string): Failure => ({
  alone: statusText(status, context),
  among: statusLine(status, context),
});

/** Prints the failures; exit status 1 if there are any. Counterpart: checkErr with an aggregate, kubectl/pkg/cmd/util */
export function* finish(failures: readonly Failure[]): Program<number> {
  if (failures.length === 0) return 0;
  yield* errOut(failures.length === 1 ? (failures[0] as Failure).alone : failures.map((f) => f.among).join(''));
  return 1;
}
