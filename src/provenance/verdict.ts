// What a check, a verdict and an origin are. Core code stores facts (ids, bits, rule ids); sentences are made elsewhere.

import type { RuleId } from './rules.ts';

/** A plain value a check compared; a bigint is a capability set. */
export type Operand = string | number | bigint | boolean | null | readonly number[];

/** One check the kernel or a control-plane stage made, in the order it was made. */
export interface Check {
  /** Id in the rule catalogue, e.g. "dac.owner", "cap.DAC_OVERRIDE", "mount.readonly". */
  readonly rule: RuleId;
  /** allow and deny decide; skip says that the rule did not apply, and what would have made it apply. */
  readonly outcome: 'allow' | 'deny' | 'skip';
  readonly operands: Readonly<Record<string, Operand>>;
}

/** The file or directory that the checks looked at: mount id and inode number. Its path is looked up when somebody asks. */
export interface Place {
  readonly mount: number;
  readonly ino: number;
}

/** A decision with every check behind it; the last check whose outcome is not skip decided. */
export interface Verdict {
  readonly allowed: boolean;
  readonly checks: readonly Check[];
  readonly at?: Place;
}

export const check = (rule: RuleId, outcome: Check['outcome'], operands: Check['operands'] = {}): Check => ({ rule, outcome, operands });
export const allow = (checks: readonly Check[]): Verdict => ({ allowed: true, checks });
export const deny = (checks: readonly Check[], at?: Place): Verdict => ({ allowed: false, checks, ...(at && { at }) });
