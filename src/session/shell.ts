// The workstation's shells: one that stays for all lines of a headless session, and those of terminals.

import type { Program } from '#kernel/uapi/index.ts';
import { bash, bashCommands, TypedShell } from '#userland/shell/index.ts';
import { WORKSTATION } from './workstation.ts';

export interface SessionShell {
  /** The program that runs one line. */
  run(line: string): Program<number>;
}

/** A bash whose variables and functions stay from line to line; the directory is kept by the playground. */
export function createShell(): SessionShell {
  const shell = new TypedShell(bash);
  return { run: (line) => shell.run(line, WORKSTATION.env) };
}

/** The interactive shell of a terminal. */
export function* createShellProgram(): Program<number> {
  const run = bashCommands.bash?.run;
  if (run === undefined) throw new Error('there is no bash');
  return yield* run({ argv: ['bash'], env: WORKSTATION.env, flavour: 'gnu', name: 'bash' });
}
