// JSONPath templates as kubectl evaluates them. Counterpart: k8s.io/client-go/util/jsonpath

import { goJson } from '#yaml/json.ts';
import type { Json } from './session.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'recursive' }
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step?: number; readonly single: boolean }
  | { readonly kind: 'filter'; readonly left: Operand; readonly operator: string; readonly right: Operand }
  | { readonly kind: 'union'; readonly paths: readonly Path[] };
type Path = readonly Step[];
type Operand = { readonly path: Path } | { readonly value: Json };
type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: Path; readonly root: boolean }
  | { readonly kind: 'range'; readonly path: Path; readonly body: readonly Node[] };

class ParseError extends Error {}

function parsePath(text: string): Path {
  const steps: Step[] = [];
  let at = 0;
  if (text[at] === '$' || text[at] === '@') at++;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '.') {
      if (text[at + 1] === '.') {
        steps.push({ kind: 'recursive' });
        at += 2;
        if (text[at] === '[') continue;
      } else at++;
      if (at >= text.length) break;
      if (text[at] === '[') continue;
      let name = '';
      while (at < text.length && !'.[ '.includes(text[at] as string)) {
        if (text[at] === '\\') at++;
        name += text[at++] ?? '';
      }
      if (name === '*') steps.push({ kind: 'wildcard' });
      else if (name !== '') steps.push({ kind: 'field', name });
      continue;
    }
    if (char === '[') {
      const end = closing(text, at);
      if (end < 0) throw new ParseError('unterminated array');
      steps.push(parseBracket(text.slice(at + 1, end)));
      at = end + 1;
      continue;
    }
    let name = '';
    while (at < text.length && !'.['.includes(text[at] as string)) name += text[at++];
    steps.push({ kind: 'field', name });
  }
  return steps;
}

function closing(text: string, from: number): number {
  let depth = 0;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth++;
    else if (char === ']' && --depth === 0) return at;
  }
  return -1;
}

const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/g, '$1');

