// Refused requests: the answer for the client, and beside it what was decided on which fields, for explanations.

import type { RestResponse } from '#base/rest.ts';
import type { Refusal, RefusalReason } from '#provenance/refusal.ts';
import { type FieldError, pointerOf, type Status } from './field-error.ts';
import { fieldOrigin, type Origins } from './origins.ts';
import type { Violation } from './pod-security-subject.ts';

/** A response inside the server; `refusal` does not go to the client. */
export interface Answer extends RestResponse {
  readonly refusal?: Refusal;
}

/** What the client sent, to say where its fields stand. */
export interface Submitted {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly given: unknown;
  readonly raw: string | undefined;
  readonly decided: Origins;
}

export const answer = (body: unknown, code: number, warnings: readonly string[] = []): Answer => ({
  code,
  body,
  warnings: [...new Set(warnings)],
});

export const refuse = (status: Status, warnings: readonly string[] = []): Answer => answer(status, status.code ?? 500, warnings);

/** Refuses with the rules and fields that decided; `reasons` are written by one of the functions below. */
export function refuseObject(status: Status, warnings: readonly string[], sent: Submitted, reasons: readonly Reason[]): Answer {
  const { kind, namespace, name } = sent;
  const fields = (pointers: readonly string[]): RefusalReason['fields'] =>
    pointers.map((pointer) => {
      const origin = fieldOrigin(pointer, sent.given, sent.raw, sent.decided);
      return origin === undefined ? { pointer } : { pointer, origin };
    });
  return {
    ...refuse(status, warnings),
    refusal: {
      object: { kind, namespace, name },
      message: status.message ?? '',
      reasons: reasons.map(({ pointers, ...reason }) => ({ ...reason, fields: fields(pointers) })),
    },
  };
}

type Reason = Omit<RefusalReason, 'fields'> & { readonly pointers: readonly string[] };

/** Members that the kind does not have, or of another type. */
export const decodingReasons = (problems: readonly { readonly message: string; readonly pointer: string }[]): readonly Reason[] =>
  problems.map(({ message, pointer }) => ({ rule: 'api.decode', operands: { message }, pointers: [pointer] }));

export const validationReasons = (errors: readonly FieldError[]): readonly Reason[] =>
  errors.map(({ field, body }) => ({ rule: 'api.validation', operands: { message: body }, pointers: [pointerOf(field)] }));

export const podSecurityReasons = (violations: readonly Violation[], policy: string): readonly Reason[] =>
  violations.map(({ id, reason, detail, pointers }) => ({ rule: `psa.${id}`, operands: { policy, reason, detail }, pointers }));

export const admissionReasons = (message: string): readonly Reason[] => [{ rule: 'api.admission', operands: { message }, pointers: [] }];
