// The `yaml` package's syntax errors in the words of go-yaml, with its line numbers.

import type { YAMLParseError } from 'yaml';

export interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The first error of a document as go-yaml would report it, or null.
 * Counterpart: goyaml.v2 yamlh/scannerc/parserc texts; the line is left out when it is the first one.
 * Deviates: rare errors that go-yaml words differently get the nearest text.
 */
export function goYamlError(text: string, errors: readonly YAMLParseError[]): SyntaxProblem | null {
  if (/^%YAML\s+1\.2/m.test(text)) return { message: 'yaml: found incompatible YAML document', start: 0, end: text.indexOf('\n') };
  const first = errors[0];
  if (first === undefined) return null;
  const all = errors.map((error) => ({ code: error.code as string, text: error.message, at: error.pos[0] }));
  const lineOf = (at: number): number => text.slice(0, at).split('\n').length;
  const lines = text.split('\n');
  const lineCount = text.endsWith('\n') ? lines.length - 1 : lines.length;
  const at = Math.min(first.pos[0], text.length);
  const line = lineOf(at);
  const make = (message: string, lineNumber: number): SyntaxProblem => ({
    message: lineNumber <= 1 ? `yaml: ${message}` : `yaml: line ${lineNumber}: ${message}`,
    start: at,
    end: Math.max(at + 1, Math.min(first.pos[1], text.length)),
  });
  const tab = lines.findIndex((content) => /^ *\t[ \t]*[^ \t#]/.test(content));
  if (tab >= 0 && all.some((error) => error.code === 'TAB_AS_INDENT' || lineOf(error.at) === tab + 1)) {
    const before = lines.slice(0, tab).findLast((content) => content.trim() !== '' && !content.trim().startsWith('#')) ?? '';
    // After "key:" a value is awaited, so the tab itself cannot start a token; else it stands in a plain scalar's continuation.
    return /:\s*$/.test(before) || before === ''
      ? make('found character that cannot start any token', tab + 1)
      : make('found a tab character that violates indentation', tab + 1);
  }
  const flow =
    all.find((error) => error.code === 'MISSING_CHAR' && /flow/i.test(error.text)) ??
    all.find((error) => /Flow (sequence|map)/i.test(error.text));
  if (flow !== undefined)
    return make(
      `did not find expected ',' or '${/map/i.test(flow.text) ? '}' : ']'}'`,
      lineOf(Math.min(flow.at, text.length)) > lineCount ? lineCount : Math.max(lineOf(flow.at) - 1, lineCount),
    );
  switch (first.code) {
    case 'BAD_ALIAS': {
      const name = /[&*]([^\s,[\]{}]*)/.exec(text.slice(at))?.[1] ?? '';
      return name === ''
        ? make('did not find expected alphabetic or numeric character', line)
        : { ...make('', 1), message: `yaml: unknown anchor '${name}' referenced` };
    }
    case 'BAD_SCALAR_START':
      return make('found character that cannot start any token', line);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'BLOCK_IN_FLOW':
      return make('mapping values are not allowed in this context', nestedKeyLine(lines, line));
    case 'MULTILINE_IMPLICIT_KEY':
      return make("could not find expected ':'", line + 1);
    case 'MISSING_CHAR':
      return missing(first.message, make, line, lineCount);
    case 'BAD_INDENT':
      return make(/^\s*-/.test(lines[line - 1] ?? '') ? 'did not find expected key' : indentText(lines, line), line - 1);
    case 'UNEXPECTED_TOKEN':
    case 'IMPOSSIBLE':
      return make('did not find expected key', line - 1);
    case 'BAD_DQ_ESCAPE':
      return make('found unknown escape character', line);
    case 'BAD_DIRECTIVE':
      return make('found unknown directive name', line);
    case 'TAB_AS_INDENT':
      return make('found character that cannot start any token', line);
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'MULTIPLE_DOCS':
      return make('did not find expected <document start>', line);
    default:
      return /resolve tag|TAG/.test(first.message) ? null : make('did not find expected key', line);
  }
}

function missing(message: string, make: (message: string, line: number) => SyntaxProblem, line: number, lineCount: number): SyntaxProblem {
  if (/quote/.test(message)) return make('found unexpected end of stream', lineCount + 1);
  if (/Implicit map keys|:/.test(message)) return make("could not find expected ':'", line + 1);
  return make('did not find expected key', line);
}

/** In which collection the wrongly indented line stands decides what go-yaml misses: a list wants a dash, a mapping a key. */
function indentText(lines: readonly string[], line: number): string {
  const indent = (content: string): number => /^ */.exec(content)?.[0].length ?? 0;
  const own = indent(lines[line - 1] ?? '');
  for (let i = line - 2; i >= 0; i--) {
    const content = lines[i] as string;
    if (content.trim() === '' || indent(content) > own) continue;
    return content.trim().startsWith('- ') ? "did not find expected '-' indicator" : 'did not find expected key';
  }
  return 'did not find expected key';
}

/** The package points at the outer key; go-yaml at the second colon, which may stand on a continuation line. */
function nestedKeyLine(lines: readonly string[], line: number): number {
  const indent = (content: string): number => /^ */.exec(content)?.[0].length ?? 0;
  if (/:\s+\S.*:(\s|$)/.test(lines[line - 1] ?? '')) return line;
  for (let i = line; i < lines.length; i++) {
    if (indent(lines[i] as string) <= indent(lines[line - 1] ?? '')) break;
    if (/:(\s|$)/.test(lines[i] as string)) return i + 1;
  }
  return line;
}
