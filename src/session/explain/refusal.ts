// Why a component above the kernel refused: the rules the object breaks, its lines, and what would have been accepted.

import type { Refusal, RefusalReason } from '#provenance/refusal.ts';
import { type ClusterRule, ruleOf } from '#provenance/rules.ts';
import type { Cause, Explanation } from '../protocol.ts';
import { CLUSTER_TEXTS } from './clusterTexts.ts';
import { operandsText } from './operands.ts';
import { fieldName, originCauses } from './origin.ts';
import { helped, type Language, ruleText } from './ruleTexts.ts';

/** Which label of the namespace asks for the level. */
function policyCause(policy: string, namespace: string, language: Language): Cause {
  const [level, version] = policy.split(':');
  const label = `pod-security.kubernetes.io/enforce=${level}${version === 'latest' ? '' : `, enforce-version=${version}`}`;
  return { title: language === 'ja' ? `名前空間 ${namespace}` : `Namespace ${namespace}`, detail: label };
}

function reasonCauses(reason: RefusalReason, { message, object: { namespace } }: Refusal, language: Language): readonly Cause[] {
  const { title, citation } = ruleText(reason.rule, language);
  const { layer } = ruleOf(reason.rule);
  const { message: own, detail, reason: short, policy, ...operands } = reason.operands;
  const words = [own, [short, detail].filter(Boolean).join(': ')].filter(Boolean).join(' ') || operandsText(operands, language) || message;
  const remedy = CLUSTER_TEXTS[reason.rule as ClusterRule].remedy?.[language];
  const unset = language === 'ja' ? '書かれていない' : 'not set';
  return [
    { title: `${layer}: ${title}`, detail: String(words), citation },
    ...reason.fields.flatMap(({ pointer, origin }) =>
      origin === undefined
        ? [{ title: language === 'ja' ? 'マニフェスト' : 'Manifest', detail: `${fieldName(pointer)}: ${unset}`, pointer }]
        : originCauses(origin, language),
    ),
    ...(policy === undefined ? [] : [policyCause(String(policy), namespace, language)]),
    ...(remedy === undefined ? [] : [{ title: helped(language), detail: remedy }]),
  ];
}

/** The object, the message, then each broken rule with its lines. */
export function explainRefusal(refusal: Refusal, language: Language): Explanation {
  const { object, container, message, reasons } = refusal;
  const what = `${object.kind.toLowerCase()}${object.name === '' ? '' : `/${object.name}`}`;
  const name = `${what}${container === undefined ? '' : `, ${language === 'ja' ? 'コンテナ' : 'container'} ${container}`}`;
  const title = `${name}: ${message}`;
  return { title, answer: '', causes: reasons.flatMap((reason) => reasonCauses(reason, refusal, language)) };
}
