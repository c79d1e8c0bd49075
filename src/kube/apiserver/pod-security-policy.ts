// The policy of a namespace, and the configuration of the admission plugin: what holds without labels, and who is exempt.
// Counterpart: k8s.io/pod-security-admission v0.36 api/helpers.go PolicyToEvaluate, admission/api/types.go.

import { ADMINISTRATOR } from '#base/rest.ts';
import type { Level } from './pod-security-checks.ts';

export const PREFIX = 'pod-security.kubernetes.io/';
export const LEVELS: readonly string[] = ['privileged', 'baseline', 'restricted'];

export type Mode = 'enforce' | 'audit' | 'warn';
export const MODES: readonly Mode[] = ['enforce', 'audit', 'warn'];

export interface Policy {
  readonly level: Level;
  readonly version: string; // as written
}

/** Members as in a PodSecurityConfiguration file, all optional. */
export interface PodSecurityConfiguration {
  readonly defaults?: Readonly<Partial<Record<Mode | `${Mode}-version`, string>>>;
  readonly exemptions?: {
    readonly usernames?: readonly string[];
    readonly runtimeClasses?: readonly string[];
    readonly namespaces?: readonly string[];
  };
}

type Labels = Readonly<Record<string, string>>;

const parsed = (level: string, version: string, fallback: string): Policy => ({
  level: (LEVELS.includes(level) ? level : fallback) as Level,
  version: /^v1\.\d+$/.test(version) ? version : 'latest',
});

/**
 * The policy of each mode. A bad level to enforce counts as restricted, another as privileged. Without a label for it, what is
 * enforced is also warned about where that is more.
 */
export function policiesOf(labels: Labels, { defaults = {} }: PodSecurityConfiguration): Readonly<Record<Mode, Policy>> {
  const of = (mode: Mode): Policy =>
    parsed(
      labels[PREFIX + mode] ?? defaults[mode] ?? 'privileged',
      labels[`${PREFIX + mode}-version`] ?? defaults[`${mode}-version`] ?? 'latest',
      mode === 'enforce' ? 'restricted' : 'privileged',
    );
  const enforce = of('enforce');
  const warn = of('warn');
  const raised = labels[`${PREFIX}enforce`] !== undefined && labels[`${PREFIX}warn`] === undefined;
  if (!raised || compareLevels(enforce, warn) <= 0) return { enforce, audit: of('audit'), warn };
  const version = labels[`${PREFIX}warn-version`] === undefined ? enforce.version : warn.version;
  return { enforce, audit: of('audit'), warn: { level: enforce.level, version } };
}

export const compareLevels = (a: Policy, b: Policy): number => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
export const samePolicy = (a: Policy, b: Policy): boolean => a.level === b.level && a.version === b.version;
export const shown = (policy: Policy): string => `${policy.level}:${policy.version}`;

/** Whether nothing is looked at: the user, the namespace or the Pod's RuntimeClass is exempt. */
export function isExempt(
  { exemptions = {} }: PodSecurityConfiguration,
  namespace: string,
  user: string | undefined,
  spec: unknown,
): boolean {
  const { usernames = [], namespaces = [], runtimeClasses = [] } = exemptions;
  const { runtimeClassName } = (spec ?? {}) as { readonly runtimeClassName?: string };
  return (
    namespaces.includes(namespace) ||
    usernames.includes(user ?? ADMINISTRATOR) ||
    (runtimeClassName !== undefined && runtimeClasses.includes(runtimeClassName))
  );
}

/** What an exempt namespace is told when its labels ask for a level; undefined: they ask for nothing new. */
export function exemptWarning(name: string, labels: Labels, configuration: PodSecurityConfiguration): string | undefined {
  const policies = policiesOf(labels, configuration);
  if (MODES.every((mode) => policies[mode].level === 'privileged')) return undefined;
  const usual = policiesOf({}, configuration);
  if (MODES.every((mode) => samePolicy(policies[mode], usual[mode]))) return undefined;
  const asked = MODES.filter(
    (mode) =>
      policies[mode].level !== 'privileged' && (labels[PREFIX + mode] !== undefined || labels[`${PREFIX + mode}-version`] !== undefined),
  ).map((mode) => `${mode}=${shown(policies[mode])}`);
  return `namespace "${name}" is exempt from Pod Security, and the policy (${asked.join(', ')}) will be ignored`;
}
