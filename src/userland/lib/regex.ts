// POSIX regular expressions as JavaScript's, over byte strings.

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t\\n\\v\\f\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`{-~',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
};

const ATOM = /\\.|\[(?:\\.|[^\]\\])*\]|[^\\^$.*+?()[\]{}|]/g;

/**
 * The alternatives behind `start`, the longest first: JavaScript takes the first that fits. Only those of a fixed length can be put
 * in order, and none with groups, whose numbers depend on it.
 */
function longestFirst(text: string, start: number, bars: readonly number[]): string {
  const parts = bars.map((bar, at) => text.slice(bar + 1, bars[at + 1]));
  const all = [text.slice(start, bars[0]), ...parts];
  const lengths = all.map((part) => (part.replace(ATOM, '') === '' ? (part.match(ATOM)?.length ?? 0) : -1));
  if (bars.length === 0 || lengths.includes(-1)) return text;
  const order = all.map((_, at) => at).sort((a, b) => (lengths[b] as number) - (lengths[a] as number) || a - b);
  return text.slice(0, start) + order.map((at) => all[at]).join('|');
}

/** What regcomp(3) of glibc says of a `[` with nothing behind it. */
const UNBALANCED = 'Invalid regular expression';

/** Reads a bracket expression at `at` (which is `[`): the JavaScript text and the index behind it. */
function bracket(source: string, at: number): { readonly text: string; readonly end: number } | string {
  let i = at + 1;
  let text = '[';
  let any = false;
  if (source[i] === '^') {
    text += '^';
    i++;
  }
  for (let first = true; ; first = false) {
    const c = source[i];
    if (c === undefined) return first ? UNBALANCED : 'Unmatched [, [^, [:, [., or [=';
    if (c === ']' && !first) break;
    const special = /^\[([:.=])([\s\S]*?)\1\]/.exec(source.slice(i));
    if (c === '[' && special) {
      const name = special[2] as string;
      if (special[1] === ':') {
        const set = CLASSES[name];
        if (set === undefined) return 'Invalid character class name';
        text += set;
      } else text += name.replace(/[\\\]^[-]/g, '\\$&');
      i += special[0].length;
    } else {
      text += c === '-' && source[i + 1] !== ']' && any && !first ? '-' : /[\\\]^[-]/.test(c) ? `\\${c}` : c;
      i++;
    }
    any = true;
  }
  return { text: any ? `${text}]` : text === '[^' ? '[\\s\\S]' : '(?!)', end: i + 1 };
}

/**
 * Compiles a basic or extended expression; a text is the complaint.
 * Counterpart: regcomp(3) with GNU's \| \+ \? \w \W \s \S \b \B \< \> \` \'
 * Deviates: of several matches at one place the longest is found only where alternatives have a fixed length.
 */
export function compileRegex(source: string, extended: boolean, flags = ''): RegExp | string {
  let text = '';
  let open = 0;
  const levels: { readonly start: number; readonly bars: number[] }[] = [{ start: 0, bars: [] }];
  const closeLevel = (): void => {
    const level = levels.pop();
    if (level) text = longestFirst(text, level.start, level.bars);
  };
  let groups = 0;
  let atom = false; // may a repetition follow?
  for (let i = 0; i < source.length; ) {
    let c = source[i] as string;
    let escaped = false;
    if (c === '\\') {
      c = source[i + 1] as string;
      if (c === undefined) return 'Trailing backslash';
      escaped = true;
      i++;
    }
    const meta = '(){}|+?'.includes(c) ? escaped !== extended : !escaped;
    i++;
    if (escaped && /[wWbBsS]/.test(c)) {
      text += `\\${c}`;
      atom = true;
    } else if (escaped && c === '<') text += '\\b(?=\\w)';
    else if (escaped && c === '>') text += '\\b(?<=\\w)';
    else if (escaped && c === '`') text += '(?<![\\s\\S])';
    else if (escaped && c === "'") text += '(?![\\s\\S])';
    else if (escaped && /[1-9]/.test(c)) {
      if (Number(c) > groups) return 'Invalid back reference';
      text += `(?:\\${c})`;
      atom = true;
    } else if (escaped && c === 'n') {
      text += '\\n';
      atom = true;
    } else if (escaped && c === 't') {
      text += '\\t';
      atom = true;
    } else if (!meta) {
      text += c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      atom = true;
    } else if (c === '[') {
      const set = bracket(source, i - 1);
      if (typeof set === 'string') return set;
      text += set.text;
      i = set.end;
      atom = true;
    } else if (c === '.') {
      text += '[\\s\\S]';
      atom = true;
    } else if (c === '*') {
      text += atom ? '*' : extended && text === '' ? '' : '\\*';
      if (!atom) atom = !extended;
      while (atom && text.endsWith('**')) text = text.slice(0, -1);
    } else if (c === '+' || c === '?') {
      text += !atom ? (extended ? '' : `\\${c}`) : /[*+?]$/.test(text) && !text.endsWith(`\\${text.at(-1)}`) ? '' : c;
    } else if (c === '{') {
      const match = (extended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(source.slice(i));
      if (!match || (match[1] === '' && match[2] === '')) {
        if (!extended) return match ? 'Invalid content of \\{\\}' : 'Unmatched \\{';
        text += '\\{';
        atom = true;
        continue;
      }
      if (!atom) return 'Invalid preceding regular expression';
      if (match[3] !== '' && Number(match[3]) < Number(match[1])) return 'Invalid content of \\{\\}';
      text += `{${match[1] || '0'}${match[2]}${match[3]}}`;
      i += match[0].length;
    } else if (c === '}') {
      text += '\\}';
      atom = true;
    } else if (c === '(') {
      text += '(';
      levels.push({ start: text.length, bars: [] });
      open++;
      groups++;
      atom = false;
    } else if (c === ')') {
      if (open === 0) {
        if (!extended) return 'Unmatched ) or \\)';
        return 'Unmatched ) or \\)';
      }
      closeLevel();
      text += ')';
      open--;
      atom = true;
    } else if (c === '|') {
      levels.at(-1)?.bars.push(text.length);
      text += '|';
      atom = false;
    } else if (c === '^') {
      const anchor = extended || text === '' || /(^|[^\\])(\(|\|)$/.test(text);
      text += anchor ? '^' : '\\^';
      atom = !anchor;
    } else if (c === '$') {
      const rest = source.slice(i);
      const anchor = extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|') || rest.startsWith('\n');
      text += anchor ? '$' : '\\$';
      atom = !anchor;
    } else {
      text += c.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
      atom = true;
    }
  }
  if (open > 0) return 'Unmatched ( or \\(';
  closeLevel();
  try {
    return new RegExp(text, flags);
  } catch {
    return 'Invalid regular expression';
  }
}

/** Text that matches itself. */
export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A shell pattern as a regular expression for whole names. Counterpart: fnmatch(3) */
export function globRegex(pattern: string, ignoreCase = false, pathname = false): RegExp {
  let text = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === '*') text += pathname ? '[^/]*' : '[\\s\\S]*';
    else if (c === '?') text += '[\\s\\S]';
    else if (c === '\\' && i + 1 < pattern.length) text += escapeRegex(pattern[++i] as string);
    else if (c === '[') {
      const set = bracket(pattern.slice(0, i) + pattern.slice(i).replace(/^\[!/, '[^'), i);
      if (typeof set === 'string') text += '\\[';
      else {
        text += set.text;
        i = set.end - 1;
      }
    } else text += escapeRegex(c);
  }
  return new RegExp(`^(?:${text})$`, ignoreCase ? 'i' : '');
}
