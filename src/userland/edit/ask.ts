// A line typed at the bottom of the screen.

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import type { Screen } from './screen.ts';

/** Reads a line at the bottom of the screen; undefined when it was given up. */
export function* ask(cli: Cli, screen: Screen, prompt: string): Program<string | undefined> {
  let text = '';
  for (;;) {
    yield* cli.out(`\x1b[${screen.rows};1H\x1b[K${prompt}${text}`);
    yield* cli.flush();
    const key = yield* screen.key();
    if (key === undefined || key === '\x1b' || key === '\x03') return undefined;
    if ('\r\n'.includes(key)) return text;
    if (key === '\x7f' || key === '\b') {
      if (text === '') return undefined;
      text = text.slice(0, -1);
    } else if (key.length === 1) text += key;
  }
}
