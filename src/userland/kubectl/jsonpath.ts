// JSONPath templates as kubectl evaluates them. Counterpart: k8s.io/client-go/util/jsonpath/jsonpath.go, v1.36
// Deviates: members of a map come in the order of their names; there the order changes from run to run

import { goJson, renderJson } from '#yaml/json.ts';
import { isMap, type List, type Param, ParseError, type PathNode, parseList, parseTemplate } from './jsonpathParse.ts';
import type { Json } from './session.ts';

class EvaluationError extends Error {}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return isMap(value)
    ? Object.keys(value)
        .sort()
        .map((key) => value[key])
    : [];
}

function descend(value: Json): Json[] {
  const inner = children(value);
  return inner.length === 0 ? [] : [value, ...inner.flatMap(descend)];
}

/** The type of a decoded JSON value as Go prints it. */
function goType(value: Json): string {
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value === 'string' ? 'string' : 'bool';
  return Number.isInteger(value) ? 'int64' : 'float64';
}

/** Counterpart: k8s.io/client-go/third_party/forked/golang/template funcs.go */
function compare(left: Json, operator: string, right: Json): boolean {
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator)) throw new EvaluationError(`unrecognized filter operator ${operator}`);
  if ((left !== null && typeof left === 'object') || left === null) throw new EvaluationError('invalid type for comparison');
  if (typeof left !== typeof right || (typeof left === 'number' && Number.isInteger(left) !== Number.isInteger(right)))
    throw new EvaluationError('incompatible types for comparison');
  if (operator === '==' || operator === '!=') return (left === right) === (operator === '==');
  if (typeof left === 'boolean') throw new EvaluationError('invalid type for comparison');
  const less = left < right;
  const equal = left === right;
  return { '<': less, '<=': less || equal, '>': !less && !equal, '>=': !less }[operator] as boolean;
}

function slice(value: Json, [first, last, step]: readonly [Param, Param, Param]): Json[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new EvaluationError(`${goType(value)} is not array or slice`);
  const { length } = value;
  const start = !first.known ? 0 : first.value < 0 ? first.value + length : first.value;
  const end = !last.known ? length : last.value < 0 || (last.value === 0 && last.derived) ? last.value + length : last.value;
  if (start === end) return [];
  const outside = (index: number): EvaluationError => new EvaluationError(`array index out of bounds: index ${index}, length ${length}`);
  if (start >= length || start < 0) throw outside(start);
  if (end > length || end < 0) throw outside(end - 1);
  if (start > end) throw new EvaluationError(`starting index ${start} is greater than ending index ${end}`);
  if (step.known && step.value <= 0) throw new EvaluationError('step must be > 0');
  return value.slice(start, end).filter((_, i) => i % (step.known ? step.value : 1) === 0);
}

function filter(value: Json, { left, operator, right }: Extract<PathNode, { kind: 'filter' }>): Json[] {
  if (!Array.isArray(value)) throw new EvaluationError(`${shownByGo(value)} is not array or slice and cannot be filtered`);
  const one = (list: List, item: Json): Json[] => {
    const found = evaluate(list, [item]);
    if (found.length > 1) throw new EvaluationError('can only compare one element at a time');
    return found;
  };
  return value.filter((item) => {
    if (operator === 'exists') return evaluate(left, [item]).length > 0;
    const lefts = one(left, item);
    if (lefts.length === 0) return false;
    const rights = one(right, item);
    return rights.length > 0 && compare(lefts[0], operator, rights[0]);
  });
}

function step(node: PathNode, input: readonly Json[]): Json[] {
  switch (node.kind) {
    case 'text':
      return [node.text];
    case 'value':
      return input.map(() => node.value);
    case 'identifier':
      throw new EvaluationError(`unrecognized identifier ${node.name}`);
    case 'field':
      return input.flatMap((value) => (isMap(value) && value[node.name] !== undefined ? [value[node.name]] : []));
    case 'wildcard':
      return input.flatMap(children);
    case 'recursive':
      return input.flatMap(descend);
    case 'slice':
      return input.flatMap((value) => slice(value, node.params));
    case 'filter':
      return input.flatMap((value) => filter(value, node));
    case 'union':
      return node.lists.flatMap((list) => evaluate(list, input));
  }
}

