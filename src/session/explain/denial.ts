// Why a call was refused: the recorded checks as text. Nothing is decided again here.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import type { SyscallRecord } from '#kernel/machine/types.ts';
import { isRoutine } from '#provenance/routine.ts';
import type { Check } from '#provenance/verdict.ts';
import { type Style, show } from '#userland/strace/calls.ts';
import type { Cause, Explanation } from '../protocol.ts';
import type { World } from '../world.ts';
import { denialAnswer } from './answer.ts';
import { operandsText } from './operands.ts';
import { asCallerSees, type Whereabouts, whereabouts } from './reading.ts';
import { remedies } from './remedy.ts';
import { type Language, ruleText } from './ruleTexts.ts';

const OUTCOME = {
  en: { allow: 'allowed', deny: 'refused', skip: 'did not apply', none: 'no, so without effect' },
  ja: { allow: '許可', deny: '拒否', skip: '該当せず', none: 'いいえ (効果なし)' },
} as const;

function causeOf(check: Check, where: Whereabouts, refused: boolean, language: Language): Cause {
  const { title, citation } = ruleText(check.rule, language);
  // The check that refused names what it looked at; capabilities look at the credential alone.
  const place: Whereabouts = check.outcome !== 'deny' || check.rule.startsWith('cap.') ? {} : where;
  const operands = {
    ...(/^(mount|sb|fs)\./.test(check.rule) ? place.mount && { mount: place.mount } : place.file && { file: place.file }),
    ...check.operands,
  };
  return {
    title: `${title}: ${OUTCOME[language][refused ? check.outcome : 'none']}`,
    detail: operandsText(operands, language) || check.rule,
    citation,
  };
}

/** The newest call that a permission rule refused, or left without effect, and that the test takes. */
export function lastDenial(world: World, test: (record: SyscallRecord) => boolean = () => true): SyscallRecord | undefined {
  return [...world.machine.records]
    .reverse()
    .find((record) => record.verdict !== undefined && !isRoutine(record.verdict.checks) && test(record));
}

const STYLE: Style = { max: 32, verbose: false, fd: (fd) => (fd === AT_FDCWD ? 'AT_FDCWD' : String(fd)) };

/** The call as strace prints it. */
function callText({ call, args, ok, errno }: SyscallRecord): string {
  const shown = show(call, args, STYLE);
  return `${shown.name}(${shown.before}${shown.after(ok ? { ok, value: undefined } : { ok, errno: errno ?? 'EPERM' })})`;
}

/** Every check behind a refused call, in the order they were made, then what would have helped and where that is decided. */
export function explainDenial(world: World, record: SyscallRecord, language: Language): Explanation {
  const errno = record.ok ? '0' : record.errno ? `${record.errno} (${strerror(record.errno)})` : 'refused';
  const checks = asCallerSees(world, record, record.verdict?.checks ?? [], language);
  const where = whereabouts(world, record);
  return {
    title: `${record.comm}[${record.pid}]: ${callText(record)} = ${errno}`,
    answer: denialAnswer(checks, where, language),
    causes: [...checks.map((check) => causeOf(check, where, !record.ok, language)), ...remedies(world, record, where, checks, language)],
  };
}
