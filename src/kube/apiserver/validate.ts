import type { FieldError } from './field-error.ts';
export interface ValidateOptions { readonly allowPrivileged: boolean; readonly subresource?: string }
export const validateCreate = (_kind: string, _object: unknown, _options: ValidateOptions): FieldError[] => [];
export const validateUpdate = (_kind: string, _object: unknown, _old: unknown, _options: ValidateOptions): FieldError[] => [];
