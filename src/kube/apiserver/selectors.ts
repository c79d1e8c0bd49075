// LabelSelector objects, as controllers and claims use them.

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
