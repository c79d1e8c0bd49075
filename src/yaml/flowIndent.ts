// go-yaml lets the lines of a quoted scalar or flow collection start anywhere; the `yaml` package wants them indented.

/** A text with spaces put in, and the place in the original of a place in it. */
export interface Reindented {
  readonly text: string;
  readonly origin: (at: number) => number;
}

const startsToken = (before: string): boolean => /(^|[:\-?,[{]\s|[[{,]|\n)\s*$/.test(before) || before.trim() === '';

/** Where the quoted scalar that opens at `at` ends: behind its closing quote, or the end of the text. */
function closingQuote(text: string, at: number): number {
  const quote = text[at] as string;
  for (let i = at + 1; i < text.length; i++) {
    if (quote === '"' && text[i] === '\\') i++;
    else if (text[i] === quote) {
      if (quote === '"' || text[i + 1] !== "'") return i + 1;
      i++;
    }
  }
  return text.length;
}

/** Behind the end of the flow collection that opens at `at`. */
function closingBracket(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text[i] as string;
    if ((c === "'" || c === '"') && startsToken(text.slice(Math.max(at, i - 40), i))) i = closingQuote(text, i) - 1;
    else if (c === '#' && /\s/.test(text[i - 1] ?? '\n')) i = nextLine(text, i) - 1;
    else if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && --depth === 0) return i + 1;
  }
  return text.length;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** The quoted scalars and outermost flow collections of a text that go over several lines. */
function multiLineTokens(text: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let line = 0; line < text.length; ) {
    const end = nextLine(text, line);
    let next = end;
    for (let at = line; at < end; at++) {
      const c = text[at] as string;
      if (c === '#' && /\s/.test(text[at - 1] ?? '\n')) break;
      if (!/['"[{]/.test(c) || !startsToken(text.slice(line, at))) continue;
      const close = c === '[' || c === '{' ? closingBracket(text, at) : closingQuote(text, at);
      if (close > end) {
        found.push({ start: at, end: close });
        next = close;
        break;
      }
      at = close - 1;
    }
    if (/[:\-?]\s+[|>][-+0-9]*\s*(#.*)?\n$/.test(text.slice(line, end))) next = afterBlockScalar(text, line, end);
    line = next;
  }
  return found;
}

function afterBlockScalar(text: string, header: number, from: number): number {
  const indent = /^ */.exec(text.slice(header))?.[0].length ?? 0;
  let at = from;
  while (at < text.length) {
    const end = nextLine(text, at);
    const content = text.slice(at, end);
    if (content.trim() !== '' && (/^ */.exec(content)?.[0].length ?? 0) <= indent) break;
    at = end;
  }
  return at;
}

/**
 * The text with every continuation line of a quoted scalar or flow collection moved right of where that began. The white space
 * in front of such a line is no part of the value.
 * Counterpart: yaml_parser_unroll_indent of go-yaml's scannerc.go does nothing in flow context.
 */
export function indentFlow(text: string): Reindented {
  const cuts: { readonly at: number; readonly spaces: number }[] = [];
  let column = 0;
  for (const token of multiLineTokens(text)) {
    column = token.start - (text.lastIndexOf('\n', token.start) + 1);
    for (let at = nextLine(text, token.start); at < token.end; at = nextLine(text, at)) cuts.push({ at, spaces: column + 1 });
  }
  let result = '';
  let from = 0;
  for (const { at, spaces } of cuts) {
    result += text.slice(from, at) + ' '.repeat(spaces);
    from = at;
  }
  result += text.slice(from);
  const origin = (at: number): number => {
    let shift = 0;
    for (const cut of cuts) {
      if (cut.at + shift >= at) break;
      shift += Math.min(cut.spaces, at - cut.at - shift);
    }
    return at - shift;
  };
  return { text: result, origin };
}
