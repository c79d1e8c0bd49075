// Making commands: every command of a group is a function of a Cli that knows the group's usage texts.

import type { Program } from '#kernel/uapi/index.ts';
import { Cli } from './cli.ts';
import type { Command } from './command.ts';

/** A maker of commands for one group of usage texts. */
export const commandsWith =
  (usages: Readonly<Record<string, string>>) =>
  (run: (cli: Cli) => Program<number>): Command =>
  (context) =>
    run(new Cli(context, usages));
