// Label and field selectors of list requests.

import type { KubeObject } from '../api/object.ts';

/**
 * What is wrong with the text of a label selector; undefined: nothing.
 * Counterpart: k8s.io/apimachinery/pkg/labels Parse. Deviates: knows a wrong operator only
 */
export function selectorProblem(selector: string): string | undefined {
  for (const raw of selector.split(/,(?![^(]*\))/)) {
    const [first = '', second] = raw.trim().split(/\s+/);
    if (second === undefined || /^(==|=|!=|>|<)/.test(second) || /[=!<>]$/.test(first)) continue;
    if (!/^(in|notin|gt|lt)(\(|$)/.test(second))
      return `unable to parse requirement: found '${second}', expected: in, notin, =, ==, !=, gt, lt`;
  }
  return undefined;
}

/** Whether an object matches `labelSelector` text: a=b, a==b, a!=b, a, !a, a in (x,y), a notin (x,y). */
export function matchesLabels(selector: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return selector.split(/,(?![^(]*\))/).every((raw) => {
    const term = raw.trim();
    if (term === '') return true;
    const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
    if (set !== null) {
      const value = labels[set[1] as string];
      const inside =
        value !== undefined &&
        (set[3] as string)
          .split(',')
          .map((part) => part.trim())
          .includes(value);
      return set[2] === 'in' ? inside : !inside;
    }
    if (term.startsWith('!')) return labels[term.slice(1)] === undefined;
    const equation = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(term);
    if (equation === null) return labels[term] !== undefined;
    const equal = labels[equation[1] as string] === equation[3];
    return equation[2] === '!=' ? !equal : equal;
  });
}

/** Whether an object matches `fieldSelector` text; null: a field the kind does not offer is not checked here. */
export function matchesFields(selector: string, object: KubeObject): boolean {
  return selector.split(',').every((term) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term.trim());
    if (match === null) return true;
    let value: unknown = object;
    for (const part of (match[1] as string).split('.'))
      value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
    const equal = String(value ?? '') === match[3];
    return match[2] === '!=' ? !equal : equal;
  });
}

interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Whether labels match a LabelSelector object. Counterpart: metav1.LabelSelectorAsSelector */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>> = {}): boolean {
  const has = (key: string, values: readonly string[] = []): boolean => values.includes(labels[key] ?? '') && key in labels;
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      if (operator === 'In') return has(key, values);
      if (operator === 'NotIn') return !has(key, values);
      return operator === 'Exists' ? key in labels : !(key in labels);
    })
  );
}
