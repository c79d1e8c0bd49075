// A loaded AppArmor profile as data. Counterpart: apparmor.d(5); security/apparmor/policy.c
// Deviates: the kernel here takes the text of a profile; a real one takes what apparmor_parser compiles from it.

import type { Rlimit } from '../../uapi/index.ts';

// Permissions on files. Values are the kernel's. Counterpart: security/apparmor/include/perms.h
export const AA_EXEC = 0x1;
export const AA_WRITE = 0x2;
export const AA_READ = 0x4;
export const AA_APPEND = 0x8;
export const AA_CREATE = 0x10;
export const AA_DELETE = 0x20;
export const AA_SETATTR = 0x100;
export const AA_CHMOD = 0x1000;
export const AA_CHOWN = 0x2000;
export const AA_LOCK = 0x8000;
export const AA_MMAP = 0x10000;
export const AA_LINK = 0x40000;

/** What a `w` of the language gives. Counterpart: map_old_perms, aa_compat_map_file */
export const WRITES = AA_WRITE | AA_APPEND | AA_CREATE | AA_DELETE | AA_SETATTR | AA_CHMOD | AA_CHOWN;

/** How a program is entered. */
export interface ExecMode {
  /** Stay, change to a profile found by name or attachment, to a child profile, or leave confinement. */
  readonly to: 'inherit' | 'profile' | 'child' | 'unconfined';
  /** Without such a profile: stay or leave confinement instead of refusing. */
  readonly fallback?: 'inherit' | 'unconfined';
  readonly target?: string;
}

interface Common {
  /** As written, for explanations. */
  readonly text: string;
  readonly line: number;
  readonly deny: boolean;
  /** Log also what is allowed; a denial that is not audited is silent when written as `deny`. */
  readonly audit: boolean;
}

export type Rule = Common &
  (
    | {
        readonly kind: 'file';
        readonly path: RegExp | null;
        readonly owner: boolean;
        readonly perms: number;
        readonly exec?: ExecMode;
        readonly target?: RegExp;
      }
    | { readonly kind: 'capability'; readonly names: readonly string[] } // lower case without cap_; empty: all
    | { readonly kind: 'network'; readonly family: string | null; readonly type: string | null }
    | {
        readonly kind: 'mount';
        readonly what: 'mount' | 'remount' | 'umount' | 'pivot_root';
        readonly fstypes: readonly RegExp[];
        readonly options: readonly string[] | null;
        readonly exact: boolean; // options=: exactly these; options in: some of these
        readonly source: RegExp | null;
        readonly point: RegExp | null;
      }
    | {
        readonly kind: 'ptrace' | 'signal';
        readonly access: readonly string[];
        readonly signals: readonly string[];
        readonly peer: RegExp | null;
      }
    | { readonly kind: 'change_profile'; readonly target: RegExp | null }
    | { readonly kind: 'userns' }
    | { readonly kind: 'rlimit'; readonly resource: Rlimit; readonly max: number }
    /** Read, but about things that do not exist here: dbus, mqueue, io_uring. */
    | { readonly kind: 'other' }
  );
export type RuleKind = Rule['kind'];
export type RuleOf<K extends RuleKind> = Extract<Rule, { readonly kind: K }>;

export type ProfileMode = 'enforce' | 'complain' | 'kill' | 'unconfined';

export interface Profile {
  readonly name: string; // of a child: parent//child
  readonly attachment: RegExp | null;
  readonly mode: ProfileMode;
  readonly flags: readonly string[];
  readonly rules: readonly Rule[];
}

/** Rules of one kind. */
export const rulesOf = <K extends RuleKind>(profile: Profile, kind: K): readonly RuleOf<K>[] =>
  profile.rules.filter((rule): rule is RuleOf<K> => rule.kind === kind);
