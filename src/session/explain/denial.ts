// Why a call was refused: the recorded checks as text. Nothing is decided again here.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_ACCMODE, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_TRUNC } from '#abi/flags.ts';
import type { SyscallRecord } from '#kernel/machine/types.ts';
import { isRoutine } from '#provenance/rules.ts';
import type { Check } from '#provenance/verdict.ts';
import type { Cause, Explanation } from '../protocol.ts';
import type { World } from '../world.ts';
import { denialAnswer } from './answer.ts';
import { operandsText } from './operands.ts';
import { remedies } from './remedy.ts';
import { type Language, ruleText } from './ruleTexts.ts';

const OUTCOME = {
  en: { allow: 'allowed', deny: 'refused', skip: 'did not apply' },
  ja: { allow: '許可', deny: '拒否', skip: '該当せず' },
} as const;

function causeOf(check: Check, language: Language): Cause {
  const { title, citation } = ruleText(check.rule, language);
  return { title: `${title}: ${OUTCOME[language][check.outcome]}`, detail: operandsText(check.operands, language) || check.rule, citation };
}

/** The newest refused call that a permission rule decided and that the test takes. */
export function lastDenial(world: World, test: (record: SyscallRecord) => boolean = () => true): SyscallRecord | undefined {
  return [...world.machine.records]
    .reverse()
    .find((record) => !record.ok && record.verdict !== undefined && !isRoutine(record.verdict.checks) && test(record));
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

/** Every check behind a refused call, in the order they were made, then what would have helped and where that is decided. */
export function explainDenial(world: World, record: SyscallRecord, language: Language): Explanation {
  const call = `${record.call}(${argsText(record)})`;
  const errno = record.errno ? `${record.errno} (${strerror(record.errno)})` : 'refused';
  const checks = record.verdict?.checks ?? [];
  return {
    title: `${record.comm}[${record.pid}]: ${call} = ${errno}`,
    answer: denialAnswer(checks, language),
    causes: [...checks.map((check) => causeOf(check, language)), ...remedies(world, record, checks, language)],
  };
}
