export const warningsFor = (_kind: string, _object: unknown): readonly string[] => [];
