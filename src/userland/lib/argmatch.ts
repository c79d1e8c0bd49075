// Words that an option takes as its argument.

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from './cli.ts';
import { errOut } from './io.ts';

/**
 * The first word of the group that the argument names, which may be shortened; undefined after the complaint.
 * Counterpart: argmatch of gnulib
 */
export function* argmatch(
  cli: Cli,
  option: string,
  value: string,
  groups: readonly (readonly string[])[],
  status = 1,
): Program<string | undefined> {
  const exact = groups.find((words) => words.includes(value));
  const near = exact ? [exact] : groups.filter((words) => words.some((word) => word.startsWith(value)));
  if (near.length === 1) return near[0]?.[0];
  yield* cli.error(`${near.length === 0 ? 'invalid' : 'ambiguous'} argument '${value}' for '${option}'`, status);
  yield* errOut(`Valid arguments are:\n${groups.map((words) => `  - ${words.map((word) => `'${word}'`).join(', ')}\n`).join('')}`);
  yield* cli.usage(status);
  return undefined;
}
