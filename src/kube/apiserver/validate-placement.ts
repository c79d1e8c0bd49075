// Where a Pod may run and what it is told of the network: affinity, tolerations, spreading, gates, host aliases, DNS.
// Counterpart: kubernetes/pkg/apis/core/validation validation.go validateAffinity, ValidateTolerations, ValidateHostAliases,
// validatePodDNSConfig, validateSchedulingGates, validateReadinessGates, v1.36.

import { duplicate, type FieldError, forbidden, invalid, invalidJson, notSupported, required } from './field-error.ts';
import { dnsLabel, dnsSubdomain, labels, labelValue, qualifiedName, underscoreSubdomain } from './names.ts';
import { supported } from './validate-security.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const labelName = (value: string | undefined, field: string): FieldError[] =>
  qualifiedName(value ?? '').map((text) => invalid(field, value ?? '', text));
const values = (list: readonly string[] | undefined, field: string): FieldError[] =>
  (list ?? []).flatMap((value, i) => labelValue(value).map((text) => invalid(`${field}.values[${i}]`, value, text)));

/** What `operator` says of the number of values; `numeric`: Gt and Lt are operators too. */
function operatorErrors(rule: Json, at: string, numeric: boolean): FieldError[] {
  const count = (rule.values ?? []).length;
  switch (rule.operator) {
    case 'In':
    case 'NotIn':
      return count === 0 ? [required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'")] : [];
    case 'Exists':
    case 'DoesNotExist':
      return count > 0 ? [forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : [];
    case 'Gt':
    case 'Lt':
      if (numeric) return count === 1 ? [] : [required(`${at}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
  }
  return [invalid(`${at}.operator`, rule.operator ?? '', 'not a valid selector operator')];
}

/** Counterpart: apimachinery ValidateLabelSelector */
export function labelSelector(selector: Json, at: string): FieldError[] {
  return [
    ...labels(selector?.matchLabels, `${at}.matchLabels`),
    ...(selector?.matchExpressions ?? []).flatMap((rule: Json, i: number) => {
      const field = `${at}.matchExpressions[${i}]`;
      return [...operatorErrors(rule, field, false), ...labelName(rule.key, `${field}.key`), ...values(rule.values, field)];
    }),
  ];
}

function nodeTerm(term: Json, at: string, preferred: boolean): FieldError[] {
  const expressions = (term?.matchExpressions ?? []).flatMap((rule: Json, i: number) => {
    const field = `${at}.matchExpressions[${i}]`;
    const own = [...operatorErrors(rule, field, true), ...labelName(rule.key, `${field}.key`)];
    return preferred ? own : [...own, ...values(rule.values, field)];
  });
  const fields = (term?.matchFields ?? []).flatMap((rule: Json, i: number) => {
    const field = `${at}.matchFields[${i}]`;
    const errors: FieldError[] = [];
    if (!['In', 'NotIn'].includes(rule.operator))
      errors.push(invalid(`${field}.operator`, rule.operator ?? '', 'not a valid selector operator'));
    else if ((rule.values ?? []).length !== 1)
      errors.push(required(`${field}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
    if (rule.key !== 'metadata.name') errors.push(invalid(`${field}.key`, rule.key ?? '', 'not a valid field selector key'));
    else
      for (const [n, value] of (rule.values ?? []).entries())
        errors.push(...dnsSubdomain(value).map((text) => invalid(`${field}.values[${n}]`, value, text)));
    return errors;
  });
  return [...expressions, ...fields];
}

const weight = (item: Json, at: string): FieldError[] =>
  item.weight >= 1 && item.weight <= 100 ? [] : [invalid(`${at}.weight`, item.weight ?? 0, 'must be in the range 1-100')];

function podTerm(term: Json, at: string): FieldError[] {
  const errors = [
    ...labelSelector(term?.labelSelector, `${at}.labelSelector`),
    ...labelSelector(term?.namespaceSelector, `${at}.namespaceSelector`),
  ];
  for (const name of term?.namespaces ?? []) errors.push(...dnsLabel(name).map((text) => invalid(`${at}.namespace`, name, text)));
  if (!term?.topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'));
  return [...errors, ...labelName(term?.topologyKey, `${at}.topologyKey`)];
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function affinity(value: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const node = value?.nodeAffinity;
  if (node?.[REQUIRED] !== undefined) {
    const field = `${at}.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
    const terms: Json[] = node[REQUIRED].nodeSelectorTerms ?? [];
    if (terms.length === 0) errors.push(required(field, 'must have at least one node selector term'));
    else errors.push(...terms.flatMap((term, i) => nodeTerm(term, `${field}[${i}]`, false)));
  }
  (node?.[PREFERRED] ?? []).forEach((item: Json, i: number) => {
    const field = `${at}.nodeAffinity.${PREFERRED}[${i}]`;
    errors.push(...weight(item, field), ...nodeTerm(item.preference, `${field}.preference`, true));
  });
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    errors.push(...(value?.[kind]?.[REQUIRED] ?? []).flatMap((term: Json, i: number) => podTerm(term, `${at}.${kind}.${REQUIRED}[${i}]`)));
    (value?.[kind]?.[PREFERRED] ?? []).forEach((item: Json, i: number) => {
      const field = `${at}.${kind}.${PREFERRED}[${i}]`;
      errors.push(...weight(item, field), ...podTerm(item.podAffinityTerm, `${field}.podAffinityTerm`));
    });
  }
  return errors;
}

export function spread(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((item, i) => [
    ...(item.maxSkew > 0 ? [] : [invalid(`${at}[${i}].maxSkew`, item.maxSkew ?? 0, 'must be greater than zero')]),
    ...(item.topologyKey ? [] : [required(`${at}[${i}].topologyKey`, 'can not be empty')]),
    ...supported(`${at}[${i}].whenUnsatisfiable`, item.whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']),
    ...labelSelector(item.labelSelector, `${at}[${i}].labelSelector`),
  ]);
}

export function tolerations(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((item, i) => {
    const field = `${at}[${i}]`;
    const errors: FieldError[] = item.key ? labelName(item.key, `${field}.key`) : [];
    const operator = item.operator ?? '';
    if (!item.key && operator !== 'Exists')
      errors.push(
        invalid(`${field}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'),
      );
    if (item.tolerationSeconds !== undefined && item.effect !== 'NoExecute')
      errors.push(invalid(`${field}.effect`, item.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === '' || operator === 'Equal') {
      const bad = labelValue(item.value ?? '');
      if (bad.length > 0) errors.push(invalid(`${field}.operator`, item.value, bad.join(';')));
    } else if (operator === 'Exists') {
      if (item.value) errors.push(invalid(`${field}.operator`, item.value, "value must be empty when `operator` is 'Exists'"));
    } else errors.push(notSupported(`${field}.operator`, operator, ['Equal', 'Exists']));
    if (item.effect) errors.push(...supported(`${field}.effect`, item.effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']));
    return errors;
  });
}

export const readinessGates = (list: readonly Json[], at: string): FieldError[] =>
  list.flatMap(({ conditionType }, i) => labelName(conditionType, `${at}[${i}].conditionType`));

export function schedulingGates(list: readonly Json[], at: string): FieldError[] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, i) => {
    const errors = labelName(name, `${at}[${i}]`);
    if (seen.has(name)) errors.push(duplicate(`${at}[${i}]`, name));
    seen.add(name);
    return errors;
  });
}

/** Gates that an update may not bring. */
export function gatesOnlyGo(list: readonly Json[], old: readonly Json[], at: string): FieldError[] {
  return list.flatMap(({ name }, i) =>
    old.some((gate) => gate.name === name)
      ? []
      : [forbidden(`${at}[${i}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`)],
  );
}

/** An address as Go's parser takes it, leading zeros and all. */
function address(value: string, field: string): FieldError[] {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
  const isFour = (text: string): boolean =>
    four
      .exec(text)
      ?.slice(1)
      .every((part) => Number(part) < 256) ?? false;
  const [head = '', tail, ...more] = value.split('::');
  const groups = (text: string): number => (text === '' ? 0 : text.split(':').length + (isFour(text.split(':').at(-1) as string) ? 1 : 0));
  const plain = [head, tail ?? ''].every(
    (text) =>
      text === '' || text.split(':').every((part, i, all) => /^[0-9a-fA-F]{1,4}$/.test(part) || (i === all.length - 1 && isFour(part))),
  );
  const count = groups(head) + groups(tail ?? '');
  const isSix = value.includes(':') && more.length === 0 && plain && (tail === undefined ? count === 8 : count < 8);
  return isFour(value) || isSix ? [] : [invalid(field, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}

export function hostAliases(list: readonly Json[], at: string): FieldError[] {
  return list.flatMap((alias, i) => [
    ...address(alias.ip ?? '', `${at}[${i}].ip`),
    ...(alias.hostnames ?? []).flatMap((name: string, j: number) =>
      dnsSubdomain(name).map((text) => invalid(`${at}[${i}].hostnames[${j}]`, name, text)),
    ),
  ]);
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_TEXT = 2048;

export function dnsConfig(config: Json, policy: string | undefined, at: string): FieldError[] {
  if (policy === 'None') {
    if (config === undefined) return [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')];
    if ((config.nameservers ?? []).length === 0)
      return [required(`${at}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  const errors: FieldError[] = [];
  const servers: string[] = config?.nameservers ?? [];
  const searches: string[] = config?.searches ?? [];
  if (servers.length > MAX_NAMESERVERS)
    errors.push(invalidJson(`${at}.nameservers`, JSON.stringify(servers), `must not have more than ${MAX_NAMESERVERS} nameservers`));
  errors.push(...servers.flatMap((server, i) => address(server, `${at}.nameservers[${i}]`)));
  if (searches.length > MAX_SEARCHES)
    errors.push(invalidJson(`${at}.searches`, JSON.stringify(searches), `must not have more than ${MAX_SEARCHES} search paths`));
  if (searches.join(' ').length > MAX_SEARCH_TEXT)
    errors.push(
      invalidJson(
        `${at}.searches`,
        JSON.stringify(searches),
        `must not have more than ${MAX_SEARCH_TEXT} characters (including spaces) in the search list`,
      ),
    );
  searches.forEach((search, i) => {
    const name = search.replace(/\.$/, '');
    if (search !== '.') errors.push(...underscoreSubdomain(name).map((text) => invalid(`${at}.searches[${i}]`, name, text)));
  });
  (config?.options ?? []).forEach((option: Json, i: number) => {
    if (!option.name) errors.push(required(`${at}.options[${i}]`, 'must not be empty'));
  });
  return errors;
}
