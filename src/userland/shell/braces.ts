// bash's brace expansion: {a,b} and {1..3}.

import type { Part, Word } from './ast.ts';

/** Characters of private use stand for the parts that are no plain text. */
const PART = 0xe100;
const PARTS = /([\ue100-\ue1ff])/;

/** bash: the words a brace expansion makes. Nothing inside quotes and other expansions is looked at. */
export function braces(word: Word): readonly Word[] {
  const { parts } = word;
  const plain = (part: Part): boolean => part.t === 'lit' && !part.q;
  if (parts.length > 256 || !parts.some((part) => part.t === 'lit' && !part.q && part.s.includes('{'))) return [word];
  const text = parts.map((part, at) => (part.t === 'lit' && !part.q ? part.s : String.fromCharCode(PART + at))).join('');
  const texts = braceTexts(text);
  if (texts.length === 1 && texts[0] === text) return [word];
  const partOf = (piece: string): Part => {
    const part = PARTS.test(piece) ? parts[piece.charCodeAt(0) - PART] : undefined;
    return part === undefined || plain(part) ? { t: 'lit', s: piece, q: false } : part;
  };
  return texts
    .filter((each) => each !== '')
    .map((each) => ({
      ...word,
      parts: each
        .split(PARTS)
        .filter((piece) => piece !== '')
        .map(partOf),
      plain: null,
      simple: false,
    }));
}

function braceTexts(text: string): string[] {
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
    let depth = 0;
    const commas: number[] = [at];
    let end = -1;
    for (let i = at; i < text.length; i++) {
      if (text[i] === '{') depth++;
      else if (text[i] === ',' && depth === 1) commas.push(i);
      else if (text[i] === '}' && --depth === 0) {
        end = i;
        break;
      }
    }
    if (end < 0) continue;
    const before = text.slice(0, at);
    const tails = braceTexts(text.slice(end + 1));
    let middles: string[] | undefined;
    if (commas.length > 1) middles = commas.flatMap((c, i) => braceTexts(text.slice(c + 1, commas[i + 1] ?? end)));
    else middles = sequence(text.slice(at + 1, end));
    if (middles) return middles.flatMap((m) => tails.map((tail) => before + m + tail));
  }
  return [text];
}

function sequence(text: string): string[] | undefined {
  const m = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text);
  if (!m) return undefined;
  const letters = /[A-Za-z]/.test(m[1] as string);
  if (letters !== /[A-Za-z]/.test(m[2] as string)) return undefined;
  const number = (s: string): number => (letters ? s.charCodeAt(0) : Number(s));
  const [from, to] = [number(m[1] as string), number(m[2] as string)];
  const by = Math.max(1, Math.abs(Number(m[3] ?? 1)));
  const width = !letters && /^-?0\d/.test(`${m[1]}`) ? (m[1] as string).length : 0;
  const list: string[] = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? by : -by)
    list.push(letters ? String.fromCharCode(n) : String(n).padStart(width, '0'));
  return list;
}
