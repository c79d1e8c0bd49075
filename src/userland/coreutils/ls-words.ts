// Options of GNU ls that take a word.

import type { Program } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { parseSize } from '../lib/size.ts';

export interface LsWords {
  /** As the letter that means the same. */
  readonly format?: string;
  readonly time?: string;
  readonly quoting?: string;
  readonly indicator?: 'all' | 'types' | 'dirs' | undefined;
  /** Bytes in a unit of --block-size. */
  readonly block?: number;
}

const SORTS = [['none'], ['time'], ['size'], ['extension'], ['version'], ['width']] as const;
const TIMES = [
  ['atime', 'access', 'use'],
  ['ctime', 'status'],
  ['birth', 'creation'],
] as const;
const FORMATS = [['verbose', 'long'], ['commas'], ['horizontal', 'across'], ['vertical'], ['single-column']] as const;
const FORMAT_LETTER: Readonly<Record<string, string>> = { verbose: 'l', commas: 'm', horizontal: 'x', vertical: 'C', 'single-column': '1' };
const STYLES = [
  ['literal'],
  ['shell'],
  ['shell-always'],
  ['shell-escape'],
  ['shell-escape-always'],
  ['c'],
  ['c-maybe'],
  ['escape'],
  ['locale'],
  ['clocale'],
] as const;
const STYLE_LETTER: Readonly<Record<string, string>> = { literal: 'N', c: 'Q', escape: 'b', shell: 'shell', 'shell-escape': 'shell' };
const INDICATORS = [['none'], ['slash'], ['file-type'], ['classify']] as const;

/** What these options ask for; a number is the status after a complaint. */
export function* lsWords(cli: Cli, options: Options): Program<LsWords | number> {
  const words: { -readonly [key in keyof LsWords]: LsWords[key] } = {};
  const sort = options.get('--sort');
  if (sort !== undefined && (yield* argmatch(cli, '--sort', sort, SORTS)) === undefined) return 1;
  const time = options.get('--time');
  if (time !== undefined) {
    const known = yield* argmatch(cli, '--time', time, TIMES);
    if (known === undefined) return 1;
    if (known === 'birth') return yield* cli.error('--time=birth is not simulated here', 2);
    words.time = known === 'ctime' ? 'c' : 'u';
  }
  const format = options.get('--format');
  if (format !== undefined) {
    const known = yield* argmatch(cli, '--format', format, FORMATS);
    if (known === undefined) return 1;
    words.format = FORMAT_LETTER[known] as string;
  }
  const quoting = options.get('--quoting');
  if (quoting !== undefined) {
    const known = yield* argmatch(cli, '--quoting-style', quoting, STYLES);
    if (known === undefined) return 1;
    const letter = STYLE_LETTER[known];
    if (letter === undefined) return yield* cli.error(`--quoting-style=${known} is not simulated here`, 2);
    words.quoting = letter;
  }
  const indicator = options.get('--indicator');
  if (indicator !== undefined) {
    const known = yield* argmatch(cli, '--indicator-style', indicator, INDICATORS);
    if (known === undefined) return 1;
    words.indicator = known === 'slash' ? 'dirs' : known === 'file-type' ? 'types' : known === 'classify' ? 'all' : undefined;
  }
  const block = options.get('--block-size') ?? (options.has('k') ? '1024' : undefined);
  if (block !== undefined) {
    const size = parseSize(/^\d/.test(block) ? block : `1${block}`);
    if (!size) return yield* cli.error(`invalid --block-size argument '${block}'`, 2);
    words.block = options.has('--block-size') ? size : 0;
  }
  return words;
}
