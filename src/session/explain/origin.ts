// Origins as sentences. Core code stores facts; this is the place where they become text.

import type { Origin } from '#provenance/origin.ts';
import type { Cause } from '../protocol.ts';
import { originRuleText } from './originTexts.ts';
import type { Language } from './ruleTexts.ts';

/** Who decided, by the first part of a rule's id. */
const DECIDERS: Readonly<Record<string, readonly [en: string, ja: string]>> = {
  api: ['API server', 'API サーバー'],
  admission: ['admission plugin of the API server', 'API サーバーのアドミッション'],
  scheduler: ['scheduler', 'スケジューラー'],
  kubelet: ['kubelet', 'kubelet'],
  containerd: ['containerd', 'containerd'],
  'cri-o': ['CRI-O', 'CRI-O'],
  user: ['containerd, from the image’s accounts', 'containerd (イメージのアカウント情報より)'],
  status: ['status written by kubelet and controllers', 'kubelet とコントローラーが書く status'],
};

function decider(rule: string, language: Language): { readonly who: string; readonly what: string } {
  const [first = '', ...rest] = rule.split('.');
  const names = DECIDERS[first];
  return { who: names?.[language === 'ja' ? 1 : 0] ?? first, what: rest.join('.') };
}

/** A pointer as kubectl writes fields: spec.containers[0].image. */
export const fieldName = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part.replaceAll('~1', '/').replaceAll('~0', '~')}`))
    .join('')
    .replace(/^\./, '');

/** One line for an origin, with the causes behind a rule. */
export function originText(origin: Origin, language: Language = 'en'): string {
  const ja = language === 'ja';
  switch (origin.kind) {
    case 'manifest':
      if (origin.range === undefined) return `${ja ? 'マニフェスト' : 'manifest'}: ${fieldName(origin.pointer)}`;
      return ja
        ? `マニフェスト ${origin.range.line} 行目: ${fieldName(origin.pointer)}`
        : `manifest line ${origin.range.line}: ${fieldName(origin.pointer)}`;
    case 'default': {
      const { who, what } = decider(origin.rule, language);
      if (what === '') return ja ? `${who} の既定値` : `default of ${who}`;
      return ja ? `${who} の既定値: ${what}` : `default of ${who}: ${what}`;
    }
    case 'image':
      return ja ? `イメージ ${origin.image}: ${origin.what}` : `image ${origin.image}: ${origin.what}`;
    case 'node':
      return ja ? `ノードの設定: ${origin.what}` : `node setting: ${origin.what}`;
    case 'rule': {
      const { who, what } = decider(origin.rule, language);
      const head = ja ? `${who} の規則 ${what}` : `rule of ${who}: ${what}`;
      return origin.from.length === 0 ? head : `${head} ← ${origin.from.map((one) => originText(one, language)).join(ja ? '、' : '; ')}`;
    }
  }
}

const operandText = (value: unknown): string => (Array.isArray(value) ? value.join(' ') || '–' : String(value));

/** The chain of causes behind an origin, the nearest first. */
export function originCauses(origin: Origin, language: Language): readonly Cause[] {
  const ja = language === 'ja';
  switch (origin.kind) {
    case 'manifest':
      return [
        {
          title: ja ? 'マニフェスト' : 'Manifest',
          detail: originText(origin, language),
          pointer: origin.pointer,
          ...(origin.range ? { range: origin.range } : {}),
        },
      ];
    case 'default':
      return [
        {
          title: ja ? '既定値' : 'Default',
          detail: [originText(origin, language), originRuleText(origin.rule)?.[language]].filter(Boolean).join(': '),
        },
      ];
    case 'image':
      return [{ title: ja ? 'イメージ' : 'Image', detail: originText(origin, language) }];
    case 'node':
      return [{ title: ja ? 'ノード' : 'Node', detail: originText(origin, language) }];
    case 'rule': {
      const { who, what } = decider(origin.rule, language);
      const sentence = originRuleText(origin.rule)?.[language];
      const operands = Object.entries(origin.operands ?? {}).map(([name, value]) => `${name}: ${operandText(value)}`);
      return [
        {
          title: `${who}: ${what}`,
          detail: [sentence, operands.join(', ')].filter(Boolean).join('; ') || (ja ? '次のものから決まる' : 'decided from what follows'),
        },
        ...origin.from.flatMap((one) => originCauses(one, language)),
      ];
    }
  }
}
