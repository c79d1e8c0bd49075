// The workstation's shell for headless sessions.

import type { Program } from '#kernel/uapi/index.ts';
import { shellCommands } from '#userland/shell/index.ts';
import { WORKSTATION } from './workstation.ts';

export interface SessionShell {
  /** The program that runs one line. */
  run(line: string): Program<number>;
}

/** A shell that runs each line as `bash -c LINE`; the directory is kept by the playground. */
export function createShell(): SessionShell {
  const bash = shellCommands.bash?.run;
  if (bash === undefined) throw new Error('there is no bash');
  return { run: (line) => bash({ argv: ['bash', '-c', line], env: WORKSTATION.env, flavour: 'gnu', name: 'bash' }) };
}

/** The interactive shell of a terminal. */
export function* createShellProgram(): Program<number> {
  const bash = shellCommands.bash?.run;
  if (bash === undefined) throw new Error('there is no bash');
  return yield* bash({ argv: ['bash'], env: WORKSTATION.env, flavour: 'gnu', name: 'bash' });
}
