// Snippets made by chance from a grammar, always the same ones: what a person would not think of writing.

import { compound } from './grammar.ts';
import { Random } from './random.ts';

const COUNT = 2200;
/** `$$` as a word, or traced. */
const SHOWS_PID = /\$\$[^;'" ]|set -x[\s\S]*\$\$/;

/** The generated snippets, in a fixed order. */
export function generated(): string[] {
  const list = new Set<string>();
  for (let seed = 1; list.size < COUNT; seed++) {
    const text = compound(new Random(seed));
    if (!SHOWS_PID.test(text)) list.add(text);
  }
  return [...list];
}
