// What a profile says of a request: allowed bits minus denied ones, and whether it is to be logged.
// Counterpart: security/apparmor/file.c, capability.c, net.c, mount.c, ipc.c, task.c; apparmor.d(5)

import type { FileAccess } from '../access.ts';
import { AA_EXEC, type Profile, type Rule, type RuleOf, rulesOf } from './profile.ts';

export interface Decision {
  /** Requested bits that are refused; 0: allowed. */
  readonly denied: number;
  /** Refused by a `deny` rule without `audit`: not logged. */
  readonly quiet: boolean;
  /** Allowed, but by a rule that wants it logged. */
  readonly audit: boolean;
  /** The rule that refused; null: no rule allows it. */
  readonly rule: Rule | null;
}

/** Deny rules outweigh allow rules; what no rule mentions is refused. */
function settle(request: number, matching: readonly { readonly rule: Rule; readonly bits: number }[]): Decision {
  let allowed = 0;
  let denied = 0;
  let loud = 0;
  let audited = 0;
  for (const { rule, bits } of matching) {
    if (!rule.deny) allowed |= bits;
    else {
      denied |= bits;
      if (rule.audit) loud |= bits;
    }
    if (rule.audit && !rule.deny) audited |= bits;
  }
  const missing = request & ~(allowed & ~denied);
  const rule = matching.find((each) => each.rule.deny && (each.bits & missing) !== 0)?.rule ?? null;
  return { denied: missing, quiet: (missing & ~(denied & ~loud)) === 0, audit: missing === 0 && (request & audited) !== 0, rule };
}

/** Rules without bits of their own: matching allows all or nothing. */
function settleRules(rules: readonly Rule[]): Decision {
  return settle(
    1,
    rules.map((rule) => ({ rule, bits: 1 })),
  );
}

/** Files. `owner` rules count for the owner of the file only. */
export function decideFile(profile: Profile, { path, mask, ouid, linked }: FileAccess, fsuid: number): Decision {
  const matching = rulesOf(profile, 'file')
    .filter((rule) => (!rule.owner || ouid === fsuid) && (rule.path === null || rule.path.test(path)))
    .filter(({ target }) => target === undefined || (linked !== undefined && target.test(linked)))
    .map((rule) => ({ rule, bits: rule.perms }));
  return settle(mask, matching);
}

/** How a program is entered: the rule with a path before `file,`. */
export function execRule(profile: Profile, path: string): RuleOf<'file'> | undefined {
  const rules = rulesOf(profile, 'file').filter(
    (rule) => !rule.deny && (rule.perms & AA_EXEC) !== 0 && (rule.path === null || rule.path.test(path)),
  );
  return rules.find((rule) => rule.path !== null && rule.exec?.to !== 'inherit') ?? rules.find((rule) => rule.path !== null) ?? rules[0];
}

export const decideCapability = (profile: Profile, name: string): Decision =>
  settleRules(rulesOf(profile, 'capability').filter(({ names }) => names.length === 0 || names.includes(name)));

export const decideNetwork = (profile: Profile, family: string, type: string): Decision =>
  settleRules(
    rulesOf(profile, 'network').filter(
      (rule) => (rule.family === null || rule.family === family) && (rule.type === null || rule.type === type),
    ),
  );

const matchesPeer = (rule: RuleOf<'ptrace' | 'signal'>, access: string, peer: string): boolean =>
  (rule.access.length === 0 || rule.access.includes(access)) && (rule.peer === null || rule.peer.test(peer));

export const decidePtrace = (profile: Profile, access: 'read' | 'trace' | 'readby' | 'tracedby', peer: string): Decision =>
  settleRules((rulesOf(profile, 'ptrace') as readonly RuleOf<'ptrace' | 'signal'>[]).filter((rule) => matchesPeer(rule, access, peer)));

export const decideSignal = (profile: Profile, access: 'send' | 'receive', signal: string, peer: string): Decision =>
  settleRules(
    (rulesOf(profile, 'signal') as readonly RuleOf<'ptrace' | 'signal'>[]).filter(
      (rule) => matchesPeer(rule, access, peer) && (rule.signals.length === 0 || rule.signals.includes(signal)),
    ),
  );

export interface MountRequest {
  readonly what: RuleOf<'mount'>['what'];
  readonly point: string;
  readonly source: string;
  readonly fstype: string;
  readonly options: readonly string[];
}
export type MountDecision = Decision & { readonly info: string };

/** Mounts; `info` names the first condition that no rule meets, as the log does. */
export function decideMount(profile: Profile, request: MountRequest): MountDecision {
  const asked = new Set(request.options.filter((option) => option !== 'rw'));
  const conditions: readonly (readonly [string, (rule: RuleOf<'mount'>) => boolean])[] = [
    [
      'failed mntpnt match',
      ({ point }) => point === null || point.test(request.point) || point.test(request.point.replace(/(.)\/$/, '$1')),
    ],
    ['failed srcname match', ({ source }) => source === null || source.test(request.source)],
    ['failed type match', ({ fstypes }) => fstypes.length === 0 || fstypes.some((each) => each.test(request.fstype))],
    [
      'failed flags match',
      ({ options, exact }) => {
        if (options === null) return true;
        const listed = new Set(options.filter((option) => option !== 'rw'));
        const within = [...asked].every((option) => listed.has(option));
        return exact ? within && listed.size === asked.size : within;
      },
    ],
  ];
  let rules = rulesOf(profile, 'mount').filter(({ what }) => what === request.what || (what === 'mount' && request.what === 'remount'));
  let info = '';
  for (const [failure, holds] of conditions) {
    rules = rules.filter(holds);
    if (info === '' && !rules.some((rule) => !rule.deny)) info = failure;
  }
  return { ...settleRules(rules), info };
}

/** A maximum for a resource: not above that of any rule. */
export function decideRlimit(profile: Profile, resource: string, hard: number): Decision {
  const rule = rulesOf(profile, 'rlimit').find((each) => each.resource === resource && hard > each.max) ?? null;
  return { denied: rule === null ? 0 : 1, quiet: false, audit: false, rule };
}
