// Evaluation of seccomp filters in their OCI form. Counterpart: seccomp(2), OCI runtime-spec config-linux.md, libseccomp
// Deviates: rules are compared one by one instead of as compiled BPF; call names instead of numbers.

import { ERRNOS, type Errno, errnoNumber } from '#abi/errno.ts';
import { SIGCHLD } from '#abi/signal.ts';
import { type Check, check } from '#provenance/verdict.ts';
import type { CallName, CloneArgs, SeccompFilter } from '../uapi/index.ts';

export type SeccompAction =
  | { readonly kind: 'allow' | 'kill' | 'trap' | 'log' }
  | { readonly kind: 'errno'; readonly errno: Errno; readonly check: Check };

type Rule = NonNullable<SeccompFilter['syscalls']>[number];

const RULES = new WeakMap<SeccompFilter, Map<string, readonly Rule[]>>();
const BY_NUMBER = new Map<number, Errno>(ERRNOS.map((name) => [errnoNumber(name), name]));

function rulesOf(filter: SeccompFilter, name: string): readonly Rule[] | undefined {
  let index = RULES.get(filter);
  if (index === undefined) {
    const made = new Map<string, Rule[]>();
    for (const rule of filter.syscalls ?? []) {
      for (const each of rule.names) {
        const list = made.get(each);
        if (list === undefined) made.set(each, [rule]);
        else list.push(rule);
      }
    }
    index = made;
    RULES.set(filter, index);
  }
  return index.get(name);
}

/** Calls whose x86-64 name differs from ours by an argument. */
const NOFOLLOW: Readonly<Partial<Record<CallName, string>>> = {
  getxattr: 'lgetxattr',
  setxattr: 'lsetxattr',
  listxattr: 'llistxattr',
  removexattr: 'lremovexattr',
};

/** The name a call has in the kernel's table; undefined for calls that stand for none. */
export function kernelName(call: CallName, args: readonly unknown[]): string | undefined {
  if (call === 'sigtake') return undefined;
  if (call === 'syscall') return String(args[0]);
  const nofollow = NOFOLLOW[call];
  return nofollow !== undefined && args.at(-1) === false ? nofollow : call;
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
        return (arg & want) === BigInt(valueTwo ?? 0);
      default:
        return false;
    }
  });
}

const STRICTNESS: readonly SeccompAction['kind'][] = ['kill', 'trap', 'errno', 'log', 'allow'];

function decide(filter: SeccompFilter, name: string, args: readonly number[]): SeccompAction {
  const rule = rulesOf(filter, name)?.find((each) => each.action !== filter.defaultAction && matches(each, args));
  const action = rule?.action ?? filter.defaultAction;
  switch (action) {
    case 'SCMP_ACT_ALLOW':
      return { kind: 'allow' };
    case 'SCMP_ACT_LOG':
      return { kind: 'log' };
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
    case 'SCMP_ACT_KILL_PROCESS':
      return { kind: 'kill' };
    case 'SCMP_ACT_TRAP':
      return { kind: 'trap' };
    default: {
      // ERRNO; TRACE and NOTIFY without a listener answer ENOSYS.
      const number =
        action === 'SCMP_ACT_ERRNO' ? ((rule === undefined ? filter.defaultErrnoRet : rule.errnoRet) ?? 1) : errnoNumber('ENOSYS');
      const errno = BY_NUMBER.get(number) ?? 'EPERM';
      return { kind: 'errno', errno, check: check('seccomp', 'deny', { call: name, action, byDefault: rule === undefined, errno }) };
    }
  }
}

/** What the filters of a task say about a call: the strictest of all filters wins. */
export function evaluateSeccomp(filters: readonly SeccompFilter[], call: CallName, args: readonly unknown[]): SeccompAction {
  const name = kernelName(call, args);
  let worst: SeccompAction = { kind: 'allow' };
  if (name === undefined) return worst;
  const numbers = numericArgs(call, args);
  for (const filter of filters) {
    const action = decide(filter, name, numbers);
    if (STRICTNESS.indexOf(action.kind) < STRICTNESS.indexOf(worst.kind)) worst = action;
  }
  return worst;
}
