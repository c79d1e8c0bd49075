// Text to positioned trees. Never throws; the grammar is the `yaml` package's, scalars and error texts are kubectl's.

import { type Document, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { goYamlError } from './errors.ts';
import { indentFlow } from './flowIndent.ts';
import type { MapEntry, PositionedNode, TextSpan, YamlDiagnostic, YamlDocument } from './nodes.ts';
import { resolvePlain } from './scalars.ts';

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  readonly diagnostics: readonly YamlDiagnostic[];
}

/** The texts parsed last: kubectl, the API server and the editor ask about the same manifest one after the other. */
const parsed = new Map<string, ParsedYaml>();
const REMEMBERED = 4;

/**
 * The documents of a text, split as kubectl splits it, and everything worth saying about its syntax.
 * Counterpart: k8s.io/apimachinery/pkg/util/yaml YAMLReader and sigs.k8s.io/yaml YAMLToJSON.
 */
export function parseYaml(text: string): ParsedYaml {
  const known = parsed.get(text) ?? parse(text);
  parsed.delete(text);
  parsed.set(text, known);
  for (const oldest of parsed.keys()) {
    if (parsed.size <= REMEMBERED) break;
    parsed.delete(oldest);
  }
  return known;
}

function parse(text: string): ParsedYaml {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  const span = (start: number, end: number): TextSpan => {
    const { line, col } = lines.linePos(start);
    return { start, end: Math.max(end, start), line, column: col };
  };
  const diagnostics: YamlDiagnostic[] = [];
  const documents = splitDocuments(text).map(({ start, text: part }): YamlDocument => {
    let document = read(part);
    let origin = (at: number): number => at;
    if (document.errors.length > 0) {
      const indented = indentFlow(part);
      const again = read(indented.text);
      if (again.errors.length === 0) {
        document = again;
        origin = indented.origin;
      }
    }
    const problem = goYamlError(part, document.errors);
    const fail = (message: string, from: number, to: number): YamlDocument => {
      const error: YamlDiagnostic = { severity: 'error', message, range: span(start + from, start + to) };
      diagnostics.push(error);
      return { root: null, error };
    };
    if (problem !== null) return fail(problem.message, problem.start, problem.end);
    const reader = new Reader(document, (from, to) => span(start + origin(from), start + origin(to)));
    const root = document.contents === null ? null : reader.node(document.contents as Node);
    if (reader.error !== null) return fail(reader.error.message, reader.error.start, reader.error.end);
    diagnostics.push(...reader.warnings);
    return { root: root !== null && root.kind === 'scalar' && root.value === null ? null : root, error: null };
  });
  return { documents, diagnostics };
}

const read = (text: string): Document =>
  parseDocument(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
  });

/** Cuts at lines that begin with "---"; the separator's own line belongs to no document, except at the very start. */
function splitDocuments(text: string): { start: number; text: string }[] {
  const parts: { start: number; text: string }[] = [];
  let start = 0;
  for (const match of text.matchAll(/\n---(?:[ \t][^\n]*)?(?:\r?\n|$)/g)) {
    if (/^%YAML/m.test(text.slice(start, match.index))) continue;
    parts.push({ start, text: text.slice(start, match.index + 1) });
    start = match.index + match[0].length;
  }
  parts.push({ start, text: text.slice(start) });
  return parts;
}

interface Problem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

class Reader {
  error: Problem | null = null;
  readonly warnings: YamlDiagnostic[] = [];
  private readonly document: Document;
  private readonly span: (start: number, end: number) => TextSpan;

  constructor(document: Document, span: (start: number, end: number) => TextSpan) {
    this.document = document;
    this.span = span;
  }

  node(node: Node | null, fallback = 0, depth = 0): PositionedNode {
    const [from, to] = node?.range ?? [fallback, fallback];
    const range = this.span(from, to);
    if (node === null) return { kind: 'scalar', value: null, range };
    if (isAlias(node)) {
      const target = depth > 100 ? undefined : node.resolve(this.document);
      if (target === undefined) {
        this.error ??= { message: `yaml: unknown anchor '${node.source}' referenced`, start: from, end: to };
        return { kind: 'scalar', value: null, range };
      }
      return relocate(this.node(target, from, depth + 1), range);
    }
    if (isMap(node)) {
      const repeated: string[] = [];
      const entries = this.entries(node, depth, repeated);
      return { kind: 'map', entries, ...(repeated.length > 0 ? { repeated } : {}), range };
    }
    if (isSeq(node)) return { kind: 'seq', items: node.items.map((item) => this.node(item as Node, from, depth)), range };
    if (!isScalar(node)) return { kind: 'scalar', value: null, range };
    const text = String(node.value ?? '');
    const typed = node.tag === undefined ? node.type === 'PLAIN' : /^tag:yaml.org,2002:(int|float|bool|null)$/.test(node.tag);
    const final = typed ? resolvePlain(text) : text;
    if (typeof final === 'number' && !Number.isFinite(final)) {
      const name = Number.isNaN(final) ? 'NaN' : final > 0 ? '+Inf' : '-Inf';
      this.error ??= { message: `json: unsupported value: ${name}`, start: from, end: to };
    }
    return { kind: 'scalar', value: final, range };
  }

  private entries(map: YAMLMap, depth: number, repeated: string[]): MapEntry[] {
    const merged: MapEntry[] = [];
    const own: MapEntry[] = [];
    for (const pair of map.items) {
      if (!isPair(pair)) continue;
      const keyNode = pair.key as Node | null;
      const key = this.node(keyNode, map.range?.[0] ?? 0, depth);
      const value = this.node(pair.value as Node | null, key.range.end - this.span(0, 0).start, depth);
      if (key.kind !== 'scalar') {
        this.error ??= {
          message: 'error converting YAML to JSON: unsupported map key',
          start: map.range?.[0] ?? 0,
          end: map.range?.[1] ?? 0,
        };
        continue;
      }
      if (key.value === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN') {
        for (const source of value.kind === 'seq' ? value.items : [value])
          if (source.kind === 'map') merged.push(...source.entries.filter((entry) => !merged.some((m) => m.key === entry.key)));
        continue;
      }
      const name = String(key.value);
      const earlier = own.findIndex((entry) => entry.key === name);
      if (earlier >= 0) {
        const old = own[earlier] as MapEntry;
        this.warnings.push({
          severity: 'warning',
          message: `duplicate key "${name}": kubectl silently uses the last one (line ${key.range.line})`,
          range: old.keyRange,
        });
        own.splice(earlier, 1);
        repeated.push(name);
      }
      own.push({ key: name, keyRange: key.range, value });
    }
    return [...merged.filter((entry) => !own.some((o) => o.key === entry.key)), ...own];
  }
}

/** An alias stands where it is written, also for the leaves below it. */
function relocate(node: PositionedNode, range: TextSpan): PositionedNode {
  if (node.kind === 'scalar') return { ...node, range };
  if (node.kind === 'seq') return { ...node, range, items: node.items.map((item) => relocate(item, range)) };
  return {
    ...node,
    range,
    entries: node.entries.map((entry) => ({ key: entry.key, keyRange: range, value: relocate(entry.value, range) })),
  };
}
