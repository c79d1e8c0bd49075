// Evaluation of seccomp filters in their OCI form. Counterpart: seccomp(2), OCI runtime-spec config-linux.md, libseccomp
// Deviates: rules are compared one by one instead of as compiled BPF; calls are known by name. C libraries and coreutils use several
// calls for one purpose (mkdir and mkdirat); a call without a directory descriptor counts as the plain one, as busybox makes it.

import { ERRNOS, type Errno, errnoNumber } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { SIGCHLD } from '#abi/signal.ts';
import { syscallNumber } from '#abi/syscall.ts';
import type { CallName, CloneArgs, SeccompFilter } from '../uapi/index.ts';

/** What a filter says, in the order of precedence. TRACE without a tracer and NOTIFY without a listener answer ENOSYS. */
const ACTIONS = {
  SCMP_ACT_KILL_PROCESS: { kind: 'kill', code: 0x8000_0000 },
  SCMP_ACT_KILL_THREAD: { kind: 'kill', code: 0 },
  SCMP_ACT_KILL: { kind: 'kill', code: 0 },
  SCMP_ACT_TRAP: { kind: 'trap', code: 0x3_0000 },
  SCMP_ACT_ERRNO: { kind: 'errno', code: 0x5_0000 },
  SCMP_ACT_NOTIFY: { kind: 'errno', code: 0x7fc0_0000 },
  SCMP_ACT_TRACE: { kind: 'errno', code: 0x7ff0_0000 },
  SCMP_ACT_LOG: { kind: 'log', code: 0x7ffc_0000 },
  SCMP_ACT_ALLOW: { kind: 'allow', code: 0x7fff_0000 },
} as const;
type ActionName = keyof typeof ACTIONS;
const PRECEDENCE = Object.keys(ACTIONS);

export interface SeccompAction {
  readonly kind: 'allow' | 'kill' | 'trap' | 'log' | 'errno';
  readonly action: ActionName;
  readonly errno: Errno;
  /** The call as the kernel's table names it. */
  readonly name: string;
  /** Which filter of the task decided, oldest first; no rule of it matched: its default action. */
  readonly filter: number;
  readonly byDefault: boolean;
  readonly logged: boolean;
  readonly code: number;
}

type Rule = NonNullable<SeccompFilter['syscalls']>[number];
const DEFAULT_ERRNO = 1; // EPERM, when errnoRet is missing

interface Compiled {
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  /** Calls with a higher number are newer than the filter and answer ENOSYS; null: no such rule. */
  readonly last: number | null;
}
const COMPILED = new WeakMap<SeccompFilter, Compiled>();
const BY_NUMBER = new Map<number, Errno>(ERRNOS.map((name) => [errnoNumber(name), name]));

/** Rules by name. Those that say the same as the default are left out, an unconditional one replaces those with arguments. */
function compile(filter: SeccompFilter): Compiled {
  const known = COMPILED.get(filter);
  if (known !== undefined) return known;
  const rules = new Map<string, readonly Rule[]>();
  const returned = (rule: Rule): number | undefined => (rule.action === 'SCMP_ACT_ERRNO' ? (rule.errnoRet ?? DEFAULT_ERRNO) : undefined);
  const byDefault = filter.defaultAction === 'SCMP_ACT_ERRNO' ? (filter.defaultErrnoRet ?? DEFAULT_ERRNO) : undefined;
  let last: number | null = null;
  for (const rule of filter.syscalls ?? []) {
    for (const name of rule.names) last = Math.max(last ?? 0, syscallNumber(name) ?? 0);
    if (rule.action === filter.defaultAction && returned(rule) === byDefault) continue;
    for (const name of rule.names) {
      const list = rules.get(name) ?? [];
      if (list.some((each) => unconditional(each))) continue;
      rules.set(name, unconditional(rule) ? [rule] : [...list, ...alternatives(rule)]);
    }
  }
  // runc puts this test before the filter. Counterpart: libcontainer/seccomp/patchbpf generatePatch
  const permissive = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'].includes(filter.defaultAction);
  const compiled = { rules, last: permissive || last === 0 ? null : last };
  COMPILED.set(filter, compiled);
  return compiled;
}

const unconditional = (rule: Rule): boolean => (rule.args ?? []).length === 0;

/** Conditions on one argument twice are alternatives, else all must hold. Counterpart: libcontainer/seccomp matchCall */
function alternatives(rule: Rule): readonly Rule[] {
  const args = rule.args ?? [];
  const twice = new Set(args.map(({ index }) => index)).size < args.length;
  return twice ? args.map((arg) => ({ ...rule, args: [arg] })) : [rule];
}

