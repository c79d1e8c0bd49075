// Numbers in specs. Counterpart: apimachinery pkg/api/validation ValidateNonnegativeField, v0.36.

import { type FieldError, invalid } from './field-error.ts';

export const NOT_NEGATIVE = 'must be greater than or equal to 0';

/** A number below zero in a field, which may be absent. */
export const notNegative = (spec: Readonly<Record<string, unknown>> | undefined, field: string, at: string): FieldError[] => {
  const value = spec?.[field];
  return typeof value === 'number' && value < 0 ? [invalid(`${at}.${field}`, value, NOT_NEGATIVE)] : [];
};
