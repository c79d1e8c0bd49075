// Parts of busybox's awk that need nothing of a running program.

const CSIZES = [61, 251, 1021, 4093, 16381, 65521];

/** Counterpart: hashidx() */
function hash(name: string): number {
  let index = 0;
  for (let at = 0; at < name.length; at++) {
    const byte = name.charCodeAt(at);
    index = (Math.imul(index, 63) + (byte > 127 ? byte - 256 : byte)) >>> 0;
  }
  return index;
}

/** Keys, given in the order of their coming, as a walk through busybox's hash meets them. Counterpart: hash_find(), hash_rebuild() */
export function hashOrder(keys: readonly string[]): string[] {
  let size = 0;
  let buckets: string[][] = [];
  // A new entry becomes the first of its chain.
  const put = (key: string): void => void (buckets[hash(key) % (CSIZES[size] as number)] ??= []).unshift(key);
  keys.forEach((key, at) => {
    if (at + 1 > (CSIZES[size] as number) * 8 && size + 1 < CSIZES.length) {
      const old = buckets;
      buckets = [];
      size++;
      for (const chain of old) for (const entry of chain ?? []) put(entry);
    }
    put(key);
  });
  return buckets.flat().filter((key) => key !== undefined);
}

/** The first match that is not an empty one at the beginning. Counterpart: regexec1_nonempty() */
function nonEmpty(text: string, pattern: RegExp): { readonly index: number; readonly end: number } | undefined {
  for (let from = 0; from === 0 || from < text.length; from++) {
    const match = pattern.exec(text.slice(from));
    if (!match) return undefined;
    const end = match.index + match[0].length;
    if (end > 0) return { index: from + match.index, end: from + end };
  }
  return undefined;
}

/** The fields of a text. `lines`: a newline separates too, as with an empty RS. Counterpart: awk_split() */
export function splitFields(text: string, separator: string | RegExp, lines: boolean, ignoreCase: boolean): string[] {
  if (text === '') return [];
  if (separator === '') return [...text];
  if (separator === ' ') return text.split(/[ \t-\r]+/).filter((part) => part !== '');
  if (typeof separator === 'string') {
    const letters = (ignoreCase ? separator.toUpperCase() + separator.toLowerCase() : separator) + (lines ? '\n' : '');
    const parts = [''];
    for (const c of text)
      if (letters.includes(c)) parts.push('');
      else parts[parts.length - 1] += c;
    return parts;
  }
  const parts: string[] = [];
  let count = 1;
  for (let rest = text; rest !== ''; ) {
    const end = lines && rest.includes('\n') ? rest.indexOf('\n') : rest.length;
    const found = nonEmpty(rest, separator);
    if (found && found.index <= end) {
      parts.push(rest.slice(0, found.index));
      rest = rest.slice(found.end);
      count++;
    } else {
      // A newline ends a field without being counted.
      parts.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
  }
  return Array.from({ length: count }, (_, at) => parts[at] ?? '');
}

/** What stands for a match: & is the match, in gensub \1 to \9 are its groups; a backslash before either takes that away. */
function expanded(replacement: string, match: RegExpExecArray, general: boolean): string {
  let text = '';
  let backslashes = 0;
  for (const c of replacement) {
    text += c;
    if (c === '\\') {
      backslashes++;
      continue;
    }
    const digit = general && c >= '0' && c <= '9';
    if (c === '&' || digit) {
      text = text.slice(0, text.length - ((backslashes + 3) >> 1));
      text += (backslashes + (digit ? 1 : 0)) % 2 ? c : (match[digit ? Number(c) : 0] ?? '');
    }
    backslashes = 0;
  }
  return text;
}

/** Replaces match number `which`, or all for 0. Counterpart: awk_sub() */
export function replaced(
  text: string,
  pattern: RegExp,
  replacement: string,
  which: number,
  general: boolean,
): { readonly result: string; readonly count: number } {
  const regex = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`);
  let result = '';
  let count = 0;
  let at = 0;
  for (;;) {
    regex.lastIndex = at;
    const match = regex.exec(text);
    if (!match) break;
    const end = match.index + match[0].length;
    result += text.slice(at, match.index);
    result += ++count >= which ? expanded(replacement, match, general) : match[0];
    at = end;
    if (count === which) break;
    if (match[0] === '') {
      if (at >= text.length) break;
      result += text[at++];
    }
  }
  return { result: result + text.slice(at), count };
}

/** Counterpart: srandom(3), random(3) of glibc (TYPE_3) */
export class GlibcRandom {
  private readonly state: number[] = [];

  constructor(seed: number) {
    const { state } = this;
    state.push((seed === 0 ? 1 : seed) | 0);
    for (let at = 1; at < 31; at++) {
      const last = state[at - 1] as number;
      const word = 16807 * (last % 127773) - 2836 * Math.trunc(last / 127773);
      state.push(word < 0 ? word + 2147483647 : word);
    }
    for (let at = 31; at < 34; at++) state.push(state[at - 31] as number);
    for (let at = 0; at < 310; at++) this.step();
  }

  private step(): number {
    const { state } = this;
    const word = ((state.at(-3) as number) + (state.at(-31) as number)) | 0;
    state.push(word);
    state.shift();
    return word >>> 1;
  }

  /** rand() of busybox's awk: three numbers make one between 0 and 1. */
  fraction(): number {
    const low = BigInt(((this.step() << 16) ^ this.step()) >>> 0);
    return Number((BigInt(this.step()) << 32n) | low) / 2 ** 63;
  }
}
