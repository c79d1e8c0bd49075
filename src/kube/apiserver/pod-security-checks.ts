// The checks of the Pod Security Standards: which apply at a level and version, and what they find in a Pod.
// Counterpart: k8s.io/pod-security-admission v0.36 policy/check_*.go and registry.go.

import { BASELINE } from './pod-security-baseline.ts';
import { RESTRICTED } from './pod-security-restricted.ts';
import type { Subject, Violation } from './pod-security-subject.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export type Level = 'privileged' | 'baseline' | 'restricted';

const LATEST = 36;

/** The violations of a level at a version ("latest" or "v1.N"), in the order messages list them. */
export function evaluate(level: Level, version: string, meta: Json, spec: Json): readonly Violation[] {
  if (level === 'privileged') return [];
  const number = version === 'latest' ? LATEST : Math.min(Number(version.slice(3)), LATEST);
  const restricted = level === 'restricted' ? RESTRICTED.filter((check) => check.since <= number) : [];
  const overridden = new Set(restricted.map((check) => check.overrides));
  const checks = [...BASELINE.filter((check) => check.since <= number && !overridden.has(check.id)), ...restricted];
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => (spec[list] ?? []) as Json[]);
  const subject: Subject = { meta, spec, containers, version: number, windows: spec.os?.name === 'windows' };
  return checks.flatMap((check) => {
    const result = check.run(subject);
    return result === null ? [] : [{ id: check.id, ...result }];
  });
}