const evaluate = (list: List, input: readonly Json[]): Json[] => list.reduce<Json[]>((found, node) => step(node, found), [...input]);

/**
 * What every text and action of a template gives, in order. A range repeats what follows it up to its end for every value it found;
 * without an end the rest is then evaluated once more for the values outside.
 * Counterpart: FindResults
 */
function results(nodes: readonly (string | List)[], from: number, here: readonly Json[], inRange: boolean): { all: Json[][]; end: number } {
  const all: Json[][] = [];
  for (let i = from; i < nodes.length; i++) {
    const node = nodes[i] as string | List;
    if (typeof node === 'string') {
      all.push([node]);
      continue;
    }
    const [head] = node;
    if (head?.kind === 'identifier' && head.name === 'end') {
      if (!inRange) throw new EvaluationError('not in range, nothing to end');
      return { all, end: i };
    }
    if (head?.kind !== 'identifier' || head.name !== 'range') {
      all.push(evaluate(node, here));
      continue;
    }
    const values = evaluate(node.slice(1), here);
    let end = -1;
    for (const value of values) {
      const inner = results(nodes, i + 1, [value], true);
      all.push(...inner.all);
      ({ end } = inner);
    }
    if (values.length === 0) ({ end } = results(nodes, i + 1, [], true));
    if (end > i) i = end;
  }
  return { all, end: -1 };
}

/** A result as text: objects and lists as compact JSON. */
const shownValue = (value: Json): string =>
  value !== null && typeof value === 'object' ? goJson(value) : value === null ? '' : String(value);

/** A value as Go's fmt.Print shows decoded JSON. */
export function shownByGo(value: Json): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(shownByGo).join(' ')}]`;
  if (!isMap(value)) return String(value);
  return `map[${Object.keys(value)
    .sort()
    .map((key) => `${key}:${shownByGo(value[key])}`)
    .join(' ')}]`;
}

/** A value as Go's %#v prints decoded JSON. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'object')
    return `map[string]interface {}{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${goSyntax(value[key])}`)
      .join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

export type JsonPathResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** Evaluates a template, as text or (jsonpath-as-json) as a JSON list for every action; errors are complete but for "error: ". */
export function jsonPath(template: string, value: Json, asJson = false): JsonPathResult {
  let nodes: readonly (string | List)[];
  try {
    nodes = parseTemplate(template);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { ok: false, error: `error parsing jsonpath ${template}, ${error.message}` };
  }
  try {
    const { all } = results(nodes, 0, [value], false);
    return { ok: true, text: all.map((found) => (asJson ? renderJson(found) : found.map(shownValue).join(' '))).join('') };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return {
      ok: false,
      error: `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(value)}\n\n`,
    };
  }
}

/** A path as columns and sort keys take it: x.y, .x.y, {x.y} or {.x.y}; undefined: it is none. Counterpart: RelaxedJSONPathExpression, kubectl/pkg/cmd/get/customcolumn.go */
export function relaxedPath(path: string): string | undefined {
  const inner = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path);
  return path === '' ? '' : inner === null ? undefined : `.${inner[1] ?? inner[2]}`;
}

/** Said of a path that is none. */
export const BAD_PATH = "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";

export type Values = { readonly ok: true; readonly values: readonly Json[] } | { readonly ok: false; readonly error: string };

/** The values behind a column or a sort key; none when the path is empty. */
export function pathValues(path: string, value: Json): Values {
  const relaxed = relaxedPath(path);
  if (relaxed === undefined) return { ok: false, error: BAD_PATH };
  if (relaxed === '') return { ok: true, values: [] };
  try {
    return { ok: true, values: evaluate(parseList(relaxed), [value]) };
  } catch (error) {
    if (error instanceof ParseError || error instanceof EvaluationError) return { ok: false, error: error.message };
    throw error;
  }
}
