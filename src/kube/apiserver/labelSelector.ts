// The text form of label selectors: a=b, a!=b, a, !a, a in (x,y), a notin (x), a>1.
// Counterpart: k8s.io/apimachinery/pkg/labels/selector.go, v1.36

import { goQuote } from './field-error.ts';
import { labelValue, qualifiedName } from './names.ts';

type Operator = 'in' | 'notin' | '=' | '==' | '!=' | '>' | '<' | 'exists' | '!';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

export type ParsedSelector =
  | { readonly ok: true; readonly requirements: readonly Requirement[] }
  | { readonly ok: false; readonly error: string };

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'];
const BINARY = ['in', 'notin', '=', '==', '!=', '>', '<'];

/** Symbols and words; the empty text at the end stands for the end. */
function tokensOf(text: string): readonly string[] {
  const tokens = [...text.matchAll(/==|!=|[=!(),><]|[^=!(),><\s]+/g)].map(([token]) => token as string);
  return [...tokens, ''];
}

class Complaint extends Error {}
const isWord = (token: string): boolean => token !== '' && !SYMBOLS.includes(token);

class Parser {
  private at = 0;
  private readonly tokens: readonly string[];
  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  private look(): string {
    return this.tokens[this.at] ?? '';
  }

  private take(): string {
    const token = this.look();
    this.at++;
    return token;
  }

  parse(): readonly Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.look();
      if (token === '') return requirements;
      if (!isWord(token) && token !== '!') throw new Complaint(`found '${token}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.requirement());
      const next = this.take();
      if (next === '') return requirements;
      if (next !== ',') throw new Complaint(`found '${next}', expected: ',' or 'end of string'`);
      const after = this.look();
      if (!isWord(after) && after !== '!') throw new Complaint(`found '${after}', expected: identifier after ','`);
    }
  }

  private requirement(): Requirement {
    const wrong = (text: string): Complaint => new Complaint(`unable to parse requirement: ${text}`);
    const negated = this.look() === '!';
    if (negated) this.take();
    const key = this.take();
    if (!isWord(key)) throw wrong(`found '${key}', expected: identifier`);
    const bad = qualifiedName(key);
    if (bad.length > 0) throw wrong(`<nil>: Invalid value: ${goQuote(key)}: ${bad.join('; ')}`);
    if (negated) return { key, operator: '!', values: [] };
    if (this.look() === '' || this.look() === ',') return { key, operator: 'exists', values: [] };
    const operator = this.take();
    if (!BINARY.includes(operator)) throw wrong(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === 'in' || operator === 'notin' ? this.list(wrong) : [this.value(wrong)];
    const problems: string[] = [];
    if (values.length === 0) problems.push(`values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty`);
    if (operator === '>' || operator === '<')
      for (const [i, value] of values.entries())
        if (!/^[+-]?\d+$/.test(value))
          problems.push(`values[${i}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
    for (const [i, value] of values.entries()) {
      const texts = labelValue(value);
      if (texts.length > 0) problems.push(`values[${i}][${key}]: Invalid value: ${goQuote(value)}: ${texts.join('; ')}`);
    }
    if (problems.length > 0) throw wrong(problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`);
    return { key, operator: operator as Operator, values };
  }

  private value(wrong: (text: string) => Complaint): string {
    const token = this.look();
    if (token === '' || token === ',') return '';
    this.take();
    if (!isWord(token)) throw wrong(`found '${token}', expected: identifier`);
    return token;
  }

  private list(wrong: (text: string) => Complaint): string[] {
    const open = this.take();
    if (open !== '(') throw wrong(`found '${open}' expected: '('`);
    const values = new Set<string>();
    const first = this.look();
    if (first === ')') {
      this.take();
      return [];
    }
    if (!isWord(first) && first !== ',') throw wrong(`found '${first}', expected: ',', ')' or identifier`);
    for (;;) {
      const token = this.take();
      if (isWord(token)) {
        values.add(token);
        const next = this.look();
        if (next !== ',' && next !== ')') throw wrong(`found '${next}', expected: ',' or ')'`);
        if (next === ')') break;
      } else if (token === ',') {
        if (values.size === 0) values.add('');
        if (this.look() === ')') {
          values.add('');
          break;
        }
        if (this.look() === ',') {
          this.take();
          values.add('');
        }
      } else throw wrong(`found '${token}', expected: ',', or identifier`);
    }
    this.take();
    return [...values].sort();
  }
}

/** Reads a selector; the error is the server's text. */
export function parseLabelSelector(text: string): ParsedSelector {
  try {
    return { ok: true, requirements: new Parser(text).parse() };
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    return { ok: false, error: error.message };
  }
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key];
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case '>':
    case '<': {
      if (value === undefined || !/^[+-]?\d+$/.test(value)) return false;
      const [left, right] = [BigInt(value), BigInt(values[0] as string)];
      return operator === '>' ? left > right : left < right;
    }
  }
}

/** Whether labels match the text; a text that cannot be read matches nothing. */
export function matchesLabels(text: string, labels: Readonly<Record<string, string>> = {}): boolean {
  const parsed = parseLabelSelector(text);
  return parsed.ok && parsed.requirements.every((requirement) => meets(requirement, labels));
}
