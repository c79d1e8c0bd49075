// The commands of this folder by name, and which userlands have them.

import type { Command, CommandTable, Flavour } from '../lib/command.ts';
import { awk } from './awk.ts';
import { find } from './find.ts';
import { grep } from './grep.ts';
import { sed } from './sed.ts';
import { xargs } from './xargs.ts';

const BOTH: readonly Flavour[] = ['busybox', 'gnu'];
const commands: Readonly<Record<string, Command>> = { awk, egrep: grep, fgrep: grep, find, grep, sed, xargs };

/** Searching and text processing of both userlands. */
export const textCommands: CommandTable = Object.fromEntries(Object.entries(commands).map(([name, run]) => [name, { run, in: BOTH }]));
