// bash, the workstation's shell, and the small programs that are also builtins. The shells of images: shells.ts

import type { CommandTable } from '../lib/command.ts';
import { echo, falseCommand, killCommand, printfCommand, test, trueCommand } from './commands.ts';
import { bash } from './dialects/bash.ts';
import { shellProgram } from './main.ts';

export { type Completion, complete } from './complete.ts';
export { bash } from './dialects/bash.ts';
export { TypedShell } from './main.ts';

const BOTH = ['busybox', 'gnu'] as const;

/** bash, and the commands that are also builtins. */
export const bashCommands: CommandTable = {
  bash: { run: ({ argv, env, helpers }) => shellProgram(bash, argv, env, helpers), in: ['gnu'] },
  echo: { run: echo, in: BOTH },
  printf: { run: printfCommand, in: BOTH },
  test: { run: test, in: BOTH },
  '[': { run: test, in: BOTH },
  kill: { run: killCommand, in: BOTH },
  true: { run: trueCommand, in: BOTH },
  false: { run: falseCommand, in: BOTH },
};