function parseOperand(text: string): Operand {
  const trimmed = text.trim();
  if (/^['"]/.test(trimmed)) return { value: unquote(trimmed) };
  if (/^(true|false|null)$/.test(trimmed) || /^-?\d+(\.\d+)?$/.test(trimmed)) return { value: JSON.parse(trimmed) };
  return { path: parsePath(trimmed) };
}

function parseBracket(inner: string): Step {
  const text = inner.trim();
  if (text === '*') return { kind: 'wildcard' };
  const filter = /^\?\((.*)\)$/s.exec(text);
  if (filter) {
    const parts = /^(.*?)(==|!=|<=|>=|<|>)(.*)$/s.exec(filter[1] as string);
    if (!parts) return { kind: 'filter', left: parseOperand(filter[1] as string), operator: 'exists', right: { value: null } };
    return {
      kind: 'filter',
      left: parseOperand(parts[1] as string),
      operator: parts[2] as string,
      right: parseOperand(parts[3] as string),
    };
  }
  if (/^'[^']*'$|^"[^"]*"$/.test(text)) return { kind: 'field', name: unquote(text) };
  if (text.includes(',')) return { kind: 'union', paths: text.split(',').map((part) => [parseBracket(part)]) };
  const slice = /^(-?\d*)(?::(-?\d*))?(?::(-?\d*))?$/.exec(text);
  if (!slice) throw new ParseError(`invalid array index ${text}`);
  const number = (s: string | undefined): number | undefined => (s === undefined || s === '' ? undefined : Number(s));
  const [start, end, step] = [number(slice[1]), number(slice[2]), number(slice[3])];
  return {
    kind: 'slice',
    single: !text.includes(':'),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(step === undefined ? {} : { step }),
  };
}

function parse(template: string): readonly Node[] {
  const stack: { nodes: Node[]; path?: Path }[] = [{ nodes: [] }];
  const top = (): { nodes: Node[]; path?: Path } => stack.at(-1) as { nodes: Node[]; path?: Path };
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{', at);
    if (open < 0) {
      top().nodes.push({ kind: 'text', text: template.slice(at) });
      break;
    }
    if (open > at) top().nodes.push({ kind: 'text', text: template.slice(at, open) });
    let end = open + 1;
    for (let quote = ''; end < template.length; end++) {
      const char = template[end] as string;
      if (quote !== '') {
        if (char === '\\') end++;
        else if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (char === '}') break;
    }
    if (end >= template.length) throw new ParseError('unclosed action');
    const action = template.slice(open + 1, end).trim();
    at = end + 1;
    if (action.startsWith('range ')) stack.push({ nodes: [], path: parsePath(action.slice(6).trim()) });
    else if (action === 'end') {
      if (stack.length < 2) throw new ParseError('not in range, nothing to end');
      const done = stack.pop() as { nodes: Node[]; path: Path };
      top().nodes.push({ kind: 'range', path: done.path, body: done.nodes });
    } else if (/^"/.test(action)) top().nodes.push({ kind: 'text', text: JSON.parse(action) as string });
    else if (/^'/.test(action)) top().nodes.push({ kind: 'text', text: unquote(action) });
    else top().nodes.push({ kind: 'path', path: parsePath(action), root: action.startsWith('$') });
  }
  if (stack.length > 1) throw new ParseError('unterminated range');
  return top().nodes;
}

class EvaluationError extends Error {}

function children(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  return value !== null && typeof value === 'object'
    ? Object.keys(value)
        .sort()
        .map((key) => value[key])
    : [];
}

function descend(value: Json): Json[] {
  return [value, ...children(value).flatMap(descend)];
}

const compare = (left: Json, operator: string, right: Json): boolean => {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    default:
      return left >= right;
  }
};

function evaluate(path: Path, from: Json): Json[] {
  let values: Json[] = [from];
  for (const step of path) {
    // biome-ignore lint/suspicious/useIterableCallbackReturn: the switch names every kind of step
    values = values.flatMap((value): Json[] => {
      switch (step.kind) {
        case 'field':
          return value !== null && typeof value === 'object' && !Array.isArray(value) && value[step.name] !== undefined
            ? [value[step.name]]
            : [];
        case 'wildcard':
          return children(value);
        case 'recursive':
          return descend(value);
        case 'union':
          return step.paths.flatMap((p) => evaluate(p, value));
        case 'filter':
          return children(value).filter((item) => {
            const side = (operand: Operand): Json[] => ('path' in operand ? evaluate(operand.path, item) : [operand.value]);
            const left = side(step.left);
            if (step.operator === 'exists') return left.length > 0;
            const right = side(step.right);
            return left.length > 0 && right.length > 0 && compare(left[0], step.operator, right[0]);
          });
        case 'slice': {
          if (!Array.isArray(value)) return [];
          const resolve = (n: number): number => (n < 0 ? n + value.length : n);
          if (step.single) {
            const index = resolve(step.start ?? 0);
            if (index < 0 || index >= value.length)
              throw new EvaluationError(`array index out of bounds: index ${step.start}, length ${value.length}`);
            return [value[index]];
          }
          const result: Json[] = [];
          for (let i = resolve(step.start ?? 0); i < Math.min(value.length, resolve(step.end ?? value.length)); i += step.step ?? 1)
            result.push(value[i]);
          return result;
        }
      }
    });
  }
  return values;
}

/** A result as text: objects and lists as compact JSON, null as nothing. */
export const shownValue = (value: Json): string => (value === null ? '' : typeof value === 'object' ? goJson(value) : String(value));

function run(nodes: readonly Node[], root: Json, here: Json): string {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'path')
      text += evaluate(node.path, node.root ? root : here)
        .map(shownValue)
        .join(' ');
    else for (const item of evaluate(node.path, here)) text += run(node.body, root, item);
  }
  return text;
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

/** Evaluates a template; errors are complete but for "error: ". */
export function jsonPath(template: string, value: Json): JsonPathResult {
  let nodes: readonly Node[];
  try {
    nodes = parse(template);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { ok: false, error: `error parsing jsonpath ${template}, ${error.message}` };
  }
  try {
    return { ok: true, text: run(nodes, value, value) };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return {
      ok: false,
      error: `error executing jsonpath "${template.replaceAll('"', '\\"')}": Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(value)}\n\n`,
    };
  }
}

/** The values a plain path such as .metadata.name gives; none when it does not parse. */
export function pathValues(path: string, value: Json): readonly Json[] {
  const trimmed = path.replace(/^\{|\}$/g, '');
  try {
    return evaluate(parsePath(trimmed), value);
  } catch (error) {
    if (error instanceof ParseError || error instanceof EvaluationError) return [];
    throw error;
  }
}
