import type { KubeObject } from '../api/object.ts';

export interface PodSecurityVerdict {
  readonly forbidden: string | null;
  readonly warnings: readonly string[];
}

export function podSecurity(_kind: string, _object: KubeObject, _namespace: KubeObject | undefined, _server: unknown): PodSecurityVerdict {
  return { forbidden: null, warnings: [] };
}

export function podSecurityNamespaceWarnings(_namespace: KubeObject, _old: KubeObject, _pods: readonly KubeObject[]): readonly string[] {
  return [];
}

export const levelLabels = (_labels: Readonly<Record<string, string>>, _old?: Readonly<Record<string, string>>): [] => [];
