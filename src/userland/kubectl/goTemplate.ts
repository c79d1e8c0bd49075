// -o go-template: the part of Go's text/template that fits on a command line.
// Counterpart: text/template, Go 1.25, with kubectl's functions base64decode and exists.
// Deviates: no define, template, block, break and continue; of the built-in functions those listed in FUNCTIONS.

import { goJson } from '#yaml/json.ts';
import type { Json } from './session.ts';

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] };

/** `$x, $y := command | command` */
interface Pipe {
  readonly names: readonly string[];
  readonly assign: boolean; // = instead of :=
  readonly commands: readonly (readonly string[])[];
}

class TemplateError extends Error {}

const TOKEN = /"(?:\\.|[^"\\])*"|`[^`]*`|\(|\)|\||:=|=|,|[^\s"`()|,=:]+(?::(?!=))?/g;

function parsePipe(text: string): Pipe {
  const words = text.match(TOKEN) ?? [];
  let names: string[] = [];
  const sign = words.findIndex((word) => word === ':=' || word === '=');
  if (sign > 0 && words.slice(0, sign).every((word) => word.startsWith('$') || word === ','))
    names = words.slice(0, sign).filter((word) => word !== ',');
  const rest = names.length > 0 ? words.slice(sign + 1) : words;
  const commands: string[][] = [[]];
  let depth = 0;
  for (const word of rest) {
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (word === '|' && depth === 0) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  for (const word of rest)
    if (/^[\p{L}_]/u.test(word) && FUNCTIONS[word] === undefined && !['true', 'false', 'nil'].includes(word))
      throw new TemplateError(`function "${word}" not defined`);
  if (commands.some((command) => command.length === 0)) throw new TemplateError('missing value for command');
  return { names, assign: words[sign] === '=', commands };
}

/** Actions and the text between them; `{{-` and `-}}` trim. */
function tokens(template: string): { readonly text?: string; readonly action?: string }[] {
  const parts: { text?: string; action?: string }[] = [];
  let rest = template;
  let trimNext = false;
  for (;;) {
    const open = rest.indexOf('{{');
    let text = open < 0 ? rest : rest.slice(0, open);
    if (trimNext) text = text.trimStart();
    if (open < 0) {
      parts.push({ text });
      return parts;
    }
    const close = rest.indexOf('}}', open);
    if (close < 0) throw new TemplateError('unclosed action');
    let action = rest.slice(open + 2, close);
    if (/^-\s/.test(action)) {
      text = text.trimEnd();
      action = action.slice(1);
    }
    trimNext = /\s-$/.test(action);
    if (trimNext) action = action.slice(0, -1);
    parts.push({ text }, { action: action.trim() });
    rest = rest.slice(close + 2);
  }
}

function parse(template: string): readonly Node[] {
  const list = tokens(template);
  let at = 0;
  const block = (ends: readonly string[]): { readonly nodes: Node[]; readonly end: string } => {
    const nodes: Node[] = [];
    for (; at < list.length; at++) {
      const { text, action } = list[at] as (typeof list)[number];
      if (text !== undefined) {
        if (text !== '') nodes.push({ kind: 'text', text });
        continue;
      }
      const word = (action as string).split(/\s/)[0] as string;
      if (action?.startsWith('/*')) continue;
      if (word === 'end' || word === 'else') {
        if (!ends.includes(word)) throw new TemplateError(`unexpected {{${word}}}`);
        return { nodes, end: action as string };
      }
      if (['if', 'with', 'range'].includes(word)) nodes.push(control(word as 'if', (action as string).slice(word.length)));
      else if (['define', 'template', 'block', 'break', 'continue'].includes(word))
        throw new TemplateError(`{{${word}}} is not simulated here`);
      else nodes.push({ kind: 'pipe', pipe: parsePipe(action as string) });
    }
    if (ends.length > 0) throw new TemplateError('unexpected EOF');
    return { nodes, end: '' };
  };
  const control = (kind: 'if' | 'with' | 'range', text: string): Node => {
    at++;
    const { nodes: body, end } = block(['end', 'else']);
    let otherwise: readonly Node[] = [];
    const chained = /^else\s+(if|with)\s+(.*)$/s.exec(end);
    if (chained) otherwise = [control(chained[1] as 'if', chained[2] as string)];
    else if (end === 'else') {
      at++;
      otherwise = block(['end']).nodes;
    }
    return { kind, pipe: parsePipe(text), body, otherwise };
  };
  return block([]).nodes;
}

const isTrue = (value: Json): boolean =>
  value !== undefined &&
  value !== null &&
  value !== false &&
  value !== 0 &&
  value !== '' &&
  !(typeof value === 'object' && Object.keys(value).length === 0);

/** As fmt.Print shows it. */
function shown(value: Json): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${shown(value[key])}`)
      .join(' ')}]`;
  return String(value);
}

const FUNCTIONS: Readonly<Record<string, (...args: Json[]) => Json>> = {
  and: (...args) => args.find((a) => !isTrue(a)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (a) => !isTrue(a),
  eq: (a, ...rest) => rest.some((b) => a === b),
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  len: (a) => (typeof a === 'object' && a !== null ? Object.keys(a).length : String(a ?? '').length),
  index: (a, ...keys) => keys.reduce((value, key) => value?.[key], a),
  exists: (a, ...keys) => keys.reduce((value, key) => value?.[key], a) !== undefined,
  print: (...args) => args.map(shown).join(''),
  println: (...args) => `${args.map(shown).join(' ')}\n`,
  printf: (format, ...args) => {
    let next = 0;
    return String(format).replace(/%(-?\d*)([sdvq%])/g, (_, width: string, verb: string) => {
      if (verb === '%') return '%';
      const value = args[next++];
      const text = verb === 'q' ? goJson(String(value)) : shown(value);
      return width.startsWith('-') ? text.padEnd(Number(width.slice(1))) : text.padStart(Number(width || 0));
    });
  },
  base64decode: (text) => {
    const bits = [...String(text).replace(/=+$/, '')]
      .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.indexOf(c).toString(2).padStart(6, '0'))
      .join('');
    return new TextDecoder().decode(Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2)));
  },
};

type Scope = Map<string, Json>;

function field(value: Json, path: string): Json {
  return path
    .split('.')
    .slice(1)
    .reduce((at, key) => {
      if (key === '') return at;
      return at?.[key];
    }, value);
}

function operand(word: string, dot: Json, scope: Scope): Json {
  if (word.startsWith('"')) return JSON.parse(word);
  if (word.startsWith('`')) return word.slice(1, -1);
  if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'nil') return null;
  if (word === '.') return dot;
  if (word.startsWith('.')) return field(dot, word);
  if (word.startsWith('$')) {
    const [name = '', ...rest] = word.split('.');
    if (!scope.has(name)) throw new TemplateError(`undefined variable "${name}"`);
    return rest.length === 0 ? scope.get(name) : field(scope.get(name), `.${rest.join('.')}`);
  }
  throw new TemplateError(`unexpected ${JSON.stringify(word)} in operand`);
}

