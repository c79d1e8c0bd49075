// The shells and the small programs that are also their builtins.

import type { Command, CommandTable } from '../lib/command.ts';
import { echo, falseCommand, killCommand, printfCommand, pwd, test, trueCommand } from './commands.ts';
import { shellProgram } from './main.ts';

export { type Completion, complete } from './complete.ts';
export { TypedShell } from './main.ts';

const sh: Command = ({ argv, env, flavour, helpers }) => shellProgram(flavour === 'busybox' ? 'ash' : 'dash', argv, env, helpers);
const BOTH = ['busybox', 'gnu'] as const;

/** Every command of this package. `sh` is ash in busybox and dash in Debian. */
export const shellCommands: CommandTable = {
  sh: { run: sh, in: BOTH },
  ash: { run: ({ argv, env, helpers }) => shellProgram('ash', argv, env, helpers), in: ['busybox'] },
  dash: { run: ({ argv, env, helpers }) => shellProgram('dash', argv, env, helpers), in: ['gnu'] },
  bash: { run: ({ argv, env, helpers }) => shellProgram('bash', argv, env, helpers), in: ['gnu'] },
  echo: { run: echo, in: BOTH },
  printf: { run: printfCommand, in: BOTH },
  test: { run: test, in: BOTH },
  '[': { run: test, in: BOTH },
  kill: { run: killCommand, in: BOTH },
  true: { run: trueCommand, in: BOTH },
  false: { run: falseCommand, in: BOTH },
  pwd: { run: pwd, in: BOTH },
};
