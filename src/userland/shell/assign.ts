// Words that are assignments.

import type { Assign, CompoundItem, Part, Word } from './ast.ts';
import { makeWord } from './word.ts';

const ASSIGN = /^([A-Za-z_][A-Za-z0-9_]*)(\+?)=/;
const SUBSCRIPTED = /^([A-Za-z_][A-Za-z0-9_]*)\[/;

const rest = (part: Part | undefined, s: string): Part[] => (part === undefined || s === '' ? [] : [{ t: 'lit', s, q: false }]);

/** What stands in the brackets that opened before `from` of the first part, and what follows `]=` or `]+=`. */
function afterSubscript(word: Word, from: number): { index: Word; append: boolean; value: Word } | undefined {
  const inside: Part[] = [];
  let depth = 1;
  for (let at = 0; at < word.parts.length; at++) {
    const part = word.parts[at] as Part;
    const start = at === 0 ? from : 0;
    if (part.t === 'lit' && !part.q) {
      for (let i = start; i < part.s.length; i++) {
        if (part.s[i] === '[') depth++;
        else if (part.s[i] === ']' && --depth === 0) {
          const m = /^(\+?)=/.exec(part.s.slice(i + 1));
          if (!m) return undefined;
          const index = makeWord([...inside, ...rest(part, part.s.slice(start, i))], word.text, true);
          const parts = [...rest(part, part.s.slice(i + 1 + m[0].length)), ...word.parts.slice(at + 1)];
          const value = makeWord(parts, word.text.slice(word.text.indexOf(']=') + 2), parts.length !== 1 || word.quoted);
          return { index, append: m[1] === '+', value };
        }
      }
      inside.push(...rest(part, part.s.slice(start)));
    } else inside.push(part);
  }
  return undefined;
}

/** NAME=value as an assignment; undefined if the word is none. `bash`: NAME+=, NAME[…]= and NAME=(…) are some too. */
export function assignment(word: Word, bash: boolean): Assign | undefined {
  const first = word.parts[0];
  if (first?.t !== 'lit' || first.q) return undefined;
  const element = bash ? SUBSCRIPTED.exec(first.s) : null;
  if (element) {
    const got = afterSubscript(word, element[0].length);
    return got && { name: element[1] as string, index: got.index, append: got.append, word: got.value };
  }
  const m = ASSIGN.exec(first.s);
  if (!m || (m[2] === '+' && !bash)) return undefined;
  const parts = [...rest(first, first.s.slice(m[0].length)), ...word.parts.slice(1)];
  const text = word.text.slice(m[0].length);
  const value = makeWord(parts, text, parts.length !== 1 || word.quoted);
  return { name: m[1] as string, append: m[2] === '+', word: word.compound ? { ...value, plain: null, compound: word.compound } : value };
}

/** A word of `name=(…)`: `[subscript]=value`, or a value. */
export function compoundItem(word: Word): CompoundItem {
  const first = word.parts[0];
  const got = first?.t === 'lit' && !first.q && first.s.startsWith('[') ? afterSubscript(word, 1) : undefined;
  return got ? { index: got.index, append: got.append, word: got.value } : { index: undefined, append: false, word };
}
