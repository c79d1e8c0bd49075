// Facts as sentences: why a call was refused, where a credential comes from. The one place where verdicts become prose.

import { capHex, capNames } from '#abi/capability.ts';
import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_ACCMODE, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_TRUNC } from '#abi/flags.ts';
import type { SyscallRecord } from '#kernel/machine/types.ts';
import type { Check, Operand } from '#provenance/verdict.ts';
import type { Cause, Explanation } from './protocol.ts';
import { ruleText } from './rules.ts';
import type { World } from './world.ts';

/** Bitmask operands are capability sets; everything else prints as it is. */
function operandText(name: string, value: Operand): string {
  if (typeof value === 'bigint') {
    const names = capNames(value);
    return names.length > 4 ? capHex(value) : names.join(' ') || 'none';
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (name === 'mode' && typeof value === 'number') return `0${(value & 0o7777).toString(8)}`;
  if (name === 'want' && typeof value === 'number') return `${value & 4 ? 'r' : ''}${value & 2 ? 'w' : ''}${value & 1 ? 'x' : ''}`;
  if (Array.isArray(value)) return value.join(' ') || 'none';
  return String(value);
}

const OUTCOME = { allow: 'allowed', deny: 'refused', skip: 'did not apply' } as const;

function causeOf(check: Check): Cause {
  const { title, citation } = ruleText(check.rule);
  const operands = Object.entries(check.operands).map(([name, value]) => `${name} ${operandText(name, value)}`);
  return { title: `${title}: ${OUTCOME[check.outcome]}`, detail: operands.join(', ') || check.rule, citation };
}

/** The newest refused call that a permission rule decided, in a container. */
export function lastDenial(world: World): SyscallRecord | undefined {
  return [...world.machine.records].reverse().find((record) => !record.ok && record.verdict !== undefined);
}

const argText = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : value instanceof Uint8Array
      ? `${value.length} bytes`
      : typeof value === 'object'
        ? JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? v.toString() : v))
        : String(value);

const OPEN_FLAGS = { O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY } as const;

/** Arguments as strace prints them: file modes in octal, flags of open by name. */
function argsText({ call, args }: SyscallRecord): string {
  const texts = args.map(argText);
  if (args[0] === AT_FDCWD) texts[0] = 'AT_FDCWD';
  const octal = /^(open|mkdir|mknod|fchmod)at$/.test(call) ? (call === 'openat' ? 3 : 2) : /^f?chmod$|^mkdir$/.test(call) ? 1 : -1;
  if (typeof args[octal] === 'number') texts[octal] = `0${args[octal].toString(8)}`;
  if (call === 'openat' && typeof args[2] === 'number') {
    const flags = args[2];
    const names = Object.entries(OPEN_FLAGS).filter(([, bit]) => (flags & bit) !== 0);
    texts[2] = [['O_RDONLY', 'O_WRONLY', 'O_RDWR'][flags & O_ACCMODE] ?? '', ...names.map(([name]) => name)].join('|');
    if ((flags & O_CREAT) === 0) texts.length = Math.min(texts.length, 3);
  }
  return texts.join(', ');
}

/** Every check behind a refused call, in the order they were made. */
export function explainDenial(_world: World, record: SyscallRecord): Explanation {
  const call = `${record.call}(${argsText(record)})`;
  const errno = record.errno ? `${record.errno} (${strerror(record.errno)})` : 'refused';
  return { title: `${record.comm}[${record.pid}]: ${call} = ${errno}`, causes: (record.verdict?.checks ?? []).map(causeOf) };
}

/** The chain of steps that made a process's credentials what they are. */
export function explainCredential(world: World, taskId: number, field: string): Explanation | null {
  const task = world.machine.state.tasks.get(taskId);
  if (task === undefined) return null;
  const about = (rule: string): boolean => {
    if (/cap/i.test(field)) return /cap|exec|prctl|uid/.test(rule);
    if (/gid|group/i.test(field)) return /gid|group|exec/.test(rule);
    return /uid|exec/.test(rule);
  };
  const causes = task.cred.steps
    .filter((step) => about(step.rule))
    .map((step): Cause => {
      const { title, citation } = ruleText(step.rule);
      return {
        title,
        detail: Object.entries(step.operands)
          .map(([name, value]) => `${name} ${operandText(name, value)}`)
          .join(', '),
        citation,
      };
    });
  return { title: `${task.comm}[${task.pids[0]}]: ${field}`, causes };
}
