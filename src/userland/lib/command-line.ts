// Making commands: every command is a function of a Cli.

import type { Program } from '#kernel/uapi/index.ts';
import { Cli } from './cli.ts';
import type { Command } from './command.ts';

/** A command made from what it does with its command line. */
export const command =
  (run: (cli: Cli) => Program<number>): Command =>
  (context) =>
    run(new Cli(context));
