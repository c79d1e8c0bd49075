// YAML as `kubectl get -o yaml` prints it.

import { compareBytes } from './json.ts';
import { plainMeansOther } from './scalars.ts';

/**
 * A JSON value as YAML with a final newline: sorted keys, two spaces, list dashes at the parent's indent, folded after column 80.
 * Counterpart: sigs.k8s.io/yaml Marshal (go-yaml v2 emitter).
 */
export function renderYaml(value: unknown): string {
  const lines: string[] = [];
  if (typeof value === 'object' && value !== null && !isEmpty(value)) block(value, 0, lines);
  else scalar('', value, 0, lines);
  return `${lines.join('\n')}\n`;
}

const isEmpty = (value: object): boolean =>
  Array.isArray(value) ? value.length === 0 : Object.values(value).every((member) => member === undefined);

function block(value: object, indent: number, lines: string[]): void {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'object' && item !== null && !isEmpty(item)) {
        const inner: string[] = [];
        block(item, indent + 2, inner);
        lines.push(`${pad}- ${(inner[0] as string).slice(indent + 2)}`, ...inner.slice(1));
      } else scalar(`${pad}- `, item, indent + 2, lines);
    }
    return;
  }
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  for (const [key, member] of entries.sort(([a], [b]) => keyOrder(a, b))) {
    const head = `${pad}${quote(key)}:`;
    if (typeof member === 'object' && member !== null && !isEmpty(member)) {
      lines.push(head);
      block(member, Array.isArray(member) ? indent : indent + 2, lines);
    } else scalar(`${head} `, member, indent + 2, lines);
  }
}

function scalar(head: string, value: unknown, indent: number, lines: string[]): void {
  if (typeof value === 'string' && isBlockText(value)) {
    const pad = ' '.repeat(indent);
    const body = value.replace(/\n+$/, '');
    const tail = value.length - body.length;
    const hint = /^[ \n]/.test(value) ? String(2) : '';
    lines.push(`${head}|${hint}${tail === 0 ? '-' : tail > 1 ? '+' : ''}`);
    for (const line of body.split('\n')) lines.push(line === '' ? '' : pad + line);
    for (let i = 1; i < tail; i++) lines.push('');
    return;
  }
  const text = inline(value);
  if (typeof value === 'string') fold(head, text, indent, lines);
  else lines.push(head + text);
}

/** Breaks at a space once the line is longer than 80 columns; a double-quoted text escapes a blank that would begin a line. */
function fold(head: string, text: string, indent: number, lines: string[]): void {
  let line = head;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    const inside = i > 0 && i < text.length - 1 && text[i - 1] !== ' ';
    const canBreak = c === ' ' && inside && line.length > 80 && (text.startsWith('"') ? i > 1 && i < text.length - 2 : text[i + 1] !== ' ');
    if (!canBreak) {
      line += c;
      continue;
    }
    lines.push(line);
    line = ' '.repeat(indent) + (text[i + 1] === ' ' ? '\\' : '');
  }
  lines.push(line);
}

function inline(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'object') return Array.isArray(value) ? '[]' : '{}';
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? String(value) : String(value).replace(/e\+?/, 'e+').replace('e+-', 'e-');
  return typeof value === 'string' ? quote(value) : String(value);
}

/** Only texts with a line break become literal blocks, and only if every character may stand in one. */
function isBlockText(text: string): boolean {
  return (
    text.includes('\n') &&
    !/^\n*$/.test(text) &&
    !/[ \t]\n|[ \t]$/.test(text) &&
    !hasSpecial(text.replaceAll('\n', '')) &&
    !/^\n/.test(text)
  );
}

const hasSpecial = (text: string): boolean => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\t]/.test(text);

/** A scalar on one line: plain where that reads back as the same text, else single quotes, else double quotes. */
function quote(text: string): string {
  if (text === '') return '""';
  if (hasSpecial(text) || text.includes('\n')) return doubleQuoted(text);
  if (plainMeansOther(text)) return doubleQuoted(text);
  if (/^[-?:](\s|$)|^[,[\]{}#&*!|>'"%@`]|^---|^\.\.\./.test(text) || /: |:$| #|^ | $/.test(text) || text === '=' || text === '<<')
    return `'${text.replaceAll("'", "''")}'`;
  return text;
}

function doubleQuoted(text: string): string {
  return `"${text.replace(/[\\"\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => {
    const short: Readonly<Record<string, string>> = {
      '\\': '\\\\',
      '"': '\\"',
      '\n': '\\n',
      '\t': '\\t',
      '\r': '\\r',
      '\0': '\\0',
      '\u0007': '\\a',
      '\b': '\\b',
      '\u000b': '\\v',
      '\f': '\\f',
      '\u001b': '\\e',
      '\u0085': '\\N',
      '\u2028': '\\L',
      '\u2029': '\\P',
    };
    const code = c.charCodeAt(0);
    return (
      short[c] ??
      (code < 256 ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}` : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`)
    );
  })}"`;
}

/**
 * go-yaml's order of map keys: runs of digits compare as numbers, letters come after other characters.
 * Counterpart: goyaml.v2 sorter.go `keyList.Less`.
 */
function keyOrder(a: string, b: string): number {
  const isLetter = (c: string): boolean => /\p{L}/u.test(c);
  const isDigit = (c: string): boolean => c >= '0' && c <= '9';
  let digits = false;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a[i] as string;
    const y = b[i] as string;
    if (x === y) {
      digits = isDigit(x);
      continue;
    }
    if (isLetter(x) && isLetter(y)) return compareBytes(x, y);
    if (isLetter(x) || isLetter(y)) return digits ? (isLetter(x) ? -1 : 1) : isLetter(x) ? 1 : -1;
    const runA = /^\d+/.exec(a.slice(i))?.[0];
    const runB = /^\d+/.exec(b.slice(i))?.[0];
    if (runA !== undefined && runB !== undefined && Number(runA) !== Number(runB)) return Number(runA) - Number(runB);
    return compareBytes(x, y);
  }
  return a.length - b.length;
}
