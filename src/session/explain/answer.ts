// The short answer of an explanation: one or two sentences over the facts that the list below it shows one by one.

import { capHas, isCapability } from '#abi/capability.ts';
import type { Check, Operand } from '#provenance/verdict.ts';
import type { Cause } from '../protocol.ts';
import { denialSentence } from './denialTexts.ts';
import { operandText } from './operands.ts';
import type { Whereabouts } from './reading.ts';
import type { Language } from './ruleTexts.ts';

type Operands = Readonly<Record<string, Operand>>;

const CLASS_SHIFT = { 'dac.owner': 6, 'dac.group': 3, 'dac.other': 0 } as const;

/** The letters of `want` that the bits of the class lack. */
export function missingBits(rule: string, { mode, want }: Operands): string | undefined {
  const shift = CLASS_SHIFT[rule as keyof typeof CLASS_SHIFT];
  if (shift === undefined || typeof mode !== 'number' || typeof want !== 'number') return undefined;
  const missing = want & ~((mode >> shift) & 7);
  return `${missing & 4 ? 'r' : ''}${missing & 2 ? 'w' : ''}${missing & 1 ? 'x' : ''}`;
}

/** Which class of the mode counted, and what it lacks. */
function modeSentence({ rule, operands }: Check, { file }: Whereabouts, language: Language): string | undefined {
  const missing = missingBits(rule, operands);
  if (missing === undefined) return undefined;
  const { fsuid, fsgid, uid, gid } = operands;
  const mode = operandText('mode', operands.mode as Operand, language);
  if (language === 'ja') {
    const it = inJapanese(file);
    return {
      'dac.owner': `UID ${fsuid} は${it}(モード ${mode}) の所有者なので所有者ビットだけが見られ、${missing} がない。`,
      'dac.group': `UID ${fsuid} は${it}の所有者 (${uid}) ではないがグループ ${gid} に属するので、モード ${mode} のグループビットだけが見られ、${missing} がない。`,
      'dac.other': `UID ${fsuid} (GID ${fsgid}) は${it}の所有者 (${uid}) でもグループ ${gid} の一員でもないので、モード ${mode} のその他ビットだけが見られ、${missing} がない。`,
    }[rule as keyof typeof CLASS_SHIFT];
  }
  return {
    'dac.owner': `Uid ${fsuid} owns ${file ?? 'the file'} (mode ${mode}), so only the owner’s bits count, and they lack ${missing}.`,
    'dac.group': `Uid ${fsuid} is not the owner (${uid}) of ${file ?? 'the file'} but in its group ${gid}, so only the group’s bits of mode ${mode} count, and they lack ${missing}.`,
    'dac.other': `Uid ${fsuid} (gid ${fsgid}) is neither the owner (${uid}) of ${file ?? 'the file'} nor in its group ${gid}, so only the bits for others of mode ${mode} count, and they lack ${missing}.`,
  }[rule as keyof typeof CLASS_SHIFT];
}

/** In which set a capability is missing. */
function capabilitySentence({ rule, operands }: Check, alone: boolean, language: Language): string | undefined {
  const name = `CAP_${rule.slice('cap.'.length)}`;
  if (!rule.startsWith('cap.') || !isCapability(name)) return undefined;
  const { effective, bounding, permitted, userNs, targetUserNs } = operands;
  const has = (set: Operand | undefined): boolean => typeof set === 'bigint' && capHas(set, name);
  const ja = language === 'ja';
  const foreign = has(effective) && targetUserNs !== undefined && userNs !== targetUserNs;
  const unmapped = has(effective) && operands.mapped === false;
  const where = unmapped
    ? ja
      ? 'このユーザー名前空間に対応づけられていない所有者のファイルには効かない'
      : 'it does not count for a file whose owner or group has no id in this user namespace'
    : foreign
      ? ja
        ? 'それは自分のユーザー名前空間でしか効かない'
        : 'what it has counts only in its own user namespace'
      : has(permitted)
        ? ja
          ? 'permitted にはあるが effective にない'
          : 'which is permitted but not effective'
        : bounding === undefined || has(bounding)
          ? ja
            ? 'effective にない (バウンディングセットにはある)'
            : 'which is not effective, though the bounding set has it'
          : ja
            ? 'バウンディングセットにもない'
            : 'which not even the bounding set has';
  if (ja) return alone ? `これには ${name} が必要だが、${where}。` : `${name} があれば許されたが、${where}。`;
  if (foreign || unmapped) return `It takes ${name}, and ${where}.`;
  return alone ? `It takes ${name}, ${where}.` : `${name}, ${where}, would have outweighed that.`;
}