/** Names of calls whose name differs from ours by an argument. */
const PLAIN: Readonly<Partial<Record<CallName, (args: readonly unknown[]) => string | undefined>>> = {
  getxattr: ([, , follow]) => (follow === false ? 'lgetxattr' : undefined),
  setxattr: ([, , , , follow]) => (follow === false ? 'lsetxattr' : undefined),
  listxattr: ([, follow]) => (follow === false ? 'llistxattr' : undefined),
  removexattr: ([, , follow]) => (follow === false ? 'lremovexattr' : undefined),
  mkdirat: ([dirfd]) => (dirfd === AT_FDCWD ? 'mkdir' : undefined),
  mknodat: ([dirfd]) => (dirfd === AT_FDCWD ? 'mknod' : undefined),
  unlinkat: ([dirfd, , flags]) => (dirfd !== AT_FDCWD ? undefined : flags === AT_REMOVEDIR ? 'rmdir' : 'unlink'),
  renameat2: ([from, , to, , flags]) => (from === AT_FDCWD && to === AT_FDCWD && flags === 0 ? 'rename' : undefined),
  linkat: ([from, , to, , flags]) => (from === AT_FDCWD && to === AT_FDCWD && flags === 0 ? 'link' : undefined),
  symlinkat: ([, dirfd]) => (dirfd === AT_FDCWD ? 'symlink' : undefined),
  netlink: () => 'sendto',
  readlinkat: ([dirfd]) => (dirfd === AT_FDCWD ? 'readlink' : undefined),
  fchmodat: ([dirfd]) => (dirfd === AT_FDCWD ? 'chmod' : undefined),
  fchownat: ([dirfd, , , , flags]) =>
    dirfd !== AT_FDCWD ? undefined : flags === 0 ? 'chown' : flags === AT_SYMLINK_NOFOLLOW ? 'lchown' : undefined,
  faccessat2: ([dirfd, , , flags]) => (flags !== 0 ? undefined : dirfd === AT_FDCWD ? 'access' : 'faccessat'),
};

/** Names given to `syscall` that stand for one use of a call. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  audit_write: 'sendto',
  audit_read: 'recvfrom',
  audit_control: 'sendto',
  lease: 'fcntl',
};

/** The name a call has in the kernel's table; undefined for calls that stand for none. */
export function kernelName(call: CallName, args: readonly unknown[]): string | undefined {
  if (call === 'sigtake' || call === 'proctitle') return undefined;
  if (call === 'syscall') return STANDS_FOR[String(args[0])] ?? String(args[0]);
  return PLAIN[call]?.(args) ?? call;
}

function numericArgs(call: CallName, args: readonly unknown[]): readonly number[] {
  if (call === 'clone') return [(args[0] as CloneArgs).flags | SIGCHLD];
  return (call === 'syscall' ? args.slice(1) : args).map((arg) => (typeof arg === 'number' ? arg : 0));
}

function matches(rule: Rule, args: readonly number[]): boolean {
  return (rule.args ?? []).every(({ index, value, valueTwo, op }) => {
    const arg = BigInt.asUintN(64, BigInt(args[index] ?? 0));
    const want = BigInt.asUintN(64, BigInt(value));
    switch (op) {
      case 'SCMP_CMP_NE':
        return arg !== want;
      case 'SCMP_CMP_LT':
        return arg < want;
      case 'SCMP_CMP_LE':
        return arg <= want;
      case 'SCMP_CMP_EQ':
        return arg === want;
      case 'SCMP_CMP_GE':
        return arg >= want;
      case 'SCMP_CMP_GT':
        return arg > want;
      case 'SCMP_CMP_MASKED_EQ':
        return (arg & want) === BigInt.asUintN(64, BigInt(valueTwo ?? 0));
      default:
        return false;
    }
  });
}

function decide(filter: SeccompFilter, at: number, name: string, args: readonly number[]): SeccompAction {
  const { rules, last } = compile(filter);
  const answer = (action: ActionName, errno: number, byDefault: boolean): SeccompAction => ({
    ...ACTIONS[action],
    action,
    errno: BY_NUMBER.get(errno) ?? 'EPERM',
    name,
    filter: at,
    byDefault,
    logged: ACTIONS[action].kind === 'kill' || action === 'SCMP_ACT_LOG' || (filter.flags ?? []).includes('SECCOMP_FILTER_FLAG_LOG'),
  });
  if (last !== null && (syscallNumber(name) ?? Infinity) > last && !rules.has(name))
    return answer('SCMP_ACT_ERRNO', errnoNumber('ENOSYS'), true);
  const rule = rules.get(name)?.find((each) => matches(each, args));
  const action = (rule?.action ?? filter.defaultAction) as ActionName;
  const errno =
    action === 'SCMP_ACT_ERRNO' ? ((rule === undefined ? filter.defaultErrnoRet : rule.errnoRet) ?? DEFAULT_ERRNO) : errnoNumber('ENOSYS');
  return answer(action, errno, rule === undefined);
}

/** What the filters of a task say about a call: of all answers the strictest, of equal ones the newest filter's. */
export function evaluateSeccomp(filters: readonly SeccompFilter[], call: CallName, args: readonly unknown[]): SeccompAction | undefined {
  const name = kernelName(call, args);
  if (name === undefined) return undefined;
  const numbers = numericArgs(call, args);
  let worst: SeccompAction | undefined;
  for (const [at, filter] of filters.entries()) {
    const action = decide(filter, at, name, numbers);
    if (worst === undefined || PRECEDENCE.indexOf(action.action) <= PRECEDENCE.indexOf(worst.action)) worst = action;
  }
  return worst;
}
