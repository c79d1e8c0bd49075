// The profile language cut into statements: text up to a comma, the head and the end of a block, an include.
// Counterpart: apparmor.d(5)

export interface Statement {
  readonly kind: 'rule' | 'open' | 'close' | 'include' | 'line';
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

/** Words of a statement; quotes and parentheses hold a word together. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|\([^)]*\)|[^\s"(])+/g)].map(([word]) => word);
}

const blank = (char: string | undefined): boolean => char === undefined || /\s/.test(char);

/** Statements in order. Throws a message without the line for text that has no end. */
export function scan(text: string): readonly Statement[] {
  const out: Statement[] = [];
  let line = 1;
  let begin = 1;
  let current = '';
  let nested = 0; // braces of a path pattern, parentheses
  const put = (kind: Statement['kind']): void => {
    const trimmed = current.trim();
    out.push({ kind, words: wordsOf(trimmed), text: trimmed.replace(/\s+/g, ' '), line: begin });
    current = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (current.trim() === '') begin = line;
    if (char === '\n') line++;
    if (current.trim() === '' && /^#?include\b/.test(text.slice(at, at + 9))) {
      const end = text.indexOf('\n', at);
      current = text.slice(at, end < 0 ? text.length : end).replace(/,\s*$/, '');
      at += (end < 0 ? text.length : end) - at - 1;
      put('include');
    } else if (char === '#' && blank(text[at - 1])) {
      const end = text.indexOf('\n', at);
      at = (end < 0 ? text.length : end) - 1;
    } else if (char === '"') {
      const end = text.indexOf('"', at + 1);
      if (end < 0) throw new Error('unterminated string');
      current += text.slice(at, end + 1);
      at = end;
    } else if (char === '\\') current += char + (text[++at] ?? '');
    else if (char === '\n' && nested === 0 && /^(?:@\{[^}]+\}|\$\{?\w+\}?)\s*\+?=/.test(current.trim())) put('line');
    else if (char === '{' && blank(text[at - 1])) put('open');
    else if (char === '}' && nested === 0) {
      if (current.trim() !== '') throw new Error(`syntax error, unexpected '}' after "${current.trim()}", expecting ','`);
      put('close');
    } else if (char === ',' && nested === 0 && (blank(text[at + 1]) || text[at + 1] === '#' || text[at + 1] === '}')) put('rule');
    else {
      if (char === '{' || char === '(') nested++;
      if ((char === '}' || char === ')') && nested > 0) nested--;
      current += char;
    }
  }
  if (/^(?:@\{[^}]+\})\s*\+?=/.test(current.trim())) put('line');
  if (current.trim() !== '') throw new Error('syntax error, unexpected end of file');
  return out;
}
