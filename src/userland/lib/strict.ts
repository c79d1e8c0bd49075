// Debian programs that read their words themselves here, but complain first as getopt_long(3) does.

import { getopt } from './cli.ts';
import type { Command, HelpTexts } from './command.ts';
import { knownOptions } from './help-options.ts';
import { errOut } from './io.ts';

/** The options a help text names, as getopt takes them. */
export function optionsOf(help: HelpTexts | undefined): { readonly short: string; readonly long: Readonly<Record<string, string>> } {
  const { letters, long } = knownOptions(help?.help?.text ?? '');
  const marks = new Map(Object.entries(long).map(([name, letter]) => [letter, name.endsWith('=?') ? '::' : name.endsWith('=') ? ':' : '']));
  return { short: [...letters].map((letter) => letter + (marks.get(letter) ?? '')).join(''), long };
}

/**
 * A command that does not begin when its Debian original has no such option: that is what it says, with its hint.
 * `stop`: the first operand ends the options.
 * Counterpart: getopt_long(3)
 */
export const strict = (run: Command, stop = false): Command =>
  function* (context) {
    const { argv, help } = context;
    if (context.flavour === 'busybox' || help?.help === undefined) return yield* run(context);
    const { short, long } = optionsOf(help);
    const found = getopt(argv.slice(1), stop ? `+${short}` : short, long);
    if (typeof found !== 'string') return yield* run(context);
    yield* errOut(`${argv[0]}: ${found}\n${help.hint?.text ?? `Try '${argv[0]} --help' for more information.\n`}`);
    return help.hint?.status ?? 1;
  };
