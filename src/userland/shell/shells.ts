// The shells of images, and bash with the small programs that are also builtins.

import type { Command, CommandTable } from '../lib/command.ts';
import { ash } from './dialects/ash.ts';
import { dash } from './dialects/dash.ts';
import { bashCommands } from './index.ts';
import { shellProgram } from './main.ts';

const sh: Command = ({ argv, env, flavour, helpers }) => shellProgram(flavour === 'busybox' ? ash : dash, argv, env, helpers);

/** Every command of this package. `sh` is ash in busybox and dash in Debian. */
export const shellCommands: CommandTable = {
  sh: { run: sh, in: ['busybox', 'gnu'] },
  ash: { run: ({ argv, env, helpers }) => shellProgram(ash, argv, env, helpers), in: ['busybox'] },
  dash: { run: ({ argv, env, helpers }) => shellProgram(dash, argv, env, helpers), in: ['gnu'] },
  ...bashCommands,
};