function command(words: readonly string[], dot: Json, scope: Scope, piped: readonly Json[]): Json {
  const values: Json[] = [];
  const name = words[0] as string;
  const called = FUNCTIONS[name];
  for (let at = called ? 1 : 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word !== '(') {
      values.push(operand(word, dot, scope));
      continue;
    }
    let depth = 1;
    const start = at + 1;
    while (depth > 0 && ++at < words.length) depth += words[at] === '(' ? 1 : words[at] === ')' ? -1 : 0;
    values.push(evaluate(parsePipe(words.slice(start, at).join(' ')), dot, scope));
  }
  if (called) return called(...values, ...piped);
  if (values.length > 1 || piped.length > 0) throw new TemplateError(`can't give argument to non-function ${name}`);
  return values[0];
}

function evaluate({ commands }: Pipe, dot: Json, scope: Scope): Json {
  return commands.reduce<readonly Json[]>((piped, words) => [command(words, dot, scope, piped)], [])[0];
}

function run(nodes: readonly Node[], dot: Json, scope: Scope): string {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'pipe') {
      const value = evaluate(node.pipe, dot, scope);
      if (node.pipe.names.length > 0) scope.set(node.pipe.names[0] as string, value);
      else text += shown(value);
    } else text += branch(node, dot, scope);
  }
  return text;
}

function branch(node: Extract<Node, { body: unknown }>, dot: Json, scope: Scope): string {
  const value = evaluate(node.pipe, dot, scope);
  const inner = (given: Json, names: readonly (readonly [string, Json])[] = []): string =>
    run(node.body, given, new Map([...scope, ...names]));
  if (!isTrue(value)) return run(node.otherwise, dot, new Map(scope));
  const [first, second] = node.pipe.names;
  if (node.kind !== 'range') return inner(node.kind === 'with' ? value : dot, first ? [[first, value]] : []);
  const entries: [Json, Json][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : Object.keys(value)
        .sort()
        .map((key) => [key, value[key]]);
  return entries
    .map(([key, item]) =>
      inner(
        item,
        first === undefined
          ? []
          : second === undefined
            ? [[first, item]]
            : [
                [first, key],
                [second, item],
              ],
      ),
    )
    .join('');
}

export type TemplateResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string };

/** Renders a template over an object. */
export function goTemplate(template: string, value: Json): TemplateResult {
  let nodes: readonly Node[];
  try {
    nodes = parse(template);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { ok: false, error: `error parsing template ${template}, template: output:1: ${error.message}` };
  }
  try {
    return { ok: true, text: run(nodes, value, new Map([['$', value]])) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { ok: false, error: `error executing template "${template}": template: output:1: ${error.message}` };
  }
}
