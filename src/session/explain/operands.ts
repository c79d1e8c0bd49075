// The operands of checks and steps as text: names where a reader knows names, digits where digits are compared.

import { capHex, capNames } from '#abi/capability.ts';
import { major, minor } from '#abi/mode.ts';
import type { Operand } from '#provenance/verdict.ts';
import type { Language } from './ruleTexts.ts';

const FEW = 4;

/** A capability set: up to four names, otherwise the 16 digits of /proc/PID/status. */
export const capText = (set: bigint, language: Language): string => {
  const names = capNames(set);
  return names.length > FEW ? capHex(set) : names.join(' ') || (language === 'ja' ? 'なし' : 'none');
};

const MODES = ['mode', 'umask'];

/** One operand. A bigint is a capability set; `want` is what the call asked of a file. */
export function operandText(name: string, value: Operand, language: Language): string {
  const ja = language === 'ja';
  if (typeof value === 'bigint') return capText(value, language);
  if (typeof value === 'boolean') return value ? (ja ? 'はい' : 'yes') : ja ? 'いいえ' : 'no';
  if (typeof value === 'number' && MODES.includes(name)) return (value & 0o7777).toString(8).padStart(4, '0');
  if (typeof value === 'number' && name === 'want') return `${value & 4 ? 'r' : ''}${value & 2 ? 'w' : ''}${value & 1 ? 'x' : ''}`;
  if (typeof value === 'number' && name === 'rdev') return `${major(value)}:${minor(value)}`;
  if (Array.isArray(value)) return value.join(' ') || (ja ? 'なし' : 'none');
  return String(value);
}

/** All operands of a check, "name value" each. */
export const operandsText = (operands: Readonly<Record<string, Operand>>, language: Language): string =>
  Object.entries(operands)
    .map(([name, value]) => `${name} ${operandText(name, value, language)}`)
    .join(', ');
