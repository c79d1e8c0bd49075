// tsort: an order that respects pairs. Counterpart: tsort(1) of coreutils 9.1, busybox 1.35

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { byBytes } from '../lib/tree.ts';
import { inputs } from './lines.ts';

interface Item {
  readonly name: string;
  /** How many have to come before it and have not. */
  count: number;
  /** What comes after it, the last pair first. */
  after: Item[];
}

/** The pairs as items, sorted by name. */
function itemsOf(words: readonly string[]): Item[] {
  const items = new Map<string, Item>();
  const item = (name: string): Item => {
    const known = items.get(name) ?? { name, count: 0, after: [] };
    items.set(name, known);
    return known;
  };
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [a, b] = [item(words[at] as string), item(words[at + 1] as string)];
    if (a === b) continue;
    b.count++;
    a.after.unshift(b);
  }
  return [...items.values()].sort((a, b) => byBytes(a.name, b.name));
}

/** Names a loop among the items that are left and opens it. Counterpart: detect_loop, which walks against the pairs */
function* openLoop(cli: Cli, left: readonly Item[]): Program<void> {
  const links = new Map<Item, Item>();
  let loop: Item | undefined;
  for (;;)
    for (const item of left) {
      if (item.count === 0) continue;
      const next: Item | undefined = loop;
      if (next === undefined) {
        loop = item;
        continue;
      }
      const at = item.after.indexOf(next);
      if (at < 0) continue;
      if (!links.has(item)) {
        links.set(item, next);
        loop = item;
        continue;
      }
      for (let one: Item = next; ; one = links.get(one) as Item) {
        yield* cli.warn(one.name);
        if (one !== item) continue;
        next.count--;
        item.after.splice(at, 1);
        return;
      }
    }
}

export const tsort = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  const file = options.args[0] ?? '-';
  if (options.args.length > 1) return yield* cli.misuse(`extra operand '${options.args[1]}'`);
  const words = (yield* inputs(cli, options.args)).join('').split(/\s+/).filter(Boolean);
  if (words.length % 2) return yield* cli.error(`${file}: input contains an odd number of tokens`);
  let left = itemsOf(words);
  while (left.length > 0) {
    const queue = left.filter((item) => item.count === 0);
    for (let item = queue[0], at = 0; item !== undefined; item = queue[++at]) {
      yield* cli.out(`${item.name}\n`);
      for (const next of item.after) if (--next.count === 0) queue.push(next);
    }
    left = left.filter((item) => !queue.includes(item));
    if (left.length === 0) break;
    yield* cli.error(`${file}: input contains a loop:`);
    yield* openLoop(cli, left);
  }
  return yield* cli.finish();
});