const inJapanese = (file: string | undefined): string => (file === undefined ? 'ファイル' : ` ${file} `);

/** What did not apply and so left the question to a capability. */
function skippedSentence({ rule, operands }: Check, { file }: Whereabouts, language: Language): string | undefined {
  const ja = language === 'ja';
  const { fsuid, uid, fileUid, dirUid, targetRuid } = operands;
  const it = inJapanese(file);
  switch (rule) {
    case 'inode.owner':
      return ja ? `UID ${fsuid} は${it}の所有者 (${uid}) ではない。` : `Uid ${fsuid} does not own ${file ?? 'the file'} (uid ${uid} does).`;
    case 'sticky':
      return ja
        ? `スティッキーディレクトリで、${it}(所有者 ${fileUid}) もディレクトリ (所有者 ${dirUid}) も UID ${fsuid} のものではない。`
        : `In a sticky directory neither ${file ?? 'the file'} (of uid ${fileUid}) nor the directory (of uid ${dirUid}) belongs to uid ${fsuid}.`;
    case 'chown.owner':
      return ja
        ? '所有者を変えるのは特権操作で、ファイルの所有者にも許されない。'
        : 'Giving a file to another owner is privileged, even for its own owner.';
    case 'chgrp.owner':
      return ja ? '所有者が選べるのは自分の属するグループだけ。' : 'An owner may only choose a group it belongs to.';
    case 'kill.sameUser':
      return ja ? `対象は別のユーザー (UID ${targetRuid}) のプロセス。` : `The target runs as another user (uid ${targetRuid}).`;
    default:
      return undefined;
  }
}

/** Why a call was refused, from its checks. Empty when there are none. */
export function denialAnswer(checks: readonly Check[], where: Whereabouts, language: Language): string {
  const sentences: string[] = [];
  for (const check of checks) {
    if (check.outcome === 'allow') continue;
    if (check.outcome === 'skip') {
      const skipped = skippedSentence(check, where, language);
      if (skipped !== undefined) sentences.push(skipped);
      continue;
    }
    sentences.push(
      modeSentence(check, where, language) ??
        capabilitySentence(check, sentences.length === 0, language) ??
        denialSentence(check, where, language),
    );
  }
  return sentences.join(language === 'ja' ? '' : ' ');
}

const because = (causes: readonly Cause[], language: Language): string => {
  const last = causes.at(-1)?.detail;
  return last === undefined ? '' : language === 'ja' ? ` もとは「${last}」。` : ` It comes from: ${last}.`;
};

/** What a value is, and who said so in the end. */
export const valueAnswer = (name: string, value: string, causes: readonly Cause[], language: Language): string =>
  `${language === 'ja' ? `${name} は ${value}。` : `${name} is ${value}.`}${because(causes, language)}`;

export interface Membership {
  readonly member: string | undefined; // CAP_NET_RAW, 2000; undefined: anything
  readonly name: string; // CapEff
  readonly has: boolean;
  /** The bounding set has it, but execve did not give it. */
  readonly withheld: boolean;
  readonly uid: number;
}

/** Whether a set has a member, and why not. */
export function memberAnswer({ member, name, has, withheld, uid }: Membership, causes: readonly Cause[], language: Language): string {
  const end = because(causes, language);
  const last = causes.at(-1)?.detail ?? '';
  if (language === 'ja') {
    if (has) return `${name} に ${member} がある。${end}`;
    const lacks = member === undefined ? `${name} は空。` : `${name} に ${member} はない。`;
    return withheld
      ? `${lacks}バウンディングセットにはあるが、UID ${uid} は 0 ではないので、execve が渡すのはファイル・inheritable・ambient から来る分だけ (${last})。`
      : `${lacks}バウンディングセットにもない。${end}`;
  }
  if (has) return `${name} has ${member}.${end}`;
  const lacks = member === undefined ? `${name} is empty` : `${name} lacks ${member}`;
  return withheld
    ? `${lacks}, though the bounding set has ${member === undefined ? 'capabilities' : 'it'}: uid ${uid} is not 0, and to such a process execve passes only what the file, the inheritable or the ambient set adds (${last}).`
    : `${lacks}: not even the bounding set has ${member === undefined ? 'any' : 'it'}.${end}`;
}
