// Pod Security Admission: what each namespace's levels mean for a Pod or a workload's template.
// Counterpart: k8s.io/pod-security-admission v0.36 admission/admission.go, api/helpers.go.

import type { KubeObject } from '../api/object.ts';
import { type FieldError, invalid } from './field-error.ts';
import { evaluate, type Level } from './pod-security-checks.ts';
import {
  compareLevels,
  exemptWarning,
  isExempt,
  LEVELS,
  MODES,
  type PodSecurityConfiguration,
  type Policy,
  PREFIX,
  policiesOf,
  samePolicy,
  shown,
} from './pod-security-policy.ts';
import type { Violation } from './pod-security-subject.ts';
import { templateOf } from './template.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface PodSecurityVerdict {
  readonly forbidden: string | null;
  /** What the level that is enforced objects to; empty when nothing is forbidden. */
  readonly violations: readonly Violation[];
  /** The level and version, as messages name them: baseline:latest. */
  readonly policy: string;
  readonly warnings: readonly string[];
}

const describe = (violations: readonly Violation[]): string =>
  violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
const named = (policy: Policy): string => `"${shown(policy)}"`;

/** Whether a namespace's policies refuse a Pod of a user, and their warnings; templates are only warned about. */
export function podSecurity(
  kind: string,
  object: Json,
  namespace: KubeObject | undefined,
  configuration: PodSecurityConfiguration = {},
  user?: string,
): PodSecurityVerdict {
  const template = kind === 'Pod' ? object : templateOf(kind, object)?.template;
  const passed = (warnings: readonly string[] = []): PodSecurityVerdict => ({ forbidden: null, violations: [], policy: '', warnings });
  if (template?.spec === undefined || namespace === undefined) return passed();
  if (isExempt(configuration, namespace.metadata.name, user, template.spec)) return passed();
  const { enforce, warn } = policiesOf(namespace.metadata.labels ?? {}, configuration);
  const meta = template.metadata ?? {};
  if (kind === 'Pod') {
    const violations = evaluate(enforce.level, enforce.version, meta, template.spec);
    const forbidden = `violates PodSecurity ${named(enforce)}: ${describe(violations)}`;
    if (violations.length > 0) return { forbidden, violations, policy: shown(enforce), warnings: [] };
    if (samePolicy(warn, enforce)) return passed();
  }
  const violations = evaluate(warn.level, warn.version, meta, template.spec);
  return passed(violations.length === 0 ? [] : [`would violate PodSecurity ${named(warn)}: ${describe(violations)}`]);
}

/** What `diagnose` shows when no namespace says anything: nothing is refused, so the reasons of a level by name. */
export const violationsOf = (level: Level, pod: Json): readonly Violation[] => evaluate(level, 'latest', pod.metadata ?? {}, pod.spec);

/** What a namespace is told: that its labels are ignored, or which Pods that run already break a stricter level to enforce. */
export function podSecurityNamespaceWarnings(
  namespace: KubeObject,
  old: KubeObject | undefined,
  pods: readonly KubeObject[],
  configuration: PodSecurityConfiguration = {},
): readonly string[] {
  const { name, labels = {} } = namespace.metadata;
  const after = policiesOf(labels, configuration).enforce;
  if (old !== undefined) {
    const before = policiesOf(old.metadata.labels ?? {}, configuration).enforce;
    if (samePolicy(before, after) || after.level === 'privileged') return [];
    if (before.version === after.version && compareLevels(after, before) < 0) return [];
  }
  if (configuration.exemptions?.namespaces?.includes(name)) return [exemptWarning(name, labels, configuration) ?? []].flat();
  const groups = new Map<string, string[]>();
  for (const pod of pods) {
    const violations = evaluate(after.level, after.version, pod.metadata, pod.spec);
    if (violations.length === 0) continue;
    const reasons = violations.map((violation) => violation.reason).join(', ');
    groups.set(reasons, [...(groups.get(reasons) ?? []), pod.metadata.name].sort());
  }
  if (groups.size === 0) return [];
  const lines = [...groups].map(([reasons, names]) => {
    const others = names.length - 1;
    return `${names[0]}${others === 0 ? '' : ` (and ${others} other pod${others === 1 ? '' : 's'})`}: ${reasons}`;
  });
  return [`existing pods in namespace "${name}" violate the new PodSecurity enforce level ${named(after)}`, ...lines.sort()];
}

/** Bad policy labels; on update only those that changed. */
export function levelLabels(labels: Readonly<Record<string, string>>, old?: Readonly<Record<string, string>>): FieldError[] {
  const errors: FieldError[] = [];
  for (const mode of MODES) {
    const level = labels[PREFIX + mode];
    const version = labels[`${PREFIX + mode}-version`];
    const changed = (key: string): boolean => old === undefined || old[key] !== labels[key];
    if (level !== undefined && !LEVELS.includes(level) && changed(PREFIX + mode))
      errors.push(invalid(`metadata.labels[${PREFIX}${mode}]`, level, `must be one of ${LEVELS.join(', ')}`));
    if (version !== undefined && version !== 'latest' && !/^v1\.\d+$/.test(version) && changed(`${PREFIX + mode}-version`))
      errors.push(invalid(`metadata.labels[${PREFIX}${mode}-version]`, version, 'must be "latest" or "v1.x"'));
  }
  return errors;
}
